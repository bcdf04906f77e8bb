"""Which situations need somebody now? What was asked for in the address, and the rows that answer it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.access import Principal
from tracker.country import in_order
from tracker.exchange.sheets import Cell, csv_text
from tracker.handling import Mark
from tracker.situation import SituationState, is_overdue
from tracker.storage import countries, flags, people, situations
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation
from tracker.storage.flags import SeenFlag
from tracker.storage.models import Country, Group
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

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "Asked":
        state, who = arguments.get("state", ""), arguments.get("who", "")
        return cls(
            state=SituationState(state) if state in set(SituationState) else None,
            place=arguments.get("place", ""),
            who=Who(who) if who in set(Who) else Who.EVERYBODY,
        )

    def as_arguments(self) -> dict[str, str]:
        wanted = {"state": self.state or "", "place": self.place, "who": self.who}
        return {name: str(value) for name, value in wanted.items() if value}

    @property
    def is_narrowed(self) -> bool:
        return self != Asked()


@dataclass(frozen=True)
class Row:
    situation: Situation
    country: Country
    # Those that are open for the reader, the most severe first.
    open_flags: Sequence[SeenFlag]
    is_overdue: bool
    # Empty: nobody is in charge.
    owner: str

    @property
    def severity(self) -> int:
        """Of the worst open flag; 0: none is open."""
        return self.open_flags[0].severity if self.open_flags else 0

    @property
    def waiting(self) -> int:
        """How many flags have no verdict yet."""
        return sum(one.is_waiting for one in self.open_flags)


@dataclass(frozen=True)
class Queue:
    asked: Asked
    rows: Sequence[Row]
    # How many are open without any filter, and how many of them are overdue.
    open: int
    overdue: int
    countries: Sequence[Country]
    groups: Sequence[Group]


def situation_queue(session: Session, asked: Asked, reader: Principal, today: date) -> Queue:
    everywhere = situations.listed(session, reader.scope, reader.clearance, is_closed=False)
    groups, known = countries.all_groups(session), countries.all_countries(session, reader.scope)
    found = everywhere
    if asked.state is SituationState.CLOSED:
        found = situations.listed(session, reader.scope, reader.clearance, is_closed=True)
    elif asked.state is not None:
        found = [one for one in everywhere if one.state is asked.state]
    wanted = _where(asked.place, groups)
    followed = situations.watched_by(session, reader.person_id) if asked.who is Who.FOLLOWED else set()
    chosen = [
        one
        for one in found
        if (wanted is None or one.iso3 in wanted) and _is_theirs(one, asked.who, reader.person_id, followed)
    ]
    rows = _rows(session, chosen, {one.iso3: one for one in known}, reader.clearance, today)
    return Queue(
        asked=asked,
        rows=rows if asked.state is SituationState.CLOSED else sorted(rows, key=_urgency),
        open=len(everywhere),
        overdue=sum(is_overdue(one.due_on, today) for one in everywhere),
        countries=_with_situations(known, everywhere, asked.place),
        groups=groups,
    )


def queue_as_csv(queue: Queue) -> str:
    """The queue as it is seen: the same rows in the same order."""
    return csv_text(CSV_COLUMNS, [_cells(row) for row in queue.rows])


def _rows(
    session: Session, chosen: Sequence[Situation], known: Mapping[str, Country], clearance: Mark, today: date
) -> list[Row]:
    seen = flags.in_situations(session, [one.id for one in chosen], clearance)
    owners = people.names(session, {one.owner_id for one in chosen if one.owner_id is not None})
    return [
        Row(
            situation=one,
            country=known[one.iso3],
            open_flags=[flag for flag in seen.get(one.id, []) if flag.is_open],
            is_overdue=is_overdue(one.due_on, today),
            owner=owners.get(one.owner_id or 0, ""),
        )
        for one in chosen
    ]


def _urgency(row: Row) -> tuple[bool, int, date]:
    """What is overdue first, then by the worst open flag, then by the day."""
    return not row.is_overdue, -row.severity, row.situation.due_on or date.max


def _where(place: str, groups: Sequence[Group]) -> set[str] | None:
    """None: wherever."""
    if not place:
        return None
    members = next(({member.iso3 for member in group.members} for group in groups if group.key == place), None)
    return {place} if members is None else members


def _is_theirs(one: Situation, who: Who, person_id: int, followed: set[int]) -> bool:
    return who is Who.EVERYBODY or (one.owner_id == person_id if who is Who.MINE else one.id in followed)


def _with_situations(known: Sequence[Country], everywhere: Sequence[Situation], place: str) -> list[Country]:
    """To choose from; with the chosen one, whatever there is."""
    there = {one.iso3 for one in everywhere} | {place}
    return in_order((one for one in known if one.iso3 in there), reader_language())


def _cells(row: Row) -> list[Cell]:
    one = row.situation
    worst = row.severity or None
    named: list[Cell] = [one.id, row.country.iso3, country_name(row.country), one.part, one.state.value]
    due: list[Cell] = [one.due_on, row.is_overdue, worst, len(row.open_flags), row.waiting]
    reason = one.close_reason.value if one.close_reason else None
    return [*named, *due, row.owner, Mark(one.handling).label, reason, one.closed_at.date() if one.closed_at else None]
