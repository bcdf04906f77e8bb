from datetime import datetime

import pytest

from tracker.jobs.job import Shift
from tracker.settings import Settings
from tracker.storage.base import Database


@pytest.fixture
def database(empty_database: Database) -> Database:
    """The jobs of this folder need neither catalogue nor countries."""
    return empty_database


@pytest.fixture
def shift(settings: Settings, database: Database, now: datetime) -> Shift:
    """Time stands still in it, and nobody asks it to end."""
    return Shift(settings, database, clock=lambda: now, stopping=lambda: False)
