"""How measures are put into words: their kinds, who takes them, and why one is suggested or gives misgivings."""

from collections.abc import Mapping

from flask import Flask
from flask_babel import gettext as _

from tracker.assessment import Stage
from tracker.measure import MISGIVINGS, MeasureKind, Misgiving, Reason, Sphere
from tracker.web.frame import frame
from tracker.web.situations.words import stage_word
from tracker.web.words import points


def teach(app: Flask) -> None:
    """Makes the words known to every template, each as a filter of its own name."""
    for word in (kind_word, sphere_word, misgiving_words, reason_words):
        app.jinja_env.filters[word.__name__] = word


def kind_word(value: MeasureKind) -> str:
    words: dict[MeasureKind, str] = {
        MeasureKind.DIPLOMATIC: _("Diplomacy"),
        MeasureKind.POLITICAL: _("Political steps"),
        MeasureKind.MEDIATION: _("Mediation and dialogue"),
        MeasureKind.MONITORING: _("Human-rights monitoring"),
        MeasureKind.ASSISTANCE: _("Assistance and capacity"),
        MeasureKind.SECURITY_SECTOR: _("Security sector"),
        MeasureKind.ACCOUNTABILITY: _("Courts and accountability"),
        MeasureKind.ECONOMIC: _("Economic measures"),
        MeasureKind.PEACE_OPERATION: _("Peace operations"),
        MeasureKind.FORCE: _("Force"),
    }
    return words[value]


def sphere_word(value: Sphere) -> str:
    words: dict[Sphere, str] = {
        Sphere.NATIONAL: _("the State itself"),
        Sphere.BILATERAL: _("other States"),
        Sphere.REGIONAL: _("regional organisations"),
        Sphere.UNITED_NATIONS: _("the United Nations"),
    }
    return words[value]


def misgiving_words(value: Misgiving) -> str:
    return str(_(MISGIVINGS[value]))


def reason_words(reason: Reason) -> str:
    """Keys of criteria become names, points figures, stages words."""
    return str(_(reason.sentence, **{name: _value(value) for name, value in reason.values.items()}))


def _value(value: Stage | tuple[Stage, ...] | Mapping[str, float | None]) -> str:
    if isinstance(value, Stage):
        return stage_word(value)
    if isinstance(value, tuple):
        return ", ".join(map(stage_word, value))
    return ", ".join(_pressing(key, at) for key, at in value.items())


def _pressing(key: str, at: float | None) -> str:
    name = next((one.name for one in frame().every_criterion if one.key == key), key)
    if at is None:
        return str(_("%(criterion)s (a flag is open)", criterion=name))
    return str(_("%(criterion)s (%(points)s of 100)", criterion=name, points=points(at)))
