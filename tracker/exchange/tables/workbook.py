"""XLSX. Its parts are unpacked and looked at once before anything interprets them; then calamine reads the cells.

openpyxl believes the <dimension> that a sheet states and silently drops what lies outside; calamine does not.
"""

import datetime
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import python_calamine as calamine

from tracker.exchange.tables import unseen
from tracker.exchange.tables.limits import Limits
from tracker.exchange.tables.refused import refused

Cell = str | int | float | None

_BLOCK = 1 << 20
# A ratio says nothing about small files.
_SMALL_BYTES = 20_000_000
_EXACT = 2**53


class Workbook:
    """One sheet of a workbook. `rows` goes through it from the spreadsheet's first row and first column on."""

    def __init__(self, path: Path, sheet: str | None, limits: Limits) -> None:
        self._limits = limits
        suspicious = _look_through(path, limits)
        try:
            book = calamine.CalamineWorkbook.from_path(path)
            self.sheets = _with_cells(book)
            self.sheet = self._chosen(book, sheet)
            self._cells = book.get_sheet_by_name(self.sheet)
        except calamine.PasswordError as error:
            raise refused("password") from error
        except calamine.CalamineError as error:
            raise refused("damaged", detail="it cannot be read as a workbook") from error
        self._unseen = unseen.cells(path, self.sheet) if suspicious else {}
        if self._cells.start is None and not self._unseen:
            if len(self.sheets) == 1:
                raise refused("no_rows")
            raise refused("empty_sheet", sheet=self.sheet, sheets=_listed(self.sheets))
        if self._cells.total_height > limits.rows:  # known before any row is gone through
            raise refused("rows", limit=limits.rows)

    def rows(self) -> Iterator[tuple[list[Cell], int]]:
        """Each row with the number of its characters."""
        start = self._cells.start
        margin: list[Cell] = [None] * (start[1] if start else 0)
        longest, number = self._limits.cell_characters, 0
        row: list[Cell] = []
        for number, raw in enumerate(self._cells.iter_rows(), start=1):
            # Written out for texts and numbers, of which there are millions, instead of two calls for each.
            fitted: list[Cell] = [
                (cell or None)
                if type(cell) is str
                else _number(cell)
                if type(cell) is float
                else FITTING[type(cell)](cell)
                for cell in raw
            ]
            row = margin + fitted if margin else fitted
            if number in self._unseen:
                _overlay(row, self._unseen.pop(number))
            lengths = [len(cell) for cell in row if type(cell) is str]
            if lengths and max(lengths) > longest:
                raise self._too_long(number, row)
            yield row, sum(lengths)
        for late in sorted(self._unseen):
            yield from (([], 0) for _blank in range(number + 1, late))
            number, row = late, [None] * len(row)
            _overlay(row, self._unseen[late])
            yield row, 0

    def _chosen(self, book: calamine.CalamineWorkbook, sheet: str | None) -> str:
        if not self.sheets:
            raise refused("no_sheet")
        if sheet is None:
            visible = {one.name for one in book.sheets_metadata if one.visible == calamine.SheetVisibleEnum.Visible}
            return next((name for name in self.sheets if name in visible), self.sheets[0])
        if sheet not in self.sheets:
            raise refused("no_such_sheet", sheet=sheet[:100], sheets=_listed(self.sheets))
        return sheet

    def _too_long(self, number: int, row: list[Cell]) -> Exception:
        longest = self._limits.cell_characters
        column = next(place for place, cell in enumerate(row) if isinstance(cell, str) and len(cell) > longest)
        place = f"{unseen.letters(column + 1)}{number}"
        return refused("cell_characters_at", cell=place, sheet=self.sheet, limit=longest)


def _with_cells(book: calamine.CalamineWorkbook) -> list[str]:
    """Charts and macros are sheets, too, and hold no table."""
    return [one.name for one in book.sheets_metadata if one.typ == calamine.SheetTypeEnum.WorkSheet]


def _listed(sheets: list[str]) -> str:
    return ", ".join(f"“{name[:100]}”" for name in sheets[:20]) + (" …" if len(sheets) > 20 else "")


def _look_through(path: Path, limits: Limits) -> bool:
    """Refuses what is larger than it may be, larger than it says, or brings its own entities.

    True: some cell is of the kind that calamine takes for blank.
    """
    found = False
    try:
        with zipfile.ZipFile(path) as archive:
            _check_directory(archive, path, limits)
            for part in archive.infolist():
                found = _look_into(archive, part) or found
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise refused("damaged", detail="a part of it cannot be unpacked") from error
    return found


def _check_directory(archive: zipfile.ZipFile, path: Path, limits: Limits) -> None:
    parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise refused("password")
    size = sum(part.file_size for part in parts)
    if size > limits.unpacked_bytes:
        raise refused("unpacked_bytes", limit=limits.unpacked_bytes // 1_000_000)
    if size > _SMALL_BYTES and size > limits.unpacked_ratio * path.stat().st_size:
        raise refused("unpacked_ratio", limit=limits.unpacked_ratio)


def _look_into(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """To the end, so that its size and checksum prove true."""
    look = unseen.Look(part.filename)
    with archive.open(part) as file:
        while block := file.read(_BLOCK):
            look.at(block)
    return look.found


def _overlay(row: list[Cell], texts: dict[int, str]) -> None:
    for column, text in texts.items():
        row.extend([None] * (column - len(row)))
        row[column - 1] = text


def _number(value: float) -> int | float:
    """Excel keeps every number as a float; a year is 2021 and not 2021.0."""
    return int(value) if value.is_integer() and -_EXACT < value < _EXACT else value


FITTING: dict[type, Callable[[Any], Cell]] = {
    str: lambda text: text or None,
    float: _number,
    int: lambda number: number,
    bool: lambda truth: "true" if truth else "false",
    datetime.date: datetime.date.isoformat,
    datetime.datetime: datetime.datetime.isoformat,
    datetime.time: datetime.time.isoformat,
    datetime.timedelta: str,
}
