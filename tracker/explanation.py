"""Why does a flag stand, what lies behind it, and what would clear it?

A sentence names the day of which it speaks: it is read later, beside newer figures. It is kept apart from its values,
so that a page can say it in the reader's language: numbers stay numbers and subjects stay keys.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import numpy as np

from tracker.index import FloatArray
from tracker.indicator import Voice
from tracker.method import voice_key
from tracker.occasion import months_after
from tracker.panel import Panel, of_countries
from tracker.refusal import N_, NN_
from tracker.rule import MISSING_SCORE, Kind, Rule
from tracker.signal import before, is_a_level_worse, median, new_highs, signal_of, standing_high


@dataclass(frozen=True)
class Sentence:
    template: str
    values: Mapping[str, object]
    # The same sentence about more than one, and the value that it bends with; empty: no word bends with a number.
    about_many: str = ""
    counted: str = ""


def counting(forms: tuple[str, str], counted: str, values: Mapping[str, object]) -> Sentence:
    """`forms`: of one, and of more."""
    one, many = forms
    return Sentence(one, values, many, counted)


@dataclass(frozen=True)
class Movement:
    """What a node or an indicator was and is, in points."""

    key: str
    # None: there is nothing to compare with.
    since: date | None
    # None: not enough was known, or there is nothing to compare with.
    before: float | None
    on: date
    # None: not enough is known.
    now: float | None


@dataclass(frozen=True)
class Explanation:
    sentence: Sentence
    clears_when: Sentence
    behind: tuple[Movement, ...] = ()


_NO_EVIDENCE = N_("Too little was known of %(subject)s on %(on)s to judge anew; the flag stays as it was.")
_UNTIL_KNOWN = N_("It can clear only when enough is known again.")
_GONE = N_("What it spoke of is not there any more.")
_NOTHING = N_(
    "Nothing spoke for it any more on %(on)s: what the rule measures of %(subject)s was %(strength)s, and a flag holds"
    " at %(below)s or more."
)
_NOW = N_("It clears at the next assessment.")
_MANUAL = N_("Somebody raised it; their reason stands beside it.")
_BY_HAND = N_("It clears when somebody decides so.")

_LEVEL = N_("The score of %(subject)s was %(now)s on %(on)s; the rule speaks at %(line)s or more.")
_RISE = N_(
    "The score of %(subject)s rose by %(strength)s from %(since)s to %(on)s, more than can be put down to uncertainty;"
    " the rule speaks at %(line)s or more."
)
_BREAKDOWN = NN_(
    "%(strength)s indicator of %(subject)s got worse by a level or more from %(since)s to %(on)s; the rule speaks at"
    " %(line)s or more.",
    "%(strength)s indicators of %(subject)s got worse by a level or more from %(since)s to %(on)s; the rule speaks at"
    " %(line)s or more.",
)
_CONVERGENCE = NN_(
    "%(strength)s criterion got worse by a level or more from %(since)s to %(on)s; the rule speaks at %(line)s or"
    " more.",
    "%(strength)s criteria got worse by a level or more from %(since)s to %(on)s; the rule speaks at %(line)s or more.",
)
_SUSTAINED = NN_(
    "%(strength)s monthly assessment from %(since)s to %(on)s found the score of %(subject)s at %(floor)s or more; the"
    " rule speaks at %(line)s or more.",
    "%(strength)s monthly assessments from %(since)s to %(on)s found the score of %(subject)s at %(floor)s or more; the"
    " rule speaks at %(line)s or more.",
)
_NEW_HIGH = N_(
    "%(subject)s reached a severity of %(high)s on %(reached_on)s, more than %(margin)s above every day since"
    " %(since)s."
)
_NEAR_ITS_HIGH = N_(
    "%(subject)s stood at a severity of %(now)s on %(on)s, close to the new high of %(high)s that it reached on"
    " %(reached_on)s."
)
_OUTLIER = N_(
    "The score of %(subject)s was %(now)s on %(on)s, far above the middle of its region, %(median)s:"
    " %(strength)s times as far as is usual there; the rule speaks at %(line)s or more."
)
_VOICES = N_(
    "%(subject)s: what is published, up to %(published_on)s, says %(published)s, and our analysts, up to %(coded_on)s,"
    " say %(coded)s. They lie apart by %(strength)s; the rule speaks at %(line)s or more."
)
_SOURCES = N_(
    "%(subject)s: a source of %(newer_on)s and another of %(older_on)s lie apart by %(strength)s; the rule speaks at"
    " %(line)s or more."
)
_LATE = NN_(
    "%(missing)s answer about %(subject)s was due and missing on %(on)s.",
    "%(missing)s answers about %(subject)s were due and missing on %(on)s.",
)
_LOST = N_("Of %(subject)s too little was fresh on %(on)s to give a score, and there was one before.")
_TRIGGER = N_(
    "On %(occasion_on)s comes %(subject)s, and the score of %(node)s was %(now)s on %(on)s; the rule speaks at"
    " %(line)s or more."
)

_SCORE_FALLS = N_("It clears when the score of %(subject)s falls below %(below)s.")
_RISE_SHRINKS = NN_(
    "It clears when the score of %(subject)s lies less than %(below)s above what it was %(months)s month before.",
    "It clears when the score of %(subject)s lies less than %(below)s above what it was %(months)s months before.",
)
_COUNT_FALLS = N_("It clears when that number falls below %(below)s.")
_HIGH_PASSES = N_(
    "It clears when the severity of %(subject)s falls below %(below)s, and otherwise on %(until)s, when the high is no"
    " longer news."
)
_NEARER_ITS_REGION = N_("It clears when that number falls below %(below)s: the country is nearer to its region then.")
_AGREE = N_("It clears when they lie apart by less than %(below)s.")
_HEARD = N_("It clears when %(subject)s has a score and none of its answers is late.")
_OCCASION_PASSES = N_("It clears when the score of %(node)s falls below %(below)s, and otherwise after that day.")


@dataclass(frozen=True)
class _Case:
    """One subject in one country on the last day of a panel, which is cut to that country."""

    rule: Rule
    panel: Panel
    subject: str
    strength: float

    @property
    def values(self) -> dict[str, object]:
        """What sentences of several kinds need. The line is the highest that was reached, or else the lowest."""
        lines = [line for line in self.rule.lines.values() if line <= self.strength]
        line = max(lines, default=self.rule.lowest_line)
        begun = self.day_before(self.rule.months)
        common = {"subject": self.subject, "strength": self.strength, "line": line, "below": self.rule.holds_from}
        return common | {"months": self.rule.months, "since": begun, "on": self.panel.days[-1]}

    def day_before(self, months: int) -> date:
        return self.panel.days[max(0, len(self.panel.days) - 1 - months)]

    def movement(self, key: str, series: FloatArray, months: int | None = None) -> Movement:
        """Up to the last day. `months` None: compared with nothing."""
        now, on = _known(series[0, -1]), self.panel.days[-1]
        if months is None:
            return Movement(key, None, None, on, now)
        return Movement(key, self.day_before(months), _known(before(series, months)[0, -1]), on, now)


def explain(rule: Rule, panel: Panel, country: str, subject: str) -> Explanation:
    """Of a flag that is open, as things stand on the last day of the panel."""
    if rule.kind is Kind.MANUAL:
        return Explanation(Sentence(_MANUAL, {}), Sentence(_BY_HAND, {}))
    signal = signal_of(rule, _surroundings(rule, panel, country))
    if (country, subject) not in signal.rows:
        return Explanation(Sentence(_GONE, {}), Sentence(_NOW, {}))
    strength = float(signal.strength[signal.rows.index((country, subject)), -1])
    if math.isnan(strength):
        unknown = Sentence(_NO_EVIDENCE, {"subject": subject, "on": panel.days[-1]})
        return Explanation(unknown, Sentence(_UNTIL_KNOWN, {}))
    case = _Case(rule, of_countries(panel, {country}), subject, strength)
    if strength < rule.holds_from:
        return Explanation(Sentence(_NOTHING, case.values), Sentence(_NOW, {}))
    if rule.kind is Kind.OUTLIER:
        return _outlier(case, panel)
    return _KINDS[rule.kind](case)


def _surroundings(rule: Rule, panel: Panel, country: str) -> Panel:
    """The country, and its region where the rule compares with that."""
    if rule.kind is not Kind.OUTLIER:
        return of_countries(panel, {country})
    region = panel.regions[panel.countries.index(country)]
    return of_countries(panel, {one for one, its in zip(panel.countries, panel.regions, strict=True) if its == region})


def _level(case: _Case) -> Explanation:
    values = case.values | {"now": case.strength}
    behind = case.movement(case.subject, case.panel.scores[case.subject])
    return Explanation(Sentence(_LEVEL, values), Sentence(_SCORE_FALLS, values), (behind,))


def _rise(case: _Case) -> Explanation:
    behind = case.movement(case.subject, case.panel.scores[case.subject], case.rule.months)
    return Explanation(Sentence(_RISE, case.values), counting(_RISE_SHRINKS, "months", case.values), (behind,))


def _breakdown(case: _Case) -> Explanation:
    indicators = case.panel.indicators[case.subject]
    series = {key: case.panel.severities[key] for key in indicators if key in case.panel.severities}
    return Explanation(
        counting(_BREAKDOWN, "strength", case.values), Sentence(_COUNT_FALLS, case.values), _worse(case, series)
    )


def _convergence(case: _Case) -> Explanation:
    series = {key: case.panel.scores[key] for key in case.panel.indicators if key in case.panel.scores}
    return Explanation(
        counting(_CONVERGENCE, "strength", case.values), Sentence(_COUNT_FALLS, case.values), _worse(case, series)
    )


def _worse(case: _Case, series: Mapping[str, FloatArray]) -> tuple[Movement, ...]:
    months = case.rule.months
    pairs = np.array([(values[0, -1], before(values, months)[0, -1]) for values in series.values()]).reshape(-1, 2)
    is_worse = is_a_level_worse(pairs[:, 0], pairs[:, 1])
    return tuple(case.movement(key, series[key], months) for key, it in zip(series, is_worse, strict=True) if it)


def _sustained(case: _Case) -> Explanation:
    since = case.day_before(case.rule.months - 1)
    values = case.values | {"floor": case.rule.floor, "since": since}
    behind = case.movement(case.subject, case.panel.scores[case.subject], case.rule.months - 1)
    return Explanation(counting(_SUSTAINED, "strength", values), Sentence(_COUNT_FALLS, values), (behind,))


def _new_high(case: _Case) -> Explanation:
    severities = case.panel.severities[case.subject]
    months = round(case.strength)
    high = standing_high(case.rule, severities, months)[0, -1]
    is_reached = new_highs(severities, months, case.rule)[0] & (severities[0] == high)
    column = int(np.flatnonzero(is_reached)[-1])
    reached_on, since = case.panel.days[column], case.panel.days[column - months]
    first, now = _known(severities[0, column - months]), _known(severities[0, -1])
    values = case.values | {
        "now": now,
        "high": float(high),
        "reached_on": reached_on,
        "since": since,
        "margin": case.rule.margin,
        "below": float(high) - case.rule.margin,
        "until": months_after(reached_on, round(case.rule.lowest_line)),
    }
    behind = Movement(case.subject, since, first, case.panel.days[-1], now)
    sentence = _NEW_HIGH if now == high else _NEAR_ITS_HIGH
    return Explanation(Sentence(sentence, values), Sentence(_HIGH_PASSES, values), (behind,))


def _outlier(case: _Case, panel: Panel) -> Explanation:
    region = _surroundings(case.rule, panel, case.panel.countries[0])
    middle = float(median(region.scores[case.subject])[-1])
    behind = case.movement(case.subject, case.panel.scores[case.subject])
    values = case.values | {"now": behind.now, "median": middle}
    return Explanation(Sentence(_OUTLIER, values), Sentence(_NEARER_ITS_REGION, values), (behind,))


def _contradiction(case: _Case) -> Explanation:
    """Of two sides of different days it may be that both are right: so their days are told."""
    sides = case.panel.sides.get(case.subject, (None, None))
    if case.subject not in case.panel.indicators:
        behind = case.movement(case.subject, case.panel.severities[case.subject])
        values = case.values | dict(zip(("newer_on", "older_on"), sides, strict=True))
        return Explanation(Sentence(_SOURCES, values), Sentence(_AGREE, values), (behind,))
    nodes = {voice.value: voice_key(case.subject, voice) for voice in (Voice.PUBLISHED, Voice.CODED)}
    voices = {voice: case.movement(node, case.panel.scores[node]) for voice, node in nodes.items()}
    values = case.values | {voice: movement.now for voice, movement in voices.items()}
    values |= {f"{voice}_on": on for voice, on in zip(voices, sides, strict=True)}
    return Explanation(Sentence(_VOICES, values), Sentence(_AGREE, values), tuple(voices.values()))


def _silence(case: _Case) -> Explanation:
    late = {
        key: float(case.panel.overdue[key][0, -1])
        for key in case.panel.indicators[case.subject]
        if key in case.panel.overdue and case.panel.overdue[key][0, -1] >= case.rule.days
    }
    today = case.panel.days[-1]
    missing = tuple(
        Movement(key, date.fromordinal(today.toordinal() - round(days)), None, today, None)
        for key, days in late.items()
    )
    clears = Sentence(_HEARD, case.values)
    if case.strength < MISSING_SCORE:
        late_ones = counting(_LATE, "missing", case.values | {"missing": len(missing)})
        return Explanation(late_ones, clears, missing)
    scores = case.panel.scores[case.subject]
    last = int(np.flatnonzero(~np.isnan(scores[0]))[-1])
    lost = Movement(case.subject, case.panel.days[last], _known(scores[0, last]), today, None)
    return Explanation(Sentence(_LOST, case.values), clears, (lost, *missing))


def _trigger(case: _Case) -> Explanation:
    occasion = next(one for one in case.panel.occasions if one.key == case.subject)
    [node] = case.rule.nodes
    values = case.values | {"node": node, "now": case.strength, "occasion_on": occasion.day}
    behind = case.movement(node, case.panel.scores[node])
    return Explanation(Sentence(_TRIGGER, values), Sentence(_OCCASION_PASSES, values), (behind,))


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


_KINDS: Mapping[Kind, Callable[[_Case], Explanation]] = MappingProxyType(
    {
        Kind.LEVEL: _level,
        Kind.RISE: _rise,
        Kind.BREAKDOWN: _breakdown,
        Kind.CONVERGENCE: _convergence,
        Kind.SUSTAINED: _sustained,
        Kind.NEW_HIGH: _new_high,
        Kind.CONTRADICTION: _contradiction,
        Kind.SILENCE: _silence,
        Kind.TRIGGER: _trigger,
    }
)
