"""Days of other calendars: what stands in the events of an iCalendar file (RFC 5545), and on which line.

Read by us, and not by a library, because whoever brings a file must be told on which line it cannot be understood, and
because of the many ways in which something can come again only two are: every so many months, or years.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from tracker.occasion import months_after
from tracker.refusal import N_, Refusal

_PARAMETER = r';[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*'
_LINE = re.compile(rf"([A-Za-z0-9-]+)((?:{_PARAMETER})*):(.*)", re.DOTALL)
_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T\d{6}Z?)?")
_BREAK = re.compile(r"\r\n|\n|\r")
_ESCAPED = re.compile(r"\\([nN\\,;])")
# What would make it come on other days than its rule says.
NOT_UNDERSTOOD = ("RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID")
MONTHS_OF = {"MONTHLY": 1, "YEARLY": 12}
# What comes on a later day than this is left out by iCalendar where a month has none, and here comes on its last.
SHORTEST_MONTH = 28


class NoCalendar(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("It does not begin as an iCalendar file does, with BEGIN:VCALENDAR."))


class LineUnreadable(Refusal):
    def __init__(self, line: int) -> None:
        super().__init__(N_("Line %(line)s is none of an iCalendar file."), line=line)
        self.line = line


class NotClosed(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(N_("The file ends within %(name)s: perhaps part of it is missing."), name=name)


class DayUnreadable(Refusal):
    def __init__(self, typed: str) -> None:
        super().__init__(N_("Its DTSTART names no day: “%(typed)s”."), typed=typed[:40])


class ComesOtherwise(Refusal):
    """Of the ways to come again only “every so many months or years” is understood."""

    def __init__(self, name: str) -> None:
        super().__init__(N_("It comes again by %(name)s, which is not understood. Enter it by hand."), name=name[:40])


@dataclass(frozen=True)
class Event:
    # On which it begins.
    line: int
    # By the names of the properties; of several of one name the first.
    values: Mapping[str, str]

    def words(self, name: str) -> str:
        """Empty: it says nothing of it."""
        return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], self.values.get(name, ""))

    @property
    def is_called_off(self) -> bool:
        return self.values.get("STATUS", "").upper() == "CANCELLED"

    def day(self) -> date:
        """The day as it is written, in whatever zone."""
        return _day(self.values.get("DTSTART", ""))

    def recurrence(self) -> tuple[int | None, date | None]:
        """After how many months it comes again, and until when at the latest. None: once; for ever."""
        for name in NOT_UNDERSTOOD:
            if name in self.values:
                raise ComesOtherwise(name)
        rule = self.values.get("RRULE", "")
        return _recurrence(rule, self.day()) if rule else (None, None)


def events(text: str) -> list[Event]:
    found, open_parts = list[Event](), list[str]()
    inside: dict[str, str] = {}
    begun_on = 0
    for line, name, value in _content_lines(text):
        if not open_parts and (name, value.upper()) != ("BEGIN", "VCALENDAR"):
            raise NoCalendar
        if name == "BEGIN":
            open_parts.append(value.upper())
            if open_parts == ["VCALENDAR", "VEVENT"]:
                inside, begun_on = {}, line
        elif name == "END":
            if open_parts.pop() != value.upper():
                raise LineUnreadable(line)
            if value.upper() == "VEVENT" and open_parts == ["VCALENDAR"]:
                found.append(Event(begun_on, inside))
        elif open_parts[-1] == "VEVENT":
            inside.setdefault(name, value)
    if open_parts:
        raise NotClosed(open_parts[-1])
    return found


def _content_lines(text: str) -> Iterator[tuple[int, str, str]]:
    """A line that begins with a blank goes on where the one before it ended."""
    for line, whole in _unfolded(text):
        parts = _LINE.fullmatch(whole)
        if parts is None:
            raise NoCalendar if line == 1 else LineUnreadable(line)
        yield line, parts[1].upper(), parts[3].strip()


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    begun_on, parts = 0, list[str]()
    for line, written in enumerate(_BREAK.split(text.removeprefix("\ufeff")), start=1):
        if written[:1] in (" ", "\t") and parts:
            parts.append(written[1:])
            continue
        if parts:
            yield begun_on, "".join(parts)
        begun_on, parts = line, [written] if written.strip() else []
    if parts:
        yield begun_on, "".join(parts)


def _day(typed: str) -> date:
    found = _DAY.fullmatch(typed)
    if found is None:
        raise DayUnreadable(typed)
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        raise DayUnreadable(typed) from None


def _recurrence(rule: str, day: date) -> tuple[int, date | None]:
    parts = dict(part.upper().partition("=")[::2] for part in rule.split(";") if part)
    parts.pop("WKST", None)
    frequency = parts.pop("FREQ", "")
    if frequency not in MONTHS_OF:
        raise ComesOtherwise(f"FREQ={frequency}")
    _leave_out_what_the_day_says(parts, frequency, day)
    months = _number("INTERVAL", parts.pop("INTERVAL", "1")) * MONTHS_OF[frequency]
    until = parts.pop("UNTIL", "")
    count = parts.pop("COUNT", "")
    if parts:
        raise ComesOtherwise(min(parts))
    if day.day > SHORTEST_MONTH and (months % 12 or (day.month, day.day) == (2, 29)):
        raise ComesOtherwise(f"BYMONTHDAY={day.day}")
    if count:
        ahead = months * (_number("COUNT", count) - 1)
        return months, months_after(day, ahead) if ahead <= (date.max.year - day.year) * 12 - 12 else None
    return months, _day(until) if until else None


def _leave_out_what_the_day_says(parts: dict[str, str], frequency: str, day: date) -> None:
    """What is said anew, and nothing else than the first day says already.

    A month alone makes of every month every year; a day alone makes of every year every month.
    """
    is_yearly = frequency == "YEARLY"
    says_the_month = is_yearly and parts.get("BYMONTH") == str(day.month)
    if parts.get("BYMONTHDAY") == str(day.day) and (says_the_month or not is_yearly):
        del parts["BYMONTHDAY"]
    if says_the_month:
        del parts["BYMONTH"]


def _number(name: str, typed: str) -> int:
    """A small one, above zero."""
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= 4 and int(typed)):
        raise ComesOtherwise(f"{name}={typed}")
    return int(typed)
