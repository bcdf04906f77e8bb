"""Writes down which digests have fallen due, and whom something concerns that cannot wait for one."""

from datetime import datetime

from tracker.actions.digests import planning
from tracker.jobs.job import Shift
from tracker.storage import deliveries, subscriptions, urgent
from tracker.storage.base import Session


def anything_due(session: Session, now: datetime) -> bool:
    is_due = subscriptions.anything_due(session, now=now) or deliveries.told_ahead(session, now=now)
    return is_due or bool(urgent.whom_to_tell(session, now=now))


def plan_digests(shift: Shift) -> str:
    now, planned = shift.clock(), 0
    while not shift.stopping():
        with shift.database.writing() as session:
            looked_at = planning.plan_due(session, now=now)
        planned += looked_at
        if looked_at < planning.MOST_AT_ONCE:
            break
    with shift.database.writing() as session:
        notices = planning.plan_urgent(session, urgent.whom_to_tell(session, now=now), now=now)
    told = [f"{planned} digests"] * bool(planned) + [f"{notices} urgent notices"] * bool(notices)
    return f"Due: {', '.join(told)}." if told else ""
