"""Numbers are read as they are written, and nothing is taken for a number that may be another one."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.entry import Fault, ProblemKind
from tracker.notation import LARGEST, MISSING_CODES, Notation, Silence

EITHER, POINT, COMMA = Notation(), Notation("."), Notation(",")


def kind_of(found: float | Silence | Fault) -> ProblemKind:
    assert isinstance(found, Fault), found
    assert found.text
    return found.kind


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        *[("1.5", 1.5), ("-2", -2), ("+3", 3), (".5", 0.5), ("5.", 5), ("1e3", 1000), (" 7 ", 7), (7, 7), (1.25, 1.25)],
        *[("−2.5", -2.5), ("0,123", 0.123), ("1,5", 1.5), ("12,3456", 12.3456), ("1,234.5", 1234.5)],
        *[("1.234,5", 1234.5), ("1 234,5", 1234.5), ("1\u202f234", 1234), ("1'234.5", 1234.5)],
        *[("1,234,567", 1_234_567), ("1.234.567", 1_234_567), ("1.234", 1.234), (0, 0), ("0", 0), ("-0.0", 0)],
    ],
)
def test_what_can_be_one_number_only_is_that_number(cell: str | float, number: float) -> None:
    assert EITHER.number(cell) == number


@pytest.mark.parametrize(("notation", "number"), [(POINT, 1234.0), (COMMA, 1.234)])
def test_the_decimal_sign_of_the_mapping_decides_where_both_are_possible(notation: Notation, number: float) -> None:
    assert kind_of(EITHER.number("1,234")) is ProblemKind.NUMBER_UNCLEAR
    assert notation.number("1,234") == number


def test_a_point_groups_where_the_comma_is_the_decimal_sign() -> None:
    assert COMMA.number("1.234") == 1234
    assert COMMA.number("1,5") == 1.5
    assert COMMA.number("15") == 15


@pytest.mark.parametrize(("notation", "cell"), [(POINT, "1,5"), (POINT, "1.234,5"), (COMMA, "1.5"), (COMMA, "1,234.5")])
def test_a_number_in_the_other_notation_is_refused(notation: Notation, cell: str) -> None:
    found = notation.number(cell)
    assert kind_of(found) is ProblemKind.NUMBER_UNREADABLE
    assert isinstance(found, Fault)
    assert "decimal sign" in found.text


@pytest.mark.parametrize(
    "cell", [None, "", " ", "..", "…", "x", "X", "n/a", "N/A", "NA", "-", "–", "#N/A", "NULL", "No data"]
)
def test_what_statistics_offices_write_for_nothing_is_nothing(cell: str | None) -> None:
    assert EITHER.number(cell) is Silence.MISSING


@pytest.mark.parametrize("cell", ["?", "don't know", "Don’t know", "DK", "ne sait pas", "no sabe"])
def test_dont_know_is_an_answer(cell: str) -> None:
    assert EITHER.number(cell) is Silence.UNKNOWN


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        *[("12%", ProblemKind.PERCENT), ("12 %", ProblemKind.PERCENT), ("0.12%", ProblemKind.PERCENT)],
        *[("#VALUE!", ProblemKind.SPREADSHEET_ERROR), ("#ref!", ProblemKind.SPREADSHEET_ERROR)],
        *[("#DIV/0!", ProblemKind.SPREADSHEET_ERROR), ("=A1+1", ProblemKind.SPREADSHEET_ERROR)],
        *[("NaN", ProblemKind.NUMBER_OUT_OF_BOUNDS), ("-inf", ProblemKind.NUMBER_OUT_OF_BOUNDS)],
        *[("1e400", ProblemKind.NUMBER_OUT_OF_BOUNDS), (math.nan, ProblemKind.NUMBER_OUT_OF_BOUNDS)],
        *[(math.inf, ProblemKind.NUMBER_OUT_OF_BOUNDS), (10**30, ProblemKind.NUMBER_OUT_OF_BOUNDS)],
        *[("5*", ProblemKind.NUMBER_UNREADABLE), ("<1", ProblemKind.NUMBER_UNREADABLE)],
        *[("(5)", ProblemKind.NUMBER_UNREADABLE), ("1_000", ProblemKind.NUMBER_UNREADABLE)],
        *[("0x10", ProblemKind.NUMBER_UNREADABLE), ("1.2.3", ProblemKind.NUMBER_UNREADABLE)],
        *[("1,2,3", ProblemKind.NUMBER_UNREADABLE), ("high", ProblemKind.NUMBER_UNREADABLE)],
    ],
)
def test_what_is_no_number_is_refused_with_its_reason(cell: str | float, kind: ProblemKind) -> None:
    assert kind_of(EITHER.number(cell)) is kind


def test_a_number_may_be_as_large_as_any_indicator_and_not_larger() -> None:
    assert EITHER.number(LARGEST) == LARGEST
    assert EITHER.number(str(-LARGEST)) == -LARGEST
    assert kind_of(EITHER.number(LARGEST * 1.001)) is ProblemKind.NUMBER_OUT_OF_BOUNDS


@pytest.mark.parametrize("cell", [-99, -99.0, "-99", "-99.0", "Missing", "nil"])
def test_what_the_mapping_declares_missing_is_missing(cell: str | float) -> None:
    assert Notation(missing=["-99", "nil"]).number(cell) is Silence.MISSING


def test_a_code_for_missing_is_suspected_until_it_is_declared() -> None:
    assert all(EITHER.is_undeclared_code(code) for code in MISSING_CODES)
    assert not EITHER.is_undeclared_code(-98.0)
    assert not Notation(missing=["-99"]).is_undeclared_code(-99.0)


@given(st.text(max_size=40) | st.floats() | st.integers(-(10**40), 10**40))
def test_every_cell_is_a_finite_number_or_silence_or_a_fault_with_a_sentence(cell: str | float) -> None:
    for notation in (EITHER, POINT, COMMA):
        found = notation.number(cell)
        if isinstance(found, Fault):
            assert found.text
        else:
            assert isinstance(found, Silence) or abs(found) <= LARGEST


@given(st.floats(-1e12, 1e12))
def test_a_number_that_is_written_out_is_read_back(number: float) -> None:
    assert EITHER.number(repr(number)) == number
    assert COMMA.number(repr(number).replace(".", ",")) == number


def test_the_longest_cell_is_no_number_and_nobody_waits_for_it() -> None:
    """Where digits could be shared out in several ways, this would take the half of a minute."""
    assert isinstance(Notation().number("1" * 32_767 + "x"), Fault)
