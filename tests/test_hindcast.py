"""How a warning is measured against what then happened: worked numbers, and both sides of every window."""

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest

from tracker.hindcast import (
    BoolArray,
    auc,
    false_alarms,
    lead_times,
    precision,
    precision_at,
    recall,
    recall_at,
)

NAN = float("nan")


def months(*countries: str) -> BoolArray:
    """A row for each country, a letter for each month: x marks it."""
    return np.array([[letter == "x" for letter in country] for country in countries], dtype=np.bool_)


# ---- flags ----


@pytest.mark.parametrize(("flag", "warned"), [("x.....", 0.0), (".x....", 1.0), ("....x.", 1.0), (".....x", 0.0)])
def test_a_flag_warns_of_what_begins_within_the_window_after_it(flag: str, warned: float) -> None:
    assert recall(months(flag), months(".....x"), within=4) == warned


def test_recall_is_the_share_of_onsets_that_were_warned_of() -> None:
    raised = months("x...", "....", "...x")
    assert recall(raised, months("..x.", "..x.", "..x."), within=3) == pytest.approx(1 / 3)


def test_a_flag_warns_of_nothing_in_another_country() -> None:
    assert recall(months("x..", "..."), months("...", ".x."), within=2) == 0.0


def test_without_an_onset_there_is_no_recall() -> None:
    assert math.isnan(recall(months("x.."), months("..."), within=2))


def test_precision_is_the_share_of_flags_that_an_onset_followed() -> None:
    raised = months("x.x.......", "x.........")
    assert precision(raised, months("....x.....", ".........."), within=2) == pytest.approx(1 / 3)


@pytest.mark.parametrize(("flag", "judged"), [("..x.", True), ("...x", False)])
def test_a_flag_is_judged_once_its_window_is_over(flag: str, judged: bool) -> None:
    assert math.isnan(precision(months(flag), months("...."), within=1)) is not judged


def test_false_alarms_are_counted_by_country_and_year() -> None:
    # two countries of 24 months that can be judged, and two of three flags that nothing followed
    quiet = "." * 12
    raised = months("x" + "." * 11 + "x" + "." * 11 + quiet, "x" + "." * 23 + quiet)
    begun = months("...x" + "." * 20 + quiet, "." * 24 + quiet)
    assert false_alarms(raised, begun, within=12) == pytest.approx(2 / 4)


def test_a_history_shorter_than_the_window_says_nothing_of_false_alarms() -> None:
    assert math.isnan(false_alarms(months("x.."), months("..."), within=3))


def test_the_lead_time_is_counted_from_the_first_flag_that_warned() -> None:
    raised = months("x..x..", ".x....", "......")
    found = lead_times(raised, months(".....x", "..x...", "...x.."), within=4)
    assert found[:2].tolist() == [2, 1]
    assert math.isnan(found[2])


@pytest.mark.parametrize(("within", "expected"), [(4, NAN), (5, 5.0)])
def test_a_flag_before_the_window_gave_no_lead(within: int, expected: float) -> None:
    assert lead_times(months("x....."), months(".....x"), within).tolist() == pytest.approx([expected], nan_ok=True)


def test_each_onset_of_a_country_has_a_lead_time_of_its_own() -> None:
    assert lead_times(months("x..x.."), months("..x..x"), within=2).tolist() == [2, 2]


# ---- rankings ----


@pytest.mark.parametrize(("places", "expected"), [(0, 0.0), (1, 0.5), (2, 0.5), (3, 1.0), (9, 1.0)])
def test_recall_at_counts_the_onsets_on_the_list(places: int, expected: float) -> None:
    scores, onsets = np.array([90.0, 80, 70, 60]), np.array([True, False, True, False])
    assert recall_at(places, scores, onsets) == expected


def test_equal_scores_share_the_last_places_by_chance() -> None:
    scores, onsets = np.array([90.0, 70, 70, 70]), np.array([False, True, False, False])
    assert recall_at(2, scores, onsets) == pytest.approx(1 / 3)
    assert precision_at(2, scores, onsets) == pytest.approx(1 / 6)


def test_every_year_has_a_ranking_of_its_own() -> None:
    scores = np.array([[90.0, 10], [80, 20]])
    onsets = np.array([[True, False], [False, True]])
    assert recall_at(1, scores, onsets) == 1.0
    assert recall_at(1, scores, ~onsets) == 0.0


def test_who_has_no_score_is_on_no_list() -> None:
    scores, onsets = np.array([NAN, 50.0]), np.array([True, False])
    assert recall_at(2, scores, onsets) == 0.0
    assert precision_at(2, scores, onsets) == 0.0


def test_precision_at_is_the_share_of_the_list_in_which_it_began() -> None:
    scores, onsets = np.array([90.0, 80, 70, 60]), np.array([True, False, False, True])
    assert precision_at(2, scores, onsets) == 0.5


@pytest.mark.parametrize(
    ("scores", "expected"),
    [([4.0, 3, 2, 1], 1.0), ([1.0, 2, 3, 4], 0.0), ([5.0, 5, 5, 5], 0.5), ([3.0, 1, 3, 2], 0.375)],
)
def test_the_area_is_the_chance_that_an_onset_ranks_higher(scores: list[float], expected: float) -> None:
    assert auc(np.array(scores), np.array([True, True, False, False])) == expected


def test_the_area_is_what_comparing_every_pair_finds() -> None:
    chance = np.random.default_rng(4)
    scores, onsets = chance.integers(0, 6, 60).astype(np.float64), chance.random(60) < 0.3
    pairs = itertools.product(scores[onsets], scores[~onsets])
    compared = [1.0 if one > other else 0.5 if one == other else 0.0 for one, other in pairs]
    assert auc(scores, onsets) == pytest.approx(np.mean(compared))


def test_who_has_no_score_is_compared_with_nobody() -> None:
    assert auc(np.array([NAN, 2.0, 1.0]), np.array([True, True, False])) == 1.0


@pytest.mark.parametrize("onsets", [[True, True], [False, False]])
def test_without_both_kinds_there_is_nothing_to_compare(onsets: list[bool]) -> None:
    assert math.isnan(auc(np.array([1.0, 2.0]), np.array(onsets)))


@pytest.mark.parametrize("measured", [recall, precision, false_alarms])
def test_a_history_without_months_says_nothing(measured: Callable[[BoolArray, BoolArray, int], float]) -> None:
    nothing = np.zeros((2, 0), dtype=np.bool_)
    assert math.isnan(measured(nothing, nothing, 3))
