"""Each kind of rule says how strongly it speaks, and says nothing where too little is known."""

import math
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.panels import COURTS, HERE, NAN, TODAY, Series, a_panel, a_rule, any_panel, of_days
from tracker.flag import bounds
from tracker.index import FloatArray
from tracker.panel import Occasion, Panel
from tracker.rule import CRITERIA, Kind, Rule, Severity
from tracker.signal import median, nodes_of, signal_of

NOTICE, WARNING, ALARM = Severity


def strength(rule: Rule, panel: Panel, country: str = HERE, subject: str = "risk") -> float:
    """On the last day."""
    signal = signal_of(rule, panel)
    return float(signal.strength[signal.rows.index((country, subject)), -1])


def spoken(rule: Rule, value: float) -> int:
    """With which severity a flag would be raised; 0: none."""
    return int(bounds(rule, np.asarray(value))[0])


def risk(*series: float, spread: Series | None = None) -> Panel:
    return a_panel(scores={"risk": series}, spread={} if spread is None else {"risk": spread})


def alike(one: float, other: float) -> bool:
    return one == other or (math.isnan(one) and math.isnan(other))


# ---- level


@pytest.mark.parametrize(("score", "severity"), [(59.9, 0), (60, WARNING), (79.9, WARNING), (80, ALARM), (NAN, 0)])
def test_a_level_speaks_from_its_line_up(score: float, severity: int) -> None:
    rule = a_rule(Kind.LEVEL)
    assert spoken(rule, strength(rule, risk(score))) == severity


def test_criteria_among_the_nodes_are_all_of_them() -> None:
    panel = a_panel(scores={"risk": [1], "police": [2], "courts": [3]}, indicators={"courts": (), "police": ()})
    assert nodes_of(a_rule(nodes=(CRITERIA, "risk")), panel) == ["courts", "police", "risk"]


def test_of_a_node_that_the_tree_does_not_have_nothing_is_said() -> None:
    assert signal_of(a_rule(nodes=("pressure",)), risk(99)).rows == ()


# ---- rise


@pytest.mark.parametrize(("now", "severity"), [(50, 0), (50.1, WARNING), (60, WARNING), (60.1, ALARM), (30, 0)])
def test_a_rise_speaks_only_above_its_line(now: float, severity: int) -> None:
    rule = a_rule(Kind.RISE)
    assert spoken(rule, strength(rule, risk(40, 90, now))) == severity


@pytest.mark.parametrize(("spread", "severity"), [(11.9, WARNING), (12.0, 0)])
def test_a_rise_must_be_more_than_both_intervals_explain(spread: float, severity: int) -> None:
    # together as wide as the longest side of a right-angled triangle: 9 and 12 make 15
    rule = a_rule(Kind.RISE)
    panel = risk(40, 40, 55, spread=[9, 0, spread])
    assert spoken(rule, strength(rule, panel)) == severity


def test_a_rise_that_its_intervals_explain_neither_raises_nor_clears() -> None:
    assert math.isnan(strength(a_rule(Kind.RISE), risk(40, 40, 55, spread=[20, 0, 0])))


@pytest.mark.parametrize(("now", "rise"), [(44.9, 4.9), (45, NAN)])
def test_wide_intervals_do_not_keep_a_rise_open_that_is_gone(now: float, rise: float) -> None:
    assert alike(round(strength(a_rule(Kind.RISE), risk(40, 40, now, spread=[20, 0, 0])), 6), rise)


@pytest.mark.parametrize("series", [(NAN, 0, 90), (0, 0, NAN), (0, 90)])
def test_a_rise_from_or_to_the_unknown_is_none(series: tuple[float, ...]) -> None:
    assert math.isnan(strength(a_rule(Kind.RISE), risk(*series)))


# ---- breakdown and convergence


def courts(**severities: Series) -> Panel:
    scores = {"rule_of_law": [50] * len(next(iter(severities.values())))}
    return a_panel(scores=scores, severities=severities, indicators=COURTS)


def worse_courts(**severities: Series) -> float:
    return strength(a_rule(Kind.BREAKDOWN), courts(**severities), subject="rule_of_law")


@pytest.mark.parametrize(
    ("then", "now", "worse"),
    [(19.9, 20, 1), (20, 39.9, 0), (39.9, 40, 1), (59, 60, 1), (79, 80, 1), (80, 100, 0), (45, 39, 0), (10, 90, 1)],
)
def test_an_indicator_is_worse_when_it_reaches_a_worse_class(then: float, now: float, worse: int) -> None:
    assert worse_courts(free=[then, 0, now], obeyed=[0, 0, 0], open=[0, 0, 0]) == worse


