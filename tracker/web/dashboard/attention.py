"""What needs somebody: open situations, the most urgent first, and what has happened since the reader last looked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from tracker.access import Principal
from tracker.method import ROOT
from tracker.moment import Moment
from tracker.situation import is_overdue, order_of
from tracker.storage import news, responses, situations
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation
from tracker.storage.news import FlagNews, StandingFlag
from tracker.storage.own_things import Own
from tracker.storage.responding import Response
from tracker.storage.responses import Needed
from tracker.storage.worst_flags import WorstFlag, worst_flags
from tracker.web.dashboard.country_news import CountryNews, by_country, is_worse, levels_since, told_until
from tracker.web.flag_words import FlagNames, FlagTold, flag_names, flag_told, told_of_today
from tracker.web.frame import Frame
from tracker.web.words import country_name


@dataclass(frozen=True)
class Case:
    """An open situation."""

    situation: Situation
    country: str
    # None: no flag of it is open.
    worst: WorstFlag | None
    is_overdue: bool
    # None: nobody. Who was on a past day is not said.
    in_charge: str | None
    # It was opened, or a flag of it is new or worse, since the reader last looked.
    is_new: bool

    @property
    def severity(self) -> int:
        return self.worst.severity if self.worst else 0


@dataclass(frozen=True)
class LateMeasure:
    response: Response
    country: str


@dataclass(frozen=True)
class Told:
    """A flag in words."""

    title: str
    words: FlagTold
    # In which it is gathered. None: in none that is open, or in one that the reader may not know of.
    situation_id: int | None


@dataclass(frozen=True)
class Attention:
    # The most urgent first.
    cases: Sequence[Case]
    # By country, the most urgent first.
    news: Sequence[CountryNews]
    # Of how many countries that were not asked for something is new.
    elsewhere: int
    # Since when it is new. None: this is the reader's first visit, or a past day.
    since: datetime | None
    # Up to then all that is new to them is told. None: there is nothing.
    until: datetime | None
    # Nothing is new to them besides what is told.
    is_all_told: bool
    # Measures of which the next step is overdue, what is late for longest first.
    late_measures: Sequence[LateMeasure] = ()
    # By flag, of those that the page speaks of.
    told: Mapping[int, Told] = field(default_factory=dict)
    # By flag, of all that is new and told: what it is about.
    titles: Mapping[int, str] = field(default_factory=dict)

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
    # Countries.
    news: int


def attention(
    session: Session,
    frame: Frame,
    reader: Principal,
    own: Own,
    moment: Moment,
    *,
    scores: Mapping[str, float],
    risks: Mapping[str, float],
    most: Most,
) -> Attention:
    """Of the countries alone that stand among `scores`, 0 being one that is not known. `risks`: of all of them."""
    needed = _needed(session, reader, moment)
    found = [one for one in needed.situations if one.iso3 in scores]
    since = own.new_since if moment.is_now else None
    worst = worst_flags(session, [one.id for one in found], moment, reader.scope, reader.clearance)
    all_news = [] if since is None else _all_news(session, frame, reader, since, risks)
    here = [one for one in all_news if one.iso3 in scores]
    told, elsewhere = here[: most.news], [one for one in all_news if one.iso3 not in scores]
    untold = [*here[most.news :], *elsewhere]
    happened = [one for country in here for one in country.flags]
    cases = _cases(found, worst, happened, needed.in_charge, since, moment, frame)
    cases.sort(key=lambda case: (*_order(case, moment, scores), case.situation.id))
    spoken_of: list[WorstFlag | StandingFlag] = [case.worst for case in cases[: most.cases] if case.worst]
    spoken_of += [one.flags[0].flag for one in told if one.flags]
    new_flags = [one.flag for country in told for one in country.flags]
    named = sorted({flag.iso3 for flag in (*spoken_of, *new_flags)})
    names = flag_names(session, named, reader.clearance) if named else FlagNames()
    return Attention(
        cases=cases,
        news=here,
        elsewhere=len(elsewhere),
        since=since,
        until=told_until(moment, untold, since) if moment.is_now else None,
        is_all_told=not untold,
        late_measures=[
            LateMeasure(one.response, country_name(frame.countries[one.iso3]))
            for one in needed.late
            if one.iso3 in scores
        ],
        told=_told(session, spoken_of, {one.id for one in found}, names, risks if moment.is_now else {}),
        titles={flag.id: names.title_of(flag.rule_key, flag.subject) for flag in new_flags},
    )


def _all_news(
    session: Session, frame: Frame, reader: Principal, since: datetime, risks: Mapping[str, float]
) -> list[CountryNews]:
    happened = news.news_in(news.flags_since(session, since, reader.scope, reader.clearance), since)
    return by_country(happened, levels_since(session, frame, reader, since, risks), frame)


def _cases(
    found: Sequence[Situation],
    worst: Mapping[int, WorstFlag],
    happened: Sequence[FlagNews],
    in_charge: Mapping[int, str],
    since: datetime | None,
    moment: Moment,
    frame: Frame,
) -> list[Case]:
    worse = {one.flag.situation_id for one in happened if is_worse(one)}
    return [
        Case(
            situation=one,
            country=country_name(frame.countries[one.iso3]),
            worst=worst.get(one.id),
            is_overdue=moment.is_now and is_overdue(one.due_on, moment.day),
            in_charge=in_charge.get(one.id),
            is_new=since is not None and (one.id in worse or one.opened_at > since),
        )
        for one in found
    ]


def _told(
    session: Session,
    flags: Collection[WorstFlag | StandingFlag],
    known: Collection[int],
    names: FlagNames,
    risks: Mapping[str, float],
) -> dict[int, Told]:
    if not flags:
        return {}
    said = news.explanations(session, [flag.said.id for flag in flags])
    return {flag.id: _in_words(flag, said[flag.said.id], known, names, risks.get(flag.iso3)) for flag in flags}


def _in_words(
    flag: WorstFlag | StandingFlag,
    said: Mapping[str, Any],
    known: Collection[int],
    names: FlagNames,
    risk: float | None,
) -> Told:
    words = flag_told(said, names, on=flag.said.day, today={})
    now = told_of_today(said, {ROOT: risk})
    return Told(
        title=names.title_of(flag.rule_key, flag.subject),
        words=replace(words, sentence=f"{words.sentence} {now}".rstrip()),
        situation_id=flag.situation_id if flag.situation_id in known else None,
    )


def _needed(session: Session, reader: Principal, moment: Moment) -> Needed:
    """Which measures were late on a past day is not kept, nor who was in charge."""
    if moment.is_now:
        return responses.needed(session, reader.scope, reader.clearance, moment.day)
    return Needed(situations.open_at(session, reader.scope, reader.clearance, moment.done_by), {}, ())


def _order(case: Case, moment: Moment, scores: Mapping[str, float]) -> tuple[int, int, date, float]:
    """As in the queue. What was due next on a past day is not kept."""
    due = case.situation.due_on if moment.is_now else None
    return order_of(due, moment.day, severity=case.severity, score=scores[case.situation.iso3])
