"""Tables leave the house as CSV that runs nothing."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.exchange.sheets import Cell, csv_text


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_that_looks_like_a_formula_is_made_harmless(formula: str) -> None:
    assert read(csv_text(["note"], [[formula]]))[1] == ["'" + formula]


def test_a_negative_number_stays_a_number() -> None:
    assert read(csv_text(["value"], [[-2.5]]))[1] == ["-2.5"]


def test_days_instants_and_truths_are_written_plainly() -> None:
    row: list[Cell] = [date(2026, 3, 1), datetime(2026, 3, 1, 12, tzinfo=UTC), True, None]

    assert read(csv_text(["a", "b", "c", "d"], [row]))[1] == ["2026-03-01", "2026-03-01T12:00:00+00:00", "yes", ""]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), min_size=1, max_size=5))
def test_no_cell_of_text_begins_a_formula_and_none_is_lost(cells: list[str]) -> None:
    (_, row) = read(csv_text(["x"] * len(cells), [cells]))

    assert [cell.removeprefix("'") for cell in row] == [cell.removeprefix("'") for cell in cells]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