def test_a_breakdown_counts_the_indicators_that_are_worse_than_when_its_window_began() -> None:
    up, back, down = [10, 10, 50], [10, 90, 10], [50, 50, 10]
    assert worse_courts(free=up, obeyed=up, open=back, fair=down) == 2


def test_an_indicator_that_is_not_known_on_both_days_is_compared_with_nothing() -> None:
    up = [10, 10, 50]
    assert worse_courts(free=up, obeyed=up, open=up, fair=[NAN, 10, 50]) == 3


def test_a_breakdown_says_nothing_while_fewer_can_be_compared_than_its_line_asks_for() -> None:
    up, silent = [10, 10, 50], [10, 10, NAN]
    assert math.isnan(worse_courts(free=up, obeyed=up, open=silent, fair=silent))


def test_indicators_of_another_criterion_do_not_count() -> None:
    up = [10, 10, 50]
    assert worse_courts(free=up, obeyed=up, open=[0, 0, 0], bread=up) == 2


def test_criteria_converge_when_several_are_a_class_worse() -> None:
    up, level = [30, 30, 45], [30, 30, 35]
    indicators: dict[str, tuple[str, ...]] = {"courts": (), "police": (), "bread": ()}
    scores = {"courts": up, "police": up, "bread": level, "risk": up}
    assert strength(a_rule(Kind.CONVERGENCE), a_panel(scores=scores, indicators=indicators)) == 2


# ---- sustained


@pytest.mark.parametrize(
    ("series", "number"),
    [
        ((0, 60, 60, 60), 3),
        ((60, 60, 0, 60), 3),
        ((60, 0, 60, 59.9), 2),
        ((60, 60, 60, 60, 0, 0), 2),
        ((60, 60, NAN, 60), 3),
        ((60, NAN, NAN, 60), NAN),
        ((60, 60, 60), 3),
        ((60, 60), NAN),
    ],
)
def test_what_lasts_is_counted_over_the_last_assessments(series: tuple[float, ...], number: float) -> None:
    assert alike(strength(a_rule(Kind.SUSTAINED), risk(*series)), number)


# ---- new high


def high(*series: float, **differs: Any) -> float:
    panel = a_panel(severities={"free": series})
    return strength(a_rule(Kind.NEW_HIGH, **differs), panel, subject="free")


@pytest.mark.parametrize(
    ("series", "months"),
    [
        ((30, 30, 30, 30, 50), 4),
        ((60, 30, 30, 50), 2),
        ((60, 30, 30, 30, 50), 2),
        ((50, 30, 30, 30, 50), 2),  # strictly higher, or it is not new
        ((45, 45, 45, 45, 50), 0),  # by more than the margin, or it may be nothing
        ((45, 45, 45, 45, 50.1), 4),
        ((30, 50, 50), 0),
        ((30, 50), 0),
        ((NAN, NAN, 30, 50), 0),  # nobody knows how it was
        ((30, NAN, 30, NAN, 50), 4),
        ((NAN, 30, NAN, 30, 50), 0),
        ((30, 30, 30, 30, NAN), NAN),
    ],
)
def test_a_new_high_is_higher_than_anything_before_in_its_window(series: tuple[float, ...], months: float) -> None:
    assert alike(high(*series), months)


@pytest.mark.parametrize(("now", "months"), [(39.9, 0), (40, 2)])
def test_a_new_high_lies_at_or_above_the_floor(now: float, months: float) -> None:
    assert high(30, 30, now) == months


@pytest.mark.parametrize(("now", "months"), [(45, 4), (44.9, 0)])
def test_a_new_high_stands_until_it_falls_by_the_margin(now: float, months: float) -> None:
    assert high(30, 30, 30, 30, 50, now) == months


def test_a_new_high_stays_news_for_as_long_as_its_shortest_window() -> None:
    assert [high(30, 30, 30, 30, *[50] * standing) for standing in (1, 2, 3)] == [4, 4, 0]


def test_among_very_many_countries_each_new_high_is_found() -> None:
    panel = a_panel(severities={"free": [[30, 30, 50]] * 301, "open": [[50, 30, 30]] * 301})
    strengths = signal_of(a_rule(Kind.NEW_HIGH), panel).strength[:, -1]
    assert strengths.tolist() == [2.0] * 301 + [0.0] * 301


