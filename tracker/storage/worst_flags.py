"""The flags of situations in short: which open one is the worst, and how many are open.

There may be a thousand open flags, and a page speaks of one for each situation: so they are counted where they lie.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, Select, bindparam, case, func, or_, select
from sqlalchemy.orm import aliased

from tracker.flag import Change
from tracker.handling import Mark
from tracker.method import ROOT
from tracker.moment import Moment
from tracker.storage.base import Instant, Session
from tracker.storage.conclusions import Flag, FlagEvent
from tracker.storage.countries import Scope


class Said(NamedTuple):
    """The event that says how a flag stands."""

    id: int
    day: date


class WorstFlag(NamedTuple):
    """Of a situation, among the flags that are open for somebody: the most severe, of equals one about the risk as a
    whole, and of those the newest."""

    id: int
    iso3: str
    situation_id: int
    rule_key: str
    subject: str
    severity: int
    said: Said
    # How many are open there, and how many of them have a verdict today.
    open: int
    judged: int


def worst_flags(
    session: Session, situation_ids: Collection[int], moment: Moment, scope: Scope, clearance: Mark
) -> dict[int, WorstFlag]:
    """By situation, as flags stood at that moment; of one without an open flag there is none."""
    day_after = datetime.combine(moment.day, time(), UTC) + timedelta(days=1)
    asked = {"clearance": int(clearance), "day": moment.day, "known": moment.known_at, "day_after": day_after}
    asked |= {"situations": list(situation_ids), "scope": sorted(scope or ())}
    rows = session.connection().execute(_worst(moment.is_now, scope is not None), asked)
    return {
        situation_id: WorstFlag(number, iso3, situation_id, rule, subject, severity, Said(event_id, day), many, judged)
        for number, iso3, situation_id, rule, subject, severity, event_id, day, many, judged, _place in rows
    }


@cache
def _worst(is_now: bool, is_scoped: bool) -> Select[*tuple[Any, ...]]:
    together = Flag.situation_id
    flags = (
        select(
            *(Flag.id, Flag.iso3, Flag.situation_id, Flag.rule_key, Flag.subject, FlagEvent.severity),
            *(FlagEvent.id.label("event_id"), FlagEvent.day),
            func.count().over(partition_by=together).label("open"),
            func.count(Flag.verdict).over(partition_by=together).label("judged"),
            func.row_number().over(partition_by=together, order_by=_worst_first()).label("place"),
        )
        .join(FlagEvent, FlagEvent.id == _says_how_it_stands(is_now))
        .where(Flag.situation_id.in_(bindparam("situations", expanding=True)))
        .where(FlagEvent.kind != Change.CLEARED, _is_open(is_now))
    )
    if is_scoped:
        flags = flags.where(Flag.iso3.in_(bindparam("scope", expanding=True)))
    found = flags.subquery()
    return select(found).where(found.c.place == 1)


def _worst_first() -> tuple[Any, ...]:
    return FlagEvent.severity.desc(), case((Flag.subject == ROOT, 0), else_=1), Flag.opened_at.desc(), Flag.id


def _says_how_it_stands(is_now: bool) -> Any:
    """What `flags.state_at` finds. None: nothing that may be seen was said."""
    one = aliased(FlagEvent)
    said = select(one.id).where(one.flag_id == Flag.id, one.handling <= bindparam("clearance"))
    if not is_now:
        said = said.where(one.at <= _known(), one.day <= bindparam("day", type_=Date()))
    return said.order_by(one.handling.desc(), one.at.desc(), one.id.desc()).limit(1).scalar_subquery()


def _is_open(is_now: bool) -> ColumnElement[bool]:
    was_closed_later = or_(Flag.closed_at > _known(), Flag.closed_at >= bindparam("day_after", type_=Instant()))
    return Flag.closed_at.is_(None) if is_now else or_(Flag.closed_at.is_(None), was_closed_later)


def _known() -> Any:
    return bindparam("known", type_=Instant())
