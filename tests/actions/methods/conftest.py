import pytest

from tests import factories
from tests.conftest import NOW
from tracker.access import Role
from tracker.handling import Mark
from tracker.storage.admitting import Person
from tracker.storage.base import Session


@pytest.fixture
def methodologist(session: Session) -> Person:
    return factories.person(session, roles=[Role.METHODOLOGIST], clearance=Mark.GREEN, created_at=NOW)
