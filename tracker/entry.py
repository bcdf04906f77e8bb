"""What one row of a file comes to: entries, or problems, or nothing to say; and the tally that proves it of all rows.

Nothing is recorded here. An entry is what the file says, in the tracker's own terms; a problem names row, column and
cell, and says what to do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from tracker.handling import Mark


class Entry(NamedTuple):
    """One value of a file. A tuple and no dataclass, because a file has a million of them and tuples are quick."""

    row: int
    column: int  # where the value stands; the first column is 1
    iso3: str
    observed_on: date
    indicator: str  # the indicator's key
    value: float | None  # None: "don't know", said in so many words; or else `unchanged`
    standard_error: float | None = None  # None, here and below: the file does not say
    source: str | None = None
    reliability: str | None = None
    credibility: int | None = None
    handling: Mark | None = None
    attributable: bool | None = None
    note: str | None = None
    evidence_url: str | None = None
    unchanged: bool | None = None  # True: looked at again, and as it was last time, whatever that was


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


def column_letters(column: int) -> str:
    """The first column is A, the 27th AA."""
    letters = ""
    while column > 0:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters
