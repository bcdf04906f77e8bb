"""A situation that is verified, and somebody who may do everything about it."""

from datetime import datetime

import pytest

from tests import situations
from tests.actions.situations.conftest import ana, rita
from tests.responses import Hand
from tracker.access import Principal
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation

__all__ = ["ana", "rita"]


@pytest.fixture
def situation(session: Session, now: datetime) -> Situation:
    return situations.raised(session, now=now)[1]


@pytest.fixture
def hand(session: Session, rita: Principal, now: datetime) -> Hand:
    return Hand(session, rita, now)
