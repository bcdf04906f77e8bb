"""Where digests are told to programs, and the calls that wait for the worker."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from tracker.access import PersonStatus
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.storage.feeding import OutgoingCall, Webhook
from tracker.storage.mailing import Subscription
from tracker.storage.watching import CatalogueVersion


def of_subscription(session: Session, subscription_id: int) -> Webhook | None:
    """None: its digests go by mail alone."""
    return session.get(Webhook, subscription_id)


def hosts(session: Session, subscription_ids: Collection[int]) -> dict[int, str]:
    """By subscription, of those that have one."""
    query = select(Webhook.subscription_id, Webhook.host).where(Webhook.subscription_id.in_(subscription_ids))
    return {row.subscription_id: row.host for row in session.execute(query.order_by(Webhook.subscription_id))}


def remove(session: Session, subscription_id: int) -> None:
    session.execute(delete(Webhook).where(Webhook.subscription_id == subscription_id))


def is_queued(session: Session, delivery_id: int) -> bool:
    """Or was told already."""
    return session.scalar(select(OutgoingCall.id).where(OutgoingCall.delivery_id == delivery_id)) is not None


def last_calls(session: Session, subscription_id: int, *, most: int) -> list[OutgoingCall]:
    """The newest first."""
    query = select(OutgoingCall).where(OutgoingCall.subscription_id == subscription_id)
    return list(session.scalars(query.order_by(OutgoingCall.id.desc()).limit(most)))


def waits_for_a_try(session: Session, subscription_id: int) -> bool:
    query = select(OutgoingCall.id).where(
        OutgoingCall.subscription_id == subscription_id, OutgoingCall.delivery_id.is_(None), _is_unsettled()
    )
    return session.scalar(query.limit(1)) is not None


def next_free(session: Session, *, now: datetime) -> OutgoingCall | None:
    """The one that has been due for longest and that nobody holds, locked until the transaction ends; None: none is."""
    query = select(OutgoingCall).where(_is_free(now)).order_by(OutgoingCall.next_attempt_at, OutgoingCall.id).limit(1)
    return session.scalars(query.with_for_update(skip_locked=True)).first()


def waiting(session: Session) -> list[OutgoingCall]:
    """The oldest first."""
    return list(session.scalars(select(OutgoingCall).where(_is_unsettled()).order_by(OutgoingCall.id)))


def look_again(session: Session, subscription_id: int, *, now: datetime) -> None:
    """At what waits for an end that may lie elsewhere now."""
    waits = (OutgoingCall.subscription_id == subscription_id, _is_unsettled(), OutgoingCall.next_attempt_at > now)
    session.execute(update(OutgoingCall).where(*waits).values(next_attempt_at=now))


def anything_free(session: Session, *, now: datetime) -> bool:
    return session.scalar(select(OutgoingCall.id).where(_is_free(now)).limit(1)) is not None


def locked(session: Session, call_id: int) -> OutgoingCall | None:
    return session.get(OutgoingCall, call_id, with_for_update=True)


def still_may_be_told(session: Session, call: OutgoingCall) -> bool:
    """Its reader gets this digest and may see what they might when it was told."""
    newest = select(func.coalesce(func.max(CatalogueVersion.number), 0)).scalar_subquery()
    same = and_(Person.version == call.person_version, newest == call.catalogue_version)
    query = (
        select(Subscription.id)
        .join(Person, Person.id == Subscription.person_id)
        .where(Subscription.id == call.subscription_id, Subscription.ended_at.is_(None))
        .where(Person.status == PersonStatus.ACTIVE)
    )
    if call.delivery_id is not None:
        query = query.where(same)
    return session.scalar(query) is not None


def remove_settled_before(session: Session, moment: datetime) -> int:
    """How many were removed."""
    old = delete(OutgoingCall).where(func.coalesce(OutgoingCall.told_at, OutgoingCall.given_up_at) < moment)
    return len(session.scalars(old.returning(OutgoingCall.id)).all())


def _is_unsettled() -> ColumnElement[bool]:
    return and_(OutgoingCall.told_at.is_(None), OutgoingCall.given_up_at.is_(None))


def _is_free(now: datetime) -> ColumnElement[bool]:
    return and_(
        _is_unsettled(),
        OutgoingCall.next_attempt_at <= now,
        or_(OutgoingCall.leased_until.is_(None), OutgoingCall.leased_until <= now),
    )
