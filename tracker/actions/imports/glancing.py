"""A first look at a file: what its columns seem to be, what was chosen for the last of its kind, and whether that fits.

Nothing here writes to the database.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path

from tracker.actions.imports.understand import Feedable, country_names
from tracker.exchange.tables.reading import Cell, Row, read_table
from tracker.exchange.template_sheet import HEADINGS, MAPPING
from tracker.guess import Guess, guess_mapping
from tracker.mapping import Mapping as ColumnMapping
from tracker.mapping import MappingUnfit, Shape, from_plain, headings, written
from tracker.naming import CountryNames
from tracker.refusal import N_
from tracker.sheet import Reader
from tracker.storage import imports
from tracker.storage.base import Session
from tracker.storage.recording import Import

# Enough to guess from, and few enough to read at once.
ROWS_LOOKED_AT = 300
ROWS_SHOWN = 6
MOST_ROWS_ABOVE = 1000
HEADINGS_TOO_FAR = N_("The headings of a table stand in one of its first %(most)s rows: choose one of them.")


@dataclass(frozen=True)
class Glance:
    """The beginning of a file, and what its columns seem to be."""

    encoding: str | None
    sheets: Sequence[str]
    # None: the file has no sheets.
    sheet: str | None
    header: Sequence[Cell]
    # Below the headings, every one as wide as they are.
    first_rows: Sequence[Sequence[str]]
    guess: Guess

    @property
    def headings(self) -> list[str]:
        return headings(self.header)

    @property
    def is_our_sheet(self) -> bool:
        """It was taken away from here to be filled in, and has its columns still."""
        return self.headings == list(HEADINGS) and self.guess.mapping.header_row == MAPPING.header_row

    @property
    def header_fingerprint(self) -> str:
        """The same columns in the same order: the same kind of file."""
        return hashlib.sha256(json.dumps(self.headings).encode()).hexdigest()


def glance(session: Session, path: Path, *, sheet: str | None = None, header_row: int | None = None) -> Glance:
    """`header_row`: where the headings are; None: where they seem to be.

    A column of countries is recognised by all countries: somebody may work on one of the two hundred in it.
    """
    if header_row is not None and header_row > MOST_ROWS_ABOVE:
        # before it is read: whoever asks for the billionth row must not get them all into memory
        raise MappingUnfit(HEADINGS_TOO_FAR, most=MOST_ROWS_ABOVE)
    names = country_names(session, None)
    with read_table(path, sheet=sheet) as table:
        rows = list(islice(table.rows, (header_row or 1) - 1 + ROWS_LOOKED_AT))
        guess = _guess(rows, _in_force(session), names, header_row)
        at = guess.mapping.header_row
        header = next((cells for number, cells in rows if number == at), [])
        below = [cells for number, cells in rows if number > at and any(map(written, cells))]
        return Glance(
            encoding=table.encoding,
            sheets=table.sheets,
            sheet=table.sheet,
            header=header,
            first_rows=[_as_wide(cells, len(header)) for cells in below[:ROWS_SHOWN]],
            guess=guess,
        )


def _guess(rows: Sequence[Row], indicators: Sequence[Feedable], names: CountryNames, header_row: int | None) -> Guess:
    if header_row is None:
        return guess_mapping(rows, indicators, names)
    guess = guess_mapping([row for row in rows if row[0] >= header_row], indicators, names)
    if guess.mapping.header_row == header_row:
        return guess
    # somebody knows better where the headings are; what they say is theirs to choose as well
    return Guess(ColumnMapping(Shape.LONG, header_row=header_row), (), ())


def refuse_unfit(session: Session, mapping: ColumnMapping, seen: Glance, names: CountryNames, *, on: date) -> None:
    """Before anything waits for a worker: does the mapping say enough, and does it go with these columns?"""
    Reader(mapping, seen.header, countries=names, indicators=_all(session), today=on)


def remembered_for(session: Session, row: Import, seen: Glance, source_id: int | None = None) -> Import | None:
    """The same person's latest file with the same columns; or, where a source is named, their latest from it."""
    if source_id is not None:
        return imports.newest_from(session, source_id=source_id, brought_by=row.brought_by, besides=row.id)
    header = seen.header_fingerprint
    return imports.newest_alike(session, header_fingerprint=header, brought_by=row.brought_by, besides=row.id)


def mapping_for(row: Import, remembered: Import | None, seen: Glance) -> ColumnMapping:
    """What was chosen for this file, or for the last of its kind, or else what it looks like."""
    if row.mapping is not None and row.sheet == seen.sheet:
        chosen = from_plain(row.mapping)
        if chosen.header_row == seen.guess.mapping.header_row:
            return chosen
    if remembered is not None and remembered.mapping is not None:
        return fitted(from_plain(remembered.mapping), seen)
    return seen.guess.mapping


def fitted(mapping: ColumnMapping, seen: Glance) -> ColumnMapping:
    """To the columns that this file has: the next edition may have lost one, and begin in another row."""
    there = set(seen.headings)
    wide = mapping.shape is Shape.WIDE_INDICATORS
    return replace(
        mapping,
        columns={part: heading for part, heading in mapping.columns.items() if heading in there},
        indicators={word: key for word, key in mapping.indicators.items() if not wide or word in there},
        standard_errors={heading: key for heading, key in mapping.standard_errors.items() if heading in there},
        # a year that was added since is a year as well
        days=seen.guess.mapping.days if mapping.days else (),
        header_row=seen.guess.mapping.header_row,
        last_row=None,
    )


def _all(session: Session) -> list[Feedable]:
    """Retired ones too: they are recognised, and then refused by their name."""
    return [Feedable.of(row) for row in imports.indicators_by_key(session).values()]


def _in_force(session: Session) -> list[Feedable]:
    return [Feedable.of(row) for row in imports.indicators_by_key(session).values() if not row.retired]


def _as_wide(cells: Sequence[Cell], width: int) -> list[str]:
    return [written(cell) for cell in [*cells, *[None] * width][:width]]
