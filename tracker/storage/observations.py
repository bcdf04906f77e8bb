"""The log of evidence: append, and read what stands.

Of the revisions of one observation the newest counts, and its own handling mark decides who sees it: an older, milder
marked revision never shows through. A withdrawn observation is as if it had never been made; one that says "don't
know" is no value, and says so of everything before it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, false, func, insert, select
from sqlalchemy.orm import aliased

from tracker.handling import Mark
from tracker.storage.base import Session
from tracker.storage.countries import Scope
from tracker.storage.recording import Batch, Cell, Coding, Observation
from tracker.storage.watching import Indicator, Source

ROWS_AT_ONCE = 5000


@dataclass(frozen=True)
class Seen:
    """One observation as a reader may see it."""

    iso3: str
    indicator_id: int
    observed_on: date
    revision: int
    value: float
    standard_error: float | None
    handling: Mark
    recorded_at: datetime
    # The Admiralty grade, such as B2: its own, or else its source's.
    grade: str
    # None: not for attribution.
    source: str | None


def append(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Rows as dictionaries by column name; all of one call have the same columns."""
    for start in range(0, len(rows), ROWS_AT_ONCE):
        session.execute(insert(Observation), list(rows[start : start + ROWS_AT_ONCE]))


def newest_revisions(
    session: Session, indicator_ids: Collection[int]
) -> dict[tuple[date, str, int], tuple[int, float | None, float | None]]:
    """By day, country and indicator: the newest revision, its value and its standard error.

    No value: it was withdrawn, or is "don't know".
    """
    query = select(
        Observation.observed_on,
        Observation.iso3,
        Observation.indicator_id,
        Observation.revision,
        Observation.value,
        Observation.standard_error,
        Observation.withdrawn,
    ).where(~_superseded(), Observation.indicator_id.in_(indicator_ids))
    return {
        (row.observed_on, row.iso3, row.indicator_id): (
            row.revision,
            None if row.withdrawn else row.value,
            None if row.withdrawn else row.standard_error,
        )
        for row in session.execute(query)
    }


def of_country(session: Session, iso3: str, clearance: Mark, *, on: date) -> list[Seen]:
    """What stands for one country on that day, by indicator, oldest first."""
    query = _standing(clearance).where(Observation.iso3 == iso3, Observation.observed_on <= on)
    return _seen(session, query)


@dataclass(frozen=True)
class Answered:
    """One standing answer of a country's record, "don't know" included."""

    indicator_id: int
    observed_on: date
    revision: int
    value: float | None
    unknown: bool
    handling: Mark
    # None: not for attribution.
    source: str | None


def answers(
    session: Session,
    iso3: str,
    clearance: Mark,
    *,
    since: date,
    before: date,
    indicator_ids: Collection[int] | None = None,
) -> list[Answered]:
    """What stands for a country from a day on and before another, by indicator, oldest first."""
    # each indicator is named: otherwise all that was ever said of the country would be gone through
    query = _answers(clearance).where(
        Observation.iso3 == iso3,
        Observation.indicator_id.in_(select(Indicator.id) if indicator_ids is None else indicator_ids),
        Observation.observed_on >= since,
        Observation.observed_on < before,
    )
    return [_answered(row) for row in session.execute(query)]


def answers_before(session: Session, coding_ids: Collection[int], clearance: Mark) -> dict[int, Answered]:
    """By coding: the last answer that stands to its question, of a day before its own."""
    day = last_day_before(Coding.observed_on, Cell.iso3, Cell.indicator_id, clearance)
    days = select(Coding.id, Cell.iso3, Cell.indicator_id, day.label("day")).join(Cell, Cell.id == Coding.cell_id)
    # worked out first: otherwise SQLite asks it again for every row that it is compared with
    asked = days.where(Coding.id.in_(coding_ids)).cte("asked").prefix_with("MATERIALIZED")
    is_it = and_(
        Observation.iso3 == asked.c.iso3,
        Observation.indicator_id == asked.c.indicator_id,
        Observation.observed_on == asked.c.day,
    )
    query = _answers(clearance).add_columns(asked.c.id.label("coding_id")).join(asked, is_it)
    return {row.coding_id: _answered(row) for row in session.execute(query)}


def last_day_before(day: Any, iso3: Any, indicator_id: Any, clearance: Any) -> Any:
    """On which something was observed that stands, and may be seen: found from the end of the series by its index."""
    one = aliased(Observation)
    days = select(one.observed_on).where(
        one.iso3 == iso3,
        one.indicator_id == indicator_id,
        one.observed_on < day,
        one.handling <= clearance,
        stands(one),
    )
    return days.order_by(one.observed_on.desc()).limit(1).scalar_subquery()


