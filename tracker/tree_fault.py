"""What keeps a tree from being evaluated? Each fault in a sentence that says what to do about it."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tracker.index import Tree
from tracker.refusal import N_

MOST_DIGITS = 6


class TreeFault(NamedTuple):
    """What is wrong with a tree, in a sentence, and at which of its keys; without a key it is the tree itself."""

    key: str
    sentence: str
    values: Mapping[str, object]


_SCALE = N_("The scale is %(scale)s; make it a number above zero.")
_NO_LEAVES = N_("There are no leaves; add at least one.")
_NO_BRANCHES = N_("There are no branches; add at least one that combines the leaves.")
_TWICE = N_("“%(key)s” is there twice; rename one of the two.")
_NO_CHILDREN = N_("“%(key)s” has no children; name at least one.")
_NOT_ONE_WEIGHT_EACH = N_(
    "“%(key)s” has %(children)s children and %(weights)s weights; give one weight for each child."
)
_WEIGHT = N_("The weight of “%(child)s” in “%(key)s” is %(weight)s; make it a number above zero, or remove the child.")
_NEEDS = N_("What “%(key)s” needs is %(needs)s; make it a share from 0 to 1.")
_DIGITS = N_("“%(key)s” is rounded to %(digits)s digits; choose from 0 to %(most)s, or do not round.")
_UNKNOWN_CHILD = N_("“%(key)s” has the child “%(child)s”, and no leaf or branch is called that; correct the name.")
_TOO_LATE = N_(
    "“%(key)s” has the child “%(child)s”, which does not stand before it; put children before their parents."
)
_TWO_PARENTS = N_("“%(key)s” is a child in two places (%(parents)s); leave it in one.")
_NO_PARENT = N_("“%(key)s” is a child of nothing; add it to the children of a branch, or remove it.")
_TWO_ROOTS = N_("“%(key)s” and “%(root)s” are both children of nothing; add one to the other, or remove one.")


def faults(tree: Tree) -> tuple[TreeFault, ...]:
    """Everything by which it is no tree that can be evaluated; of a sound tree nothing."""
    return (*_faults_of_the_whole(tree), *_faults_of_branches(tree), *_faults_of_places(tree))


def _faults_of_the_whole(tree: Tree) -> Iterator[TreeFault]:
    if not 0.0 < tree.scale < math.inf:
        yield TreeFault("", _SCALE, {"scale": f"{tree.scale:g}"})
    if not tree.leaves:
        yield TreeFault("", _NO_LEAVES, {})
    if not tree.branches:
        yield TreeFault("", _NO_BRANCHES, {})
    keys = Counter([*tree.leaves, *(branch.key for branch in tree.branches)])
    yield from (TreeFault(key, _TWICE, {"key": key}) for key, times in keys.items() if times > 1)


def _faults_of_branches(tree: Tree) -> Iterator[TreeFault]:
    for branch in tree.branches:
        key, children, weights = branch.key, branch.children, branch.weights
        if not children:
            yield TreeFault(key, _NO_CHILDREN, {"key": key})
        if len(children) != len(weights):
            counted = {"children": len(children), "weights": len(weights)}
            yield TreeFault(key, _NOT_ONE_WEIGHT_EACH, {"key": key, **counted})
        for child, weight in zip(children, weights, strict=False):
            if not 0.0 < weight < math.inf:
                yield TreeFault(key, _WEIGHT, {"key": key, "child": child, "weight": f"{weight:g}"})
        if not 0.0 <= branch.needs <= 1.0:
            yield TreeFault(key, _NEEDS, {"key": key, "needs": f"{branch.needs:g}"})
        if branch.round is not None and not 0 <= branch.round <= MOST_DIGITS:
            yield TreeFault(key, _DIGITS, {"key": key, "digits": branch.round, "most": MOST_DIGITS})


def _faults_of_places(tree: Tree) -> Iterator[TreeFault]:
    """Every child stands before its parent, of which it has one; the root, which stands last, has none."""
    everything = [*tree.leaves, *(branch.key for branch in tree.branches)]
    before = set(tree.leaves)
    parents: dict[str, list[str]] = {}
    for branch in tree.branches:
        for child in branch.children:
            parents.setdefault(child, []).append(branch.key)
            if child not in before:
                sentence = _TOO_LATE if child in everything else _UNKNOWN_CHILD
                yield TreeFault(branch.key, sentence, {"key": branch.key, "child": child})
        before.add(branch.key)
    for key in everything:
        if len(parents.get(key, [])) > 1:
            yield TreeFault(key, _TWO_PARENTS, {"key": key, "parents": ", ".join(parents[key])})
        if key not in parents and key != everything[-1]:
            sentence = _NO_PARENT if key in tree.leaves else _TWO_ROOTS
            yield TreeFault(key, sentence, {"key": key, "root": everything[-1]})
