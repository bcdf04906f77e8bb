"""Which days may be written down beforehand, and on which days they come again."""

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from tracker.occasion import (
    FURTHEST_AHEAD,
    LONGEST_NAME,
    LONGEST_NOTE,
    MOST_MONTHS,
    DayUnfit,
    Draft,
    EndUnfit,
    LinkUnfit,
    NameMissing,
    NameTooLong,
    NeverAgain,
    NoteTooLong,
    OccasionKind,
    RecurrenceUnfit,
    is_alike,
    next_day,
    occurrences,
    refuse_unfit,
)
from tracker.refusal import Refusal

TODAY = date(2026, 3, 16)
NEAR, FAR = TODAY, TODAY + FURTHEST_AHEAD
DAY = timedelta(days=1)
ELECTION = Draft(OccasionKind.ELECTION, "Election", NEAR, "MLI")
LONG_AGO = date(1994, 4, 7)


@pytest.mark.parametrize("day", [NEAR, FAR])
def test_a_day_from_today_on_is_taken(day: date) -> None:
    refuse_unfit(replace(ELECTION, day=day), TODAY)


@pytest.mark.parametrize("day", [NEAR - DAY, FAR + DAY, date.max])
def test_a_day_that_is_over_or_too_far_off_is_refused(day: date) -> None:
    with pytest.raises(DayUnfit):
        refuse_unfit(replace(ELECTION, day=day), TODAY)


@pytest.mark.parametrize(
    ("fit", "unfit", "refusal"),
    [
        ({"name": "a" * LONGEST_NAME}, {"name": "a" * (LONGEST_NAME + 1)}, NameTooLong),
        ({"name": "a"}, {"name": ""}, NameMissing),
        ({"note": "a" * LONGEST_NOTE}, {"note": "a" * (LONGEST_NOTE + 1)}, NoteTooLong),
        ({"link": "https://example.org/"}, {"link": "javascript:alert(1)"}, LinkUnfit),
        ({"every_months": 1}, {"every_months": 0}, RecurrenceUnfit),
        ({"every_months": MOST_MONTHS}, {"every_months": MOST_MONTHS + 1}, RecurrenceUnfit),
        ({"every_months": 1, "until": NEAR}, {"every_months": 1, "until": NEAR - DAY}, EndUnfit),
        ({}, {"until": FAR}, EndUnfit),
        ({"every_months": 12, "day": LONG_AGO}, {"day": LONG_AGO}, DayUnfit),
        (
            {"every_months": 12, "day": LONG_AGO, "until": date(2026, 4, 7)},
            {"every_months": 12, "day": LONG_AGO, "until": date(2026, 4, 6)},
            NeverAgain,
        ),
    ],
)
def test_what_is_written_of_a_day_has_limits(
    fit: dict[str, object], unfit: dict[str, object], refusal: type[Refusal]
) -> None:
    refuse_unfit(replace(ELECTION, **fit), TODAY)  # type: ignore[arg-type]
    with pytest.raises(refusal):
        refuse_unfit(replace(ELECTION, **unfit), TODAY)  # type: ignore[arg-type]


def test_the_31st_falls_on_the_last_day_of_a_shorter_month_and_on_the_31st_again() -> None:
    found = occurrences(date(2026, 1, 31), 1, None, date(2026, 1, 1), date(2026, 5, 31))

    assert found == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)]


def test_what_came_on_a_29_february_comes_on_the_28th_where_there_is_none() -> None:
    found = occurrences(date(2024, 2, 29), 12, None, date(2025, 1, 1), date(2028, 12, 31))

    assert found == [date(2025, 2, 28), date(2026, 2, 28), date(2027, 2, 28), date(2028, 2, 29)]


def test_what_comes_once_comes_between_two_days_or_not() -> None:
    assert occurrences(NEAR, None, None, NEAR, NEAR) == [NEAR]
    assert occurrences(NEAR, None, None, NEAR + DAY, FAR) == []
    assert occurrences(NEAR, None, None, NEAR - DAY, NEAR - DAY) == []


def test_no_day_is_later_than_there_are_days() -> None:
    assert occurrences(date(9990, 12, 31), 100, None, date.min, date.max) == [date(9990, 12, 31), date(9999, 4, 30)]
    assert next_day(date(9990, 12, 31), 100, None, date.max) is None


@pytest.mark.parametrize("seed", range(40))
def test_days_that_come_again_are_those_that_counting_from_the_first_finds(seed: int) -> None:
    chance = np.random.default_rng(seed)
    day = date(2000, 1, 1) + timedelta(days=int(chance.integers(0, 4000)))
    every = int(chance.choice([1, 2, 3, 6, 12, 18, 48]))
    since = day + timedelta(days=int(chance.integers(-500, 5000)))
    till = since + timedelta(days=int(chance.integers(0, 3000)))
    until = None if chance.random() < 0.3 else day + timedelta(days=int(chance.integers(0, 6000)))

    found = occurrences(day, every, until, since, till)

    expected = []
    for number in range(12 * 40 // every):
        year, month = divmod(day.year * 12 + day.month - 1 + number * every, 12)
        expected.append(date(year, month + 1, min(day.day, monthrange(year, month + 1)[1])))
    last = till if until is None else min(till, until)
    assert found == [one for one in expected if since <= one <= last]
    nearest = [one for one in expected if one >= since and (until is None or one <= until)]
    assert next_day(day, every, until, since) == (nearest[0] if nearest else None)


@pytest.mark.parametrize(
    ("differing", "alike"),
    [
        ({"name": "The vote", "day": NEAR + 7 * DAY}, True),
        ({"day": NEAR + 8 * DAY}, False),
        ({"kind": OccasionKind.VERDICT}, False),
        ({"iso3": "NER"}, False),
        ({"iso3": None, "group_key": "african_union"}, False),
        ({"day": date(2010, 3, 20), "every_months": 12}, True),
        ({"day": NEAR - DAY}, False),
    ],
)
def test_days_of_one_kind_and_place_within_a_week_are_likely_one(differing: dict[str, object], alike: bool) -> None:
    assert is_alike(ELECTION, replace(ELECTION, **differing), TODAY) is alike  # type: ignore[arg-type]
