from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.bundles import Office
from tests.databases import ENGINES, STOCKED, Databases
from tracker.jobs.job import Shift
from tracker.settings import Settings
from tracker.storage.base import Database


@pytest.fixture
def ours(database: Database, now: datetime) -> Office:
    return Office.of(database, now)


@pytest.fixture
def other_database(databases: Databases, engine_name: str) -> Iterator[Database]:
    """On the other engine."""
    [other] = [name for name in ENGINES if name != engine_name]
    with databases.lent(other, STOCKED) as lent:
        yield lent


@pytest.fixture
def theirs(other_database: Database, now: datetime) -> Office:
    return Office.of(other_database, now)


@pytest.fixture
def shift(settings: Settings, database: Database, now: datetime) -> Shift:
    """The worker of our own installation."""
    return Shift(settings, database, clock=lambda: now, stopping=lambda: False)
