"""What an accepted answer writes into the log of evidence, past the mapper: it is not looked at again."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Date, Select, Update, and_, bindparam, insert, select, update
from sqlalchemy.orm.attributes import set_committed_value

from tracker.coding import CodingState
from tracker.storage.base import Session
from tracker.storage.prepared import Prepared
from tracker.storage.recording import Batch, Cell, Coding, Observation


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
    session: Session, coding: Coding, state: CodingState, why: str, revision: int | None, *, by: int, now: datetime
) -> None:
    """The mapper is told what the rows are now, and has nothing to write."""
    version = coding.cell.version + 1
    said = {"state": state, "settled_by": by, "settled_at": now, "settled_why": why, "changed_at": now}
    found = {**said, "cell_version": version, "revision": revision}
    _RAISING.change(session, {"number": coding.cell_id, "version": version})
    _SETTLING.change(session, {"number": coding.id, **found})
    set_committed_value(coding.cell, "version", version)
    for name, value in found.items():
        set_committed_value(coding, name, value)


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
_RAISING, _SETTLING = Prepared(_raising), Prepared(_settling)
_NEWEST_OF_A_DAY = Prepared(_newest_of_a_day)
_ADDING_BATCH = Prepared(lambda _dialect: insert(Batch).returning(Batch.id), columns=_OF_BATCH)
_ADDING_OBSERVATION = Prepared(lambda _dialect: insert(Observation), columns=Observation.__table__.columns.keys())
