"""Which measures are suggested and why, what keeps force from being proposed, and what looks like misuse."""

import random
from dataclasses import fields, replace

import pytest

from tracker.assessment import LONGEST_TEXT, Crime, Stage
from tracker.catalogue.measures import measures
from tracker.catalogue.reading import read_catalogue
from tracker.criterion import Citation, Meeting
from tracker.measure import (
    FORCE_QUESTIONS,
    MISGIVINGS,
    SHORTEST_ANSWER,
    Circumstances,
    ForceTests,
    Measure,
    MeasureKind,
    Misgiving,
    Sphere,
    Tried,
    faults,
    misgivings,
    suggestions,
)

CITED = (Citation(Meeting.FIRST, "Tools/Measures"),)
TALKS = Measure(
    key="talks",
    name="Talks",
    kind=MeasureKind.DIPLOMATIC,
    spheres=(Sphere.BILATERAL,),
    stages=(Stage.EARLY_PREVENTION,),
    criteria=("courts",),
    what="People talk.",
    sensible_when=("They listen.",),
    cautions=("They may not.",),
    citations=CITED,
)
HELP = replace(TALKS, key="help", kind=MeasureKind.ASSISTANCE, spheres=(Sphere.NATIONAL, Sphere.REGIONAL))
COURTS_PRESS = Circumstances(criteria={"courts": 40.0}, stage=Stage.EARLY_PREVENTION)

ANSWER = "Three villages were burnt on 2 May; two missions say so."
ANSWERED = ForceTests(ANSWER, ANSWER, ANSWER, ANSWER, ANSWER, (Crime.ETHNIC_CLEANSING,))

AT_RISK = Circumstances(criteria={}, stage=Stage.ONGOING_VIOLENCE, crimes=(Crime.GENOCIDE,))
DIALOGUE = Tried(MeasureKind.MEDIATION, Sphere.NATIONAL)
SANCTIONS = Tried(MeasureKind.ECONOMIC, Sphere.REGIONAL)


def keys(circumstances: Circumstances, *among: Measure) -> list[str]:
    return [one.measure.key for one in suggestions(among or (TALKS,), circumstances)]


@pytest.mark.parametrize(("points", "found"), [(39.9, []), (40.0, ["talks"]), (None, [])])
def test_a_measure_is_suggested_for_what_is_elevated_or_worse(points: float | None, found: list[str]) -> None:
    assert keys(replace(COURTS_PRESS, criteria={"courts": points})) == found


@pytest.mark.parametrize(("flagged", "found"), [("courts", ["talks"]), ("police", [])])
def test_an_open_flag_presses_whatever_the_score(flagged: str, found: list[str]) -> None:
    assert keys(replace(COURTS_PRESS, criteria={"courts": None}, flagged={flagged})) == found


@pytest.mark.parametrize(
    ("stage", "found"), [(Stage.EARLY_PREVENTION, ["talks"]), (Stage.EARLY_VIOLENCE, []), (None, ["talks"])]
)
def test_a_measure_suits_its_stages_and_any_while_nobody_has_assessed(stage: Stage | None, found: list[str]) -> None:
    assert keys(replace(COURTS_PRESS, stage=stage)) == found


def test_what_was_decided_is_not_suggested_again() -> None:
    tried = [Tried(MeasureKind.DIPLOMATIC, Sphere.BILATERAL, "talks")]
    assert keys(replace(COURTS_PRESS, tried=tried), TALKS, HELP) == ["help"]


def test_what_the_state_can_do_comes_first_then_what_works_on_most_then_the_gentler_kind() -> None:
    circumstances = replace(COURTS_PRESS, criteria={"courts": 50.0, "police": 90.0, "hunger": 10.0})
    broad = replace(TALKS, key="broad", kind=MeasureKind.PEACE_OPERATION, criteria=("courts", "police"))
    aside = replace(TALKS, key="aside", kind=MeasureKind.MEDIATION, criteria=("courts", "hunger"))
    assert keys(circumstances, TALKS, broad, HELP) == ["help", "broad", "talks"]
    assert keys(circumstances, TALKS, aside, HELP) == ["help", "talks", "aside"]


