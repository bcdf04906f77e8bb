"""“Is everything working?” is answered with no when something is not."""

import shutil
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask, template_rendered
from sqlalchemy import select, update

from tests import factories
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.conftest import BOTH_ENGINES, SignInAs
from tracker.access import Role
from tracker.settings import LEAST_FREE_BYTES, Settings
from tracker.storage.admitting import Person
from tracker.storage.base import Database
from tracker.storage.running import JobRun, OutgoingMail

GOOD = "Yes: the worker ticks, its jobs end well and no mail is stuck."
LATE = timedelta(minutes=10)


@pytest.fixture
def administrator(sign_in_as: SignInAs) -> StrictClient:
    return sign_in_as(Role.ADMINISTRATOR)


@pytest.fixture
def ticking(database: Database, now: datetime) -> None:
    ran(database, now, "heartbeat")


def ran(database: Database, now: datetime, job: str, error: str | None = None) -> None:
    with database.writing() as session:
        session.add(JobRun(job=job, started_at=now, finished_at=now, error=error))


def a_mail(database: Database, now: datetime, **differing: Any) -> None:
    usual: dict[str, Any] = {"recipient": "ana@example.org", "subject": "News", "body": "None.", "attempts": 0}
    moments = {"queued_at": now, "next_attempt_at": now}
    with database.writing() as session:
        session.add(OutgoingMail(message_id=str(differing), **(usual | moments | differing)))


def answer(client: StrictClient) -> str:
    (lede,) = parsed(client.get("/system")).xpath("//*[contains(@class, 'lede')]")
    return " ".join(lede.text_content().split())


@BOTH_ENGINES
def test_all_is_well_while_the_worker_ticks_and_mail_leaves(
    administrator: StrictClient, database: Database, now: datetime, ticking: None
) -> None:
    ran(database, now, "send_mail")
    a_mail(database, now)
    a_mail(database, now, queued_at=now - LATE)
    a_mail(database, now, queued_at=now - 2 * LATE, sent_at=now, body=None)

    assert answer(administrator) == GOOD


def test_a_silent_worker_is_told_first_and_how_it_is_started(
    administrator: StrictClient, database: Database, now: datetime
) -> None:
    ran(database, now, "tidy", error="ValueError")

    assert answer(administrator).startswith("The worker is silent: no mail is sent.")
    assert "“python3 manage.py worker” alone, as under a service manager." in answer(administrator)


def test_a_job_that_failed_is_named(
    administrator: StrictClient, database: Database, now: datetime, ticking: None
) -> None:
    ran(database, now, "tidy", error="ValueError: it did not work")

    assert answer(administrator) == "The job tidy failed when it last ran."


def test_a_mail_that_was_given_up_is_told(
    administrator: StrictClient, database: Database, now: datetime, ticking: None
) -> None:
    a_mail(database, now, given_up_at=now, body=None)

    assert answer(administrator) == "1 mail could not be delivered."


@pytest.mark.parametrize(
    "differing", [{"queued_at": -LATE - timedelta(microseconds=1)}, {"last_error": "450 4.2.1 Try later"}]
)
def test_a_mail_that_waits_for_long_or_after_a_failure_is_told(
    administrator: StrictClient, database: Database, now: datetime, ticking: None, differing: dict[str, Any]
) -> None:
    a_mail(database, now, **{name: now + at if isinstance(at, timedelta) else at for name, at in differing.items()})

    assert answer(administrator).startswith("1 mail is late: it waits for more than ten minutes, or ")


def test_why_a_mail_waits_and_how_mail_is_set_up_are_told(
    administrator: StrictClient, database: Database, now: datetime
) -> None:
    assert "set TRACKER_SMTP to your mail server" in text_of(administrator.get("/system"))
    assert "Why it waits" not in text_of(administrator.get("/system"))

    a_mail(database, now, last_error="450 4.2.1 Try later")

    assert "Why it waits 450 4.2.1 Try later" in text_of(administrator.get("/system"))


@pytest.mark.parametrize(("missing", "is_told"), [(0, False), (1, True)])
def test_a_disk_that_is_nearly_full_is_told(
    administrator: StrictClient, ticking: None, monkeypatch: pytest.MonkeyPatch, missing: int, is_told: bool
) -> None:
    full = shutil.disk_usage("/")._replace(free=LEAST_FREE_BYTES - missing)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: full)

    assert ("MB are free on the disk: soon nothing can be saved." in answer(administrator)) is is_told


def test_what_comes_first_is_told_until_it_is_done(sign_in_as: SignInAs, database: Database, now: datetime) -> None:
    def steps(client: StrictClient) -> list[str]:
        return [str(one) for one in parsed(client.get("/system")).xpath("//*[@aria-labelledby='first']//dt/a/text()")]

    first = sign_in_as(Role.ADMINISTRATOR)
    assert steps(first) == ["Switch one-time codes on", "Invite somebody", "Enter answers"]
    sign_in_as(Role.ANALYST)
    assert "Should phone and recovery codes be lost" in text_of(first.get("/system"))
    sign_in_as(Role.ADMINISTRATOR)
    with database.writing() as session:
        session.execute(update(Person).values(totp_secret="sealed"))
    assert steps(first) == ["Enter answers"]
    with database.writing() as session:
        by = session.scalars(select(Person)).first()
        assert by is not None
        factories.coding(session, by, indicator="independence_of_courts", value=3, now=now)
    assert steps(first) == []


def test_everything_that_is_wrong_is_listed_the_worst_first(
    administrator: StrictClient, database: Database, now: datetime
) -> None:
    ran(database, now, "tidy", error="ValueError")
    a_mail(database, now, given_up_at=now, body=None)
    a_mail(database, now, last_error="450 4.2.1 Try later")

    listed = parsed(administrator.get("/system")).xpath("//section[@aria-labelledby='troubles']//li")
    assert [" ".join(item.text_content().split())[:12] for item in listed] == [
        "The worker i",
        "The job tidy",
        "1 mail could",
        "1 mail is la",
    ]


def test_neither_secret_nor_password_is_within_reach_of_the_page(
    app: Flask, administrator: StrictClient, settings: Settings
) -> None:
    handed_in: list[Any] = []

    def remember(_app: Flask, context: dict[str, Any], **_: Any) -> None:
        handed_in.extend(context.values())

    with template_rendered.connected_to(remember, app):
        text_of(administrator.get("/system"))
    assert len(handed_in) > 5
    assert [value for value in handed_in if isinstance(value, Settings) or value == settings.secret] == []
