"""How something comes again, in the words of iCalendar (RFC 5545), and what of that is understood.

Of the many ways in which something can come again only two are: every so many months, or years. Where a month has no
such day iCalendar leaves it out, and here it comes on the last: what says otherwise in other words is understood, and
what cannot be said is not written as a rule.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from tracker.occasion import months_after
from tracker.refusal import N_, Refusal

_WRITTEN = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?", re.ASCII)
MONTHS_OF = {"MONTHLY": 1, "YEARLY": 12}
# Every month has so many days.
SHORTEST_MONTH, LONGEST_MONTH = 28, 31
LEAP_DAY = (2, 29)


class DayUnreadable(Refusal):
    def __init__(self, typed: str) -> None:
        super().__init__(N_("It names no day where there must be one: “%(typed)s”."), typed=typed[:40])


class ComesOtherwise(Refusal):
    """Of the ways to come again only “every so many months or years” is understood."""

    def __init__(self, name: str) -> None:
        super().__init__(N_("It comes again by %(name)s, which is not understood. Enter it by hand."), name=name[:40])


@dataclass(frozen=True)
class Written:
    """A day or a moment as it stands in a file."""

    day: date
    # None: it is the whole day.
    at: time | None = None
    is_utc: bool = False

    @classmethod
    def read(cls, typed: str) -> "Written":
        found = _WRITTEN.fullmatch(typed)
        if found is None:
            raise DayUnreadable(typed)
        try:
            day = date(int(found[1]), int(found[2]), int(found[3]))
            # a leap second is the last of its minute
            at = time(int(found[4]), int(found[5]), min(int(found[6]), 59)) if found[4] else None
        except ValueError:
            raise DayUnreadable(typed) from None
        return cls(day, at, is_utc=bool(found[7]))

    def by_the_clocks_of(self, zone: tzinfo | None) -> "Written":
        """None: of nobody knows where. What has no hour, or names its own clocks, is what it is everywhere."""
        if self.at is None or not self.is_utc or zone is None:
            return self
        try:
            there = datetime.combine(self.day, self.at, UTC).astimezone(zone)
        except OverflowError:
            return self
        return Written(there.date(), there.time())


@dataclass(frozen=True)
class Beginning:
    """The first of its days."""

    written: Written
    # By which clocks it comes. None: by those of wherever one is.
    zone: tzinfo | None = None

    @property
    def day(self) -> date:
        return self.written.day


def rule_of(day: date, every_months: int, until: date | None) -> str | None:
    """None: no rule of iCalendar, or none that calendars commonly know, says the same."""
    last = f";UNTIL={digits(until)}" if until else ""
    if every_months % 12 == 0:
        on = ";BYMONTH=2;BYMONTHDAY=-1" if (day.month, day.day) == LEAP_DAY else ""
        return f"FREQ=YEARLY;INTERVAL={every_months // 12}{on}{last}"
    if SHORTEST_MONTH < day.day < LONGEST_MONTH:
        return None
    on = ";BYMONTHDAY=-1" if day.day == LONGEST_MONTH else ""
    return f"FREQ=MONTHLY;INTERVAL={every_months}{on}{last}"


def digits(day: date) -> str:
    """As iCalendar writes a day."""
    return day.isoformat().replace("-", "")


def recurrence(rule: str, first: Beginning) -> tuple[int, date | None]:
    """After how many months it comes again, and until when at the latest. None: for ever."""
    parts = dict(part.upper().partition("=")[::2] for part in rule.split(";") if part)
    parts.pop("WKST", None)
    frequency = parts.pop("FREQ", "")
    if frequency not in MONTHS_OF:
        raise ComesOtherwise(f"FREQ={frequency}")
    months = _number("INTERVAL", parts.pop("INTERVAL", "1")) * MONTHS_OF[frequency]
    is_last_of_month = _leave_out_what_the_day_says(parts, frequency, first.day)
    until, count = parts.pop("UNTIL", ""), parts.pop("COUNT", "")
    if parts:
        raise ComesOtherwise(min(parts))
    if not is_last_of_month and _leaves_out_months(first.day, months):
        raise ComesOtherwise(f"BYMONTHDAY={first.day.day}")
    if count:
        ahead = months * (_number("COUNT", count) - 1)
        return months, months_after(first.day, ahead) if ahead <= (date.max.year - first.day.year - 1) * 12 else None
    # whatever its end, the first day is one of them
    return months, max(_last_day(until, first), first.day) if until else None


def _leave_out_what_the_day_says(parts: dict[str, str], frequency: str, day: date) -> bool:
    """What is said anew, and nothing else than the first day says already. Whether it is the last day of each month.

    A month alone makes of every month every year; a day alone makes of every year every month.
    """
    is_yearly = frequency == "YEARLY"
    says_the_month = is_yearly and parts.get("BYMONTH") == str(day.month)
    may_say_the_day = says_the_month or not is_yearly
    is_last = parts.get("BYMONTHDAY") == "-1" and may_say_the_day and _is_ever_last(day)
    if is_last or (parts.get("BYMONTHDAY") == str(day.day) and may_say_the_day):
        del parts["BYMONTHDAY"]
    if says_the_month:
        del parts["BYMONTH"]
    return is_last


def _is_ever_last(day: date) -> bool:
    return day.day == LONGEST_MONTH or (day.month, day.day) == LEAP_DAY


def _leaves_out_months(day: date, months: int) -> bool:
    return day.day > SHORTEST_MONTH and (months % 12 != 0 or (day.month, day.day) == LEAP_DAY)


def _last_day(typed: str, first: Beginning) -> date:
    """Compared by the clocks of the event: midnight in the far east is the day before in UTC."""
    last = Written.read(typed).by_the_clocks_of(first.zone)
    if last.at is None or first.written.at is None or last.at >= first.written.at or last.day == date.min:
        return last.day
    return last.day - timedelta(days=1)


def _number(name: str, typed: str) -> int:
    """A small one, above zero."""
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= 4 and int(typed)):
        raise ComesOtherwise(f"{name}={typed}")
    return int(typed)
