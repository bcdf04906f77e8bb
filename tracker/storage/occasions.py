"""Days to come, as far as somebody's scope and clearance reach."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select

from tracker.handling import Mark
from tracker.storage.base import Session
from tracker.storage.conclusions import Occasion
from tracker.storage.countries import Scope


def coming(
    session: Session, iso3s: Collection[str] | None, since: date, until: date, *, clearance: Mark = Mark.RED
) -> list[Occasion]:
    """Those from one day to the other, both included, the nearest first. None: in whichever country."""
    query = select(Occasion).where(
        Occasion.day.between(since, until), Occasion.handling <= clearance, Occasion.removed.is_(False)
    )
    if iso3s is not None:
        query = query.where(Occasion.iso3.in_(iso3s))
    return list(session.scalars(query.order_by(Occasion.day, Occasion.iso3, Occasion.id)))


def known_then(
    session: Session, scope: Scope, since: date, until: date, *, clearance: Mark, known: datetime
) -> list[Occasion]:
    """Those that had been entered, the nearest first; called off ones too, for when that was done is not kept."""
    query = select(Occasion).where(
        Occasion.day.between(since, until), Occasion.handling <= clearance, Occasion.entered_at <= known
    )
    if scope is not None:
        query = query.where(Occasion.iso3.in_(scope))
    return list(session.scalars(query.order_by(Occasion.day, Occasion.iso3, Occasion.id)))


def ever(session: Session, iso3s: Collection[str], clearance: Mark) -> list[Occasion]:
    """Over and called off ones too: what was said of them stays readable."""
    query = select(Occasion).where(Occasion.iso3.in_(iso3s), Occasion.handling <= clearance)
    return list(session.scalars(query.order_by(Occasion.day, Occasion.id)))


def locked(session: Session, occasion_id: int) -> Occasion | None:
    """As it is now, and nobody else's to change."""
    query = select(Occasion).where(Occasion.id == occasion_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))
