"""How a flag stands, for whom."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from tests import situations
from tracker.flag import Change
from tracker.handling import Mark
from tracker.rule import Severity
from tracker.storage import flags
from tracker.storage.base import Session
from tracker.storage.flags import state_at

NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Said:
    id: int
    handling: int
    at: datetime = NOON


def test_what_is_said_above_a_clearance_says_nothing() -> None:
    assert state_at([Said(1, Mark.AMBER)], Mark.GREEN) is None
    assert state_at([Said(1, Mark.AMBER)], Mark.AMBER) == Said(1, Mark.AMBER)


def test_the_newest_of_a_mark_counts() -> None:
    older, newer = Said(2, Mark.GREEN), Said(1, Mark.GREEN, NOON + HOUR)

    assert state_at([newer, older], Mark.GREEN) == newer


def test_of_what_was_said_at_once_the_later_row_counts() -> None:
    assert state_at([Said(2, Mark.GREEN), Said(1, Mark.GREEN)], Mark.GREEN) == Said(2, Mark.GREEN)


def test_what_a_higher_mark_says_goes_before_what_a_lower_one_says_later() -> None:
    high, low = Said(1, Mark.RED), Said(2, Mark.GREEN, NOON + HOUR)

    assert state_at([high, low], Mark.RED) == high
    assert state_at([high, low], Mark.AMBER) == low


def test_nothing_said_is_no_flag() -> None:
    assert state_at([], Mark.RED) is None


def test_a_flag_is_open_for_those_for_whom_it_is_not_cleared(session: Session, now: datetime) -> None:
    flag, situation = situations.raised(session, handling=Mark.GREEN, now=now)
    situations.said(session, flag, Change.CLEARED, handling=Mark.RED, now=now)

    def is_open(clearance: Mark) -> list[bool]:
        return [one.is_open for one in flags.in_situation(session, situation.id, clearance)]

    assert [is_open(mark) for mark in Mark] == [[], [True], [True], [True], [False]]


def test_a_closed_flag_is_open_for_nobody(session: Session, now: datetime) -> None:
    flag, situation = situations.raised(session, now=now)
    flag.closed_at = now

    [one] = flags.in_situation(session, situation.id, Mark.CLEAR)

    assert (one.is_open, one.is_waiting, one.is_cleared) == (False, False, False)


def test_open_flags_come_first_and_of_them_the_most_severe(session: Session, now: datetime) -> None:
    warning, situation = situations.raised(session, subject="a", now=now)
    alarm, _ = situations.raised(session, subject="b", severity=Severity.ALARM, now=now)
    over, _ = situations.raised(session, subject="c", severity=Severity.ALARM, now=now + HOUR)
    over.closed_at = now + HOUR
    situations.raised(session, iso3="NER", now=now)

    seen = flags.in_situation(session, situation.id, Mark.CLEAR)

    assert [one.flag.id for one in seen] == [alarm.id, warning.id, over.id]


@pytest.mark.parametrize("clearance", [Mark.AMBER, Mark.RED])
def test_a_flag_is_known_from_its_lowest_mark_on(session: Session, now: datetime, clearance: Mark) -> None:
    flag, _ = situations.raised(session, handling=Mark.RED, now=now)
    situations.said(session, flag, handling=Mark.AMBER, now=now)

    seen = flags.seen(session, flag, clearance)

    assert seen is not None
    assert seen.lowest_mark is Mark.AMBER
    assert len(seen.events) == (2 if clearance is Mark.RED else 1)
