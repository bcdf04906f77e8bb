"""Which other situations look like this one? By how their criteria stood, and said in which they are alike.

The distance between two profiles is the mean difference of their criteria in points, each with its weight in the
method. What is unknown in one of them is no likeness: it counts as a difference of its own.
"""

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from tracker.index import Tree
from tracker.method import ROOT
from tracker.workings import Scores, value_of

# What a criterion counts that is not known in both: about as much as two that are merely not alike.
UNKNOWN_GAP = 30.0
# So much of the weight must be known in both, or nobody can say.
LEAST_KNOWN = 0.5
# Further apart than this on average, they are not like one another.
FURTHEST = 20.0
# Up to here one criterion is alike; from here on it is apart. Between them it is neither.
ALIKE, APART = 10.0, 20.0
MOST = 5

Profile: TypeAlias = Mapping[str, float | None]
"""By criterion, its points from 0 to 100. None, or not there: not enough was known."""
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Compared:
    """One criterion that is known in both."""

    criterion: str
    here: float
    there: float

    @property
    def gap(self) -> float:
        return abs(self.here - self.there)


@dataclass(frozen=True)
class Likeness(Generic[Key]):
    key: Key
    # In points; the nearer to 0, the more alike.
    distance: float
    # By how high the criterion stands, the highest first: what presses in both explains the most.
    alike: tuple[Compared, ...]
    # The furthest apart first.
    apart: tuple[Compared, ...]
    # The criteria that are not known in both.
    unknown: tuple[str, ...]


def criterion_weights(tree: Tree) -> dict[str, float]:
    """Of each criterion in the risk; all of them together are 1."""
    risk = tree.branches[tree.positions[ROOT]]
    dimensions = [tree.branches[tree.positions[key]] for key in risk.children]
    shares = [weight / math.fsum(risk.weights) for weight in risk.weights]
    return {
        criterion: share * weight / math.fsum(dimension.weights)
        for dimension, share in zip(dimensions, shares, strict=True)
        for criterion, weight in zip(dimension.children, dimension.weights, strict=True)
    }


def profile_of(tree: Tree, scores: Scores) -> dict[str, float]:
    """The criteria of which enough is known."""
    found = {key: value_of(tree, scores, key) for key in criterion_weights(tree)}
    return {key: value for key, value in found.items() if not math.isnan(value)}


def nearest(
    profile: Profile, others: Mapping[Key, Profile], weights: Mapping[str, float], most: int = MOST
) -> list[Likeness[Key]]:
    """The nearest first, at most so many; of two that are as near, the one that stands first. Criteria without a
    weight count nothing."""
    measured = ((distance(profile, other, weights), key) for key, other in others.items())
    near = [(apart_by, key) for apart_by, key in measured if apart_by is not None and apart_by <= FURTHEST]
    near.sort(key=lambda pair: pair[0])
    explained = (likeness(key, profile, others[key], weights) for _apart_by, key in near[:most])
    return [one for one in explained if one is not None]


def distance(profile: Profile, other: Profile, weights: Mapping[str, float]) -> float | None:
    """In points, on average. None: too little is known in both to say."""
    whole = known_weight = apart_by = 0.0
    for criterion, weight in weights.items():
        here, there = profile.get(criterion), other.get(criterion)
        whole += weight
        if here is None or there is None:
            apart_by += weight * UNKNOWN_GAP
        else:
            known_weight += weight
            apart_by += weight * abs(here - there)
    return apart_by / whole if whole and known_weight / whole >= LEAST_KNOWN else None


def likeness(key: Key, profile: Profile, other: Profile, weights: Mapping[str, float]) -> Likeness[Key] | None:
    """None: too little is known in both to say."""
    apart_by = distance(profile, other, weights)
    if apart_by is None:
        return None
    compared, unknown = list[Compared](), list[str]()
    for criterion in weights:
        here, there = profile.get(criterion), other.get(criterion)
        if here is None or there is None:
            unknown.append(criterion)
        else:
            compared.append(Compared(criterion, here, there))
    return Likeness(
        key,
        distance=apart_by,
        alike=tuple(sorted((one for one in compared if one.gap <= ALIKE), key=lambda one: -min(one.here, one.there))),
        apart=tuple(sorted((one for one in compared if one.gap >= APART), key=lambda one: -one.gap)),
        unknown=tuple(unknown),
    )
