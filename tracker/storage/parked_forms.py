"""Forms that wait for their writer to sign in again."""

from datetime import datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from tracker.access import PersonStatus
from tracker.storage.admitting import Person, SignIn
from tracker.storage.base import Session
from tracker.storage.recording import ParkedForm


def whose(session: Session, key_hash: str) -> int | None:
    """The person whose session that was, however long ago. None: it was ended on purpose, or they may not come in."""
    query = (
        select(SignIn.person_id)
        .join(Person, Person.id == SignIn.person_id)
        .where(SignIn.key_hash == key_hash, SignIn.ended_at.is_(None), Person.status == PersonStatus.ACTIVE)
    )
    return session.scalar(query)


def keep(session: Session, person_id: int, address: str, sealed: str, *, now: datetime) -> None:
    """The newest of one page: it holds all that the page showed."""
    kind = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    newest = {"sealed": sealed, "parked_at": now}
    new = kind.insert(ParkedForm).values(person_id=person_id, address=address, **newest)
    # two windows may be left at the same moment
    session.execute(new.on_conflict_do_update(index_elements=["person_id", "address"], set_=newest))


def kept(session: Session, person_id: int, address: str) -> str | None:
    row = session.scalar(_of(person_id, address))
    return row.sealed if row else None


def remove(session: Session, person_id: int, address: str) -> None:
    session.execute(delete(ParkedForm).where(ParkedForm.person_id == person_id, ParkedForm.address == address))


def _of(person_id: int, address: str) -> Select[ParkedForm]:
    return select(ParkedForm).where(ParkedForm.person_id == person_id, ParkedForm.address == address)
