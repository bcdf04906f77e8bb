"""People: who they are, and changing them one at a time."""

from collections.abc import Collection

from sqlalchemy import func, select, text, update
from sqlalchemy.orm.attributes import flag_modified

from tracker.access import PersonStatus, Role
from tracker.storage.admitting import Person, PersonRole
from tracker.storage.base import Session
from tracker.storage.watching import Country, Group

# Any number that no other lock of this database has.
PEOPLE_LOCK = 138_140


def by_id(session: Session, person_id: int) -> Person | None:
    return session.get(Person, person_id)


def by_email(session: Session, email: str) -> Person | None:
    """The address must have been tidied."""
    return session.scalar(select(Person).where(Person.email == email))


def locked(session: Session, person_id: int) -> Person | None:
    """As it is now; whoever else wants to change it waits until this transaction ends."""
    query = select(Person).where(Person.id == person_id).with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def everybody(session: Session) -> list[Person]:
    return list(session.scalars(select(Person).order_by(Person.name, Person.id)))


def names(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    query = select(Person.id, Person.name).where(Person.id.in_(person_ids)).order_by(Person.id)
    return {row.id: row.name for row in session.execute(query)}


def names_and_addresses(session: Session) -> dict[int, tuple[str, str]]:
    """Of everybody: people are few, and what fits is looked for where accents can be set aside."""
    query = select(Person.id, Person.name, Person.email).order_by(Person.id)
    return {row.id: (row.name, row.email) for row in session.execute(query)}


def active_administrators(session: Session) -> list[Person]:
    query = (
        select(Person)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(PersonRole.role == Role.ADMINISTRATOR, Person.status == PersonStatus.ACTIVE)
        .order_by(Person.id)
    )
    return list(session.scalars(query))


def is_active(session: Session, person_id: int) -> bool:
    return session.scalar(select(Person.status).where(Person.id == person_id)) is PersonStatus.ACTIVE


def how_many_active_in_all(session: Session) -> int:
    query = select(func.count()).select_from(Person).where(Person.status == PersonStatus.ACTIVE)
    return session.scalar(query) or 0


def how_many_active(session: Session, role: Role) -> int:
    query = (
        select(func.count())
        .select_from(PersonRole)
        .join(Person, Person.id == PersonRole.person_id)
        .where(PersonRole.role == role, Person.status == PersonStatus.ACTIVE)
    )
    return session.scalar(query) or 0


def queue_up(session: Session) -> None:
    """Until this transaction ends nobody else adds or changes people. On SQLite a writer is alone already.

    So two administrators cannot remove each other at once, one address cannot be given twice, and no two transactions
    wait for each other: whoever is about to change a person or a person's links does this first.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": PEOPLE_LOCK})


def unknown_places(session: Session, countries: frozenset[str], groups: frozenset[str]) -> frozenset[str]:
    """Those of the given codes and keys that name nothing."""
    known = set(session.scalars(select(Country.iso3).where(Country.iso3.in_(countries))))
    known.update(session.scalars(select(Group.key).where(Group.key.in_(groups))))
    return (countries | groups) - known


def mark_changed(person: Person) -> None:
    """Roles and scope stand in rows of their own: the person's version must grow with them."""
    flag_modified(person, "clearance")


def use_totp_step(session: Session, person_id: int, step: int) -> bool:
    """False: a code of this step or a later one was used already."""
    statement = (
        update(Person)
        .where(Person.id == person_id, (Person.totp_last_step.is_(None)) | (Person.totp_last_step < step))
        .values(totp_last_step=step)
        .returning(Person.id)
    )
    return session.scalar(statement) is not None


def replace_password_hash(session: Session, person_id: int, *, old: str, new: str) -> None:
    """The same password, hashed anew; not if it was changed meanwhile. No version grows: nobody edited anything."""
    session.execute(update(Person).where(Person.id == person_id, Person.password_hash == old).values(password_hash=new))