def _answers(clearance: Mark) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Observation.iso3,
            Observation.indicator_id,
            Observation.observed_on,
            Observation.revision,
            Observation.value,
            Observation.unknown,
            Observation.handling,
            Observation.attributable,
            Source.name.label("source"),
        )
        .join(Batch, Batch.id == Observation.batch_id)
        .join(Source, Source.id == Batch.source_id)
        .where(stands(), Observation.handling <= clearance)
        .order_by(Observation.iso3, Observation.indicator_id, Observation.observed_on)
    )


def _answered(row: Row[*tuple[Any, ...]]) -> Answered:
    return Answered(
        row.indicator_id,
        row.observed_on,
        row.revision,
        row.value,
        row.unknown,
        Mark(row.handling),
        row.source if row.attributable else None,
    )


def file_is_known(session: Session, fingerprint: str) -> bool:
    query = select(func.count(Batch.id)).where(Batch.file_fingerprint == fingerprint)
    return bool(session.scalar(query))


def how_many(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Observation)) or 0


def how_many_of(session: Session, iso3s: Collection[str]) -> dict[str, int]:
    """By country, each of its revisions counted: as none is ever removed, as many means that nothing was added."""
    query = select(Observation.iso3, func.count()).where(Observation.iso3.in_(iso3s)).group_by(Observation.iso3)
    return dict.fromkeys(iso3s, 0) | {row[0]: row[1] for row in session.execute(query)}


def recorded_since(session: Session, since: datetime, scope: Scope, clearance: Mark, *, most: int) -> tuple[int, Mark]:
    """How many of those that stand, and the highest mark of them. After so many nobody counts on."""
    query = select(Observation.handling).join(Batch, Batch.id == Observation.batch_id)
    query = query.where(Batch.recorded_at > since, Observation.handling <= clearance, stands())
    if scope is not None:
        query = query.where(Observation.iso3.in_(scope))
    counted = query.limit(most).subquery()
    row = session.execute(select(func.count(), func.max(counted.c.handling))).one()
    return row[0], Mark(row[1] or 0)


def _standing(clearance: Mark = Mark.RED) -> Select[*tuple[Any, ...]]:
    """The newest revision of each observation, with its source's name if it may be told."""
    return (
        select(
            Observation.iso3,
            Observation.indicator_id,
            Observation.observed_on,
            Observation.revision,
            Observation.value,
            Observation.standard_error,
            Observation.handling,
            Observation.attributable,
            Batch.recorded_at,
            func.coalesce(Observation.reliability, Source.reliability).label("reliability"),
            func.coalesce(Observation.credibility, Source.credibility).label("credibility"),
            Source.name.label("source"),
        )
        .join(Batch, Batch.id == Observation.batch_id)
        .join(Source, Source.id == Batch.source_id)
        .where(stands(), Observation.unknown == false(), Observation.handling <= clearance)
        .order_by(Observation.indicator_id, Observation.iso3, Observation.observed_on)
    )


def stands(observation: Any = Observation) -> ColumnElement[bool]:
    """`observation`: the table, or another look at it."""
    return and_(is_newest(observation), observation.withdrawn == false())


def is_newest(observation: Any = Observation) -> ColumnElement[bool]:
    """No later revision; it may be one that withdraws."""
    return ~_superseded(observation)


def _superseded(observation: Any = Observation) -> ColumnElement[bool]:
    newer = aliased(Observation)
    return exists().where(is_of_one_observation(newer, observation), newer.revision > observation.revision)


def is_of_one_observation(one: Any, other: Any) -> ColumnElement[bool]:
    return and_(one.observed_on == other.observed_on, one.iso3 == other.iso3, one.indicator_id == other.indicator_id)


def _seen(session: Session, query: Select[*tuple[Any, ...]]) -> list[Seen]:
    return [
        Seen(
            iso3=row.iso3,
            indicator_id=row.indicator_id,
            observed_on=row.observed_on,
            revision=row.revision,
            value=row.value,
            standard_error=row.standard_error,
            handling=Mark(row.handling),
            recorded_at=row.recorded_at,
            grade=f"{row.reliability}{row.credibility}",
            source=row.source if row.attributable else None,
        )
        for row in session.execute(query)
    ]
