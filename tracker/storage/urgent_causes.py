"""What may be urgent to one person alone, or to those who follow a situation: given to them, overdue, or asked for."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Label, Select, Subquery, case, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute

from tracker.assistance import AssistanceState
from tracker.situation import SituationAct
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation, SituationEvent, SituationFollower
from tracker.storage.mailing import UrgentWish
from tracker.storage.responding import AssistanceRequest, Response

_DAY = timedelta(days=1)
_People = Select[int]


class Sort(StrEnum):
    """As what was told is kept (tracker/news.py)."""

    ALARMS = "alarms"
    CHARGES = "charges"
    LATE = "late"
    MEASURES = "measures"
    CALLS = "calls"


@dataclass(frozen=True)
class Cause:
    """Something that one person is to be told at once."""

    sort: Sort
    # As what was told names it.
    key: Any
    person_id: int
    at: datetime
    iso3: str
    handling: int


def causes(session: Session, after: datetime, *, now: datetime) -> list[Cause]:
    """Of whoever wants to be told at once, since then, with the marks up to which they must see; whether they do is
    not asked."""
    # they are asked for and not listed: there may be more of them than a question has room for
    wishing, theirs = select(UrgentWish.person_id), _theirs(select(UrgentWish.person_id))
    return [
        *_charges(session, wishing, after),
        *_overdue_steps(session, theirs, after, now),
        *_overdue_measures(session, wishing, theirs, after, now),
        *_requests(session, theirs, after),
    ]


def _theirs(people: _People) -> Subquery:
    """The open situations that each is in charge of or follows."""
    is_open = Situation.closed_at.is_(None)
    in_charge = select(Situation.owner_id.label("person_id"), Situation.id.label("situation_id"))
    following = select(SituationFollower.person_id, SituationFollower.situation_id)
    following = following.join(Situation, Situation.id == SituationFollower.situation_id)
    return union(
        in_charge.where(Situation.owner_id.in_(people), is_open),
        following.where(SituationFollower.person_id.in_(people), is_open),
    ).subquery()


def _charges(session: Session, people: _People, after: datetime) -> list[Cause]:
    """Given by somebody else."""
    by_another = or_(SituationEvent.by_id.is_(None), SituationEvent.by_id != Situation.owner_id)
    query = (
        select(Situation.id, Situation.owner_id, Situation.iso3, Situation.handling, SituationEvent.at)
        .join(Situation, Situation.id == SituationEvent.situation_id)
        .where(SituationEvent.at > after, SituationEvent.act == SituationAct.ASSIGNED, by_another)
        .where(Situation.owner_id.in_(people), Situation.closed_at.is_(None))
    )
    return [Cause(Sort.CHARGES, row.id, row.owner_id, row.at, row.iso3, row.handling) for row in session.execute(query)]


def _overdue_steps(session: Session, theirs: Subquery, after: datetime, now: datetime) -> list[Cause]:
    """From the moment on at which the day is over by which the step was due."""
    query = (
        select(theirs.c.person_id, Situation.id, Situation.due_on, Situation.iso3, Situation.handling)
        .join(Situation, Situation.id == theirs.c.situation_id)
        .where(Situation.due_on < now.date(), Situation.due_on >= after.date() - _DAY)
    )
    return [_late(Sort.LATE, row) for row in session.execute(query)]


def _overdue_measures(
    session: Session, people: _People, theirs: Subquery, after: datetime, now: datetime
) -> list[Cause]:
    """To those who follow them up as well."""
    columns = Response.id, Response.due_on, Situation.iso3, _highest(Response.handling)
    is_late = Response.due_on < now.date(), Response.due_on >= after.date() - _DAY
    of_measure = select(Response.owner_id.label("person_id"), *columns).where(Response.owner_id.in_(people), *is_late)
    of_situation = select(theirs.c.person_id, *columns).join(theirs, theirs.c.situation_id == Response.situation_id)
    queries = [
        query.join(Situation, Situation.id == Response.situation_id)
        for query in (of_measure, of_situation.where(*is_late))
    ]
    return [_late(Sort.MEASURES, row) for query in queries for row in session.execute(query)]


def _requests(session: Session, theirs: Subquery, after: datetime) -> list[Cause]:
    """Of the State in which a situation is theirs."""
    request = AssistanceRequest
    query = (
        select(theirs.c.person_id, request.id, request.asked_at, request.iso3, _highest(request.handling))
        .distinct()
        .join(Situation, Situation.iso3 == request.iso3)
        .join(theirs, theirs.c.situation_id == Situation.id)
        .where(request.state == AssistanceState.OPEN, request.asked_at > after, request.asked_by != theirs.c.person_id)
    )
    return [
        Cause(Sort.CALLS, [row.id, AssistanceState.OPEN.value], row.person_id, row.asked_at, row.iso3, row.handling)
        for row in session.execute(query)
    ]


def _highest(mark: ColumnElement[int] | InstrumentedAttribute[int]) -> Label[int]:
    """Who may not see the situation is not told of what belongs to it."""
    return case((Situation.handling > mark, Situation.handling), else_=mark).label("handling")


def _late(sort: Sort, row: Any) -> Cause:
    at = datetime.combine(row.due_on + _DAY, time(), UTC)
    return Cause(sort, [row.id, row.due_on.isoformat()], row.person_id, at, row.iso3, row.handling)
