"""What becomes of digests and urgent notices: those to be made, those that were told, those that went wrong."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Insert,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from tracker.digest import SETTLED, TOLD, DeliveryAct, DeliveryKind, DeliveryState
from tracker.period import CLOCKS_AGREE_WITHIN
from tracker.storage import subscriptions
from tracker.storage.base import Session
from tracker.storage.mailing import Delivery, DeliveryEvent, DeliveryMessage
from tracker.storage.running import OutgoingMail
from tracker.storage.watching import CatalogueVersion

# A digest leaves within seconds of its hour.
LATE_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class Balance:
    """Is every digest that fell due accounted for?"""

    by_state: Mapping[DeliveryState, int]
    # Subscriptions of which a period fell due a while ago, and that have no delivery for it.
    unplanned: int
    # Queued without a mail that waits, or a mail that waits for what is settled: neither must ever be.
    astray: int
    # On its way for so long that somebody should look at why.
    late: int

    @property
    def due(self) -> int:
        return sum(self.by_state.values()) + self.unplanned

    @property
    def pending(self) -> int:
        return self.by_state[DeliveryState.PLANNED] + self.by_state[DeliveryState.QUEUED]

    @property
    def holds(self) -> bool:
        done = sum(self.by_state[state] for state in SETTLED)
        return self.due == done + self.pending and not self.astray


# ---- planning ------------------------------------------------------------------------------------------------------


def add(session: Session, planned: Sequence[Mapping[str, Any]]) -> None:
    """Of one that is there already, whoever planned it, nothing changes."""
    if planned:
        kind = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        session.connection().execute(kind.insert(Delivery.__table__).on_conflict_do_nothing(), list(planned))


def periods_since(session: Session, subscription_id: int, moment: datetime) -> set[str]:
    """The keys of those that have fallen due since then."""
    query = select(Delivery.period_key).where(Delivery.subscription_id == subscription_id, Delivery.due_at >= moment)
    return set(session.scalars(query))


# ---- making --------------------------------------------------------------------------------------------------------


def next_to_make(session: Session, *, now: datetime) -> Delivery | None:
    """The one that has been due for longest and that nobody holds; None: nothing is to be made now.

    Not while the one before it of the same subscription is on its way: what that one tells is then still open.
    It is locked until the transaction ends; workers on PostgreSQL step over each other's.
    """
    query = (
        select(Delivery)
        .where(_can_be_made(now))
        .order_by(Delivery.next_attempt_at, Delivery.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Delivery)
    )
    return session.scalars(query).first()


def anything_to_make(session: Session, *, now: datetime) -> bool:
    return session.scalar(select(Delivery.id).where(_can_be_made(now)).limit(1)) is not None


def locked(session: Session, delivery_id: int) -> Delivery | None:
    """As it is now, and nobody else's to change."""
    query = select(Delivery).where(Delivery.id == delivery_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def unsettled(session: Session) -> list[Delivery]:
    """The oldest first."""
    return list(session.scalars(select(Delivery).where(Delivery.state.in_(_UNSETTLED)).order_by(Delivery.id)))


def told_until(session: Session, person_id: int, subscription_id: int | None) -> datetime | None:
    """Up to when they have been told, or will be by what is on its way. None: nothing yet."""
    query = select(func.max(Delivery.told_until)).where(
        Delivery.person_id == person_id,
        Delivery.subscription_id.is_not_distinct_from(subscription_id),
        Delivery.state.in_(TOLD),
    )
    return session.scalar(query)


def stood_before(session: Session, delivery: Delivery) -> tuple[int, Mapping[str, Any]] | None:
    """How things stood when they were told last, but for this very delivery, and by which. None: they never were."""
    query = _told_with_stood(delivery).order_by(Delivery.told_until.desc(), Delivery.id.desc()).limit(1)
    if delivery.made_at is not None:
        # a later one may have been told by now
        query = query.where(Delivery.told_until <= delivery.told_since)
    row = session.execute(query).first()
    return None if row is None else (row.id, row.stood)


def is_overtaken(session: Session, delivery_id: int) -> bool:
    """A later one of the same subscription was told: what this one compared with is kept no longer."""
    later = aliased(Delivery)
    query = select(later.id).join(Delivery, Delivery.subscription_id == later.subscription_id)
    newer = later.state.in_(TOLD), later.stood.is_not(None), later.told_until > Delivery.told_until
    return session.scalar(query.where(Delivery.id == delivery_id, *newer).limit(1)) is not None


def forget_stood(session: Session, delivery: Delivery, *, but: int) -> None:
    """Of all that were told before `but`, with which the next one compares."""
    old = _told_with_stood(delivery).with_only_columns(Delivery.id).where(Delivery.id != but)
    session.execute(update(Delivery).where(Delivery.id.in_(old)).values(stood=None))


def keep_message(session: Session, delivery_id: int, message: bytes) -> None:
    """In the place of what was made before, if anything was."""
    kept = session.get(DeliveryMessage, delivery_id)
    if kept is None:
        session.add(DeliveryMessage(delivery_id=delivery_id, message=message))
    else:
        kept.message = message


def forget_message(session: Session, delivery_id: int) -> None:
    session.execute(delete(DeliveryMessage).where(DeliveryMessage.delivery_id == delivery_id))


def told_ahead(session: Session, *, now: datetime) -> bool:
    return session.scalar(select(Delivery.id).where(_is_told_ahead(now)).limit(1)) is not None


def put_right(session: Session, *, now: datetime) -> None:
    """What was told up to a moment to come was told by a clock that has been put right since: up to now, then."""
    session.execute(update(Delivery).where(_is_told_ahead(now)).values(told_until=now))


def catalogue_version(session: Session) -> int:
    """0: there is none."""
    return session.scalar(select(func.max(CatalogueVersion.number))) or 0


def mark_sent(session: Session, delivery_ids: Collection[int], *, now: datetime) -> None:
    _settle(session, delivery_ids, DeliveryState.SENT, None, now)


def mark_dead(session: Session, delivery_id: int, words: str, *, now: datetime) -> None:
    _settle(session, [delivery_id], DeliveryState.DEAD, words, now)


def write_down(
    session: Session, delivery_id: int, act: DeliveryAct, *, at: datetime, by: int | None = None, words: str = ""
) -> None:
    """One line of its log."""
    line = {"delivery_id": delivery_id, "act": act, "at": at, "by_id": by, "words": words}
    session.execute(insert(DeliveryEvent), [line])


def write_down_all(session: Session, act: DeliveryAct, words: Mapping[int, str], *, at: datetime) -> None:
    """One line in the log of each, with its words."""
    if words:
        lines = [
            {"delivery_id": which, "act": act, "at": at, "by_id": None, "words": told} for which, told in words.items()
        ]
        session.connection().execute(_one_more_line(), lines)


# ---- urgent notices ------------------------------------------------------------------------------------------------


def urgent_on_its_way(session: Session, person_id: int) -> bool:
    query = select(Delivery.id).where(Delivery.person_id == person_id, Delivery.kind == DeliveryKind.URGENT)
    return session.scalar(query.where(Delivery.state.in_(_UNSETTLED)).limit(1)) is not None


def last_urgent_at(session: Session, person_id: int) -> datetime | None:
    """When one left, or was given up: that may have left, and whatever was wrong with it is wrong for an hour."""
    query = select(func.max(Delivery.settled_at)).where(
        Delivery.person_id == person_id,
        Delivery.kind == DeliveryKind.URGENT,
        Delivery.state.in_((DeliveryState.SENT, DeliveryState.DEAD)),
    )
    return session.scalar(query)


# ---- what pages show -----------------------------------------------------------------------------------------------


def message(session: Session, delivery_id: int) -> bytes | None:
    """The mail as it was sent. None: it was not made."""
    return session.scalar(select(DeliveryMessage.message).where(DeliveryMessage.delivery_id == delivery_id))


def balance(session: Session, *, now: datetime) -> Balance:
    should_be_done = now - LATE_AFTER
    found = session.execute(select(Delivery.state, func.count()).group_by(Delivery.state))
    waits = and_(OutgoingMail.sent_at.is_(None), OutgoingMail.given_up_at.is_(None))
    carried = exists().where(OutgoingMail.delivery_id == Delivery.id, waits)
    uncarried = select(func.count()).where(Delivery.state == DeliveryState.QUEUED, ~carried)
    needless = (
        select(func.count())
        .join_from(OutgoingMail, Delivery, Delivery.id == OutgoingMail.delivery_id)
        .where(waits, Delivery.state != DeliveryState.QUEUED)
    )
    late = select(func.count()).where(Delivery.state.in_(_UNSETTLED), Delivery.due_at < should_be_done)
    wrong = session.execute(select(*(one.scalar_subquery() for one in (uncarried, needless, late)))).one()
    return Balance(
        by_state=dict.fromkeys(DeliveryState, 0) | {row.state: row[1] for row in found},
        unplanned=subscriptions.how_many_unplanned(session, should_be_done),
        astray=wrong[0] + wrong[1],
        late=wrong[2],
    )


_UNSETTLED = (DeliveryState.PLANNED, DeliveryState.QUEUED)


def _settle(
    session: Session, delivery_ids: Collection[int], state: DeliveryState, words: str | None, now: datetime
) -> None:
    if delivery_ids:
        ended: dict[str, Any] = {"ids": list(delivery_ids), "ended": state, "words": words, "now": now}
        session.connection().execute(_end_these(), ended)


@cache
def _end_these() -> Update:
    table = cast("Table", Delivery.__table__)
    ended: dict[str, Any] = {
        "state": bindparam("ended"),
        "settled_at": bindparam("now"),
        "last_error": bindparam("words"),
    }
    return update(table).where(table.c.id.in_(bindparam("ids", expanding=True))).values(ended)


@cache
def _one_more_line() -> Insert:
    return insert(cast("Table", DeliveryEvent.__table__))


def _told_with_stood(delivery: Delivery) -> Select[int, dict[str, Any] | None]:
    """The others of the same subscription or, if urgent, the same person."""
    return select(Delivery.id, Delivery.stood).where(
        Delivery.person_id == delivery.person_id,
        Delivery.subscription_id.is_not_distinct_from(delivery.subscription_id),
        Delivery.state.in_(TOLD),
        Delivery.stood.is_not(None),
        Delivery.id != delivery.id,
    )


def _is_told_ahead(now: datetime) -> ColumnElement[bool]:
    return Delivery.told_until > now + CLOCKS_AGREE_WITHIN


def _can_be_made(now: datetime) -> ColumnElement[bool]:
    other = aliased(Delivery)
    before_it = exists().where(
        other.person_id == Delivery.person_id,
        other.subscription_id.is_not_distinct_from(Delivery.subscription_id),
        other.state == DeliveryState.QUEUED,
    )
    return and_(
        Delivery.state == DeliveryState.PLANNED,
        Delivery.next_attempt_at <= now,
        or_(Delivery.leased_until.is_(None), Delivery.leased_until <= now),
        ~before_it,
    )
