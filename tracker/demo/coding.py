"""Which values the invented analysts recorded, when, from whom and with which words.

Nothing is drawn by chance: two archipelagos of the same month are the same, so that pictures can be compared.
"""

import zlib
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from tracker.access import Role
from tracker.demo.archipelago import Archipelago, InventedSource, Isle
from tracker.handling import Mark, may_see
from tracker.indicator import Cadence, Indicator, Voice, fresh_until

MONTHS = 24
OFFICE_OPENS = 8
# Nothing may have been recorded after the moment of loading, which can be the first hour of the next month.
LAST_EVENING = 17


@dataclass(frozen=True)
class Saved:
    """One press of the button: the observations of one country and month that rest on one source."""

    iso3: str
    source: str
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True)
class Coded:
    saved: Saved
    indicator: str
    observed_on: date
    level: int
    handling: Mark
    attributable: bool
    note: str | None


def last_days(now: datetime) -> list[date]:
    """The last day of each of the 24 months that are over, the oldest first."""
    newest = now.year * 12 + now.month - 2  # months since the year 0, as divmod below reads them
    months = (divmod(number, 12) for number in range(newest - MONTHS + 1, newest + 1))
    return [date(year, month + 1, monthrange(year, month + 1)[1]) for year, month in months]


def coded_in(archipelago: Archipelago, indicators: Iterable[Indicator], now: datetime) -> list[Coded]:
    """Everything that was recorded, by country, indicator and day."""
    days = last_days(now)
    coded = [indicator for indicator in indicators if indicator.voice is Voice.CODED]
    return [
        observation
        for isle in archipelago.isles
        for indicator in coded
        if indicator.key in isle.course
        for observation in _series(archipelago, isle, indicator, days)
    ]


def _series(archipelago: Archipelago, isle: Isle, indicator: Indicator, days: list[date]) -> list[Coded]:
    series = []
    told_up_to = 0
    for month, day in enumerate(days, start=1):
        if not _is_due(indicator.cadence, day, month) or _is_silenced(isle, indicator, day, days):
            continue
        source = _source(archipelago, isle, indicator, month)
        series.append(
            Coded(
                saved=_saved(archipelago, isle, source, month, day),
                indicator=indicator.key,
                observed_on=day,
                level=isle.level(indicator.key, month),
                handling=source.handling,
                attributable=source.attributable,
                note=_note(isle, indicator, told_up_to, month),
            )
        )
        told_up_to = month
    return series


def _is_due(cadence: Cadence, day: date, month: int) -> bool:
    match cadence:
        case Cadence.MONTHLY:
            return True
        case Cadence.QUARTERLY:
            return day.month % 3 == 0
        case Cadence.YEARLY:
            return day.month == 12
        case Cadence.ONCE:
            return month == 1


def _is_silenced(isle: Isle, indicator: Indicator, day: date, days: list[date]) -> bool:
    """What would still be fresh after the silence began was not recorded either."""
    if isle.silence is None or isle.silence.criterion != indicator.criterion:
        return False
    return fresh_until(indicator, day) > days[isle.silence.after_month - 1]


def _source(archipelago: Archipelago, isle: Isle, indicator: Indicator, month: int) -> InventedSource:
    for source in archipelago.sources:
        if source.one_in and _drawn(source.one_in, source.key, isle.iso3, indicator.key, month) == 0:
            return source
    return archipelago.usual_sources[indicator.criterion]


def _saved(archipelago: Archipelago, isle: Isle, source: InventedSource, month: int, day: date) -> Saved:
    days_later = 2 + _drawn(4, "days", isle.iso3, month)
    minutes = _drawn(8 * 60, "minutes", isle.iso3, source.key, month)
    recorded_at = datetime.combine(day, time(OFFICE_OPENS), UTC) + timedelta(days=days_later, minutes=minutes)
    if month == MONTHS:
        recorded_at = datetime.combine(day, time(LAST_EVENING, minutes % 60), UTC)
    return Saved(isle.iso3, source.key, _analyst(archipelago, isle, source, month), recorded_at)


def _analyst(archipelago: Archipelago, isle: Isle, source: InventedSource, month: int) -> str:
    """The usual one, now and then the other; never one who may not see what the source says."""
    analysts = [person for person in archipelago.people if Role.ANALYST in person.roles]
    cleared = [person.key for person in analysts if may_see(person.clearance, source.handling)]
    stands_in = _drawn(7, "stands in", isle.iso3, month) == 0
    wanted = [key for key in cleared if (key != isle.coded_by) == stands_in]
    return (wanted or cleared)[0]


def _note(isle: Isle, indicator: Indicator, told_up_to: int, month: int) -> str | None:
    """The newest that has not been told yet."""
    texts = [note.text for note in isle.notes if note.indicator == indicator.key and told_up_to < note.month <= month]
    return texts[-1] if texts else None


def _drawn(out_of: int, *words: str | int) -> int:
    """A number below `out_of` that looks drawn and is the same each time."""
    return zlib.crc32("|".join(map(str, words)).encode()) % out_of
