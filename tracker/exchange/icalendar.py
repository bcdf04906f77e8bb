"""Days for calendars, as iCalendar (RFC 5545): whole days, which have no zone and no hour."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tracker.exchange.icalendar_rules import digits
from tracker.text import one_line, plain_text, tidy

# A line has at most so many bytes, its end not counted; a longer one is folded.
LONGEST_LINE_BYTES = 75
LONGEST_TITLE = 300
# A program that fetches it more often finds nothing else.
FETCHED_EVERY = "PT6H"


@dataclass(frozen=True)
class Day:
    # The same for as long as it is about the same, wherever it moves.
    id: str
    on: date
    title: str
    url: str
    # When it was entered, or last changed.
    at: datetime
    # By this a calendar that has it already knows that it is another.
    times_changed: int = 0
    # What it is, in a word that our own reader understands. Empty: nothing is said of it.
    category: str = ""
    # By which rule it comes again, in the words of iCalendar. Empty: it comes once.
    rule: str = ""
    # On which of its days it does not come all the same.
    left_out: Sequence[date] = ()


def icalendar(name: str, days: Sequence[Day]) -> bytes:
    return "".join(f"{line}\r\n" for line in _folded(_lines(name, days))).encode()


def _lines(name: str, days: Iterable[Day]) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Early-warning indicator tracker//EN", "CALSCALE:GREGORIAN")
    yield from (f"NAME:{_escaped(name)}", f"X-WR-CALNAME:{_escaped(name)}")
    yield from (f"REFRESH-INTERVAL;VALUE=DURATION:{FETCHED_EVERY}", f"X-PUBLISHED-TTL:{FETCHED_EVERY}")
    for day in days:
        yield from ("BEGIN:VEVENT", f"UID:{day.id}", f"DTSTAMP:{day.at.astimezone(UTC):%Y%m%dT%H%M%SZ}")
        if day.times_changed:
            yield f"SEQUENCE:{day.times_changed}"
        yield f"DTSTART;VALUE=DATE:{digits(day.on)}"
        if day.on < date.max:
            yield f"DTEND;VALUE=DATE:{digits(day.on + timedelta(days=1))}"
        if day.rule:
            yield f"RRULE:{day.rule}"
        if day.rule and day.left_out:
            yield f"EXDATE;VALUE=DATE:{','.join(map(digits, day.left_out))}"
        if day.category:
            yield f"CATEGORIES:{_escaped(day.category)}"
        yield from (f"SUMMARY:{_escaped(day.title)}", f"URL:{day.url}", "TRANSP:TRANSPARENT", "END:VEVENT")
    yield "END:VCALENDAR"


def _escaped(words: str) -> str:
    text = one_line(tidy(plain_text(words)), LONGEST_TITLE)
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(lines: Iterable[str]) -> Iterator[str]:
    """No letter is torn apart, however many bytes it has."""
    for line in lines:
        part, size = "", 0
        for letter in line:
            bytes_of_letter = len(letter.encode())
            if size + bytes_of_letter > LONGEST_LINE_BYTES:
                yield part
                part, size = " ", 1
            part, size = part + letter, size + bytes_of_letter
        yield part
