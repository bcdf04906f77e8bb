"""What a browser was given a moment ago it is given again at the door, for as long as it would be the same inside."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask, request_started
from flask.testing import FlaskClient
from sqlalchemy import update

from tests import factories
from tests.jobs.outages import outage
from tests.strict_client import StrictClient
from tests.web.browsing import browser_of
from tests.web.conftest import TestClock
from tracker.access import Role
from tracker.actions.countries import watch
from tracker.storage.admitting import Person, SignIn
from tracker.storage.base import Database
from tracker.web.kept_pages import Shelf
from tracker.web.session import RENEW_AFTER

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
ADDRESS = "/countries"
SECOND = timedelta(seconds=1)


@pytest.fixture
def ana(database: Database, now: datetime) -> Person:
    with database.writing() as session:
        return factories.person(session, name="Ana", roles=[Role.READER], created_at=now)


@pytest.fixture
def client(app: Flask, database: Database, ana: Person, now: datetime) -> StrictClient:
    """Ana, who has been given the page; the first one of a sign-in makes the token of its forms."""
    client = browser_of(app, database, ana, now)
    client.get("/")
    client.get(ADDRESS)
    return client


def cookie_of(client: FlaskClient) -> str:
    held = client.get_cookie("tracker")
    assert held is not None
    return f"tracker={held.value}"


def wakes(client: FlaskClient, address: str = ADDRESS, **asked: Any) -> bool:
    """The application, or is answered at the door."""
    woken: list[object] = []

    def note(app: Flask, **_rest: object) -> None:
        woken.append(app)

    with request_started.connected_to(note, client.application):
        client.open(address, **asked)
    return bool(woken)


def test_who_asks_again_is_given_the_very_same_without_waking_the_application(client: StrictClient) -> None:
    client.application.extensions["shelf"] = Shelf()
    inside, again = client.get(ADDRESS), client.get(ADDRESS)

    assert not wakes(client)
    assert (again.status, again.data) == (inside.status, inside.data)
    assert sorted(again.headers) == sorted(inside.headers)


def test_who_takes_it_packed_is_given_it_packed(client: StrictClient) -> None:
    packed = {"Accept-Encoding": "gzip"}
    assert wakes(client, headers=packed)
    assert not wakes(client, headers=packed)

    again = client.get(ADDRESS, headers=packed)
    assert again.headers["Content-Encoding"] == "gzip"
    assert again.content_length == len(again.data) < len(client.get(ADDRESS).data)


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        (f"{ADDRESS}?q=a", {}),
        ("/situations", {}),
        (ADDRESS, {"method": "HEAD"}),
        (ADDRESS, {"method": "POST"}),
        (ADDRESS, {"base_url": "http://127.0.0.1/"}),
        (ADDRESS, {"base_url": "https://localhost/"}),
        (ADDRESS, {"base_url": "http://evil.example/"}),
    ],
)
def test_whoever_asks_something_else_is_answered_inside(
    client: StrictClient, address: str, asked: dict[str, Any]
) -> None:
    headers = {"Cookie": cookie_of(client)}
    other = client.application.test_client(use_cookies=False)
    assert not wakes(other, headers=headers)

    assert wakes(other, address, headers=headers, **asked)


def test_another_browser_is_answered_inside(
    client: StrictClient, app: Flask, database: Database, ana: Person, now: datetime
) -> None:
    assert wakes(browser_of(app, database, ana, now))
    assert wakes(app.test_client())


def test_up_to_the_minute_in_which_the_cookie_is_renewed(client: StrictClient, clock: TestClock) -> None:
    clock.moment += RENEW_AFTER - SECOND
    assert not wakes(client)

    clock.moment += 2 * SECOND
    old = {"Cookie": cookie_of(client)}
    assert "Set-Cookie" in client.get(ADDRESS).headers
    assert [wakes(client) for _again in range(2)] == [True, False]
    assert wakes(client.application.test_client(use_cookies=False), headers=old), "nobody is given another's new cookie"


def test_up_to_the_end_of_the_sign_in(client: StrictClient, database: Database, ana: Person, now: datetime) -> None:
    ends(database, ana, now + 10 * SECOND)
    client.get(ADDRESS)
    clock = client.application.extensions["clock"]

    clock.moment += 9 * SECOND
    assert not wakes(client)
    clock.moment += SECOND
    assert client.get(ADDRESS).location == f"/sign-in?next={ADDRESS}"


def test_up_to_the_end_of_the_day(app: Flask, database: Database, ana: Person, clock: TestClock) -> None:
    clock.moment = datetime(2026, 3, 16, 23, 59, 58, tzinfo=UTC)
    client = browser_of(app, database, ana, clock.moment)
    for _made in range(3):
        client.get(ADDRESS)

    clock.moment += SECOND
    assert not wakes(client)
    clock.moment += SECOND
    assert wakes(client)


Change = Callable[[Database, Person, datetime], object]


def ends(database: Database, ana: Person, at: datetime) -> None:
    with database.writing() as session:
        session.execute(update(SignIn).where(SignIn.person_id == ana.id).values(expires_at=at))


def ends_now(database: Database, ana: Person, now: datetime) -> None:
    with database.writing() as session:
        session.execute(update(SignIn).where(SignIn.person_id == ana.id).values(ended_at=now))


def watches(database: Database, ana: Person, now: datetime) -> None:
    with database.writing() as session:
        watch(session, "ATA", True, by=ana.id, now=now)


def submits(database: Database, ana: Person, now: datetime) -> None:
    with database.writing() as session:
        factories.coding(session, ana, indicator="independence_of_courts", value=1.0, now=now)


@pytest.mark.parametrize("change", [ends_now, watches, submits])
def test_whatever_changes_wakes_the_application(
    client: StrictClient, database: Database, ana: Person, now: datetime, change: Change
) -> None:
    assert not wakes(client)
    change(database, ana, now)

    assert wakes(client)


def test_a_page_that_is_kept_no_longer_is_made_again(client: StrictClient) -> None:
    client.application.extensions["shelf"] = Shelf()

    assert wakes(client)
    assert not wakes(client)


def test_a_page_that_is_not_kept_is_never_given_at_the_door(client: StrictClient) -> None:
    assert [wakes(client, "/account") for _again in range(3)] == [True, True, True]


def test_while_the_database_is_away_nothing_is_given(client: StrictClient, database: Database) -> None:
    with outage(database):
        assert wakes(client)
    assert not wakes(client)
