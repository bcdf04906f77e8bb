"""What do many values add up to, and how much of the evidence was there?

An index is a tree: its leaves are values on one scale, its branches combine what stands below them, the root is the
whole. A missing value is never a zero: the weights of what is there share its part, and where too little is there the
branch has no value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tracker.indicator import Transform

FloatArray: TypeAlias = NDArray[np.float64]
_Weights: TypeAlias = Sequence[float] | FloatArray  # one for each child

FEW_CELLS = 64
"""Up to so many countries and days, the branches of a stage are evaluated together."""
HAIR = 1e-12
"""The part of the scale by which binary arithmetic may miss a decimal number, such as a half that is to be rounded."""


class Combine(StrEnum):
    """How a branch makes one value of its children's."""

    ARITHMETIC = "arithmetic"
    # One child at zero makes it zero: nothing makes up for it.
    GEOMETRIC = "geometric"
    # The mean of the INFORM Risk Index, in which high values weigh more: one bad child is not outweighed.
    INFORM = "inform"


@dataclass(frozen=True)
class Branch:
    """One inner node, with its children by their keys: leaves, or branches that stand before it in the tree."""

    key: str
    name: str
    children: tuple[str, ...]
    weights: tuple[float, ...]
    combine: Combine = Combine.ARITHMETIC
    # The share of the children's weight that must be there; exactly at it is enough.
    needs: float = 0.5
    # Digits after the point, a half upwards. None: not rounded.
    round: int | None = None


@dataclass(frozen=True)
class Tree:
    """Children stand before their parents, the root last. Every value lies between 0 and `scale`."""

    leaves: tuple[str, ...]
    branches: tuple[Branch, ...]
    scale: float = 100.0

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """The row of a leaf among what is evaluated, and that of a branch in what comes out."""
        rows = {key: row for row, key in enumerate(self.leaves)}
        return rows | {branch.key: row for row, branch in enumerate(self.branches)}

    def leaves_of(self, key: str) -> frozenset[str]:
        """Those below a branch; of a leaf itself, and of what the tree does not know nothing."""
        return self._below.get(key, frozenset())

    @cached_property
    def _below(self) -> Mapping[str, frozenset[str]]:
        below = {leaf: frozenset({leaf}) for leaf in self.leaves}
        for branch in self.branches:
            below[branch.key] = frozenset().union(*(below[child] for child in branch.children))
        return below

    @cached_property
    def stages(self) -> "tuple[_Stage, ...]":
        return _stages(self)


@dataclass(frozen=True)
class Evaluated:
    values: FloatArray
    """A row for each branch; NaN where there is not enough evidence."""
    coverage: FloatArray
    """A row for each branch: the share of the weight of its leaves that is there, from 0 to 1."""


def evaluate(
    tree: Tree,
    placed: FloatArray,
    weights: Sequence[FloatArray] | None = None,
    wholes: Sequence[FloatArray] | None = None,
) -> Evaluated:
    """The value and the coverage of every branch.

    `placed` has a row for each leaf, on the tree's scale, NaN where nothing is known; further dimensions (countries,
    days, draws) never mix. `weights` replaces those of the branches, an array for each: its first dimension is the
    children, further ones stretch over those of `placed`. `wholes`: their sums over the children, if they are known.
    """
    cells = placed.shape[1:]
    if weights is None and placed.size <= FEW_CELLS * len(tree.leaves):
        return _evaluate_few(tree, placed)
    is_complete = not np.isnan(placed.sum())  # one missing value makes the sum missing, and a sum is quick
    shape = (len(tree.branches), *cells)
    if is_complete and weights is not None and placed.size == len(tree.leaves) * cells[-1]:
        with np.errstate(divide="ignore"):  # the logarithm of zero is meant
            draws = _evaluate_draws(tree, placed.reshape(len(tree.leaves), -1), weights, wholes or sums_of(weights))
        return Evaluated(draws.reshape(shape), np.broadcast_to(1.0, shape))
    values, spare = np.empty(shape), np.empty(cells)
    coverage = np.broadcast_to(1.0, shape) if is_complete else np.ones(shape)
    leaf = _complete if is_complete else _leaf
    nodes = {key: leaf(placed[row, ...]) for row, key in enumerate(tree.leaves)}
    with np.errstate(divide="ignore", invalid="ignore"):  # the logarithm of zero is meant, and so is nothing by nothing
        for row, branch in enumerate(tree.branches):
            children = [nodes[key] for key in branch.children]
            shares = branch.weights if weights is None else weights[row]
            into = _Node(values[row, ...], None, coverage[row, ...])
            nodes[branch.key] = _evaluate(branch, tree.scale, children, shares, into, spare)
    return Evaluated(values, coverage)


