"""The cast: who decides, who records, who reads, who works elsewhere."""

from datetime import datetime

import pytest

from tests.situations import Desk, somebody
from tracker.access import Principal, Role
from tracker.storage.base import Session


@pytest.fixture
def rita(session: Session, now: datetime) -> Principal:
    """A reviewer who may see everything."""
    return somebody(session, Role.REVIEWER, now=now)


@pytest.fixture
def ana(session: Session, now: datetime) -> Principal:
    return somebody(session, Role.ANALYST, now=now)


@pytest.fixture
def desk(session: Session, rita: Principal, now: datetime) -> Desk:
    return Desk(session, rita, now)
