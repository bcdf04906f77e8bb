"""How the method and its rules are put into words: nodes, kinds, parameters, and what differs between versions."""

from collections.abc import Mapping

from flask import Flask
from flask_babel import gettext as _

from tracker.criterion import Dimension
from tracker.explanation import Sentence
from tracker.index import Combine
from tracker.indicator import Transform, Voice
from tracker.method import ROOT, voice_key
from tracker.rule import CRITERIA, Kind, Rule, Severity
from tracker.storage import catalogue
from tracker.storage.base import Session
from tracker.web.words import dimension_word, figure, voice_word

# Weights are kept at full precision; six digits tell any two apart that a person would write.
DIGITS = 6
Names = Mapping[str, str]
"""By key: what nodes of the tree and indicators are called."""


def teach(app: Flask) -> None:
    for word in (kind_words, combine_word, transform_word, exact, exact_percent):
        app.jinja_env.filters[word.__name__] = word


def exact(value: float) -> str:
    return figure(value, DIGITS)


def exact_percent(share: float) -> str:
    return str(_("%(number)s%%", number=exact(share * 100)))


def names(session: Session) -> dict[str, str]:
    found = {ROOT: str(_("Risk")), CRITERIA: str(_("each criterion"))}
    found |= {dimension.value: dimension_word(dimension) for dimension in Dimension}
    for criterion in catalogue.all_criteria(session):
        found[criterion.key] = criterion.name
        for voice in Voice:
            words = _("%(name)s, %(voice)s", name=criterion.name, voice=voice_word(voice))
            found[voice_key(criterion.key, voice)] = str(words)
    return found | {indicator.key: indicator.name for indicator in catalogue.all_indicators(session)}


def kind_words(kind: Kind) -> str:
    """What a rule of that kind measures."""
    words: dict[Kind, str] = {
        Kind.LEVEL: _("It speaks when a score stands at or above a line."),
        Kind.RISE: _(
            "It speaks when a score has risen by more than a line within a window, and by more than can be put"
            " down to uncertainty."
        ),
        Kind.BREAKDOWN: _(
            "It counts the indicators of a criterion that got worse by a level since the beginning of a window."
        ),
        Kind.CONVERGENCE: _("It counts the criteria that got worse by a level since the beginning of a window."),
        Kind.SUSTAINED: _("It counts on how many of the last monthly assessments a score stood at or above a floor."),
        Kind.NEW_HIGH: _(
            "It speaks when the severity of an indicator is higher than it has been for so many months, and at or"
            " above a floor. That is news for as long as the shortest of these times."
        ),
        Kind.OUTLIER: _(
            "It speaks when a score lies so many times as far above the middle of its region as is usual there:"
            " in robust standard deviations above the median."
        ),
        Kind.CONTRADICTION: _(
            "It speaks when the published and the coded voice of a criterion, or two fresh answers from different"
            " sources, lie so many points apart."
        ),
        Kind.SILENCE: _(
            "Its first step is that an answer of our analysts is late, its second that a criterion that had a score"
            " has none any more."
        ),
        Kind.TRIGGER: _("It speaks when an occasion is near while a score stands at or above a line."),
        Kind.MANUAL: _("A person raises it and says why; nothing is computed."),
    }
    return str(words[kind])


def line_words(severity: Severity) -> str:
    words: dict[Severity, str] = {
        Severity.NOTICE: _("Notice from"),
        Severity.WARNING: _("Warning from"),
        Severity.ALARM: _("Alarm from"),
    }
    return str(words[severity])


def parameter_words(parameter: str, kind: Kind) -> str:
    if (parameter, kind) == ("days", Kind.TRIGGER):
        return str(_("Days before the occasion"))
    if (parameter, kind) == ("months", Kind.SUSTAINED):
        return str(_("Assessments looked at"))
    words: dict[str, str] = {
        "nodes": _("Looks at"),
        "months": _("Window in months"),
        "days": _("Late after days"),
        "floor": _("Floor in points"),
        "peers": _("Other countries of the region that need a score"),
        "margin": _("Holds until so far below its line"),
        "quiet_days": _("Days of quiet after its end"),
    }
    return str(words[parameter])


def parameter_value(rule: Rule, parameter: str, named: Names) -> str:
    value = getattr(rule, parameter)
    return ", ".join(named.get(node, node) for node in value) if parameter == "nodes" else exact(value)


def combine_word(value: Combine) -> str:
    words: dict[Combine, str] = {
        Combine.ARITHMETIC: _("weighted mean"),
        Combine.GEOMETRIC: _("geometric mean"),
        Combine.INFORM: _("mean of the INFORM index"),
    }
    return str(words[value])


def transform_word(value: Transform) -> str:
    words: dict[Transform, str] = {Transform.NONE: _("evenly"), Transform.LOG: _("by its logarithm")}
    return str(words[value])


def difference_words(sentence: Sentence, named: Names) -> str:
    values = {name: _value(name, value, named) for name, value in sentence.values.items()}
    return str(_(sentence.template, **values) if values else _(sentence.template))


def _value(name: str, value: object, named: Names) -> str:
    if value is None:
        return str(_("none"))
    if isinstance(value, int | float):
        return exact(value)
    if name in ("node", "child", "indicator"):
        return named.get(str(value), str(value))
    return _vocabulary().get(str(value), str(value))


def _vocabulary() -> dict[str, str]:
    combining = {one.value: combine_word(one) for one in Combine}
    return combining | {one.value: transform_word(one) for one in Transform}