def severity_of(
    values: FloatArray,
    best: FloatArray | float,
    worst: FloatArray | float,
    transform: Transform = Transform.NONE,
    scale: float = 100.0,
) -> FloatArray:
    """Many values at once on their way from best (0) to worst (scale), as `tracker.indicator.severity` places one.

    What is missing (NaN) stays missing.
    """
    best, worst = np.asarray(best, dtype=np.float64), np.asarray(worst, dtype=np.float64)
    inside = np.clip(values, np.minimum(best, worst), np.maximum(best, worst))
    if transform is Transform.LOG:
        inside, best, worst = np.log(inside), np.log(best), np.log(worst)
    # Adding zero makes a plain zero of the minus zero of a value at its best.
    share: FloatArray = np.clip((inside - best) / (worst - best), 0.0, 1.0) + 0.0
    return share * scale


def ranks(values: FloatArray, descending: bool = True) -> FloatArray:
    """The place of each along the first dimension, 1 being the highest, or the lowest where not `descending`.

    Equal values share the smallest of their places; what is missing (NaN) has none (NaN).
    """
    keys = -values if descending else values
    order = np.argsort(keys, axis=0)
    in_order = np.take_along_axis(keys, order, axis=0)
    places = np.arange(1.0, len(values) + 1).reshape(-1, *[1] * (values.ndim - 1))
    begins = np.ones(values.shape, dtype=bool)
    begins[1:] = in_order[1:] != in_order[:-1]
    shared = np.maximum.accumulate(np.where(begins, places, 1.0), axis=0)
    found = np.empty(values.shape)
    np.put_along_axis(found, order, np.where(np.isnan(in_order), np.nan, shared), axis=0)
    return found


class _Stage(NamedTuple):
    """Branches that can be evaluated together: none is a child of another, and all combine alike."""

    combine: Combine
    branches: NDArray[np.int64]
    # Rows among leaves and branches, those of one branch after those of the other.
    children: NDArray[np.int64]
    starts: NDArray[np.int64]
    weights: FloatArray
    whole: FloatArray
    needs: FloatArray
    rounded: tuple[tuple[int, int], ...]


def _stages(tree: Tree) -> tuple[_Stage, ...]:
    leaves, depths = len(tree.leaves), dict.fromkeys(tree.leaves, 0)
    found: dict[tuple[int, Combine], list[int]] = {}
    for row, branch in enumerate(tree.branches):
        depths[branch.key] = 1 + max(depths[child] for child in branch.children)
        found.setdefault((depths[branch.key], branch.combine), []).append(row)
    places = {key: row for row, key in enumerate(tree.leaves)}
    places |= {branch.key: leaves + row for row, branch in enumerate(tree.branches)}
    return tuple(_stage(tree, combine, found[depth, combine], places) for depth, combine in sorted(found))


