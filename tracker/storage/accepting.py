"""What settling an answer reads of it, and what it writes into the log of evidence, past the mapper."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Date, Select, Update, and_, bindparam, insert, or_, select, update
from sqlalchemy.orm.util import identity_key

from tracker.coding import CodingAct, CodingState
from tracker.storage import codings
from tracker.storage.base import Session
from tracker.storage.prepared import Prepared
from tracker.storage.recording import Batch, Cell, Coding, Observation


@dataclass
class HeldCell:
    """Nobody else writes into it until the transaction ends."""

    id: int
    iso3: str
    indicator_id: int
    period: date
    version: int


class Held(NamedTuple):
    """An answer, a correction or a withdrawal in such a cell, as far as settling it asks."""

    cell: HeldCell
    id: int
    author_id: int
    act: CodingAct
    state: CodingState
    cell_version: int
    grade: str
    value: float | None
    unknown: bool
    source: str
    handling: int
    attributable: bool
    note: str
    evidence_url: str
    reason: str
    observed_on: date | None
    based_on: int | None
    import_id: int | None


def held_with_rivals(session: Session, coding_ids: Collection[int]) -> tuple[list[Held], list[Held]]:
    """Those chosen, and all other answers in their cells that wait for review, the earliest first."""
    session.flush()
    codings.hold_cells_of(session, coding_ids)
    cells = dict[int, HeldCell]()
    found = []
    for row in _WITH_ALL_THAT_WAITS_BESIDE.rows(session, {"codings": list(coding_ids)}):
        cell = HeldCell(*row[:_COLUMNS_OF_CELL])
        found.append(Held(cells.setdefault(cell.id, cell), *row[_COLUMNS_OF_CELL:]))
    chosen_ids = set(coding_ids)
    chosen = sorted((one for one in found if one.id in chosen_ids), key=lambda one: (one.cell.id, one.id))
    return chosen, [one for one in found if one.id not in chosen_ids]


class Before(NamedTuple):
    """The newest revision of an observation, whatever its mark."""

    revision: int
    withdrawn: bool


def said_before(session: Session, iso3: str, indicator_id: int, observed_on: date) -> Before | None:
    """None: nothing was ever said of that day."""
    asked = {"iso3": iso3, "indicator": indicator_id, "day": observed_on}
    row = _NEWEST_OF_A_DAY.first(session, asked)
    return None if row is None else Before._make(row)


def add_batch(session: Session, columns: dict[str, Any]) -> int:
    """Its number."""
    [(number,)] = _ADDING_BATCH.rows(session, columns)
    return int(number)


def add_observation(session: Session, columns: dict[str, Any]) -> None:
    _ADDING_OBSERVATION.change(session, columns)


def settle(
    session: Session, held: Held, state: CodingState, why: str, revision: int | None, *, by: int, now: datetime
) -> None:
    """Whoever has them from the mapper as well reads anew what has changed."""
    cell = held.cell
    cell.version += 1
    said = {"state": state, "settled_by": by, "settled_at": now, "settled_why": why, "changed_at": now}
    found = {**said, "cell_version": cell.version, "revision": revision}
    _RAISING.change(session, {"number": cell.id, "version": cell.version})
    _SETTLING.change(session, {"number": held.id, **found})
    for key, changed in ((identity_key(Cell, cell.id), ("version",)), (identity_key(Coding, held.id), _SETTLED)):
        if key in session.identity_map:
            session.expire(session.identity_map[key], changed)


def _with_all_that_waits_beside(_dialect: str) -> Select[*tuple[Any, ...]]:
    is_chosen = Coding.id.in_(bindparam("codings", expanding=True))
    waits = and_(Coding.act == CodingAct.ANSWER, Coding.state == CodingState.SUBMITTED)
    cells = select(Coding.cell_id).where(is_chosen).scalar_subquery()
    of_cell = [getattr(Cell, one.name) for one in fields(HeldCell)]
    query = select(*of_cell, *[getattr(Coding, name) for name in Held._fields[1:]]).join(Coding.cell)
    return query.where(Coding.cell_id.in_(cells), or_(is_chosen, waits)).order_by(Coding.started_at, Coding.id)


def _raising(_dialect: str) -> Update:
    return update(Cell).where(Cell.id == bindparam("number")).values(version=bindparam("version"))


def _settling(_dialect: str) -> Update:
    return update(Coding).where(Coding.id == bindparam("number")).values({name: bindparam(name) for name in _SETTLED})


def _newest_of_a_day(_dialect: str) -> Select[int, bool]:
    is_it = and_(
        Observation.iso3 == bindparam("iso3"),
        Observation.indicator_id == bindparam("indicator"),
        Observation.observed_on == bindparam("day", type_=Date()),
    )
    query = select(Observation.revision, Observation.withdrawn).where(is_it)
    return query.order_by(Observation.revision.desc()).limit(1)


_OF_BATCH = ("kind", "source_id", "catalogue_version", "recorded_by", "recorded_at", "accepted_by", "import_id")
_SETTLED = ("state", "settled_by", "settled_at", "settled_why", "changed_at", "cell_version", "revision")
_COLUMNS_OF_CELL = len(fields(HeldCell))
_WITH_ALL_THAT_WAITS_BESIDE = Prepared(_with_all_that_waits_beside)
_RAISING, _SETTLING = Prepared(_raising), Prepared(_settling)
_NEWEST_OF_A_DAY = Prepared(_newest_of_a_day)
_ADDING_BATCH = Prepared(lambda _dialect: insert(Batch).returning(Batch.id), columns=_OF_BATCH)
_ADDING_OBSERVATION = Prepared(lambda _dialect: insert(Observation), columns=Observation.__table__.columns.keys())
