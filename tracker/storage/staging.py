"""Where the rows of one file wait until they are recorded: sorted, on disk, seen by nobody else.

A million rows as Python objects take more memory than a small machine has, and in a table of the database itself they
would lengthen the one writing transaction. So they wait in a private SQLite file, from which a database of SQLite can
take them over by itself.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
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
    # True: as it was last time, and no value is said. None: a value, or "don't know".
    unchanged: bool | None
    verdict: str
    # As which revision it is recorded, and how it is handled then; None: as the file says, or as is usual.
    revision: int
    handling_then: int | None
    attributable_then: bool | None


# Each statement stands here whole: nothing that a file says ever becomes part of one.
_TABLES = (
    "CREATE TABLE waiting (number INTEGER PRIMARY KEY, file_row INTEGER, file_column INTEGER, observed_on INTEGER,"
    " iso3 TEXT, indicator_id INTEGER, value REAL, standard_error REAL, source TEXT, reliability TEXT,"
    " credibility INTEGER, handling INTEGER, attributable INTEGER, note TEXT, evidence_url TEXT, unchanged INTEGER,"
    " verdict TEXT NOT NULL DEFAULT 'new', revision INTEGER NOT NULL DEFAULT 1, handling_then INTEGER,"
    " attributable_then INTEGER)",
    "CREATE TABLE said_again (observed_on INTEGER, iso3 TEXT, indicator_id INTEGER, value REAL, standard_error REAL)",
    "CREATE TABLE refused (file_row INTEGER PRIMARY KEY)",
    "CREATE TABLE batch_of (indicator_id INTEGER, source TEXT, batch_id INTEGER)",
    "CREATE VIEW recordable AS SELECT * FROM waiting"
    " WHERE verdict IN ('new', 'revised') AND file_row NOT IN (SELECT file_row FROM refused)",
)
_ADD = (
    "INSERT INTO waiting (file_row, file_column, observed_on, iso3, indicator_id, value, standard_error, source,"
    " reliability, credibility, handling, attributable, note, evidence_url, unchanged)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_ADD_BARE = (
    "INSERT INTO waiting (file_row, file_column, observed_on, iso3, indicator_id, value, standard_error)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_ADD_AGAIN = "INSERT INTO said_again VALUES (?, ?, ?, ?, ?)"
# Of what is said twice, and of two answers for one month, those that say something else; but for rows refused already.
_CONTRADICTED = (
    "SELECT * FROM waiting AS one WHERE file_row NOT IN (SELECT file_row FROM refused) AND EXISTS"
    " (SELECT 1 FROM said_again AS two WHERE two.observed_on = one.observed_on AND two.iso3 = one.iso3"
    " AND two.indicator_id = one.indicator_id"
    " AND (two.value IS NOT one.value OR two.standard_error IS NOT one.standard_error))"
    " ORDER BY number"
)
_INDEX_AGAIN = "CREATE INDEX IF NOT EXISTS said_again_key ON said_again (iso3, indicator_id, observed_on)"
_EXTREMES = "SELECT indicator_id, min(value), max(value) FROM recordable GROUP BY indicator_id ORDER BY indicator_id"
_BEYOND = "SELECT count(*) FROM recordable WHERE indicator_id = ? AND value NOT BETWEEN ? AND ?"
_DECIDE = "UPDATE waiting SET verdict = ?, revision = ?, handling_then = ?, attributable_then = ? WHERE number = ?"
_UNDECIDE = "UPDATE waiting SET verdict = 'new', revision = 1, handling_then = NULL, attributable_then = NULL"
_REFUSE = "INSERT OR IGNORE INTO refused VALUES (?)"
_INDEX = "CREATE INDEX IF NOT EXISTS waiting_key ON waiting (observed_on, iso3, indicator_id)"
_KEYS = "SELECT number, observed_on, iso3, indicator_id FROM waiting ORDER BY observed_on, iso3, indicator_id, number"
_FROM_KEY_TO_KEY = (
    "SELECT * FROM waiting WHERE (observed_on, iso3, indicator_id, number) BETWEEN (?, ?, ?, ?) AND (?, ?, ?, ?)"
    " ORDER BY observed_on, iso3, indicator_id, number"
)
_PAIRS = "SELECT DISTINCT indicator_id, source FROM recordable ORDER BY indicator_id, source"
_PUT = "INSERT INTO batch_of VALUES (?, ?, ?)"
# In the order of the columns that import_rows writes; the day as the database writes one. Day 1 is 1 January of year 1.
AS_OBSERVATIONS = (
    "SELECT date(observed_on + 1721424.5), iso3, one.indicator_id, revision, value, value IS NULL, standard_error,"
    " reliability, credibility, coalesce(handling_then, handling, ?), coalesce(attributable_then, attributable, 1),"
    " note, evidence_url, 0, CASE WHEN revision > 1 THEN ? END, batch_id"
    " FROM recordable AS one JOIN batch_of AS its"
    " ON its.indicator_id = one.indicator_id AND its.source IS one.source"
    " ORDER BY observed_on, iso3, one.indicator_id, number"
)
_DECIDED = (
    "SELECT * FROM waiting WHERE verdict = ? AND file_row NOT IN (SELECT file_row FROM refused)"
    " ORDER BY observed_on, iso3, indicator_id, number"
)
_HOW_MANY = (
    "SELECT verdict, count(*) FROM waiting WHERE file_row NOT IN (SELECT file_row FROM refused) GROUP BY verdict"
)


class Staging:
    def __init__(self, path: Path) -> None:
        """`path`: where no file is yet and nobody else can read one."""
        self.path = path
        self._file = sqlite3.connect(path, isolation_level=None)
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
        """Each as a Waiting from `row` to `unchanged`; the day as its ordinal."""
        self._write(_ADD, rows)

    def add_bare(self, rows: Iterable[tuple[object, ...]]) -> None:
        """Of which nothing is said but value and error: each as a Waiting from `row` to `standard_error`."""
        self._write(_ADD_BARE, rows)

    def add_again(self, rows: Iterable[tuple[object, ...]]) -> None:
        """What another row said before, in a row that is refused for it: day, country, indicator, value and error."""
        self._write(_ADD_AGAIN, rows)

    def contradicted(self) -> Iterator[list[Waiting]]:
        """What another row of the file says otherwise."""
        self._file.execute(_INDEX_AGAIN)
        yield from self._pieces(_CONTRADICTED)

    def in_order(self) -> Iterator["Piece"]:
        """All of them, by day, country and indicator, in pieces that fit into memory."""
        self._file.execute(_INDEX)
        cursor = self._file.execute(_KEYS)
        while found := cursor.fetchmany(ROWS_AT_ONCE):
            yield Piece(self._file, found)

    def pairs_to_record(self) -> list[tuple[int, str | None]]:
        """Indicator and source of all that becomes observations: each pair belongs to one batch."""
        return list(self._file.execute(_PAIRS))

    def put_into_batches(self, batches: Iterable[tuple[int, str | None, int]]) -> None:
        """Indicator, source and batch."""
        self._file.execute("DELETE FROM batch_of")
        self._write(_PUT, batches)

    def observations(self, *, handling: int, reason: str) -> Iterator[list[tuple[object, ...]]]:
        """What becomes observations, as their rows will be; nothing of a row of which something was refused."""
        cursor = self._file.execute(AS_OBSERVATIONS, (handling, reason))
        while found := cursor.fetchmany(ROWS_AT_ONCE):
            yield found

    def to_draft(self) -> Iterator[list[Waiting]]:
        yield from self._pieces(_DECIDED, (Verdict.DRAFT,))

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

    def extremes(self) -> list[tuple[int, float | None, float | None]]:
        """By indicator, the least and the greatest value of all that becomes observations; None: only "don't know"."""
        return list(self._file.execute(_EXTREMES))

    def how_many_beyond(self, indicator_id: int, least: float, greatest: float) -> int:
        return int(self._file.execute(_BEYOND, (indicator_id, least, greatest)).fetchone()[0])

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


class Piece:
    """Some rows that follow each other. Most need only a look at where they are, and never become a Waiting."""

    def __init__(self, file: sqlite3.Connection, found: Sequence[tuple[int, int, str, int]]) -> None:
        """`found`: of each row number, day, country and indicator."""
        self._file, self._first, self._last = file, found[0], found[-1]
        self.keys = [row[1:] for row in found]
        days, iso3s, indicator_ids = zip(*self.keys, strict=True)
        self.iso3s, self.indicator_ids = set(iso3s), set(indicator_ids)
        self.first, self.last = date.fromordinal(days[0]), date.fromordinal(days[-1])

    def __iter__(self) -> Iterator[Waiting]:
        bounds = [value for number, *key in (self._first, self._last) for value in (*key, number)]
        return map(_waiting, self._file.execute(_FROM_KEY_TO_KEY, bounds))

    def says_anything_twice(self, last_of_piece_before: object) -> bool:
        return self.keys[0] == last_of_piece_before or len(set(self.keys)) < len(self.keys)


def _waiting(row: tuple[object, ...]) -> Waiting:
    number, file_row, column, day, *rest = row
    return Waiting(number, file_row, column, date.fromordinal(day), *rest)  # type: ignore[arg-type]
