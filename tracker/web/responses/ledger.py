"""Who does what by when? All measures that somebody may know of: what was asked for in the address, and the rows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.access import Principal
from tracker.country import in_order
from tracker.exchange.sheets import Cell
from tracker.handling import Mark
from tracker.measure import MeasureKind, Sphere
from tracker.response import OPEN, ResponseState, is_overdue
from tracker.storage import responses
from tracker.storage.base import Session
from tracker.storage.responding import Response
from tracker.storage.responses import Listed
from tracker.storage.watching import Country
from tracker.web.country_choice import countries_in
from tracker.web.csv_file import sheet
from tracker.web.frame import frame
from tracker.web.moments import of_today
from tracker.web.paging import PER_PAGE, Part, Stretch, on_page, page_asked_for
from tracker.web.words import country_name, reader_language

CSV_COLUMNS = (
    *("response", "situation", "iso3", "country", "part", "title", "measure", "kind", "sphere", "state", "overdue"),
    *("due_on", "owner", "organisation", "followed_up_by", "proposed_on", "decided_on", "decided_by", "started_on"),
    *("ended_on", "handling"),
)


@dataclass(frozen=True)
class Asked:
    """All of it stands in the address. What cannot be understood narrows nothing."""

    # None: every one.
    state: ResponseState | None = None
    kind: MeasureKind | None = None
    sphere: Sphere | None = None
    # A country or a group; empty: wherever.
    place: str = ""
    overdue: bool = False
    mine: bool = False
    page: int = 1

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "Asked":
        state, kind, sphere = (arguments.get(name, "") for name in ("state", "kind", "sphere"))
        return cls(
            state=ResponseState(state) if state in set(ResponseState) else None,
            kind=MeasureKind(kind) if kind in set(MeasureKind) else None,
            sphere=Sphere(sphere) if sphere in set(Sphere) else None,
            place=arguments.get("place", ""),
            overdue=arguments.get("only") == "overdue",
            mine=arguments.get("who") == "mine",
            page=page_asked_for(arguments),
        )

    def as_arguments(self) -> dict[str, str]:
        """Without the page."""
        wanted = {"state": self.state or "", "kind": self.kind or "", "sphere": self.sphere or "", "place": self.place}
        wanted |= {"only": "overdue" if self.overdue else "", "who": "mine" if self.mine else ""}
        return {name: str(value) for name, value in wanted.items() if value}


@dataclass(frozen=True)
class Row:
    listed: Listed
    country: Country
    is_overdue: bool

    @property
    def response(self) -> Response:
        return self.listed.response


@dataclass(frozen=True)
class Ledger:
    asked: Asked
    # What is overdue, by its day; what goes on, by its day; what has ended, the latest first.
    parts: Sequence[Part[str, Row]]
    # Where they stand among all that answer.
    stretch: Stretch
    # Without any filter: all, those that go on, and those of them that are overdue.
    all: int
    open: int
    overdue: int
    # To choose from.
    countries: Sequence[Country]

    @property
    def rows(self) -> list[Row]:
        return [row for part in self.parts for row in part.rows]


def response_ledger(
    session: Session, asked: Asked, reader: Principal, today: date, per_page: int | None = PER_PAGE
) -> Ledger:
    """`per_page` None: all on one."""
    known = frame().countries
    rows = [
        Row(one, known[one.iso3], is_overdue(one.response.due_on, today))
        for one in responses.ledger(session, reader.scope, reader.clearance)
    ]
    place = {row.response.id: number for number, row in enumerate(rows)}
    in_turn = responses.in_order([row.response for row in rows])
    ordered = [rows[place[one.id]] for one in in_turn]
    where = countries_in(asked.place)
    wanted = [row for row in ordered if _is_wanted(row, asked, where, reader)]
    named = [
        ("overdue", [row for row in wanted if row.is_overdue]),
        ("open", [row for row in wanted if row.response.state in OPEN and not row.is_overdue]),
        ("ended", [row for row in wanted if row.response.state not in OPEN]),
    ]
    stretch = Stretch.on(asked.page, len(wanted), per_page)
    there = {row.country.iso3 for row in rows} | ({asked.place} & known.keys())
    return Ledger(
        asked=asked,
        parts=on_page(named, stretch),
        stretch=stretch,
        all=len(rows),
        open=sum(row.response.state in OPEN for row in rows),
        overdue=sum(row.is_overdue for row in rows),
        countries=in_order([known[iso3] for iso3 in there if reader.reaches(iso3)], reader_language()),
    )


def ledger_as_csv(ledger: Ledger) -> str:
    """As it is seen: the same rows in the same order."""
    return sheet(CSV_COLUMNS, [_cells(row) for row in ledger.rows], of_today())


def _is_wanted(row: Row, asked: Asked, where: Collection[str] | None, reader: Principal) -> bool:
    one = row.response
    return (
        (asked.state is None or one.state is asked.state)
        and (asked.kind is None or one.kind is asked.kind)
        and (asked.sphere is None or one.sphere is asked.sphere)
        and (where is None or row.country.iso3 in where)
        and (row.is_overdue or not asked.overdue)
        and (not asked.mine or one.owner_id == reader.person_id)
    )


def _cells(row: Row) -> list[Cell]:
    one = row.response
    days = [at.date() if at else None for at in (one.decided_at, one.started_at, one.ended_at)]
    place: list[Cell] = [one.id, one.situation_id, row.country.iso3, country_name(row.country), row.listed.part]
    what: list[Cell] = [one.title, one.measure_key or "", one.kind.value, one.sphere.value, one.state.value]
    who: list[Cell] = [row.is_overdue, one.due_on, one.owner, one.organisation, row.listed.follower or ""]
    when: list[Cell] = [one.proposed_at.date(), days[0], one.decided_by, days[1], days[2]]
    return [*place, *what, *who, *when, Mark(one.handling).label]
