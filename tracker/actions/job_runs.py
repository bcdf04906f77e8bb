"""Which worker runs a job now, and how that ended.

Any number of workers keep the same timetable. What each of them starts is written down first, so that nobody else
starts it until it is due again.
"""

from datetime import datetime, timedelta

from tracker.actions import audit
from tracker.refusal import N_, NotThere
from tracker.storage import job_runs
from tracker.storage.base import Session
from tracker.storage.running import JobRun


class NeverRan(NotThere):
    def __init__(self) -> None:
        super().__init__(N_("No worker has run this job yet: it will as soon as there is something to do."))


def is_due(last: JobRun | None, *, every: timedelta, now: datetime) -> bool:
    """A start further ahead than one interval was written by a clock that has been put right since."""
    return last is None or is_wanted(last) or not now - every < last.started_at <= now + every


def is_wanted(last: JobRun | None) -> bool:
    """By somebody who will not wait until it is due."""
    return last is not None and last.wanted_at is not None


def want(session: Session, job: str, *, by: int, now: datetime) -> None:
    """The next worker that looks runs it, even with nothing to do."""
    run = job_runs.locked(session, job)
    if run is None:
        raise NeverRan
    run.wanted_at = now
    audit.record(session, "job wanted at once", f"job {job}", by=by, now=now)


def start(session: Session, job: str, *, every: timedelta, now: datetime) -> bool:
    """False: another worker was quicker."""
    due_again_at = now + every
    if job_runs.add_first(session, job, now=now, due_again_at=due_again_at):
        return True
    run = job_runs.locked(session, job)
    if run is None or not is_due(run, every=every, now=now):
        return False
    run.started_at, run.due_again_at = now, due_again_at
    run.finished_at = run.wanted_at = None
    return True


def finish(session: Session, job: str, *, started_at: datetime, error: str | None, now: datetime) -> None:
    """Until then, and if it never comes to that, the row shows the error of the run before."""
    run = job_runs.locked(session, job)
    # A slow run may have been overtaken by the next one, whose end is not ours to write.
    if run is not None and run.started_at == started_at:
        run.finished_at = now
        run.error = error
        if error is not None:
            run.failed_at, run.failure = now, error
