"""Who answers for what: the offices for everybody whose scope reaches them, the persons as far as a clearance does."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, case, or_, select

from tracker.handling import Mark
from tracker.storage import observations
from tracker.storage.base import Session
from tracker.storage.countries import Scope
from tracker.storage.responding import FocalPoint
from tracker.storage.watching import GroupMember


@dataclass(frozen=True)
class Who:
    # Empty: the office answers, whoever holds it.
    name: str
    contact: str
    # Where the appointment was made known; empty: nowhere that is known.
    link: str
    handling: Mark
    # None: they have no account.
    person_id: int | None


@dataclass(frozen=True)
class SeenFocalPoint:
    id: int
    # One of the two.
    iso3: str | None
    group_key: str | None
    office: str
    since: date
    # None: in office.
    until: date | None
    entered_at: datetime
    version: int
    # None: that is not for this reader.
    who: Who | None


def listed(session: Session, scope: Scope, clearance: Mark) -> list[SeenFocalPoint]:
    """Those in office, then those who left, the newest first."""
    in_order = FocalPoint.until.is_not(None), FocalPoint.since.desc(), FocalPoint.id.desc()
    return [_seen(row) for row in session.execute(_reached(scope, clearance).order_by(*in_order))]


def seen(session: Session, focal_point_id: int, scope: Scope, clearance: Mark) -> SeenFocalPoint | None:
    row = session.execute(_reached(scope, clearance).where(FocalPoint.id == focal_point_id)).one_or_none()
    return _seen(row) if row else None


def locked(session: Session, focal_point_id: int) -> FocalPoint | None:
    """As it is now, and nobody else's to change."""
    query = select(FocalPoint).where(FocalPoint.id == focal_point_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def alike(session: Session, iso3: str | None, group_key: str | None, office: str, since: date) -> list[FocalPoint]:
    """In office there, under that name of the office and since that day."""
    query = select(FocalPoint).where(
        FocalPoint.iso3.is_(None) if iso3 is None else FocalPoint.iso3 == iso3,
        FocalPoint.group_key.is_(None) if group_key is None else FocalPoint.group_key == group_key,
        FocalPoint.office == office,
        FocalPoint.since == since,
        FocalPoint.until.is_(None),
    )
    return list(session.scalars(query.order_by(FocalPoint.id)))


def countries_of_account(session: Session, person_id: int) -> set[str]:
    """For which a focal point in office has that account."""
    query = select(FocalPoint.iso3).where(
        FocalPoint.person_id == person_id, FocalPoint.until.is_(None), FocalPoint.iso3.is_not(None)
    )
    return {iso3 for iso3 in session.scalars(query) if iso3 is not None}


def said_in_month(session: Session, iso3: str, indicator_id: int, period: date, clearance: Mark) -> bool | None:
    """Whether there is one, by what was last observed in the month that ends on that day. None: nobody knows."""
    first, after = period.replace(day=1), period + timedelta(days=1)
    found = observations.answers(session, iso3, clearance, since=first, before=after, indicator_ids=[indicator_id])
    value = found[-1].value if found else None
    return None if value is None else bool(value)


def _reached(scope: Scope, clearance: Mark) -> Select[Any]:
    """An organisation's is seen by whoever sees one of its members."""
    query = _columns(clearance)
    if scope is None:
        return query
    groups = select(GroupMember.group_key).where(GroupMember.iso3.in_(scope))
    return query.where(or_(FocalPoint.iso3.in_(scope), FocalPoint.group_key.in_(groups)))


def _columns(clearance: Mark) -> Select[Any]:
    """What the reader may not see does not leave the database."""
    may_see = FocalPoint.handling <= clearance
    guarded = FocalPoint.name, FocalPoint.contact, FocalPoint.link, FocalPoint.handling, FocalPoint.person_id
    return select(
        *(FocalPoint.id, FocalPoint.iso3, FocalPoint.group_key, FocalPoint.office, FocalPoint.since, FocalPoint.until),
        *(FocalPoint.entered_at, FocalPoint.version),
        *(case((may_see, column)).label(column.key) for column in guarded),
    )


def _seen(row: Row[Any]) -> SeenFocalPoint:
    is_open = row.handling is not None
    return SeenFocalPoint(
        *(row.id, row.iso3, row.group_key, row.office, row.since, row.until, row.entered_at, row.version),
        who=Who(row.name, row.contact, row.link or "", Mark(row.handling), row.person_id) if is_open else None,
    )
