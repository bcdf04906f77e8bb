"""The audit log as it was asked for, with each change told as a difference."""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from tracker.storage import audit_entries, people
from tracker.storage.audit_entries import Search
from tracker.storage.base import Session
from tracker.storage.running import AuditEntry
from tracker.web.people_list import names_person

PER_PAGE = 50
MOST_PAGES = 1_000_000
LONGEST_SEARCH = 100
MOST_EXPORTED = 100_000
_PERSON = re.compile(r"person (\d{1,9})")


@dataclass(frozen=True)
class Asked:
    """What cannot be understood narrows nothing. Days are days of the reader's zone."""

    words: str = ""
    action: str = ""
    first_day: date | None = None
    last_day: date | None = None
    page: int = 1

    @classmethod
    def read(cls, arguments: MultiDict[str, str]) -> "Asked":
        page = arguments.get("page", "")
        return cls(
            words=_words(arguments.get("q", "")),
            action=_words(arguments.get("action", "")),
            first_day=_day(arguments.get("from", "")),
            last_day=_day(arguments.get("to", "")),
            page=min(MOST_PAGES, max(1, int(page))) if page.isascii() and page.isdecimal() and len(page) < 10 else 1,
        )

    def search(self, session: Session, zone: ZoneInfo) -> Search:
        known = people.names_and_addresses(session) if self.words else {}
        return Search(
            words=self.words,
            people=frozenset(person_id for person_id, named in known.items() if names_person(self.words, *named)),
            action=self.action,
            not_before=datetime.combine(self.first_day, time(), zone) if self.first_day else None,
            before=datetime.combine(self.last_day + timedelta(days=1), time(), zone) if self.last_day else None,
        )

    def as_arguments(self) -> dict[str, str]:
        """Those that differ from the usual, without the page."""
        days = {"from": self.first_day, "to": self.last_day}
        texts = {"q": self.words, "action": self.action}
        return {name: text for name, text in texts.items() if text} | {
            name: day.isoformat() for name, day in days.items() if day
        }


@dataclass(frozen=True)
class Change:
    what: str
    # Empty: it was not there.
    before: str
    after: str


@dataclass(frozen=True)
class Row:
    entry: AuditEntry
    # Of the person whom the entry is about, if it is about one.
    person_id: int | None
    person_name: str
    changes: list[Change]


@dataclass(frozen=True)
class Listed:
    rows: list[Row]
    total: int
    first: int
    asked: Asked

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def audit_list(session: Session, asked: Asked, zone: ZoneInfo) -> Listed:
    search, offset = asked.search(session, zone), (asked.page - 1) * PER_PAGE
    entries = audit_entries.found(session, search, limit=PER_PAGE, offset=offset)
    names = people.names(session, {person_id for entry in entries if (person_id := _person_in(entry)) is not None})
    rows = [
        Row(entry, _person_in(entry), names.get(_person_in(entry) or 0, ""), changes_of(entry.before, entry.after))
        for entry in entries
    ]
    return Listed(rows, audit_entries.how_many(session, search), offset + 1, asked)


def changes_of(before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[Change]:
    """Only what differs, in the order in which it was written down."""
    before, after = before or {}, after or {}
    names = [*after, *(name for name in before if name not in after)]
    return [
        Change(name.replace("_", " "), told(before.get(name)), told(after.get(name)))
        for name in names
        if before.get(name) != after.get(name) or (name in before) != (name in after)
    ]


def told(value: Any) -> str:
    """A value as a person writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(told(part) for part in value) or "none"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def _person_in(entry: AuditEntry) -> int | None:
    found = _PERSON.fullmatch(entry.subject)
    return int(found[1]) if found else None


def _words(typed: str) -> str:
    return " ".join("".join(letter for letter in typed[:LONGEST_SEARCH] if letter.isprintable()).split())


def _day(typed: str) -> date | None:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    # the last day there is has no day after it, and the first none before it in some zones
    return day if date.min < day < date.max else None
