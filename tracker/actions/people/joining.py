"""How somebody becomes a person of this installation: as its first administrator, invited, or by a script."""

from datetime import datetime, timedelta

from tracker.access import PersonStatus
from tracker.actions import audit, links
from tracker.actions.letters import Writer, post
from tracker.actions.passwords import PasswordHash
from tracker.actions.people.access import recorded, set_access
from tracker.person import ALL_ACCESS, Access, tidy_address, tidy_name
from tracker.refusal import N_, OutOfTurn, Refusal
from tracker.storage import people
from tracker.storage.admitting import LinkPurpose, Person
from tracker.storage.base import Session

INVITATION_LIFETIME = timedelta(days=7)


class AddressTaken(Refusal):
    def __init__(self, email: str) -> None:
        super().__init__(N_("Somebody with the address %(email)s is here already."), email=email)


class NotInvited(OutOfTurn):
    def __init__(self) -> None:
        super().__init__(N_("Only somebody who has not yet accepted an invitation can be sent it again."))


def add_first_administrator(
    session: Session, token: str, *, email: str, name: str, password_hash: PasswordHash, now: datetime
) -> Person:
    """Whoever holds the link that the terminal showed. It works only while nobody administers this installation."""
    people.queue_up(session)
    links.use(session, LinkPurpose.FIRST_ADMINISTRATOR, token, now=now)
    if people.active_administrators(session):
        raise links.LinkRefused
    person = _new_person(session, email, name, ALL_ACCESS, password_hash, now)
    audit.record(
        session, "first administrator added", f"person {person.id}", by=person.id, now=now, after=recorded(person)
    )
    return person


def invite(
    session: Session, *, email: str, name: str, access: Access, write: Writer, by: int | None, now: datetime
) -> Person:
    """The invitation is a mail with a link that works for a week."""
    person = _new_person(session, email, name, access, None, now)
    audit.record(session, "person invited", f"person {person.id}", by=by, now=now, after=recorded(person))
    _send_invitation(session, person, write, now)
    return person


def invite_again(session: Session, person_id: int, *, write: Writer, by: int | None, now: datetime) -> None:
    """The link of the earlier invitation stops working."""
    people.queue_up(session)
    person = people.locked(session, person_id)
    if person is None or person.status is not PersonStatus.INVITED:
        raise NotInvited
    audit.record(session, "invitation sent again", f"person {person.id}", by=by, now=now)
    _send_invitation(session, person, write, now)


def accept_invitation(session: Session, token: str, *, name: str, password_hash: PasswordHash, now: datetime) -> Person:
    people.queue_up(session)
    link = links.use(session, LinkPurpose.INVITATION, token, now=now)
    person = people.locked(session, link.person_id) if link.person_id else None
    if person is None or person.status is not PersonStatus.INVITED:
        raise links.LinkRefused
    before = recorded(person)
    person.name = tidy_name(name)
    person.password_hash = password_hash
    person.status = PersonStatus.ACTIVE
    session.flush()
    subject, after = f"person {person.id}", recorded(person)
    audit.record(session, "invitation accepted", subject, by=person.id, now=now, before=before, after=after)
    return person


def add_person(
    session: Session,
    *,
    email: str,
    name: str,
    access: Access,
    password_hash: PasswordHash,
    by: int | None,
    now: datetime,
) -> Person:
    """For scripts: active at once, with a password that was chosen elsewhere."""
    person = _new_person(session, email, name, access, password_hash, now)
    audit.record(session, "person added", f"person {person.id}", by=by, now=now, after=recorded(person))
    return person


def _new_person(
    session: Session, email: str, name: str, access: Access, password_hash: PasswordHash | None, now: datetime
) -> Person:
    people.queue_up(session)
    address = tidy_address(email)
    if people.by_email(session, address):
        raise AddressTaken(address)
    person = Person(
        email=address,
        name=tidy_name(name),
        status=PersonStatus.ACTIVE if password_hash else PersonStatus.INVITED,
        password_hash=password_hash,
        sees_all=access.sees_all,
        clearance=access.clearance,
        language="en",
        time_zone="UTC",
        created_at=now,
    )
    set_access(session, person, access)
    session.add(person)
    session.flush()
    return person


def _send_invitation(session: Session, person: Person, write: Writer, now: datetime) -> None:
    purpose = LinkPurpose.INVITATION
    token = links.make(session, purpose, person_id=person.id, lifetime=INVITATION_LIFETIME, now=now)
    post(session, person.email, write(token), now=now, useless_after=now + INVITATION_LIFETIME)
