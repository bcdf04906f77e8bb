"""Files with days to come: iCalendar of other calendars, and CSV with a line for each day."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from tracker.exchange.icalendar_events import Event, events
from tracker.exchange.icalendar_rules import ComesOtherwise
from tracker.exchange.sheets import FORMULA_STARTS
from tracker.handling import Mark
from tracker.occasion import LONGEST_NOTE, LONGEST_UID, MOST_MONTHS, Draft, OccasionKind, Place, RecurrenceUnfit
from tracker.refusal import N_, Refusal
from tracker.text import plain_text

LARGEST_BYTES = 300_000
MOST_DAYS = 500
# What is left out more often does not come every so many months.
MOST_LEFT_OUT = 100
NEEDED = ("day", "name")
DELIMITERS = (",", ";", "\t")
# Where a group may stand: of every country.
WORLD = "world"
# As tables say it, ours as well.
YES, NO = "yes", "no"
# Some programs fold a line of iCalendar within a letter, by bytes: the fold belongs behind it.
_TORN = re.compile(rb"([\xc2-\xf4][\x80-\xbf]*)(\r?\n[ \t])([\x80-\xbf]+)")


class TooLarge(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("The file is larger than 300 kB. Divide it."))


class TooMany(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("The file holds more than %(most)s days. Divide it."), most=MOST_DAYS)


class NothingThere(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("There is no day in the file."))


class NotText(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("It is no text in UTF-8. Save it as such, and choose it again."))


class ColumnMissing(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(
            N_("It is no iCalendar file, and as CSV its first line names no column “%(name)s”."), name=name
        )


class PlaceUnsaid(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("It names no place: say where such days are, or write iso3 or group beside it."))


class TooManyCells(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("It has more cells than there are columns: put what holds a comma or a semicolon between quotes.")
        )


class QuoteWrong(Refusal):
    """Else a quote that is not closed would swallow all lines behind it without a word."""

    def __init__(self, line: int) -> None:
        super().__init__(
            N_("From line %(line)s on it is no table: perhaps a quote is not closed, or stands within a cell."),
            line=line,
        )


class DayUnread(Refusal):
    def __init__(self, typed: str) -> None:
        super().__init__(N_("“%(typed)s” is no day, such as 2027-05-31."), typed=typed[:40])


class KindUnknown(Refusal):
    def __init__(self, typed: str) -> None:
        known = ", ".join(OccasionKind)
        super().__init__(N_("“%(typed)s” is no kind of day; there are: %(known)s."), typed=typed[:40], known=known)


class MarkUnknown(Refusal):
    def __init__(self, typed: str) -> None:
        known = ", ".join(mark.label for mark in Mark)
        super().__init__(N_("“%(typed)s” is no handling mark; there are: %(known)s."), typed=typed[:40], known=known)


class NeitherYesNorNo(Refusal):
    def __init__(self, typed: str) -> None:
        super().__init__(N_("Whether it is called off is said by yes or no, not by “%(typed)s”."), typed=typed[:40])


@dataclass(frozen=True)
class Usual:
    """What is meant where a line says nothing."""

    kind: OccasionKind
    # None: each line must name its own.
    place: Place | None = None


@dataclass(frozen=True)
class Line:
    """One day of a file, or why it is none."""

    number: int
    # What it is called there, for whoever looks for it.
    name: str
    # None: it is called off, or cannot be understood, and the problem says why.
    draft: Draft | None = None
    problem: Refusal | None = None
    is_called_off: bool = False
    # Of what is called off: what it is called there, and where it is. None: nobody knows where.
    uid: str = ""
    place: Place | None = None
    # Up to which mark it may be told. None: it does not say.
    handling: Mark | None = None
    # How often it was changed there. None: a table does not count it.
    sequence: int | None = None
    # It has no name of its own there, by which it would be known again when it says something else.
    is_nameless: bool = False


def text_of(content: bytes) -> str:
    if len(content) > LARGEST_BYTES:
        raise TooLarge
    try:
        return _TORN.sub(rb"\1\3\2", content).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotText from None


def lines_of(text: str, usual: Usual) -> list[Line]:
    # a page sends each end of a line in two letters, which may have been one
    text = plain_text(text)
    if len(text.encode()) > LARGEST_BYTES:
        raise TooLarge
    found = _of_calendar(text, usual) if _is_calendar(text) else _of_table(text, usual)
    lines = list[Line]()
    for line in found:
        if len(lines) == MOST_DAYS:
            raise TooMany
        lines.append(line)
    if not lines:
        raise NothingThere
    return lines


def _is_calendar(text: str) -> bool:
    return text.lstrip("\ufeff \r\n\t")[:15].upper() == "BEGIN:VCALENDAR"


def _of_calendar(text: str, usual: Usual) -> Iterator[Line]:
    found = events(text)
    moved = {event.words("UID") for event in found if event.is_one_of_many}
    for event in found:
        name = _one_line(event.words("SUMMARY"))
        if event.is_called_off:
            uid = _fit(event.words("UID"))
            yield Line(event.line, name, is_called_off=True, uid=uid, place=usual.place, sequence=event.sequence)
            continue
        try:
            # of what comes again one day is moved: it does not come as its rule says
            if "RRULE" in event.values and event.words("UID") in moved:
                raise ComesOtherwise("RECURRENCE-ID")
            yield Line(event.line, name, _draft_of(event, name, usual), sequence=event.sequence)
        except Refusal as problem:
            yield Line(event.line, name, problem=problem)


def _draft_of(event: Event, name: str, usual: Usual) -> Draft:
    every_months, until = event.recurrence()
    kind, link = event.words("CATEGORIES").strip().lower(), event.words("URL").strip()
    if usual.place is None:
        raise PlaceUnsaid
    iso3, group_key = usual.place
    draft = Draft(
        kind=OccasionKind(kind) if kind in set(OccasionKind) else usual.kind,
        name=name,
        day=event.day(),
        iso3=iso3,
        group_key=group_key,
        every_months=every_months,
        until=until,
        note=_cut(event.words("DESCRIPTION").strip()),
        link=link if link.startswith(("https://", "http://")) else "",
    )
    draft = draft.without(event.left_out() if every_months else ())
    if len(draft.left_out or ()) > MOST_LEFT_OUT:
        raise ComesOtherwise("EXDATE")
    return _named(draft, event.words("UID"))


def _of_table(text: str, usual: Usual) -> Iterator[Line]:
    text = text.removeprefix("\ufeff")
    header = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=header.count)
    rows = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    begun_on = 1
    try:
        names = [name.strip().lower() for name in next(rows, [])]
        for needed in NEEDED:
            if needed not in names:
                raise ColumnMissing(needed)
        begun_on = rows.line_num + 1
        for row in rows:
            if any(cell.strip() for cell in row):
                cells = {name: _as_written(cell) for name, cell in zip(names, row, strict=False)}
                is_whole = not any(cell.strip() for cell in row[len(names) :])
                yield _line_of(rows.line_num, cells, usual, is_whole=is_whole)
            begun_on = rows.line_num + 1
    except csv.Error:
        raise QuoteWrong(begun_on) from None


def _line_of(number: int, cells: Mapping[str, str], usual: Usual, *, is_whole: bool) -> Line:
    name = _one_line(cells.get("name", ""))
    try:
        if not is_whole:
            raise TooManyCells
        kind = cells.get("kind", "").lower()
        if kind and kind not in set(OccasionKind):
            raise KindUnknown(kind)
        months = cells.get("every_months", "")
        iso3, group_key = _place(cells, usual)
        handling, is_called_off = _mark(cells.get("handling", "")), _is_called_off(cells.get("called_off", ""))
        draft = Draft(
            kind=OccasionKind(kind) if kind else usual.kind,
            name=name,
            day=_day(cells.get("day", "")),
            every_months=_months(months) if months else None,
            until=_day(cells["until"]) if cells.get("until") else None,
            note=_cut(cells.get("note", "")),
            link=cells.get("link", ""),
            iso3=iso3,
            group_key=group_key,
        )
    except Refusal as problem:
        return Line(number, name, problem=problem)
    draft = _named(draft, cells.get("uid", ""))
    if is_called_off:
        return Line(number, name, is_called_off=True, uid=draft.uid, place=(iso3, group_key))
    return Line(number, name, draft, handling=handling, is_nameless=not cells.get("uid"))


def _place(cells: Mapping[str, str], usual: Usual) -> Place:
    if cells.get("iso3"):
        return cells["iso3"].upper(), None
    if group := cells.get("group", "").lower():
        return None, None if group == WORLD else group
    if usual.place is None:
        raise PlaceUnsaid
    return usual.place


def _mark(typed: str) -> Mark | None:
    if not typed:
        return None
    found = next((mark for mark in Mark if typed.upper().removeprefix("TLP:") == mark.label.removeprefix("TLP:")), None)
    if found is None:
        raise MarkUnknown(typed)
    return found


def _is_called_off(typed: str) -> bool:
    if typed.lower() not in ("", YES, NO):
        raise NeitherYesNorNo(typed)
    return typed.lower() == YES


def _as_written(cell: str) -> str:
    """Without the quote by which a spreadsheet was kept from taking it for a formula."""
    cell = cell.strip()
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULA_STARTS) else cell


def _named(draft: Draft, uid: str) -> Draft:
    """What has no name of its own is known again by what it says."""
    return replace(draft, uid=_fit(uid or "|".join((draft.kind, draft.name, draft.day.isoformat())), is_own=not uid))


def _fit(uid: str, *, is_own: bool = False) -> str:
    """`is_own`: made here, of the words themselves."""
    if len(uid) <= LONGEST_UID and not is_own:
        return uid
    return f"file-{hashlib.sha256(uid.encode()).hexdigest()}"


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise DayUnread(typed) from None


def _months(typed: str) -> int:
    if typed.isascii() and typed.isdecimal() and len(typed) <= 4 and 1 <= int(typed) <= MOST_MONTHS:
        return int(typed)
    raise RecurrenceUnfit


def _one_line(words: str) -> str:
    return " ".join(words.split())


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST_NOTE else f"{words[: LONGEST_NOTE - 1]}…"
