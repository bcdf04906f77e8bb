import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker import index
from tracker.index import (
    FEW_CELLS,
    Branch,
    Combine,
    Evaluated,
    FloatArray,
    Tree,
    ranks,
    severity_of,
)
from tracker.indicator import Transform, severity
from tracker.tree_fault import MOST_DIGITS

NONE = math.nan
EVERY_WAY = pytest.mark.parametrize("combine", Combine)
TREE = Tree(
    ("a", "b", "c", "d"),
    (
        Branch("low", "Low", ("a", "b"), (1.0, 2.0)),
        Branch("high", "High", ("c",), (1.0,)),
        Branch("root", "Root", ("low", "high", "d"), (0.5, 0.25, 0.25)),
    ),
)

points = st.floats(min_value=0, max_value=100)
perhaps = st.one_of(points, st.just(NONE))
weights_of = st.floats(min_value=0.01, max_value=100)


def evaluate(tree: Tree, placed: FloatArray, weights: Sequence[FloatArray] | None = None) -> Evaluated:
    """Few cells are evaluated in another way than many: whatever is tried here is tried in both."""
    found = index.evaluate(tree, placed, weights)
    if weights is None:
        cells, copies = placed.reshape(len(placed), -1), FEW_CELLS + 1
        many = index.evaluate(tree, np.repeat(cells, copies, axis=1))
        few = index.evaluate(tree, cells[:, :FEW_CELLS])
        for one, other in ((few.values, many.values), (few.coverage, many.coverage)):
            every = other[:, ::copies][:, :FEW_CELLS]
            assert np.allclose(one, every, rtol=0, atol=1e-9 * tree.scale, equal_nan=True)
    return found


def one_branch(count: int, **different: Any) -> Tree:
    keys = tuple(f"leaf_{number}" for number in range(count))
    return Tree(keys, (replace(Branch("root", "Root", keys, (1.0,) * count), **different),))


def placed(*columns: Sequence[float]) -> FloatArray:
    """A column for each country."""
    return np.array(columns, dtype=np.float64).T


def value_of(tree: Tree, *leaves: float) -> float:
    return float(evaluate(tree, np.array(leaves)).values[-1])


def coverage_of(tree: Tree, *leaves: float) -> list[float]:
    return [float(share) for share in evaluate(tree, np.array(leaves)).coverage]


def same(one: Evaluated, other: Evaluated) -> bool:
    return bool(
        np.array_equal(one.values, other.values, equal_nan=True) and np.array_equal(one.coverage, other.coverage)
    )


# The means


def test_an_arithmetic_mean_counts_each_child_by_its_weight() -> None:
    assert value_of(one_branch(2, weights=(3.0, 1.0)), 20, 60) == 30


def test_a_geometric_mean_counts_each_child_by_its_weight() -> None:
    # (10 * 10 * 80) ** (1/3) = 20
    assert value_of(one_branch(2, weights=(2.0, 1.0), combine=Combine.GEOMETRIC), 10, 80) == pytest.approx(20)


@pytest.mark.parametrize(("missing", "expected"), [((), 0.0), ((80.0,), 0.0), ((NONE,), 0.0)])
def test_a_child_at_zero_makes_a_geometric_mean_zero(missing: tuple[float, ...], expected: float) -> None:
    tree = one_branch(2 + len(missing), combine=Combine.GEOMETRIC)
    assert value_of(tree, 0, 50, *missing) == expected


def test_the_mean_of_inform_is_its_published_formula() -> None:
    factors = [(10 - x) / 10 * 9 + 1 for x in (2.0, 9.0, 5.5)]
    expected = 10 - (math.prod(factors) ** (1 / 3) - 1) / 9 * 10
    tree = replace(one_branch(3, combine=Combine.INFORM), scale=10.0)
    assert value_of(tree, 2.0, 9.0, 5.5) == pytest.approx(expected, rel=1e-14)


def test_in_the_mean_of_inform_a_weight_of_two_counts_as_two_children() -> None:
    twice = one_branch(3, combine=Combine.INFORM)
    weighted = one_branch(2, weights=(2.0, 1.0), combine=Combine.INFORM)
    assert value_of(weighted, 15, 70) == pytest.approx(value_of(twice, 15, 15, 70))


