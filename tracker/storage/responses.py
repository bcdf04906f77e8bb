"""What was proposed, decided and done about situations, as far as somebody's scope and clearance reach."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true

from tracker.handling import Mark
from tracker.measure import Tried
from tracker.response import OPEN, TRIED
from tracker.storage import situations
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation
from tracker.storage.countries import Scope
from tracker.storage.responding import Response, ResponseEvent

_BELONGS = Situation.id == Response.situation_id


class Listed(NamedTuple):
    """A response with where it belongs."""

    response: Response
    iso3: str
    # Of the country; empty: all of it.
    part: str
    # Who follows it up, of those who have an account. None: nobody has been named, or nobody asked.
    follower: str | None


def seen(session: Session, response_id: int, scope: Scope, clearance: Mark) -> Response | None:
    """None: there is none, or it lies outside of what may be known; the two are not told apart."""
    query = select(Response).join(Situation, _BELONGS).where(Response.id == response_id, _is_visible(scope, clearance))
    return session.scalar(query)


def locked(session: Session, response_id: int) -> Response:
    """As it is now, and nobody else's to change; whoever asks holds its situation, and knows that it is there."""
    query = select(Response).where(Response.id == response_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


class Whole(NamedTuple):
    """A response with its situation and its ledger, the oldest first."""

    response: Response
    situation: Situation
    events: list[ResponseEvent]


def whole(session: Session, response_id: int, scope: Scope, clearance: Mark) -> Whole | None:
    """In one question. None: there is none that may be known of."""
    is_told = and_(ResponseEvent.response_id == Response.id, ResponseEvent.handling <= clearance)
    query = (
        select(Response, Situation, ResponseEvent)
        .join(Situation, _BELONGS)
        .outerjoin(ResponseEvent, is_told)
        .where(Response.id == response_id, _is_visible(scope, clearance))
        .order_by(ResponseEvent.at, ResponseEvent.id)
    )
    rows = session.execute(query).all()
    if not rows:
        return None
    told = [row.ResponseEvent for row in rows if row.ResponseEvent is not None]
    return Whole(rows[0].Response, rows[0].Situation, told)


@dataclass(frozen=True)
class Surroundings:
    """A situation in its country, with what is done about it."""

    # That one, if it may be known of, and the others of its country; open or closed, the newest first.
    situations: Sequence[Situation]
    # Of that one: the open ones by their due day, then the others; and what happened to them, the oldest first.
    responses: Sequence[Response]
    events: Sequence[ResponseEvent]


def surroundings(session: Session, situation_id: int, scope: Scope, clearance: Mark) -> Surroundings:
    """In one question."""
    its_country = select(Situation.iso3).where(Situation.id == situation_id).scalar_subquery()
    is_done_there = and_(_BELONGS, Situation.id == situation_id, Response.handling <= clearance)
    is_told = and_(ResponseEvent.response_id == Response.id, ResponseEvent.handling <= clearance)
    query = (
        select(Situation, Response, ResponseEvent)
        .outerjoin(Response, is_done_there)
        .outerjoin(ResponseEvent, is_told)
        .where(Situation.handling <= clearance, _is_within(scope), Situation.iso3 == its_country)
        .order_by(Situation.opened_at.desc(), Situation.id.desc(), Response.id, ResponseEvent.at, ResponseEvent.id)
    )
    rows = session.execute(query).all()
    done = {row.Response.id: row.Response for row in rows if row.Response is not None}
    events = [row.ResponseEvent for row in rows if row.ResponseEvent is not None]
    return Surroundings(
        list({row.Situation.id: row.Situation for row in rows}.values()),
        in_order(list(done.values())),
        sorted(events, key=lambda event: (event.at, event.id)),
    )


def in_situation(session: Session, situation_id: int, clearance: Mark) -> list[Response]:
    """The open ones by their due day, then the others, the latest first."""
    query = select(Response).where(Response.situation_id == situation_id, Response.handling <= clearance)
    return in_order(session.scalars(query.order_by(Response.id)).all())


def open_in_country(session: Session, iso3: str, clearance: Mark) -> list[Response]:
    query = select(Response).join(Situation, _BELONGS).where(Response.state.in_(OPEN), _is_visible([iso3], clearance))
    return in_order(session.scalars(query.order_by(Response.id)).all())


def tried_in(found: Iterable[Response]) -> list[Tried]:
    """What of it was decided, or more."""
    return [Tried(one.kind, one.sphere, one.measure_key) for one in found if one.state in TRIED]


def ledger(
    session: Session, scope: Scope, clearance: Mark, *, owner_id: int | None = None, measure_key: str | None = None
) -> list[Listed]:
    """All of them, or those that one person follows up, or of one measure of the library; the latest proposed first."""
    query = (
        select(Response, Situation.iso3, Situation.part, Person.name)
        .join(Situation, _BELONGS)
        .outerjoin(Person, Person.id == Response.owner_id)
        .where(_is_visible(scope, clearance))
        .order_by(Response.proposed_at.desc(), Response.id.desc())
    )
    if owner_id is not None:
        query = query.where(Response.owner_id == owner_id)
    if measure_key is not None:
        query = query.where(Response.measure_key == measure_key)
    return [Listed(*row) for row in session.execute(query)]


@dataclass(frozen=True)
class Needed:
    """What needs somebody now."""

    # The open ones, by their due day.
    situations: Sequence[Situation]
    # By situation, of those that somebody is in charge of: who.
    in_charge: Mapping[int, str]
    # Measures of which the next step is overdue, also of closed situations; what is late for longest first.
    late: Sequence[Listed]


def needed(session: Session, scope: Scope, clearance: Mark, today: date) -> Needed:
    """In one question."""
    is_late_there = and_(_BELONGS, Response.due_on < today, Response.handling <= clearance)
    query = (
        select(Situation, Response, Person.name)
        .outerjoin(Response, is_late_there)
        .outerjoin(Person, Person.id == Situation.owner_id)
        .where(Situation.handling <= clearance, _is_within(scope))
        .where(or_(Situation.closed_at.is_(None), Response.id.is_not(None)))
        .order_by(Situation.due_on, Situation.id, Response.id)
    )
    rows = session.execute(query).all()
    late = [Listed(row.Response, row.Situation.iso3, row.Situation.part, None) for row in rows if row.Response]
    return Needed(
        list({row.Situation.id: row.Situation for row in rows if row.Situation.closed_at is None}.values()),
        {row.Situation.id: row.name for row in rows if row.name},
        sorted(late, key=lambda one: (one.response.due_on or today, one.response.id)),
    )


def overdue(scope: Scope, clearance: Mark, today: date) -> Select[int]:
    """How many are; what has ended is due no more."""
    is_due = (Response.due_on < today) & _is_visible(scope, clearance)
    return select(func.count(Response.id)).join(Situation, _BELONGS).where(is_due)


def events(session: Session, response_ids: Collection[int], clearance: Mark) -> list[ResponseEvent]:
    """The oldest first."""
    if not response_ids:
        return []
    query = select(ResponseEvent).where(
        ResponseEvent.response_id.in_(response_ids), ResponseEvent.handling <= clearance
    )
    return list(session.scalars(query.order_by(ResponseEvent.at, ResponseEvent.id)))


def changes_since(session: Session, response_id: int, number: int, clearance: Mark) -> list[ResponseEvent]:
    """What somebody who has seen everything up to that event has not seen, the oldest first."""
    return [one for one in events(session, [response_id], clearance) if one.id > number]


def who_may_follow_up(session: Session, situation: Situation, handling: int) -> list[Person]:
    """Active people who work on situations there, and may know of what bears that mark."""
    return [one for one in situations.who_may_own(session, situation) if one.clearance >= handling]


def in_order(found: Sequence[Response]) -> list[Response]:
    """The open ones by their due day, then the others, the latest first."""
    is_open = [one for one in found if one.state in OPEN]
    ended = [one for one in found if one.state not in OPEN]
    ended.sort(key=lambda one: (one.ended_at or one.decided_at or one.proposed_at, one.id), reverse=True)
    return sorted(is_open, key=lambda one: (one.due_on or date.max, one.id)) + ended


def _is_visible(scope: Scope, clearance: Mark) -> ColumnElement[bool]:
    """Of a response that is joined with its situation."""
    return (Response.handling <= clearance) & (Situation.handling <= clearance) & _is_within(scope)


def _is_within(scope: Scope) -> ColumnElement[bool]:
    return Situation.iso3.in_(scope) if scope is not None else true()
