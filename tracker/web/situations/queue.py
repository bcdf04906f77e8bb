"""Which situations need somebody now? What was asked for in the address, and the rows that answer it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.access import Principal
from tracker.country import in_order
from tracker.exchange.sheets import Cell
from tracker.handling import Mark
from tracker.situation import SituationState, Urgency, is_overdue, order_of, urgency_of
from tracker.storage import news, scores, situations
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation
from tracker.storage.situations import Queued
from tracker.storage.watching import Country
from tracker.storage.worst_flags import WorstFlag, worst_flags
from tracker.web.country_choice import countries_in
from tracker.web.csv_file import sheet
from tracker.web.dashboard.ranking import Standing, risk_of
from tracker.web.flag_words import flag_names, flag_sentence
from tracker.web.frame import frame
from tracker.web.moments import of_today
from tracker.web.paging import PER_PAGE, Part, Stretch, on_page, page_asked_for
from tracker.web.words import country_name, reader_language

CSV_COLUMNS = (
    *("situation", "iso3", "country", "part", "state", "due_on", "overdue", "worst_open_flag", "open_flags"),
    *("without_verdict", "in_charge", "handling", "close_reason", "closed_on"),
)


class Who(StrEnum):
    EVERYBODY = ""
    MINE = "mine"
    FOLLOWED = "followed"


@dataclass(frozen=True)
class Asked:
    """All of it stands in the address. What cannot be understood narrows nothing."""

    # None: every open one.
    state: SituationState | None = None
    # A country or a group; empty: wherever.
    place: str = ""
    who: Who = Who.EVERYBODY
    page: int = 1

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "Asked":
        state, who = arguments.get("state", ""), arguments.get("who", "")
        return cls(
            state=SituationState(state) if state in set(SituationState) else None,
            place=arguments.get("place", ""),
            who=Who(who) if who in set(Who) else Who.EVERYBODY,
            page=page_asked_for(arguments),
        )

    def as_arguments(self) -> dict[str, str]:
        """Without the page."""
        wanted = {"state": self.state or "", "place": self.place, "who": self.who}
        return {name: str(value) for name, value in wanted.items() if value}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.as_arguments())


@dataclass(frozen=True)
class Row:
    situation: Situation
    country: Country
    # Of the flags that are open for the reader; None: none is.
    worst: WorstFlag | None
    days_left: int | None
    urgency: Urgency
    # Empty: nobody is in charge.
    owner: str
    is_followed: bool
    # Of its country, today; None: nothing that the reader may see was ever scored.
    risk: Standing | None

    @property
    def severity(self) -> int:
        """Of the worst open flag; 0: none is open."""
        return self.worst.severity if self.worst else 0

    @property
    def open_flags(self) -> int:
        """How many there are."""
        return self.worst.open if self.worst else 0

    @property
    def waiting(self) -> int:
        """How many of them have no verdict yet."""
        return self.worst.open - self.worst.judged if self.worst else 0

    @property
    def is_overdue(self) -> bool:
        return self.days_left is not None and self.days_left < 0


@dataclass(frozen=True)
class Queue:
    asked: Asked
    # By how soon somebody must act, what is overdue first; those that are closed stand alone.
    parts: Sequence[Part[Urgency, Row]]
    # By situation, of those rows: what the worst open flag says.
    words: Mapping[int, str]
    # Where they stand among all that answer.
    stretch: Stretch
    # How many are open without any filter, and how many of them are overdue.
    open: int
    overdue: int
    # To choose from.
    countries: Sequence[Country]

    @property
    def rows(self) -> list[Row]:
        return [row for part in self.parts for row in part.rows]


def situation_queue(
    session: Session, asked: Asked, reader: Principal, today: date, per_page: int | None = PER_PAGE
) -> Queue:
    """`per_page` None: all on one."""
    is_closed = asked.state is SituationState.CLOSED
    found = situations.queued(session, reader.scope, reader.clearance, reader.person_id, with_closed=is_closed)
    everywhere = [one.situation for one in found if one.situation.closed_at is None]
    where = countries_in(asked.place)
    rows = _rows(session, [one for one in found if _is_wanted(one, asked, where, reader)], reader, today)
    if not is_closed:
        rows.sort(key=lambda row: (*_order(row, today), row.situation.id))
    stretch = Stretch.on(asked.page, len(rows), per_page)
    named = [(urgency, [row for row in rows if row.urgency is urgency]) for urgency in Urgency]
    parts = on_page(named, stretch)
    return Queue(
        asked=asked,
        parts=parts,
        words=_words(session, [row.worst for part in parts for row in part.rows if row.worst], reader),
        stretch=stretch,
        open=len(everywhere),
        overdue=sum(is_overdue(one.due_on, today) for one in everywhere),
        countries=_with_situations({one.iso3 for one in everywhere} | {asked.place}, reader),
    )


def queue_as_csv(queue: Queue) -> str:
    """The queue as it is seen: the same rows in the same order."""
    return sheet(CSV_COLUMNS, [_cells(row) for row in queue.rows], of_today())


def _order(row: Row, today: date) -> tuple[int, int, date, float]:
    return order_of(row.situation.due_on, today, severity=row.severity, score=row.risk.score if row.risk else None)


def _is_wanted(one: Queued, asked: Asked, where: Collection[str] | None, reader: Principal) -> bool:
    """Every open one, or those of one state; everybody's or theirs; `where` None: wherever."""
    state, owner = one.situation.state, one.situation.owner_id
    is_theirs = {Who.EVERYBODY: True, Who.MINE: owner == reader.person_id, Who.FOLLOWED: one.is_followed}[asked.who]
    is_there = where is None or one.situation.iso3 in where
    is_so = state is not SituationState.CLOSED if asked.state is None else state is asked.state
    return is_theirs and is_there and is_so


