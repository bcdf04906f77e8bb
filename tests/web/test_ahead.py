"""What readers asked for lately is made again before they ask."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from flask import Flask, request, request_started
from sqlalchemy import update

from tests import factories
from tests.strict_client import StrictClient
from tests.web.browsing import browser_of
from tests.web.conftest import TestClock
from tracker.access import Role
from tracker.storage.admitting import Person, SignIn
from tracker.storage.base import Database
from tracker.web.ahead import LATELY_SECONDS, Ahead
from tracker.web.doorstep import Doorstep
from tracker.web.session import IDLE

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def ana(database: Database, now: datetime) -> Person:
    with database.writing() as session:
        return factories.person(session, name="Ana", roles=[Role.READER], created_at=now)


@pytest.fixture
def client(app: Flask, database: Database, ana: Person, now: datetime) -> StrictClient:
    """Ana, who has read two pages: the one of the countries last."""
    cast(Doorstep, app.wsgi_app).asked_at.clear()  # of other tests, which have the same application
    client = browser_of(app, database, ana, now)
    client.get("/account")
    client.get("/calendar")
    client.get("/countries")
    return client


@pytest.fixture
def ahead(app: Flask, client: StrictClient) -> Ahead:
    """Has looked at what there is."""
    ahead = Ahead(app)
    looks_twice(ahead)
    return ahead


def looks_twice(ahead: Ahead) -> None:
    """The first time it sees a change, the second time that it is over."""
    ahead.look()
    ahead.look()


@contextmanager
def woken(app: Flask) -> Iterator[list[str]]:
    """What the application is asked for, whoever asks."""
    asked: list[str] = []

    def note(_app: Flask, **_rest: object) -> None:
        asked.append(request.path)

    with request_started.connected_to(note, app):
        yield asked


def change(database: Database) -> None:
    with database.writing() as session:
        factories.source(session)


def test_a_page_is_there_before_its_reader_asks_again(
    app: Flask, database: Database, client: StrictClient, ahead: Ahead
) -> None:
    change(database)
    with woken(app) as by_ahead:
        looks_twice(ahead)
        ahead.look()
    with woken(app) as by_reader:
        assert client.get("/countries").status_code == 200

    assert by_ahead == ["/countries", "/calendar"]
    assert by_reader == []


def test_nothing_is_made_while_the_data_are_moving(app: Flask, database: Database, ahead: Ahead) -> None:
    with woken(app) as asked:
        for _ in range(3):
            change(database)
            ahead.look()
    assert asked == []


def test_it_stops_when_the_data_move_on_in_between(app: Flask, database: Database, ahead: Ahead) -> None:
    change(database)
    with woken(app) as asked, request_started.connected_to(lambda _app, **_rest: change(database), app):
        looks_twice(ahead)
    assert asked == ["/countries"]


def test_for_somebody_who_is_signed_out_nothing_is_made(
    app: Flask, database: Database, client: StrictClient, ahead: Ahead, ana: Person, now: datetime
) -> None:
    with database.writing() as session:
        session.execute(update(SignIn).where(SignIn.person_id == ana.id).values(ended_at=now))
    change(database)
    kept = pages_kept(app)
    looks_twice(ahead)

    assert pages_kept(app) == kept
    assert client.get("/countries").status_code == 302


def test_nobody_is_signed_in_for_longer_by_it(
    database: Database, client: StrictClient, ahead: Ahead, clock: TestClock
) -> None:
    clock.moment += IDLE
    change(database)
    looks_twice(ahead)
    clock.moment += timedelta(seconds=1)

    assert client.get("/countries").status_code == 302


def test_what_nobody_asked_for_in_the_last_quarter_of_an_hour_is_not_made(
    app: Flask, database: Database, client: StrictClient, ahead: Ahead
) -> None:
    """Its own questions are not those of a reader."""
    change(database)
    looks_twice(ahead)
    change(database)
    with woken(app) as asked:
        looks_twice(Ahead(app, moment=lambda: time.monotonic() + LATELY_SECONDS))
    assert asked == []


def test_its_thread_ends_with_the_server(ahead: Ahead) -> None:
    ahead.start()
    assert ahead._thread.is_alive()
    ahead.end()
    assert not ahead._thread.is_alive()


def pages_kept(app: Flask) -> list[Any]:
    return list(app.extensions["shelf"]._pages)
