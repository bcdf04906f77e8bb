"""What the rows of a file meet in the database, and how they get there: thousands at a time.

Countries and indicators narrow every question first: so its cost grows with the rows asked about and not with the
whole record.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import func, insert, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from tracker.coding import LIVE, CodingAct, CodingState
from tracker.storage.base import Session
from tracker.storage.recording import Batch, Cell, Coding, Observation
from tracker.storage.staging import AS_OBSERVATIONS, Staging

# The columns in the order in which a file's rows come from where they wait (staging.py).
_COLUMNS = (
    "observations (observed_on, iso3, indicator_id, revision, value, unknown, standard_error, reliability,"
    " credibility, handling, attributable, note, evidence_url, withdrawn, reason, batch_id)"
)
_TAKE_OVER = f"INSERT INTO {_COLUMNS} {AS_OBSERVATIONS}"
_COPY = f"COPY {_COLUMNS} FROM STDIN"
Key = TypeVar("Key")
RowKey = tuple[date, str, int]
"""Day, country, indicator."""
CellKey = tuple[str, int, date]
"""Country, indicator, the last day of the month."""


class Recorded(NamedTuple):
    """The newest revision of one observation."""

    revision: int
    value: float | None
    standard_error: float | None
    handling: int
    attributable: bool
    withdrawn: bool
    reliability: str | None
    credibility: int | None
    note: str | None
    evidence_url: str | None
    source_id: int
    # A second person accepted it, or what stood there before it.
    accepted: bool


class Answered(NamedTuple):
    """What somebody has on its way in a cell."""

    state: CodingState
    typed: str
    value: float | None
    # "Don't know", said in so many words; without it and without a value nothing can be understood yet.
    unknown: bool
    source: str
    grade: str
    handling: int
    attributable: bool
    note: str
    evidence_url: str

    @property
    def is_empty(self) -> bool:
        """A draft into which nothing was written yet, so that nothing is lost when it is filled."""
        return self.state is CodingState.DRAFT and not "".join((self.typed, self.source, self.note, self.evidence_url))


@dataclass(frozen=True)
class Block:
    """A part of the record: these countries, these indicators, from one day to another."""

    countries: Collection[str]
    indicator_ids: Collection[int]
    first: date
    last: date


def recorded_in(session: Session, block: Block) -> dict[RowKey, Recorded]:
    query = (
        select(
            Observation.observed_on,
            Observation.iso3,
            Observation.indicator_id,
            Observation.revision,
            Observation.value,
            Observation.standard_error,
            Observation.handling,
            Observation.attributable,
            Observation.withdrawn,
            Observation.reliability,
            Observation.credibility,
            Observation.note,
            Observation.evidence_url,
            Batch.source_id,
            Batch.accepted_by.is_not(None),
        )
        .join(Batch, Batch.id == Observation.batch_id)
        .where(
            Observation.iso3.in_(block.countries),
            Observation.indicator_id.in_(block.indicator_ids),
            Observation.observed_on.between(block.first, block.last),
        )
        # the newest comes last, and stays
        .order_by(Observation.revision)
    )
    found: dict[RowKey, Recorded] = {}
    for row in session.execute(query):
        key, one = (row[0], row[1], row[2]), Recorded._make(row[3:])
        before = found.get(key)
        found[key] = one._replace(accepted=True) if before is not None and before.accepted else one
    return found


def answers_of(session: Session, author_id: int, block: Block) -> dict[CellKey, Answered]:
    """What one person has on its way, by cell."""
    query = (
        select(Cell.iso3, Cell.indicator_id, Cell.period, *(getattr(Coding, name) for name in Answered._fields))
        .join(Cell, Cell.id == Coding.cell_id)
        .where(
            Cell.iso3.in_(block.countries),
            Cell.indicator_id.in_(block.indicator_ids),
            Cell.period.between(block.first, block.last),
            Coding.author_id == author_id,
            Coding.act == CodingAct.ANSWER,
            Coding.state.in_(LIVE),
        )
        .order_by(Coding.id)
    )
    return {(row[0], row[1], row[2]): Answered._make(row[3:]) for row in session.execute(query)}


def open_cells(session: Session, keys: Iterable[CellKey]) -> dict[CellKey, tuple[int, int]]:
    """Number and version of each cell, which is nobody else's until the transaction ends.

    It is made where nobody wrote into it before, and its version grows by one. All of them are taken in the order in
    which everybody takes several cells, by their numbers, so that no two transactions wait for each other.
    """
    wanted = sorted(keys)
    kind = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    place = tuple_(Cell.iso3, Cell.indicator_id, Cell.period)
    ids: list[int] = []
    for some in _pieces(wanted):
        new = [dict(zip(("iso3", "indicator_id", "period"), key, strict=True), version=0) for key in some]
        session.execute(kind.insert(Cell).on_conflict_do_nothing(), new)
        ids += session.scalars(select(Cell.id).where(place.in_(some)))
    found: dict[CellKey, tuple[int, int]] = {}
    for numbers in _pieces(sorted(ids)):
        session.execute(select(Cell.id).where(Cell.id.in_(numbers)).order_by(Cell.id).with_for_update())
        grown = (
            update(Cell)
            .where(Cell.id.in_(numbers))
            .values(version=Cell.version + 1)
            .returning(Cell.iso3, Cell.indicator_id, Cell.period, Cell.id, Cell.version)
            .execution_options(synchronize_session=False)
        )
        found.update({(row[0], row[1], row[2]): (row[3], row[4]) for row in session.execute(grown)})
    return found


def add_drafts(session: Session, author_id: int, drafts: Sequence[dict[str, Any]]) -> None:
    """Each in its cell. The author's own draft of a cell, which was found to be empty, is filled."""
    begun = _begun(session, author_id, [row["cell_id"] for row in drafts])
    if filled := [{**row, "id": begun[row["cell_id"]]} for row in drafts if row["cell_id"] in begun]:
        session.execute(update(Coding), filled)
    if new := [row for row in drafts if row["cell_id"] not in begun]:
        session.execute(insert(Coding.__table__), new)  # type: ignore[arg-type]


