"""How values are put into words and figures, in the reader's language. Templates use these as filters."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache

from babel import Locale, dates, numbers
from flask import Flask
from flask_babel import format_date, format_datetime, get_locale, get_timezone
from flask_babel import gettext as _

from tracker.access import PersonStatus, Role
from tracker.answer import Trouble
from tracker.country import FALLBACK_LANGUAGE, GroupKind, Named, name_in
from tracker.criterion import Dimension
from tracker.handling import Mark
from tracker.indicator import Cadence, Voice
from tracker.refusal import N_
from tracker.score import Level, in_points, level_of
from tracker.web.browsers import browser_and_system

MINUS = "−"
# Said hundreds of times on one page: only the word that is wanted is looked up.
_LEVELS: Mapping[Level, str] = {
    Level.LOW: N_("low"),
    Level.GUARDED: N_("guarded"),
    Level.ELEVATED: N_("elevated"),
    Level.HIGH: N_("high"),
    Level.CRITICAL: N_("critical"),
}
_DIMENSIONS: Mapping[Dimension, str] = {
    Dimension.PRESSURE: N_("Pressure"),
    Dimension.SIGNS: N_("Signs"),
    Dimension.PROTECTION: N_("Missing protection"),
}
_VOICES: Mapping[Voice, str] = {Voice.CODED: N_("coded by analysts"), Voice.PUBLISHED: N_("published")}
_CADENCES: Mapping[Cadence, str] = {
    Cadence.MONTHLY: N_("every month"),
    Cadence.QUARTERLY: N_("every quarter"),
    Cadence.YEARLY: N_("every year"),
    Cadence.ONCE: N_("once"),
}


def teach(app: Flask) -> None:
    """Makes the words known to every template, each as a filter of its own name."""
    filters = (
        *(country_name, figure, tenths, points, points_beside, percent, signed, day, period, moment, level_word),
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


def tenths(value: float) -> str:
    """Always one digit after the point: numbers of one column stand with their points beneath each other."""
    return _written(value, 1, "0")


def points(score: float) -> str:
    """A score as it is shown everywhere."""
    return figure(in_points(score), 1)


def points_beside(score: float, other: float) -> str:
    """A score that is told beside another of the same thing: with its level where the other has another one."""
    level = level_of(score)
    if level is level_of(other):
        return points(score)
    return str(_("%(score)s (%(level)s)", score=points(score), level=level_word(level)))


def percent(share: float) -> str:
    return _percent_in(get_locale(), share)


def signed(value: float, digits: int = 2) -> str:
    """A change: plus or minus before it, nothing before zero, and always that many digits."""
    written = _written(value, digits, "0")
    return f"+{written}" if round(value, digits) > 0 else written


def day(value: date) -> str:
    return _day_in(get_locale(), value, "d MMMM yyyy")


def period(on: date, cadence: Cadence) -> str:
    """The month or the year that a value is about: as exact as its measure is, and no more."""
    return str(on.year) if cadence in (Cadence.YEARLY, Cadence.ONCE) else _day_in(get_locale(), on, "MMM y")


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
    return str(_(_DIMENSIONS[value]))


def voice_word(value: Voice) -> str:
    return str(_(_VOICES[value]))


def cadence_word(value: Cadence) -> str:
    return str(_(_CADENCES[value]))


def group_kind_word(value: GroupKind) -> str:
    words: dict[GroupKind, str] = {
        GroupKind.UN_REGION: _("UN region"),
        GroupKind.UN_SUBREGION: _("UN subregion"),
        GroupKind.ORGANISATION: _("Organisation"),
    }
    return words[value]


def level_word(value: Level) -> str:
    return str(_(_LEVELS[value]))


def role_words() -> dict[Role, str]:
    return {
        Role.READER: _("Reader"),
        Role.ANALYST: _("Analyst"),
        Role.REVIEWER: _("Reviewer"),
        Role.METHODOLOGIST: _("Methodologist"),
        Role.ADMINISTRATOR: _("Administrator"),
        Role.FOCAL_POINT: _("Focal point"),
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
    return _decimal_in(get_locale(), round(value, digits) or 0.0, pattern)


# A page writes thousands of figures and days, many of them the same: writing one takes as long as a row of a table.
@lru_cache(maxsize=8192)
def _decimal_in(locale: Locale | None, value: float, pattern: str) -> str:
    return str(numbers.format_decimal(value, format=pattern, locale=locale)).replace("-", MINUS)


@lru_cache(maxsize=8192)
def _percent_in(locale: Locale | None, share: float) -> str:
    return str(numbers.format_percent(round(share, 4), locale=locale))


@lru_cache(maxsize=8192)
def _day_in(locale: Locale | None, on: date, pattern: str) -> str:
    return str(dates.format_date(on, format=pattern, locale=locale))