def test_a_longer_high_counts_more_than_a_shorter_one() -> None:
    rule = a_rule(Kind.NEW_HIGH)
    assert [spoken(rule, months) for months in (0, 2, 4)] == [0, WARNING, ALARM]


# ---- outlier


def region(*others: float, now: float, regions: tuple[str, ...] = ()) -> float:
    panel = a_panel(scores={"risk": [[now], *([other] for other in others)]}, regions=regions)
    return strength(a_rule(Kind.OUTLIER), panel)


def test_an_outlier_is_measured_in_robust_deviations_from_the_median() -> None:
    # median 30; distances 70, 20, 10, 0, 10, 20, 30, whose median is 20
    assert region(10, 20, 30, 40, 50, 0, now=100) == pytest.approx(70 / (1.4826 * 20))


@pytest.mark.parametrize(("now", "severity"), [(44.9, 0), (45, NOTICE)])
def test_where_all_others_are_alike_an_outlier_still_lies_far_off(now: float, severity: int) -> None:
    assert spoken(a_rule(Kind.OUTLIER), region(30, 30, 30, 30, 30, now=now)) == severity


def test_to_be_far_better_than_the_region_raises_nothing() -> None:
    assert region(90, 90, 90, 90, 90, now=0) < 0


@pytest.mark.parametrize(
    ("others", "is_known"), [((30,) * 5, True), ((30,) * 4, False), ((30, 30, 30, 30, NAN), False)]
)
def test_an_outlier_needs_enough_peers_with_a_score(others: tuple[float, ...], is_known: bool) -> None:
    assert math.isnan(region(*others, now=90)) is not is_known


def test_a_country_is_compared_with_its_own_region() -> None:
    regions = ("north",) * 6 + ("south",) * 6
    assert region(*[30] * 5, *[90] * 6, now=90, regions=regions) == pytest.approx(60 / 5)


def test_a_country_without_a_region_has_no_peers() -> None:
    assert math.isnan(region(*[30] * 6, now=90, regions=("",) * 7))


@given(st.lists(st.lists(st.one_of(st.just(NAN), st.floats(0, 100)), min_size=1, max_size=8), min_size=1, max_size=1))
def test_the_median_is_that_of_what_is_known(column: list[list[float]]) -> None:
    values: FloatArray = np.array(column).T
    known = values[~np.isnan(values)]
    assert alike(float(median(values)[0]), float(np.median(known)) if known.size else NAN)


# ---- contradiction


@pytest.mark.parametrize(
    ("published", "coded", "severity"), [(20, 45.1, NOTICE), (45.1, 20, NOTICE), (20, 45, 0), (NAN, 90, 0)]
)
def test_voices_contradict_each_other_beyond_the_line(published: float, coded: float, severity: int) -> None:
    rule = a_rule(Kind.CONTRADICTION)
    panel = a_panel(scores={"courts.published": [published], "courts.coded": [coded]}, indicators={"courts": ()})
    assert spoken(rule, strength(rule, panel, subject="courts")) == severity


def test_a_criterion_with_one_voice_contradicts_nobody() -> None:
    panel = a_panel(scores={"courts.coded": [90]}, indicators={"courts": ()})
    assert signal_of(a_rule(Kind.CONTRADICTION), panel).rows == ()


def test_two_sources_of_one_indicator_can_contradict_each_other() -> None:
    panel = a_panel(scores={"risk": [0]}, disagreements={"free": [30]})
    assert strength(a_rule(Kind.CONTRADICTION), panel, subject="free") == 30


# ---- silence


def silence(scores: Series, overdue: Series | None = None) -> float:
    late = {} if overdue is None else {"free": overdue}
    panel = a_panel(scores={"rule_of_law": scores}, overdue=late, indicators=COURTS)
    return strength(a_rule(Kind.SILENCE), panel, subject="rule_of_law")


@pytest.mark.parametrize(("days", "step"), [(0, 0), (30, 0), (31, 1), (NAN, 0)])
def test_an_observation_is_missed_when_it_is_late_enough(days: float, step: int) -> None:
    assert silence([50], [days]) == step


@pytest.mark.parametrize(
    ("scores", "step"),
    [((50, NAN), 2), ((50, NAN, NAN, NAN), 2), ((50, NAN, NAN, NAN, NAN), NAN), ((50, NAN, 50), 0), ((NAN, NAN), NAN)],
)
def test_a_criterion_falls_silent_when_it_loses_a_score_that_it_had(scores: tuple[float, ...], step: float) -> None:
    assert alike(silence(scores), step)


