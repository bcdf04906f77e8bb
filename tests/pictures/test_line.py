"""A line joins only figures of neighbouring periods."""

from datetime import date

import pytest

from tracker.pictures.line import Line, Point, missing_periods, unbroken_runs


def yearly(*years: int) -> tuple[Point, ...]:
    return tuple(Point(date(year, 12, 31), 1.0) for year in years)


def run_years(points: tuple[Point, ...], months_between: int = 12) -> list[list[int]]:
    return [[point.on.year for point in run] for run in unbroken_runs(points, months_between)]


def test_years_without_a_gap_are_one_run() -> None:
    assert run_years(yearly(2001, 2002, 2003)) == [[2001, 2002, 2003]]


def test_a_missing_year_breaks_the_run() -> None:
    assert run_years(yearly(2001, 2002, 2004)) == [[2001, 2002], [2004]]


def test_points_may_come_in_any_order() -> None:
    assert run_years(yearly(2003, 2001, 2002)) == [[2001, 2002, 2003]]


def test_no_points_are_no_runs() -> None:
    assert run_years(()) == []


@pytest.mark.parametrize(
    ("months_between", "days", "runs"),
    [
        (1, [date(2023, 12, 31), date(2024, 1, 1)], 1),
        (1, [date(2023, 11, 30), date(2024, 1, 1)], 2),
        (3, [date(2023, 10, 1), date(2024, 3, 31)], 1),
        (3, [date(2023, 9, 30), date(2024, 1, 1)], 2),
        (12, [date(2023, 1, 1), date(2024, 12, 31)], 1),
    ],
)
def test_neighbouring_periods_are_told_by_the_calendar(months_between: int, days: list[date], runs: int) -> None:
    assert len(unbroken_runs([Point(day, 1.0) for day in days], months_between)) == runs


def test_two_figures_for_one_period_are_refused() -> None:
    with pytest.raises(ValueError, match="one period"):
        unbroken_runs([Point(date(2023, 1, 1), 1.0), Point(date(2023, 6, 1), 2.0)], 12)


def test_where_points_stand_at_their_days_a_period_may_hold_several() -> None:
    points = [Point(day, 1.0) for day in (date(2023, 1, 1), date(2023, 6, 1), date(2024, 1, 1), date(2026, 1, 1))]
    assert [len(run) for run in unbroken_runs(points, 12, by_day=True)] == [3, 1]


def test_two_figures_for_one_day_are_refused() -> None:
    with pytest.raises(ValueError, match="one period"):
        unbroken_runs([Point(date(2023, 1, 1), 1.0), Point(date(2023, 1, 1), 2.0)], 12, by_day=True)


def test_missing_periods_are_counted_between_the_first_and_the_last() -> None:
    assert missing_periods(yearly(1996, 1998, 2000), 12) == 2


def test_a_line_knows_its_points_in_order() -> None:
    assert [point.on.year for point in Line("a", yearly(2003, 2001)).in_order] == [2001, 2003]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_figure_that_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="not a number"):
        Point(date(2023, 1, 1), value)


def test_an_interval_that_leaves_out_its_figure_is_refused() -> None:
    with pytest.raises(ValueError, match="must contain"):
        Point(date(2023, 1, 1), 5.0, 6.0, 7.0)


def test_half_an_interval_is_none() -> None:
    assert Point(date(2023, 1, 1), 5.0, low=4.0).interval is None
