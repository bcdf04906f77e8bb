"""How flags stand, and what has happened to them since somebody last looked, as far as they may see it.

There may be a thousand open flags, and a page speaks of ten: so how they stand is read in few columns, and what was
said of them only for those that are told.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, or_, select

from tracker.flag import Change
from tracker.handling import Mark
from tracker.news import Turn, turn_between
from tracker.situation import Verdict
from tracker.storage.base import Session
from tracker.storage.conclusions import Flag, FlagEvent
from tracker.storage.countries import Scope
from tracker.storage.flags import state_at


class Event(NamedTuple):
    id: int
    handling: int
    kind: Change
    severity: int
    day: date
    at: datetime


@dataclass(frozen=True)
class StandingFlag:
    """A flag as somebody may see it, without what was said."""

    id: int
    iso3: str
    situation_id: int | None
    rule_key: str
    subject: str
    opened_at: datetime
    # None: nobody closed it.
    closed_at: datetime | None
    verdict: Verdict | None
    # All that they may see, the oldest first; never empty.
    events: tuple[Event, ...]
    # The one that says how it stands.
    said: Event

    @property
    def severity(self) -> int:
        """0: it is not open."""
        return 0 if self.closed_at is not None or self.said.kind is Change.CLEARED else self.said.severity

    def as_of(self, day: date, moment: datetime) -> "StandingFlag | None":
        """As it was to be seen then; None: it was not there yet."""
        events = tuple(event for event in self.events if event.at <= moment and event.day <= day)
        said = state_at(events, Mark.RED)
        if said is None:
            return None
        is_closed = self.closed_at is not None and self.closed_at <= moment and self.closed_at.date() <= day
        return replace(self, events=events, said=said, closed_at=self.closed_at if is_closed else None)


@dataclass(frozen=True)
class FlagNews:
    flag: StandingFlag
    turn: Turn
    # When it took that turn.
    at: datetime


def flags_since(session: Session, since: datetime, scope: Scope, clearance: Mark) -> list[StandingFlag]:
    """Those to which something happened since then."""
    return _seen(session, _has_happened(since, clearance), scope, clearance)


def open_flags(
    session: Session, besides: Collection[int], since: datetime | None, scope: Scope, clearance: Mark
) -> list[StandingFlag]:
    """Those that nobody has closed, those besides, and those to which something happened since then; None: not they."""
    wanted = or_(Flag.closed_at.is_(None), Flag.id.in_(besides))
    if since is not None:
        wanted = or_(wanted, _has_happened(since, clearance))
    return _seen(session, wanted, scope, clearance)


def with_events(session: Session, event_ids: Collection[int], clearance: Mark) -> list[StandingFlag]:
    """Those of which these are events, wherever they are."""
    return _seen(session, Flag.id.in_(select(FlagEvent.flag_id).where(FlagEvent.id.in_(event_ids))), None, clearance)


def explanations(session: Session, event_ids: Collection[int]) -> Mapping[int, Mapping[str, Any]]:
    """By event: what was said."""
    query = select(FlagEvent.id, FlagEvent.explanation).where(FlagEvent.id.in_(event_ids)).order_by(FlagEvent.id)
    return {row.id: row.explanation for row in session.execute(query)}


def news_in(found: Iterable[StandingFlag], since: datetime) -> list[FlagNews]:
    """The worst first, and of equals the newest."""
    told = []
    for flag in found:
        turn = turn_between(_severity_at(flag, since), flag.severity)
        if turn is not None:
            told.append(FlagNews(flag, turn, max(flag.said.at, flag.closed_at or flag.said.at)))
    return sorted(told, key=lambda news: (-news.flag.said.severity, -news.at.timestamp(), news.flag.id))


def _has_happened(since: datetime, clearance: Mark) -> ColumnElement[bool]:
    happened = select(FlagEvent.flag_id).where(FlagEvent.at > since, FlagEvent.handling <= clearance)
    return or_(Flag.id.in_(happened), Flag.closed_at > since)


def _seen(session: Session, wanted: ColumnElement[bool], scope: Scope, clearance: Mark) -> list[StandingFlag]:
    query = (
        select(
            *(Flag.id, Flag.iso3, Flag.situation_id, Flag.rule_key, Flag.subject),
            *(Flag.opened_at, Flag.closed_at, Flag.verdict, FlagEvent.id.label("event_id"), FlagEvent.handling),
            *(FlagEvent.kind, FlagEvent.severity, FlagEvent.day, FlagEvent.at),
        )
        .join(FlagEvent, FlagEvent.flag_id == Flag.id)
        .where(wanted, FlagEvent.handling <= clearance)
        .order_by(Flag.id, FlagEvent.at, FlagEvent.id)
    )
    if scope is not None:
        query = query.where(Flag.iso3.in_(scope))
    return _gathered(session.execute(query))


def _gathered(rows: Iterable[Any]) -> list[StandingFlag]:
    found: dict[int, tuple[Any, list[Event]]] = {}
    for row in rows:
        event = Event(row.event_id, row.handling, row.kind, row.severity, row.day, row.at)
        found.setdefault(row.id, (row, []))[1].append(event)
    return [
        StandingFlag(
            *(row.id, row.iso3, row.situation_id, row.rule_key, row.subject, row.opened_at, row.closed_at),
            *(row.verdict, tuple(events), said),
        )
        for row, events in found.values()
        if (said := state_at(events, Mark.RED)) is not None
    ]


def _severity_at(flag: StandingFlag, moment: datetime) -> int:
    then = flag.as_of(date.max, moment)
    return then.severity if then else 0
