"""What every answer says, errors and files included."""

import errno
import re
import tomllib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from tests.digests import subscribed
from tests.questions import listening
from tests.strict_client import StrictClient, text_of
from tests.web.conftest import BOTH_ENGINES, SignInAs, TestClock
from tracker.access import Role
from tracker.actions import outgoing_mails
from tracker.actions.digests.planning import plan_due
from tracker.actions.job_runs import start
from tracker.settings import Settings
from tracker.storage.base import Database
from tracker.web.app import PRODUCT_VERSION, create_app
from tracker.web.guards import POLICY, RouteUndeclared
from tracker.web.session import IDLE

PAGES = ["/sign-in", "/countries", "/no-such-page", "/static/look.css", "/healthz"]


@pytest.mark.parametrize("url", PAGES)
def test_every_answer_carries_the_protecting_headers(sign_in_as: SignInAs, url: str) -> None:
    headers = sign_in_as(Role.READER).get(url).headers

    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_personal_pages_are_kept_by_no_cache(sign_in_as: SignInAs) -> None:
    assert sign_in_as(Role.READER).get("/countries").headers["Cache-Control"] == "no-store"


def test_a_file_whose_address_carries_its_fingerprint_is_kept_for_a_year(sign_in_as: SignInAs) -> None:
    client = sign_in_as(Role.READER)
    address = re.search(r"/static/look\.css\?v=\w+", client.get("/countries").text)

    assert address
    assert "immutable" in client.get(address[0]).headers["Cache-Control"]


@pytest.mark.parametrize("query", ["", "?v=", "?v=abc", "?v=0123456789ab"])
def test_a_file_asked_for_with_no_or_another_fingerprint_is_asked_for_again_next_time(
    client: StrictClient, query: str
) -> None:
    assert client.get(f"/static/look.css{query}").headers["Cache-Control"] == "no-cache"


def test_a_request_for_another_host_is_refused(client: StrictClient) -> None:
    answer = client.get("/sign-in", headers={"Host": "evil.example"})

    assert answer.status_code == 400
    assert "not known by this name" in answer.text


def test_an_unknown_page_says_what_to_do(client: StrictClient) -> None:
    answer = client.get("/no-such-page")

    assert answer.status_code == 404
    assert "There is no such page" in text_of(answer)


def test_a_body_that_is_too_large_is_refused(client: StrictClient) -> None:
    assert client.post("/sign-in", data={"email": "a" * 3_000_000}).status_code == 413