@EVERY_WAY
def test_a_mean_is_the_same_on_every_scale(combine: Combine) -> None:
    tree = one_branch(3, weights=(1.0, 2.0, 0.5), combine=combine)
    small = value_of(replace(tree, scale=1.0), 0.1, 0.65, NONE)
    assert value_of(tree, 10, 65, NONE) == pytest.approx(small * 100)


@given(
    values=st.lists(st.tuples(points, weights_of), min_size=1, max_size=6),
    combine=st.sampled_from(Combine),
    gaps=st.integers(0, 2),
)
def test_a_branch_lies_between_its_children(values: list[tuple[float, float]], combine: Combine, gaps: int) -> None:
    children, weights = [value for value, _ in values], tuple(weight for _, weight in values)
    tree = one_branch(len(children) + gaps, weights=(*weights, *[1.0] * gaps), combine=combine, needs=0.0)
    assert min(children) <= value_of(tree, *children, *[NONE] * gaps) <= max(children)


@given(
    values=st.lists(points, min_size=2, max_size=5), more=st.floats(min_value=0, max_value=50), which=st.integers(0, 4)
)
def test_more_weight_on_a_child_that_is_worse_never_lowers_the_whole(
    values: list[float], more: float, which: int
) -> None:
    worst = max(values)
    values = [*values[:which], worst, *values[which:]]
    place = values.index(worst)
    heavier = tuple(1.0 + more * (number == place) for number in range(len(values)))
    before = value_of(one_branch(len(values)), *values)
    assert value_of(one_branch(len(values), weights=heavier), *values) >= before - 1e-12 * 100


# What is missing


@given(
    values=st.lists(perhaps, min_size=1, max_size=6).filter(lambda values: not all(map(math.isnan, values))),
    combine=st.sampled_from(Combine),
)
def test_a_missing_child_counts_as_if_it_were_not_in_the_tree(values: list[float], combine: Combine) -> None:
    weights = tuple(1.0 + number for number in range(len(values)))
    there = [number for number, value in enumerate(values) if not math.isnan(value)]
    without = one_branch(len(there), weights=tuple(weights[number] for number in there), combine=combine)
    whole = one_branch(len(values), weights=weights, combine=combine, needs=0.0)
    assert value_of(whole, *values) == pytest.approx(value_of(without, *(values[number] for number in there)))


@EVERY_WAY
def test_where_nothing_is_there_a_branch_has_no_value_whatever_it_needs(combine: Combine) -> None:
    assert math.isnan(value_of(one_branch(2, combine=combine, needs=0.0), NONE, NONE))


@pytest.mark.parametrize(
    ("needs", "is_enough"), [(0.0, True), (0.3, True), (0.30001, False), (0.5, False), (1.0, False)]
)
def test_exactly_the_share_that_a_branch_needs_is_enough(needs: float, is_enough: bool) -> None:
    """0.1 and 0.2 of 1.0 are 0.3 to a reader, though not to a computer."""
    tree = one_branch(3, weights=(0.1, 0.2, 0.7), needs=needs)
    assert math.isnan(value_of(tree, 40, 40, NONE)) is not is_enough


@pytest.mark.parametrize(("weights", "needs"), [((0.1, 0.2, 0.3, 0.4), 1.0), ((1 / 3, 1 / 3, 1 / 3), 1.0)])
def test_a_branch_that_needs_all_is_content_with_all(weights: tuple[float, ...], needs: float) -> None:
    tree = one_branch(len(weights), weights=weights, needs=needs)
    beside = placed([50] * len(weights), [NONE] * len(weights))
    assert evaluate(tree, beside).values[-1, 0] == 50


def test_a_branch_without_a_value_is_missing_in_the_branch_above() -> None:
    assert value_of(TREE, 90, NONE, 40, 20) == 30
    assert math.isnan(value_of(TREE, 90, 30, NONE, NONE)) is False
    assert math.isnan(value_of(TREE, 90, NONE, NONE, 20))


