"""Which periods have fallen due, and what is so urgent that it cannot wait for one.

Any number of workers plan at once: a period has one delivery, and whoever is second adds nothing.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from tracker.digest import (
    URGENT_AT_MOST_EVERY,
    DeliveryKind,
    DeliveryState,
    key_of_urgent,
    message_id,
)
from tracker.period import Period
from tracker.storage import deliveries, people, subscriptions
from tracker.storage.base import Session
from tracker.storage.mailing import UrgentWish
from tracker.storage.subscriptions import Due
from tracker.subscription import QuietHours, next_due_at, periods_due

# So many in a transaction: nobody who wants to save something waits for long.
MOST_AT_ONCE = 2000
OVERTAKEN = "A later one had fallen due by then: it tells all of it."


def plan_due(session: Session, *, now: datetime, most: int = MOST_AT_ONCE) -> int:
    """How many subscriptions were looked at; fewer than `most`: nothing else is due.

    Of several periods that fell due while nothing ran, only the last is told of: nobody wants five mails at once.
    """
    deliveries.put_right(session, now=now)
    due = subscriptions.due(session, now=now, most=most)
    planned: list[dict[str, Any]] = []
    for one in due:
        periods = periods_due(one.timetable, one.planned_until, now, one.paused_until)
        planned += [_overtaken(one, period, now) for period in periods[:-1]]
        planned += [_planned(one, period, now) for period in periods[-1:]]
    deliveries.add(session, planned)
    subscriptions.note_planned(
        session, now, [(one.id, next_due_at(one.timetable, now, one.paused_until)) for one in due]
    )
    return len(due)


def plan_urgent(session: Session, person_ids: Collection[int], *, now: datetime) -> int:
    """One each, as soon as they want to be told; how many. What is on its way already takes it along."""
    planned = []
    for person_id in sorted(person_ids):
        wish, person = subscriptions.locked_urgent_wish(session, person_id), people.by_id(session, person_id)
        if wish is None or person is None or deliveries.urgent_on_its_way(session, person_id):
            continue
        due_at = _urgent_due_at(wish, deliveries.last_urgent_at(session, person_id), person.time_zone, now)
        identity = {"kind": DeliveryKind.URGENT, "person_id": person_id, "subscription_id": None}
        planned.append(_row(identity, person_id, wish.since, Period(due_at, key_of_urgent(due_at)), now))
    deliveries.add(session, planned)
    return len(planned)


def _urgent_due_at(wish: UrgentWish, last_at: datetime | None, zone: str, now: datetime) -> datetime:
    earliest = now if last_at is None else max(now, last_at + URGENT_AT_MOST_EVERY)
    if wish.quiet_from is None or wish.quiet_until is None:
        return earliest
    return QuietHours(wish.quiet_from, wish.quiet_until).hold(earliest, zone)


def _planned(one: Due, period: Period, now: datetime) -> dict[str, Any]:
    identity = {"kind": DeliveryKind.DIGEST, "person_id": one.person_id, "subscription_id": one.id}
    return _row(identity, one.id, one.created_at, period, now)


def _overtaken(one: Due, period: Period, now: datetime) -> dict[str, Any]:
    settled = {"state": DeliveryState.SKIPPED, "settled_at": now, "last_error": OVERTAKEN}
    return _planned(one, period, now) | settled


def _row(identity: dict[str, Any], of: int, begun_at: datetime, period: Period, now: datetime) -> dict[str, Any]:
    return {
        **identity,
        "period_key": period.key,
        "due_at": period.due_at,
        "planned_at": now,
        "state": DeliveryState.PLANNED,
        "message_id": message_id(identity["kind"], of, begun_at, period.key),
        "attempts": 0,
        # an urgent notice may have to wait until quiet hours are over
        "next_attempt_at": max(now, period.due_at),
        "settled_at": None,
        "last_error": None,
    }
