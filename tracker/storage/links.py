"""One-time links, found by the hash of their token."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import joinedload

from tracker.storage.admitting import LinkPurpose, OneTimeLink
from tracker.storage.base import Session


def open_link(session: Session, purpose: LinkPurpose, token_hash: str, *, now: datetime) -> OneTimeLink | None:
    """None: there is none, it is over, or it was used."""
    return session.scalar(
        select(OneTimeLink)
        .where(OneTimeLink.purpose == purpose, OneTimeLink.token_hash == token_hash, _is_open(now))
        .options(joinedload(OneTimeLink.person))
    )


def mark_used(session: Session, purpose: LinkPurpose, token_hash: str, *, now: datetime) -> OneTimeLink | None:
    """In one statement, so that of two at once only one gets it."""
    statement = (
        update(OneTimeLink)
        .where(OneTimeLink.purpose == purpose, OneTimeLink.token_hash == token_hash, _is_open(now))
        .values(used_at=now)
        .returning(OneTimeLink.id)
    )
    link_id = session.scalar(statement)
    if link_id is None:
        return None
    return session.get(OneTimeLink, link_id, populate_existing=True, options=[joinedload(OneTimeLink.person)])


def end_open(session: Session, purpose: LinkPurpose, person_id: int | None, *, now: datetime) -> None:
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.purpose == purpose, _belongs_to(person_id), _is_open(now))
        .values(expires_at=now)
    )


def end_all_of(session: Session, person_id: int, *, now: datetime) -> None:
    session.execute(update(OneTimeLink).where(_belongs_to(person_id), _is_open(now)).values(expires_at=now))


def _is_open(now: datetime) -> ColumnElement[bool]:
    return and_(OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > now)


def _belongs_to(person_id: int | None) -> ColumnElement[bool]:
    return OneTimeLink.person_id.is_(None) if person_id is None else OneTimeLink.person_id == person_id