# How much was there


def test_coverage_is_the_share_of_the_weight_of_the_leaves_down_the_whole_tree() -> None:
    assert coverage_of(TREE, 1, 1, 1, 1) == [1, 1, 1]
    assert coverage_of(TREE, 1, NONE, NONE, 1) == pytest.approx([1 / 3, 0, 0.5 / 3 + 0.25])
    assert coverage_of(TREE, NONE, NONE, NONE, NONE) == [0, 0, 0]


def test_what_a_branch_without_a_value_has_heard_is_still_covered() -> None:
    found = evaluate(TREE, np.array([90, NONE, 40, 20]))
    assert math.isnan(found.values[0])
    assert found.coverage[-1] == pytest.approx(0.5 / 3 + 0.5)


@given(st.lists(st.tuples(perhaps, perhaps, perhaps, perhaps), min_size=1, max_size=5))
def test_coverage_lies_between_none_and_all(columns: list[tuple[float, ...]]) -> None:
    found = evaluate(TREE, placed(*columns)).coverage
    assert ((found >= 0) & (found <= 1)).all()
    complete = ~np.isnan(placed(*columns)).any(axis=0)
    assert ((found[-1] == 1) == complete).all()


# Rounding


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (0.25, 1, 0.3),
        (0.249999, 1, 0.2),
        (2.675, 2, 2.68),
        (2.674999, 2, 2.67),
        (1.005, 2, 1.01),
        (8.5, 0, 9.0),
        (7.5, 0, 8.0),
        (9.95, 1, 10.0),
        (0.0, 1, 0.0),
        (1.2345675, MOST_DIGITS, 1.234568),
    ],
)
def test_a_half_is_rounded_upwards_as_it_is_written(value: float, digits: int, expected: float) -> None:
    tree = replace(one_branch(1, round=digits), scale=10.0)
    assert value_of(tree, value) == expected


def test_a_branch_that_does_not_round_keeps_every_digit() -> None:
    assert value_of(one_branch(1), 1 / 3) == 1 / 3


def test_a_branch_above_builds_on_what_was_rounded() -> None:
    inner, outer = (
        Branch("inner", "Inner", ("a", "b"), (1.0, 1.0), round=1),
        Branch("root", "Root", ("inner", "c"), (1.0, 1.0)),
    )
    # 2.65 becomes 2.7, and (2.7 + 2.8) / 2 = 2.75; unrounded it would be 2.725
    assert value_of(Tree(("a", "b", "c"), (inner, outer), 10.0), 2.6, 2.7, 2.8) == pytest.approx(2.75)
    assert value_of(Tree(("a", "b", "c"), (inner, replace(outer, round=1)), 10.0), 2.6, 2.7, 2.8) == 2.8


# Many at once


@given(
    columns=st.lists(st.tuples(perhaps, perhaps, perhaps, perhaps), min_size=1, max_size=5),
    combine=st.sampled_from(Combine),
)
def test_countries_do_not_touch_each_other(columns: list[tuple[float, ...]], combine: Combine) -> None:
    tree = replace(TREE, branches=tuple(replace(branch, combine=combine) for branch in TREE.branches))
    together = evaluate(tree, placed(*columns))
    for number, column in enumerate(columns):
        alone = evaluate(tree, placed(column))
        assert same(alone, Evaluated(together.values[:, number, None], together.coverage[:, number, None]))


def test_the_same_question_gives_the_same_answer_and_leaves_what_it_was_asked_about() -> None:
    asked = placed([90, NONE, 40, 20], [1, 2, 3, 4])
    before = asked.copy()
    assert same(evaluate(TREE, asked), evaluate(TREE, asked))
    assert np.array_equal(asked, before, equal_nan=True)


@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 3), (2, 3, 4), (0,)])
def test_what_comes_out_has_the_further_dimensions_of_what_goes_in(shape: tuple[int, ...]) -> None:
    found = evaluate(TREE, np.full((4, *shape), 50.0))
    assert found.values.shape == found.coverage.shape == (3, *shape)
    assert (found.values == 50).all()


