"""Sessions: which are open, and ending them."""

from datetime import datetime

from sqlalchemy import func, select, update

from tracker.storage.admitting import SignIn
from tracker.storage.base import Session


def open_of(session: Session, person_id: int, *, now: datetime) -> list[SignIn]:
    """The newest first."""
    query = (
        select(SignIn)
        .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.expires_at > now)
        .order_by(SignIn.started_at.desc(), SignIn.id.desc())
    )
    return list(session.scalars(query))


def by_id(session: Session, sign_in_id: int) -> SignIn | None:
    return session.get(SignIn, sign_in_id)


def last_started(session: Session) -> dict[int, datetime]:
    """By person, when they last signed in."""
    query = select(SignIn.person_id, func.max(SignIn.started_at).label("last")).group_by(SignIn.person_id)
    return {row.person_id: row.last for row in session.execute(query.order_by(SignIn.person_id))}


def last_start_of(session: Session, person_id: int) -> datetime | None:
    """None: they have never signed in."""
    return session.scalar(select(func.max(SignIn.started_at)).where(SignIn.person_id == person_id))


def end_open(session: Session, person_id: int, *, now: datetime, except_id: int | None = None) -> int:
    """How many were ended."""
    statement = update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.expires_at > now)
    if except_id is not None:
        statement = statement.where(SignIn.id != except_id)
    return len(session.scalars(statement.values(ended_at=now).returning(SignIn.id)).all())
