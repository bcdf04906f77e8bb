"""Which day is meant? A year counts as its last day, and so do a quarter and a month.

03/04/2026 is the third of April to most of the world and the fourth of March to some: it is refused unless the mapping
says which. Two digits for a year are refused as well.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from tracker.country import without_accents
from tracker.entry import Fault, ProblemKind
from tracker.mapping import Cell, DayOrder, written
from tracker.notation import MISSING_WORDS, shortened
from tracker.refusal import N_

FIRST_YEAR, LAST_YEAR = 1700, 2199

_UNREADABLE = N_("“%(text)s” is no day, month or year; write it as 2026-03-31, 2026-03 or 2026.")
_UNCLEAR = N_("“%(text)s” can be two days; say beside the columns whether the day or the month comes first.")
_NO_SUCH_DAY = N_("There is no such day as “%(text)s”; correct it.")
_TWO_DIGITS = N_("“%(text)s” leaves the century open; write the year with four digits.")
_AHEAD = N_("“%(text)s” counts as %(day)s, which is still to come; give the day on which it was observed.")
_MISSING = N_("The day is missing; fill it in, or give it for the whole file.")
_NO_MONTH = N_("“%(text)s” is no month; write a number from 1 to 12 or the name.")

MISSING = Fault(ProblemKind.DAY_MISSING, _MISSING)

_SERIAL_BEGIN = date(1899, 12, 30)  # where Excel begins to count, its leap day of 1900 left out
_SERIALS = range(18_264, 80_000)  # 1950 to 2119

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier janv enero ene",
            "february feb fevrier fevr fev febrero",
            "march mar mars marzo",
            "april apr avril avr abril abr",
            "may mai mayo",
            "june jun juin junio",
            "july jul juillet juil julio",
            "august aug aout agosto ago",
            "september sept sep septembre septiembre setiembre set",
            "october oct octobre octubre",
            "november nov novembre noviembre",
            "december dec decembre diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}

_CLOCK = r"(?:[t ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})?)?"
_YEAR = re.compile(r"(?:yr|x|y)?(\d{4})(?:\.0+)?(?: ?\[yr\1\])?")
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _CLOCK)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})" + _CLOCK)
_YEAR_AND_MONTH = re.compile(r"(\d{4})(?:[-/.]|-?m)(\d{1,2})")
_MONTH_AND_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
_QUARTER = re.compile(r"(?:(\d{4})[ -]?q([1-4])|q([1-4])[ /-]?(\d{4}))")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")
_DAY_NAME_YEAR = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|o)?[ .-]+([a-z]+)\.?[ ,.-]+(\d{4})")
_NAME_DAY_YEAR = re.compile(r"([a-z]+)\.?[ -]+(\d{1,2})(?:st|nd|rd|th)?,?[ -]+(\d{4})")
_NAME_YEAR = re.compile(r"([a-z]+)\.?[ ,/-]*(\d{4})")
_YEAR_NAME = re.compile(r"(\d{4})[ ,/-]*([a-z]+)\.?")
_TWO_DIGIT_YEAR = re.compile(r"(?:\d{1,2}[-/.]){2}\d{2}|[a-z]+[ .'’-]+\d{2}|\d{1,2}[ .-]+[a-z]+[ .'’-]+\d{2}")


def day_of(cell: Cell, order: DayOrder | None, today: date) -> date | Fault:
    """The day that the cell means; never one after today."""
    text = written(cell).strip()
    if text.casefold() in MISSING_WORDS:
        return MISSING
    try:
        day = _understood(text, order)
    except (ValueError, OverflowError):  # there is no 30 February
        return _fault(ProblemKind.DAY_UNREADABLE, _NO_SUCH_DAY, text)
    if isinstance(day, date) and not FIRST_YEAR <= day.year <= LAST_YEAR:
        return _fault(ProblemKind.DAY_UNREADABLE, _UNREADABLE, text)
    if isinstance(day, date) and day > today:
        return Fault(ProblemKind.DAY_AHEAD, _AHEAD, {"text": shortened(text), "day": day.isoformat()})
    return day


def month_of(cell: Cell) -> int | Fault:
    """A month that stands in a column of its own, beside the year."""
    text = written(cell).strip()
    number = int(text) if re.fullmatch(r"0?[1-9]|1[0-2]", text) else _MONTHS.get(without_accents(text).rstrip("."))
    if text.casefold() in MISSING_WORDS:
        return MISSING
    return number or _fault(ProblemKind.DAY_UNREADABLE, _NO_MONTH, text)


def day_in(year: Cell, month: Cell, order: DayOrder | None, today: date) -> date | Fault:
    """The day that a year and a month in columns of their own mean. `month` None: there is no such column.

    In a column of years five digits are a slip of the hand, not a day as spreadsheets count them.
    """
    if _SERIAL.fullmatch(text := written(year).strip()):
        return _fault(ProblemKind.DAY_UNREADABLE, _UNREADABLE, text)
    if month is None:
        return day_of(year, order, today)
    number = month_of(month)
    return number if isinstance(number, Fault) else day_of(f"{written(year).strip()}-{number:02}", order, today)


def last_day(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _understood(text: str, order: DayOrder | None) -> date | Fault:
    if len(text) > 60:
        return _fault(ProblemKind.DAY_UNREADABLE, _UNREADABLE, text)
    plain = " ".join(without_accents(text).replace(" de ", " ").split())
    if found := _YEAR_LAST.fullmatch(plain):
        return _in_order(int(found[1]), int(found[3]), int(found[4]), order, text)
    for pattern, reading in _READINGS:
        if found := pattern.fullmatch(plain):
            day = reading(found)
            if day is not None:
                return day
    if _TWO_DIGIT_YEAR.fullmatch(plain):
        return _fault(ProblemKind.DAY_UNCLEAR, _TWO_DIGITS, text)
    return _fault(ProblemKind.DAY_UNREADABLE, _UNREADABLE, text)


def _in_order(first: int, second: int, year: int, order: DayOrder | None, text: str) -> date | Fault:
    if order is None and first <= 12 and second <= 12 and first != second:
        return _fault(ProblemKind.DAY_UNCLEAR, _UNCLEAR, text)
    month_first = order is DayOrder.MONTH_FIRST if order else second > 12
    return date(year, first, second) if month_first else date(year, second, first)


def _of_digits(found: re.Match[str]) -> date | None:
    year, month, day = int(found[1]), int(found[2]), found[3]
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    return date(year, month, int(day)) if day else last_day(year, month)


def _of_serial(found: re.Match[str]) -> date | None:
    serial = int(found[1])
    return _SERIAL_BEGIN + timedelta(days=serial) if serial in _SERIALS else None


def _of_quarter(found: re.Match[str]) -> date:
    year, quarter = (found[1], found[2]) if found[1] else (found[4], found[3])
    return last_day(int(year), 3 * int(quarter))


def _named(year: str, name: str, day: str | None = None) -> date | None:
    month = _MONTHS.get(name)
    if month is None:
        return None
    return date(int(year), month, int(day)) if day else last_day(int(year), month)


# Each is tried in turn; None: the pattern fits, and yet it is something else.
_READINGS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], date | None]], ...] = (
    (_YEAR, lambda found: date(int(found[1]), 12, 31)),
    (_YEAR_FIRST, lambda found: date(int(found[1]), int(found[3]), int(found[4]))),
    (_YEAR_AND_MONTH, lambda found: last_day(int(found[1]), int(found[2]))),
    (_MONTH_AND_YEAR, lambda found: last_day(int(found[2]), int(found[1]))),
    (_QUARTER, _of_quarter),
    (_DIGITS, _of_digits),
    (_SERIAL, _of_serial),
    (_DAY_NAME_YEAR, lambda found: _named(found[3], found[2], found[1])),
    (_NAME_DAY_YEAR, lambda found: _named(found[3], found[1], found[2])),
    (_NAME_YEAR, lambda found: _named(found[2], found[1])),
    (_YEAR_NAME, lambda found: _named(found[1], found[2])),
)


def _fault(kind: ProblemKind, sentence: str, text: str) -> Fault:
    return Fault(kind, sentence, {"text": shortened(text)})
