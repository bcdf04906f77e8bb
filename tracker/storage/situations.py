"""Situations, as far as somebody's scope and clearance reach, and what was done about them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import lazyload

from tracker.access import PersonStatus, Principal, Right
from tracker.assessment import Assessment
from tracker.assistance import AssistanceState
from tracker.handling import Mark
from tracker.situation import SAID_BESIDE, SituationAct
from tracker.storage.admitting import Person
from tracker.storage.answering import OpenCall, has_measure
from tracker.storage.base import Session
from tracker.storage.conclusions import Occasion, Situation, SituationEvent, SituationFollower
from tracker.storage.countries import Scope
from tracker.storage.occasions import concerning
from tracker.storage.prepared import Prepared
from tracker.storage.principals import principals_of
from tracker.storage.responding import AssistanceRequest
from tracker.storage.sharing import Partner
from tracker.storage.statements import Statement, as_last_told, statements_about

WHOLE = ""
"""The part of a country that is all of it."""


@dataclass(frozen=True)
class Concluded:
    """An assessment with who made it and when."""

    event: SituationEvent
    said: Assessment


def seen(session: Session, situation_id: int, scope: Scope, clearance: Mark) -> Situation | None:
    """None: there is none, or it lies outside of what may be known; the two are not told apart."""
    return session.scalar(select(Situation).where(Situation.id == situation_id, _is_visible(scope, clearance)))


def listed(session: Session, scope: Scope, clearance: Mark, *, is_closed: bool) -> list[Situation]:
    """The open ones by their due day, the closed ones with the latest first."""
    order = (Situation.closed_at.desc(), Situation.id.desc()) if is_closed else (Situation.due_on, Situation.id)
    query = select(Situation).where(_is_visible(scope, clearance), Situation.closed_at.is_not(None) == is_closed)
    return list(session.scalars(query.order_by(*order)))


class Queued(NamedTuple):
    situation: Situation
    # None: nobody is in charge.
    owner: str | None
    # By whoever asks.
    is_followed: bool


def queued(
    session: Session, scope: Scope, clearance: Mark, person_id: int, *, with_closed: bool = False
) -> list[Queued]:
    """The open ones by their due day; then, if they are asked for, the closed ones with the latest first."""
    follows = and_(SituationFollower.situation_id == Situation.id, SituationFollower.person_id == person_id)
    query = (
        select(Situation, Person.name, SituationFollower.since)
        .outerjoin(Person, Person.id == Situation.owner_id)
        .outerjoin(SituationFollower, follows)
        .where(_is_visible(scope, clearance))
    )
    if not with_closed:
        query = query.where(Situation.closed_at.is_(None))
    order = (Situation.closed_at.is_not(None), Situation.closed_at.desc(), Situation.due_on, Situation.id)
    rows = session.execute(query.order_by(*order))
    return [Queued(row.Situation, row.name, row.since is not None) for row in rows]


def open_at(session: Session, scope: Scope, clearance: Mark, moment: datetime) -> list[Situation]:
    """Those that were open at that moment; what they went through since then is on them."""
    query = select(Situation).where(
        _is_visible(scope, clearance),
        Situation.opened_at <= moment,
        or_(Situation.closed_at.is_(None), Situation.closed_at > moment),
    )
    return list(session.scalars(query.order_by(Situation.id)))


def of_country(session: Session, iso3: str, clearance: Mark) -> list[Situation]:
    """Open or closed, the newest first."""
    query = select(Situation).where(_is_visible([iso3], clearance))
    return list(session.scalars(query.order_by(Situation.opened_at.desc(), Situation.id.desc())))


def count_of_overdue(scope: Scope, clearance: Mark, today: date) -> Select[int]:
    return select(func.count()).where(_is_visible(scope, clearance), Situation.due_on < today)


def open_in(session: Session, iso3: str, part: str = WHOLE) -> Situation | None:
    """The one that is open, whatever its mark; whoever is about to change something holds the country's row."""
    return session.scalar(_open_in(), {"iso3": iso3, "part": part}, execution_options={"populate_existing": True})


class OpenSituation(NamedTuple):
    """As much of it as a flag needs that joins it."""

    id: int
    handling: int


