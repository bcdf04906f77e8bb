"""Columns have letters, and every outcome is counted once."""

import pytest

from tracker.entry import Fault, Outcome, Piece, Problem, ProblemKind, Standing, Tally, column_letters


@pytest.mark.parametrize(
    ("column", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (16_384, "XFD")]
)
def test_columns_are_lettered_as_in_a_spreadsheet(column: int, letters: str) -> None:
    assert column_letters(column) == letters


def test_an_outcome_is_counted_in_one_place() -> None:
    problem = Problem(7, None, "", "", Fault(ProblemKind.RAGGED, "The row is ragged."))
    outcomes = [Outcome(1, (), ()), Outcome(2, (), (problem,))]
    assert [outcome.standing for outcome in outcomes] == [Standing.EMPTY, Standing.REFUSED]
    tally = Tally()
    tally.count(Piece.of(outcomes))
    assert (tally.rows, tally.accepted, tally.refused, tally.empty) == (2, 0, 1, 1)


def test_a_problem_of_a_whole_row_has_no_column() -> None:
    fault = Fault(ProblemKind.RAGGED, "There are %(cells)s cells.", {"cells": 3})
    assert (Problem(7, None, "", "", fault).place, Problem(7, 28, "x", "y", fault).place) == ("7", "AB7")
    assert Problem(7, None, "", "", fault).text == "There are 3 cells."
