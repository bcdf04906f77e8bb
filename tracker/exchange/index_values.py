"""Reads the values from which an index is computed: a CSV file with a row for each country, or for each value.

    id,leaf_one,leaf_two        or        id,leaf,value

The file is taken whole or not at all: a value that was overlooked would be taken for one that is missing.
"""

import csv
import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tracker.entry import Fault
from tracker.exchange.published import PublishedFileBroken
from tracker.notation import Notation, Silence, shortened

ID = "id"
LONG = [ID, "leaf", "value"]

Range = tuple[float, float] | None
"""Between which numbers the values of a leaf usually lie, the smaller first. None: nobody knows."""

_Row = tuple[int, list[str]]
# id -> leaf -> value
_Found = dict[str, dict[str, float]]


@dataclass(frozen=True)
class IndexValues:
    ids: tuple[str, ...]
    """In the order of the file."""
    values: NDArray[np.float64]
    """A row for each leaf, a column for each id; NaN where nothing is known."""


def read_index_values(path: Path, leaves: Mapping[str, Range]) -> IndexValues:
    """The values of these leaves, which are rows in their order; raises PublishedFileBroken at the first fault."""
    rows = _rows(path)
    line, headings = next(rows, (1, []))
    reader = _Reader(path.name, line, headings, leaves)
    if not headings:
        raise reader.broken(1, f"the file is empty; begin it with the headings {ID},{','.join(leaves)}.")
    found = reader.long(rows) if headings == LONG else reader.wide(rows)
    if not found:
        raise reader.broken(line, "there is no row below the headings; add one for each country.")
    nothing = dict.fromkeys(leaves, np.nan)
    return IndexValues(tuple(found), np.array([list((nothing | known).values()) for known in found.values()]).T)


def _rows(path: Path) -> Iterator[_Row]:
    """The rows in which anything stands, without blanks around their cells, and the line on which each ends."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = f"the file cannot be read ({error.strerror}); name one with values."
        raise PublishedFileBroken(path.name or str(path), 1, reason) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise PublishedFileBroken(path.name, line, "this is not UTF-8 text; save the file as CSV in UTF-8.") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if any(stripped := [cell.strip() for cell in cells]):
                yield reader.line_num, stripped
    except csv.Error as error:
        reason = f"this is not CSV ({error}); correct it, beginning with the quotation marks."
        raise PublishedFileBroken(path.name, reader.line_num, reason) from None


class _Reader:
    def __init__(self, file: str, line: int, headings: list[str], leaves: Mapping[str, Range]) -> None:
        self._file, self._line, self._headings, self._leaves = file, line, headings, leaves
        self._notation = Notation()

    def broken(self, line: int, reason: str) -> PublishedFileBroken:
        return PublishedFileBroken(self._file, line, reason)

    def wide(self, rows: Iterator[_Row]) -> _Found:
        self._check_headings()
        found: _Found = {}
        lines: dict[str, int] = {}
        for line, cells in rows:
            named = self._named(line, cells)
            one = named.pop(ID)
            if one in lines:
                raise self.broken(line, f"“{one}” is on line {lines[one]} already; leave one of the two.")
            lines[one] = line
            found[one] = {leaf: self._value(line, leaf, cell) for leaf, cell in named.items()}
        return found

    def long(self, rows: Iterator[_Row]) -> _Found:
        found: _Found = {}
        lines: dict[tuple[str, str], int] = {}
        for line, cells in rows:
            one, leaf, cell = self._named(line, cells).values()
            if leaf not in self._leaves:
                raise self.broken(line, self._unknown(leaf))
            if (one, leaf) in lines:
                reason = f"“{leaf}” of “{one}” is on line {lines[one, leaf]} already; leave one of the two."
                raise self.broken(line, reason)
            lines[one, leaf] = line
            found.setdefault(one, {})[leaf] = self._value(line, "value", cell, leaf)
        return found

    def _check_headings(self) -> None:
        headings, line = self._headings, self._line
        if len(headings) == 1 and (";" in headings[0] or "\t" in headings[0]):
            raise self.broken(line, "the columns are not separated by commas; save the file as CSV with commas.")
        for place, heading in enumerate(headings):
            if heading in headings[:place]:
                raise self.broken(line, f"the column “{shortened(heading)}” is there twice; remove one of the two.")
            if heading != ID and heading not in self._leaves:
                raise self.broken(line, self._unknown(heading))
        for wanted in (ID, *self._leaves):
            if wanted not in headings:
                remedy = "add it" if wanted == ID else "add it, and leave its cells empty where nothing is known"
                raise self.broken(line, f"there is no column “{wanted}”; {remedy}.")

    def _unknown(self, leaf: str) -> str:
        near = get_close_matches(leaf, self._leaves, n=1)
        remedy = f"write “{near[0]}”, or remove it" if near else "remove it, or add such a leaf to the tree"
        if ID not in self._headings:
            remedy += f"; the column that names the rows is called “{ID}”"
        return f"“{shortened(leaf)}” is no leaf of the tree; {remedy}."

    def _named(self, line: int, cells: list[str]) -> dict[str, str]:
        if len(cells) != len(self._headings):
            raise self.broken(line, f"there are {len(cells)} cells; give {len(self._headings)}, one for each heading.")
        named = dict(zip(self._headings, cells, strict=True))
        if not named[ID]:
            raise self.broken(line, f"the column “{ID}” is empty; write there of whom the row speaks.")
        return named

    def _value(self, line: int, column: str, cell: str, leaf: str | None = None) -> float:
        number = self._notation.number(cell)
        if number in (Silence.MISSING, Silence.UNKNOWN):
            return math.nan
        shown = f"“{shortened(cell)}” in the column “{column}”"
        if isinstance(number, Silence | Fault):
            remedy = "write one like 12.5, or leave the cell empty where nothing is known"
            raise self.broken(line, f"{shown} is no number to count with; {remedy}.")
        if self._notation.is_undeclared_code(number) and not _lies_in(number, self._leaves[leaf or column]):
            remedy = "leave the cell empty, or give the leaf a best and a worst that include it"
            raise self.broken(line, f"{shown} often means that nothing is known; {remedy}.")
        return number


def _lies_in(number: float, usual: Range) -> bool:
    return usual is not None and usual[0] <= number <= usual[1]