def number_of_open(session: Session, iso3: str) -> OpenSituation | None:
    """The same of the whole country, for whoever changes nothing of it."""
    found = _NUMBER_OF_OPEN.first(session, {"iso3": iso3, "part": WHOLE})
    return None if found is None else OpenSituation._make(found)


def add_event(
    session: Session,
    situation_id: int,
    act: SituationAct,
    details: Mapping[str, Any],
    *,
    at: datetime,
    by_id: int | None,
    handling: int,
) -> None:
    """Past the mapper: whoever adds it does not look at it again."""
    said = {"situation_id": situation_id, "act": act, "at": at, "by_id": by_id, "handling": handling}
    _ADDING_EVENT.change(session, {**said, "words": "", "details": details})


def locked(session: Session, situation_id: int) -> Situation | None:
    """As it is now, and nobody else's to change; what is said beside it may be added meanwhile."""
    return session.scalar(_locked(), {"number": situation_id}, execution_options={"populate_existing": True})


@cache
def _open_in() -> Select[Situation]:
    is_it = and_(Situation.iso3 == bindparam("iso3"), Situation.part == bindparam("part"))
    return select(Situation).where(is_it, Situation.closed_at.is_(None))


_NUMBER_OF_OPEN = Prepared(lambda _dialect: _open_in().with_only_columns(Situation.id, Situation.handling))
_OF_EVENT = ("situation_id", "act", "at", "by_id", "handling", "words", "details")
_ADDING_EVENT = Prepared(lambda _dialect: insert(SituationEvent), columns=_OF_EVENT)


@cache
def _locked() -> Select[Situation]:
    return select(Situation).where(Situation.id == bindparam("number")).with_for_update(key_share=True)


def events(session: Session, situation_id: int, clearance: Mark) -> list[SituationEvent]:
    """The oldest first."""
    query = select(SituationEvent).where(SituationEvent.situation_id == situation_id)
    query = query.where(SituationEvent.handling <= clearance).order_by(SituationEvent.at, SituationEvent.id)
    return list(session.scalars(query))


class Assigned(NamedTuple):
    at: datetime
    by_id: int | None


def newest_assignments(session: Session, situation_ids: Collection[int]) -> dict[int, Assigned]:
    """By situation: when somebody was last put in charge of it, or nobody any more, and by whom."""
    query = select(SituationEvent.situation_id, SituationEvent.at, SituationEvent.by_id).where(
        SituationEvent.situation_id.in_(situation_ids), SituationEvent.act == SituationAct.ASSIGNED
    )
    rows = session.execute(query.order_by(SituationEvent.at, SituationEvent.id))
    return {row.situation_id: Assigned(row.at, row.by_id) for row in rows}


def event(session: Session, event_id: int) -> SituationEvent | None:
    return session.get(SituationEvent, event_id)


def newest_change(found: Collection[SituationEvent]) -> int:
    """The number of the last event that changed something; a form carries it. 0: nothing that may be seen did."""
    return max((event.id for event in found if event.act not in SAID_BESIDE), default=0)


def changes_since(session: Session, situation_id: int, number: int, clearance: Mark) -> list[SituationEvent]:
    """What somebody who has seen everything up to that event has not seen, the oldest first."""
    query = select(SituationEvent).where(
        SituationEvent.situation_id == situation_id,
        SituationEvent.id > number,
        SituationEvent.handling <= clearance,
        SituationEvent.act.not_in(SAID_BESIDE),
    )
    return list(session.scalars(query.order_by(SituationEvent.id)))


def assessments_in(found: Iterable[SituationEvent]) -> list[Concluded]:
    """The newest first."""
    made = [event for event in found if event.act is SituationAct.ASSESSED]
    made.sort(key=lambda event: (event.at, event.id), reverse=True)
    return [Concluded(event, Assessment.kept(event.words, event.details)) for event in made]


class Names(NamedTuple):
    """What a situation's page speaks of by name."""

    # By their numbers: those mentioned, and its followers.
    people: dict[int, str]
    # The earliest first.
    followers: list[int]
    # By their numbers: the days to come and past that concern its country.
    occasions: dict[int, str]
    # What its country asks for, and nobody has ended; that which waits longest first.
    calls: list[OpenCall]
    # What other organisations concluded about its country: the newest first.
    statements: list[Statement]


