"""Which days may be written down beforehand."""

from datetime import date, timedelta

import pytest

from tracker.occasion import FURTHEST_AHEAD, LONGEST_NAME, DayUnfit, NameMissing, NameTooLong, refuse_unfit

TODAY = date(2026, 3, 16)
NEAR, FAR = TODAY, TODAY + FURTHEST_AHEAD
DAY = timedelta(days=1)


@pytest.mark.parametrize("day", [NEAR, FAR])
def test_a_day_from_today_on_is_taken(day: date) -> None:
    refuse_unfit("Election", day, TODAY)


@pytest.mark.parametrize("day", [NEAR - DAY, FAR + DAY, date.max])
def test_a_day_that_is_over_or_too_far_off_is_refused(day: date) -> None:
    with pytest.raises(DayUnfit):
        refuse_unfit("Election", day, TODAY)


def test_it_has_a_name_of_some_length() -> None:
    refuse_unfit("a" * LONGEST_NAME, NEAR, TODAY)
    with pytest.raises(NameTooLong):
        refuse_unfit("a" * (LONGEST_NAME + 1), NEAR, TODAY)
    with pytest.raises(NameMissing):
        refuse_unfit("", NEAR, TODAY)
