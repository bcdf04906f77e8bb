"""Runs what is due, and keeps running whatever happens to one job or to the database."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker import failure
from tracker.actions import job_runs
from tracker.actions.digests.telling import Teller
from tracker.jobs.clock import DatabaseClock
from tracker.jobs.job import Job, Shift
from tracker.jobs.scheduler import ticking
from tracker.jobs.timetable import TIMETABLE
from tracker.settings import Settings
from tracker.storage import job_runs as kept_runs
from tracker.storage.base import Database

logger = logging.getLogger(__name__)

TICK = timedelta(seconds=1)
LONGEST_PAUSE_SECONDS = 30.0


@dataclass(frozen=True)
class Outcome:
    job: str
    # What was done, in a sentence; empty: nothing worth telling.
    said: str
    # None: it went well.
    error: str | None


def work(
    settings: Settings,
    database: Database,
    stop: threading.Event,
    *,
    teller: Teller | None = None,
    timetable: Sequence[Job] = TIMETABLE,
) -> None:
    """Does what is due until `stop` is set. A mail that is being handed over then is finished first."""
    clock = DatabaseClock(database)
    shift = Shift(settings, database, clock, stopping=stop.is_set, pause=stop.wait, teller=teller)
    with ticking(TICK, Tick(shift, timetable, set_clock=clock.set)):
        stop.wait()


def run_due_once(
    settings: Settings,
    database: Database,
    now: datetime,
    *,
    teller: Teller | None = None,
    timetable: Sequence[Job] = TIMETABLE,
) -> list[Outcome]:
    """Every job that is due at that moment, once each, in the order of the timetable."""
    shift = Shift(settings, database, clock=lambda: now, stopping=lambda: False, teller=teller)
    return run_due(shift, timetable)


def run_due(shift: Shift, timetable: Sequence[Job]) -> list[Outcome]:
    """What one job makes another wants to do is done in the same look."""
    outcomes = []
    for job in timetable:
        if shift.stopping():
            break
        outcome = _run(job, shift) if _is_due(job, shift) else None
        if outcome is not None:
            outcomes.append(outcome)
    return outcomes


class Tick:
    """One look at the timetable. While the database is away it looks ever less often, and says so once."""

    def __init__(
        self,
        shift: Shift,
        timetable: Sequence[Job],
        *,
        seconds: Callable[[], float] = time.monotonic,
        set_clock: Callable[[], object] = lambda: None,
    ) -> None:
        self._shift = shift
        self._timetable = timetable
        self._seconds = seconds
        self._set_clock = set_clock
        self._failed_in_a_row = 0
        self._not_before = 0.0

    def __call__(self) -> None:
        if self._seconds() < self._not_before:
            return
        try:
            self._set_clock()
            run_due(self._shift, self._timetable)
        # A job's own errors end in its outcome. What comes as far as this is the database, whatever it calls it.
        except Exception as problem:
            self._pause(problem)
        else:
            self._go_on()

    def _pause(self, problem: Exception) -> None:
        if self._failed_in_a_row == 0:
            told = failure.in_words(problem, self._shift.settings)
            logger.error("The database cannot be used, the worker tries again until it can: %s", told)
        self._failed_in_a_row += 1
        self._not_before = self._seconds() + min(2.0**self._failed_in_a_row, LONGEST_PAUSE_SECONDS)

    def _go_on(self) -> None:
        if self._failed_in_a_row:
            logger.info("The database can be used again.")
        self._failed_in_a_row = 0


def _is_due(job: Job, shift: Shift) -> bool:
    now = shift.clock()
    with shift.database.reading() as session:
        last = kept_runs.last_run(session, job.name)
        if job_runs.is_wanted(last):
            return True
        return job_runs.is_due(last, every=job.every, now=now) and job.wanted(session, now)


def _run(job: Job, shift: Shift) -> Outcome | None:
    """None: another worker was quicker."""
    started_at = shift.clock()
    with shift.database.writing() as session:
        if not job_runs.start(session, job.name, every=job.every, now=started_at):
            return None
    outcome = _attempt(job, shift)
    with shift.database.writing() as session:
        job_runs.finish(session, job.name, started_at=started_at, error=outcome.error, now=shift.clock())
    return outcome


def _attempt(job: Job, shift: Shift) -> Outcome:
    try:
        said = job.what(shift)
    # One job's failure must not keep the others from their turn; it is told, and tried again when due.
    except Exception as problem:
        error = failure.in_words(problem, shift.settings)
        logger.error("The job %s failed: %s\n%s", job.name, error, failure.way(problem))
        return Outcome(job.name, "", error)
    if said:
        logger.info("%s: %s", job.name, said)
    return Outcome(job.name, said, None)
