"""Who wants which digest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, or_, select, update

from tracker.access import PersonStatus
from tracker.period import CLOCKS_AGREE_WITHIN, Timetable
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.storage.mailing import Subscription, UrgentWish


@dataclass(frozen=True)
class Due:
    """What has to be known to plan a subscription."""

    id: int
    person_id: int
    timetable: Timetable
    created_at: datetime
    planned_until: datetime
    paused_until: date | None


@dataclass(frozen=True)
class Held:
    """A subscription and whose it is, for those who look after people."""

    subscription: Subscription
    person_name: str


def timetable_of(subscription: Subscription) -> Timetable:
    return _timetable(subscription)


def by_id(session: Session, subscription_id: int) -> Subscription | None:
    return session.get(Subscription, subscription_id)


def locked(session: Session, subscription_id: int) -> Subscription | None:
    """As it is now, and nobody else's to change."""
    query = select(Subscription).where(Subscription.id == subscription_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def of_person(session: Session, person_id: int) -> list[Subscription]:
    """Those that still come, in the order of their names."""
    query = select(Subscription).where(Subscription.person_id == person_id, Subscription.ended_at.is_(None))
    return list(session.scalars(query.order_by(Subscription.name, Subscription.id)))


def everybodys(session: Session) -> list[Held]:
    """Those that still come, person by person."""
    query = (
        select(Subscription, Person.name)
        .join(Person, Person.id == Subscription.person_id)
        .where(Subscription.ended_at.is_(None))
        .order_by(Person.name, Person.id, Subscription.name, Subscription.id)
    )
    return [Held(subscription, name) for subscription, name in session.execute(query)]


def how_many_of(session: Session, person_id: int) -> int:
    query = select(func.count()).where(Subscription.person_id == person_id, Subscription.ended_at.is_(None))
    return session.scalar(query) or 0


def urgent_wish(session: Session, person_id: int) -> UrgentWish | None:
    """None: they can wait for their digests."""
    return session.get(UrgentWish, person_id)


def locked_urgent_wish(session: Session, person_id: int) -> UrgentWish | None:
    return session.get(UrgentWish, person_id, with_for_update=True)


def begin_urgent_anew(session: Session, *, now: datetime) -> None:
    """Whatever happened before is told nobody at once any more."""
    session.execute(update(UrgentWish).values(since=now))


# ---- planning ------------------------------------------------------------------------------------------------------


def anything_due(session: Session, *, now: datetime) -> bool:
    return session.execute(_due(now).limit(1)).first() is not None


def how_many_unplanned(session: Session, since: datetime) -> int:
    """Of how many a period fell due before that and has no delivery."""
    query = select(func.count()).select_from(Subscription).join(Person, Person.id == Subscription.person_id)
    overdue = and_(Subscription.next_due_at <= since, Person.status == PersonStatus.ACTIVE)
    return session.scalar(query.where(overdue)) or 0


def due(session: Session, *, now: datetime, most: int) -> list[Due]:
    """Those of which a period has fallen due, held until this transaction ends. Who cannot sign in waits.

    Two who plan at once on PostgreSQL step over each other's; what one of them leaves out the other has.
    """
    query = _due(now).order_by(Subscription.id).limit(most).with_for_update(of=Subscription, skip_locked=True)
    return [
        Due(row.id, row.person_id, _timetable(row), row.created_at, row.planned_until, row.paused_until)
        for row in session.execute(query)
    ]


def note_planned(session: Session, until: datetime, next_due: Sequence[tuple[int, datetime]]) -> None:
    """`next_due` by the number of the subscription. Nobody edited them: no version grows."""
    if not next_due:
        return
    table = Subscription.__table__
    statement = (
        update(table)  # type: ignore[arg-type]
        .where(table.c.id == bindparam("subscription"))
        .values(planned_until=until, next_due_at=bindparam("next"))
    )
    session.connection().execute(statement, [{"subscription": which, "next": when} for which, when in next_due])


def _due(now: datetime) -> Select[*tuple[Any, ...]]:
    mine = Subscription
    return (
        select(
            *(mine.id, mine.person_id, mine.cadence, mine.time_of_day, mine.zone, mine.weekday, mine.month_day),
            *(mine.created_at, mine.planned_until, mine.paused_until),
        )
        .join(Person, Person.id == mine.person_id)
        .where(_is_due(now))
    )


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Also what was planned ahead by a clock that was wrong: the next period is looked for again, from now on."""
    ahead = and_(Subscription.planned_until > now + CLOCKS_AGREE_WITHIN, Subscription.ended_at.is_(None))
    return and_(or_(Subscription.next_due_at <= now, ahead), Person.status == PersonStatus.ACTIVE)


def _timetable(row: Subscription | Row[Any]) -> Timetable:
    return Timetable(row.cadence, row.time_of_day, row.zone, row.weekday, row.month_day)
