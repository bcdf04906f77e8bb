"""What a flag says, in the reader's language: sentences come with their values apart, and keys become names."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.criterion import Dimension
from tracker.handling import Mark
from tracker.index import Tree
from tracker.indicator import Voice
from tracker.method import ROOT, voice_key
from tracker.refusal import N_
from tracker.rule import Severity
from tracker.storage import occasions
from tracker.storage.base import Session
from tracker.storage.conclusions import Occasion
from tracker.storage.flags import MANUAL, SeenFlag
from tracker.storage.watching import Criterion, Indicator
from tracker.web.frame import frame
from tracker.web.words import day, dimension_word, figure, points, voice_word
from tracker.workings import Scores, value_of

# What the values of a sentence are, by their names; whatever else is text was typed by a person.
KEYS = ("subject", "node")
DAYS = ("on", "since", "reached_on", "until", "occasion_on", "published_on", "coded_on", "newer_on", "older_on")
# Shown as they are everywhere else, so that one score is not two numbers.
SCORES = ("before", "now", "high", "median", "published", "coded")
# The written scale of what our analysts code, 0 to 4, and how many points lie from one level to the next.
WRITTEN_LEVELS = range(5)
POINTS_A_LEVEL = 25
_SEVERITIES: Mapping[Severity, str] = {
    Severity.NOTICE: N_("notice"),
    Severity.WARNING: N_("warning"),
    Severity.ALARM: N_("alarm"),
}
Points = Mapping[str, float | None]
"""By node and indicator; None: too little is known. What is not there is not asked about."""


@dataclass(frozen=True)
class FlagNames:
    """By key, what flags speak of: nodes of the tree, indicators, occasions that the reader may know of; and rules."""

    subjects: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)
    # Where on the country's page the evidence stands.
    places: Mapping[str, str] = field(default_factory=dict)
    # The indicators whose points are written levels.
    levelled: Collection[str] = ()

    def subject(self, key: str) -> str:
        """An occasion without a name is one that the reader must not know of."""
        return self.subjects.get(key) or (str(_("an occasion")) if key.isdecimal() else key)

    def rule(self, one: SeenFlag) -> str:
        if one.flag.rule_key == MANUAL:
            return str(_("Raised by a person"))
        return self.rules.get(one.flag.rule_key, one.flag.rule_key)

    def title(self, one: SeenFlag) -> str:
        return self.title_of(one.flag.rule_key, one.flag.subject)

    def title_of(self, rule: str, subject: str) -> str:
        if rule == MANUAL:
            return str(_("Raised by a person (%(number)s)", number=subject))
        return str(_("%(rule)s: %(subject)s", rule=self.rules.get(rule, rule), subject=self.subject(subject)))


@dataclass(frozen=True)
class Moved:
    """A node or an indicator behind a flag: what it was and is, in points."""

    name: str
    # On the country's page; empty: nowhere.
    place: str
    words: str


@dataclass(frozen=True)
class FlagTold:
    """All of it as things stood on one day, in the view of the flag; what is said of today is the reader's own view."""

    on: date
    sentence: str
    # Empty: nobody said what would clear it.
    clears: str
    # Which few measures would have to fall for that; empty: nobody can say.
    quickest: str
    # What moved, and how.
    behind: Sequence[Moved]


def flag_names(session: Session, iso3s: Sequence[str], clearance: Mark) -> FlagNames:
    known = frame()
    may_know = occasions.ever(session, iso3s, clearance)
    return names_for_flags(known.every_criterion, known.every_indicator, may_know, known.rule_names)


def names_for_flags(
    criteria: Iterable[Criterion],
    indicators: Collection[Indicator],
    may_know: Iterable[Occasion],
    rule_names: Mapping[str, str],
) -> FlagNames:
    """`may_know`: the occasions that the reader may know of. `rule_names`: by key."""
    subjects, places = {ROOT: str(_("the risk as a whole"))}, {ROOT: "risk"}
    for dimension in Dimension:
        subjects[dimension.value], places[dimension.value] = dimension_word(dimension), "risk"
    voices = {voice: voice_word(voice) for voice in Voice}
    for criterion in criteria:
        subjects[criterion.key], places[criterion.key] = criterion.name, f"of-{criterion.key}"
        for voice, words in voices.items():
            node = voice_key(criterion.key, voice)
            subjects[node] = str(_("%(name)s, %(voice)s", name=criterion.name, voice=words))
            places[node] = places[criterion.key]
    for indicator in indicators:
        subjects[indicator.key], places[indicator.key] = indicator.name, indicator.key
    subjects |= {str(one.id): one.name for one in may_know}
    return FlagNames(subjects, rule_names, places, {one.key for one in indicators if _has_written_levels(one)})


