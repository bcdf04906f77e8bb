"""What is coming, where, how bad it is there now, and whether it can set off a flag.

Of a past day: what was to come then, as far as it had been entered and was not yet called off. What was called off
before that was written down with its time is told as such.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from tracker.access import Principal
from tracker.country import in_order
from tracker.handling import Mark
from tracker.index import Tree
from tracker.method import ROOT, Method
from tracker.moment import Moment
from tracker.occasion import MAY_SET_OFF, OccasionKind
from tracker.rule import Kind, Rule
from tracker.score import Level, level_of
from tracker.storage import council_acts, occasions, rules, scores
from tracker.storage.base import Session
from tracker.storage.conclusions import Occasion, RuleVersion
from tracker.storage.occasions import Occurrence
from tracker.storage.watching import Country
from tracker.web.council_acts.words import ActTold, acts_told
from tracker.web.frame import frame
from tracker.web.occasions.words import concerned_by, place_word
from tracker.web.words import day, reader_language
from tracker.workings import Scores, value_of

AHEAD, BACK = timedelta(days=365), timedelta(days=92)


@dataclass(frozen=True)
class Asked:
    """All of it stands in the address. What cannot be understood narrows nothing."""

    # Empty: any.
    group: str = ""
    # None: every one.
    kind: OccasionKind | None = None
    iso3: str = ""

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "Asked":
        kind = arguments.get("kind", "")
        return cls(
            group=arguments.get("group", ""),
            kind=OccasionKind(kind) if kind in set(OccasionKind) else None,
            iso3=arguments.get("country", ""),
        )

    def as_arguments(self) -> dict[str, str]:
        wanted = {"group": self.group, "kind": self.kind or "", "country": self.iso3}
        return {name: str(value) for name, value in wanted.items() if value}

    @property
    def is_narrowed(self) -> bool:
        return self != Asked()


@dataclass(frozen=True)
class Coming:
    one: Occurrence
    # None: it is of several countries, or of all of them.
    country: Country | None
    # Below zero: it is over.
    days_left: int
    # Of the country's risk, at the moment that the page shows. None: not enough evidence, or of no single country.
    risk: float | None
    thin: bool
    # Whether it can set off a flag, in words; empty: no rule looks at days of its kind.
    sets_off: str
    # It is so near, and the score so high, that it does.
    is_near_and_high: bool

    @property
    def level(self) -> Level | None:
        return None if self.risk is None else level_of(self.risk)

    @property
    def occasion(self) -> Occasion:
        return self.one.occasion

    @property
    def on(self) -> date:
        return self.one.day

    @property
    def place(self) -> str:
        return place_word(self.one)

    @property
    def weekday(self) -> str:
        """Below the name of its month."""
        return str(format_date(self.on, format="EEE d MMM"))

    @property
    def when(self) -> str:
        return days_left_words(self.days_left)

    @property
    def mark(self) -> str:
        """Empty: everybody may know of it."""
        return Mark(self.occasion.handling).label if self.occasion.handling else ""


@dataclass(frozen=True)
class Month:
    first: date
    coming: Sequence[Coming]


@dataclass(frozen=True)
class CalendarPage:
    asked: Asked
    moment: Moment
    # Those with a day to choose from.
    countries: Sequence[Country]
    months: Sequence[Month]
    # The latest first.
    over: Sequence[Coming]
    # By which days set off flags; None: by none.
    rule: Rule | None
    # What councils did in the last three months, the latest first.
    council_acts: Sequence[ActTold]

    @property
    def arguments(self) -> dict[str, str]:
        """Of this very page, for an address."""
        return self.asked.as_arguments() | self.moment.as_arguments()

    @property
    def coming(self) -> list[Coming]:
        return [one for month in self.months for one in month.coming]

    @property
    def near_and_high(self) -> int:
        return sum(one.is_near_and_high for one in self.coming)


def calendar_page(session: Session, asked: Asked, reader: Principal, moment: Moment) -> CalendarPage:
    since, until = moment.day - BACK, moment.day + AHEAD
    sight = {"clearance": reader.clearance, "known": moment.known_at}
    found = occasions.known_then(session, reader.scope, since, until, **sight)  # type: ignore[arg-type]
    found = [one for one in found if not (moment.is_now and one.removed)]
    there = {one.iso3: frame().countries[one.iso3] for one in found if one.iso3}
    chosen = _chosen(found, asked)
    telling = _telling(session, reader, moment, _scored(chosen, reader))
    told = [telling.told(one, there.get(one.iso3 or "")) for one in chosen]
    months = groupby((one for one in told if one.days_left >= 0), key=lambda one: one.on.replace(day=1))
    return CalendarPage(
        asked=asked,
        moment=moment,
        countries=in_order(there.values(), reader_language()),
        months=[Month(first, list(those)) for first, those in months],
        over=[one for one in reversed(told) if one.days_left < 0],
        rule=telling.rule,
        council_acts=_council_acts(session, asked, reader, moment),
    )


def _chosen(found: Iterable[Occurrence], asked: Asked) -> list[Occurrence]:
    """What concerns a country or a group is also what concerns it among others."""
    members = frame().members_of(asked.group) if asked.group else None
    narrowed = [one for one in found if asked.kind in (None, one.kind)]
    if asked.iso3:
        narrowed = [one for one in narrowed if _concerns(one, {asked.iso3})]
    return narrowed if members is None else [one for one in narrowed if _concerns(one, members)]


def _council_acts(session: Session, asked: Asked, reader: Principal, moment: Moment) -> Sequence[ActTold]:
    if asked.kind not in (None, OccasionKind.SESSION):
        return ()
    iso3s = {asked.iso3} if asked.iso3 else None
    if asked.group:
        members = set(frame().members_of(asked.group))
        iso3s = members if iso3s is None else members & iso3s
    window = (moment.day - BACK, moment.day)
    sight = {"known": moment.known_at, "iso3s": iso3s}
    return acts_told(council_acts.known_then(session, reader.scope, reader.clearance, *window, **sight))  # type: ignore[arg-type]


def _concerns(one: Occurrence, iso3s: Collection[str]) -> bool:
    return any(iso3 in iso3s for iso3 in concerned_by(one)) if one.iso3 or one.group_key else True


def _scored(chosen: Iterable[Occurrence], reader: Principal) -> set[str]:
    """The countries whose scores are told, or decide what is."""
    found = {iso3 for one in chosen if one.iso3 or one.kind in MAY_SET_OFF for iso3 in concerned_by(one)}
    return {iso3 for iso3 in found if reader.reaches(iso3)}


def days_left_words(days: int) -> str:
    if days == 0:
        return str(_("today"))
    if days == 1:
        return str(_("tomorrow"))
    if days > 0:
        return str(ngettext("in %(num)s day", "in %(num)s days", days))
    return str(ngettext("%(num)s day ago", "%(num)s days ago", -days))


@dataclass(frozen=True)
class _Telling:
    """What the days of one page are told with."""

    moment: Moment
    # Of those that speak of days to come the one that looks farthest ahead. None: none speaks.
    rule: Rule | None
    method: Method | None
    scores: Mapping[str, Scores]

    def told(self, one: Occurrence, country: Country | None) -> Coming:
        found = self.scores.get(one.iso3 or "")
        days_left = (one.day - self.moment.day).days
        words, is_near_and_high = self._sets_off(one, country, days_left)
        return Coming(
            one=one,
            country=country,
            days_left=days_left,
            risk=self._value(found, ROOT),
            thin=bool(self.method and found and self.method.is_thin(_coverage(self.method.tree, found))),
            sets_off=words,
            is_near_and_high=is_near_and_high,
        )

    def _sets_off(self, one: Occurrence, country: Country | None, days_left: int) -> tuple[str, bool]:
        """In words, and whether it does so now."""
        if one.kind not in MAY_SET_OFF or self.rule is None or days_left < 0 or one.removed:
            return "", False
        if country is None:
            return self._sets_off_among(one, self.rule, days_left)
        if not country.watched:
            return str(_("no: the country is not watched")), False
        value = self._value(self.scores.get(country.iso3), self.rule.nodes[0])
        if value is None:
            return str(_("not enough evidence")), False
        if value < self.rule.lowest_line:
            return str(_("no: the score is lower")), False
        if days_left <= self.rule.days:
            return str(_("yes, now")), True
        return str(_("from %(day)s on", day=day(one.day - timedelta(days=self.rule.days)))), False

    def _sets_off_among(self, one: Occurrence, rule: Rule, days_left: int) -> tuple[str, bool]:
        """Of several countries: in how many of those that the reader may know of."""
        watched = [iso3 for iso3 in concerned_by(one) if iso3 in self.scores and frame().countries[iso3].watched]
        values = [self._value(self.scores[iso3], rule.nodes[0]) for iso3 in watched]
        number = sum(value is not None and value >= rule.lowest_line for value in values)
        if not number:
            return str(_("no: no score is so high")), False
        if days_left <= rule.days:
            return str(ngettext("yes, now, in %(num)s country", "yes, now, in %(num)s countries", number)), True
        since = day(one.day - timedelta(days=rule.days))
        words = ngettext(
            "from %(day)s on, in %(num)s country", "from %(day)s on, in %(num)s countries", number, day=since
        )
        return str(words), False

    def _value(self, found: Scores | None, node: str) -> float | None:
        if self.method is None or found is None or node not in self.method.tree.positions:
            return None
        value = value_of(self.method.tree, found, node)
        return None if math.isnan(value) else value


def _telling(session: Session, reader: Principal, moment: Moment, iso3s: set[str]) -> _Telling:
    chosen = frame().method_at(session, moment)
    if chosen is None:
        return _Telling(moment, None, None, {})
    number, method = chosen
    found: Mapping[str, Scores]
    if moment.is_now:
        now = scores.now(session, number, method.tree, reader.clearance, iso3s)
        found = {iso3: one.scores for iso3, one in now.items()}
    else:
        sight = {"day": moment.day, "known": moment.known_at}
        found = scores.on_day(session, number, method.tree, reader.clearance, iso3s, **sight)  # type: ignore[arg-type]
    return _Telling(moment, _rule_then(session, moment.known_at), method, found)


def _rule_then(session: Session, known: datetime) -> Rule | None:
    newest: dict[str, RuleVersion] = {}
    for version in rules.everything(session):
        if version.in_force_since is not None and version.in_force_since <= known:
            newest.setdefault(version.key, version)
    spoke = [Rule.from_plain(version.content) for version in newest.values() if version.speaks]
    return max((one for one in spoke if one.kind is Kind.TRIGGER), key=lambda one: one.days, default=None)


def _coverage(tree: Tree, found: Scores) -> float:
    return float(found.coverage[tree.positions[ROOT]])