def _begun(session: Session, author_id: int, cell_ids: Sequence[int]) -> dict[int, int]:
    """Their own drafts in these cells."""
    found: dict[int, int] = {}
    for some in _pieces(cell_ids):
        query = select(Coding.cell_id, Coding.id).where(
            Coding.cell_id.in_(some),
            Coding.author_id == author_id,
            Coding.act == CodingAct.ANSWER,
            Coding.state.in_(LIVE),
        )
        found.update({row.cell_id: row.id for row in session.execute(query)})
    return found


def _pieces(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    """As many as one statement bears."""
    for start in range(0, len(keys), 1000):
        yield keys[start : start + 1000]


# ---- as they are recorded --------------------------------------------------------------------------------------


def add_observations(session: Session, staging: Staging, *, handling: int, reason: str) -> None:
    """All that waits to become observations: `handling` where the file says none, `reason` of further revisions.

    Past the mapper and the parameters of its statements, which would look at each value once more.
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        # a file that was attached cannot be let go before the transaction ends: the connection is not used again
        connection.detach()
        connection.exec_driver_sql("ATTACH DATABASE ? AS staging", (str(staging.path),))
        connection.exec_driver_sql(_TAKE_OVER, (handling, reason))
        return
    driver = connection.dialect.loaded_dbapi
    try:
        with connection.connection.cursor().copy(_COPY) as copy:
            for piece in staging.observations(handling=handling, reason=reason):
                for row in piece:
                    copy.write_row(row)
    except driver.Error as problem:
        # as any other statement's: whoever called knows the database by these errors
        raise DBAPIError.instance(_COPY, None, problem, driver.Error, hide_parameters=True) from problem


def state_of_record(session: Session) -> tuple[int, int]:
    """While it stays the same, so do observations, which all have a batch, and answers, which all mark their cell."""
    cells = select(func.coalesce(func.sum(Cell.version), 0)).scalar_subquery()
    batch, versions = session.execute(select(func.coalesce(func.max(Batch.id), 0), cells)).one()
    return batch, versions
