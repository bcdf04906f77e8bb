"""Every zone of the world through every change of its clocks: is any date missed or doubled?

The tests look at the days around each change of four years, and at some ordinary ones; `python -m bench.zones` at all.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from tracker.period import due_at

FIRST, LAST = date(2024, 1, 1), date(2027, 12, 31)
DAY = timedelta(days=1)
EVERY_DAY = [FIRST + DAY * number for number in range((LAST - FIRST).days + 1)]
ZONES = sorted(available_timezones() - {"localtime", "Factory"})


def wrong_in(zone: str, days: Sequence[date]) -> list[str]:
    """What is wrong with the moments at which these days, one after the other, are due."""
    where, found = ZoneInfo(zone), list[str]()
    for hour in range(24):
        due = [due_at.__wrapped__(day, time(hour), zone) for day in days]
        found += [f"{zone} {hour}: {one} is not before {other}" for one, other in pairwise(due) if not one < other]
        for day, moment in zip(days, due, strict=True):
            shown = moment.astimezone(where).replace(tzinfo=None)
            wanted = datetime.combine(day, time(hour))
            # what the clocks leap over is due as they have leapt, and nothing is due before its time
            if shown != wanted and not (shown > wanted and _leaps_at(moment, where)):
                found.append(f"{zone} {hour}: {day} is due at {shown}")
    return found


def around_changes(zone: str) -> list[list[date]]:
    """The days about each change of the clocks, and some ordinary ones."""
    offsets = [datetime.combine(day, time(), UTC).astimezone(ZoneInfo(zone)).utcoffset() for day in EVERY_DAY]
    changes = [day for day, (one, other) in zip(EVERY_DAY[1:], pairwise(offsets), strict=True) if one != other]
    about = [[day + DAY * number for number in range(-3, 3)] for day in changes]
    return [*about, *([day, day + DAY] for day in EVERY_DAY if day.day == 1 and day.month in (1, 7))]


def _leaps_at(moment: datetime, where: ZoneInfo) -> bool:
    before, after = ((moment + step).astimezone(where).utcoffset() for step in (-timedelta(seconds=1), timedelta()))
    return before != after
