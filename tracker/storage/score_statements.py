"""The statements that ask for scores and keep them, each made once: making one takes longer than asking it."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from tracker.storage.base import Instant
from tracker.storage.conclusions import ScoreHistory, ScoreNow
from tracker.storage.prepared import Prepared


@cache
def now_everywhere() -> Select[*tuple[Any, ...]]:
    query = select(*ScoreNow.__table__.columns).where(
        ScoreNow.method_version == bindparam("version"), ScoreNow.handling <= bindparam("clearance")
    )
    return query.order_by(ScoreNow.iso3, ScoreNow.handling)


@cache
def now_within() -> Select[*tuple[Any, ...]]:
    return now_everywhere().where(ScoreNow.iso3.in_(bindparam("scope", expanding=True)))


def _records_within(_dialect: str) -> Select[*tuple[Any, ...]]:
    return now_within().with_only_columns(ScoreNow.iso3, ScoreNow.record)


def _marks(_dialect: str) -> Select[*tuple[Any, ...]]:
    return select(ScoreNow.handling).where(
        ScoreNow.method_version == bindparam("version"), ScoreNow.iso3 == bindparam("iso3")
    )


def _views(_dialect: str) -> Select[*tuple[Any, ...]]:
    query = select(*ScoreNow.__table__.columns).where(
        ScoreNow.method_version == bindparam("version"), ScoreNow.iso3 == bindparam("iso3")
    )
    return query.order_by(ScoreNow.handling)


def _curve(_dialect: str) -> Select[*tuple[Any, ...]]:
    return _curve_within(_is_asked_for())


def _records_of_curve(dialect: str) -> Select[*tuple[Any, ...]]:
    return _curve(dialect).with_only_columns(ScoreHistory.day, ScoreHistory.record)


def _curve_as_known(_dialect: str) -> Select[*tuple[Any, ...]]:
    return _curve_within(and_(_is_asked_for(), ScoreHistory.known_at <= bindparam("known", type_=Instant())))


@cache
def curves() -> Select[*tuple[Any, ...]]:
    """Of each view, with the step that held; the lowest mark first."""
    rows, since, before = ScoreHistory, bindparam("since", type_=Date()), aliased(ScoreHistory)
    held = (
        select(func.max(before.day))
        .where(
            before.method_version == ScoreNow.method_version,
            before.iso3 == ScoreNow.iso3,
            before.handling == ScoreNow.handling,
            before.day <= since,
        )
        .correlate(ScoreNow)
        .scalar_subquery()
    )
    return (
        select(rows.handling, rows.day, rows.record, rows.known_at)
        .join(
            ScoreNow,
            and_(
                rows.method_version == ScoreNow.method_version,
                rows.iso3 == ScoreNow.iso3,
                rows.handling == ScoreNow.handling,
            ),
        )
        .where(
            ScoreNow.method_version == bindparam("version"),
            ScoreNow.iso3 == bindparam("iso3"),
            ScoreNow.handling <= bindparam("clearance"),
            rows.day >= func.coalesce(held, since),
        )
        .order_by(rows.handling, rows.day, rows.known_at)
    )


def _is_asked_for() -> ColumnElement[bool]:
    rows = ScoreHistory
    return and_(
        rows.method_version == bindparam("version"),
        rows.iso3 == bindparam("iso3"),
        rows.handling == bindparam("mark"),
    )


def _curve_within(within: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    rows, since, until = ScoreHistory, bindparam("since", type_=Date()), bindparam("until", type_=Date())
    held = select(func.max(rows.day)).where(within, rows.day <= since).scalar_subquery()
    is_asked = and_(within, rows.day >= func.coalesce(held, since), rows.day <= until)
    query = select(rows.day, rows.record, rows.known_at).where(is_asked)
    return query.order_by(rows.day, rows.known_at)


def _waiting(_dialect: str) -> Select[*tuple[Any, ...]]:
    return (
        select(ScoreNow.iso3, func.min(ScoreNow.changes_on))
        .where(
            ScoreNow.method_version == bindparam("version"),
            or_(ScoreNow.day < bindparam("today"), ScoreNow.trail.is_(None)),
        )
        .group_by(ScoreNow.iso3)
        .order_by(ScoreNow.iso3)
    )


def _waiting_within(dialect: str) -> Select[*tuple[Any, ...]]:
    return _waiting(dialect).where(ScoreNow.iso3.in_(bindparam("scope", expanding=True)))


def _keeping(dialect: str) -> Any:
    return _replacing(ScoreNow.__table__, dialect, ("day", "record", "draws", "changes_on", "trail"))


def _adding(dialect: str) -> Any:
    """Two acts of one moment: the later of them knew more."""
    return _replacing(ScoreHistory.__table__, dialect, ("record",))


def _replacing(table: Any, dialect: str, columns: Sequence[str]) -> Any:
    adding = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    keys = [column.name for column in table.primary_key]
    return adding.on_conflict_do_update(
        index_elements=keys, set_={column: adding.excluded[column] for column in columns}
    )


RECORDS_WITHIN, MARKS, VIEWS = Prepared(_records_within), Prepared(_marks), Prepared(_views)
CURVE, CURVE_AS_KNOWN = Prepared(_curve), Prepared(_curve_as_known)
RECORDS_OF_CURVE = Prepared(_records_of_curve)
WAITING, WAITING_WITHIN = Prepared(_waiting), Prepared(_waiting_within)
KEEPING = Prepared(_keeping, columns=ScoreNow.__table__.columns.keys())
ADDING = Prepared(_adding, columns=ScoreHistory.__table__.columns.keys())
