"""What became of warnings, and when: flags with their verdicts, situations with their measures, as far as somebody's
scope and clearance reach, and as it was on a day.

Two questions for the flags of all countries, and one for their situations: no more, however many there are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, or_, select, true

from tracker.flag import Change
from tracker.handling import Mark
from tracker.response_time import Step, Wait
from tracker.situation import SituationAct, Verdict
from tracker.storage.base import Session
from tracker.storage.conclusions import Flag, FlagEvent, Situation, SituationEvent
from tracker.storage.countries import Scope
from tracker.storage.flags import state_at
from tracker.storage.responding import Response

_VERDICTS = {SituationAct.FLAG_CONFIRMED: Verdict.CONFIRMED, SituationAct.FLAG_DISCARDED: Verdict.DISCARDED}


@dataclass(frozen=True)
class Within:
    """What is asked for, so that ten years are not read for the sake of one."""

    # Raised or opened from that day on. None: whenever it was.
    since: date | None = None
    # Not over before that day. None: however long it has been over.
    lasting_to: date | None = None


EVER = Within()


@dataclass(frozen=True)
class LookedInto:
    """A flag in a situation."""

    iso3: str
    situation_id: int
    rule_key: str
    subject: str
    raised_on: date
    # The newest. None: there was none yet.
    verdict: Verdict | None
    # The day of the first, whatever was found later.
    judged_on: date | None
    # Empty: none was given, or there is no verdict.
    reason: str
    # It is not open any more. None: it is.
    over_on: date | None


@dataclass(frozen=True)
class Answered:
    """A measure of a situation, as it stood."""

    response_id: int
    title: str
    # None: not yet.
    decided_on: date | None
    is_declined: bool
    started_on: date | None


@dataclass(frozen=True)
class Case:
    """A situation with its measures, in the order in which they were proposed."""

    iso3: str
    situation_id: int
    handling: int
    opened_on: date
    # None: it was open.
    closed_on: date | None
    measures: Sequence[Answered]

    @property
    def decided(self) -> int:
        return sum(one.decided_on is not None and not one.is_declined for one in self.measures)


def looked_into(
    session: Session, scope: Scope, clearance: Mark, until: datetime, within: Within = EVER
) -> list[LookedInto]:
    """By country, what was raised first at the beginning."""
    said: dict[int, list[Any]] = {}
    for row in session.execute(_flags(scope, clearance, until, within)):
        said.setdefault(row.flag_id, []).append(row)
    verdicts = _verdicts(session, scope, clearance, until, within)
    found = [_looked_into(rows, verdicts.get(flag_id, ()), clearance, until) for flag_id, rows in said.items()]
    return sorted(found, key=lambda one: (one.iso3, one.raised_on, one.rule_key, one.subject, one.situation_id))


def cases(session: Session, scope: Scope, clearance: Mark, until: datetime, within: Within = EVER) -> list[Case]:
    """By country, what was opened first at the beginning."""
    is_its_own = and_(
        Response.situation_id == Situation.id, Response.handling <= clearance, Response.proposed_at <= until
    )
    query = (
        select(
            *(Situation.id, Situation.iso3, Situation.handling, Situation.opened_at, Situation.closed_at),
            *(Response.id.label("response_id"), Response.title, Response.state),
            *(Response.decided_at, Response.started_at),
        )
        .outerjoin(Response, is_its_own)
        .where(_is_visible(scope, clearance), Situation.opened_at <= until, _lasts(Situation.closed_at, within))
        .order_by(Situation.iso3, Situation.opened_at, Situation.id, Response.proposed_at, Response.id)
    )
    if within.since is not None:
        query = query.where(Situation.opened_at >= _beginning(within.since))
    of_situation: dict[int, list[Any]] = {}
    for row in session.execute(query):
        of_situation.setdefault(row.id, []).append(row)
    return [_case(rows, until) for rows in of_situation.values()]


def waits(flags: Iterable[LookedInto], situations: Iterable[Case]) -> list[Wait]:
    found = [
        Wait(one.iso3, one.situation_id, Step.VERIFIED, one.raised_on, one.judged_on, one.over_on) for one in flags
    ]
    for case in situations:
        decided = min((one.decided_on for one in case.measures if one.decided_on), default=None)
        started = min((one.started_on for one in case.measures if one.started_on), default=None)
        for step, taken_on in ((Step.DECIDED, decided), (Step.UNDER_WAY, started)):
            found.append(Wait(case.iso3, case.situation_id, step, case.opened_on, taken_on, case.closed_on))
    return found


class _Judged(NamedTuple):
    verdict: Verdict
    on: date
    words: str


def _flags(scope: Scope, clearance: Mark, until: datetime, within: Within) -> Select[*tuple[Any, ...]]:
    is_said = and_(FlagEvent.handling <= clearance, FlagEvent.at <= until)
    query = (
        select(
            *(FlagEvent.id, FlagEvent.handling, FlagEvent.at, FlagEvent.kind, Flag.id.label("flag_id")),
            *(Flag.iso3, Flag.situation_id, Flag.rule_key, Flag.subject, Flag.closed_at),
            *(Flag.verdict, Flag.verdict_at, Flag.verdict_reason),
        )
        .join(Flag, Flag.id == FlagEvent.flag_id)
        .join(Situation, Situation.id == Flag.situation_id)
        .where(_is_visible(scope, clearance), is_said, _lasts(Flag.closed_at, within))
        .order_by(Flag.id, FlagEvent.at, FlagEvent.id)
    )
    if within.since is None:
        return query
    # for whoever sees less it may have been raised later
    first = func.min(FlagEvent.at)
    raised = select(FlagEvent.flag_id).where(is_said).group_by(FlagEvent.flag_id)
    return query.where(Flag.id.in_(raised.having(first >= _beginning(within.since))))


def _verdicts(
    session: Session, scope: Scope, clearance: Mark, until: datetime, within: Within
) -> Mapping[int, Sequence[_Judged]]:
    """By flag, the oldest first. The flag itself keeps the newest alone, though it was looked into before."""
    query = (
        select(SituationEvent.act, SituationEvent.at, SituationEvent.words, SituationEvent.details)
        .join(Situation, Situation.id == SituationEvent.situation_id)
        # a flag goes on in another situation where that in which it was judged is closed
        .join(Flag, Flag.id == SituationEvent.details["flag"].as_integer())
        .where(SituationEvent.act.in_(_VERDICTS), SituationEvent.handling <= clearance, SituationEvent.at <= until)
        .where(_lasts(Flag.closed_at, within))
        .order_by(SituationEvent.at, SituationEvent.id)
    )
    if scope is not None:
        query = query.where(Situation.iso3.in_(scope))
    if within.since is not None:
        query = query.where(SituationEvent.at >= _beginning(within.since))
    found: dict[int, list[_Judged]] = {}
    for row in session.execute(query):
        found.setdefault(row.details["flag"], []).append(_Judged(_VERDICTS[row.act], row.at.date(), row.words))
    return found


def _looked_into(rows: Sequence[Any], judged: Sequence[_Judged], clearance: Mark, until: datetime) -> LookedInto:
    """`rows`: what was said of one flag, the oldest first."""
    one, newest = rows[0], state_at(rows, clearance)
    assert newest is not None, "only what may be seen was asked for"
    if not judged and one.verdict is not None and one.verdict_at <= until:
        # it was judged before it could be seen at this clearance; the verdict binds all who see the flag
        judged = [_Judged(one.verdict, one.verdict_at.date(), one.verdict_reason)]
    is_closed = one.closed_at is not None and one.closed_at <= until
    over_at = one.closed_at if is_closed else newest.at if newest.kind == Change.CLEARED else None
    return LookedInto(
        iso3=one.iso3,
        situation_id=one.situation_id,
        rule_key=one.rule_key,
        subject=one.subject,
        raised_on=one.at.date(),
        verdict=judged[-1].verdict if judged else None,
        judged_on=judged[0].on if judged else None,
        reason=judged[-1].words if judged else "",
        over_on=over_at.date() if over_at else None,
    )


def _case(rows: Sequence[Any], until: datetime) -> Case:
    one = rows[0]
    return Case(
        iso3=one.iso3,
        situation_id=one.id,
        handling=one.handling,
        opened_on=one.opened_at.date(),
        closed_on=_by_then(one.closed_at, until),
        measures=[_answered(row, until) for row in rows if row.response_id is not None],
    )


def _answered(row: Any, until: datetime) -> Answered:
    decided_on, started_on = _by_then(row.decided_at, until), _by_then(row.started_at, until)
    # what was declined stays so
    is_declined = decided_on is not None and row.state == "declined"
    return Answered(row.response_id, row.title, decided_on, is_declined, started_on)


def _by_then(at: datetime | None, until: datetime) -> date | None:
    return at.date() if at is not None and at <= until else None


def _is_visible(scope: Scope, clearance: Mark) -> Any:
    return (Situation.handling <= clearance) & (Situation.iso3.in_(scope) if scope is not None else true())


def _lasts(closed_at: Any, within: Within) -> Any:
    if within.lasting_to is None:
        return true()
    return or_(closed_at.is_(None), closed_at >= _beginning(within.lasting_to))


def _beginning(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