def test_what_works_on_the_worst_comes_before_what_works_on_more() -> None:
    circumstances = replace(COURTS_PRESS, criteria={"courts": 45.0, "police": 90.0, "hunger": 41.0})
    broad = replace(TALKS, key="broad", criteria=("courts", "hunger"))
    narrow = replace(TALKS, key="narrow", criteria=("police",))
    assert keys(circumstances, broad, narrow) == ["narrow", "broad"]


@pytest.mark.parametrize(("fourth", "found"), [(49.9, []), (50.0, ["talks"])])
def test_a_measure_is_suggested_for_what_presses_most_alone(fourth: float, found: list[str]) -> None:
    criteria = {"police": 70.0, "hunger": 60.0, "hatred": 50.0, "courts": fourth}
    assert keys(replace(COURTS_PRESS, criteria=criteria)) == found


def test_a_flag_weighs_as_much_as_elevated_at_least() -> None:
    circumstances = Circumstances({"courts": 12.0, "police": 72.0, "hunger": 39.0}, flagged={"courts", "police"})
    assert [circumstances.pressure(key) for key in circumstances.criteria] == [40.0, 72.0, 0.0]


@pytest.mark.parametrize(("tried", "found"), [([], []), ([SANCTIONS], []), ([DIALOGUE], ["press"])])
def test_nobody_is_pressed_before_something_gentler_was_decided(tried: list[Tried], found: list[str]) -> None:
    press = replace(TALKS, key="press", kind=MeasureKind.ECONOMIC)
    assert keys(replace(COURTS_PRESS, tried=tried), press) == found


def test_few_are_suggested_of_what_the_state_can_do_and_of_what_others_can() -> None:
    national = [replace(HELP, key=f"help{number}") for number in range(5)]
    others = [replace(TALKS, key=f"talks{number}") for number in range(5)]
    assert keys(COURTS_PRESS, *others, *national) == ["help0", "help1", "help2", "talks0", "talks1"]


def test_a_suggestion_says_why() -> None:
    circumstances = replace(COURTS_PRESS, criteria={"courts": 64.4, "police": 70.0}, flagged={"police"})
    [found] = suggestions([replace(HELP, criteria=("courts", "police"))], circumstances)
    by_the_state, pressing, stage = found.reasons
    assert by_the_state.sentence == "The State itself can do it."
    assert list(pressing.values["criteria"].items()) == [("police", 70.0), ("courts", 64.4)]
    assert stage.values == {"stage": Stage.EARLY_PREVENTION}


def test_a_flag_is_the_reason_where_the_score_is_not() -> None:
    [found] = suggestions([TALKS], replace(COURTS_PRESS, criteria={"courts": 39.9}, flagged={"courts"}))
    assert found.reasons[0].values == {"criteria": {"courts": None}}


def test_while_nobody_has_assessed_the_stage_a_suggestion_says_for_which_it_is() -> None:
    [found] = suggestions([TALKS], replace(COURTS_PRESS, stage=None))
    assert found.reasons[-1].values == {"stages": (Stage.EARLY_PREVENTION,)}


def test_force_is_never_suggested_and_every_suggestion_suits_whatever_the_circumstances() -> None:
    chance = random.Random(7)
    criteria = [criterion.key for criterion in read_catalogue().criteria]
    for _ in range(300):
        circumstances = Circumstances(
            criteria={key: chance.choice([None, chance.uniform(0, 100)]) for key in criteria},
            stage=chance.choice([None, *Stage]),
            flagged=chance.sample(criteria, chance.randrange(4)),
        )
        found = [one.measure for one in suggestions(measures(), circumstances)]
        national = [one.is_national for one in found]
        assert all(one.kind is not MeasureKind.FORCE for one in found)
        assert all(any(circumstances.presses(key) for key in one.criteria) for one in found)
        assert national == sorted(national, reverse=True)


@pytest.mark.parametrize("stage", [None, *Stage])
def test_where_everything_presses_as_much_there_is_still_something_to_suggest_at_every_stage(
    stage: Stage | None,
) -> None:
    everywhere = {criterion.key: 80.0 for criterion in read_catalogue().criteria}
    assert len(suggestions(measures(), Circumstances(everywhere, stage))) == 5


def test_tests_that_are_answered_have_no_fault_and_come_back_as_they_were_kept() -> None:
    assert faults(ANSWERED) == []
    assert ForceTests.kept(ANSWERED.details()) == ANSWERED