def _rows(session: Session, chosen: Sequence[Queued], reader: Principal, today: date) -> list[Row]:
    numbers = [one.situation.id for one in chosen]
    worst = worst_flags(session, numbers, of_today(), reader.scope, reader.clearance)
    risks = _risks(session, {one.situation.iso3 for one in chosen}, reader)
    return [
        Row(
            situation=one.situation,
            country=frame().countries[one.situation.iso3],
            worst=worst.get(one.situation.id),
            urgency=urgency_of(one.situation.due_on, today),
            days_left=(one.situation.due_on - today).days if one.situation.due_on else None,
            owner=one.owner or "",
            is_followed=one.is_followed,
            risk=risks.get(one.situation.iso3),
        )
        for one in chosen
    ]


def _words(session: Session, flags: Sequence[WorstFlag], reader: Principal) -> dict[int, str]:
    """By situation."""
    if not flags:
        return {}
    names = flag_names(session, sorted({flag.iso3 for flag in flags}), reader.clearance)
    said = news.explanations(session, [flag.said.id for flag in flags])
    return {flag.situation_id: flag_sentence(said[flag.said.id], names) for flag in flags}


def _risks(session: Session, iso3s: Collection[str], reader: Principal) -> dict[str, Standing]:
    chosen = frame().method
    if chosen is None or not iso3s:
        return {}
    number, method = chosen
    found = scores.now(session, number, method.tree, reader.clearance, iso3s)
    return {iso3: risk_of(method, one) for iso3, one in found.items()}


def _with_situations(iso3s: Collection[str], reader: Principal) -> list[Country]:
    """To choose from; with the chosen one, whatever there is."""
    there = [frame().countries[iso3] for iso3 in iso3s if iso3 in frame().countries and reader.reaches(iso3)]
    return in_order(there, reader_language())


def _cells(row: Row) -> list[Cell]:
    one = row.situation
    worst = row.severity or None
    named: list[Cell] = [one.id, row.country.iso3, country_name(row.country), one.part, one.state.value]
    due: list[Cell] = [one.due_on, row.is_overdue, worst, row.open_flags, row.waiting]
    reason = one.close_reason.value if one.close_reason else None
    return [*named, *due, row.owner, Mark(one.handling).label, reason, one.closed_at.date() if one.closed_at else None]
