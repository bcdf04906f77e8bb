import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from tracker.index import Branch, Tree
from tracker.tree_fault import MOST_DIGITS, faults

SOUND = Tree(("a", "b"), (Branch("low", "Low", ("a",), (1.0,)), Branch("root", "Root", ("low", "b"), (0.5, 0.5))))


def faulty(*branches: Branch, leaves: Sequence[str] = ("a", "b"), scale: float = 100.0) -> list[str]:
    found = faults(Tree(tuple(leaves), branches, scale))
    return [fault.sentence % fault.values for fault in found]


def branch(key: str, *children: str, **different: Any) -> Branch:
    return replace(Branch(key, key, children, (1.0,) * len(children)), **different)


def test_a_sound_tree_has_no_faults() -> None:
    assert faults(SOUND) == ()


@pytest.mark.parametrize("weight", [0.0, -1.0, math.nan, math.inf])
def test_a_weight_is_above_zero(weight: float) -> None:
    [fault] = faulty(branch("root", "a", "b", weights=(1.0, weight)))
    assert fault == f"The weight of “b” in “root” is {weight:g}; make it a number above zero, or remove the child."


@pytest.mark.parametrize("needs", [-0.01, 1.01, math.nan])
def test_what_is_needed_is_a_share(needs: float) -> None:
    assert faulty(branch("root", "a", "b", needs=needs)) == [
        f"What “root” needs is {needs:g}; make it a share from 0 to 1."
    ]


@pytest.mark.parametrize("scale", [0.0, -10.0, math.nan, math.inf])
def test_a_scale_is_above_zero(scale: float) -> None:
    assert faulty(branch("root", "a", "b"), scale=scale) == [f"The scale is {scale:g}; make it a number above zero."]


@pytest.mark.parametrize("digits", [-1, MOST_DIGITS + 1])
def test_digits_that_cannot_be_rounded_to_are_a_fault(digits: int) -> None:
    [fault] = faulty(branch("root", "a", "b", round=digits))
    assert fault.startswith(f"“root” is rounded to {digits} digits; ")


@pytest.mark.parametrize(
    ("different", "sound"),
    [({"needs": 0.0}, True), ({"needs": 1.0}, True), ({"round": 0}, True), ({"round": MOST_DIGITS}, True)],
)
def test_the_ends_of_what_is_allowed_are_allowed(different: dict[str, Any], sound: bool) -> None:
    assert (faulty(branch("root", "a", "b", **different)) == []) is sound


@pytest.mark.parametrize(
    ("branches", "said"),
    [
        ([], "There are no branches"),
        ([branch("root", "a", "b", "x")], "“root” has the child “x”, and no leaf or branch is called that"),
        ([branch("root", "a", "b", "root")], "“root” has the child “root”, which does not stand before it"),
        ([branch("root", "a", "b", "in"), branch("in", "a")], "“root” has the child “in”, which does not stand before"),
        ([branch("in", "a"), branch("root", "a", "b", "in")], "“a” is a child in two places (in, root)"),
        ([branch("root", "a", "b", "b")], "“b” is a child in two places (root, root)"),
        ([branch("root", "a")], "“b” is a child of nothing"),
        ([branch("one", "a"), branch("two", "b")], "“one” and “two” are both children of nothing"),
        ([branch("a", "b"), branch("root", "a")], "“a” is there twice"),
        ([branch("in", "a", "b"), branch("in", "in")], "“in” is there twice"),
        ([branch("in"), branch("root", "a", "b", "in")], "“in” has no children"),
        ([branch("root", "a", "b", weights=(1.0,))], "“root” has 2 children and 1 weights"),
    ],
)
def test_what_is_no_tree_is_said(branches: list[Branch], said: str) -> None:
    found = faulty(*branches)
    assert found[0].startswith(said)
    assert found[0].count(";") == 1, "the remedy"


def test_a_tree_without_leaves_is_none() -> None:
    assert faulty(leaves=())[0] == "There are no leaves; add at least one."