def names_about(session: Session, situation: Situation, mentioned: Collection[int], clearance: Mark) -> Names:
    """In one question."""
    follows = and_(SituationFollower.person_id == Person.id, SituationFollower.situation_id == situation.id)
    since, asked = SituationFollower.since, AssistanceRequest
    people = (
        select(
            *(literal(True).label("is_person"), Person.id.label("id"), Person.name.label("name"), since.label("since")),
            *(cast(null(), asked.kind.type).label("kind"), cast(null(), asked.asked_at.type).label("asked_at")),
            *(cast(null(), asked.needed_by.type).label("needed_by"), literal(False).label("has_measure")),
            cast(null(), Partner.name.type).label("partner"),
        )
        .outerjoin(SituationFollower, follows)
        .where(or_(Person.id.in_(mentioned), since.is_not(None)))
    )
    days = select(
        *(literal(False), Occasion.id, Occasion.name, cast(null(), since.type), cast(null(), asked.kind.type)),
        *(cast(null(), asked.asked_at.type), cast(null(), asked.needed_by.type), literal(False)),
        cast(null(), Partner.name.type),
    ).where(concerning([situation.iso3]), Occasion.handling <= clearance)
    calls = select(
        *(literal(False), asked.id, asked.title, cast(null(), since.type), asked.kind, asked.asked_at),
        *(asked.needed_by, has_measure(clearance), cast(null(), Partner.name.type)),
    ).where(asked.iso3 == situation.iso3, asked.state == AssistanceState.OPEN, asked.handling <= clearance)
    said = statements_about(situation.iso3, clearance)
    number, partner, content = said.selected_columns
    said = said.with_only_columns(
        *(literal(False), number, content, cast(null(), since.type), cast(null(), asked.kind.type)),
        *(cast(null(), asked.asked_at.type), cast(null(), asked.needed_by.type), literal(False), partner),
    )
    rows = session.execute(union_all(people, days, calls, said)).all()
    open_calls = [
        OpenCall(row.id, row.name, row.kind, row.asked_at, row.needed_by, not row.has_measure)
        for row in rows
        if row.kind is not None
    ]
    statements = [Statement.read(row.id, row.partner, row.name) for row in rows if row.partner is not None]
    following = sorted((row.since, row.id) for row in rows if row.since is not None)
    return Names(
        people={row.id: row.name for row in rows if row.is_person},
        followers=[number for _since, number in following],
        occasions={row.id: row.name for row in rows if not row.is_person and row.kind is None and not row.partner},
        calls=sorted(open_calls, key=lambda one: (one.asked_at, one.id)),
        statements=as_last_told(statements),
    )


def follow(session: Session, situation_id: int, person_id: int, since: datetime) -> None:
    """Following what one follows already changes nothing."""
    kind = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    columns = {"situation_id": situation_id, "person_id": person_id, "since": since}
    session.execute(kind.insert(SituationFollower).values(columns).on_conflict_do_nothing())


def stop_following(session: Session, situation_id: int, person_id: int) -> None:
    session.execute(
        delete(SituationFollower).where(
            SituationFollower.situation_id == situation_id, SituationFollower.person_id == person_id
        )
    )


def who_may_own(session: Session, situation: Situation) -> list[Person]:
    """Active people who work on situations, and may know of this one."""
    query = select(Person).where(Person.status == PersonStatus.ACTIVE, Person.clearance >= situation.handling)
    query = query.options(lazyload("*"))
    people = session.scalars(query.order_by(Person.name, Person.id)).all()
    asking = principals_of(session, people)
    return [person for person, one in zip(people, asking, strict=True) if _works_there(one, situation.iso3)]


def _works_there(asking: Principal, iso3: str) -> bool:
    return asking.may(Right.WORK_ON_SITUATIONS) and asking.reaches(iso3)


def _is_visible(scope: Scope, clearance: Mark) -> ColumnElement[bool]:
    return (Situation.handling <= clearance) & (Situation.iso3.in_(scope) if scope is not None else true())
