"""The feeds that people made for their other programs."""

from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update

from tracker.access import PersonStatus
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.storage.feeding import Feed


def of_person(session: Session, person_id: int) -> list[Feed]:
    """Those that still answer, the newest first."""
    query = select(Feed).where(Feed.person_id == person_id, Feed.revoked_at.is_(None))
    return list(session.scalars(query.order_by(Feed.made_at.desc(), Feed.id.desc())))


def how_many_of(session: Session, person_id: int) -> int:
    query = select(func.count()).where(Feed.person_id == person_id, Feed.revoked_at.is_(None))
    return session.scalar(query) or 0


def one_of(session: Session, person_id: int, feed_id: int) -> Feed | None:
    """Only their own, and nobody else's to change."""
    query = select(Feed).where(Feed.person_id == person_id, Feed.id == feed_id).with_for_update()
    return session.scalar(query)


def behind(session: Session, token_hash: str) -> tuple[Feed, Person] | None:
    """None: no such feed, or it was revoked, or its person can do nothing here at present."""
    query = (
        select(Feed, Person)
        .join(Person, Person.id == Feed.person_id)
        .where(Feed.token_hash == token_hash, Feed.revoked_at.is_(None), Person.status == PersonStatus.ACTIVE)
    )
    row = session.execute(query).first()
    return None if row is None else (row.Feed, row.Person)


def note_use(session: Session, feed_id: int, *, now: datetime, at_most_every: timedelta) -> None:
    is_long_ago = or_(Feed.last_used_at.is_(None), Feed.last_used_at <= now - at_most_every)
    session.execute(update(Feed).where(Feed.id == feed_id, is_long_ago).values(last_used_at=now))
