"""The way of a score in few rows: at each end and on every later day it says what the whole history says."""

from datetime import date, datetime, timedelta

import pytest

from tests.actions.test_concluding import live_through_something
from tests.concluding import recorded, then_of
from tracker.handling import Mark
from tracker.storage import methods
from tracker.storage.base import Session
from tracker.storage.score_steps import steps_seen
from tracker.storage.scores import Step

COURTS = "independence_of_courts"


def seen(session: Session, clearance: Mark, ends: list[date], until: date, known: datetime) -> list[Step]:
    chosen = methods.in_force(session)
    assert chosen is not None
    found = steps_seen(
        *(session, chosen[0], chosen[1].tree, ["MLI", "FRA"], clearance), ends=ends, until=until, known=known
    )
    assert found["FRA"] == []
    return found["MLI"]


@pytest.mark.parametrize("clearance", [Mark.CLEAR, Mark.RED])
@pytest.mark.parametrize("known_after", [0, 4, 45, 120])
def test_what_held_on_each_end_and_on_every_later_day_is_what_the_history_says(
    session: Session, now: datetime, clearance: Mark, known_after: int
) -> None:
    live_through_something(session, now)
    until, known = (now + timedelta(days=known_after)).date(), now + timedelta(days=known_after)
    ends = [date(2025, 12, 31), date(2026, 2, 28), date(2026, 3, 10)]

    steps = seen(session, clearance, ends, until, known)

    assert [step.day for step in steps] == sorted({step.day for step in steps})
    later = [ends[-1] + timedelta(days=after) for after in range((until - ends[-1]).days + 1)]
    for day in [*ends, *later]:
        held = [step.scores for step in steps if step.day <= day]
        kept = then_of(session, day, known, clearance=clearance)
        assert (not held) == (kept is None)
        assert kept is None or kept.says_the_same_as(held[-1])


def test_between_two_ends_nothing_is_read_but_what_held_on_the_second(session: Session, now: datetime) -> None:
    for month in range(1, 13):
        recorded(session, COURTS, month % 3, on=date(2024, month, 15), at=now)

    steps = seen(session, Mark.CLEAR, [date(2024, 3, 31), date(2024, 9, 30)], date(2024, 11, 20), now)

    until_the_second = [step.day.month for step in steps if step.day <= date(2024, 9, 30)]
    assert until_the_second == [3, 9]
    assert {date(2024, 10, 15), date(2024, 11, 15)} <= {step.day for step in steps}
