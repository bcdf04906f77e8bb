"""What a country's flags have gone through, as far as it decides what they go through next."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import aliased

from tracker.country import GroupKind
from tracker.handling import Mark
from tracker.indicator import Cadence, Voice
from tracker.storage.base import Instant, Session
from tracker.storage.conclusions import Flag, FlagEvent, Standing
from tracker.storage.flags import state_at
from tracker.storage.models import Batch, Group, GroupMember, Indicator, Observation
from tracker.storage.observations import stands

# No indicator that our analysts code stays fresh for longer.
LONGEST_FRESH = timedelta(days=400)
# Two answers that lie further apart are of different periods: between them things may simply have changed.
WITHIN_DAYS = {Cadence.MONTHLY: 28, Cadence.QUARTERLY: 89, Cadence.YEARLY: 360, Cadence.ONCE: 360}


@dataclass
class Remembered:
    """A flag with all that happened to it, the oldest first."""

    flag: Flag
    events: list[FlagEvent]
    # The one of the same rule and subject that was open before it; None: there was none, or so long ago that it is
    # forgotten.
    before: "Remembered | None" = None

    def said_at(self, mark: Mark) -> FlagEvent | None:
        return state_at(self.events, mark)


def of_country(session: Session, iso3: str, *, ended_since: datetime) -> dict[tuple[str, str], Remembered]:
    """By rule and subject: the flag that is open, or else the one that was opened last, and those before it."""
    asked = {"iso3": iso3, "ended_since": ended_since}
    flags = list(session.scalars(_flags(), asked))
    events: dict[int, list[FlagEvent]] = defaultdict(list)
    for event in session.scalars(_events(), asked) if flags else ():
        events[event.flag_id].append(event)
    found: dict[tuple[str, str], Remembered] = {}
    for flag in sorted(flags, key=lambda one: (one.closed_at is None, one.opened_at, one.id)):
        key = (flag.rule_key, flag.subject)
        found[key] = Remembered(flag, events[flag.id], before=found.get(key))
    return found


def marks_of(remembered: Mapping[tuple[str, str], Remembered]) -> set[Mark]:
    """Those that something was said at about a flag that is open."""
    open_ones = [past for past in remembered.values() if past.flag.closed_at is None]
    return {Mark(event.handling) for past in open_ones for event in past.events}


def region_of(session: Session, iso3: str) -> tuple[str, list[str]]:
    """The subregion of a country and everybody in it; empty: the United Nations give it none."""
    members = session.connection().execute(_region(), {"iso3": iso3}).all()
    return (members[0].group_key, [row.iso3 for row in members]) if members else ("", [iso3])


@dataclass(frozen=True)
class Pair:
    """Two fresh answers to the same question, from different sources."""

    indicator: str
    newer: float
    older: float


def from_different_sources(session: Session, iso3: str, mark: Mark, *, today: date) -> list[Pair]:
    """The newest coded answer, and the newest of its period before it that rests on another source; both are fresh."""
    asked = {"iso3": iso3, "mark": int(mark), "oldest": today - LONGEST_FRESH}
    rows = session.connection().execute(_pairs(), asked)
    found = {row.key: row for row in rows}
    return [
        Pair(row.key, row.newer, row.older)
        for row in found.values()
        if row.newer is not None
        and row.older is not None
        and (today - row.before).days <= row.fresh_for_days
        and (row.observed_on - row.before).days < WITHIN_DAYS[row.cadence]
    ]


def _is(observation: Any, standing: Any) -> Any:
    return and_(
        observation.observed_on == standing.observed_on,
        observation.iso3 == standing.iso3,
        observation.indicator_id == standing.indicator_id,
        observation.revision == standing.revision,
    )


@cache
def _flags() -> Select[Flag]:
    return select(Flag).where(_is_remembered()).order_by(Flag.opened_at, Flag.id)


@cache
def _events() -> Select[FlagEvent]:
    query = select(FlagEvent).join(Flag, Flag.id == FlagEvent.flag_id).where(_is_remembered())
    return query.order_by(FlagEvent.at, FlagEvent.id)


def _is_remembered() -> ColumnElement[bool]:
    ended_since = bindparam("ended_since", type_=Instant())
    return and_(Flag.iso3 == bindparam("iso3"), or_(Flag.closed_at.is_(None), Flag.closed_at >= ended_since))


@cache
def _region() -> Select[*tuple[Any, ...]]:
    own = aliased(GroupMember)
    return (
        select(GroupMember.group_key, GroupMember.iso3)
        .join(own, own.group_key == GroupMember.group_key)
        .join(Group, Group.key == GroupMember.group_key)
        .where(own.iso3 == bindparam("iso3"), Group.kind == GroupKind.UN_SUBREGION)
        .order_by(GroupMember.iso3)
    )


@cache
def _pairs() -> Select[*tuple[Any, ...]]:
    newer, batch, other = aliased(Observation), aliased(Batch), aliased(Batch)
    older = aliased(Observation)
    day = (
        select(older.observed_on)
        .join(other, other.id == older.batch_id)
        .where(
            older.iso3 == Standing.iso3,
            older.indicator_id == Standing.indicator_id,
            older.observed_on.between(bindparam("oldest"), Standing.observed_on),
            older.observed_on != Standing.observed_on,
            older.handling <= bindparam("mark"),
            other.source_id != batch.source_id,
            stands(older),
        )
        .order_by(older.observed_on.desc())
        .limit(1)
        .correlate(Standing, batch)
        .scalar_subquery()
    )
    return (
        select(
            Indicator.key,
            Indicator.fresh_for_days,
            Indicator.cadence,
            Standing.value.label("newer"),
            Standing.observed_on,
            older.value.label("older"),
            older.observed_on.label("before"),
        )
        .join(Indicator, Indicator.id == Standing.indicator_id)
        .join(newer, _is(newer, Standing))
        .join(batch, batch.id == newer.batch_id)
        .join(
            older,
            and_(older.observed_on == day, older.iso3 == Standing.iso3, older.indicator_id == Standing.indicator_id),
        )
        .where(
            Standing.iso3 == bindparam("iso3"),
            Standing.handling <= bindparam("mark"),
            Indicator.voice == Voice.CODED,
            stands(older),
        )
        .order_by(Indicator.id, Standing.observed_on)
    )
