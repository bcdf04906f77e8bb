"""A situation, and who works on it."""

from datetime import datetime
from typing import Any

import pytest

from tests import situations
from tests.situations import Desk
from tests.situations import somebody as principal
from tests.strict_client import StrictClient
from tests.web.conftest import SignInAs
from tests.web.situations.desk import NEW, Raise
from tracker.access import Role
from tracker.handling import Mark
from tracker.situation import SituationState
from tracker.storage.base import Database
from tracker.storage.conclusions import Flag, Situation


@pytest.fixture
def raise_one(database: Database, now: datetime) -> Raise:
    """A warning about the rule of law in Mali, unless a test says otherwise."""

    def raised(state: SituationState = NEW, **differing: Any) -> tuple[Flag, Situation]:
        with database.writing() as session:
            usual: dict[str, Any] = {"now": now, "handling": Mark.GREEN}
            flag, situation = situations.raised(session, **(usual | differing))
            if state is not NEW:
                by = principal(session, Role.REVIEWER, name="The desk", now=now)
                Desk(session, by, differing.get("now", now)).bring(flag, situation, state)
            return flag, situation

    return raised


@pytest.fixture
def reviewer(sign_in_as: SignInAs) -> StrictClient:
    return sign_in_as(Role.REVIEWER, name="Rita")


@pytest.fixture
def analyst(sign_in_as: SignInAs) -> StrictClient:
    return sign_in_as(Role.ANALYST, name="Ana")