@pytest.mark.parametrize("field", FORCE_QUESTIONS)
@pytest.mark.parametrize(
    ("answer", "is_fault"),
    [
        ("", True),
        (" " * 60, True),
        ("y" * (SHORTEST_ANSWER - 1), True),
        ("y" * SHORTEST_ANSWER, False),
        ("y" * LONGEST_TEXT, False),
        ("y" * (LONGEST_TEXT + 1), True),
    ],
)
def test_each_of_the_five_tests_is_answered_at_length(field: str, answer: str, is_fault: bool) -> None:
    found = [fault.field for fault in faults(replace(ANSWERED, **{field: answer}))]  # type: ignore[arg-type]
    assert found == ([field] if is_fault else [])


def test_force_is_for_one_of_the_four_crimes_alone() -> None:
    assert [fault.field for fault in faults(replace(ANSWERED, crimes=()))] == ["crimes"]


def test_each_answer_has_its_question() -> None:
    assert [*FORCE_QUESTIONS, "crimes"] == [field.name for field in fields(ForceTests)]


def test_what_the_state_does_itself_gives_no_misgivings() -> None:
    assert misgivings(MeasureKind.ACCOUNTABILITY, Sphere.NATIONAL, Circumstances({})) == ()


@pytest.mark.parametrize(("crimes", "speaks"), [((), True), ((Crime.GENOCIDE,), False)])
def test_whoever_acts_from_outside_names_a_crime(crimes: tuple[Crime, ...], speaks: bool) -> None:
    found = misgivings(MeasureKind.DIPLOMATIC, Sphere.BILATERAL, Circumstances({}, crimes=crimes))
    assert (Misgiving.NO_CRIME_NAMED in found) is speaks


@pytest.mark.parametrize(
    ("kind", "tried", "speaks"),
    [
        (MeasureKind.ECONOMIC, [SANCTIONS], True),
        (MeasureKind.ECONOMIC, [DIALOGUE], False),
        (MeasureKind.ASSISTANCE, [], False),
    ],
)
def test_what_the_state_can_do_is_tried_before_others_act_in_its_stead(
    kind: MeasureKind, tried: list[Tried], speaks: bool
) -> None:
    found = misgivings(kind, Sphere.REGIONAL, replace(AT_RISK, tried=tried))
    assert (Misgiving.NATIONAL_NOT_TRIED in found) is speaks


@pytest.mark.parametrize(
    ("kind", "tried", "speaks"),
    [
        (MeasureKind.FORCE, [], True),
        (MeasureKind.FORCE, [SANCTIONS], True),
        (MeasureKind.FORCE, [SANCTIONS, DIALOGUE], False),
        (MeasureKind.MONITORING, [], False),
    ],
)
def test_pressure_comes_after_something_gentler(kind: MeasureKind, tried: list[Tried], speaks: bool) -> None:
    found = misgivings(kind, Sphere.UNITED_NATIONS, replace(AT_RISK, tried=tried))
    assert (Misgiving.NO_PREVENTION_TRIED in found) is speaks


@pytest.mark.parametrize(("sphere", "speaks"), [(Sphere.BILATERAL, True), (Sphere.UNITED_NATIONS, False)])
def test_one_state_that_sends_its_forces_alone_gives_misgivings(sphere: Sphere, speaks: bool) -> None:
    found = misgivings(MeasureKind.PEACE_OPERATION, sphere, replace(AT_RISK, tried=[DIALOGUE]))
    assert found == ((Misgiving.ONE_STATE_ALONE,) if speaks else ())


@pytest.mark.parametrize(
    ("stage", "speaks"), [(None, True), (Stage.EARLY_PREVENTION, True), (Stage.EARLY_VIOLENCE, False)]
)
def test_force_before_any_violence_gives_misgivings(stage: Stage | None, speaks: bool) -> None:
    found = misgivings(MeasureKind.FORCE, Sphere.UNITED_NATIONS, replace(AT_RISK, stage=stage, tried=[DIALOGUE]))
    assert found == ((Misgiving.NO_VIOLENCE_YET,) if speaks else ())


def test_each_misgiving_has_its_sentence() -> None:
    assert set(MISGIVINGS) == set(Misgiving)
