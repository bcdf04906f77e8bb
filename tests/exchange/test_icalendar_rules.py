"""What comes again leaves as the rule that says it, and comes in again as it was."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from tracker.exchange.icalendar import Day, icalendar
from tracker.exchange.icalendar_events import events
from tracker.exchange.icalendar_rules import rule_of


@pytest.mark.parametrize(
    ("day", "every_months", "rule"),
    [
        (date(2026, 4, 7), 12, "FREQ=YEARLY;INTERVAL=1"),
        (date(2026, 4, 7), 3, "FREQ=MONTHLY;INTERVAL=3"),
        (date(2026, 1, 28), 1, "FREQ=MONTHLY;INTERVAL=1"),
        (date(2026, 1, 30), 12, "FREQ=YEARLY;INTERVAL=1"),
        # in a shorter month it comes on the last day
        (date(2026, 1, 31), 1, "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=-1"),
        (date(2024, 2, 29), 12, "FREQ=YEARLY;INTERVAL=1;BYMONTH=2;BYMONTHDAY=-1"),
        (date(2026, 1, 29), 1, None),
        (date(2026, 1, 30), 6, None),
        (date(2024, 2, 29), 6, None),
    ],
)
def test_what_comes_again_is_said_as_a_rule_where_one_says_the_same(
    day: date, every_months: int, rule: str | None
) -> None:
    assert rule_of(day, every_months, None) == rule
    if rule is not None:
        assert rule_of(day, every_months, date(2030, 12, 31)) == f"{rule};UNTIL=20301231"


@pytest.mark.parametrize("seed", range(40))
def test_what_left_as_a_rule_comes_in_again_as_it_was(seed: int) -> None:
    chance = np.random.default_rng(seed)
    day = date(2024, 1, 1) + timedelta(days=int(chance.integers(0, 400)))
    every = int(chance.choice([1, 2, 6, 12, 24, 60, 119, 1200]))
    until = None if chance.random() < 0.5 else day + timedelta(days=int(chance.integers(0, 6000)))
    rule = rule_of(day, every, until)
    if rule is None:
        assert day.day in (29, 30)
        return
    one = Day("1@t", day, "Election", "https://t.example.org/", datetime(2024, 1, 1, tzinfo=UTC), rule=rule)

    [event] = events(icalendar("Tracker", [one]).decode())

    assert (event.day(), event.recurrence()) == (day, (every, until))
