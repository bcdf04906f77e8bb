"""What is typed into a cell, what it means, and what is said against it."""

from dataclasses import dataclass, replace

import pytest

from tracker.answer import (
    Answer,
    Earlier,
    Field,
    Meaning,
    grade_in,
    is_unusual,
    is_web_address,
    meaning_of,
    number_in,
    troubles,
)
from tracker.handling import Mark
from tracker.indicator import Transform

LEVELS = [0.0, 1.0, 2.0, 3.0, 4.0]
GOOD = Answer(typed="2", source="A report of the ombudsman", grade="B2")


@dataclass(frozen=True)
class Scale:
    name: str = "Independence of the courts"
    best: float = 0
    worst: float = 4
    transform: Transform = Transform.NONE
    fresh_for_days: int = 62


def said(answer: Answer, earlier: Earlier | None = None, clearance: Mark = Mark.AMBER) -> list[Field]:
    found = troubles(answer, Scale(), LEVELS, earlier or Earlier(), clearance)
    return [trouble.field for trouble in found]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("2", 2.0),
        (" 2 ", 2.0),
        ("1,5", 1.5),
        ("1.5", 1.5),
        ("−0.5", -0.5),
        ("0,125", 0.125),
        ("45,01", 45.01),
        ("1e3", 1000.0),
    ],
)
def test_numbers_are_read_with_point_or_comma(typed: str, number: float) -> None:
    assert number_in(typed) == number


@pytest.mark.parametrize(
    "typed", ["", "two", "1_0", "nan", "inf", "1e999", "2e300", "1.2.3", "1,2,3", "1,234.5", "45,001"]
)
def test_what_is_no_number_is_none(typed: str) -> None:
    assert number_in(typed) is None


def test_a_question_mark_is_an_answer_and_an_empty_cell_is_none() -> None:
    assert meaning_of("?", Earlier(value=2.0)) == Meaning(unknown=True)
    assert meaning_of("?", Earlier()).is_answer
    assert not meaning_of("", Earlier(value=2.0)).is_answer


def test_unchanged_means_the_value_of_last_time() -> None:
    assert meaning_of("=", Earlier(value=3.0)) == Meaning(value=3.0, unchanged=True)


def test_a_good_answer_has_no_troubles() -> None:
    assert said(GOOD) == []


@pytest.mark.parametrize("typed", ["5", "-1", "1.5"])
def test_a_value_that_is_no_level_is_refused(typed: str) -> None:
    assert said(replace(GOOD, typed=typed)) == [Field.VALUE]


def test_words_in_a_cell_are_no_level() -> None:
    assert said(replace(GOOD, typed="high")) == [Field.VALUE]


@pytest.mark.parametrize("earlier", [Earlier(), Earlier(unknown=True)])
def test_nothing_can_be_unchanged_without_a_value_before(earlier: Earlier) -> None:
    assert said(replace(GOOD, typed="="), earlier) == [Field.VALUE]
    assert said(replace(GOOD, typed="="), Earlier(value=2.0)) == []


def test_an_answer_needs_a_source_and_not_knowing_needs_none() -> None:
    assert said(replace(GOOD, source=" ")) == [Field.SOURCE]
    assert said(Answer(typed="?")) == []


@pytest.mark.parametrize(("length", "expected"), [(300, []), (301, [Field.SOURCE])])
def test_a_source_has_at_most_300_characters(length: int, expected: list[Field]) -> None:
    assert said(replace(GOOD, source="x" * length)) == expected


@pytest.mark.parametrize(("length", "expected"), [(4000, []), (4001, [Field.NOTE])])
def test_a_note_has_at_most_4000_characters(length: int, expected: list[Field]) -> None:
    assert said(replace(GOOD, note="x" * length)) == expected


@pytest.mark.parametrize(
    ("text", "grade"),
    [("", (None, None)), ("b2", ("B", 2)), (" F 6 ", ("F", 6)), ("G1", None), ("A0", None), ("A7", None)],
)
def test_a_grade_is_a_letter_and_a_digit(text: str, grade: tuple[str | None, int | None] | None) -> None:
    assert grade_in(text) == grade


def test_a_wrong_grade_is_said_at_the_grade() -> None:
    assert said(replace(GOOD, grade="Z9")) == [Field.GRADE]


@pytest.mark.parametrize(("mark", "expected"), [(Mark.AMBER, []), (Mark.AMBER_STRICT, [Field.HANDLING])])
def test_nobody_marks_above_what_they_may_see(mark: Mark, expected: list[Field]) -> None:
    assert said(replace(GOOD, handling=mark), clearance=Mark.AMBER) == expected


@pytest.mark.parametrize("link", ["https://example.org/report", "http://example.org", "https://[::1]/a"])
def test_links_lead_to_the_web(link: str) -> None:
    assert is_web_address(link)


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "ftp://example.org",
        "example.org",
        "https://",
        "https:// a",
        "//x",
        "https://[",
        "data:,x",
    ],
)
def test_anything_else_is_no_link(link: str) -> None:
    assert not is_web_address(link)
    assert said(replace(GOOD, evidence_url=link)) == [Field.EVIDENCE]


@pytest.mark.parametrize(("typed", "expected"), [("2", []), ("3", [Field.REASON]), ("0", [])])
def test_a_jump_of_two_classes_needs_a_reason(typed: str, expected: list[Field]) -> None:
    assert said(replace(GOOD, typed=typed), Earlier(value=1.0)) == expected


def test_a_jump_with_a_reason_goes() -> None:
    assert said(replace(GOOD, typed="4", reason="The court was dissolved."), Earlier(value=0.0)) == []


def test_a_jump_is_told_even_while_the_source_is_missing() -> None:
    assert said(replace(GOOD, typed="4", source=""), Earlier(value=0.0)) == [Field.SOURCE, Field.REASON]


@pytest.mark.parametrize(("count", "expected"), [(5, False), (6, True)])
def test_a_country_has_a_history_from_six_values_on(count: int, expected: bool) -> None:
    assert is_unusual(Scale(), 2.0, [0.0] * count) == expected


def test_what_varied_before_is_not_unusual() -> None:
    assert not is_unusual(Scale(), 3.0, [0.0, 1.0, 2.0, 3.0, 2.0, 1.0])


def test_an_outlier_is_asked_about_and_not_refused() -> None:
    history = Earlier(value=None, values=[0.0] * 8)
    found = troubles(replace(GOOD, typed="3"), Scale(), LEVELS, history, Mark.AMBER)
    assert [(trouble.field, trouble.asks) for trouble in found] == [(Field.CONFIRMED, True)]

    assert said(replace(GOOD, typed="3", confirmed=True), history) == []


def test_nobody_is_asked_again_about_what_they_said_last_time() -> None:
    history = Earlier(value=3.0, values=[0.0] * 8 + [3.0])

    assert said(replace(GOOD, typed="3"), history) == []
    assert said(replace(GOOD, typed="4"), history) == []
