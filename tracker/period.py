"""When is a digest due? By dates of the reader's own calendar, and never by counting hours from the last one.

A period has a name that no clock can double: a day, a week or a month as the reader's calendar has it. Where the clocks
leap over the hour, it is due at the first moment after the leap; where the hour comes twice, at the first of the two.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

# Whatever was not planned within so long, because nothing ran, is news no more.
LONGEST_LATE = timedelta(days=7)
# Whatever is further ahead was written by a clock that has been put right since.
CLOCKS_AGREE_WITHIN = timedelta(minutes=1)
# A month, whatever the clocks of a zone do meanwhile.
LONGEST_PERIOD = timedelta(days=33)
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


class Cadence(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True)
class Timetable:
    """When a reader wants their digest."""

    cadence: Cadence
    at: time
    zone: str
    # Weekly: 1 is Monday.
    weekday: int = 1
    # Monthly: of a shorter month its last day.
    month_day: int = 1


@dataclass(frozen=True, order=True)
class Period:
    due_at: datetime
    # 2026-11-20, 2026-W47 or 2026-11.
    key: str


@lru_cache(maxsize=1024)
def zone_or_utc(zone: str) -> str:
    """The zone, or UTC where no clocks go by that name (any more): better an hour off than never."""
    try:
        ZoneInfo(zone)
    # an unknown name, one that cannot be any, and one that is a folder of others
    except (KeyError, ValueError, OSError):
        return "UTC"
    return zone


def due_between(timetable: Timetable, since: datetime, now: datetime) -> list[Period]:
    """Those that fell due after `since`, up to now, the oldest first; of what is older than a week nothing."""
    since = max(since, now - LONGEST_LATE)
    where = zone_or_utc(timetable.zone)
    first, last = (moment.astimezone(ZoneInfo(where)).date() for moment in (since - _DAY, now))
    days = (day for day in _days(first, last) if _is_day_of(timetable, day))
    periods = (Period(due_at(day, timetable.at, where), _key(timetable.cadence, day)) for day in days)
    return sorted(period for period in periods if since < period.due_at <= now)


def next_due(timetable: Timetable, after: datetime) -> Period:
    """The first that falls due later."""
    where = zone_or_utc(timetable.zone)
    day = after.astimezone(ZoneInfo(where)).date() - _DAY
    while True:
        if _is_day_of(timetable, day):
            found = due_at(day, timetable.at, where)
            if found > after:
                return Period(found, _key(timetable.cadence, day))
        day += _DAY


# Ten thousand readers share a few zones and hours.
@lru_cache(maxsize=4096)
def due_at(day: date, at: time, zone: str) -> datetime:
    """The moment at which clocks in that zone first show that time of that day, or have leapt over it."""
    where = ZoneInfo(zone)
    shown = datetime.combine(day, at)
    earlier, later = (shown.replace(tzinfo=where, fold=fold).astimezone(UTC) for fold in (0, 1))
    if earlier.astimezone(where).replace(tzinfo=None) == shown:
        return earlier
    # in a gap the two lie on either side of the leap, the other way round
    return _leap_between(later, earlier, where)


def _leap_between(before: datetime, after: datetime, where: ZoneInfo) -> datetime:
    """The first moment with the offset of `after`."""
    offset = before.astimezone(where).utcoffset()
    while after - before > _SECOND:
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(where).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += _DAY


def _is_day_of(timetable: Timetable, day: date) -> bool:
    if timetable.cadence is Cadence.WEEKLY:
        return day.isoweekday() == timetable.weekday
    if timetable.cadence is Cadence.MONTHLY:
        is_last = (day + _DAY).month != day.month
        return day.day == timetable.month_day or (is_last and day.day < timetable.month_day)
    return True


def _key(cadence: Cadence, day: date) -> str:
    if cadence is Cadence.WEEKLY:
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    return day.isoformat() if cadence is Cadence.DAILY else day.isoformat()[:7]
