"""Days are read from what people write: a year is its last day, and nothing that can be two days is one of them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.day import day_in, day_of, month_of
from tracker.entry import Fault, ProblemKind
from tracker.mapping import Cell, DayOrder

TODAY = date(2026, 11, 20)


def kind_of(cell: Cell, order: DayOrder | None = None) -> ProblemKind:
    found = day_of(cell, order, TODAY)
    assert isinstance(found, Fault), found
    assert found.text
    return found.kind


@pytest.mark.parametrize(
    "cell",
    [
        2025,
        2025.0,
        "2025",
        " 2025 ",
        "2025.0",
        "YR2025",
        "2025 [YR2025]",
        "X2025",
        "2025-12-31",
        "31/12/2025",
        "2025Q4",
    ],
)
def test_a_year_counts_as_its_last_day(cell: Cell) -> None:
    assert day_of(cell, None, TODAY) == date(2025, 12, 31)


@pytest.mark.parametrize(
    "cell",
    [
        *["2026-02", "2026/2", "02/2026", "2-2026", "Feb 2026", "february 2026", "Feb-2026", "2026 Feb", "202602"],
        *["2026M02", "2026m2", "févr. 2026", "Février 2026", "febrero de 2026", "2026-02-28"],
    ],
)
def test_a_month_counts_as_its_last_day(cell: Cell) -> None:
    assert day_of(cell, None, TODAY) == date(2026, 2, 28)


@pytest.mark.parametrize(
    "cell",
    [
        *["2026-03-31", "2026-3-31", "2026/03/31", "20260331", "31/03/2026", "31.03.2026", "03/31/2026", "31-3-2026"],
        *["2026-03-31T00:00:00", "2026-03-31 12:30", "2026-03-31T12:30:00Z", "31 Mar 2026", "31 mars 2026"],
        *["31 de marzo de 2026", "March 31, 2026", "31st March 2026", 46112, 46112.0, 46112.5, "46112", "Q1 2026"],
    ],
)
def test_a_day_is_read_however_it_is_written(cell: Cell) -> None:
    assert day_of(cell, None, TODAY) == date(2026, 3, 31)


def test_the_third_of_april_may_be_the_fourth_of_march() -> None:
    assert kind_of("03/04/2026") is ProblemKind.DAY_UNCLEAR
    assert day_of("03/04/2026", DayOrder.DAY_FIRST, TODAY) == date(2026, 4, 3)
    assert day_of("03/04/2026", DayOrder.MONTH_FIRST, TODAY) == date(2026, 3, 4)
    assert day_of("04/04/2026", None, TODAY) == date(2026, 4, 4)


def test_the_order_of_the_mapping_is_not_bent() -> None:
    assert kind_of("13/04/2026", DayOrder.MONTH_FIRST) is ProblemKind.DAY_UNREADABLE
    assert kind_of("04/13/2026", DayOrder.DAY_FIRST) is ProblemKind.DAY_UNREADABLE


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        *[(None, ProblemKind.DAY_MISSING), ("", ProblemKind.DAY_MISSING), ("..", ProblemKind.DAY_MISSING)],
        *[("2026-02-30", ProblemKind.DAY_UNREADABLE), ("2019-20", ProblemKind.DAY_UNREADABLE)],
        *[
            ("2019/20", ProblemKind.DAY_UNREADABLE),
            ("abc", ProblemKind.DAY_UNREADABLE),
            (5, ProblemKind.DAY_UNREADABLE),
        ],
        *[
            ("-2020", ProblemKind.DAY_UNREADABLE),
            ("1699", ProblemKind.DAY_UNREADABLE),
            (18_263, ProblemKind.DAY_UNREADABLE),
        ],
        *[
            ("03/04/26", ProblemKind.DAY_UNCLEAR),
            ("Mar-26", ProblemKind.DAY_UNCLEAR),
            ("3 Mar 26", ProblemKind.DAY_UNCLEAR),
        ],
    ],
)
def test_what_is_no_day_is_refused_with_its_reason(cell: Cell, kind: ProblemKind) -> None:
    assert kind_of(cell) is kind


def test_no_day_is_still_to_come() -> None:
    assert day_of("2026-11-20", None, TODAY) == TODAY
    assert kind_of("2026-11-21") is ProblemKind.DAY_AHEAD
    assert kind_of("2026-11") is ProblemKind.DAY_AHEAD
    assert kind_of(2026) is ProblemKind.DAY_AHEAD
    assert day_of(2026, None, date(2026, 12, 31)) == date(2026, 12, 31)


@pytest.mark.parametrize("month", [3, 3.0, "3", "03", "Mar", "march", "mars", "Marzo"])
def test_a_month_beside_its_year_is_read(month: Cell) -> None:
    assert day_in("2026", month, None, TODAY) == date(2026, 3, 31)


def test_a_digit_too_many_in_a_column_of_years_is_no_day_of_a_spreadsheet() -> None:
    assert day_of("46346", None, TODAY) == date(2026, 11, 20)
    found = day_in("20222", None, None, TODAY)
    assert isinstance(found, Fault)
    assert found.kind is ProblemKind.DAY_UNREADABLE


@pytest.mark.parametrize("month", ["", "0", "13", "Q1", "spring"])
def test_what_is_no_month_is_refused(month: Cell) -> None:
    assert isinstance(month_of(month), Fault)
    assert isinstance(day_in("2026", month, None, TODAY), Fault)


@given(st.text(max_size=30) | st.floats() | st.integers(-(10**9), 10**9) | st.none())
def test_every_cell_is_a_day_that_has_been_or_a_fault_with_a_sentence(cell: Cell) -> None:
    for order in (None, *DayOrder):
        found = day_of(cell, order, TODAY)
        assert found.text if isinstance(found, Fault) else found <= TODAY


@given(st.dates(date(1700, 1, 1), TODAY))
def test_every_day_in_iso_is_read_back(day: date) -> None:
    assert day_of(day.isoformat(), None, TODAY) == day
    assert day_of(day.strftime("%d/%m/%Y"), DayOrder.DAY_FIRST, TODAY) == day