def test_an_error_of_ours_shows_a_reference_and_no_internals(
    app: Flask, sign_in_as: SignInAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail() -> str:
        raise RuntimeError("the secret internals")

    monkeypatch.setitem(app.view_functions, "criteria.criteria", fail)

    answer = sign_in_as(Role.READER).get("/criteria")

    assert answer.status_code == 500
    assert "quote this reference" in text_of(answer)
    assert "secret internals" not in answer.text


def no_room_for_a_file() -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def no_room_for_a_row() -> None:
    with create_engine("sqlite://").begin() as connection:
        connection.execute(text("PRAGMA max_page_count = 1"))
        connection.execute(text("CREATE TABLE more (than INTEGER)"))


@pytest.mark.parametrize("without_room", [no_room_for_a_file, no_room_for_a_row])
def test_a_full_disk_is_called_by_its_name(
    app: Flask, sign_in_as: SignInAs, without_room: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail() -> str:
        without_room()
        return ""

    monkeypatch.setitem(app.view_functions, "criteria.criteria", fail)

    answer = sign_in_as(Role.READER).get("/criteria")

    assert answer.status_code == 503
    assert "There is no room left on the disk" in text_of(answer)


def test_while_the_database_is_away_a_page_says_so(settings: Settings, clock: TestClock) -> None:
    away = Database("postgresql+psycopg://nobody@127.0.0.1:1/nowhere")
    app = create_app(settings, away, clock=clock)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie.update(key="a key", seen=clock().timestamp())

    answer = client.get("/countries")

    away.dispose()
    assert answer.status_code == 503
    assert "cannot be reached just now" in answer.text


def test_a_route_without_a_policy_does_not_start(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(POLICY, "criteria.criteria")

    with pytest.raises(RouteUndeclared, match=r"criteria\.criteria"):
        create_app(settings, database)


def test_a_policy_without_a_route_does_not_start(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(POLICY, "gone.gone", POLICY["static"])

    with pytest.raises(RouteUndeclared, match=r"gone\.gone"):
        create_app(settings, database)


@BOTH_ENGINES
@pytest.mark.parametrize(("idle", "status"), [(IDLE, 200), (IDLE + timedelta(seconds=1), 302)])
def test_a_sign_in_ends_when_idle_too_long(
    sign_in_as: SignInAs, clock: TestClock, now: datetime, idle: timedelta, status: int
) -> None:
    client = sign_in_as(Role.READER)
    assert client.get("/countries").status_code == 200

    clock.moment = now + idle

    assert client.get("/countries").status_code == status


def test_whoever_keeps_working_is_not_idle(sign_in_as: SignInAs, clock: TestClock) -> None:
    client = sign_in_as(Role.READER)

    for _ in range(4):
        clock.moment += timedelta(minutes=20)
        assert client.get("/countries").status_code == 200


@BOTH_ENGINES
@pytest.mark.parametrize(("hours", "status"), [(11, 200), (12, 302)])
def test_a_sign_in_ends_after_twelve_hours_whatever_happens(
    sign_in_as: SignInAs, clock: TestClock, hours: int, status: int
) -> None:
    client, start = sign_in_as(Role.READER), clock.moment
    steps = hours * 3
    for step in range(1, steps):
        clock.moment = start + timedelta(minutes=20) * step
        assert client.get("/countries").status_code == 200

    clock.moment = start + timedelta(hours=hours)

    assert client.get("/countries").status_code == status


@BOTH_ENGINES
def test_health_is_503_while_the_worker_is_silent(client: StrictClient) -> None:
    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.get_json()["worker"] == "silent"


@BOTH_ENGINES
def test_health_counts_mails_without_reading_them(client: StrictClient, database: Database, now: datetime) -> None:
    with database.writing() as session:
        for _ in range(2):
            outgoing_mails.queue(session, recipient="ana@example.org", subject="News", body="None.", now=now)
    with listening(database) as asked:
        assert client.get("/healthz").get_json()["mails_waiting"] == 2

    assert [statement for statement in asked if "subject" in statement] == []
    assert any("outgoing_mails" in statement for statement in asked)


@BOTH_ENGINES
def test_health_is_503_when_a_digest_is_lost(client: StrictClient, database: Database, now: datetime) -> None:
    with database.writing() as session:
        start(session, "heartbeat", every=timedelta(minutes=1), now=now)
        found = subscribed(session, now=now - timedelta(days=1))
        found.next_due_at = now - timedelta(minutes=11)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    told = answer.get_json()["digests"]
    assert (told["due"], told["pending"], told["all_accounted_for"]) == (1, 0, False)
    with database.writing() as session:
        plan_due(session, now=now)
    answer = client.get("/healthz")
    assert answer.status_code == 200
    told = answer.get_json()["digests"]
    assert (told["due"], told["pending"], told["all_accounted_for"]) == (1, 1, True)


def test_the_version_is_the_same_wherever_it_stands() -> None:
    root = Path(__file__).resolve().parents[2]
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]

    assert project["version"] == PRODUCT_VERSION
    assert f"\n## {PRODUCT_VERSION} " in (root / "CHANGELOG.md").read_text()


@pytest.mark.parametrize(("roles", "told"), [((Role.ADMINISTRATOR,), True), ((Role.READER,), False)])
def test_without_a_relay_those_who_can_change_it_are_told_where_mail_goes(
    sign_in_as: SignInAs, settings: Settings, roles: tuple[Role, ...], told: bool
) -> None:
    words = text_of(sign_in_as(*roles).get("/account"))

    assert "No mail is sent from here" in words
    assert (str(settings.outbox_folder) in words) is told
