"""What a case study must say, and what became different from one telling to the next."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tracker.assessment import Crime, Stage
from tracker.case_study import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    Case,
    Difference,
    Edit,
    Part,
    Said,
    differences,
    edits,
    faults,
)
from tracker.handling import Mark
from tracker.measure import MeasureKind

TODAY = date(2026, 3, 16)
CASE = Case(
    title="An election without violence",
    began_on=date(2025, 9, 1),
    ended_on=date(2026, 3, 1),
    iso3="XAA",
    stage=Stage.EARLY_PREVENTION,
    crimes=(Crime.AGAINST_HUMANITY,),
    criteria=("rule_of_law",),
    kinds=(MeasureKind.MEDIATION,),
    texts={Part.SEEN: "Courts were emptied.", Part.LEARNT: "Talk before the vote."},
    sources=("https://example.org/report",),
)


def test_a_case_that_says_what_was_seen_and_learnt_is_in_order() -> None:
    assert faults(CASE, TODAY) == []


@pytest.mark.parametrize(
    ("differing", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * (LONGEST_TITLE + 1)}, "title"),
        ({"place": "An island"}, "place"),
        ({"iso3": None, "place": "x" * (LONGEST_TITLE + 1)}, "place"),
        ({"began_on": TODAY + timedelta(days=1), "ended_on": None}, "began_on"),
        ({"ended_on": TODAY + timedelta(days=1)}, "ended_on"),
        ({"ended_on": CASE.began_on - timedelta(days=1)}, "ended_on"),
        ({"texts": {Part.LEARNT: "Talk."}}, "seen"),
        ({"texts": {Part.SEEN: "Courts were emptied."}}, "learnt"),
        ({"texts": {**CASE.texts, Part.DONE: "x" * (LONGEST_TEXT + 1)}}, "done"),
        ({"sources": ("x" * LONGEST_TEXT, "y")}, "sources"),
    ],
)
def test_each_fault_stands_at_its_field(differing: dict[str, Any], field: str) -> None:
    assert [fault.field for fault in faults(replace(CASE, **differing), TODAY)] == [field]


def test_what_is_just_within_its_limits_is_in_order() -> None:
    texts = {**CASE.texts, Part.DONE: "x" * LONGEST_TEXT}
    just = replace(CASE, title="x" * LONGEST_TITLE, texts=texts, began_on=TODAY, ended_on=TODAY)
    assert faults(just, TODAY) == []


def test_what_is_kept_is_read_again_as_it_was() -> None:
    assert Case.read(CASE.kept()).kept() == CASE.kept()
    bare = Case(title="Of the past", began_on=date(1994, 4, 7), place="A country that is no more")
    assert Case.read(bare.kept()).kept() == bare.kept()


@pytest.mark.parametrize(
    ("differing", "expected"),
    [
        ({"title": "Another"}, Difference.TITLE),
        ({"iso3": None}, Difference.PLACE),
        ({"ended_on": None}, Difference.DAYS),
        ({"stage": None}, Difference.STAGE),
        ({"crimes": ()}, Difference.CRIMES),
        ({"criteria": ()}, Difference.CRITERIA),
        ({"kinds": ()}, Difference.KINDS),
        ({"texts": {}}, Difference.TEXTS),
        ({"sources": ()}, Difference.SOURCES),
    ],
)
def test_whatever_was_written_otherwise_is_a_difference(differing: dict[str, Any], expected: Difference) -> None:
    before, after = Said(CASE, Mark.GREEN), Said(replace(CASE, **differing), Mark.GREEN)
    assert differences(before, after) == [expected]
    assert differences(before, before) == []


def test_another_mark_a_withdrawal_and_its_end_are_differences() -> None:
    said = Said(CASE, Mark.GREEN)
    assert differences(said, replace(said, handling=Mark.AMBER)) == [Difference.MARK]
    assert differences(said, replace(said, is_withdrawn=True)) == [Difference.WITHDRAWN]
    assert differences(replace(said, is_withdrawn=True), said) == [Difference.PUT_BACK]


def test_an_edit_names_the_words_that_went_and_those_that_came() -> None:
    assert edits("Two judges were dismissed.", "Five judges were dismissed at once.") == [
        Edit("Two", "Five"),
        Edit("dismissed.", "dismissed at once."),
    ]
    assert edits("", "Nobody came.") == [Edit("", "Nobody came.")]
    assert edits("The same\n\nwords", "The same words") == []
