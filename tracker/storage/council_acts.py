"""What councils did about countries, as far as somebody's scope and clearance reach."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import or_, select

from tracker.handling import Mark
from tracker.storage.base import Session
from tracker.storage.countries import Scope
from tracker.storage.responding import CouncilAct


def of_country(session: Session, iso3: str, clearance: Mark, *, with_removed: bool = False) -> list[CouncilAct]:
    """The latest first."""
    query = select(CouncilAct).where(CouncilAct.iso3 == iso3, CouncilAct.handling <= clearance)
    if not with_removed:
        query = query.where(CouncilAct.removed_at.is_(None))
    return list(session.scalars(query.order_by(CouncilAct.day.desc(), CouncilAct.id.desc())))


def between(session: Session, iso3: str, clearance: Mark, since: date, until: date) -> list[CouncilAct]:
    """Both days included, the earliest first."""
    query = select(CouncilAct).where(
        CouncilAct.iso3 == iso3,
        CouncilAct.handling <= clearance,
        CouncilAct.removed_at.is_(None),
        CouncilAct.day.between(since, until),
    )
    return list(session.scalars(query.order_by(CouncilAct.day, CouncilAct.id)))


def known_then(
    session: Session,
    scope: Scope,
    clearance: Mark,
    since: date,
    until: date,
    *,
    known: datetime,
    iso3s: Collection[str] | None = None,
) -> list[CouncilAct]:
    """Those that had been entered and not yet removed, the latest first. `iso3s`: of these alone; None: of any."""
    query = select(CouncilAct).where(
        CouncilAct.handling <= clearance,
        CouncilAct.day.between(since, until),
        CouncilAct.entered_at <= known,
        or_(CouncilAct.removed_at.is_(None), CouncilAct.removed_at > known),
    )
    for narrowing in (scope, iso3s):
        if narrowing is not None:
            query = query.where(CouncilAct.iso3.in_(narrowing))
    return list(session.scalars(query.order_by(CouncilAct.day.desc(), CouncilAct.id.desc())))


def locked(session: Session, act_id: int) -> CouncilAct | None:
    """As it is now, and nobody else's to change."""
    query = select(CouncilAct).where(CouncilAct.id == act_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def same_as(session: Session, act: CouncilAct) -> CouncilAct | None:
    """What says the same of the same day; None: nothing does."""
    query = select(CouncilAct).where(
        CouncilAct.iso3 == act.iso3,
        CouncilAct.day == act.day,
        CouncilAct.kind == act.kind,
        CouncilAct.council == act.council,
        CouncilAct.words == act.words,
        CouncilAct.handling == act.handling,
        CouncilAct.removed_at.is_(None),
    )
    return session.scalar(query.order_by(CouncilAct.id).limit(1))
