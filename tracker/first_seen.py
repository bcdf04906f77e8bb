"""Where in a file was something said first? Whatever is said twice is found by it, in a file of any length."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import count

import numpy as np

from tracker.entry import Entry


class FirstSeen:
    """Which row said it first? Series, day and row in one number of 64 bits; all but the latest of them lie sorted.

    A file may have a million of them. A dictionary would take 150 bytes for each; this takes some 10.
    """

    _ROW_BITS, _DAY_BITS = 22, 22
    _MOST_RECENT = 50_000

    def __init__(self) -> None:
        self._series: defaultdict[tuple[str, str], int] = defaultdict(count().__next__)
        self._recent: dict[int, int] = {}
        self._sorted = np.empty(0, np.uint64)

    def first(self, entry: Entry) -> int | None:
        """The row in which this country, indicator and day stood before. None: it is the first, and is noted."""
        key = self._key(entry)
        found = self._recent.get(key) or self._sorted_row(key)
        if found is None:
            self._note([key], [entry.row])
        return found

    def are_first(self, entries: Sequence[Entry]) -> bool:
        """Whether each speaks of something else, and of nothing that stood before. If so, all are noted; else none."""
        series, bits = self._series, self._DAY_BITS
        # as _key does, without calling it for each
        keys = [series[entry[2], entry[4]] << bits | entry[3].toordinal() for entry in entries]
        if len(set(keys)) < len(keys) or not self._recent.keys().isdisjoint(keys):
            return False
        bounds = np.array(keys, np.uint64) << np.uint64(self._ROW_BITS)
        next_bounds = bounds + np.uint64(1 << self._ROW_BITS)
        if (np.searchsorted(self._sorted, bounds) != np.searchsorted(self._sorted, next_bounds)).any():
            return False
        self._note(keys, [entry[0] for entry in entries])
        return True

    def _key(self, entry: Entry) -> int:
        return self._series[entry.iso3, entry.indicator] << self._DAY_BITS | entry.observed_on.toordinal()

    def _sorted_row(self, key: int) -> int | None:
        at = int(np.searchsorted(self._sorted, np.uint64(key << self._ROW_BITS)))
        found = int(self._sorted[at]) if at < len(self._sorted) else 0
        return found & ((1 << self._ROW_BITS) - 1) if found >> self._ROW_BITS == key else None

    def _note(self, keys: Iterable[int], rows: Iterable[int]) -> None:
        self._recent.update(zip(keys, rows, strict=True))
        if len(self._recent) >= self._MOST_RECENT:
            recent = np.array([key << self._ROW_BITS | row for key, row in self._recent.items()], np.uint64)
            self._sorted = np.sort(np.concatenate([self._sorted, np.sort(recent)]), kind="stable")
            self._recent.clear()
