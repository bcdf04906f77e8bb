"""For whom may something have happened that cannot wait for a digest? What exactly, is told when it is told."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from tracker.access import PersonStatus
from tracker.digest import TOLD, DeliveryKind, DeliveryState
from tracker.flag import Change
from tracker.handling import Mark
from tracker.period import LONGEST_LATE
from tracker.rule import Severity
from tracker.situation import SituationAct
from tracker.storage import principals, refused_addresses
from tracker.storage.base import Session
from tracker.storage.conclusions import Flag, FlagEvent, Situation, SituationEvent, SituationFollower
from tracker.storage.mailing import Delivery, UrgentWish
from tracker.storage.models import Person
from tracker.storage.responding import Response

_DAY = timedelta(days=1)


def whom_to_tell(session: Session, *, now: datetime) -> list[int]:
    """People of whom a notice is not on its way already: an alarm within their reach, a situation put into their
    charge, a step that is overdue in one that they are in charge of or follow, or of a measure that they follow up.
    Not whose address is refused: they would be planned for again and again, for nothing."""
    since = _waiting_since(session, now)
    if not since:
        return []
    found = _by_alarms(session, since) | _by_charge(session, since) | _by_overdue_steps(session, since, now)
    return sorted(found)


def _waiting_since(session: Session, now: datetime) -> dict[int, datetime]:
    """By person: what happened after it they have not been told of."""
    told, coming = aliased(Delivery), aliased(Delivery)
    are_told = and_(told.person_id == UrgentWish.person_id, told.kind == DeliveryKind.URGENT, told.state.in_(TOLD))
    is_coming = and_(
        coming.person_id == UrgentWish.person_id,
        coming.kind == DeliveryKind.URGENT,
        coming.state.in_((DeliveryState.PLANNED, DeliveryState.QUEUED)),
    )
    query = (
        select(UrgentWish.person_id, UrgentWish.since, func.max(told.told_until).label("told_until"))
        .join(Person, Person.id == UrgentWish.person_id)
        .outerjoin(told, are_told)
        .where(
            Person.status == PersonStatus.ACTIVE,
            ~select(coming.id).where(is_coming).exists(),
            ~refused_addresses.suppresses(Person.email),
        )
        .group_by(UrgentWish.person_id, UrgentWish.since)
    )
    oldest = now - LONGEST_LATE
    return {row.person_id: max(row.since, row.told_until or oldest, oldest) for row in session.execute(query)}


def _by_alarms(session: Session, since: Mapping[int, datetime]) -> set[int]:
    last_at = func.max(FlagEvent.at).label("at")
    query = (
        select(Flag.iso3, FlagEvent.handling, last_at)
        .join(Flag, Flag.id == FlagEvent.flag_id)
        .where(
            FlagEvent.at > min(since.values()),
            FlagEvent.severity == Severity.ALARM,
            FlagEvent.kind.in_((Change.RAISED, Change.WORSENED)),
        )
        .group_by(Flag.iso3, FlagEvent.handling)
        .order_by(last_at)
    )
    alarms = session.execute(query).all()
    if not alarms:
        return set()
    # of each country the newest, as each clearance sees it: there may be thousands of readers
    newest = {mark: {one.iso3: one.at for one in alarms if one.handling <= mark} for mark in Mark}
    waiting = [person_id for person_id, told in since.items() if told < alarms[-1].at]
    return {
        reader.person_id
        for reader in principals.principals_of(session, _cleared(session, waiting, min(one.handling for one in alarms)))
        if any(at > since[reader.person_id] and reader.reaches(iso3) for iso3, at in newest[reader.clearance].items())
    }


def _by_charge(session: Session, since: Mapping[int, datetime]) -> set[int]:
    query = (
        select(Situation.owner_id, SituationEvent.at)
        .join(Situation, Situation.id == SituationEvent.situation_id)
        .where(
            SituationEvent.at > min(since.values()),
            SituationEvent.act == SituationAct.ASSIGNED,
            Situation.owner_id.in_(since),
        )
    )
    return {owner for owner, at in session.execute(query) if owner is not None and at > since[owner]}


def _by_overdue_steps(session: Session, since: Mapping[int, datetime], now: datetime) -> set[int]:
    """From the moment on at which the day is over by which the step was due."""
    overdue = and_(Situation.due_on < now.date(), Situation.due_on >= min(since.values()).date() - _DAY)
    in_charge = select(Situation.owner_id, Situation.due_on).where(overdue, Situation.owner_id.in_(since))
    followed = (
        select(SituationFollower.person_id, Situation.due_on)
        .join(Situation, Situation.id == SituationFollower.situation_id)
        .where(overdue, SituationFollower.person_id.in_(since))
    )
    is_late = and_(Response.due_on < now.date(), Response.due_on >= min(since.values()).date() - _DAY)
    followed_up = select(Response.owner_id, Response.due_on).where(is_late, Response.owner_id.in_(since))
    return {
        person
        for query in (in_charge, followed, followed_up)
        for person, due_on in session.execute(query)
        if person is not None and due_on is not None
        if datetime.combine(due_on + _DAY, time(), UTC) > since[person]
    }


def _cleared(session: Session, ids: Collection[int], mark: int) -> list[Any]:
    """Of those people whoever may see what bears that mark, with as much of each as makes a principal."""
    columns = (Person.id, Person.name, Person.sees_all, Person.clearance)
    query = select(*columns).where(Person.id.in_(ids), Person.clearance >= mark).order_by(Person.id)
    return list(session.execute(query))
