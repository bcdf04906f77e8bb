"""For whom may something have happened that cannot wait for a digest? What exactly, is told when it is told.

What happened shortly before a notice was made may have been written down only afterwards. So those minutes are looked
at once more, for what that notice did not know of.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import aliased

from tracker.access import PersonStatus, Principal
from tracker.digest import TOLD, DeliveryKind, DeliveryState
from tracker.flag import Change
from tracker.handling import Mark
from tracker.news import WRITTEN_WITHIN
from tracker.period import LONGEST_LATE
from tracker.rule import Severity
from tracker.storage import news, principals, refused_addresses
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.storage.conclusions import Flag, FlagEvent
from tracker.storage.mailing import Delivery, UrgentWish
from tracker.storage.urgent_causes import Cause, Sort, causes

# By then somebody has looked once more, though the worker was restarted: whoever was told is looked at no longer, of
# whom there may be thousands.
LOOKED_AT_AGAIN_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class _Waiting:
    # What happened after it they have not been told of.
    since: datetime
    # Then, and lately, a notice was made for them, or nothing was urgent to them.
    is_looked_at: bool

    def is_in_doubt(self, at: datetime) -> bool:
        return self.is_looked_at and self.since - WRITTEN_WITHIN < at <= self.since

    def may_be_untold(self, at: datetime) -> bool:
        return at > self.since or self.is_in_doubt(at)


def whom_to_tell(session: Session, *, now: datetime) -> list[int]:
    """People of whom a notice is not on its way already: an alarm within their reach, a situation put into their
    charge, and of what they are in charge of or follow a step or a measure that is overdue, or what the State asks for.
    Not whose address is refused: they would be planned for again and again, for nothing."""
    waiting = _waiting(session, now)
    if not waiting:
        return []
    first = min(one.since for one in waiting.values())
    found = _by_alarms(session, waiting, first)
    own = [one for one in causes(session, first - WRITTEN_WITHIN, now=now) if one.person_id in waiting]
    own = [one for _reader, one in _seen(session, [one for one in own if waiting[one.person_id].may_be_untold(one.at)])]
    found |= {one.person_id for one in own if one.at > waiting[one.person_id].since}
    in_doubt = {person_id: one for person_id, one in waiting.items() if one.is_looked_at and person_id not in found}
    return sorted(found | _written_late(session, in_doubt, own))


def _waiting(session: Session, now: datetime) -> dict[int, _Waiting]:
    """By person."""
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
    return {row.person_id: _waits(row.since, row.told_until, now) for row in session.execute(query)}


def _waits(wished_at: datetime, told_until: datetime | None, now: datetime) -> _Waiting:
    since = max(wished_at, told_until or wished_at, now - LONGEST_LATE)
    is_lately = now - since <= LOOKED_AT_AGAIN_FOR
    return _Waiting(since, is_looked_at=is_lately and since == told_until and since > wished_at)


def _by_alarms(session: Session, waiting: Mapping[int, _Waiting], first: datetime) -> set[int]:
    last_at = func.max(FlagEvent.at).label("at")
    query = (
        select(Flag.iso3, FlagEvent.handling, last_at)
        .join(Flag, Flag.id == FlagEvent.flag_id)
        .where(FlagEvent.at > first, _is_rise_to_alarm())
        .group_by(Flag.iso3, FlagEvent.handling)
        .order_by(last_at)
    )
    alarms = session.execute(query).all()
    if not alarms:
        return set()
    # of each country the newest, as each clearance sees it: there may be thousands of readers
    newest = {mark: {one.iso3: one.at for one in alarms if one.handling <= mark} for mark in Mark}
    concerned = [person_id for person_id, one in waiting.items() if one.since < alarms[-1].at]
    return {
        reader.person_id
        for reader in principals.principals_of(
            session, _cleared(session, concerned, min(one.handling for one in alarms))
        )
        if any(
            at > waiting[reader.person_id].since and reader.reaches(iso3)
            for iso3, at in newest[reader.clearance].items()
        )
    }


def _is_rise_to_alarm() -> ColumnElement[bool]:
    return and_(FlagEvent.severity == Severity.ALARM, FlagEvent.kind.in_((Change.RAISED, Change.WORSENED)))


def _cleared(session: Session, ids: Collection[int], mark: int) -> list[Any]:
    """Of those people whoever may see what bears that mark, with as much of each as makes a principal."""
    columns = (Person.id, Person.name, Person.sees_all, Person.clearance)
    query = select(*columns).where(Person.id.in_(ids), Person.clearance >= mark).order_by(Person.id)
    return list(session.execute(query))


def _seen(session: Session, found: Sequence[Cause]) -> list[tuple[Principal, Cause]]:
    """Those that whom they concern may see."""
    if not found:
        return []
    people = _cleared(session, {one.person_id for one in found}, Mark.CLEAR)
    readers = {reader.person_id: reader for reader in principals.principals_of(session, people)}
    theirs = [(readers[one.person_id], one) for one in found]
    return [(reader, one) for reader, one in theirs if reader.reaches(one.iso3) and reader.clearance >= one.handling]


# ---- what was written down late ------------------------------------------------------------------------------------


def _written_late(session: Session, waiting: Mapping[int, _Waiting], own: Iterable[Cause]) -> set[int]:
    """Of whom something happened before their last notice was made, of which that one did not know."""
    found = [one for one in own if one.person_id in waiting and waiting[one.person_id].is_in_doubt(one.at)]
    alarms = _alarms_in_doubt(session, waiting)
    known = _told(session, {one.person_id for one in found} | alarms.keys())
    unknown = [one for one in found if _is_untold(one, known.get(one.person_id))]
    unknown += [one for which, those in alarms.items() for one in _untold_alarms(which, those, known.get(which))]
    seen = _seen(session, unknown)
    alarming = {(reader.clearance, one.key) for reader, one in seen if one.sort is Sort.ALARMS}
    lasting = {
        mark: _still_alarms(session, {number for other, number in alarming if other == mark}, mark)
        for mark in {mark for mark, _number in alarming}
    }
    return {
        reader.person_id for reader, one in seen if one.sort is not Sort.ALARMS or one.key in lasting[reader.clearance]
    }


def _alarms_in_doubt(session: Session, waiting: Mapping[int, _Waiting]) -> dict[int, Sequence[Any]]:
    """By person, for whom there are any."""
    if not waiting:
        return {}
    sinces = [one.since for one in waiting.values()]
    query = (
        select(FlagEvent.id, FlagEvent.at, FlagEvent.handling, Flag.iso3)
        .join(Flag, Flag.id == FlagEvent.flag_id)
        .where(FlagEvent.at > min(sinces) - WRITTEN_WITHIN, FlagEvent.at <= max(sinces), _is_rise_to_alarm())
        .where(Flag.closed_at.is_(None))
        .order_by(FlagEvent.at)
    )
    rows = session.execute(query).all()
    # many alarms of one night, and thousands who were told of them
    moments = [row.at for row in rows]
    between = {
        person_id: (bisect_right(moments, one.since - WRITTEN_WITHIN), bisect_right(moments, one.since))
        for person_id, one in waiting.items()
        if one.is_looked_at
    }
    return {person_id: rows[first:end] for person_id, (first, end) in between.items() if first < end}


def _untold_alarms(person_id: int, rows: Sequence[Any], known: Mapping[Sort, Any] | None) -> list[Cause]:
    # older notices did not say which alarms they knew of
    if known is not None and known[Sort.ALARMS] is None:
        return []
    told = frozenset(known[Sort.ALARMS] if known else ())
    untold = [row for row in rows if row.id not in told]
    return [Cause(Sort.ALARMS, row.id, person_id, row.at, row.iso3, row.handling) for row in untold]


def _told(session: Session, people: Collection[int]) -> dict[int, dict[Sort, Any]]:
    """By person: what the last notice that they were sent knew of. Who was sent none is not there."""
    if not people:
        return {}
    query = (
        select(Delivery.person_id, *(Delivery.stood[sort.value].label(sort.value) for sort in Sort))
        .where(
            Delivery.person_id.in_(people),
            Delivery.kind == DeliveryKind.URGENT,
            Delivery.state.in_(TOLD),
            Delivery.stood.is_not(None),
        )
        .order_by(Delivery.told_until, Delivery.id)
    )
    # the newest comes last, and stays
    return {row.person_id: {sort: row._mapping[sort.value] for sort in Sort} for row in session.execute(query)}


def _is_untold(one: Cause, known: Mapping[Sort, Any] | None) -> bool:
    if known is None:
        return True
    # older notices did not say of everything what they knew
    told = known[one.sort]
    return told is not None and one.key not in told


def _still_alarms(session: Session, events: Collection[int], clearance: Mark) -> set[int]:
    """Those after which the flag stands at alarm to this day, as that clearance sees it."""
    flags = news.with_events(session, events, clearance)
    return {event.id for flag in flags if flag.severity == Severity.ALARM for event in flag.events} & set(events)
