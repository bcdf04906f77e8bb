"""What needs somebody in one country, now or as it stood at a past moment: its flags, its open situations.

Of a past moment the rows say nothing, for they change in place. What a situation was then is told by its timeline,
which only grows: who moved it, and to whom it was given.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Date, Select, String, and_, bindparam, cast, or_, select
from sqlalchemy.orm import aliased

from tracker.handling import Mark
from tracker.response import OPEN
from tracker.situation import SituationAct, SituationState, Verdict, due_on
from tracker.storage import responses
from tracker.storage.admitting import Person
from tracker.storage.base import Instant, Session
from tracker.storage.conclusions import Flag, FlagEvent, Situation, SituationEvent
from tracker.storage.flags import SeenFlag, state_at
from tracker.storage.responding import Response


@dataclass(frozen=True)
class FlagStood:
    """A flag as it stood at a moment, with what was to be seen of it."""

    one: SeenFlag
    is_open: bool
    # None: nobody had given one.
    verdict: Verdict | None


@dataclass(frozen=True)
class SituationStood:
    """A situation that was open at a moment."""

    situation: Situation
    state: SituationState
    since: datetime
    due_on: date | None
    # None: nobody was in charge.
    owner_id: int | None
    # What may be read of its timeline, the oldest first.
    events: Sequence[SituationEvent]
    # What is being done about it today, by the day on which the next step is due.
    measures: Sequence[Response] = ()


@dataclass(frozen=True)
class Situations:
    open: Sequence[SituationStood]
    # By number: everybody whom they mention.
    people: dict[int, str]


def flags_of(
    session: Session, iso3: str, clearance: Mark, *, ended_since: datetime, day: date, known: datetime
) -> list[FlagStood]:
    """Those that were open then, and those that had ended no longer ago than that; in the order of their numbers."""
    asked = {"iso3": iso3, "clearance": int(clearance), "ended_since": ended_since, "day": day, "known": known}
    flags: dict[int, Flag] = {}
    events: dict[int, list[FlagEvent]] = defaultdict(list)
    for flag, event in session.execute(_flags(), asked):
        flags[flag.id] = flag
        events[flag.id].append(event)
    return [_flag_stood(flag, events[flag.id], clearance, known) for flag in flags.values()]


def situations_of(session: Session, iso3: str, clearance: Mark, *, known: datetime, is_now: bool) -> Situations:
    """Those that were open then, the newest first."""
    asked = {"iso3": iso3, "clearance": int(clearance), "known": known}
    found: dict[int, tuple[Situation, list[SituationEvent]]] = {}
    people: dict[int, str] = {}
    measures: dict[int, dict[int, Response]] = defaultdict(dict)
    for row in session.execute(_situations(), asked):
        situation, event = row.Situation, row.SituationEvent
        named = (
            (situation.owner_id, row.owner),
            (event.by_id if event else None, row.author),
            (row.given_id, row.given),
        )
        people |= {number: name for number, name in named if number is not None and name is not None}
        events = found.setdefault(situation.id, (situation, []))[1]
        if row.Response is not None:
            measures[situation.id][row.Response.id] = row.Response
        if event is not None and (not events or events[-1] is not event):
            events.append(event)
    stood = [
        _stood(situation, events, responses.in_order(list(measures[situation.id].values())), clearance, is_now)
        for situation, events in found.values()
    ]
    return Situations([one for one in stood if one is not None], people)


def _flag_stood(flag: Flag, events: list[FlagEvent], clearance: Mark, known: datetime) -> FlagStood:
    said = state_at(events, clearance)
    assert said is not None, "a flag without a visible event is not read"
    one = SeenFlag(flag, events, said)
    was_open = flag.closed_at is None or flag.closed_at > known
    has_verdict = flag.verdict_at is not None and flag.verdict_at <= known
    return FlagStood(one, was_open and not one.is_cleared, flag.verdict if has_verdict else None)


def _stood(
    situation: Situation, events: list[SituationEvent], measures: list[Response], clearance: Mark, is_now: bool
) -> SituationStood | None:
    """None: at that moment nobody who may see no more than this knew of it."""
    readable = [event for event in events if event.handling <= clearance]
    if is_now:
        return SituationStood(
            *(
                situation,
                situation.state,
                situation.state_since,
                situation.due_on,
                situation.owner_id,
                readable,
                measures,
            )
        )
    if not readable:
        return None
    state, since = SituationState.NEW, readable[0].at
    for event in events:
        if event.act is SituationAct.MOVED:
            state, since = SituationState(event.details["after"]), event.at
    given = [event.details["after"] for event in events if event.act is SituationAct.ASSIGNED]
    return SituationStood(situation, state, since, due_on(state, since.date()), given[-1] if given else None, readable)


@cache
def _flags() -> Select[Flag, FlagEvent]:
    ended_since = bindparam("ended_since", type_=Instant())
    seen = and_(
        FlagEvent.handling <= bindparam("clearance"),
        FlagEvent.at <= _known(),
        FlagEvent.day <= bindparam("day", type_=Date()),
    )
    return (
        select(Flag, FlagEvent)
        .join(FlagEvent, FlagEvent.flag_id == Flag.id)
        .where(Flag.iso3 == bindparam("iso3"), or_(Flag.closed_at.is_(None), Flag.closed_at > ended_since), seen)
        .order_by(Flag.id, FlagEvent.at, FlagEvent.id)
    )


@cache
def _situations() -> Select[*tuple[Any, ...]]:
    author, given, owner = aliased(Person), aliased(Person), aliased(Person)
    is_given = and_(
        SituationEvent.act == SituationAct.ASSIGNED,
        cast(given.id, String) == SituationEvent.details["after"].as_string(),
    )
    # beside the one event that each situation has, so that nothing is read twice
    is_done_about_it = and_(
        Response.situation_id == Situation.id,
        SituationEvent.act == SituationAct.OPENED,
        Response.state.in_(OPEN),
        Response.handling <= bindparam("clearance"),
    )
    was_open = or_(Situation.closed_at.is_(None), Situation.closed_at > _known())
    return (
        select(
            *(Situation, SituationEvent, author.name.label("author"), given.id.label("given_id")),
            *(given.name.label("given"), owner.name.label("owner"), Response),
        )
        .outerjoin(SituationEvent, and_(SituationEvent.situation_id == Situation.id, SituationEvent.at <= _known()))
        .outerjoin(author, author.id == SituationEvent.by_id)
        .outerjoin(given, is_given)
        .outerjoin(owner, owner.id == Situation.owner_id)
        .outerjoin(Response, is_done_about_it)
        .where(Situation.iso3 == bindparam("iso3"), Situation.handling <= bindparam("clearance"), was_open)
        .where(Situation.opened_at <= _known())
        .order_by(Situation.opened_at.desc(), Situation.id.desc(), SituationEvent.at, SituationEvent.id, Response.id)
    )


def _known() -> Any:
    return bindparam("known", type_=Instant())
