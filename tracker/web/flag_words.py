"""What a flag says, in the reader's language: sentences come with their values apart, and keys become names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from tracker.handling import Mark
from tracker.indicator import Voice
from tracker.method import ROOT, voice_key
from tracker.rule import Severity
from tracker.storage import catalogue, occasions, rules
from tracker.storage.base import Session
from tracker.storage.flags import MANUAL, SeenFlag
from tracker.web.words import day, figure, voice_word

# What the values of a sentence are, by their names; whatever else is text was typed by a person.
KEYS = ("subject", "node")
DAYS = ("on", "since", "reached_on", "until", "occasion_on")


@dataclass(frozen=True)
class FlagNames:
    """By key, what flags speak of: nodes of the tree, indicators, occasions that the reader may know of; and rules."""

    subjects: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)

    def subject(self, key: str) -> str:
        """An occasion without a name is one that the reader must not know of."""
        return self.subjects.get(key) or (str(_("an occasion")) if key.isdecimal() else key)

    def rule(self, one: SeenFlag) -> str:
        if one.flag.rule_key == MANUAL:
            return str(_("Raised by a person"))
        return self.rules.get(one.flag.rule_key, one.flag.rule_key)

    def title(self, one: SeenFlag) -> str:
        if one.flag.rule_key == MANUAL:
            return str(_("Raised by a person (%(number)s)", number=one.flag.subject))
        return str(_("%(rule)s: %(subject)s", rule=self.rule(one), subject=self.subject(one.flag.subject)))


@dataclass(frozen=True)
class FlagTold:
    sentence: str
    # Empty: nobody said what would clear it.
    clears: str
    # Which few measures would have to fall for that; empty: nobody can say.
    quickest: str
    # What moved, and how.
    behind: Sequence[str]


def flag_names(session: Session, iso3s: Sequence[str], clearance: Mark) -> FlagNames:
    criteria = catalogue.all_criteria(session)
    subjects = {ROOT: str(_("the risk as a whole"))}
    for criterion in criteria:
        subjects[criterion.key] = criterion.name
        for voice in Voice:
            words = _("%(name)s, %(voice)s", name=criterion.name, voice=voice_word(voice))
            subjects[voice_key(criterion.key, voice)] = str(words)
    subjects |= {indicator.key: indicator.name for indicator in catalogue.all_indicators(session)}
    subjects |= {str(one.id): one.name for one in occasions.ever(session, iso3s, clearance)}
    named = {row.key: str(row.content.get("name", row.key)) for row in rules.newest_in_force(session)}
    return FlagNames(subjects, named)


def flag_told(explanation: Mapping[str, Any], names: FlagNames) -> FlagTold:
    return FlagTold(
        sentence=_sentence(explanation.get("sentence", ""), explanation.get("values", {}), names),
        clears=_sentence(explanation.get("clears", ""), explanation.get("clears_values", {}), names),
        quickest=_quickest(explanation.get("quickest", ()), names),
        behind=[_movement(one, names) for one in explanation.get("behind", ())],
    )


def _quickest(falls: Sequence[Mapping[str, Any]], names: FlagNames) -> str:
    if not falls:
        return ""
    told = [
        _(
            "%(name)s below %(to)s points (now %(now)s)",
            name=names.subject(fall["key"]),
            to=figure(fall["to"], 1),
            now=figure(fall["now"], 1),
        )
        if fall["to"]
        else _("%(name)s to 0 points (now %(now)s)", name=names.subject(fall["key"]), now=figure(fall["now"], 1))
        for fall in falls
    ]
    return str(_("The quickest way: %(falls)s.", falls=", ".join(map(str, told))))


def severity_word(value: int) -> str:
    words: dict[Severity, str] = {
        Severity.NOTICE: _("notice"),
        Severity.WARNING: _("warning"),
        Severity.ALARM: _("alarm"),
    }
    return words[Severity(value)]


def _sentence(template: str, values: Mapping[str, Any], names: FlagNames) -> str:
    if not template:
        return ""
    return str(_(template, **{name: _value(name, value, names) for name, value in values.items()}))


def _value(name: str, value: Any, names: FlagNames) -> str:
    if value is None:
        return str(_("not known"))
    if name in KEYS:
        return names.subject(str(value))
    if name in DAYS:
        return day(date.fromisoformat(value))
    return figure(value, 1) if isinstance(value, int | float) else str(value)


def _movement(moved: Mapping[str, Any], names: FlagNames) -> str:
    """What a node or an indicator was and is, in points."""
    told = {"name": names.subject(moved["key"]), "now": _value("now", moved["now"], names)}
    if moved["since"] is None:
        return str(_("%(name)s: %(now)s", **told))
    since, before = day(date.fromisoformat(moved["since"])), _value("before", moved["before"], names)
    if moved["before"] is None and moved["now"] is None:
        return str(_("%(name)s: missing since %(since)s", name=told["name"], since=since))
    return str(_("%(name)s: %(before)s on %(since)s, %(now)s now", **told, before=before, since=since))
