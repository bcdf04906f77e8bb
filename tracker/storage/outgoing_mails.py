"""The mails that wait for the worker, and those that it is done with."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, or_, select

from tracker.storage.base import Session
from tracker.storage.models import OutgoingMail


def next_free(session: Session, *, now: datetime) -> OutgoingMail | None:
    """The mail that has been due for longest and that nobody holds; None: nothing is to be done now.

    It is locked until the transaction ends. Workers on PostgreSQL step over each other's rows; on SQLite a writer is
    alone already.
    """
    query = (
        select(OutgoingMail)
        .where(_is_free(now))
        .order_by(OutgoingMail.next_attempt_at, OutgoingMail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return session.scalars(query).first()


def anything_free(session: Session, *, now: datetime) -> bool:
    return session.scalar(select(OutgoingMail.id).where(_is_free(now)).limit(1)) is not None


def locked(session: Session, mail_id: int) -> OutgoingMail | None:
    return session.get(OutgoingMail, mail_id, with_for_update=True)


def how_many_waiting(session: Session) -> int:
    return _how_many(session, _is_unsettled())


def how_many_stuck(session: Session, *, queued_before: datetime) -> int:
    """Those of the waiting that should have left by now, or could not when it was tried."""
    late = or_(OutgoingMail.queued_at < queued_before, OutgoingMail.last_error.is_not(None))
    return _how_many(session, and_(_is_unsettled(), late))


def how_many_given_up(session: Session) -> int:
    return _how_many(session, OutgoingMail.given_up_at.is_not(None))


def given_up(session: Session) -> list[OutgoingMail]:
    """Those that never left, the latest first: somebody has to look at why."""
    query = (
        select(OutgoingMail)
        .where(OutgoingMail.given_up_at.is_not(None))
        .order_by(OutgoingMail.given_up_at.desc(), OutgoingMail.id.desc())
    )
    return list(session.scalars(query))


def remove_settled_before(session: Session, moment: datetime) -> int:
    """How many were removed."""
    settled_at = func.coalesce(OutgoingMail.sent_at, OutgoingMail.given_up_at)
    old = delete(OutgoingMail).where(settled_at < moment)
    return len(session.scalars(old.returning(OutgoingMail.id)).all())


def _how_many(session: Session, condition: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count(OutgoingMail.id)).where(condition)) or 0


def _is_unsettled() -> ColumnElement[bool]:
    return and_(OutgoingMail.sent_at.is_(None), OutgoingMail.given_up_at.is_(None))


def _is_free(now: datetime) -> ColumnElement[bool]:
    return and_(
        _is_unsettled(),
        OutgoingMail.next_attempt_at <= now,
        or_(OutgoingMail.leased_until.is_(None), OutgoingMail.leased_until <= now),
    )