@EVERY_WAY
def test_weights_handed_in_replace_those_of_the_tree(combine: Combine) -> None:
    tree = one_branch(3, combine=combine)
    leaves = placed([10, 70, NONE], [10, 70, 30])
    handed = np.array([0.2, 0.5, 0.3])
    own = replace(tree, branches=(replace(tree.branches[0], weights=(0.2, 0.5, 0.3)),))
    assert same(evaluate(tree, leaves, [handed]), evaluate(own, leaves))


def test_weights_can_differ_from_draw_to_draw() -> None:
    draws = np.broadcast_to(placed([10, 70, NONE], [10, 70, 40])[..., None], (3, 2, 4))
    weights = np.array([[1, 2, 3, 4], [4, 3, 2, 1], [1, 1, 1, 1]], dtype=np.float64)
    found = evaluate(one_branch(3), draws, [weights])
    for draw in range(4):
        alone = evaluate(one_branch(3), draws[..., draw], [weights[:, draw]])
        assert same(alone, Evaluated(found.values[..., draw], found.coverage[..., draw]))


def test_rows_are_found_by_their_keys() -> None:
    assert TREE.positions == {"a": 0, "b": 1, "c": 2, "d": 3, "low": 0, "high": 1, "root": 2}


# Severity


@dataclass(frozen=True)
class Goalposts:
    best: float
    worst: float
    transform: Transform
    name: str = "Anything"
    fresh_for_days: int = 62


@given(
    value=st.floats(min_value=-1e6, max_value=1e6),
    best=st.floats(min_value=-1e3, max_value=1e3),
    span=st.floats(min_value=0.01, max_value=1e3),
    high_is_worse=st.booleans(),
)
def test_many_are_placed_as_one_is(value: float, best: float, span: float, high_is_worse: bool) -> None:
    one = Goalposts(best, best + span if high_is_worse else best - span, Transform.NONE)
    [found] = severity_of(np.array([value]), one.best, one.worst, scale=10.0)
    assert found == severity(one, value, scale=10.0)


@pytest.mark.parametrize("value", [0.0, -5.0, 1.0, 7.0, 1000.0, 1e9])
def test_many_are_placed_by_their_logarithm_as_one_is(value: float) -> None:
    one = Goalposts(1000.0, 1.0, Transform.LOG)
    [found] = severity_of(np.array([value]), 1000.0, 1.0, Transform.LOG)
    assert found == pytest.approx(severity(one, value))
    assert not np.signbit(found)


def test_what_is_missing_is_not_placed() -> None:
    assert np.isnan(severity_of(np.array([NONE]), 0, 10)).all()


def test_each_row_can_have_its_own_goalposts() -> None:
    best, worst = np.array([[0.0], [10.0]]), np.array([[10.0], [0.0]])
    assert severity_of(np.array([[2.0, 12.0], [2.0, 12.0]]), best, worst).tolist() == [[20, 100], [80, 0]]


# Ranks


def test_the_highest_is_first_and_equals_share_the_smaller_place() -> None:
    assert ranks(np.array([5.0, 9.0, 5.0, 1.0])).tolist() == [2, 1, 2, 4]


def test_the_lowest_can_be_first() -> None:
    assert ranks(np.array([5.0, 9.0, 5.0, 1.0]), descending=False).tolist() == [2, 4, 2, 1]


def test_what_is_missing_has_no_rank_and_takes_none_from_others() -> None:
    found = ranks(np.array([NONE, 3.0, NONE, 7.0]))
    assert np.isnan(found[[0, 2]]).all()
    assert found[[1, 3]].tolist() == [2, 1]


def test_each_draw_is_ranked_by_itself() -> None:
    assert ranks(np.array([[1.0, 5.0], [2.0, 5.0], [3.0, NONE]])).T.tolist()[0] == [3, 2, 1]
    assert ranks(np.array([[1.0, 5.0], [2.0, 5.0], [3.0, 9.0]]))[:, 1].tolist() == [2, 2, 1]


def test_where_there_is_nobody_nobody_is_ranked() -> None:
    assert ranks(np.empty(0)).shape == (0,)
