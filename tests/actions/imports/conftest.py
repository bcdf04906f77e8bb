from datetime import datetime

import pytest

from tests import factories
from tests.importing import Desk
from tracker.access import Role
from tracker.jobs.job import Shift
from tracker.settings import Settings
from tracker.storage.base import Database


@pytest.fixture
def shift(settings: Settings, database: Database, now: datetime) -> Shift:
    return Shift(settings, database, clock=lambda: now, stopping=lambda: False)


@pytest.fixture
def desk(shift: Shift, now: datetime) -> Desk:
    with shift.database.writing() as session:
        return Desk(shift, factories.person(session, roles=[Role.ANALYST], created_at=now))
