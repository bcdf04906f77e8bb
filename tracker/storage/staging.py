"""Where the rows of one file wait until they are recorded: sorted, on disk, seen by nobody else.

A million rows as Python objects take more memory than a small machine has, and in a table of the database itself they
would lengthen the one writing transaction. So they wait in a private SQLite file without a name, which the system
removes with the process that made it, however that ends.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

ROWS_AT_ONCE = 5000
CACHE_KIBIBYTES = 16_000


class Verdict(StrEnum):
    """What becomes of one value."""

    # Nothing is recorded there yet: so it is, unless the database says otherwise.
    NEW = "new"
    # Another value is recorded there: a further revision.
    REVISED = "revised"
    # It is there already, and changes nothing.
    THERE = "there"
    # Our analysts answer this question: it becomes a draft, which a second person looks at.
    DRAFT = "draft"


class Decision(NamedTuple):
    """In the order of `_DECIDE`."""

    verdict: Verdict
    revision: int
    handling: int | None
    attributable: bool | None
    number: int


class Waiting(NamedTuple):
    """One value on its way: what the file says, and what is to become of it. In the order of the columns."""

    number: int
    row: int
    column: int
    observed_on: date
    iso3: str
    indicator_id: int
    value: float | None
    standard_error: float | None
    source: str | None
    reliability: str | None
    credibility: int | None
    # None: the file does not say.
    handling: int | None
    attributable: bool | None
    note: str | None
    evidence_url: str | None
    verdict: str
    # As which revision it is recorded, and how it is handled then; None: as the file says, or as is usual.
    revision: int
    handling_then: int | None
    attributable_then: bool | None


# Each statement stands here whole: nothing that a file says ever becomes part of one.
_TABLES = (
    "CREATE TABLE waiting (number INTEGER PRIMARY KEY, file_row INTEGER, file_column INTEGER, observed_on INTEGER,"
    " iso3 TEXT, indicator_id INTEGER, value REAL, standard_error REAL, source TEXT, reliability TEXT,"
    " credibility INTEGER, handling INTEGER, attributable INTEGER, note TEXT, evidence_url TEXT,"
    " verdict TEXT NOT NULL DEFAULT 'new', revision INTEGER NOT NULL DEFAULT 1, handling_then INTEGER,"
    " attributable_then INTEGER)",
    "CREATE TABLE refused (file_row INTEGER PRIMARY KEY)",
)
_ADD = (
    "INSERT INTO waiting (file_row, file_column, observed_on, iso3, indicator_id, value, standard_error, source,"
    " reliability, credibility, handling, attributable, note, evidence_url)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_DECIDE = "UPDATE waiting SET verdict = ?, revision = ?, handling_then = ?, attributable_then = ? WHERE number = ?"
_UNDECIDE = "UPDATE waiting SET verdict = 'new', revision = 1, handling_then = NULL, attributable_then = NULL"
_REFUSE = "INSERT OR IGNORE INTO refused VALUES (?)"
_IN_ORDER = "SELECT * FROM waiting ORDER BY observed_on, iso3, indicator_id, number"
_DECIDED = (
    "SELECT * FROM waiting WHERE verdict IN (?, ?) AND file_row NOT IN (SELECT file_row FROM refused)"
    " ORDER BY observed_on, iso3, indicator_id, number"
)
_HOW_MANY = (
    "SELECT verdict, count(*) FROM waiting WHERE file_row NOT IN (SELECT file_row FROM refused) GROUP BY verdict"
)


class Staging:
    def __init__(self) -> None:
        self._file = sqlite3.connect("", isolation_level=None)
        # nothing of it outlives this process: no journal, no waiting for the disk
        for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{CACHE_KIBIBYTES}"):
            self._file.execute(f"PRAGMA {pragma}")
        for table in _TABLES:
            self._file.execute(table)

    def __enter__(self) -> "Staging":
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    def add(self, rows: Iterable[tuple[object, ...]]) -> None:
        """Each as a Waiting from `row` to `evidence_url`; the day as its ordinal."""
        self._write(_ADD, rows)

    def in_order(self) -> Iterator[list[Waiting]]:
        """All of them, by day, country and indicator, in pieces that fit into memory."""
        yield from self._pieces(_IN_ORDER)

    def to_record(self) -> Iterator[list[Waiting]]:
        """What becomes observations, in the same order; nothing of a row of which something was refused."""
        yield from self._pieces(_DECIDED, (Verdict.NEW, Verdict.REVISED))

    def to_draft(self) -> Iterator[list[Waiting]]:
        yield from self._pieces(_DECIDED, (Verdict.DRAFT, Verdict.DRAFT))

    def decide(self, decisions: Iterable[Decision]) -> None:
        self._write(_DECIDE, decisions)

    def refuse(self, file_rows: Iterable[int]) -> None:
        """Nothing of these rows is taken."""
        self._write(_REFUSE, ((row,) for row in file_rows))

    def forget_decisions(self) -> None:
        """The record has changed since they were made."""
        self._file.execute(_UNDECIDE)
        self._file.execute("DELETE FROM refused")

    def how_many_rows_refused(self) -> int:
        return int(self._file.execute("SELECT count(*) FROM refused").fetchone()[0])

    def how_many(self) -> dict[Verdict, int]:
        """Values by what becomes of them."""
        return {Verdict(verdict): count for verdict, count in self._file.execute(_HOW_MANY)}

    def sources(self) -> list[str]:
        """Named in the file."""
        found = self._file.execute("SELECT DISTINCT source FROM waiting WHERE source IS NOT NULL ORDER BY source")
        return [str(row[0]) for row in found]

    def _write(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        self._file.execute("BEGIN")
        self._file.executemany(statement, rows)
        self._file.execute("COMMIT")

    def _pieces(self, question: str, values: Sequence[str] = ()) -> Iterator[list[Waiting]]:
        cursor = self._file.execute(question, tuple(values))
        while found := cursor.fetchmany(ROWS_AT_ONCE):
            yield [_waiting(row) for row in found]


def _waiting(row: tuple[object, ...]) -> Waiting:
    number, file_row, column, day, *rest = row
    return Waiting(number, file_row, column, date.fromordinal(day), *rest)  # type: ignore[arg-type]
