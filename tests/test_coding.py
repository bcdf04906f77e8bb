"""Months, days and how far several answers agree."""

from datetime import date

import pytest

from tracker.coding import (
    Agreement,
    agreement,
    has_begun,
    month_after,
    observed_on,
    period_before,
    period_of,
    usual_period,
)


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2026, 3, 1), date(2026, 3, 31)),
        (date(2026, 3, 31), date(2026, 3, 31)),
        (date(2024, 2, 1), date(2024, 2, 29)),
        (date(2025, 2, 10), date(2025, 2, 28)),
    ],
)
def test_a_period_is_named_by_the_last_day_of_its_month(day: date, last: date) -> None:
    assert period_of(day) == last


@pytest.mark.parametrize(
    ("today", "period"), [(date(2026, 3, 10), date(2026, 2, 28)), (date(2026, 3, 11), date(2026, 3, 31))]
)
def test_in_the_first_ten_days_a_desk_writes_about_the_month_before(today: date, period: date) -> None:
    assert usual_period(today) == period


def test_months_go_back_and_forth_over_the_turn_of_a_year() -> None:
    assert period_before(date(2026, 1, 31)) == date(2025, 12, 31)
    assert period_before(date(2026, 3, 31), 3) == date(2025, 12, 31)
    assert month_after(date(2025, 12, 31)) == date(2026, 1, 31)


def test_an_answer_speaks_of_the_last_day_of_a_month_that_is_over() -> None:
    assert observed_on(date(2026, 2, 28), today=date(2026, 3, 16)) == date(2026, 2, 28)


def test_while_a_month_lasts_an_answer_speaks_of_today() -> None:
    assert observed_on(date(2026, 3, 31), today=date(2026, 3, 16)) == date(2026, 3, 16)


@pytest.mark.parametrize(("today", "begun"), [(date(2026, 3, 31), False), (date(2026, 4, 1), True)])
def test_a_month_begins_with_its_first_day(today: date, begun: bool) -> None:
    assert has_begun(date(2026, 4, 30), today) == begun


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([2.0], None),
        ([2.0, 2.0], Agreement.SAME),
        ([2.0, 3.0], Agreement.ONE_STEP),
        ([2.0, 4.0], Agreement.APART),
        ([None, None], Agreement.SAME),
        ([None, 2.0], Agreement.APART),
        ([1.0, 2.0, 3.0], Agreement.APART),
    ],
)
def test_agreement_is_counted_in_steps_of_the_scale(values: list[float | None], expected: Agreement | None) -> None:
    assert agreement(values, step=1.0) is expected
