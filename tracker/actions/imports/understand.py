"""From a file to rows that wait: it is read by a child process, understood by its mapping, and laid by.

Nothing here writes to the database. Countries outside the importer's scope are not known to whoever reads: a row that
names one is refused in the same words as a row that names none.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path

from tracker.access import PersonStatus, Principal, Right
from tracker.actions.imports.check import Result
from tracker.actions.imports.claims import Claim
from tracker.actions.imports.judge import Asker
from tracker.actions.imports.problems import ProblemBook
from tracker.catalogue.countries import read_countries
from tracker.catalogue.country_names import FILE, read_aliases
from tracker.catalogue.country_names import FOLDER as CATALOGUE
from tracker.entry import Entry, Tally
from tracker.exchange.tables.reading import Cell, Row, read_table
from tracker.guess import Guess, guess_mapping
from tracker.indicator import Level
from tracker.mapping import Mapping as ColumnMapping
from tracker.mapping import MappingUnfit, Shape, from_plain, headings, written
from tracker.naming import CountryNames
from tracker.refusal import N_, Refusal
from tracker.sheet import Reader, interpret
from tracker.storage import countries, imports, people, principals
from tracker.storage.base import Session
from tracker.storage.countries import Scope
from tracker.storage.models import Country, Import, Indicator
from tracker.storage.staging import Staging

# Where files lie while they are read, below the data folder.
FOLDER = "imports"
# Enough to guess from, and few enough to read at once.
ROWS_LOOKED_AT = 300
ROWS_SHOWN = 6
ROWS_AT_ONCE = 5000
MOST_ROWS_ABOVE = 1000
HEADINGS_TOO_FAR = N_("The headings of a table stand in one of its first %(most)s rows: choose one of them.")


class MayNotRecord(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Whoever brought this file may not record anything any more, so nothing was recorded."))


@dataclass(frozen=True)
class Coded:
    """A country as its names are looked for: one that ISO 3166 does not know may lack the shorter code."""

    iso3: str
    iso2: str
    numeric: str | None
    names: Mapping[str, str]

    @classmethod
    def of(cls, row: Country) -> "Coded":
        return cls(row.iso3, row.iso2 or "", row.numeric, row.names)


@dataclass(frozen=True)
class Feedable:
    """An indicator as far as a file can feed it: in the database its levels are plain words and numbers."""

    key: str
    name: str
    code: str | None
    best: float
    worst: float
    levels: tuple[Level, ...]

    @classmethod
    def of(cls, row: Indicator) -> "Feedable":
        levels = tuple(Level(int(level["value"]), str(level["descriptor"])) for level in row.levels)
        return cls(row.key, row.name, row.code, row.best, row.worst, levels)


# ---- a first look ----------------------------------------------------------------------------------------------


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


def country_names(session: Session, scope: Scope) -> CountryNames:
    """Those that the importer works on, under all their names."""
    aliases = read_aliases(CATALOGUE / FILE, read_countries(CATALOGUE / "countries.csv"))
    return CountryNames([Coded.of(row) for row in countries.all_countries(session, scope)], aliases)


# ---- the whole file --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Setting:
    """All that is asked of the database before a file is read."""

    asker: Asker
    names: CountryNames
    by_id: Mapping[int, Indicator]
    mapping: ColumnMapping
    sheet: str | None
    today: date


@dataclass(frozen=True)
class Reading:
    tally: Tally
    headings: Sequence[str]
    book: ProblemBook
    problems: bytes


def setting_for(session: Session, claimed: Claim, *, on: date) -> Setting:
    """With the rights that the importer has now, whatever they were when the file was brought."""
    principal = _principal(session, claimed.brought_by)
    return Setting(
        asker=Asker.of(principal),
        names=country_names(session, principal.scope if principal else None),
        by_id={row.id: row for row in imports.indicators_by_key(session).values()},
        mapping=from_plain(claimed.mapping),
        sheet=claimed.sheet,
        today=on,
    )


def read(path: Path, setting: Setting, staging: Staging, report: Callable[[int], None]) -> Reading:
    """Every row is accepted, empty or refused; what is accepted waits in `staging`."""
    tally, book, ids = Tally(), ProblemBook(), {row.key: row.id for row in setting.by_id.values()}
    heading: list[str] = []
    with read_table(path, sheet=setting.sheet) as table:
        rows = _noting_headings(table.rows, setting.mapping.header_row, heading)
        outcomes = interpret(
            rows,
            setting.mapping,
            tally,
            countries=setting.names,
            indicators=[Feedable.of(row) for row in setting.by_id.values()],
            today=setting.today,
        )
        while piece := list(islice(outcomes, ROWS_AT_ONCE)):
            staging.add(_waiting(entry, ids) for outcome in piece for entry in outcome.entries)
            again = (_waiting(entry, ids)[2:] for outcome in piece for entry in outcome.said_again)
            staging.add_again((day, iso3, indicator, value, error) for day, iso3, indicator, value, error, *_ in again)
            for outcome in piece:
                for problem in outcome.problems:
                    book.write(problem)
            report(tally.rows)
    return Reading(tally, heading, book, book.closed())


def result_of(
    reading: Reading,
    staging: Staging,
    judged: ProblemBook,
    record: tuple[int, int],
    publisher: int | None,
    setting: Setting,
) -> Result:
    """What the file itself came to and what the record made of it, together."""
    refused_by_record = staging.how_many_rows_refused()
    tally = reading.tally
    return Result(
        rows_read=tally.rows,
        rows_accepted=tally.accepted - refused_by_record,
        rows_empty=tally.empty,
        rows_refused=tally.refused + refused_by_record,
        findings={
            "values": {verdict.value: count for verdict, count in staging.how_many().items()},
            "problems": dict(reading.book.by_kind + judged.by_kind),
            "missing_cells": tally.missing_cells,
            "outside": tally.outside,
            # how the record stood that it was compared with
            "record": list(record),
            # as whose figures it is recorded, where the rows name nobody
            "publishers": sorted(_publishers(staging, publisher, setting.by_id)),
        },
        # two gzip files one behind the other are one
        problems=reading.problems + judged.closed(),
    )


def _publishers(staging: Staging, publisher: int | None, indicators: Mapping[int, Indicator]) -> set[int]:
    found = {publisher or indicators[one].source_id for one, source in staging.pairs_to_record() if source is None}
    return {one for one in found if one is not None}


def _principal(session: Session, person_id: int | None) -> Principal | None:
    """None: the installation itself, which needs nobody's leave."""
    if person_id is None:
        return None
    person = people.by_id(session, person_id)
    if person is None or person.status is not PersonStatus.ACTIVE:
        raise MayNotRecord
    principal = principals.principal_of(session, person)
    if not principal.may(Right.RECORD):
        raise MayNotRecord
    return principal


def _all(session: Session) -> list[Feedable]:
    """Retired ones too: they are recognised, and then refused by their name."""
    return [Feedable.of(row) for row in imports.indicators_by_key(session).values()]


def _in_force(session: Session) -> list[Feedable]:
    return [Feedable.of(row) for row in imports.indicators_by_key(session).values() if not row.retired]


def _noting_headings(rows: Iterable[Row], header_row: int, noted: list[str]) -> Iterator[Row]:
    for number, cells in rows:
        if number == header_row:
            noted.extend(headings(cells))
        yield number, cells


def _as_wide(cells: Sequence[Cell], width: int) -> list[str]:
    return [written(cell) for cell in [*cells, *[None] * width][:width]]


def _waiting(entry: Entry, ids: Mapping[str, int]) -> tuple[object, ...]:
    row, column, iso3, day, indicator, *said = entry
    return (row, column, day.toordinal(), iso3, ids[indicator], *said)
