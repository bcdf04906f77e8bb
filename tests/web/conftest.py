"""The application under test, a client that judges every page, and people who are signed in."""

from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask

from tests import factories
from tests.conftest import shared_folder, usual_settings
from tests.databases import ENGINES, SQLITE, one_at_a_time
from tests.strict_client import StrictClient
from tests.web.brackets import write_translations
from tests.web.browsing import browser_of
from tracker.access import Role
from tracker.handling import Mark
from tracker.settings import Settings
from tracker.storage import standings
from tracker.storage.base import Database
from tracker.storage.readers import Visit
from tracker.web.app import create_app
from tracker.web.frame import frame
from tracker.web.kept_pages import Shelf
from tracker.web.pages import reset

# For a test whose page writes what two may write at once, or whose question each engine might answer in its own way.
BOTH_ENGINES = pytest.mark.parametrize("engine_name", ENGINES, indirect=True)


class TestClock:
    """Stands still until it is told to move."""

    __test__ = False

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture(params=[SQLITE])
def engine_name(request: pytest.FixtureRequest) -> str:
    """One, because these tests are about what pages say and do: what they ask and write, `tests/storage` and
    `tests/actions` prove on both. On both every page is opened, and every form is sent; others say `@BOTH_ENGINES`.
    """
    return str(request.param)


@pytest.fixture(autouse=True)
def quick_resets(monkeypatch: pytest.MonkeyPatch) -> None:
    """That each answer waits, so that none tells by its time, has a test of its own."""
    monkeypatch.setattr(reset, "EARLIEST_ANSWER", timedelta())


@pytest.fixture
def clock(now: datetime) -> TestClock:
    return TestClock(now)


@pytest.fixture(scope="session")
def _one_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Put together once per test process: compiling its templates takes longer than most tests."""
    nowhere = Database("sqlite://")
    app = create_app(usual_settings(tmp_path_factory.mktemp("one-app")), nowhere)
    app.test_client_class = StrictClient
    nowhere.dispose()
    return app


@pytest.fixture(scope="session")
def _frames() -> dict[Database, object]:
    """What pages stand in, as each database begins: read once, because it takes as long as many a test."""
    return {}


@pytest.fixture
def app(
    _one_app: Flask, settings: Settings, database: Database, clock: TestClock, _frames: dict[Database, object]
) -> Iterator[Flask]:
    """The application on this test's own database, settings and clock; it remembers nothing of other tests."""
    config, extensions = dict(_one_app.config), dict(_one_app.extensions)
    _one_app.extensions.update(settings=settings, database=database, clock=clock, shelf=Shelf())
    if database not in _frames:
        with _one_app.app_context():
            frame()
        _frames[database] = _one_app.extensions["frame"]
    _one_app.extensions["frame"] = _frames[database]
    yield _one_app
    for changed, before in ((_one_app.config, config), (_one_app.extensions, extensions)):
        changed.clear()
        changed.update(before)


@pytest.fixture
def client(app: Flask) -> Iterator[StrictClient]:
    """Nobody in particular: not signed in."""
    with app.test_client() as client:
        yield cast(StrictClient, client)


SignInAs = Callable[..., StrictClient]
Record = Callable[..., None]


@pytest.fixture
def sign_in_as(app: Flask, database: Database, now: datetime) -> SignInAs:
    """A client signed in as somebody with these roles: `sign_in_as(Role.ANALYST, countries=["MLI"])`."""

    def signed_in(
        *roles: Role,
        countries: Collection[str] | None = None,
        groups: Collection[str] = (),
        clearance: Mark = Mark.GREEN,
        name: str = "",
        time_zone: str = "UTC",
    ) -> StrictClient:
        with database.writing() as session:
            who = factories.person(
                session,
                roles=roles,
                countries=countries,
                groups=groups,
                clearance=clearance,
                name=name,
                time_zone=time_zone,
                created_at=now,
            )
            key = factories.sign_in(session, who, now=now)
        client = cast(StrictClient, app.test_client())
        with client.session_transaction() as cookie:
            cookie["key"] = key
            cookie["seen"] = now.timestamp()
        return client

    return signed_in


@pytest.fixture
def reader(sign_in_as: SignInAs) -> StrictClient:
    return sign_in_as(Role.READER)


@pytest.fixture
def record(database: Database, now: datetime) -> Record:
    """Writes one observation of the independence of courts, of the end of last month, and keeps it as the newest.

    No score is concluded from it.
    """

    def recorded(iso3: str, value: float | None, **differing: object) -> None:
        usual: dict[str, object] = {"indicator": "independence_of_courts", "on": date(2026, 2, 28), "recorded_at": now}
        with database.writing() as session:
            made = factories.observation(session, iso3=iso3, value=value, **(usual | differing))  # type: ignore[arg-type]
            standings.renew(session, [made.batch_id])

    return recorded


@pytest.fixture
def returning(app: Flask, database: Database, now: datetime) -> SignInAs:
    """A client of somebody who looked last a day ago: `returning(clearance=Mark.RED)`."""

    def signed_in(**differing: Any) -> StrictClient:
        long_ago, yesterday = now - timedelta(days=100), now - timedelta(days=1)
        with database.writing() as session:
            who = factories.person(session, created_at=long_ago, **differing)
            session.add(Visit(person_id=who.id, new_since=yesterday))
        return browser_of(app, database, who, now)

    return signed_in


@pytest.fixture(scope="session")
def bracketed(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Path:
    """Translations into the language of brackets, made once per run: reading all texts takes more than a second."""
    shared = shared_folder(tmp_path_factory, pytestconfig)
    with one_at_a_time(shared):
        if not (shared / "brackets").exists():
            write_translations(shared / "brackets")
    return shared / "brackets"
