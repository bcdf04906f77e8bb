"""How values are put into words and figures, in the reader's language. Templates use these as filters."""

from datetime import date, datetime

from flask import Flask
from flask_babel import format_date, format_datetime, format_decimal, format_percent, get_locale, get_timezone
from flask_babel import gettext as _

from tracker.access import PersonStatus, Role
from tracker.answer import Trouble
from tracker.country import FALLBACK_LANGUAGE, GroupKind, Named, name_in
from tracker.criterion import Dimension
from tracker.handling import Mark
from tracker.indicator import Cadence, Voice
from tracker.score import Level, in_points
from tracker.web.browsers import browser_and_system

MINUS = "−"


def teach(app: Flask) -> None:
    """Makes the words known to every template, each as a filter of its own name."""
    filters = (
        *(country_name, figure, points, percent, signed, day, period, moment, level_word),
        *(dimension_word, voice_word, cadence_word, group_kind_word),
        *(role_word, status_word, mark_word, browser_words, month_name, month_short, marks_up_to, trouble_words),
    )
    for word in filters:
        app.jinja_env.filters[word.__name__] = word


def reader_language() -> str:
    locale = get_locale()
    return locale.language if locale else FALLBACK_LANGUAGE


def country_name(named: Named) -> str:
    return name_in(named, reader_language())


def figure(value: float, digits: int = 2) -> str:
    """At most that many digits after the point, a true minus sign."""
    return _written(value, digits, "#")


def points(score: float) -> str:
    """A score as it is shown everywhere."""
    return figure(in_points(score), 1)


def percent(share: float) -> str:
    return str(format_percent(share))


def signed(value: float, digits: int = 2) -> str:
    """A change: plus or minus before it, nothing before zero, and always that many digits."""
    written = _written(value, digits, "0")
    return f"+{written}" if round(value, digits) > 0 else written


def day(value: date) -> str:
    return str(format_date(value, format="d MMMM yyyy"))


def period(on: date, cadence: Cadence) -> str:
    """The month or the year that a value is about: as exact as its measure is, and no more."""
    return str(on.year) if cadence in (Cadence.YEARLY, Cadence.ONCE) else str(format_date(on, format="MMM y"))


def month_name(value: date) -> str:
    return str(format_date(value, format="LLLL y"))


def month_short(value: date) -> str:
    return str(format_date(value, format="LLL"))


def trouble_words(trouble: Trouble) -> str:
    """What speaks against an answer, in the reader's language."""
    return str(_(trouble.sentence, **trouble.values))


def marks_up_to(clearance: Mark) -> list[tuple[int, str]]:
    """The marks that somebody may give, none above what they may see; where the heading says that they are TLP."""
    return [(int(mark), mark.label.removeprefix("TLP:")) for mark in Mark if mark <= clearance]


def moment(value: datetime) -> str:
    """In the reader's own zone, which is named as they chose it."""
    return f"{format_datetime(value, format='d MMM y, HH:mm')} {get_timezone()}"


def dimension_word(value: Dimension) -> str:
    words: dict[Dimension, str] = {
        Dimension.PRESSURE: _("Pressure"),
        Dimension.SIGNS: _("Signs"),
        Dimension.PROTECTION: _("Missing protection"),
    }
    return words[value]


def voice_word(value: Voice) -> str:
    words: dict[Voice, str] = {Voice.CODED: _("coded by analysts"), Voice.PUBLISHED: _("published")}
    return words[value]


def cadence_word(value: Cadence) -> str:
    words: dict[Cadence, str] = {
        Cadence.MONTHLY: _("every month"),
        Cadence.QUARTERLY: _("every quarter"),
        Cadence.YEARLY: _("every year"),
        Cadence.ONCE: _("once"),
    }
    return words[value]


def group_kind_word(value: GroupKind) -> str:
    words: dict[GroupKind, str] = {
        GroupKind.UN_REGION: _("UN region"),
        GroupKind.UN_SUBREGION: _("UN subregion"),
        GroupKind.ORGANISATION: _("Organisation"),
    }
    return words[value]


def level_word(value: Level) -> str:
    words: dict[Level, str] = {
        Level.LOW: _("low"),
        Level.GUARDED: _("guarded"),
        Level.ELEVATED: _("elevated"),
        Level.HIGH: _("high"),
        Level.CRITICAL: _("critical"),
    }
    return words[value]


def role_words() -> dict[Role, str]:
    return {
        Role.READER: _("Reader"),
        Role.ANALYST: _("Analyst"),
        Role.REVIEWER: _("Reviewer"),
        Role.METHODOLOGIST: _("Methodologist"),
        Role.ADMINISTRATOR: _("Administrator"),
    }


def role_word(value: Role) -> str:
    return role_words()[value]


def status_word(value: PersonStatus) -> str:
    words: dict[PersonStatus, str] = {
        PersonStatus.INVITED: _("invited"),
        PersonStatus.ACTIVE: _("active"),
        PersonStatus.DEACTIVATED: _("deactivated"),
    }
    return words[value]


def mark_words() -> dict[Mark, str]:
    """The label, which is the same in every language, and how far what bears it may travel."""
    return {
        Mark.CLEAR: _("%(label)s: the world may know", label=Mark.CLEAR.label),
        Mark.GREEN: _("%(label)s: this community", label=Mark.GREEN.label),
        Mark.AMBER: _("%(label)s: the organisation and those it works for", label=Mark.AMBER.label),
        Mark.AMBER_STRICT: _("%(label)s: the organisation only", label=Mark.AMBER_STRICT.label),
        Mark.RED: _("%(label)s: the persons told, nobody else", label=Mark.RED.label),
    }


def mark_word(value: int) -> str:
    return mark_words()[Mark(value)]


def browser_words(user_agent: str) -> str:
    browser, system = browser_and_system(user_agent)
    if browser and system:
        return str(_("%(browser)s on %(system)s", browser=browser, system=system))
    return browser or system or str(_("unknown browser"))


def _written(value: float, digits: int, digit: str) -> str:
    pattern = "#,##0" + ("." + digit * digits if digits else "")
    # rounding -0.001 must not leave a minus before a zero
    return str(format_decimal(round(value, digits) or 0.0, format=pattern)).replace("-", MINUS)
