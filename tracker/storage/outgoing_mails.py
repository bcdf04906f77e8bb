"""The mails that wait for the worker, and those that it is done with."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from tracker.storage.base import Session
from tracker.storage.mailing import Delivery
from tracker.storage.models import CatalogueVersion, OutgoingMail, Person


@dataclass(frozen=True)
class Frozen:
    """The mail of a delivery, and whether its reader still may see what they might when it was made."""

    message: bytes
    made_at: datetime
    same_rights: bool


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


def how_many_free(session: Session, *, now: datetime, most: int) -> int:
    """No more than `most` are counted."""
    return len(session.scalars(select(OutgoingMail.id).where(_is_free(now)).limit(most)).all())


def locked(session: Session, mail_id: int) -> OutgoingMail | None:
    return session.get(OutgoingMail, mail_id, with_for_update=True)


def frozen(session: Session, delivery_id: int) -> Frozen:
    newest = select(func.coalesce(func.max(CatalogueVersion.number), 0)).scalar_subquery()
    same = and_(Delivery.person_version == Person.version, Delivery.catalogue_version == newest)
    query = (
        select(Delivery.message, Delivery.made_at, same)
        .join(Person, Person.id == Delivery.person_id)
        .where(Delivery.id == delivery_id)
    )
    message, made_at, is_same = session.execute(query).one()
    assert message is not None, "a constraint keeps the mail of every delivery that is queued"
    assert made_at is not None, "a constraint keeps the two together"
    return Frozen(message, made_at, bool(is_same))


def mark_transmitting(session: Session, mail_id: int, owner: str, now: datetime) -> bool:
    """False: whoever asks does not hold it any more."""
    statement = (
        update(OutgoingMail)
        .where(OutgoingMail.id == mail_id, OutgoingMail.owner == owner, OutgoingMail.leased_until > now)
        .values(transmitting_at=now)
        .returning(OutgoingMail.id)
    )
    return session.execute(statement, execution_options={"synchronize_session": False}).first() is not None


def mark_sent(session: Session, mail_id: int, now: datetime) -> bool:
    """False: that is known already, or somebody took it back."""
    ends = {"given_up_at": None, "body": None, "owner": None, "leased_until": None, "last_error": None}
    statement = (
        update(OutgoingMail)
        .where(OutgoingMail.id == mail_id, OutgoingMail.sent_at.is_(None))
        .values(sent_at=now, **ends)
        .returning(OutgoingMail.id)
    )
    return session.execute(statement, execution_options={"synchronize_session": False}).first() is not None


def remove_carrying(session: Session, delivery_id: int) -> None:
    session.execute(delete(OutgoingMail).where(OutgoingMail.delivery_id == delivery_id))


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
