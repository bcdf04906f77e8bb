"""What does the evidence about a country add up to, node by node, and what is each node made of?"""

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from tracker.index import HAIR, FloatArray, Tree, evaluate

# Those of two hundred countries on the days of which a list tells, as today and as on some past day.
_KEPT_UNPACKED = 4096


@dataclass(frozen=True, eq=False)
class Scores:
    """What one country's evidence adds up to on one day: each measure and each node of the tree.

    Kept in single precision: seven digits, for a number of which two are shown.
    """

    # Of each leaf: its place on its scale; NaN where nothing fresh is known.
    severity: FloatArray
    # Of each branch: its value, NaN where there is not enough evidence, and the share of leaf weight that is fresh.
    values: FloatArray
    coverage: FloatArray
    # Of each branch: the 90 % interval; NaN where it was not drawn.
    low: FloatArray
    high: FloatArray

    def packed(self) -> bytes:
        return self._packed

    @cached_property
    def _packed(self) -> bytes:
        """The same scores are kept twice where they are new: as those of today, and in the history."""
        together = np.concatenate((self.severity, self.values, self.coverage, self.low, self.high))
        # most measures of most countries are not there: that takes no room
        return zlib.compress(together.astype("<f4").tobytes(), 1)

    @classmethod
    def unpacked(cls, tree: Tree, packed: bytes) -> "Scores":
        return _unpacked(packed, len(tree.leaves), len(tree.branches))

    @classmethod
    def side_by_side(cls, tree: Tree, records: Sequence[bytes | None]) -> "Scores":
        """Of many days: each array has a column for each. None: nothing was known yet."""
        leaves, branches = len(tree.leaves), len(tree.branches)
        plain = {record: zlib.decompress(record) for record in set(records) if record is not None}
        nothing = np.full(leaves + 4 * branches, np.nan, dtype="<f4").tobytes()
        together = b"".join(nothing if record is None else plain[record] for record in records)
        columns = np.frombuffer(together, dtype="<f4").reshape(len(records), -1).T.astype(np.float64)
        return cls(columns[:leaves], *columns[leaves:].reshape(4, branches, len(records)))

    @staticmethod
    def whole_of(tree: Tree, packed: bytes) -> float:
        """The value of the whole alone, for whoever asks it of all countries."""
        together = np.frombuffer(zlib.decompress(packed), dtype="<f4")
        return float(together[len(tree.leaves) + len(tree.branches) - 1])

    def says_the_same_as(self, other: "Scores") -> bool:
        """An interval may be drawn later: nothing has changed by that."""
        return all(
            np.array_equal(mine.astype("<f4"), its.astype("<f4"), equal_nan=True)
            for mine, its in (
                (self.severity, other.severity),
                (self.values, other.values),
                (self.coverage, other.coverage),
            )
        )


@lru_cache(maxsize=_KEPT_UNPACKED)
def _unpacked(packed: bytes, leaves: int, branches: int) -> Scores:
    """The same bytes are the same scores, whoever asks; so nobody may write into them."""
    together = np.frombuffer(zlib.decompress(packed), dtype="<f4").astype(np.float64)
    if len(together) != leaves + 4 * branches:
        raise ValueError("these scores were made by another tree")
    together.flags.writeable = False
    return Scores(together[:leaves], *together[leaves:].reshape(4, branches))


@dataclass(frozen=True)
class Contribution:
    """What one child gives to its parent's value, in points: all of them together are that value."""

    child: str
    # Its weight's share among the children that are there; 0 if it is missing.
    share: float
    # NaN: it is missing, and gives nothing.
    value: float
    points: float


def contributions(tree: Tree, scores: Scores, key: str) -> list[Contribution]:
    """In the order of the branch's children. Where a mean is not arithmetic, its value is told apart in proportion."""
    branch = tree.branches[tree.positions[key]]
    found = [value_of(tree, scores, child) for child in branch.children]
    there = [0.0 if math.isnan(value) else weight for value, weight in zip(found, branch.weights, strict=True)]
    whole = math.fsum(there)
    weighed = [0.0 if not weight else weight * value for value, weight in zip(found, there, strict=True)]
    total, value = math.fsum(weighed), value_of(tree, scores, key)
    return [
        Contribution(
            child,
            share=weight / whole if whole else 0.0,
            value=its_value,
            points=value * part / total if total and not math.isnan(value) else 0.0,
        )
        for child, its_value, weight, part in zip(branch.children, found, there, weighed, strict=True)
    ]


def value_of(tree: Tree, scores: Scores, key: str) -> float:
    """Of a leaf or of a branch."""
    place = tree.positions[key]
    return float(scores.severity[place] if key in tree.leaves else scores.values[place])


# Nobody acts on a list of ten things at once.
MOST_FALLS = 3


@dataclass(frozen=True)
class Fall:
    """How far one measure would have to fall, all else unchanged, in points: below `to`, or to 0 itself."""

    key: str
    now: float
    to: float


def quickest_way(tree: Tree, severity: FloatArray, key: str, below: float) -> list[Fall]:
    """Which few measures would have to fall, and how far, for a node to come below a value; none: no few would do.

    Each time the one whose fall does most. The last need not fall all the way.
    """
    row, falls = tree.positions[key], list[Fall]()
    stands = severity.astype(np.float64)
    while len(falls) < MOST_FALLS:
        open_to = np.flatnonzero(stands > 0)
        tried = np.repeat(stands[:, None], len(open_to) + 1, axis=1)
        tried[open_to, np.arange(len(open_to))] = 0.0
        values = evaluate(tree, tried).values[row]
        now, after = float(values[-1]), values[:-1]
        if not len(after) or math.isnan(now) or after.min() >= now:
            return []
        best = int(after.argmin())
        leaf, reached = int(open_to[best]), float(after[best])
        points = float(stands[leaf])
        if reached < below:
            stands[leaf] = to = points * (1.0 - (now - below) / (now - reached))
            # between the two a mean that is not arithmetic bends: all the way is always enough
            enough = evaluate(tree, stands).values[row] <= below + HAIR * tree.scale
            return [*falls, Fall(tree.leaves[leaf], points, to if enough else 0.0)]
        falls.append(Fall(tree.leaves[leaf], points, 0.0))
        stands[leaf] = 0.0
    return []
