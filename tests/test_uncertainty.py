"""How far a score can be trusted: what must always hold of its interval, and of places in a ranking."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.small_methods import a_measure, a_method
from tracker import uncertainty
from tracker.catalogue.reading import read_catalogue
from tracker.catalogue.shape import built_in_shape
from tracker.index import Branch, Combine, FloatArray, evaluate, ranks
from tracker.method import Method, built_in
from tracker.standing import Placed
from tracker.uncertainty import HIGHEST, LOWEST, Spread, is_distinguishable, place_of, rank_intervals, spread

NONE = math.nan
CATALOGUE = read_catalogue()
METHOD = built_in(CATALOGUE.criteria, CATALOGUE.indicators, built_in_shape())
MEASURES = len(METHOD.measures)

# Of one child its weight does not matter.
ONE = a_method()
FOUR = a_method(*(a_measure(key) for key in ("a", "b", "c", "d")))
# The usual bell: ninety of a hundred lie within so many deviations.
WITHIN = 1.645

perhaps = st.one_of(st.sampled_from([NONE, 0.0, 25.0, 50.0, 75.0, 100.0]), st.floats(0, 100))
every_measure = st.lists(perhaps, min_size=MEASURES, max_size=MEASURES)


def placed(*severities: Sequence[float] | float, deviation: float = 0.0) -> Placed:
    """A list for each day, or the values of one day; all of them as sure."""
    days = [severities] if isinstance(severities[0], float | int) else severities
    found = np.array(days, dtype=np.float64).T
    return Placed(found, np.where(np.isnan(found), np.nan, deviation))


def whole(method: Method, *severities: Sequence[float] | float, deviation: float = 0.0) -> tuple[float, float]:
    """The interval of the whole on the first day."""
    found = spread(method, placed(*severities, deviation=deviation), "XAA")
    return float(found.low[-1, 0]), float(found.high[-1, 0])


def drawn_width(found: Spread) -> float:
    """Of the draws of the whole alone, without the value itself."""
    low, high = np.quantile(found.whole[0], (LOWEST, HIGHEST))
    return float(high - low)


# What is known, and how sure


def test_what_is_quite_sure_has_an_interval_of_one_point() -> None:
    assert whole(ONE, 40.0) == (40, 40)


def test_ninety_of_a_hundred_lie_within_one_point_six_deviations() -> None:
    low, high = whole(a_method(draws=10_000), 50.0, deviation=10)
    assert low == pytest.approx(50 - 10 * WITHIN, abs=0.5)
    assert high == pytest.approx(50 + 10 * WITHIN, abs=0.5)


def test_exactly_nine_hundred_of_a_thousand_draws_lie_within() -> None:
    found = spread(ONE, placed(50.0, deviation=10), "XAA")
    assert np.sum((found.whole[0] >= found.low[-1, 0]) & (found.whole[0] <= found.high[-1, 0])) == 900


def test_what_is_not_known_at_all_may_be_anything() -> None:
    low, high = whole(a_method(draws=10_000), NONE)
    assert low == pytest.approx(5, abs=1)
    assert high == pytest.approx(95, abs=1)


def test_the_unknown_measures_of_a_country_are_bad_together() -> None:
    # drawn each for itself, their mean would lie between 26 and 74 in ninety of a hundred draws
    low, high = whole(FOUR, NONE, NONE, NONE, NONE)
    assert high - low > 85


def test_the_known_measures_of_a_country_err_each_for_itself() -> None:
    low, high = whole(a_method(*FOUR.measures, jitter=1e-9), 50.0, 50.0, 50.0, 50.0, deviation=10)
    assert (high - low) / 2 == pytest.approx(10 * WITHIN / 2, abs=1)


@pytest.mark.parametrize(("value", "end"), [(0.0, 0), (100.0, 1)])
def test_no_draw_leaves_the_scale(value: float, end: int) -> None:
    found = spread(ONE, placed(value, deviation=30), "XAA")
    assert (found.whole.min(), found.whole.max())[end] == value
    assert found.whole.min() >= 0
    assert found.whole.max() <= 100


def test_weights_that_may_be_wrong_widen_the_interval_of_what_differs() -> None:
    low, high = whole(FOUR, 0.0, 0.0, 100.0, 100.0)
    assert low < 46
    assert high > 54


def test_weights_are_wrong_by_a_quarter_at_most() -> None:
    found = spread(a_method(a_measure("a"), a_measure("b")), placed(0.0, 100.0), "XAA").whole
    # one a quarter too heavy, the other a quarter too light
    assert found.min() >= 100 * 0.75 / 2
    assert found.max() <= 100 * 1.25 / 2
    assert found.max() - found.min() > 20


def test_where_everything_is_alike_wrong_weights_change_nothing() -> None:
    assert whole(FOUR, 30.0, 30.0, 30.0, 30.0) == pytest.approx((30, 30))


def test_what_is_missing_is_drawn_with_its_own_weight_and_not_left_out() -> None:
    heavy = Branch("risk", "Risk", ("a", "b"), (1.0, 9.0), needs=0.0)
    method = a_method(a_measure("a"), a_measure("b"), branches=(heavy,))
    low, high = whole(method, 50.0, NONE)
    assert high - low > 75
    low, high = whole(method, NONE, 50.0)
    assert high - low < 12


def test_a_branch_without_enough_evidence_is_drawn_all_the_same() -> None:
    voices = (
        Branch("voice", "Voice", ("a", "b"), (1.0, 1.0), needs=1.0),
        Branch("risk", "Risk", ("voice", "c"), (1.0, 1.0), needs=0.5),
    )
    method = a_method(a_measure("a"), a_measure("b"), a_measure("c"), branches=voices)
    found = spread(method, placed(50.0, NONE, 50.0), "XAA")
    assert not np.isnan(found.low).any()
    # a quarter of the whole is not known
    assert drawn_width(found) == pytest.approx(0.25 * 90, abs=4)


@pytest.mark.parametrize("combine", Combine)
def test_any_mean_has_an_interval(combine: Combine) -> None:
    root = Branch("risk", "Risk", ("a", "b"), (1.0, 1.0), combine=combine)
    method = a_method(a_measure("a"), a_measure("b"), branches=(root,))
    low, high = whole(method, 0.0, 50.0, deviation=10)
    assert 0 <= low < high <= 100


# What must always hold


@given(severities=every_measure, deviation=st.floats(0, 35))
@settings(max_examples=50, deadline=None)
def test_an_interval_always_holds_its_score(severities: list[float], deviation: float) -> None:
    scores = evaluate(METHOD.tree, np.array(severities)).values
    found = spread(METHOD, placed(severities, deviation=deviation), "XAA")
    has_value = ~np.isnan(scores)
    assert (found.low[has_value, 0] <= scores[has_value]).all()
    assert (scores[has_value] <= found.high[has_value, 0]).all()
    assert (found.low >= 0).all()
    assert (found.high <= 100).all()


def test_where_too_little_is_known_to_reach_the_score_the_interval_is_widened_to_hold_it() -> None:
    # one measure speaks for its branch at 100; the branch is drawn as if the two others could be better, and mostly are
    third = (
        Branch("thin", "Thin", ("a", "b", "c"), (1.0, 1.0, 1.0), needs=0.0),
        Branch("risk", "Risk", ("thin", "d"), (1.0, 1.0), needs=0.0),
    )
    method = a_method(*FOUR.measures, branches=third, jitter=1e-9)
    found = spread(method, placed(100.0, NONE, NONE, 0.0), "XAA")
    assert np.quantile(found.whole, HIGHEST) < 50
    assert found.high[-1, 0] == 50


@given(
    severities=every_measure, forgotten=st.sets(st.integers(0, MEASURES - 1), min_size=1), deviation=st.floats(0, 20)
)
@settings(max_examples=50, deadline=None)
def test_to_know_less_never_brings_the_draws_of_the_whole_closer_together(
    severities: list[float], forgotten: set[int], deviation: float
) -> None:
    less = [NONE if place in forgotten else value for place, value in enumerate(severities)]
    before, after = (spread(METHOD, placed(one, deviation=deviation), "XAA") for one in (severities, less))
    # a thousand draws do not tell the ends more closely than this
    assert drawn_width(after) >= drawn_width(before) - 1


@given(severities=every_measure, surer=st.floats(0, 10), by=st.floats(1, 15))
@settings(max_examples=50, deadline=None)
def test_to_be_less_sure_of_all_never_brings_the_draws_of_the_whole_closer_together(
    severities: list[float], surer: float, by: float
) -> None:
    before, after = (
        spread(METHOD, placed(severities, deviation=deviation), "XAA") for deviation in (surer, surer + by)
    )
    assert drawn_width(after) >= drawn_width(before) - 1


# The same question gives the same answer


def test_the_same_question_gives_the_same_answer_with_nothing_remembered() -> None:
    before = spread(METHOD, placed([50.0] * MEASURES, deviation=10), "XAA")
    uncertainty._draws_of_method.cache_clear()
    uncertainty._weights.cache_clear()
    again = Method.from_plain(METHOD.as_plain())
    after = spread(again, placed([50.0] * MEASURES, deviation=10), "XAA")
    assert np.array_equal(before.whole, after.whole)
    assert np.array_equal(before.low, after.low)


def test_a_day_is_drawn_alike_whichever_days_are_asked_for_beside_it() -> None:
    days = [[float(day % 100), NONE, 30.0, 70.0] for day in range(40)]
    together = spread(FOUR, placed(*days, deviation=10), "XAA")
    for place in (0, 15, 16, 39):
        alone = spread(FOUR, placed(days[place], deviation=10), "XAA")
        assert np.array_equal(together.whole[place], alone.whole[0])
        assert np.array_equal(together.low[:, place], alone.low[:, 0])
        assert np.array_equal(together.high[:, place], alone.high[:, 0])


def test_where_nothing_was_learnt_the_next_day_has_the_same_interval() -> None:
    found = spread(FOUR, placed([10.0, NONE, 30.0, 70.0], [10.0, NONE, 30.0, 70.0], deviation=10), "XAA")
    assert np.array_equal(found.whole[0], found.whole[1])


def test_two_countries_err_each_for_itself() -> None:
    here, there = (spread(FOUR, placed(50.0, 50.0, 50.0, 50.0, deviation=10), iso3).whole[0] for iso3 in ("XAA", "XAB"))
    assert abs(np.corrcoef(here, there)[0, 1]) < 0.15


def test_weights_are_wrong_for_all_countries_alike() -> None:
    here, there = (spread(FOUR, placed(0.0, 0.0, 100.0, 50.0), iso3).whole[0] for iso3 in ("XAA", "XAB"))
    assert np.array_equal(here, there)


def test_another_method_draws_anew() -> None:
    other = replace(ONE, firm_from=0.5)
    assert whole(ONE, 50.0, deviation=10) != whole(other, 50.0, deviation=10)


# Places in a ranking


def draws_of(*countries: Sequence[float]) -> FloatArray:
    """Of each country the draws, repeated until there are a hundred."""
    return np.array([np.resize(np.array(one, dtype=np.float64), 100) for one in countries])


def test_countries_that_never_change_places_have_one_place_each() -> None:
    lower, higher = rank_intervals(draws_of([10], [90], [50]), np.array([10.0, 90.0, 50.0]))
    assert lower.tolist() == higher.tolist() == [3, 1, 2]


def test_countries_that_cannot_be_told_apart_share_their_places() -> None:
    lower, higher = rank_intervals(draws_of([10, 20], [20, 10], [90]), np.array([15.0, 15.0, 90.0]))
    assert lower.tolist() == [2, 2, 1]
    assert higher.tolist() == [3, 3, 1]


@pytest.mark.parametrize(("first_in", "best_place"), [(5, 2), (6, 1)])
def test_a_place_that_is_reached_in_five_of_a_hundred_draws_lies_outside(first_in: int, best_place: int) -> None:
    lower, higher = rank_intervals(draws_of([100] * first_in + [0] * (100 - first_in), [50]), np.array([NONE, NONE]))
    assert (lower[0], higher[0]) == (best_place, 2)


def test_the_place_of_one_country_is_what_ranking_all_of_them_says() -> None:
    generator = np.random.default_rng(1)
    # rounded, so that some are equal
    drawn = np.round(generator.normal(generator.uniform(0, 30, (40, 1)), 8.0, (40, 200)))
    values = np.round(drawn.mean(axis=1))
    highest, lowest = rank_intervals(drawn, values)
    for row in range(len(values)):
        found = place_of(drawn, values, row)
        assert (found.highest, found.lowest, found.of) == (highest[row], lowest[row], 40)
        assert found.place == ranks(values)[row]


@pytest.mark.parametrize(("above_in", "expected"), [(94, False), (95, True), (100, True), (50, False)])
def test_countries_are_told_apart_when_one_is_worse_in_ninety_five_of_a_hundred_draws(
    above_in: int, expected: bool
) -> None:
    one, other = draws_of([60] * above_in + [40] * (100 - above_in), [50])
    assert is_distinguishable(one, other) is expected
    assert is_distinguishable(other, one) is expected


def test_a_country_is_not_told_apart_from_one_that_is_the_same() -> None:
    one, other = draws_of([50], [50])
    assert not is_distinguishable(one, other)
