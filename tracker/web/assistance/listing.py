"""Who asked for help: what was asked for in the address, and the rows that answer it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.access import Principal
from tracker.assistance import AssistanceState, days_open, is_late
from tracker.exchange.sheets import Cell
from tracker.handling import Mark
from tracker.measure import MeasureKind
from tracker.response import OPEN, ResponseState
from tracker.storage import assistance
from tracker.storage.answering import OpenCall
from tracker.storage.assistance import SeenRequest
from tracker.storage.base import Session
from tracker.storage.responding import AssistanceRequest, Response
from tracker.storage.watching import Country
from tracker.web.assistance.words import days_open_words
from tracker.web.csv_file import sheet
from tracker.web.frame import frame
from tracker.web.moments import of_today
from tracker.web.words import country_name

CSV_COLUMNS = (
    *("request", "iso3", "country", "kind", "title", "words", "on_behalf_of", "asked_on", "needed_by", "state"),
    *("days_open", "answered_on", "answer", "measures", "handling"),
)
# In which a measure still is something that may help, or was.
_COUNTS = {*OPEN, ResponseState.DONE}
EVERY = "every"


@dataclass(frozen=True)
class Asked:
    """All of it stands in the address. What cannot be understood narrows nothing."""

    # None: whatever became of them.
    state: AssistanceState | None = AssistanceState.OPEN
    # None: of every kind.
    kind: MeasureKind | None = None
    # A group or a country; empty: anywhere.
    group: str = ""

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "Asked":
        state, kind = arguments.get("state", ""), arguments.get("kind", "")
        chosen = AssistanceState(state) if state in set(AssistanceState) else AssistanceState.OPEN
        return cls(
            state=None if state == EVERY else chosen,
            kind=MeasureKind(kind) if kind in set(MeasureKind) else None,
            group=arguments.get("group", ""),
        )

    def as_arguments(self) -> dict[str, str]:
        state = EVERY if self.state is None else self.state.value
        wanted = {
            "state": "" if self.state is AssistanceState.OPEN else state,
            "kind": self.kind.value if self.kind else "",
            "group": self.group,
        }
        return {name: value for name, value in wanted.items() if value}

    @property
    def is_narrowed(self) -> bool:
        return self != Asked()


@dataclass(frozen=True)
class Row:
    seen: SeenRequest
    country: Country
    # How long it waited for its end, or has waited so far.
    days: int
    is_late: bool
    # What was proposed for it, as far as the reader may see.
    measures: Sequence[Response]

    @property
    def request(self) -> AssistanceRequest:
        return self.seen.request

    @property
    def is_open(self) -> bool:
        return self.request.state is AssistanceState.OPEN

    @property
    def is_unanswered(self) -> bool:
        """Nobody has said anything, nor proposed what is still thought of."""
        return self.is_open and not any(one.state in _COUNTS for one in self.measures)

    @property
    def mark(self) -> str:
        return Mark(self.request.handling).label

    @property
    def asker(self) -> str:
        return self.request.on_behalf_of or self.seen.asker

    @property
    def waits(self) -> str:
        """How long it has waited, or waited."""
        if self.is_open:
            return days_open_words(self.days)
        if not self.days:
            return str(_("on the same day"))
        return str(ngettext("after %(num)s day", "after %(num)s days", self.days))


@dataclass(frozen=True)
class RequestList:
    asked: Asked
    rows: Sequence[Row]
    # Of all that are open, whatever the list is narrowed to.
    unanswered: int
    # Days; 0: none is open.
    oldest: int
    # There is any at all.
    has_any: bool


def request_list(session: Session, asked: Asked, reader: Principal, today: date) -> RequestList:
    rows = _rows(session, assistance.listed(session, reader.scope, reader.clearance), reader, today)
    where = frame().members_of(asked.group) if asked.group else None
    waiting = [row for row in rows if row.is_unanswered]
    return RequestList(
        asked=asked,
        rows=[row for row in rows if _is_wanted(row, asked) and (where is None or row.country.iso3 in where)],
        unanswered=len(waiting),
        oldest=max((row.days for row in waiting), default=0),
        has_any=bool(rows),
    )


def ended_rows(session: Session, iso3: str, reader: Principal, today: date, *, most: int) -> list[Row]:
    """Those that ended last, without what was proposed for them."""
    return [_row(one, (), today) for one in assistance.ended_in(session, iso3, reader.clearance, most=most)]


@dataclass(frozen=True)
class OpenLine:
    """One that nobody has ended, in a line of another page."""

    request: OpenCall
    is_late: bool
    waits: str
    is_open: bool = True

    @property
    def is_unanswered(self) -> bool:
        return self.request.is_unanswered


def open_lines(calls: Sequence[OpenCall], today: date) -> list[OpenLine]:
    return [
        OpenLine(one, is_late(one.needed_by, None, today), days_open_words(days_open(one.asked_at, None, today)))
        for one in calls
    ]


def row_of(session: Session, one: SeenRequest, reader: Principal, today: date) -> Row:
    return _rows(session, [one], reader, today)[0]


def requests_as_csv(listed: RequestList) -> str:
    """The list as it is seen, with the same filters."""
    return sheet(CSV_COLUMNS, [_cells(row) for row in listed.rows], of_today())


def _rows(session: Session, found: Sequence[SeenRequest], reader: Principal, today: date) -> list[Row]:
    measures = assistance.measures_for(session, [one.request.id for one in found], reader.clearance) if found else {}
    return [_row(one, measures.get(one.request.id, ()), today) for one in found]


def _row(one: SeenRequest, measures: Sequence[Response], today: date) -> Row:
    request = one.request
    return Row(
        seen=one,
        country=frame().countries[request.iso3],
        days=days_open(request.asked_at, request.answered_at, today),
        is_late=is_late(request.needed_by, request.answered_at, today),
        measures=measures,
    )


def _is_wanted(row: Row, asked: Asked) -> bool:
    return asked.state in (None, row.request.state) and asked.kind in (None, row.request.kind)


def _cells(row: Row) -> list[Cell]:
    one = row.request
    asked: list[Cell] = [one.id, one.iso3, country_name(row.country), one.kind.value, one.title, one.words, row.asker]
    days: list[Cell] = [one.asked_at.date(), one.needed_by, one.state.value, row.days]
    measures = "; ".join(f"{measure.title} ({measure.state.value})" for measure in row.measures)
    return [*asked, *days, one.answered_at.date() if one.answered_at else None, one.answer, measures, row.mark]
