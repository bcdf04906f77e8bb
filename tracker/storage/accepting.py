"""What an accepted answer writes into the log of evidence, past the mapper: it is not looked at again."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Date, Select, and_, bindparam, insert, select

from tracker.storage.base import Session
from tracker.storage.prepared import Prepared
from tracker.storage.recording import Batch, Observation


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


def _newest_of_a_day(_dialect: str) -> Select[int, bool]:
    is_it = and_(
        Observation.iso3 == bindparam("iso3"),
        Observation.indicator_id == bindparam("indicator"),
        Observation.observed_on == bindparam("day", type_=Date()),
    )
    query = select(Observation.revision, Observation.withdrawn).where(is_it)
    return query.order_by(Observation.revision.desc()).limit(1)


_OF_BATCH = ("kind", "source_id", "catalogue_version", "recorded_by", "recorded_at", "accepted_by", "import_id")
_NEWEST_OF_A_DAY = Prepared(_newest_of_a_day)
_ADDING_BATCH = Prepared(lambda _dialect: insert(Batch).returning(Batch.id), columns=_OF_BATCH)
_ADDING_OBSERVATION = Prepared(lambda _dialect: insert(Observation), columns=Observation.__table__.columns.keys())
