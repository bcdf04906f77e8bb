"""What did we tell people? Deliveries as they were asked for, one's own or everybody's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from tracker.access import Principal
from tracker.digest import DeliveryAct, DeliveryKind, DeliveryState
from tracker.exchange.sheets import Cell, csv_text
from tracker.handling import Mark
from tracker.refusal import N_
from tracker.storage import delivery_log, people
from tracker.storage.base import Session
from tracker.storage.delivery_log import Event, Line, Search
from tracker.web.boundary import row_number
from tracker.web.digests.subscription_words import delivery_word
from tracker.web.people_list import names_person

PER_PAGE = 50
MOST_PAGES = 1_000_000
MOST_EXPORTED = 100_000
LONGEST_SEARCH = 100
URGENT = "urgent"
UNMADE = N_("It could not be put together: an error of the tracker, which its administrators see.")
CSV_COLUMNS = (
    *("delivery", "kind", "person", "digest", "period", "due_at", "state", "handling", "settled_at"),
    *("attempts", "next_attempt_at", "problem"),
)


@dataclass(frozen=True)
class Asked:
    """All of it stands in the address. What cannot be understood narrows nothing."""

    # None: any.
    state: DeliveryState | None = None
    # A digest by its number, or URGENT; empty: any.
    digest: str = ""
    # Of a person's name or address, among everybody's.
    words: str = ""
    page: int = 1

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "Asked":
        state, digest = arguments.get("state", ""), arguments.get("digest", "")
        return cls(
            state=DeliveryState(state) if state in set(DeliveryState) else None,
            digest=digest if digest == URGENT or row_number(digest) else "",
            words=" ".join(arguments.get("q", "")[:LONGEST_SEARCH].split()),
            page=min(MOST_PAGES, max(1, row_number(arguments.get("page", "")))),
        )

    def as_arguments(self) -> dict[str, str]:
        """Those that differ from the usual, without the page."""
        wanted = {"state": self.state or "", "digest": self.digest, "q": self.words}
        return {name: str(value) for name, value in wanted.items() if value}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.as_arguments())

    def search(self, who: Sequence[int] | None) -> Search:
        return Search(
            people=who,
            states=() if self.state is None else (self.state,),
            subscription_id=row_number(self.digest) or None,
            kind=DeliveryKind.URGENT if self.digest == URGENT else None,
        )


@dataclass(frozen=True)
class Row:
    line: Line
    # What a reader sees of it in their mailbox. Empty: it was not made, or is above what they may see now.
    subject: str

    @property
    def digest(self) -> str:
        return self.line.subscription or str(_("Urgent notice"))

    @property
    def period(self) -> str:
        """A day, a week, a month; of an urgent notice nothing that its time does not say."""
        return "" if self.line.kind is DeliveryKind.URGENT else self.line.period_key

    @property
    def state(self) -> str:
        if self.line.state is DeliveryState.QUEUED and self.line.transmitting_at is not None:
            return str(_("being handed over"))
        return delivery_word(self.line.state)

    @property
    def problem(self) -> str:
        return said(self.line.last_error or "")


@dataclass(frozen=True)
class Listed:
    asked: Asked
    rows: Sequence[Row]
    total: int
    first: int

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def told_to(session: Session, reader: Principal, asked: Asked) -> Listed:
    """One's own."""
    return _listed(session, asked, [reader.person_id], reader)


def told_to_all(session: Session, asked: Asked) -> Listed:
    """Everybody's, without a word of what any of them says."""
    return _listed(session, asked, _people_named(session, asked.words), None)


def of_own_as_csv(session: Session, person_id: int, asked: Asked) -> str:
    return _csv(map(for_its_reader, _exported(session, asked.search([person_id]))))


def of_all_as_csv(session: Session, asked: Asked) -> str:
    return _csv(_exported(session, asked.search(_people_named(session, asked.words))))


def for_its_reader(line: Line) -> Line:
    """What an error of ours says helps them with nothing, and may name what they must not know of."""
    was_never_made = line.handling is None and line.state in (DeliveryState.PLANNED, DeliveryState.DEAD)
    return line._replace(last_error=UNMADE) if was_never_made and line.last_error else line


def log_for_its_reader(events: Iterable[Event]) -> list[Event]:
    """What the mail server said of what was made stands there as it said it."""
    told: list[Event] = []
    is_made = False
    for one in events:
        is_made = is_made or one.act is DeliveryAct.MADE
        is_ours = not is_made and one.act in (DeliveryAct.FAILED, DeliveryAct.GIVEN_UP)
        told.append(one._replace(words=UNMADE) if is_ours else one)
    return told


def said(words: str) -> str:
    """Why it went so: a sentence of ours in the reader's language, or what a mail server said."""
    return str(_(words)) if words else ""


def may_read(line: Line, reader: Principal) -> bool:
    """Of their own: it was made, and they may see as much as they did."""
    is_cleared = line.handling is not None and line.handling <= reader.clearance
    is_in_reach = reader.scope is None or (line.countries is not None and reader.scope >= set(line.countries))
    return is_cleared and is_in_reach


def subject_for(line: Line, reader: Principal | None) -> str:
    """`reader` None: it is nobody's to read."""
    return line.subject or "" if reader is not None and may_read(line, reader) else ""


def _listed(session: Session, asked: Asked, who: Sequence[int] | None, reader: Principal | None) -> Listed:
    search, offset = asked.search(who), (asked.page - 1) * PER_PAGE
    found = delivery_log.found(session, search, limit=PER_PAGE, offset=offset)
    if reader is not None:
        found = [for_its_reader(line) for line in found]
    rows = [Row(line, subject_for(line, reader)) for line in found]
    return Listed(asked, rows, delivery_log.how_many(session, search), offset + 1)


def _people_named(session: Session, words: str) -> list[int] | None:
    """None: everybody."""
    if not words:
        return None
    known = people.names_and_addresses(session)
    return [person_id for person_id, named in known.items() if names_person(words, *named)]


def _exported(session: Session, search: Search) -> Sequence[Line]:
    return delivery_log.found(session, search, limit=MOST_EXPORTED)


def _csv(found: Iterable[Line]) -> str:
    return csv_text(CSV_COLUMNS, [_cells(line) for line in found])


def _cells(line: Line) -> list[Cell]:
    mark = None if line.handling is None else Mark(line.handling).label
    what: list[Cell] = [line.id, line.kind.value, line.person, line.subscription, line.period_key, line.due_at]
    return [*what, line.state.value, mark, line.settled_at, line.attempts, line.next_attempt_at, line.last_error]
