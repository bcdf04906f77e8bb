"""The archipelago, loaded once per engine for all tests that only look at it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.conftest import NOW
from tests.databases import ENGINES, MIGRATED, Databases, open_database, undone
from tracker.demo.loading import Demo, load_demo
from tracker.storage.base import Database, Session


@dataclass(frozen=True)
class Loaded:
    demo: Demo
    database: Database


@pytest.fixture(scope="session", params=ENGINES)
def loaded(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Loaded]:
    url = databases.copy(request.param, MIGRATED, tmp_path_factory.mktemp("demonstration"))
    database = open_database(url)
    with database.writing() as session:
        demo = load_demo(session, now=NOW)
    yield Loaded(demo, database)
    database.dispose()
    databases.drop(url)


@pytest.fixture
def looking(loaded: Loaded) -> Iterator[Session]:
    """A session that the database forbids to write."""
    with loaded.database.reading() as session:
        yield session


@pytest.fixture
def trying(loaded: Loaded) -> Iterator[Session]:
    """A session that may write; all of it is undone at the end."""
    with undone(loaded.database) as session:
        yield session
