"""How far back a picture of scores goes, and on which days it looks at the history for that."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from flask_babel import gettext as _

from tracker.trail import quarter_ends

YEAR = timedelta(days=365)
# Long before anything that is published about countries every year.
_LONGEST_YEARS, _QUARTERS = 100, 40


class Window(StrEnum):
    """In years, up to the day that is looked at."""

    ONE = "1"
    THREE = "3"
    TEN = "10"
    ALL = "all"


USUAL = Window.THREE
_YEARS = {Window.ONE: 1, Window.THREE: 3, Window.TEN: 10}


def window_asked_for(arguments: Mapping[str, str]) -> Window:
    """What cannot be understood is the usual one."""
    asked = arguments.get("window", "")
    return Window(asked) if asked in set(Window) else USUAL


def window_arguments(window: Window) -> dict[str, str]:
    """For an address; the usual one need not be said."""
    return {} if window is USUAL else {"window": window.value}


def window_words() -> dict[Window, str]:
    return {
        Window.ONE: _("1 year"),
        Window.THREE: _("3 years"),
        Window.TEN: _("10 years"),
        Window.ALL: _("everything"),
    }


def first_day(window: Window, until: date) -> date | None:
    """None: as far back as there is anything."""
    return until - _YEARS[window] * YEAR if window in _YEARS else None


def ends_of(window: Window, until: date) -> list[date]:
    """Days on which it is enough to know what held: from the last of them, a year ago, every step is read."""
    a_year_ago, first = until - YEAR, first_day(window, until)
    if window is Window.THREE:
        months = ((until.year * 12 + until.month - 1 - back) for back in range(36, 0, -1))
        between = [date(month // 12, month % 12 + 1, 1) - timedelta(days=1) for month in months]
    else:
        between = quarter_ends(until, _QUARTERS)
    if first is None:
        between = [date(year, 12, 31) for year in range(until.year - _LONGEST_YEARS, between[0].year)] + between
        first = between[0]
    return sorted({first, *(end for end in between if first < end < a_year_ago), a_year_ago})
