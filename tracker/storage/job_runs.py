"""When each job of the worker last ran, and how that ended."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from tracker.storage.base import Session
from tracker.storage.running import JobRun


def all_runs(session: Session) -> list[JobRun]:
    return list(session.scalars(select(JobRun).order_by(JobRun.job)))


def last_run(session: Session, job: str) -> JobRun | None:
    """None: it never ran here."""
    return session.get(JobRun, job)


def locked(session: Session, job: str) -> JobRun | None:
    return session.get(JobRun, job, with_for_update=True)


def add_first(session: Session, job: str, *, now: datetime, due_again_at: datetime) -> bool:
    """The job's row, started now. False: it has one, perhaps since this very moment and by another worker."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    first = insert(JobRun).values(job=job, started_at=now, due_again_at=due_again_at).on_conflict_do_nothing()
    return session.scalars(first.returning(JobRun.job)).first() is not None
