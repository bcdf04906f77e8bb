"""Observations of one thing are compared over exactly a year, and statements of the same one part by part."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from tracker.catalogue.reading import read_catalogue
from tracker.handling import Mark
from tracker.observation import Difference, Statement, change_between, differences, observed_a_year_before


@dataclass(frozen=True)
class Noted:
    observed_on: date


@dataclass(frozen=True)
class Figure:
    value: float
    standard_error: float | None
    observed_on: date = date(2026, 1, 31)


SERIES = [Noted(date(2021, 12, 31)), Noted(date(2022, 12, 31)), Noted(date(2024, 12, 31))]


def test_a_change_over_two_years_is_not_taken_for_one_year() -> None:
    assert observed_a_year_before(SERIES, SERIES[2]) is None
    assert observed_a_year_before(SERIES, SERIES[1]) == SERIES[0]


def test_the_end_of_february_is_compared_with_the_end_of_february() -> None:
    leap = [Noted(date(2024, 2, 29)), Noted(date(2025, 2, 28))]

    assert observed_a_year_before(leap, leap[1]) == leap[0]


def test_of_several_in_that_month_the_last_is_compared() -> None:
    series = [Noted(date(2024, 3, 5)), Noted(date(2024, 3, 31)), Noted(date(2025, 3, 31))]

    assert observed_a_year_before(series, series[2]) == series[1]


COURTS = next(found for found in read_catalogue().indicators if found.key == "independence_of_courts")


@pytest.mark.parametrize(
    ("before", "now", "error", "points", "rise"),
    [
        (1.0, 2.0, None, 25.0, True),
        (2.0, 1.0, None, -25.0, False),
        (1.0, 1.0, None, 0.0, False),
        (1.0, 1.23, 0.1, 5.75, False),
        (1.0, 1.24, 0.1, 6.0, True),
    ],
)
def test_a_rise_is_a_change_for_the_worse_beyond_the_errors(
    before: float, now: float, error: float | None, points: float, rise: bool
) -> None:
    """1.645 times the root of 0.1² + 0.1² is 0.2326."""
    change = change_between(COURTS, Figure(before, error), Figure(now, error))

    assert change.points == pytest.approx(points)
    assert change.is_rise is rise


# ---- two statements of the same observation ----

SAID = Statement(
    value=2.0,
    unknown=False,
    withdrawn=False,
    source="A court observer",
    source_key="1",
    grade="B2",
    handling=Mark.CLEAR,
    attributable=True,
    note="",
    evidence_url="",
)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"value": 3.0}, [Difference.VALUE]),
        ({"value": None, "unknown": True}, [Difference.VALUE]),
        ({"withdrawn": True}, [Difference.WITHDRAWN]),
        ({"source": "A judge", "source_key": "2"}, [Difference.SOURCE]),
        ({"source": None, "attributable": False}, [Difference.ATTRIBUTION]),
        ({"grade": "A1"}, [Difference.GRADE]),
        ({"handling": Mark.RED}, [Difference.MARK]),
        ({"note": "Read again."}, [Difference.NOTE]),
        ({"evidence_url": "https://example.org/"}, [Difference.LINK]),
        ({"note": "Read again.", "value": 1.0}, [Difference.VALUE, Difference.NOTE]),
    ],
)
def test_statements_differ_in_what_was_changed(changed: dict[str, Any], expected: list[Difference]) -> None:
    assert differences(SAID, replace(SAID, **changed)) == expected


def test_a_withdrawn_observation_that_is_said_again_is_restored() -> None:
    assert differences(replace(SAID, withdrawn=True), SAID) == [Difference.RESTORED]
