"""Whom the tests of this folder know, and what they begin with."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.strict_client import StrictClient
from tests.web.browsing import browser_of, somebody
from tests.web.conftest import SignInAs
from tests.web.observations.observing import COURTS, DAY, Record
from tracker.access import Role
from tracker.storage.admitting import Person
from tracker.storage.base import Database


@pytest.fixture
def record(database: Database, now: datetime) -> Record:
    """Writes one observation of the courts of Mali at the end of February."""

    def recorded(value: float | None = 2, **differing: Any) -> None:
        usual: dict[str, Any] = {"indicator": COURTS, "iso3": "MLI", "on": DAY, "recorded_at": now}
        with database.writing() as session:
            factories.observation(session, value=value, **(usual | differing))

    return recorded


@pytest.fixture
def ana(database: Database, now: datetime) -> Person:
    return somebody(database, now, name="Ana", roles=[Role.ANALYST])


@pytest.fixture
def analyst(app: Flask, database: Database, ana: Person, now: datetime) -> StrictClient:
    return browser_of(app, database, ana, now)


@pytest.fixture
def reader(sign_in_as: SignInAs) -> StrictClient:
    return sign_in_as(Role.READER)
