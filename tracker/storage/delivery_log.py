"""What became of digests and urgent notices, as pages list it: never with what they tell."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select, true

from tracker.digest import TOLD, DeliveryAct, DeliveryKind, DeliveryState
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.storage.mailing import Delivery, DeliveryEvent, Subscription
from tracker.storage.running import OutgoingMail


@dataclass(frozen=True)
class Search:
    """What is None or empty narrows nothing."""

    # Whose; None: everybody's.
    people: Collection[int] | None = None
    states: Collection[DeliveryState] = field(default=())
    subscription_id: int | None = None
    kind: DeliveryKind | None = None


class Line(NamedTuple):
    id: int
    kind: DeliveryKind
    person_id: int
    person: str
    # None: an urgent notice.
    subscription_id: int | None
    subscription: str | None
    period_key: str
    due_at: datetime
    state: DeliveryState
    # Of what it tells. None: it was not made.
    handling: int | None
    # Which it is about. None: whatever there was.
    countries: list[str] | None
    # What a reader sees of it in their mailbox: for its own reader alone. None: it was not made.
    subject: str | None
    # None: it is on its way.
    settled_at: datetime | None
    last_error: str | None
    # Of sending; None: it is not queued, or its mail is forgotten.
    attempts: int | None
    next_attempt_at: datetime | None
    # Since when the relay may have it. None: it has certainly not left, or that is settled.
    transmitting_at: datetime | None


class Event(NamedTuple):
    act: DeliveryAct
    at: datetime
    # Empty: the worker.
    by: str
    words: str


def found(session: Session, search: Search, *, limit: int, offset: int = 0) -> list[Line]:
    """The newest first."""
    query = _lines().where(*_wanted(search)).order_by(Delivery.due_at.desc(), Delivery.id.desc())
    return [Line(*row) for row in session.execute(query.limit(limit).offset(offset))]


def how_many(session: Session, search: Search) -> int:
    return session.scalar(select(func.count()).select_from(Delivery).where(*_wanted(search))) or 0


def one(session: Session, delivery_id: int) -> Line | None:
    row = session.execute(_lines().where(Delivery.id == delivery_id)).first()
    return None if row is None else Line(*row)


def events(session: Session, delivery_id: int) -> list[Event]:
    """The oldest first."""
    query = (
        select(DeliveryEvent.act, DeliveryEvent.at, func.coalesce(Person.name, ""), DeliveryEvent.words)
        .outerjoin(Person, Person.id == DeliveryEvent.by_id)
        .where(DeliveryEvent.delivery_id == delivery_id)
        .order_by(DeliveryEvent.id)
    )
    return [Event(*row) for row in session.execute(query)]


def last_sent(session: Session, subscription_ids: Collection[int]) -> dict[int, datetime]:
    """By subscription, of those of which one was sent."""
    query = (
        select(Delivery.subscription_id, func.max(Delivery.settled_at).label("at"))
        .where(Delivery.subscription_id.in_(subscription_ids), Delivery.state == DeliveryState.SENT)
        .group_by(Delivery.subscription_id)
    )
    return {row.subscription_id: row.at for row in session.execute(query) if row.at is not None}


def stood_when_told_last(session: Session, subscription_id: int) -> Mapping[str, Any] | None:
    """None: nothing was told yet."""
    query = select(Delivery.stood).where(
        Delivery.subscription_id == subscription_id, Delivery.state.in_(TOLD), Delivery.stood.is_not(None)
    )
    return session.scalar(query.order_by(Delivery.told_until.desc(), Delivery.id.desc()).limit(1))


def _lines() -> Select[*tuple[Any, ...]]:
    return (
        select(
            *(Delivery.id, Delivery.kind, Delivery.person_id, Person.name, Delivery.subscription_id),
            *(Subscription.name, Delivery.period_key, Delivery.due_at, Delivery.state, Delivery.handling),
            *(Delivery.countries, Delivery.subject, Delivery.settled_at, Delivery.last_error),
            *(OutgoingMail.attempts, OutgoingMail.next_attempt_at, OutgoingMail.transmitting_at),
        )
        .join(Person, Person.id == Delivery.person_id)
        .outerjoin(Subscription, Subscription.id == Delivery.subscription_id)
        .outerjoin(OutgoingMail, OutgoingMail.delivery_id == Delivery.id)
    )


def _wanted(search: Search) -> list[ColumnElement[bool]]:
    return [
        Delivery.person_id.in_(search.people) if search.people is not None else true(),
        Delivery.state.in_(search.states) if search.states else true(),
        Delivery.subscription_id == search.subscription_id if search.subscription_id is not None else true(),
        Delivery.kind == search.kind if search.kind is not None else true(),
    ]
