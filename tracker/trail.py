"""How did a country come to stand where it stands: the values of the whole, its dimensions and criteria over ten years.

The last months are kept to the day, what lies before them as it stood at the end of each quarter of a year. So a list
of all countries shows where each comes from without reading its history.
"""

import zlib
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tracker.index import FloatArray, Tree

SinglePrecision: TypeAlias = NDArray[np.float32]
Days: TypeAlias = NDArray[np.int32]

EXACT_DAYS = 400
# Forty quarters and today: ten years, with both ends.
POINTS = 41
# Those of two hundred countries, for readers of several clearances.
_KEPT_UNPACKED = 2048


@dataclass(frozen=True, eq=False)
class Trail:
    """What holds from each of some days on, until the next of them."""

    # As ordinals, in order.
    days: Days
    # A row for each of `nodes_of` the tree, a column for each day; NaN: there was not enough evidence.
    values: SinglePrecision

    def on(self, day: date) -> FloatArray:
        """Of each node; NaN: not enough evidence, or nothing was known yet."""
        return self._on(np.array([day.toordinal()]))[:, 0]

    def quarters(self, today: date, points: int = POINTS) -> FloatArray:
        """Nodes x points: at the end of each of the last quarters that are over, and today."""
        return self._on(np.append(_ordinals_of_ends(today, points - 1), today.toordinal()))

    def continued(self, tree: Tree, days: Sequence[date], values: FloatArray, today: date) -> "Trail":
        """The same way up to the first of the days, and from there on as it was found. `values`: branches x days."""
        new_days, new_values = _followed(tree, days, values)
        old_days, old_values = self._before(days[0])
        return _shortened(np.concatenate((old_days, new_days)), np.concatenate((old_values, new_values), axis=1), today)

    def after(self, other: "Trail") -> "Trail":
        """Before this one begins, what the other says."""
        if not len(self.days):
            return other
        days, values = other._before(date.fromordinal(int(self.days[0])))
        return _changes(np.concatenate((days, self.days)), np.concatenate((values, self.values), axis=1))

    def says_the_same_as(self, other: "Trail") -> bool:
        return np.array_equal(self.days, other.days) and np.array_equal(self.values, other.values, equal_nan=True)

    def packed(self) -> bytes:
        shape = np.array(self.values.shape, dtype="<i4")
        together = (shape.tobytes(), self.days.astype("<i4").tobytes(), self.values.astype("<f4").tobytes())
        return zlib.compress(b"".join(together), 1)

    @staticmethod
    def unpacked(packed: bytes) -> "Trail":
        return _unpacked(packed)

    def _before(self, day: date) -> tuple[Days, SinglePrecision]:
        earlier = int(np.searchsorted(self.days, day.toordinal()))
        return self.days[:earlier], self.values[:, :earlier]

    def _on(self, ordinals: NDArray[np.integer[Any]]) -> FloatArray:
        places = np.searchsorted(self.days, ordinals, side="right")
        # the first column stands for what was before all days
        known = np.concatenate((np.full((len(self.values), 1), np.nan), self.values), axis=1)
        return known[:, places]


def nodes_of(tree: Tree) -> tuple[str, ...]:
    """The branches above the voices, in the order of the tree: those with a branch below them."""
    keys = {branch.key for branch in tree.branches}
    return tuple(branch.key for branch in tree.branches if not keys.isdisjoint(branch.children))


def rows_of(tree: Tree) -> Mapping[str, int]:
    """By node, its row in every trail of that tree."""
    return {key: row for row, key in enumerate(nodes_of(tree))}


def trail_of(tree: Tree, days: Sequence[date], values: FloatArray, today: date) -> Trail:
    """The whole way. `values`: of all branches, from each of the days on."""
    return _shortened(*_followed(tree, days, values), today)


def first_day(today: date) -> date:
    """From which on a trail says something."""
    return quarter_ends(today, POINTS - 1)[0]


def quarter_ends(before: date, number: int) -> list[date]:
    """The last days of so many quarters of a year, all before that day, the oldest first."""
    quarter = before.year * 4 + (before.month - 1) // 3
    return [_end_of(quarter - back) for back in range(number, 0, -1)]


@lru_cache(maxsize=8)
def _ordinals_of_ends(before: date, number: int) -> Days:
    """Asked of every country, on one day."""
    return np.array([end.toordinal() for end in quarter_ends(before, number)], dtype=np.int32)


def _end_of(quarter: int) -> date:
    year, of_year = divmod(quarter, 4)
    month = 3 * of_year + 3
    return date(year, month, monthrange(year, month)[1])


def _followed(tree: Tree, days: Sequence[date], values: FloatArray) -> tuple[Days, SinglePrecision]:
    rows = [tree.positions[key] for key in nodes_of(tree)]
    return np.array([day.toordinal() for day in days], dtype=np.int32), values[rows].astype(np.float32)


def _shortened(days: Days, values: SinglePrecision, today: date) -> Trail:
    """It depends on the way alone, and on today: so one that was continued often is one that was made at once."""
    exact_from, ends = today.toordinal() - EXACT_DAYS, _ordinals_of_ends(today, POINTS - 1)
    exact = days[(days > exact_from) & (days <= today.toordinal())]
    wanted = np.concatenate((ends[ends < exact_from], [exact_from], exact), dtype=np.int32)
    places = np.searchsorted(days, wanted, side="right") - 1
    is_known = places >= 0
    return _changes(wanted[is_known], values[:, places[is_known]])


def _changes(days: Days, values: SinglePrecision) -> Trail:
    """Of days that follow one another, the first and those on which something changed."""
    differs = (values[:, 1:] != values[:, :-1]) & ~(np.isnan(values[:, 1:]) & np.isnan(values[:, :-1]))
    is_new = np.concatenate((np.ones(min(1, len(days)), dtype=bool), differs.any(axis=0)))
    return Trail(days[is_new], values[:, is_new])


@lru_cache(maxsize=_KEPT_UNPACKED)
def _unpacked(packed: bytes) -> Trail:
    """The same bytes are the same way, whoever asks."""
    plain = zlib.decompress(packed)
    nodes, length = np.frombuffer(plain, dtype="<i4", count=2).tolist()
    days = np.frombuffer(plain, dtype="<i4", count=length, offset=8)
    values = np.frombuffer(plain, dtype="<f4", offset=8 + days.nbytes).reshape(nodes, length)
    return Trail(days.astype(np.int32, copy=False), values.astype(np.float32, copy=False))
