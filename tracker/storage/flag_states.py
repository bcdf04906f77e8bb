"""What a country's flags have gone through, as far as it decides what they go through next."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    Update,
    and_,
    bindparam,
    case,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased

from tracker.flag import Change
from tracker.handling import Mark
from tracker.indicator import Cadence, Voice
from tracker.occasion import MAY_SET_OFF, next_day
from tracker.storage.base import Conflict, Instant, Session
from tracker.storage.conclusions import Flag, FlagEvent, Occasion, Standing
from tracker.storage.flags import state_at
from tracker.storage.observations import stands
from tracker.storage.occasions import days_left_out
from tracker.storage.prepared import Prepared
from tracker.storage.recording import Batch, Observation
from tracker.storage.watching import GroupMember, Indicator

# No indicator that our analysts code stays fresh for longer.
LONGEST_FRESH = timedelta(days=400)
# Two answers that lie further apart are of different periods: between them things may simply have changed.
WITHIN_DAYS = {Cadence.MONTHLY: 28, Cadence.QUARTERLY: 89, Cadence.YEARLY: 360, Cadence.ONCE: 360}


class Said(NamedTuple):
    """One event of a flag, as far as it decides what is said next."""

    id: int
    flag_id: int
    handling: int
    kind: Change
    severity: int
    day: date
    at: datetime
    rule_version: int | None
    # Why it cleared; None: it has not.
    why: str | None


@dataclass
class Raised:
    """A flag as far as rules move it, past the mapper: judging moves many at once."""

    id: int
    iso3: str
    rule_key: str
    subject: str
    opened_at: datetime
    closed_at: datetime | None
    raised_by: int | None
    situation_id: int | None
    version: int


@dataclass
class Remembered:
    """A flag with all that happened to it, the oldest first."""

    flag: Raised
    events: list[Said]
    # The one of the same rule and subject that was open before it; None: there was none, or so long ago that it is
    # forgotten.
    before: "Remembered | None" = None

    def said_at(self, mark: Mark) -> Said | None:
        return state_at(self.events, mark)


def of_country(session: Session, iso3: str, *, ended_since: datetime) -> dict[tuple[str, str], Remembered]:
    """By rule and subject: the flag that is open, or else the one that was opened last, and those before it."""
    flags, events = dict[int, Raised](), defaultdict[int, list[Said]](list)
    for row in _FLAGS_WITH_EVENTS.rows(session, {"iso3": iso3, "ended_since": ended_since}):
        said = Said._make(row[_COLUMNS_OF_FLAG:])
        if said.flag_id not in flags:
            flags[said.flag_id] = Raised(*row[:_COLUMNS_OF_FLAG])
        events[said.flag_id].append(said)
    found: dict[tuple[str, str], Remembered] = {}
    for flag in sorted(flags.values(), key=lambda one: (one.closed_at is None, one.opened_at, one.id)):
        key = (flag.rule_key, flag.subject)
        found[key] = Remembered(flag, events[flag.id], before=found.get(key))
    return found


def raised(session: Session, iso3: str, rule_key: str, subject: str, *, at: datetime) -> Raised:
    """A new flag of a rule."""
    is_it = {"iso3": iso3, "rule_key": rule_key, "subject": subject, "opened_at": at}
    [(number,)] = _RAISING.rows(session, {**is_it, "verdict_reason": "", "version": 1})
    return Raised(number, iso3, rule_key, subject, at, None, None, None, 1)


def keep(session: Session, flag: Raised) -> None:
    """Its situation, and that it is over, unless somebody changed it meanwhile."""
    found = {"situation": flag.situation_id, "closed": flag.closed_at, "number": flag.id, "had": flag.version}
    if not _KEEPING.change(session, found):
        raise Conflict(f"flag {flag.id} was changed by somebody else")
    flag.version += 1


def say(
    session: Session,
    flag_id: int,
    kind: Change,
    explanation: Mapping[str, Any],
    *,
    handling: Mark,
    severity: int,
    day: date,
    at: datetime,
    rule_version: int | None,
    method_version: int | None,
) -> Said:
    """It happens to a flag, for those who see evidence up to that mark."""
    said = {"flag_id": flag_id, "handling": int(handling), "kind": kind, "severity": severity, "day": day, "at": at}
    of_rule = {"rule_version": rule_version, "method_version": method_version}
    [(number,)] = _SAYING.rows(session, {**said, **of_rule, "explanation": explanation})
    why = explanation["sentence"] if kind is Change.CLEARED else None
    return Said(number, flag_id, int(handling), kind, severity, day, at, rule_version, why)


class Ahead(NamedTuple):
    """A day to come on which things may be set off."""

    id: int
    day: date
    handling: int


def occasions_ahead(session: Session, iso3: str, today: date) -> list[Ahead]:
    """The next day of each that concerns the country: its own, those of its groups, and those of the world."""
    coming = [
        (number, handling, next_day(day, every_months, until, today, days_left_out(left_out)))
        for number, day, every_months, until, left_out, handling in _OCCASIONS.rows(
            session, {"iso3": iso3, "today": today}
        )
    ]
    ahead = (Ahead(number, day, handling) for number, handling, day in coming if day is not None)
    return sorted(ahead, key=lambda one: (one.day, one.id))


def set_off_by(session: Session, occasion_ids: Collection[int]) -> list[str]:
    """The countries in which a flag of a rule is open about one of them."""
    subjects = [str(number) for number in occasion_ids]
    is_about_it = and_(Flag.subject.in_(subjects), Flag.closed_at.is_(None), Flag.raised_by.is_(None))
    return list(session.scalars(select(Flag.iso3).where(is_about_it).distinct().order_by(Flag.iso3)))


def marks_of(remembered: Mapping[tuple[str, str], Remembered]) -> set[Mark]:
    """Those that something was said at about a flag that is open."""
    open_ones = [past for past in remembered.values() if past.flag.closed_at is None]
    return {Mark(event.handling) for past in open_ones for event in past.events}


@dataclass(frozen=True)
class Pair:
    """Two fresh answers to the same question, from different sources."""

    indicator: str
    newer: float
    older: float
    newer_on: date
    older_on: date


def from_different_sources(session: Session, iso3: str, mark: Mark, *, today: date) -> list[Pair]:
    """The newest coded answer, and the newest of its period before it that rests on another source; both are fresh."""
    asked = {"iso3": iso3, "mark": int(mark), "oldest": today - LONGEST_FRESH}
    # of one indicator the newest comes last, and stays
    found = {row[0]: row for row in _PAIRS.rows(session, asked)}
    return [
        Pair(key, newer, older, newer_on, older_on)
        for key, fresh_for_days, newer_on, newer, older, older_on in found.values()
        if newer is not None and older is not None and (today - older_on).days <= fresh_for_days
    ]


def _is(observation: Any, standing: Any) -> Any:
    return and_(
        observation.observed_on == standing.observed_on,
        observation.iso3 == standing.iso3,
        observation.indicator_id == standing.indicator_id,
        observation.revision == standing.revision,
    )


def _flags_with_events(_dialect: str) -> Select[*tuple[Any, ...]]:
    event, ended_since = FlagEvent, bindparam("ended_since", type_=Instant())
    sentence = event.explanation["sentence"].as_string()
    columns = (event.id, event.flag_id, event.handling, event.kind, event.severity, event.day, event.at)
    why = case((event.kind == Change.CLEARED, sentence), else_=None)
    flag = (Flag.id, Flag.iso3, Flag.rule_key, Flag.subject, Flag.opened_at, Flag.closed_at, Flag.raised_by)
    query = select(*flag, Flag.situation_id, Flag.version, *columns, event.rule_version, why)
    query = query.join(event, event.flag_id == Flag.id)
    is_remembered = or_(Flag.closed_at.is_(None), Flag.closed_at >= ended_since)
    return query.where(Flag.iso3 == bindparam("iso3"), is_remembered).order_by(event.at, event.id)


def _occasions(_dialect: str) -> Select[*tuple[Any, ...]]:
    iso3, today = bindparam("iso3", type_=String()), bindparam("today", type_=Date())
    groups = select(GroupMember.group_key).where(GroupMember.iso3 == iso3)
    of_the_world = and_(Occasion.iso3.is_(None), Occasion.group_key.is_(None))
    concerns_it = or_(Occasion.iso3 == iso3, Occasion.group_key.in_(groups), of_the_world)
    is_ahead = or_(Occasion.day >= today, and_(Occasion.every_months.is_not(None), _comes_after(today)))
    columns = (Occasion.id, Occasion.day, Occasion.every_months, Occasion.until, Occasion.left_out, Occasion.handling)
    return select(*columns).where(concerns_it, is_ahead, Occasion.removed.is_(False), Occasion.kind.in_(MAY_SET_OFF))


def _comes_after(today: ColumnElement[date]) -> ColumnElement[bool]:
    return or_(Occasion.until.is_(None), Occasion.until >= today)


def _pairs(dialect: str) -> Select[*tuple[Any, ...]]:
    newer, older, batch = aliased(Observation), aliased(Observation), aliased(Batch)
    standing = (Indicator.key, Indicator.fresh_for_days, Standing.observed_on, Standing.value.label("newer"))
    query = select(*standing, older.value.label("older"), older.observed_on.label("before"))
    query = query.join(Indicator, Indicator.id == Standing.indicator_id)
    query = query.join(newer, _is(newer, Standing)).join(batch, batch.id == newer.batch_id)
    query = query.join(older, and_(_is_about_the_same(older), older.observed_on == _day_of_another(batch, dialect)))
    is_asked = and_(
        Standing.iso3 == bindparam("iso3"),
        Standing.handling <= bindparam("mark"),
        Standing.observed_on >= bindparam("oldest"),
        Indicator.voice == Voice.CODED,
        # seldom is there any, and then whose they are need not be looked up
        select(older.observed_on).where(_is_of_its_period(older, dialect)).correlate(Standing, Indicator).exists(),
    )
    return query.where(is_asked, stands(older)).order_by(Indicator.id, Standing.observed_on)


def _day_of_another(batch: Any, dialect: str) -> Any:
    """The newest day of the period before the standing answer on which another source than its own was heard."""
    older, other = aliased(Observation), aliased(Batch)
    source = select(other.source_id).where(other.id == older.batch_id).correlate(older).scalar_subquery()
    # in this order: whether it was revised is looked up far away
    is_it = and_(older.handling <= bindparam("mark"), source != batch.source_id, stands(older))
    days = select(older.observed_on).where(_is_of_its_period(older, dialect), is_it)
    newest_first = days.order_by(older.observed_on.desc()).limit(1)
    return newest_first.correlate(Standing, Indicator, batch).scalar_subquery()


def _is_of_its_period(older: Any, dialect: str) -> ColumnElement[bool]:
    is_before = and_(older.observed_on > _period_before(dialect), older.observed_on < Standing.observed_on)
    return and_(_is_about_the_same(older), is_before)


def _is_about_the_same(older: Any) -> ColumnElement[bool]:
    return and_(older.iso3 == Standing.iso3, older.indicator_id == Standing.indicator_id)


def _period_before(dialect: str) -> Any:
    """The last day that is of another period than what stands."""
    # written into the statement: handing so many constants over takes as long as the question itself
    said = "%d" if dialect == "postgresql" else "'-%d days'"
    days: Any = case(
        {literal_column(f"'{cadence}'"): literal_column(said % days) for cadence, days in WITHIN_DAYS.items()},
        value=Indicator.cadence,
    )
    if dialect == "postgresql":
        return Standing.observed_on - days
    return func.date(Standing.observed_on, days, type_=Date())


def _keeping(_dialect: str) -> Update:
    is_it = and_(Flag.id == bindparam("number"), Flag.version == bindparam("had"))
    situation, closed = bindparam("situation", type_=Integer()), bindparam("closed", type_=Instant())
    # worked out by the table, past the mapper, which would count the version up as well
    changed = {"situation_id": situation, "closed_at": closed, "version": Flag.version + 1}
    return update(Flag.__table__).where(is_it).values(changed)  # type: ignore[arg-type]


_COLUMNS_OF_FLAG = len(fields(Raised))
_OF_RAISED = ("iso3", "rule_key", "subject", "opened_at", "verdict_reason", "version")
_OF_EVENT = ("flag_id", "handling", "kind", "severity", "day", "at", "rule_version", "method_version", "explanation")
_SAYING = Prepared(lambda _dialect: insert(FlagEvent).returning(FlagEvent.id), columns=_OF_EVENT)
_RAISING = Prepared(lambda _dialect: insert(Flag).returning(Flag.id), columns=_OF_RAISED)
_KEEPING, _FLAGS_WITH_EVENTS = Prepared(_keeping), Prepared(_flags_with_events)
_OCCASIONS, _PAIRS = Prepared(_occasions), Prepared(_pairs)