def test_a_lost_score_is_worse_than_a_late_observation() -> None:
    assert silence([50, NAN], [31, 62]) == 2


def test_where_nobody_ever_listened_there_is_no_silence() -> None:
    assert math.isnan(silence([NAN, NAN], [NAN, NAN]))


# ---- trigger


def ahead(days: int, score: float = 60, country: str = HERE) -> FloatArray:
    panel = a_panel(scores={"risk": [score]}, occasions=(Occasion("vote", country, TODAY + timedelta(days)),))
    return signal_of(a_rule(Kind.TRIGGER), panel).strength


@pytest.mark.parametrize(("days", "score"), [(-1, 0), (0, 60), (45, 60), (46, 0)])
def test_an_occasion_counts_from_so_many_days_before_it_to_its_own_day(days: int, score: float) -> None:
    assert ahead(days).tolist() == [[score]]


@pytest.mark.parametrize(("score", "severity"), [(59.9, 0), (60, WARNING), (NAN, 0)])
def test_an_occasion_speaks_where_the_risk_is_high(score: float, severity: int) -> None:
    assert spoken(a_rule(Kind.TRIGGER), float(ahead(10, score)[0, 0])) == severity


def test_an_occasion_in_another_country_says_nothing_here() -> None:
    assert ahead(10, country="XZZ").shape == (0, 1)


def test_each_occasion_is_a_subject_of_its_own() -> None:
    votes = [Occasion("first", HERE, date(2026, 2, 28)), Occasion("second", HERE, date(2026, 4, 9))]
    signal = signal_of(a_rule(Kind.TRIGGER), a_panel(scores={"risk": [70, 80]}, occasions=votes))
    assert signal.rows == ((HERE, "first"), (HERE, "second"))
    assert signal.strength.tolist() == [[70, 0], [70, 80]]


# ---- all of them


def test_what_a_person_raises_is_not_computed() -> None:
    assert signal_of(a_rule(Kind.MANUAL), risk(99)).rows == ()


@pytest.mark.parametrize("kind", Kind)
@given(seed=st.integers(0, 10**6), months=st.integers(1, 9))
def test_the_days_before_the_window_of_a_rule_change_nothing(kind: Kind, seed: int, months: int) -> None:
    rule, panel = a_rule(kind), any_panel(seed)
    kept = max(months, rule.history_months + 1)
    recent = of_days(panel, slice(-kept, None))
    whole, part = signal_of(rule, panel), signal_of(rule, recent)
    assert whole.rows == part.rows
    np.testing.assert_array_equal(whole.strength[:, -1], part.strength[:, -1])


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.OUTLIER])
@given(seed=st.integers(0, 10**6))
def test_what_happens_elsewhere_changes_nothing_here(kind: Kind, seed: int) -> None:
    rule, alone, among = a_rule(kind), any_panel(seed), any_panel(seed)
    for arrays in (among.scores, among.severities, among.spread, among.overdue, among.disagreements):
        for values in arrays.values():
            values[1:] = np.random.default_rng(seed + 1).uniform(0, 100, values[1:].shape)
    here = [(signal_of(rule, panel), panel) for panel in (alone, among)]
    ours = [[row for row, (country, _) in enumerate(signal.rows) if country == HERE] for signal, _ in here]
    np.testing.assert_array_equal(here[0][0].strength[ours[0]], here[1][0].strength[ours[1]])


@given(seed=st.integers(0, 10**6))
def test_what_happens_in_another_region_makes_no_outlier(seed: int) -> None:
    rule, panel = a_rule(Kind.OUTLIER, peers=2), any_panel(seed)
    before = signal_of(rule, panel).strength[:2].copy()
    panel.scores["risk"][2:] = 100
    np.testing.assert_array_equal(signal_of(rule, panel).strength[:2], before)


@pytest.mark.parametrize("kind", Kind)
def test_the_same_question_gets_the_same_answer_and_the_panel_stays_as_it_was(kind: Kind) -> None:
    panel, untouched = any_panel(7), any_panel(7)
    first, second = signal_of(a_rule(kind), panel), signal_of(a_rule(kind), panel)
    np.testing.assert_array_equal(first.strength, second.strength)
    for node, scores in panel.scores.items():
        np.testing.assert_array_equal(scores, untouched.scores[node])
