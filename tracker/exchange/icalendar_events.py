"""Days of other calendars: what stands in the events of an iCalendar file (RFC 5545), and on which line.

Read by us, and not by a library, because whoever brings a file must be told on which line it cannot be understood.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from tracker.exchange.icalendar_rules import Beginning, ComesOtherwise, Written, recurrence
from tracker.refusal import N_, Refusal

_PARAMETER = r';[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*'
_LINE = re.compile(rf"([A-Za-z0-9-]+)((?:{_PARAMETER})*):(.*)", re.DOTALL)
_ZONE = re.compile(r';TZID=(?:"([^"]*)"|([^";:,]*))', re.IGNORECASE)
_OFFSET = re.compile(r"([+-])([01]\d|2[0-3])([0-5]\d)(?:\d\d)?", re.ASCII)
_BREAK = re.compile(r"\r\n|\n|\r")
_ESCAPED = re.compile(r"\\([nN\\,;])")
# What would make it come on other days than its rule says.
NOT_UNDERSTOOD = ("RDATE", "EXRULE", "RECURRENCE-ID")
# More would not fit into a column; some count the seconds since 1970.
MOST_DIGITS = 18
EVENT, CALENDAR = ["VCALENDAR", "VEVENT"], ["VCALENDAR"]


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


@dataclass
class _Around:
    """What is said in a calendar beside its events."""

    # By the name that events call it: what its clocks are ahead of UTC, at most. Those who have clocks of their own
    # names, such as “W. Europe Standard Time”, say it so.
    ahead: dict[str, timedelta] = field(default_factory=dict)
    # Empty: it names none.
    usual_zone: str = ""
    is_called_off: bool = False

    def zone(self, name: str) -> tzinfo | None:
        """None: nobody knows it."""
        try:
            return ZoneInfo(name)
        # an unknown name, one that cannot be any, and one that is a folder of others
        except (KeyError, ValueError, OSError):
            return timezone(self.ahead[name]) if name in self.ahead else None

    def note(self, part: str, zone: str, name: str, value: str) -> None:
        if part == "VCALENDAR" and name == "X-WR-TIMEZONE":
            self.usual_zone = value
        elif part == "VCALENDAR" and name == "METHOD":
            self.is_called_off = value.upper() == "CANCEL"
        elif name == "TZOFFSETTO" and (found := _OFFSET.fullmatch(value)):
            away = timedelta(hours=int(found[2]), minutes=int(found[3])) * (1 if found[1] == "+" else -1)
            self.ahead[zone] = max(self.ahead.get(zone, away), away)


@dataclass(frozen=True)
class Event:
    # On which it begins.
    line: int
    # By the names of the properties; of several of one name the first.
    values: Mapping[str, str]
    # Those that stand there more than once.
    repeated: frozenset[str]
    # What DTSTART calls the clocks by which it is meant; empty: none.
    zone: str
    # Days or moments on which it does not come although its rule says so, as they are written.
    exceptions: Sequence[str]
    around: _Around

    def words(self, name: str) -> str:
        """Empty: it says nothing of it."""
        return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], self.values.get(name, ""))

    @property
    def is_called_off(self) -> bool:
        """As a whole: not one of its days alone."""
        says_so = self.around.is_called_off or self.values.get("STATUS", "").upper() == "CANCELLED"
        return says_so and not self.is_one_of_many

    @property
    def is_one_of_many(self) -> bool:
        """It moves or calls off one day of what comes again, which stands elsewhere in the file."""
        return "RECURRENCE-ID" in self.values

    @property
    def sequence(self) -> int:
        """How often it was changed there. What says nothing of it, or nothing that counts, was never changed."""
        typed = self.values.get("SEQUENCE", "")
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= MOST_DIGITS else 0

    def day(self) -> date:
        """By the clocks of the event, or else of its calendar, or else as it is written."""
        return self._begins().day

    def recurrence(self) -> tuple[int | None, date | None]:
        """After how many months it comes again, and until when at the latest. None: once; for ever."""
        for name in NOT_UNDERSTOOD:
            if name in self.values:
                raise ComesOtherwise(name)
        if "RRULE" in self.repeated:
            raise ComesOtherwise("RRULE, RRULE")
        rule = self.values.get("RRULE", "")
        if not rule:
            return None, None
        if self.zone and self.around.zone(self.zone) is None:
            raise ComesOtherwise(f"TZID={self.zone}")
        return recurrence(rule, self._begins())

    def left_out(self) -> list[date]:
        """By the clocks by which it comes."""
        zone = self._begins().zone
        return [Written.read(typed).by_the_clocks_of(zone).day for typed in self.exceptions]

    def _begins(self) -> Beginning:
        written, usual = Written.read(self.values.get("DTSTART", "")), self.around.zone(self.around.usual_zone)
        if written.at is None:
            return Beginning(written)
        if not written.is_utc:
            return Beginning(written, self.around.zone(self.zone) if self.zone else usual)
        # a rule that is counted by UTC is left where it counts
        return Beginning(written, UTC) if "RRULE" in self.values else Beginning(written.by_the_clocks_of(usual))


class _Reading:
    """What is open, and what was found, while a file is gone through line by line."""

    def __init__(self) -> None:
        self.found = list[Event]()
        self.open_parts = list[str]()
        self._around = _Around()
        self._begin(0)

    def take(self, line: int, name: str, parameters: str, value: str) -> None:
        if not self.open_parts and (name, value.upper()) != ("BEGIN", "VCALENDAR"):
            raise NoCalendar
        if name == "BEGIN":
            self.open_parts.append(value.upper())
            if self.open_parts == CALENDAR:
                self._around = _Around()
            elif self.open_parts == EVENT:
                self._begin(line)
        elif name == "END":
            self._end(line, value.upper())
        elif self.open_parts == EVENT:
            self._note(name, parameters, value)
        elif name == "TZID":
            self._named_zone = value
        else:
            self._around.note(self.open_parts[-1], self._named_zone, name, value)

    def _begin(self, line: int) -> None:
        self._line, self._values, self._repeated = line, dict[str, str](), set[str]()
        self._exceptions = list[str]()
        self._zone = self._named_zone = ""

    def _note(self, name: str, parameters: str, value: str) -> None:
        if name == "EXDATE":
            self._exceptions += [one.strip() for one in value.split(",") if one.strip()]
            return
        if name in self._values:
            self._repeated.add(name)
            return
        self._values[name] = value
        if name == "DTSTART" and (found := _ZONE.search(parameters)):
            self._zone = found[1] or found[2] or ""

    def _end(self, line: int, part: str) -> None:
        if self.open_parts[-1] != part:
            raise LineUnreadable(line)
        if self.open_parts == EVENT:
            repeated = frozenset(self._repeated)
            self.found.append(Event(self._line, self._values, repeated, self._zone, self._exceptions, self._around))
        self.open_parts.pop()


def events(text: str) -> Sequence[Event]:
    reading = _Reading()
    for line in _content_lines(text):
        reading.take(*line)
    if reading.open_parts:
        raise NotClosed(reading.open_parts[-1])
    return reading.found


def _content_lines(text: str) -> Iterator[tuple[int, str, str, str]]:
    """A line that begins with a blank goes on where the one before it ended."""
    for line, whole in _unfolded(text):
        parts = _LINE.fullmatch(whole)
        if parts is None:
            raise NoCalendar if line == 1 else LineUnreadable(line)
        yield line, parts[1].upper(), parts[2], parts[3].strip()


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
