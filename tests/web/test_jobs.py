"""What does the worker do? Each job with its last run and the next; whoever runs the system can have one run now."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from tests.strict_client import StrictClient, parsed, text_of
from tests.web.browsing import token_on
from tests.web.conftest import SignInAs
from tracker.access import Role
from tracker.jobs.timetable import TIMETABLE
from tracker.storage import job_runs
from tracker.storage.base import Database
from tracker.storage.running import JobRun
from tracker.web.job_list import duration, job_words

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
PAGE = "/system/jobs"


@pytest.fixture
def administrator(sign_in_as: SignInAs) -> StrictClient:
    return sign_in_as(Role.ADMINISTRATOR)


def ran(database: Database, job: str, at: datetime, **differing: Any) -> None:
    with database.writing() as session:
        session.add(JobRun(job=job, started_at=at, **({"finished_at": at} | differing)))


def row_of(client: StrictClient, job: str) -> list[str]:
    [row] = parsed(client.get(PAGE)).xpath(f"//tbody/tr[th/code='{job}']")
    return [" ".join(cell.text_content().split()) for cell in row]


def test_every_job_of_the_timetable_is_explained_in_its_order(app: Flask) -> None:
    with app.test_request_context():
        assert list(job_words()) == [job.name for job in TIMETABLE]


def test_a_job_is_told_with_its_last_run_its_length_and_the_next(
    administrator: StrictClient, database: Database, now: datetime
) -> None:
    ended = {"finished_at": now - timedelta(seconds=57), "due_again_at": now + timedelta(minutes=59)}
    ran(database, "tidy", now - timedelta(minutes=1), **ended)

    job, last, took, following, failed, act = row_of(administrator, "tidy")

    assert "Removes what has served its purpose" in job
    assert last == "16 Mar 2026, 11:59 UTC"
    assert took == "3 seconds"
    assert following == "in 59 minutes at the earliest"
    assert failed == "none"
    assert act.startswith("Run now")


def test_a_job_that_never_ran_waits_for_something_to_do(administrator: StrictClient) -> None:
    assert row_of(administrator, "imports")[1:] == ["never", "", "when there is something to do", "none", ""]


def test_the_last_failure_is_told_however_often_it_went_well_since(
    administrator: StrictClient, database: Database, now: datetime
) -> None:
    ran(database, "tidy", now, failed_at=now - timedelta(hours=3), failure="ValueError: it did not work")
    ran(database, "imports", now, error="OSError: full", failed_at=now, failure="OSError: full")

    assert row_of(administrator, "tidy")[4] == "16 Mar 2026, 09:00 UTC ValueError: it did not work"
    assert "failed" not in row_of(administrator, "tidy")[1]
    assert row_of(administrator, "imports")[1] == "16 Mar 2026, 12:00 UTC failed"


def test_a_job_under_way_says_so(administrator: StrictClient, database: Database, now: datetime) -> None:
    ran(database, "imports", now, finished_at=None)

    assert row_of(administrator, "imports")[2] == "running"


def test_a_job_can_be_wanted_at_once(administrator: StrictClient, database: Database, now: datetime) -> None:
    ran(database, "tidy", now, due_again_at=now + timedelta(hours=1))

    answer = administrator.submit_form(administrator.get(PAGE), action=f"{PAGE}/tidy/run")

    assert answer.status_code == 302
    assert row_of(administrator, "tidy")[3] == "at once"
    with database.reading() as session:
        run = job_runs.last_run(session, "tidy")
    assert run is not None
    assert run.wanted_at == now


def test_a_job_that_no_worker_knows_cannot_be_wanted(administrator: StrictClient, database: Database) -> None:
    sent = {"csrf_token": token_on(administrator, "/account")}

    assert administrator.post(f"{PAGE}/nothing/run", data=sent).status_code == 404


def test_it_is_said_first_when_no_worker_runs(administrator: StrictClient, database: Database, now: datetime) -> None:
    assert "No worker is running" in text_of(administrator.get(PAGE))
    ran(database, "heartbeat", now)
    assert "No worker is running" not in text_of(administrator.get(PAGE))


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-1, "less than a second"), (0.9, "less than a second"), (1, "1 second"), (89, "89 seconds"), (90, "1.5 minutes"),
     (599, "10 minutes"), (3600, "60 minutes")],
)  # fmt: skip
def test_a_duration_is_as_exact_as_somebody_wants_to_know(app: Flask, seconds: float, expected: str) -> None:
    with app.test_request_context():
        assert duration(timedelta(seconds=seconds)) == expected
