"""What a score is made of, and that keeping it loses nothing that is shown."""

import math
import zlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.index import Branch, Combine, Tree, evaluate
from tracker.workings import Fall, Scores, contributions, quickest_way, value_of

NONE = math.nan
EVERY_WAY = pytest.mark.parametrize("combine", Combine)
TREE = Tree(
    ("a", "b", "c", "d"),
    (
        Branch("low", "Low", ("a", "b"), (1.0, 3.0), needs=0.25),
        Branch("high", "High", ("c", "d"), (1.0, 1.0), needs=1.0),
        Branch("root", "Root", ("low", "high"), (2.0, 1.0), needs=0.5),
    ),
)

points = st.floats(0, 100)
perhaps = st.one_of(st.just(NONE), points)
four = st.lists(perhaps, min_size=4, max_size=4)


def tree_with(combine: Combine) -> Tree:
    return replace(TREE, branches=tuple(replace(branch, combine=combine) for branch in TREE.branches))


def scores_of(tree: Tree, *severities: float) -> Scores:
    """As they are evaluated, with an interval of ten points each way."""
    found = evaluate(tree, np.array(severities))
    return Scores(
        np.array(severities, dtype=np.float64), found.values, found.coverage, found.values - 10, found.values + 10
    )


def shares(tree: Tree, key: str, *severities: float) -> list[float]:
    return [one.share for one in contributions(tree, scores_of(tree, *severities), key)]


def given_points(tree: Tree, key: str, *severities: float) -> list[float]:
    return [one.points for one in contributions(tree, scores_of(tree, *severities), key)]


# Contributions


def test_each_child_gives_its_share_of_the_weight_times_its_value() -> None:
    low, high = contributions(TREE, scores_of(TREE, 20, 60, 30, 10), "root")
    assert (low.child, high.child) == ("low", "high")
    assert [low.share, low.value, low.points] == pytest.approx([2 / 3, 50, 100 / 3])
    assert [high.share, high.value, high.points] == pytest.approx([1 / 3, 20, 20 / 3])


def test_leaves_contribute_to_their_branch_as_branches_do() -> None:
    assert given_points(TREE, "low", 20, 60, 30, 10) == pytest.approx([5, 45])


def test_a_missing_child_gives_nothing_and_the_others_share_its_part() -> None:
    first, missing = contributions(TREE, scores_of(TREE, 20, NONE, 30, 10), "low")
    assert (first.share, first.value, first.points) == (1, 20, 20)
    assert (missing.share, missing.points) == (0, 0)
    assert math.isnan(missing.value)


def test_to_what_has_too_little_evidence_nothing_contributes_though_it_is_told_what_is_there() -> None:
    there, missing = contributions(TREE, scores_of(TREE, 20, 60, 30, NONE), "high")
    assert (there.share, there.value, there.points) == (1, 30, 0)
    assert (missing.share, missing.points) == (0, 0)


def test_where_nothing_is_there_nothing_contributes() -> None:
    assert shares(TREE, "low", NONE, NONE, 30, 10) == given_points(TREE, "low", NONE, NONE, 30, 10) == [0, 0]


def test_a_child_at_zero_is_there_and_gives_no_points() -> None:
    assert shares(TREE, "low", 0, 60, 30, 10) == [0.25, 0.75]
    assert given_points(TREE, "low", 0, 60, 30, 10) == [0, 45]


@EVERY_WAY
def test_where_everything_is_at_zero_nothing_gives_points(combine: Combine) -> None:
    assert given_points(tree_with(combine), "root", 0, 0, 0, 0) == [0, 0]


@given(severities=four, combine=st.sampled_from(Combine))
def test_all_contributions_together_are_the_value(severities: Sequence[float], combine: Combine) -> None:
    tree = tree_with(combine)
    scores = scores_of(tree, *severities)
    for branch in tree.branches:
        found, value = contributions(tree, scores, branch.key), value_of(tree, scores, branch.key)
        assert sum(one.points for one in found) == pytest.approx(0.0 if math.isnan(value) else value, abs=1e-6)
        assert all(one.points >= 0 for one in found)


@given(severities=four)
def test_the_shares_of_what_is_there_add_up_to_one(severities: Sequence[float]) -> None:
    scores = scores_of(TREE, *severities)
    for branch in TREE.branches:
        found = contributions(TREE, scores, branch.key)
        is_there = any(not math.isnan(one.value) for one in found)
        assert sum(one.share for one in found) == pytest.approx(float(is_there))
        assert [one.child for one in found] == list(branch.children)


@EVERY_WAY
def test_a_rounded_value_is_told_apart_in_proportion(combine: Combine) -> None:
    tree = tree_with(combine)
    tree = replace(tree, branches=(*tree.branches[:2], replace(tree.branches[2], round=0)))
    assert sum(given_points(tree, "root", 21, 62, 33, 14)) == pytest.approx(
        value_of(tree, scores_of(tree, 21, 62, 33, 14), "root")
    )


def test_a_leaf_and_a_branch_are_asked_for_alike() -> None:
    scores = scores_of(TREE, 20, 60, 30, NONE)
    assert [value_of(TREE, scores, key) for key in ("b", "low")] == [60, 50]
    assert math.isnan(value_of(TREE, scores, "d"))
    assert math.isnan(value_of(TREE, scores, "high"))


