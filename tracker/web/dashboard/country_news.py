"""What is new to a reader, country by country: what happened to flags, and which level is another one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.access import Principal
from tracker.moment import Moment
from tracker.news import WRITTEN_WITHIN, Turn
from tracker.score import Level, level_of
from tracker.storage import scores
from tracker.storage.base import Session
from tracker.storage.news import FlagNews, StandingFlag
from tracker.web.dashboard.ranking import risks_in
from tracker.web.frame import Frame
from tracker.web.words import country_name


@dataclass(frozen=True)
class CountryNews:
    """All that is new of one country; of its flags, its level, or both."""

    iso3: str
    country: str
    # What happened to flags, the most urgent first.
    flags: Sequence[FlagNews]
    # The level of the risk when the reader last looked, and now. None: it is the same, or was or is not known.
    levels: tuple[Level, Level] | None

    @property
    def is_worse(self) -> bool:
        is_higher = self.levels is not None and self.levels[1] > self.levels[0]
        return is_higher or any(is_worse(one) for one in self.flags)


def levels_since(
    session: Session, frame: Frame, reader: Principal, since: datetime, risks: Mapping[str, float]
) -> dict[str, tuple[Level, Level]]:
    """Where the risk has another level than was to be seen then. By another method it is no news of the country."""
    then = Moment(since.date(), since, is_now=False)
    before, method = frame.method_at(session, then), frame.method
    if before is None or method is None or before[0] != method[0]:
        return {}
    number, chosen = method
    found = scores.on_day(
        session, number, chosen.tree, reader.clearance, reader.scope, day=then.day, known=then.known_at
    )
    before_and_now = {
        iso3: (level_of(was), level_of(risks[iso3])) for iso3, was in risks_in(chosen, found).items() if iso3 in risks
    }
    return {iso3: (was, now) for iso3, (was, now) in before_and_now.items() if was is not now}


def by_country(flags: Iterable[FlagNews], levels: Mapping[str, tuple[Level, Level]], frame: Frame) -> list[CountryNews]:
    of_each: dict[str, list[FlagNews]] = {iso3: [] for iso3 in levels}
    for one in sorted(flags, key=_rank):
        of_each.setdefault(one.flag.iso3, []).append(one)
    found = [
        CountryNews(iso3, country_name(frame.countries[iso3]), those, levels.get(iso3))
        for iso3, those in of_each.items()
    ]
    return sorted(found, key=_urgency)


def told_until(moment: Moment, untold: Sequence[CountryNews], since: datetime | None) -> datetime:
    """Before anything of which the page does not tell, so that it is new again on their next visit.

    What was done lately may still be on its way: it bears the moment at which it was begun, and is seen when all of it
    is written down. So the last minutes are told again rather than never.
    """
    until = moment.known_at - WRITTEN_WITHIN
    moments = [at for one in untold for flag in one.flags for at in _moments(flag.flag)]
    first = min((at for at in moments if since is not None and at > since), default=None)
    if first is not None:
        until = min(until, first - timedelta(microseconds=1))
    if since is not None and any(one.levels for one in untold):
        until = since
    return until if since is None else max(since, until)


def is_worse(one: FlagNews) -> bool:
    return one.turn in (Turn.NEW, Turn.WORSENED)


def _rank(one: FlagNews) -> tuple[bool, int, float, int]:
    """What is new or worse before what eased or is over, then the worst, and of equals the newest."""
    return not is_worse(one), -one.flag.said.severity, -one.at.timestamp(), one.flag.id


def _urgency(one: CountryNews) -> tuple[bool, int, float, str]:
    """By its most urgent flag; a level alone comes after flags."""
    foremost = _rank(one.flags[0]) if one.flags else (False, 0, 0.0, 0)
    return not one.is_worse, foremost[1], foremost[2], one.iso3


def _moments(flag: StandingFlag) -> list[datetime]:
    return [at for at in (*(event.at for event in flag.events), flag.closed_at) if at]
