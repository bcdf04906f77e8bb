"""Which worker runs a job now, and how that ended.

Any number of workers keep the same timetable. What each of them starts is written down first, so that nobody else
starts it until it is due again.
"""

from datetime import datetime, timedelta

from tracker.storage import job_runs
from tracker.storage.base import Session
from tracker.storage.models import JobRun


def is_due(last: JobRun | None, *, every: timedelta, now: datetime) -> bool:
    """A start further ahead than one interval was written by a clock that has been put right since."""
    return last is None or not now - every < last.started_at <= now + every


def start(session: Session, job: str, *, every: timedelta, now: datetime) -> bool:
    """False: another worker was quicker."""
    if job_runs.add_first(session, job, now=now):
        return True
    run = job_runs.locked(session, job)
    if run is None or not is_due(run, every=every, now=now):
        return False
    run.started_at = now
    run.finished_at = None
    return True


def finish(session: Session, job: str, *, started_at: datetime, error: str | None, now: datetime) -> None:
    """Until then, and if it never comes to that, the row shows the error of the run before."""
    run = job_runs.locked(session, job)
    # A slow run may have been overtaken by the next one, whose end is not ours to write.
    if run is not None and run.started_at == started_at:
        run.finished_at = now
        run.error = error
