"""What one row of a file comes to: entries, or problems, or nothing to say; and the tally that proves it of all rows.

Nothing is recorded here. An entry is what the file says, in the tracker's own terms; a problem names row, column and
cell, and says what to do.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import count
from typing import NamedTuple

import numpy as np

from tracker.handling import Mark


class Entry(NamedTuple):
    """One value of a file. A tuple and no dataclass, because a file has a million of them and tuples are quick."""

    row: int
    column: int  # where the value stands; the first column is 1
    iso3: str
    observed_on: date
    indicator: str  # the indicator's key
    value: float | None  # None: "don't know", said in so many words
    standard_error: float | None = None  # None, here and below: the file does not say
    source: str | None = None
    reliability: str | None = None
    credibility: int | None = None
    handling: Mark | None = None
    attributable: bool | None = None
    note: str | None = None
    evidence_url: str | None = None


class ProblemKind(StrEnum):
    """What is wrong, for counting; the sentence tells it to people."""

    RAGGED = "ragged"
    COUNTRY_MISSING = "country_missing"
    COUNTRY_UNKNOWN = "country_unknown"
    COUNTRY_UNCLEAR = "country_unclear"
    INDICATOR_MISSING = "indicator_missing"
    INDICATOR_UNKNOWN = "indicator_unknown"
    DAY_MISSING = "day_missing"
    DAY_UNREADABLE = "day_unreadable"
    DAY_UNCLEAR = "day_unclear"
    DAY_AHEAD = "day_ahead"
    NUMBER_UNREADABLE = "number_unreadable"
    NUMBER_UNCLEAR = "number_unclear"
    NUMBER_OUT_OF_BOUNDS = "number_out_of_bounds"
    PERCENT = "percent"
    SPREADSHEET_ERROR = "spreadsheet_error"
    MISSING_CODE = "missing_code"
    NO_SUCH_LEVEL = "no_such_level"
    STANDARD_ERROR = "standard_error"
    GRADE = "grade"
    HANDLING = "handling"
    ATTRIBUTION = "attribution"
    EVIDENCE = "evidence"
    TEXT_TOO_LONG = "text_too_long"
    SAID_TWICE = "said_twice"


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be understood: why, in a sentence that can be translated before it is filled in."""

    kind: ProblemKind
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.sentence % self.values if self.values else self.sentence


@dataclass(frozen=True)
class Problem:
    """A fault and its place, as the person sees it in the file."""

    row: int
    column: int | None  # the first column is 1; None: the row as a whole
    heading: str  # of that column; empty where there is none
    cell: str  # what stands in it
    fault: Fault

    @property
    def kind(self) -> ProblemKind:
        return self.fault.kind

    @property
    def text(self) -> str:
        return self.fault.text

    @property
    def place(self) -> str:
        """Row and column as a spreadsheet names them: B7, or 7 for the whole row."""
        return f"{column_letters(self.column)}{self.row}" if self.column else str(self.row)


class Standing(StrEnum):
    """How a row ends: in exactly one of these ways."""

    ACCEPTED = "accepted"  # one entry or more, and no problem
    REFUSED = "refused"  # one problem or more: nothing of the row is taken
    EMPTY = "empty"  # blank, or only missing values: nothing is said


class Outcome(NamedTuple):
    row: int
    entries: Sequence[Entry]  # none where there is a problem
    problems: Sequence[Problem]
    said_again: Sequence[Entry] = ()  # of the same country, indicator and day as in a row before

    @property
    def standing(self) -> Standing:
        if self.problems:
            return Standing.REFUSED
        return Standing.ACCEPTED if self.entries else Standing.EMPTY


class Piece(NamedTuple):
    """What some rows that follow each other come to, together."""

    rows: int
    refused: int
    empty: int
    entries: Sequence[Entry]
    problems: Sequence[Problem]
    said_again: Sequence[Entry]

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> "Piece":
        standings = [outcome.standing for outcome in outcomes]
        return cls(
            len(outcomes),
            standings.count(Standing.REFUSED),
            standings.count(Standing.EMPTY),
            [entry for outcome in outcomes for entry in outcome.entries],
            [problem for outcome in outcomes for problem in outcome.problems],
            [entry for outcome in outcomes for entry in outcome.said_again],
        )


@dataclass
class Tally:
    """Every row that came in went somewhere. What the mapping leaves out is counted apart."""

    rows: int = 0
    accepted: int = 0
    refused: int = 0
    empty: int = 0
    outside: int = 0  # headings, what stands above them, and what the mapping leaves out
    entries: int = 0
    missing_cells: int = 0  # value cells that say nothing, in rows of whatever standing

    def count(self, piece: Piece) -> None:
        self.rows += piece.rows
        self.accepted += piece.rows - piece.refused - piece.empty
        self.refused += piece.refused
        self.empty += piece.empty
        self.entries += len(piece.entries)


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


def column_letters(column: int) -> str:
    """The first column is A, the 27th AA."""
    letters = ""
    while column > 0:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters
