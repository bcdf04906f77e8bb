"""What goes stale counts no more, what was due and is missing is told, and occasions come nearer: once a day."""

from datetime import datetime

from tracker.actions import concluding
from tracker.jobs.job import Shift
from tracker.storage.base import Session

# Whoever wants to save something waits for so many countries at most.
COUNTRIES_AT_ONCE = 20


def has_time_passed(session: Session, now: datetime) -> bool:
    return concluding.is_time_waiting(session, now=now)


def let_time_pass(shift: Shift) -> str:
    looked_at = 0
    while not shift.stopping():
        with shift.database.writing() as session:
            found = concluding.let_time_pass(session, now=shift.clock(), at_most=COUNTRIES_AT_ONCE)
        looked_at += found
        if found < COUNTRIES_AT_ONCE:
            break
    return f"Scores and flags of {looked_at} countries are as of today." if looked_at else ""