def _stage(tree: Tree, combine: Combine, rows: Sequence[int], places: Mapping[str, int]) -> _Stage:
    branches = [tree.branches[row] for row in rows]
    weights = np.array([weight for branch in branches for weight in branch.weights])
    starts = np.cumsum([0, *(len(branch.children) for branch in branches[:-1])])
    return _Stage(
        combine,
        np.array(rows),
        np.array([places[child] for branch in branches for child in branch.children]),
        starts,
        weights[:, None],
        np.add.reduceat(weights, starts)[:, None],
        np.array([branch.needs for branch in branches])[:, None],
        tuple((place, branch.round) for place, branch in enumerate(branches) if branch.round is not None),
    )


def _evaluate_few(tree: Tree, placed: FloatArray) -> Evaluated:
    """The same for a country or two: stage by stage, because branch by branch the calls would take all the time."""
    leaves, cells = len(tree.leaves), placed.shape[1:]
    values = np.empty((leaves + len(tree.branches), int(np.prod(cells))))
    values[:leaves] = placed.reshape(leaves, -1)
    coverage = np.empty_like(values)
    coverage[:leaves] = ~np.isnan(values[:leaves])
    with np.errstate(divide="ignore", invalid="ignore"):
        for stage in tree.stages:
            children = values[stage.children]
            there = (~np.isnan(children)).astype(np.float64)
            heard = np.add.reduceat(there * stage.weights, stage.starts)
            bent = _bent(stage.combine, tree.scale, _Node(children, there, None), np.empty_like(children))
            mean = np.add.reduceat(bent * stage.weights, stage.starts) / heard
            _unbend(stage.combine, tree.scale, mean)
            np.maximum(mean, np.fmin.reduceat(children, stage.starts), out=mean)
            np.minimum(mean, np.fmax.reduceat(children, stage.starts), out=mean)
            for place, digits in stage.rounded:
                _round_half_up(mean[place], digits, tree.scale)
            mean[heard < stage.needs * (1.0 - HAIR) * stage.whole] = np.nan
            values[leaves + stage.branches] = mean
            covered = np.add.reduceat(coverage[stage.children] * stage.weights, stage.starts)
            coverage[leaves + stage.branches] = covered / stage.whole
    shape = (len(tree.branches), *cells)
    return Evaluated(values[leaves:].reshape(shape), coverage[leaves:].reshape(shape))


def sums_of(weights: Sequence[FloatArray]) -> list[FloatArray]:
    """Of each branch: what the weights of its children add up to."""
    return [np.add.reduce(shares.reshape(len(shares), -1)) for shares in weights]


def _evaluate_draws(
    tree: Tree, placed: FloatArray, weights: Sequence[FloatArray], wholes: Sequence[FloatArray]
) -> FloatArray:
    """The same for the draws of one country and day, of which none is missing: all children of a branch at once,
    because child by child the calls would take all the time."""
    values = np.empty((len(tree.branches), placed.shape[1]))
    nodes = dict(zip(tree.leaves, placed, strict=True))
    for branch, shares, whole, value in zip(tree.branches, weights, wholes, values, strict=True):
        if len(branch.children) == 1:
            value[:] = nodes[branch.children[0]]  # every mean of one is that one
        else:
            children, shares = np.array([nodes[key] for key in branch.children]), shares.reshape(len(shares), -1)
            bent = _bent(branch.combine, tree.scale, _Node(children, None, None), np.empty_like(children))
            np.add.reduce(bent * shares, out=value)
            value /= whole
            _unbend(branch.combine, tree.scale, value)
            np.maximum(value, np.minimum.reduce(children), out=value)
            np.minimum(value, np.maximum.reduce(children), out=value)
        if branch.round is not None:
            _round_half_up(value, branch.round, tree.scale)
        nodes[branch.key] = value
    return values


class _Node(NamedTuple):
    """None means that nothing is missing in any cell: most of the arithmetic is then left out."""

    values: FloatArray
    present: FloatArray | None  # 1 or 0
    coverage: FloatArray | None


def _complete(values: FloatArray) -> _Node:
    return _Node(values, None, None)


