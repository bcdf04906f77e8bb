"""From a file to rows that wait: it is read by a child process, understood by its mapping, and laid by.

Nothing here writes to the database. Countries outside the importer's scope are not known to whoever reads: a row that
names one is refused in the same words as a row that names none.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tracker.access import PersonStatus, Principal, Right
from tracker.actions.imports.check import Result
from tracker.actions.imports.claims import Claim
from tracker.actions.imports.judge import Asker
from tracker.actions.imports.problems import ProblemBook
from tracker.catalogue.country_names import aliases
from tracker.entry import Entry, Piece, Tally
from tracker.exchange.tables.reading import Row, read_table
from tracker.indicator import Level, Voice
from tracker.mapping import Mapping as ColumnMapping
from tracker.mapping import from_plain, headings
from tracker.naming import CountryNames
from tracker.refusal import N_, Refusal
from tracker.sheet import interpret
from tracker.storage import countries, imports, people, principals
from tracker.storage.base import Session
from tracker.storage.countries import Scope
from tracker.storage.staging import Staging
from tracker.storage.watching import Country, Indicator

# So many columns of an entry say what is measured where; the others, what is said beside it.
BARE = 7
# Where files lie while they are read, below the data folder.
FOLDER = "imports"


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
    voice: Voice

    @classmethod
    def of(cls, row: Indicator) -> "Feedable":
        levels = tuple(Level(int(level["value"]), str(level["descriptor"])) for level in row.levels)
        return cls(row.key, row.name, row.code, row.best, row.worst, levels, row.voice)


def country_names(session: Session, scope: Scope) -> CountryNames:
    """Those that the importer works on, under all their names."""
    return CountryNames([Coded.of(row) for row in countries.all_countries(session, scope)], aliases())


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
        pieces = interpret(
            rows,
            setting.mapping,
            tally,
            countries=setting.names,
            indicators=[Feedable.of(row) for row in setting.by_id.values()],
            today=setting.today,
        )
        for piece in pieces:
            _lay_by(piece, staging, ids)
            for problem in piece.problems:
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
            "beyond": list(_beyond(staging, setting.by_id)),
        },
        # two gzip files one behind the other are one
        problems=reading.problems + judged.closed(),
    )


def _beyond(staging: Staging, indicators: Mapping[int, Indicator]) -> Iterator[dict[str, object]]:
    """What lies outside the ends of its scale: right for some series, a slip of the decimal point in others."""
    for indicator_id, least, greatest in staging.extremes():
        one = indicators[indicator_id]
        low, high = sorted((one.best, one.worst))
        if least is None or greatest is None or (low <= least and greatest <= high):
            continue
        farthest = max(least, greatest, key=lambda value: max(low - value, value - high))
        count = staging.how_many_beyond(indicator_id, low, high)
        yield {"indicator": one.key, "count": count, "low": low, "high": high, "farthest": farthest}


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


def _noting_headings(rows: Iterable[Row], header_row: int, noted: list[str]) -> Iterator[Row]:
    for number, cells in rows:
        if number == header_row:
            noted.extend(headings(cells))
        yield number, cells


def _lay_by(piece: Piece, staging: Staging, ids: Mapping[str, int]) -> None:
    columns = _columns(piece.entries, ids)
    if all(column.count(None) == len(piece.entries) for column in columns[BARE:]):
        staging.add_bare(zip(*columns[:BARE], strict=True))
    else:
        staging.add(zip(*columns, strict=True))
    staging.add_again(zip(*_columns(piece.said_again, ids)[2:BARE], strict=True))


def _columns(entries: Sequence[Entry], ids: Mapping[str, int]) -> list[tuple[object, ...]]:
    """As `Staging.add` wants them: column by column, which is quicker than one by one."""
    if not entries:
        return []
    rows, columns, iso3s, days, indicators, *said = zip(*entries, strict=True)
    return [rows, columns, tuple(map(date.toordinal, days)), iso3s, tuple(map(ids.__getitem__, indicators)), *said]
