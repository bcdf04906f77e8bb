"""Whom the tests of this folder know, and what they begin with."""

from datetime import datetime

import pytest
from flask import Flask

from tests.strict_client import StrictClient
from tests.web.browsing import browser_of, somebody
from tracker.access import Role
from tracker.jobs.job import Shift
from tracker.settings import Settings
from tracker.storage.admitting import Person
from tracker.storage.base import Database


@pytest.fixture
def ana(database: Database, now: datetime) -> Person:
    return somebody(database, now, name="Ana", roles=[Role.ANALYST])


@pytest.fixture
def analyst(app: Flask, database: Database, ana: Person, now: datetime) -> StrictClient:
    return browser_of(app, database, ana, now)


@pytest.fixture
def shift(settings: Settings, database: Database, now: datetime) -> Shift:
    return Shift(settings, database, clock=lambda: now, stopping=lambda: False)
