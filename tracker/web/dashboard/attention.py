"""What needs somebody: open situations, the most urgent first, and what has happened since the reader last looked."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tracker.access import Principal
from tracker.moment import Moment
from tracker.news import Turn
from tracker.situation import is_overdue, order_of
from tracker.storage import news, situations
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation
from tracker.storage.news import FlagNews, StandingFlag
from tracker.storage.own_things import Own
from tracker.web.flag_words import FlagNames, FlagTold, flag_names, flag_told
from tracker.web.frame import Frame
from tracker.web.words import country_name


@dataclass(frozen=True)
class Case:
    """An open situation."""

    situation: Situation
    country: str
    # Those that are open, the worst first.
    flags: Sequence[StandingFlag]
    is_overdue: bool
    # It was opened, or a flag of it is new or worse, since the reader last looked.
    is_new: bool

    @property
    def severity(self) -> int:
        return self.flags[0].severity if self.flags else 0


@dataclass(frozen=True)
class Told:
    """A flag in words."""

    flag: StandingFlag
    country: str
    title: str
    words: FlagTold
    # In which it is gathered. None: in none that is open, or in one that the reader may not know of.
    situation_id: int | None


@dataclass(frozen=True)
class Attention:
    # The most urgent first.
    cases: Sequence[Case]
    # What happened to flags, the worst first.
    news: Sequence[FlagNews]
    # How many flags are new in countries that were not asked for.
    elsewhere: int
    # Since when it is new. None: this is the reader's first visit, or a past day.
    since: datetime | None
    # Up to then all that is new to them is told. None: there is nothing.
    until: datetime | None
    # Nothing is new to them besides what is told.
    is_all_told: bool
    # By flag, of those that the page speaks of.
    told: Mapping[int, Told] = field(default_factory=dict)

    @property
    def overdue(self) -> int:
        return sum(case.is_overdue for case in self.cases)

    @property
    def new(self) -> int:
        return sum(case.is_new for case in self.cases)


@dataclass(frozen=True)
class Most:
    """Of how many a page tells in words what is the matter."""

    cases: int
    news: int


def attention(
    session: Session,
    frame: Frame,
    reader: Principal,
    own: Own,
    moment: Moment,
    *,
    scores: Mapping[str, float],
    most: Most,
) -> Attention:
    """Of the countries alone that stand among `scores`, 0 being one that is not known."""
    found = [one for one in _open_at(session, reader, moment) if one.iso3 in scores]
    since = own.new_since if moment.is_now else None
    everywhere = news.standing_flags(session, [one.id for one in found], since, reader.scope, reader.clearance)
    flags = [flag for flag in everywhere if flag.iso3 in scores]
    if not moment.is_now:
        flags = [then for flag in flags if (then := flag.as_of(moment.day, moment.known_at))]
    all_news = [] if since is None else news.news_in(everywhere, since)
    happened = [one for one in all_news if one.flag.iso3 in scores]
    told = {one.flag.id for one in happened[: most.news]}
    untold = [one.flag for one in all_news if one.flag.id not in told]
    cases = _cases(found, flags, happened, since, moment, frame)
    cases.sort(key=lambda case: (*_order(case, moment, scores), case.situation.id))
    spoken_of = [case.flags[0] for case in cases[: most.cases] if case.flags]
    spoken_of += [one.flag for one in happened[: most.news]]
    return Attention(
        cases=cases,
        news=happened,
        elsewhere=len(all_news) - len(happened),
        since=since,
        until=_told_until(_newest(found, flags), untold, since),
        is_all_told=not untold,
        told=_told(session, spoken_of, {one.id for one in found}, frame, reader),
    )


def _cases(
    found: Sequence[Situation],
    flags: Sequence[StandingFlag],
    happened: Sequence[FlagNews],
    since: datetime | None,
    moment: Moment,
    frame: Frame,
) -> list[Case]:
    open_flags: dict[int | None, list[StandingFlag]] = defaultdict(list)
    for flag in sorted(flags, key=lambda one: (-one.severity, -one.opened_at.timestamp(), one.id)):
        if flag.severity:
            open_flags[flag.situation_id].append(flag)
    worse = {one.flag.situation_id for one in happened if one.turn in (Turn.NEW, Turn.WORSENED)}
    return [
        Case(
            situation=one,
            country=country_name(frame.countries[one.iso3]),
            flags=open_flags[one.id],
            is_overdue=moment.is_now and is_overdue(one.due_on, moment.day),
            is_new=since is not None and (one.id in worse or one.opened_at > since),
        )
        for one in found
    ]


def _told(
    session: Session, flags: Collection[StandingFlag], known: Collection[int], frame: Frame, reader: Principal
) -> dict[int, Told]:
    if not flags:
        return {}
    names = flag_names(session, sorted({flag.iso3 for flag in flags}), reader.clearance)
    said = news.explanations(session, [flag.said.id for flag in flags])
    return {flag.id: _in_words(flag, said[flag.said.id], known, names, frame) for flag in flags}


def _in_words(
    flag: StandingFlag, said: Mapping[str, Any], known: Collection[int], names: FlagNames, frame: Frame
) -> Told:
    return Told(
        flag=flag,
        country=country_name(frame.countries[flag.iso3]),
        title=names.title_of(flag.rule_key, flag.subject),
        words=flag_told(said, names, on=flag.said.day, today={}),
        situation_id=flag.situation_id if flag.situation_id in known else None,
    )


def _newest(found: Sequence[Situation], flags: Sequence[StandingFlag]) -> datetime | None:
    moments = [*(flag.said.at for flag in flags), *(flag.closed_at for flag in flags if flag.closed_at)]
    return max((*moments, *(one.opened_at for one in found)), default=None)


def _told_until(newest: datetime | None, untold: Sequence[StandingFlag], since: datetime | None) -> datetime | None:
    """Before anything happened to a flag of which the page does not tell: on their next visit it is new again."""
    moments = [at for flag in untold for at in (*(event.at for event in flag.events), flag.closed_at) if at]
    first = min((at for at in moments if since is not None and at > since), default=None)
    return newest if newest is None or first is None else min(newest, first - timedelta(microseconds=1))


def _open_at(session: Session, reader: Principal, moment: Moment) -> list[Situation]:
    if moment.is_now:
        return situations.listed(session, reader.scope, reader.clearance, is_closed=False)
    return situations.open_at(session, reader.scope, reader.clearance, moment.done_by)


def _order(case: Case, moment: Moment, scores: Mapping[str, float]) -> tuple[int, int, date, float]:
    """As in the queue. What was due next on a past day is not kept."""
    due = case.situation.due_on if moment.is_now else None
    return order_of(due, moment.day, severity=case.severity, score=scores[case.situation.iso3])