# Keeping


@given(severities=four)
def test_what_was_packed_comes_out_the_same_to_single_precision(severities: Sequence[float]) -> None:
    scores = scores_of(TREE, *severities)
    again = Scores.unpacked(TREE, scores.packed())
    for name in ("severity", "values", "coverage", "low", "high"):
        before, after = getattr(scores, name), getattr(again, name)
        assert np.array_equal(before.astype(np.float32), after, equal_nan=True)
        # 2 ** -24 of a number is half of the last place that single precision keeps
        assert np.allclose(before, after, rtol=2**-24, atol=1e-30, equal_nan=True)
    assert again.says_the_same_as(scores)


def test_what_comes_out_is_counted_on_in_double_precision() -> None:
    again = Scores.unpacked(TREE, scores_of(TREE, 20, 60, 30, 10).packed())
    assert {array.dtype for array in vars(again).values()} == {np.dtype(np.float64)}


def test_who_asks_for_the_same_is_given_the_same_and_cannot_change_it() -> None:
    packed = scores_of(TREE, 20, 60, 30, 10).packed()
    found = Scores.unpacked(TREE, packed)

    assert Scores.unpacked(TREE, bytes(bytearray(packed))) is found
    with pytest.raises(ValueError, match="read-only"):
        found.values[0] = 0.0


def test_what_is_missing_takes_next_to_no_room() -> None:
    nothing = np.full(3, NONE)
    packed = Scores(np.full(500, NONE), nothing, nothing, nothing, nothing).packed()
    assert len(packed) < 100


@pytest.mark.parametrize("more", [-1, 1])
def test_scores_of_another_tree_are_not_taken_for_those_of_this(more: int) -> None:
    other = replace(TREE, leaves=("a", "b", "c", "d", "e")[: 4 + more])
    packed = scores_of(TREE, 20, 60, 30, 10).packed()
    with pytest.raises(ValueError, match="by another tree"):
        Scores.unpacked(other, packed)


def test_what_was_not_packed_is_not_unpacked() -> None:
    with pytest.raises(zlib.error):
        Scores.unpacked(TREE, b"no scores")


# Comparing


def test_an_interval_that_is_drawn_later_changes_nothing() -> None:
    drawn = scores_of(TREE, 20, NONE, 30, 10)
    not_drawn = replace(drawn, low=np.full(3, NONE), high=np.full(3, NONE))
    assert drawn.says_the_same_as(not_drawn)


@pytest.mark.parametrize("name", ["severity", "values", "coverage"])
@pytest.mark.parametrize("place", [0, 2])
def test_any_other_difference_is_a_change(name: str, place: int) -> None:
    scores = scores_of(TREE, 20, 60, 30, 10)
    for other in (NONE, 0.5):
        changed = getattr(scores, name).copy()
        changed[place] = other
        assert not scores.says_the_same_as(replace(scores, **{name: changed}))


@pytest.mark.parametrize(("by", "expected"), [(1e-9, True), (1e-3, False)])
def test_what_single_precision_cannot_tell_apart_is_the_same(by: float, expected: bool) -> None:
    scores = scores_of(TREE, 20, 60, 30, 10)
    assert scores.says_the_same_as(replace(scores, values=scores.values + by)) is expected


# The quickest way down


def test_the_measure_that_weighs_most_is_the_quickest_way() -> None:
    [fall] = quickest_way(TREE, np.array([100.0, 100.0, 0.0, 0.0]), "low", 55)
    assert (fall.key, fall.now) == ("b", 100.0)
    assert fall.to == pytest.approx(40.0)


def test_where_one_measure_is_not_enough_the_next_falls_too() -> None:
    [first, second] = quickest_way(TREE, np.array([100.0, 100.0, 0.0, 0.0]), "low", 20)
    assert first == Fall("b", 100.0, 0.0)
    assert (second.key, second.now) == ("a", 100.0)
    assert second.to == pytest.approx(80.0)


def test_no_three_measures_would_do() -> None:
    leaves = tuple("abcdefgh")
    tree = Tree(leaves, (Branch("root", "Root", leaves, (1.0,) * 8),))
    assert quickest_way(tree, np.full(8, 100.0), "root", 60) == []
    assert len(quickest_way(tree, np.full(8, 100.0), "root", 65)) == 3


def test_what_is_below_already_or_not_known_needs_no_way() -> None:
    assert quickest_way(TREE, np.array([NONE] * 4), "root", 50) == []
    assert quickest_way(TREE, np.zeros(4), "root", 50) == []


@EVERY_WAY
def test_measures_that_fall_as_told_bring_the_value_down(combine: Combine) -> None:
    tree, stands = tree_with(combine), np.array([90.0, 80.0, 70.0, NONE])
    tree = replace(tree, branches=(tree.branches[0], replace(tree.branches[1], needs=0.5), tree.branches[2]))
    falls = quickest_way(tree, stands, "root", 60)
    assert falls
    for fall in falls:
        stands[tree.positions[fall.key]] = fall.to
    assert evaluate(tree, stands).values[-1] <= 60 + 1e-9
