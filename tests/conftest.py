"""What every test may ask for by name. Databases come fresh; mail and network stay on this machine."""

import gc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import settings as properties
from jinja2 import FileSystemBytecodeCache

from tests import network, postgres
from tests.databases import ENGINES, MIGRATED, PUBLISHED, STOCKED, Databases, open_database, undone
from tests.smtp_sink import SmtpSink
from tracker.actions import passwords
from tracker.settings import Mode, Settings
from tracker.storage.base import Database, Session

NOW = datetime(2026, 3, 16, 12, 0, tzinfo=UTC)
QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
POSTGRES = pytest.StashKey[postgres.OnDemand]()
POSTGRES_ADDRESS = pytest.StashKey[str]()


# What takes its time on a busy machine is right all the same.
properties.register_profile("untimed", properties.default, deadline=None)


def pytest_configure(config: pytest.Config) -> None:
    network.forbid()
    properties.load_profile("untimed")
    handed_in: dict[str, str] | None = getattr(config, "workerinput", None)
    if handed_in is None:
        config.stash[POSTGRES] = postgres.OnDemand()
        config.stash[POSTGRES_ADDRESS] = config.stash[POSTGRES].address
    else:
        config.stash[POSTGRES_ADDRESS] = handed_in["postgres"]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tells each parallel test process where to ask for PostgreSQL."""
    node.workerinput["postgres"] = node.config.stash[POSTGRES_ADDRESS]


def pytest_collection_finish() -> None:
    """Looks for garbage rarely, and not among what was there before the first test: a seventh of the run's time."""
    gc.freeze()
    gc.set_threshold(200_000, 20, 20)


def pytest_unconfigure(config: pytest.Config) -> None:
    if POSTGRES in config.stash:
        config.stash[POSTGRES].stop()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Names bytes by their length: written out nobody can read them, and compressed ones may hold the time of day."""
    return f"{argname}-of-{len(val)}-bytes" if isinstance(val, bytes) else None


@pytest.fixture(autouse=True)
def _network_is_not_reached_for() -> Iterator[None]:
    network.stopped.clear()
    yield
    assert network.stopped == [], "this test tried to reach another machine"


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """The product takes a tenth of a second for a password, on purpose; tests about that undo this."""
    monkeypatch.setattr(passwords, "_hasher", QUICK_HASHER)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each test that uses a database runs once per engine.

    A test about something else may name one: `@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)`.
    """
    return str(request.param)


@pytest.fixture(scope="session", autouse=True)
def _templates_are_compiled_once(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> None:
    """In each run, not in each process and each application: compiling all of them takes five seconds."""
    folder = shared_folder(tmp_path_factory, pytestconfig) / "templates"
    folder.mkdir(exist_ok=True)
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": FileSystemBytecodeCache(str(folder))}


def shared_folder(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Path:
    """Of all test processes of this run: parallel ones have a folder each, side by side."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if hasattr(pytestconfig, "workerinput") else folder


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Databases]:
    made = Databases(shared_folder(tmp_path_factory, pytestconfig), pytestconfig.stash[POSTGRES_ADDRESS], NOW)
    yield made
    made.close()


@pytest.fixture
def empty_database(databases: Databases, engine_name: str) -> Iterator[Database]:
    """Migrated, and nothing in it."""
    with databases.lent(engine_name, MIGRATED) as database:
        yield database


@pytest.fixture
def stocked_database(databases: Databases, engine_name: str) -> Iterator[Database]:
    """With the catalogue, countries and groups; no observations, no people."""
    with databases.lent(engine_name, STOCKED) as database:
        yield database


@pytest.fixture
def database(stocked_database: Database) -> Database:
    """What most tests begin with; in some folders it is another one."""
    return stocked_database


@pytest.fixture
def published_database(databases: Databases, engine_name: str) -> Iterator[Database]:
    """As a first run leaves it: with the bundled published values, too."""
    with databases.lent(engine_name, PUBLISHED) as database:
        yield database


@pytest.fixture(scope="session")
def _shared_databases(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Database]]:
    """Stocked databases by engine, for tests that leave nothing behind."""
    opened: dict[str, Database] = {}
    yield opened
    for database in opened.values():
        database.dispose()


@pytest.fixture
def session(request: pytest.FixtureRequest, engine_name: str) -> Iterator[Session]:
    """A session that may write: all of it, commits included, is undone at the end.

    With `database` in the same test it works on that one; alone, on one that is not copied for every test.
    """
    if "database" in request.fixturenames:
        database: Database = request.getfixturevalue("database")
    else:
        database = _shared(request, engine_name)
    with undone(database) as session:
        yield session


def _shared(request: pytest.FixtureRequest, engine_name: str) -> Database:
    opened: dict[str, Database] = request.getfixturevalue("_shared_databases")
    if engine_name not in opened:
        databases: Databases = request.getfixturevalue("databases")
        folder = request.getfixturevalue("tmp_path_factory").mktemp("shared-database")
        opened[engine_name] = open_database(databases.copy(engine_name, STOCKED, folder))
    return opened[engine_name]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return usual_settings(tmp_path)


def usual_settings(folder: Path) -> Settings:
    """A local installation in a folder of its own; mail goes to its outbox."""
    data_folder = folder / "data"
    data_folder.mkdir(mode=0o700)
    return Settings(
        mode=Mode.LOCAL,
        data_folder=data_folder,
        database_url=f"sqlite:///{data_folder / 'tracker.sqlite3'}",
        secret="a secret that only the tests know, long enough",
        public_url="http://localhost:8000",
        relay=None,
        mail_from="Early-warning tracker <tracker@localhost>",
    )


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    sink = SmtpSink()
    sink.start()
    yield sink
    sink.stop()
