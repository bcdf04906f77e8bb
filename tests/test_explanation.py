"""A flag says why it stands, what lies behind it and what would clear it, in words that fit any number."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.panels import COURTS, HERE, NAN, TODAY, a_panel, a_rule, any_panel
from tracker.explanation import Explanation, Movement, Sentence, explain
from tracker.flag import State, judge
from tracker.panel import Occasion, Panel
from tracker.rule import Kind, Rule, Severity
from tracker.signal import signal_of

TWO_MONTHS_AGO, A_MONTH_AGO = date(2026, 1, 31), date(2026, 2, 28)


def in_words(sentence: Sentence) -> str:
    bends = sentence.about_many and sentence.values[sentence.counted] != 1
    return (sentence.about_many if bends else sentence.template) % sentence.values


def explained(rule: Rule, panel: Panel, subject: str = "risk") -> Explanation:
    return explain(rule, panel, HERE, subject)


def told(rule: Rule, panel: Panel, subject: str = "risk") -> tuple[str, str]:
    found = explained(rule, panel, subject)
    return in_words(found.sentence), in_words(found.clears_when)


@pytest.mark.parametrize(("score", "line"), [(57, 60), (60, 60), (80, 80)])
def test_a_level_tells_the_highest_line_that_was_reached(score: float, line: float) -> None:
    assert told(a_rule(Kind.LEVEL), a_panel(scores={"risk": [score]})) == (
        f"The score of risk was {score:.1f} on 2026-03-31; the rule speaks at {line} or more.",
        "It clears when the score of risk falls below 55.0.",
    )


def test_a_rise_tells_from_when_and_from_where() -> None:
    found = explained(a_rule(Kind.RISE), a_panel(scores={"risk": [40, 90, 62]}))
    assert in_words(found.sentence) == (
        "The score of risk rose by 22.0 from 2026-01-31 to 2026-03-31, more than can be put down to uncertainty; the"
        " rule speaks at 20 or more."
    )
    assert in_words(found.clears_when) == (
        "It clears when the score of risk lies less than 5.0 above what it was 2 months before."
    )
    assert found.behind == (Movement("risk", TWO_MONTHS_AGO, 40, TODAY, 62),)


def test_a_breakdown_names_the_indicators_that_are_worse() -> None:
    severities = {"free": [10, 0, 50], "obeyed": [10, 0, 50], "open": [30, 0, 70], "fair": [50, 0, 50]}
    panel = a_panel(scores={"rule_of_law": [0, 0, 0]}, severities=severities, indicators=COURTS)
    found = explained(a_rule(Kind.BREAKDOWN), panel, "rule_of_law")
    assert in_words(found.sentence) == (
        "3.0 indicators of rule_of_law got worse by a level or more from 2026-01-31 to 2026-03-31; the rule speaks at 3"
        " or more."
    )
    assert in_words(found.clears_when) == "It clears when that number falls below 2.0."
    assert [(one.key, one.before, one.now) for one in found.behind] == [
        ("free", 10, 50),
        ("obeyed", 10, 50),
        ("open", 30, 70),
    ]


def test_what_converges_is_named() -> None:
    scores = {"courts": [30, 0, 45], "police": [50, 0, 62], "bread": [0, 0, 10]}
    indicators: dict[str, tuple[str, ...]] = dict.fromkeys(scores, ())
    found = explained(a_rule(Kind.CONVERGENCE), a_panel(scores=scores, indicators=indicators))
    assert in_words(found.sentence) == (
        "2.0 criteria got worse by a level or more from 2026-01-31 to 2026-03-31; the rule speaks at 2 or more."
    )
    assert [one.key for one in found.behind] == ["courts", "police"]


def test_what_lasts_is_told_with_its_number_of_assessments() -> None:
    assert told(a_rule(Kind.SUSTAINED), a_panel(scores={"risk": [60, 0, 70, 80]})) == (
        "3.0 monthly assessments from 2025-12-31 to 2026-03-31 found the score of risk at 60 or more; the rule"
        " speaks at 3 or more.",
        "It clears when that number falls below 2.0.",
    )


def test_a_new_high_tells_when_it_was_reached_and_since_when_nothing_was_higher() -> None:
    found = explained(a_rule(Kind.NEW_HIGH), a_panel(severities={"free": [60, 30, 20, 50, 50]}), "free")
    assert in_words(found.sentence) == (
        "free reached a severity of 50.0 on 2026-02-28, more than 5.0 above every day since 2025-12-31."
    )


def test_what_has_eased_since_its_new_high_tells_both() -> None:
    found = explained(a_rule(Kind.NEW_HIGH), a_panel(severities={"free": [60, 30, 20, 50, 47]}), "free")
    assert in_words(found.sentence) == (
        "free stood at a severity of 47.0 on 2026-03-31, close to the new high of 50.0 that it reached on 2026-02-28."
    )
    assert in_words(found.clears_when) == (
        "It clears when the severity of free falls below 45.0, and otherwise on 2026-04-28, when the high is no longer"
        " news."
    )
    assert found.behind == (Movement("free", date(2025, 12, 31), 30, TODAY, 47),)


def test_an_outlier_is_told_with_the_median_of_its_region() -> None:
    scores = [[45], [30], [30], [30], [30], [30], [99]]
    panel = a_panel(scores={"risk": scores}, regions=("north",) * 6 + ("south",))
    assert told(a_rule(Kind.OUTLIER), panel) == (
        "The score of risk was 45.0 on 2026-03-31, far above the middle of its region, 30.0: 3.0 times as far as"
        " is usual there; the rule speaks at 3 or more.",
        "It clears when that number falls below 2.5: the country is nearer to its region then.",
    )


def test_a_contradiction_lets_both_voices_speak_each_with_its_day() -> None:
    sides = {"courts": (date(2024, 12, 31), A_MONTH_AGO)}
    panel = a_panel(scores={"courts.published": [20], "courts.coded": [50]}, indicators={"courts": ()})
    assert told(a_rule(Kind.CONTRADICTION), replace(panel, sides=sides), "courts") == (
        "courts: what is published, up to 2024-12-31, says 20.0, and our analysts, up to 2026-02-28, say 50.0. They lie"
        " apart by 30.0; the rule speaks at 25 or more.",
        "It clears when they lie apart by less than 20.0.",
    )


def test_sources_that_contradict_each_other_are_told_by_their_indicator_each_with_its_day() -> None:
    panel = a_panel(scores={"risk": [0]}, disagreements={"free": [30]}, severities={"free": [50]})
    panel = replace(panel, sides={"free": (TODAY, A_MONTH_AGO)})
    assert told(a_rule(Kind.CONTRADICTION), panel, "free")[0] == (
        "free: a source of 2026-03-31 and another of 2026-02-28 lie apart by 30.0; the rule speaks at 25 or more."
    )


def test_silence_names_what_is_late_and_since_when() -> None:
    panel = a_panel(scores={"rule_of_law": [50]}, overdue={"free": [31], "open": [30]}, indicators=COURTS)
    found = explained(a_rule(Kind.SILENCE), panel, "rule_of_law")
    assert in_words(found.sentence) == "1 answer about rule_of_law was due and missing on 2026-03-31."
    assert found.behind == (Movement("free", A_MONTH_AGO, None, TODAY, None),)


def test_silence_names_the_score_that_was_lost() -> None:
    panel = a_panel(scores={"rule_of_law": [50, NAN]}, indicators=COURTS)
    found = explained(a_rule(Kind.SILENCE), panel, "rule_of_law")
    assert in_words(found.sentence) == (
        "Of rule_of_law too little was fresh on 2026-03-31 to give a score, and there was one before."
    )
    assert found.behind == (Movement("rule_of_law", A_MONTH_AGO, 50, TODAY, None),)


def test_an_occasion_is_told_with_its_day_and_the_risk() -> None:
    vote = Occasion("vote", HERE, TODAY + timedelta(9))
    assert told(a_rule(Kind.TRIGGER), a_panel(scores={"risk": [70]}, occasions=[vote]), "vote") == (
        "On 2026-04-09 comes vote, and the score of risk was 70.0 on 2026-03-31; the rule speaks at 60 or more.",
        "It clears when the score of risk falls below 55.0, and otherwise after that day.",
    )


def test_what_a_person_raised_points_to_their_reason() -> None:
    assert told(a_rule(Kind.MANUAL), a_panel()) == (
        "Somebody raised it; their reason stands beside it.",
        "It clears when somebody decides so.",
    )


def test_where_too_little_is_known_the_flag_says_that_it_stays() -> None:
    assert told(a_rule(Kind.LEVEL), a_panel(scores={"risk": [70, NAN]})) == (
        "Too little was known of risk on 2026-03-31 to judge anew; the flag stays as it was.",
        "It can clear only when enough is known again.",
    )


def test_where_nothing_speaks_for_a_flag_it_says_so() -> None:
    assert told(a_rule(Kind.LEVEL), a_panel(scores={"risk": [54.5]})) == (
        "Nothing spoke for it any more on 2026-03-31: what the rule measures of risk was 54.5, and a flag holds at"
        " 55.0 or more.",
        "It clears at the next assessment.",
    )


def test_of_a_subject_that_is_gone_the_flag_says_so() -> None:
    assert told(a_rule(Kind.TRIGGER), a_panel(scores={"risk": [70]}), "vote") == (
        "What it spoke of is not there any more.",
        "It clears at the next assessment.",
    )


@pytest.mark.parametrize("kind", Kind)
@given(seed=st.integers(0, 10**6))
def test_every_open_flag_can_be_explained(kind: Kind, seed: int) -> None:
    """Whatever it says, a flag of which nothing speaks any more clears, and no other does."""
    rule, panel = a_rule(kind, **({"peers": 1} if kind is Kind.OUTLIER else {})), any_panel(seed)
    for country, subject in signal_of(rule, panel).rows:
        found = explain(rule, panel, country, subject)
        assert "%" not in in_words(found.sentence) + in_words(found.clears_when)
        cleared = judge(rule, panel, {(country, subject): State(Severity.NOTICE)})
        changes = [event.change for event in cleared if (event.country, event.subject) == (country, subject)]
        assert ("cleared" in changes) is in_words(found.sentence).startswith("Nothing spoke")
