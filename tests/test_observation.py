"""Observations of one thing are compared over exactly a year."""

from dataclasses import dataclass
from datetime import date

from tracker.observation import a_year_before, observed_a_year_before


@dataclass(frozen=True)
class Noted:
    observed_on: date


SERIES = [Noted(date(2021, 12, 31)), Noted(date(2022, 12, 31)), Noted(date(2024, 12, 31))]


def test_a_change_over_two_years_is_not_taken_for_one_year() -> None:
    assert observed_a_year_before(SERIES, SERIES[2]) is None
    assert observed_a_year_before(SERIES, SERIES[1]) == SERIES[0]


def test_a_year_before_a_leap_day_is_the_twenty_eighth() -> None:
    assert a_year_before(date(2024, 2, 29)) == date(2023, 2, 28)