def _leaf(values: FloatArray) -> _Node:
    if not np.isnan(values.sum()):
        return _complete(values)
    present = (~np.isnan(values)).astype(np.float64)
    return _Node(values, present, present)


def _evaluate(
    branch: Branch, scale: float, children: Sequence[_Node], weights: _Weights, into: _Node, spare: FloatArray
) -> _Node:
    """Fills the rows of `into`. The branches above it are spared whatever is not missing."""
    value, whole = into.values, np.add.reduce(weights)
    present, covered = [child.present for child in children], [child.coverage for child in children]
    heard = _weight_of(present, weights, spare)
    _add_up(branch.combine, scale, children, weights, value, spare)
    value /= whole if heard is None else heard
    _unbend(branch.combine, scale, value)
    _keep_between(children, value, spare)
    if branch.round is not None:
        _round_half_up(value, branch.round, scale)
    same = all(one is other for one, other in zip(present, covered, strict=True))
    coverage = heard if same else _weight_of(covered, weights, spare)
    if coverage is not None:
        coverage = np.divide(coverage, whole, out=into.coverage)
    if heard is None:
        return _Node(value, None, coverage)
    np.putmask(value, heard < branch.needs * (1.0 - HAIR) * whole, np.nan)
    return _leaf(value)._replace(coverage=coverage)


def _weight_of(parts: Sequence[FloatArray | None], weights: _Weights, spare: FloatArray) -> FloatArray | None:
    """The weight of what is there. None: all of it, in every cell."""
    if all(part is None for part in parts):
        return None
    weight_there = np.zeros(spare.shape)
    for part, weight in zip(parts, weights, strict=True):
        weight_there += weight if part is None else np.multiply(part, weight, out=spare)
    return weight_there


def _add_up(
    combine: Combine, scale: float, children: Sequence[_Node], weights: _Weights, out: FloatArray, spare: FloatArray
) -> None:
    part = out  # the first begins the sum, the others are added to it
    for child, weight in zip(children, weights, strict=True):
        np.multiply(_bent(combine, scale, child, spare), weight, out=part)
        if part is spare:
            out += spare
        part = spare


def _bent(combine: Combine, scale: float, child: _Node, spare: FloatArray) -> FloatArray:
    """Bent so that the mean of the bent values, bent back, is the mean that is meant. What is missing adds nothing."""
    values, has_gaps = child.values, child.present is not None
    if combine is Combine.ARITHMETIC:
        # Of a number and a missing one fmax is the number; a mask would take ten times as long.
        return np.fmax(values, 0.0, out=spare) if has_gaps else values
    if has_gaps:
        values = np.fmin(values, scale, out=spare)
    if combine is Combine.GEOMETRIC:
        np.divide(values, scale, out=spare)
        return np.log(spare, out=spare)
    np.subtract(scale, values, out=spare)
    spare *= 9.0 / scale
    return np.log1p(spare, out=spare)


def _unbend(combine: Combine, scale: float, mean: FloatArray) -> None:
    if combine is Combine.GEOMETRIC:
        np.exp(mean, out=mean)
        mean *= scale
    elif combine is Combine.INFORM:
        np.expm1(mean, out=mean)
        mean *= scale / 9.0
        np.subtract(scale, mean, out=mean)


def _keep_between(children: Sequence[_Node], value: FloatArray, spare: FloatArray) -> None:
    """No mean lies beyond all that it is made of; binary arithmetic could carry it there by a hair."""
    for further, within in ((np.fmin, np.maximum), (np.fmax, np.minimum)):
        np.copyto(spare, children[0].values)
        for child in children[1:]:
            further(spare, child.values, out=spare)
        within(value, spare, out=value)


def _round_half_up(value: FloatArray, digits: int, scale: float) -> None:
    """2.675 is a half, though its binary number lies a hair below."""
    value += HAIR * scale
    value *= 10.0**digits
    value += 0.5
    np.floor(value, out=value)
    value /= 10.0**digits
