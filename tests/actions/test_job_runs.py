from datetime import datetime, timedelta

import pytest

from tests import factories
from tracker.actions.job_runs import NeverRan, finish, is_due, start, want
from tracker.storage import job_runs
from tracker.storage.base import Session
from tracker.storage.running import JobRun

HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (HOUR, True),
        (HOUR - MOMENT, False),
        (timedelta(0), False),
        (-HOUR, False),
        (-HOUR - MOMENT, True),
    ],
)
def test_a_job_is_due_an_interval_after_its_last_start_or_when_that_start_cannot_be(
    now: datetime, ago: timedelta, expected: bool
) -> None:
    assert is_due(JobRun(job="tidy", started_at=now - ago), every=HOUR, now=now) is expected


def test_a_job_that_never_ran_is_due(now: datetime) -> None:
    assert is_due(None, every=HOUR, now=now)


def test_only_the_first_worker_starts_a_job_that_never_ran(session: Session, now: datetime) -> None:
    assert [start(session, "tidy", every=HOUR, now=now) for _ in range(2)] == [True, False]


@pytest.mark.parametrize(("later", "expected"), [(HOUR - MOMENT, False), (HOUR, True)])
def test_a_job_starts_again_when_its_interval_is_over(
    session: Session, now: datetime, later: timedelta, expected: bool
) -> None:
    assert start(session, "tidy", every=HOUR, now=now)
    assert start(session, "tidy", every=HOUR, now=now + later) is expected


def test_one_job_does_not_hold_up_another(session: Session, now: datetime) -> None:
    assert start(session, "tidy", every=HOUR, now=now)
    assert start(session, "send_mail", every=HOUR, now=now)


def test_the_end_of_a_run_and_its_error_are_kept(session: Session, now: datetime) -> None:
    start(session, "tidy", every=HOUR, now=now)
    finish(session, "tidy", started_at=now, error="ValueError: no", now=now + MOMENT)
    run = job_runs.last_run(session, "tidy")
    assert run is not None
    assert (run.started_at, run.finished_at, run.error) == (now, now + MOMENT, "ValueError: no")


def test_a_run_that_goes_well_takes_the_old_error_away(session: Session, now: datetime) -> None:
    start(session, "tidy", every=HOUR, now=now)
    finish(session, "tidy", started_at=now, error="ValueError: no", now=now)
    start(session, "tidy", every=HOUR, now=now + HOUR)
    finish(session, "tidy", started_at=now + HOUR, error=None, now=now + HOUR)
    run = job_runs.last_run(session, "tidy")
    assert run is not None
    assert run.error is None


def test_a_run_that_was_overtaken_does_not_end_the_one_that_overtook_it(session: Session, now: datetime) -> None:
    start(session, "tidy", every=HOUR, now=now)
    start(session, "tidy", every=HOUR, now=now + HOUR)
    finish(session, "tidy", started_at=now, error="too late", now=now + HOUR)
    run = job_runs.last_run(session, "tidy")
    assert run is not None
    assert (run.started_at, run.finished_at, run.error) == (now + HOUR, None, None)


def test_runs_are_listed_by_the_name_of_their_job(session: Session, now: datetime) -> None:
    for job in ("tidy", "heartbeat", "send_mail"):
        start(session, job, every=HOUR, now=now)
    assert [run.job for run in job_runs.all_runs(session)] == ["heartbeat", "send_mail", "tidy"]


def test_a_job_that_somebody_wants_is_due_at_once_and_once(session: Session, now: datetime) -> None:
    ana = factories.person(session, created_at=now)
    start(session, "tidy", every=HOUR, now=now)

    want(session, "tidy", by=ana.id, now=now + MOMENT)

    assert [start(session, "tidy", every=HOUR, now=now + 2 * MOMENT) for _ in range(2)] == [True, False]


def test_a_job_that_never_ran_cannot_be_wanted(session: Session, now: datetime) -> None:
    with pytest.raises(NeverRan):
        want(session, "tidy", by=1, now=now)


def test_it_is_kept_when_a_job_is_due_again(session: Session, now: datetime) -> None:
    for begun in (now, now + HOUR):
        start(session, "tidy", every=HOUR, now=begun)
        session.flush()
        session.expire_all()
        run = job_runs.last_run(session, "tidy")
        assert run is not None
        assert run.due_again_at == begun + HOUR


def test_the_last_failure_is_kept_when_all_goes_well_again(session: Session, now: datetime) -> None:
    start(session, "tidy", every=HOUR, now=now)
    finish(session, "tidy", started_at=now, error="ValueError: no", now=now + MOMENT)
    start(session, "tidy", every=HOUR, now=now + HOUR)
    finish(session, "tidy", started_at=now + HOUR, error=None, now=now + HOUR)

    run = job_runs.last_run(session, "tidy")
    assert run is not None
    assert (run.error, run.failed_at, run.failure) == (None, now + MOMENT, "ValueError: no")
