"""How does evidence become a score? One version of the method, whole: nothing outside it decides a number.

It is a tree like that of any published index, and besides it what the tree does not say: where each measure's scale
begins and ends, how long it stays fresh, and how far its values may be trusted.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracker.criterion import Criterion, Dimension
from tracker.index import Branch, Combine, FloatArray, Tree
from tracker.indicator import Indicator, Transform, Voice

ROOT = "risk"


@dataclass(frozen=True)
class Measure:
    """One leaf: where its scale lies, and for how many days a value counts."""

    key: str
    best: float
    worst: float
    transform: Transform
    fresh_for_days: int


@dataclass(frozen=True)
class Trust:
    """How sure a value is, in points of severity, and how many draws show what that means for a score."""

    # One standard deviation by Admiralty grade, "A1" to "F6".
    deviations: Mapping[str, float]
    # What is added by the last day on which a value is fresh.
    ageing: float
    # By which share a weight may be wrong, up and down.
    jitter: float
    draws: int


@dataclass(frozen=True)
class Shape:
    """What the built-in method says besides the catalogue."""

    # By dimension: its weight in the risk.
    weights: Mapping[Dimension, float]
    # By kind of branch: the share of its children's weight that must be there.
    needs_published: float
    needs_coded: float
    needs_criterion: float
    needs_dimension: float
    needs_risk: float
    # Below this coverage a score is thin.
    firm_from: float
    trust: Trust


class Limits(NamedTuple):
    """The measures' scales and freshness, each as one array in their order."""

    best: FloatArray
    worst: FloatArray
    logarithmic: NDArray[np.bool_]
    fresh_for: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Method:
    tree: Tree
    # In the order of the tree's leaves.
    measures: tuple[Measure, ...]
    firm_from: float
    trust: Trust

    @cached_property
    def fingerprint(self) -> str:
        """Two methods have the same fingerprint exactly when they say the same."""
        canonical = json.dumps(self.as_plain(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    @cached_property
    def limits(self) -> Limits:
        return Limits(
            np.array([one.best for one in self.measures]),
            np.array([one.worst for one in self.measures]),
            np.array([one.transform is Transform.LOG for one in self.measures]),
            np.array([one.fresh_for_days for one in self.measures], dtype=np.int64),
        )

    def as_plain(self) -> dict[str, Any]:
        """In JSON's own types."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return plain

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Method":
        tree, trust = plain["tree"], plain["trust"]
        branches = [
            Branch(
                **{
                    **branch,
                    "children": tuple(branch["children"]),
                    "weights": tuple(branch["weights"]),
                    "combine": Combine(branch["combine"]),
                }
            )
            for branch in tree["branches"]
        ]
        return cls(
            tree=Tree(tuple(tree["leaves"]), tuple(branches), tree["scale"]),
            measures=tuple(
                Measure(**{**measure, "transform": Transform(measure["transform"])}) for measure in plain["measures"]
            ),
            firm_from=plain["firm_from"],
            trust=Trust(**trust),
        )

    def branch(self, key: str) -> Branch:
        return self.tree.branches[self.tree.positions[key]]

    def is_thin(self, coverage: float) -> bool:
        """Exactly at the limit it is firm, though scores are kept in single precision, which may miss it by a hair."""
        return bool(np.float32(coverage) < np.float32(self.firm_from))


def voice_key(criterion: str, voice: Voice) -> str:
    """The node in which one voice speaks about a criterion."""
    return f"{criterion}.{voice}"


def built_in(criteria: Sequence[Criterion], indicators: Sequence[Indicator], shape: Shape) -> Method:
    """The tree of the catalogue: two voices in a criterion, criteria in a dimension, three dimensions in the risk."""
    branches: list[Branch] = []
    for criterion in criteria:
        voices = []
        for voice, needs in ((Voice.PUBLISHED, shape.needs_published), (Voice.CODED, shape.needs_coded)):
            heard = [one for one in indicators if one.criterion == criterion.key and one.voice is voice]
            if heard:
                keys, weights = tuple(one.key for one in heard), tuple(one.weight for one in heard)
                name = f"{criterion.name}: {voice}"
                branches.append(Branch(voice_key(criterion.key, voice), name, keys, weights, needs=needs))
                voices.append(voice_key(criterion.key, voice))
        alike = (1.0,) * len(voices)
        branches.append(Branch(criterion.key, criterion.name, tuple(voices), alike, needs=shape.needs_criterion))
    for dimension in Dimension:
        its = [one for one in criteria if one.dimension is dimension]
        keys, weights = tuple(one.key for one in its), tuple(one.weight for one in its)
        branches.append(Branch(dimension.value, dimension.value, keys, weights, needs=shape.needs_dimension))
    dimensions, weights = zip(*((one.value, shape.weights[one]) for one in Dimension), strict=True)
    branches.append(Branch(ROOT, ROOT, dimensions, weights, needs=shape.needs_risk))
    measures = tuple(
        Measure(one.key, one.best, one.worst, one.transform, one.fresh_for_days)
        for criterion in criteria
        for one in indicators
        if one.criterion == criterion.key
    )
    return Method(Tree(tuple(one.key for one in measures), tuple(branches)), measures, shape.firm_from, shape.trust)
