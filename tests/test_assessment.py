"""What an assessment must say, and how it is kept."""

from dataclasses import replace

import pytest

from tracker.assessment import LONGEST_TEXT, Assessment, Crime, Stage, faults

IN_SCOPE = Assessment(
    summary="Militias block the roads out.",
    crimes=(Crime.ETHNIC_CLEANSING,),
    likelihood=4,
    consequence=5,
    stage=Stage.EARLY_VIOLENCE,
    population="Some 40,000 people of two valleys",
)
OUT_OF_SCOPE = Assessment(summary="A strike about wages.", out_of_scope="Nobody is attacked for who they are.")


def fields(assessment: Assessment) -> list[str]:
    return [fault.field for fault in faults(assessment)]


@pytest.mark.parametrize("assessment", [IN_SCOPE, OUT_OF_SCOPE], ids=["in scope", "out of scope"])
def test_a_whole_assessment_has_no_fault(assessment: Assessment) -> None:
    assert faults(assessment) == []


@pytest.mark.parametrize("assessment", [IN_SCOPE, OUT_OF_SCOPE], ids=["in scope", "out of scope"])
def test_an_assessment_comes_back_as_it_was_kept(assessment: Assessment) -> None:
    assert Assessment.kept(assessment.summary, assessment.details()) == assessment


def test_it_names_a_crime_or_says_why_it_names_none() -> None:
    assert fields(replace(OUT_OF_SCOPE, out_of_scope="")) == ["crimes"]


def test_it_is_not_both_in_scope_and_out_of_it() -> None:
    assert fields(replace(IN_SCOPE, out_of_scope="Nobody is attacked.")) == ["out_of_scope"]


@pytest.mark.parametrize("field", ["likelihood", "consequence"])
@pytest.mark.parametrize(("step", "is_fault"), [(None, True), (0, True), (1, False), (5, False), (6, True)])
def test_in_scope_each_of_both_has_one_of_five_steps(field: str, step: int | None, is_fault: bool) -> None:
    assert fields(replace(IN_SCOPE, **{field: step})) == ([field] if is_fault else [])  # type: ignore[arg-type]


def test_in_scope_it_names_the_stage_and_the_people() -> None:
    assert fields(replace(IN_SCOPE, stage=None, population="")) == ["stage", "population"]


def test_it_is_always_summed_up() -> None:
    assert fields(replace(OUT_OF_SCOPE, summary="")) == ["summary"]


@pytest.mark.parametrize("field", ["summary", "population"])
@pytest.mark.parametrize("length", [LONGEST_TEXT, LONGEST_TEXT + 1])
def test_a_text_has_a_greatest_length(field: str, length: int) -> None:
    too_long = fields(replace(IN_SCOPE, **{field: "a" * length}))  # type: ignore[arg-type]

    assert too_long == ([field] if length > LONGEST_TEXT else [])


def test_out_of_scope_nothing_is_likely_grave_or_at_a_stage() -> None:
    """Whatever the form was filled with from an assessment before."""
    before = replace(IN_SCOPE, crimes=(), out_of_scope="Nobody is attacked for who they are.")
    assert before.as_concluded() == Assessment(summary=before.summary, out_of_scope=before.out_of_scope)
    assert IN_SCOPE.as_concluded() == IN_SCOPE
