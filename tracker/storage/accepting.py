"""What an accepted answer writes into the log of evidence, past the mapper: it is written once and not looked at again.

The statements are made once: making one takes longer than asking it.
"""

from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Date, Insert, Select, and_, bindparam, insert, select
from sqlalchemy.sql.dml import ReturningInsert

from tracker.storage.base import Session
from tracker.storage.recording import Batch, Observation


class Before(NamedTuple):
    """The newest revision of an observation, whatever its mark."""

    revision: int
    withdrawn: bool


def said_before(session: Session, iso3: str, indicator_id: int, observed_on: date) -> Before | None:
    """None: nothing was ever said of that day."""
    asked = {"iso3": iso3, "indicator": indicator_id, "day": observed_on}
    row = session.connection().execute(_newest_of_a_day(), asked).first()
    return None if row is None else Before._make(row)


def add_batch(session: Session, columns: dict[str, Any]) -> int:
    """Its number."""
    number = session.connection().scalar(_adding_batch(), columns)
    assert number is not None, "what was written has a number"
    return number


def add_observation(session: Session, columns: dict[str, Any]) -> None:
    session.connection().execute(_adding_observation(), columns)


@cache
def _newest_of_a_day() -> Select[int, bool]:
    is_it = and_(
        Observation.iso3 == bindparam("iso3"),
        Observation.indicator_id == bindparam("indicator"),
        Observation.observed_on == bindparam("day", type_=Date()),
    )
    query = select(Observation.revision, Observation.withdrawn).where(is_it)
    return query.order_by(Observation.revision.desc()).limit(1)


@cache
def _adding_batch() -> ReturningInsert[int]:
    return insert(Batch).returning(Batch.id)


@cache
def _adding_observation() -> Insert:
    return insert(Observation)
