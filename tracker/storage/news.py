"""What has happened since somebody last looked, as far as they may see it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from tracker.flag import Change
from tracker.handling import Mark
from tracker.news import Turn, turn_between
from tracker.storage import flags
from tracker.storage.base import Session
from tracker.storage.conclusions import Flag, FlagEvent
from tracker.storage.countries import Scope
from tracker.storage.flags import SeenFlag, state_at


@dataclass(frozen=True)
class FlagNews:
    seen: SeenFlag
    turn: Turn
    # When it took that turn.
    at: datetime


def flags_of(
    session: Session, situation_ids: Collection[int], since: datetime | None, scope: Scope, clearance: Mark
) -> list[SeenFlag]:
    """Those of the situations, and those to which something happened since then; None: of the situations alone."""
    wanted: ColumnElement[bool] = Flag.situation_id.in_(situation_ids)
    if since is not None:
        happened = select(FlagEvent.flag_id).where(FlagEvent.at > since, FlagEvent.handling <= clearance)
        wanted = or_(wanted, Flag.id.in_(happened), Flag.closed_at > since)
    query = select(Flag).where(wanted).order_by(Flag.id)
    if scope is not None:
        query = query.where(Flag.iso3.in_(scope))
    return flags.as_seen(session, list(session.scalars(query)), clearance)


def news_in(found: Collection[SeenFlag], since: datetime) -> list[FlagNews]:
    """The worst first, and of equals the newest."""
    told = []
    for one in found:
        turn = turn_between(_severity_at(one, since), one.severity if one.is_open else 0)
        if turn is not None:
            told.append(FlagNews(one, turn, max(one.said.at, one.flag.closed_at or one.said.at)))
    return sorted(told, key=lambda news: (-news.seen.severity, -news.at.timestamp(), news.seen.flag.id))


def _severity_at(one: SeenFlag, moment: datetime) -> int:
    """0: it was not open then."""
    if one.flag.closed_at is not None and one.flag.closed_at <= moment:
        return 0
    said = state_of([event for event in one.events if event.at <= moment])
    return 0 if said is None or said.kind is Change.CLEARED else said.severity


def state_of(events: Collection[FlagEvent]) -> FlagEvent | None:
    """How a flag stands by events that a reader may see; None: for them there is none."""
    return state_at(events, Mark.RED)
