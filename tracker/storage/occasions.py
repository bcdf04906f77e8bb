"""Days to come, as far as somebody's scope and clearance reach.

An occasion of a group concerns each of its members, and is seen by whoever reaches one of them; one of the world
concerns every country, and is seen by all.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, bindparam, or_, select, update
from sqlalchemy.orm.attributes import set_committed_value

from tracker.handling import Mark
from tracker.occasion import Draft, OccasionKind, next_day, occurrences
from tracker.storage.base import Session
from tracker.storage.conclusions import Occasion
from tracker.storage.countries import Scope
from tracker.storage.watching import GroupMember


@dataclass(frozen=True)
class Occurrence:
    """One of the days on which an occasion comes; most come once."""

    occasion: Occasion
    day: date

    @property
    def id(self) -> int:
        return self.occasion.id

    @property
    def iso3(self) -> str | None:
        """None: it is of no single country."""
        return self.occasion.iso3

    @property
    def group_key(self) -> str | None:
        """None: it is of a country, or of the world."""
        return self.occasion.group_key

    @property
    def kind(self) -> OccasionKind:
        return self.occasion.kind

    @property
    def name(self) -> str:
        return self.occasion.name

    @property
    def handling(self) -> int:
        return self.occasion.handling

    @property
    def removed(self) -> bool:
        return self.occasion.removed

    @property
    def entered_at(self) -> datetime:
        return self.occasion.entered_at


def concerning(iso3s: Collection[str] | None) -> ColumnElement[bool]:
    """Those of any of the countries, of a group with one of them as a member, or of the world. None: all."""
    if iso3s is None:
        return Occasion.id.is_not(None)
    groups = select(GroupMember.group_key).where(GroupMember.iso3.in_(iso3s))
    of_the_world = and_(Occasion.iso3.is_(None), Occasion.group_key.is_(None))
    return or_(Occasion.iso3.in_(iso3s), Occasion.group_key.in_(groups), of_the_world)


def may_come(since: date, until: date) -> ColumnElement[bool]:
    """It may have a day between the two; which ones it has, its recurrence says."""
    comes_again = and_(
        Occasion.every_months.is_not(None),
        Occasion.day <= until,
        or_(Occasion.until.is_(None), Occasion.until >= since),
    )
    return or_(Occasion.day.between(since, until), comes_again)


def coming(
    session: Session, iso3s: Collection[str] | None, since: date, until: date, *, clearance: Mark = Mark.RED
) -> list[Occurrence]:
    """Each of their days from one day to the other, both included, the nearest first. None: in whichever country."""
    query = select(Occasion).where(
        may_come(since, until), Occasion.handling <= clearance, Occasion.removed.is_(False), concerning(iso3s)
    )
    return on_days(session.scalars(query), since, until)


def known_then(
    session: Session, scope: Scope, since: date, until: date, *, clearance: Mark, known: datetime
) -> list[Occurrence]:
    """Those that had been entered and not yet called off, the nearest first; of some it is not kept when that was."""
    query = select(Occasion).where(
        may_come(since, until),
        Occasion.handling <= clearance,
        Occasion.entered_at <= known,
        or_(Occasion.removed_at.is_(None), Occasion.removed_at > known),
        concerning(scope),
    )
    return on_days(session.scalars(query), since, until)


def ever(session: Session, iso3s: Collection[str], clearance: Mark) -> list[Occasion]:
    """Over and called off ones too: what was said of them stays readable."""
    query = select(Occasion).where(concerning(iso3s), Occasion.handling <= clearance)
    return list(session.scalars(query.order_by(Occasion.day, Occasion.id)))


def seen(session: Session, occasion_id: int, scope: Scope, clearance: Mark) -> Occasion | None:
    query = select(Occasion).where(Occasion.id == occasion_id, Occasion.handling <= clearance, concerning(scope))
    return session.scalar(query)


def of_numbers(session: Session, numbers: Collection[int], scope: Scope, clearance: Mark) -> list[Occasion]:
    """Those of them that may be known of, over and called off ones too."""
    query = select(Occasion).where(Occasion.id.in_(numbers), Occasion.handling <= clearance, concerning(scope))
    return list(session.scalars(query.order_by(Occasion.id))) if numbers else []


def with_uids(session: Session, uids: Collection[str], scope: Scope, clearance: Mark) -> list[Occasion]:
    """Those that another calendar calls so, the newest last."""
    query = select(Occasion).where(Occasion.uid.in_(uids), Occasion.handling <= clearance, concerning(scope))
    return list(session.scalars(query.order_by(Occasion.id)))


def of_places(session: Session, drafts: Collection[Draft], clearance: Mark, today: date) -> list[Occasion]:
    """All that may still come at the place of one of the drafts, of whichever kind, the earliest first."""
    at_one = or_(
        Occasion.iso3.in_({one.iso3 for one in drafts if one.iso3}),
        Occasion.group_key.in_({one.group_key for one in drafts if one.group_key}),
        and_(Occasion.iso3.is_(None), Occasion.group_key.is_(None)),
    )
    query = select(Occasion).where(
        at_one, may_come(today, date.max), Occasion.handling <= clearance, Occasion.removed.is_(False)
    )
    return list(session.scalars(query.order_by(Occasion.day, Occasion.id)))


def of_country(session: Session, iso3: str, since: date, clearance: Mark) -> list[Occasion]:
    """All that concern it and may still come, also those that were called off."""
    query = select(Occasion).where(concerning([iso3]), may_come(since, date.max), Occasion.handling <= clearance)
    return list(session.scalars(query.order_by(Occasion.day, Occasion.id)))


def locked(session: Session, occasion_id: int) -> Occasion | None:
    """As it is now, and nobody else's to change."""
    query = select(Occasion).where(Occasion.id == occasion_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def keep_sequences(session: Session, told: Collection[tuple[Occasion, int]]) -> None:
    """It says nothing else by that: whoever has it open is not outrun, and its version stays."""
    if not told:
        return
    keep = update(Occasion).where(Occasion.id == bindparam("number")).values(sequence=bindparam("newest"))
    session.connection().execute(keep, [{"number": one.id, "newest": newest} for one, newest in told])
    for one, newest in told:
        set_committed_value(one, "sequence", newest)


def on_days(found: Iterable[Occasion], since: date, until: date) -> list[Occurrence]:
    """The nearest first."""
    told = [
        Occurrence(one, day)
        for one in found
        for day in occurrences(one.day, one.every_months, one.until, since, until, days_left_out(one.left_out))
    ]
    return sorted(told, key=lambda one: (one.day, one.iso3 or "", one.id))


def nearest(found: Iterable[Occasion], since: date, until: date) -> list[Occurrence]:
    """Of each the first of these days alone, the nearest first."""
    first = [(one, next_day(one.day, one.every_months, one.until, since, days_left_out(one.left_out))) for one in found]
    told = [Occurrence(one, day) for one, day in first if day is not None and day <= until]
    return sorted(told, key=lambda one: (one.day, one.iso3 or "", one.id))


def days_left_out(written: str) -> tuple[date, ...]:
    """As they are kept, in order."""
    return tuple(map(date.fromisoformat, written.split()))


def as_draft(one: Occasion) -> Draft:
    return Draft(
        kind=one.kind,
        name=one.name,
        day=one.day,
        iso3=one.iso3,
        group_key=one.group_key,
        every_months=one.every_months,
        until=one.until,
        left_out=days_left_out(one.left_out),
        note=one.note,
        link=one.link or "",
        uid=one.uid or "",
    )


def members_of(session: Session, group_key: str) -> Sequence[str]:
    query = select(GroupMember.iso3).where(GroupMember.group_key == group_key)
    return list(session.scalars(query.order_by(GroupMember.iso3)))