def points_in(tree: Tree, found: Scores) -> Points:
    values = {key: value_of(tree, found, key) for key in tree.positions}
    return {key: None if math.isnan(value) else value for key, value in values.items()}


def flag_told(explanation: Mapping[str, Any], names: FlagNames, *, on: date, today: Points) -> FlagTold:
    """`on` is the day of the event whose explanation it is."""
    return FlagTold(
        on=on,
        sentence=flag_sentence(explanation, names),
        clears=_sentence(explanation, "clears", explanation.get("clears_values", {}), names),
        quickest=_quickest(explanation.get("quickest", ()), names),
        behind=[_moved(one, names, today) for one in explanation.get("behind", ())],
    )


def told_of_today(explanation: Mapping[str, Any], today: Points) -> str:
    """Of a flag that names a score: what that is now in the reader's own view. Empty: the same, or it names none.

    The flag may speak for those who may see less, and then it would contradict the score that stands beside it.
    """
    values = explanation.get("values", {})
    now = today.get(values.get("node", values.get("subject", "")))
    names_it = "%(now)s" in explanation.get("sentence", "") and values.get("now") is not None
    if now is None or not names_it or points(now) == points(values["now"]):
        return ""
    return str(_("Today, by what you may see, it is %(now)s.", now=points(now)))


def flag_sentence(explanation: Mapping[str, Any], names: FlagNames) -> str:
    """What was said, without what lies behind it and what would clear it."""
    return _sentence(explanation, "sentence", explanation.get("values", {}), names)


def _quickest(falls: Sequence[Mapping[str, Any]], names: FlagNames) -> str:
    if not falls:
        return ""
    told = ", ".join(_fall(fall, names) for fall in falls)
    return str(_("The quickest way, as things stood then: %(falls)s.", falls=told))


def _fall(fall: Mapping[str, Any], names: FlagNames) -> str:
    name, now, to = names.subject(fall["key"]), fall["now"], fall["to"]
    if fall["key"] in names.levelled:
        is_now, below = round(now / POINTS_A_LEVEL), [one for one in WRITTEN_LEVELS if one * POINTS_A_LEVEL < to]
        return str(_("%(name)s from level %(now)s to level %(to)s", name=name, now=is_now, to=max(below, default=0)))
    if to:
        told = {"now": figure(now, 1), "to": figure(to, 1)}
        return str(_("%(name)s from %(now)s to below %(to)s points", name=name, **told))
    return str(_("%(name)s from %(now)s to 0 points", name=name, now=figure(now, 1)))


def _has_written_levels(indicator: Indicator) -> bool:
    ends = WRITTEN_LEVELS[0], WRITTEN_LEVELS[-1]
    return len(indicator.levels) == len(WRITTEN_LEVELS) and (indicator.best, indicator.worst) == ends


def severity_word(value: int) -> str:
    return str(_(_SEVERITIES[Severity(value)]))


def _sentence(explanation: Mapping[str, Any], which: str, values: Mapping[str, Any], names: FlagNames) -> str:
    """What was said before sentences bent with numbers does not."""
    template = explanation.get(which, "")
    if not template:
        return ""
    told = {name: _value(name, value, names) for name, value in values.items()}
    if about_many := explanation.get(f"{which}_of_many"):
        return str(ngettext(template, about_many, round(values[explanation[f"{which}_counts"]]), **told))
    return str(_(template, **told))


def _value(name: str, value: Any, names: FlagNames) -> str:
    if value is None:
        return str(_("not known"))
    if name in KEYS:
        return names.subject(str(value))
    if name in DAYS:
        return day(date.fromisoformat(value))
    if name in SCORES and isinstance(value, int | float):
        return points(value)
    return figure(value, 1) if isinstance(value, int | float) else str(value)


def _moved(moved: Mapping[str, Any], names: FlagNames, today: Points) -> Moved:
    key, words = moved["key"], _movement(moved, names)
    # what is missing still need not be said twice
    if key in today and (moved["now"], today[key]) != (None, None):
        told = {"movement": words, "today": _value("now", today[key], names)}
        # the flag may speak for those who may see less, or more, than this reader
        if told["today"] == _value("now", moved["now"], names):
            words = str(_("%(movement)s; today the same", **told))
        else:
            words = str(_("%(movement)s; today, by what you may see, %(today)s", **told))
    return Moved(names.subject(key), names.places.get(key, ""), words)


def _movement(moved: Mapping[str, Any], names: FlagNames) -> str:
    values = {name: _value(name, moved[name], names) for name in ("since", "before", "on", "now")}
    if moved["since"] is None:
        return str(_("%(now)s on %(on)s", **values))
    if moved["before"] is None and moved["now"] is None:
        return str(_("missing since %(since)s", **values))
    return str(_("%(before)s on %(since)s, %(now)s on %(on)s", **values))
