"""What needs somebody: open situations, the most urgent first, and what has happened since the reader last looked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from tracker.access import Principal
from tracker.moment import Moment
from tracker.news import Turn
from tracker.situation import is_overdue
from tracker.storage import news, situations
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation
from tracker.storage.flags import SeenFlag
from tracker.storage.news import FlagNews
from tracker.storage.own_things import Own
from tracker.web.flag_words import FlagNames, FlagTold, flag_names, flag_told
from tracker.web.frame import Frame
from tracker.web.words import country_name


@dataclass(frozen=True)
class Told:
    """A flag in words."""

    seen: SeenFlag
    country: str
    title: str
    words: FlagTold
    # None: nothing happened to it since the reader last looked.
    turn: Turn | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Case:
    """An open situation."""

    situation: Situation
    country: str
    # The worst open flag; None: none is open any more.
    worst: Told | None
    # How many more are open.
    others: int
    is_overdue: bool
    # It was opened, or a flag of it is new or worse, since the reader last looked.
    is_new: bool

    @property
    def severity(self) -> int:
        return self.worst.seen.severity if self.worst else 0


@dataclass(frozen=True)
class Attention:
    # The most urgent first.
    cases: Sequence[Case]
    # What happened to flags, the worst first.
    news: Sequence[Told]
    # Since when it is new. None: this is the reader's first visit, or a past day.
    since: datetime | None
    # The newest thing that is told here; None: there is nothing.
    until: datetime | None

    @property
    def overdue(self) -> int:
        return sum(case.is_overdue for case in self.cases)

    @property
    def new(self) -> int:
        return sum(case.is_new for case in self.cases)


def attention(
    session: Session, frame: Frame, reader: Principal, own: Own, moment: Moment, *, within: Collection[str]
) -> Attention:
    """Of those countries alone."""
    found = [one for one in _open_at(session, reader, moment) if one.iso3 in within]
    since = own.new_since if moment.is_now else None
    seen = news.flags_of(session, [one.id for one in found], since, reader.scope, reader.clearance)
    seen = [at for one in seen if one.flag.iso3 in within and (at := one if moment.is_now else _as_of(one, moment))]
    names = flag_names(session, sorted({one.flag.iso3 for one in seen}), reader.clearance)
    telling = _Telling(frame, names)
    happened = [] if since is None else news.news_in(seen, since)
    cases = [telling.case(one, seen, happened, since, moment) for one in found]
    return Attention(
        cases=sorted(cases, key=_urgency),
        news=[telling.told(one.seen, one) for one in happened],
        since=since,
        until=max(
            (*(event.at for one in seen for event in one.events), *(one.opened_at for one in found)), default=None
        ),
    )


@dataclass(frozen=True)
class _Telling:
    frame: Frame
    names: FlagNames

    def case(
        self,
        situation: Situation,
        seen: Sequence[SeenFlag],
        happened: Sequence[FlagNews],
        since: datetime | None,
        moment: Moment,
    ) -> Case:
        open_flags = sorted(
            (one for one in seen if one.flag.situation_id == situation.id and _is_open(one, moment)),
            key=lambda one: (-one.severity, -one.flag.opened_at.timestamp(), one.flag.id),
        )
        turns = {one.seen.flag.id: one for one in happened}
        worst = self.told(open_flags[0], turns.get(open_flags[0].flag.id)) if open_flags else None
        new_flag = any(
            turns[one.flag.id].turn in (Turn.NEW, Turn.WORSENED) for one in open_flags if one.flag.id in turns
        )
        return Case(
            situation=situation,
            country=self.country(situation.iso3),
            worst=worst,
            others=max(0, len(open_flags) - 1),
            is_overdue=moment.is_now and is_overdue(situation.due_on, moment.day),
            is_new=since is not None and (new_flag or situation.opened_at > since),
        )

    def told(self, one: SeenFlag, happened: FlagNews | None) -> Told:
        return Told(
            seen=one,
            country=self.country(one.flag.iso3),
            title=self.names.title(one),
            words=flag_told(one.said.explanation, self.names, on=one.said.day, today={}),
            turn=happened.turn if happened else None,
            at=happened.at if happened else None,
        )

    def country(self, iso3: str) -> str:
        return country_name(self.frame.countries[iso3])


def _open_at(session: Session, reader: Principal, moment: Moment) -> list[Situation]:
    if moment.is_now:
        return situations.listed(session, reader.scope, reader.clearance, is_closed=False)
    return situations.open_at(session, reader.scope, reader.clearance, moment.known_at)


def _as_of(one: SeenFlag, moment: Moment) -> SeenFlag | None:
    """As it was to be seen then; None: it was not there yet."""
    events = [event for event in one.events if event.at <= moment.known_at and event.day <= moment.day]
    said = news.state_of(events)
    return None if said is None else replace(one, events=events, said=said)


def _is_open(one: SeenFlag, moment: Moment) -> bool:
    if moment.is_now:
        return one.is_open
    closed_at = one.flag.closed_at
    return not one.is_cleared and (closed_at is None or closed_at > moment.known_at)


def _urgency(case: Case) -> tuple[bool, int, date, int]:
    """What is overdue first, then by the worst open flag, then by the day."""
    return not case.is_overdue, -case.severity, case.situation.due_on or date.max, case.situation.id
