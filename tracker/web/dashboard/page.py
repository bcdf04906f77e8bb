"""Where must I look today? What was asked for in the address, and what answers it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from tracker.access import Principal
from tracker.country import name_in, sort_key
from tracker.method import ROOT
from tracker.moment import Moment
from tracker.score import Level
from tracker.search import Search
from tracker.storage.base import Session
from tracker.storage.principals import SignedIn
from tracker.storage.watching import Country
from tracker.web.country_choice import narrowed
from tracker.web.dashboard.attention import Attention, Most, attention
from tracker.web.dashboard.ranking import Standing, ranking
from tracker.web.filtered_names import filtered_names
from tracker.web.frame import Frame
from tracker.web.words import reader_language

NOT_ENOUGH = "unknown"


class Who(StrEnum):
    WATCHED = "watched"
    OWN = "mine"
    ALL = "all"


class Order(StrEnum):
    WORST = "worst"
    MONTH = "month"
    YEAR = "year"
    KNOWN = "known"
    NAME = "name"


@dataclass(frozen=True)
class Asked:
    """All of it stands in the address, so that a view can be sent to a colleague. What is no choice narrows nothing."""

    # The risk, or a criterion.
    node: str = ROOT
    group: str = ""
    # At least this level, or NOT_ENOUGH; empty: any.
    level: str = ""
    words: str = ""
    who: Who = Who.WATCHED
    order: Order = Order.WORST

    @classmethod
    def read(cls, arguments: Mapping[str, str], frame: Frame) -> "Asked":
        node, level = arguments.get("by", ROOT), arguments.get("level", "")
        who, order = arguments.get("who", ""), arguments.get("order", "")
        return cls(
            node=node if node in {criterion.key for criterion in frame.criteria} else ROOT,
            group=arguments.get("group", ""),
            level=level if level in (NOT_ENOUGH, *map(_written, Level)) else "",
            words=Search.read(arguments.get("q", "")).text,
            who=Who(who) if who in set(Who) else Who.WATCHED,
            order=Order(order) if order in set(Order) else Order.WORST,
        )

    def as_arguments(self) -> dict[str, str]:
        wanted = {
            "by": "" if self.node == ROOT else self.node,
            "group": self.group,
            "level": self.level,
            "q": self.words,
            "who": "" if self.who is Who.WATCHED else self.who.value,
            "order": "" if self.order is Order.WORST else self.order.value,
        }
        return {name: value for name, value in wanted.items() if value}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.group or self.level or self.words or self.who is Who.OWN)


class Row(NamedTuple):
    """Nothing but values: rows that are alike look alike."""

    iso3: str
    name: str
    # By which it is found when somebody types.
    aliases: str
    region: str
    standing: Standing
    is_own: bool


@dataclass(frozen=True)
class Dashboard:
    asked: Asked
    moment: Moment
    # What the countries are ranked by.
    title: str
    rows: Sequence[Row]
    # By country, of all of which anything was ever scored.
    standings: Mapping[str, Standing]
    # How many there would be without level, words and group.
    of: int
    # Those of a group or of a desk, for which the map comes closer. Empty: it is about the whole world.
    close_to: Collection[str]
    # By level, and under None those of which too little is known; whatever level is asked for.
    counts: Mapping[Level | None, int]
    # Of those with a score, each rests on thin evidence.
    all_thin: bool
    attention: Attention
    # None: no method was in force at that moment.
    version: int | None
    firm_from: float
    # The reader has been given no country at all.
    reaches_nothing: bool
    # Anything was ever scored, at that moment, that the reader may see.
    has_scores: bool


def dashboard(
    session: Session, asked: Asked, frame: Frame, who: SignedIn, moment: Moment, *, title: str, most: Most
) -> Dashboard:
    reader, own = who.principal, who.own
    method = frame.method_at(session, moment)
    found = ranking(session, method, asked.node, reader, moment)
    reached = [country for country in frame.countries.values() if reader.reaches(country.iso3)]
    listed = [country for country in reached if _is_among(country, asked.who, own.countries)]
    places = narrowed(listed, asked.group, asked.words, frame)
    language = reader_language()
    rows = [_row(country, frame, found.standings, own.countries, language) for country in places]
    scores = {row.iso3: row.standing.score or 0.0 for row in rows}
    counts, all_thin = _counts(rows), all(row.standing.is_thin for row in rows if row.standing.score is not None)
    rows = [row for row in rows if _has_level(row, asked.level)]
    return Dashboard(
        asked=asked,
        moment=moment,
        title=title,
        rows=sorted(rows, key=lambda row: (_rank(row, asked.order), sort_key(row.name))),
        standings=found.standings,
        of=len(listed),
        close_to=_close_to(listed, asked, frame, reader),
        counts=counts,
        all_thin=all_thin,
        attention=attention(session, frame, reader, own, moment, scores=scores, risks=found.risks, most=most),
        version=found.version,
        firm_from=found.firm_from,
        reaches_nothing=reader.scope == frozenset(),
        has_scores=bool(found.standings),
    )


def _close_to(listed: Sequence[Country], asked: Asked, frame: Frame, reader: Principal) -> Collection[str]:
    """Whatever level or name is asked for: the map stays where it is."""
    if not asked.group and reader.scope is None:
        return ()
    return [country.iso3 for country in narrowed(listed, asked.group, "", frame)]


def _is_among(country: Country, who: Who, own: Collection[str]) -> bool:
    if who is Who.OWN:
        return country.iso3 in own
    return who is Who.ALL or country.watched


def _row(country: Country, frame: Frame, standings: Mapping[str, Standing], own: Collection[str], language: str) -> Row:
    region = frame.regions.get(country.iso3)
    return Row(
        iso3=country.iso3,
        name=name_in(country, language),
        aliases=filtered_names(country),
        region=name_in(region, language) if region else "",
        standing=standings.get(country.iso3, Standing(None)),
        is_own=country.iso3 in own,
    )


def _has_level(row: Row, wanted: str) -> bool:
    level = row.standing.level
    if not wanted:
        return True
    if wanted == NOT_ENOUGH:
        return level is None
    return level is not None and level >= Level[wanted.upper()]


def _rank(row: Row, order: Order) -> tuple[bool, float]:
    """What is not known comes last, whatever the order; those alike stand by their names."""
    one = row.standing
    by = {
        Order.WORST: one.score,
        Order.MONTH: one.in_a_month,
        Order.YEAR: one.in_a_year,
        Order.KNOWN: -one.coverage,
        Order.NAME: 0.0,
    }[order]
    return by is None, -(by or 0.0)


def _counts(rows: Sequence[Row]) -> dict[Level | None, int]:
    counts: dict[Level | None, int] = dict.fromkeys((*reversed(Level), None), 0)
    for row in rows:
        counts[row.standing.level] += 1
    return counts


def _written(level: Level) -> str:
    return level.name.lower()
