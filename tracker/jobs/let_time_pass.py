"""What goes stale counts no more, what was due and is missing is told, and occasions come nearer: once a day.

Each country in a transaction of its own: nobody waits long for it, and one that fails does not keep the others back.
"""

import logging
from datetime import datetime

from tracker import failure
from tracker.actions import concluding
from tracker.jobs.job import Shift
from tracker.storage.base import DATABASE_AWAY, Session

logger = logging.getLogger(__name__)


class SomeFailed(Exception):
    """Told as the job's error; each of them is in the log."""


def has_time_passed(session: Session, now: datetime) -> bool:
    return bool(concluding.countries_to_look_at(session, now=now))


def let_time_pass(shift: Shift) -> str:
    with shift.database.reading() as session:
        waiting = concluding.countries_to_look_at(session, now=shift.clock())
    looked_at, failed = 0, []
    for iso3 in waiting:
        if shift.stopping():
            break
        try:
            with shift.database.writing() as session:
                looked_at += concluding.let_time_pass(session, iso3, now=shift.clock())
        except DATABASE_AWAY:
            raise
        except Exception as problem:
            logger.error("%s could not be looked at: %s", iso3, failure.in_words(problem, shift.settings))
            failed.append(iso3)
    if failed:
        raise SomeFailed(f"these countries could not be looked at: {', '.join(failed)}")
    return f"Scores and flags of {looked_at} countries are as of today." if looked_at else ""
