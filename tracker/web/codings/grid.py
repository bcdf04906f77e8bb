"""What the entry grid shows: a row for each question about a country, by criterion, and how far the month has come."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for

from tracker.access import Principal
from tracker.actions.codings.submitting import judged
from tracker.actions.codings.writing import answer_of, last_before, record_of
from tracker.answer import Answer, Trouble
from tracker.coding import IN_AUTHORS_HANDS, CodingState, has_begun, month_after, observed_on, period_before
from tracker.handling import Mark
from tracker.indicator import Voice
from tracker.storage import catalogue, codings, observations
from tracker.storage.base import Session
from tracker.storage.observations import Answered
from tracker.storage.recording import Coding
from tracker.storage.watching import Country, Criterion
from tracker.web.codings.grid_row import Row, RowMaker
from tracker.web.codings.typed import Typed
from tracker.web.coverage.due_list import AHEAD

PERIODS_BESIDE = 3


@dataclass(frozen=True)
class Section:
    criterion: Criterion
    rows: list[Row]

    @property
    def can_be_unchanged(self) -> int:
        return sum(row.can_be_typed and row.last_is_known and not row.answer.is_given for row in self.rows)

    @property
    def unchanged(self) -> int:
        return sum(row.is_unchanged for row in self.rows)


@dataclass(frozen=True)
class Grid:
    country: Country
    period: date
    # The day that the answers will speak of.
    day: date
    beside: list[date]
    earlier: date
    # None: that month has not begun.
    later: date | None
    sections: list[Section]
    sources: list[str]
    accepts_own: bool
    restored: int = 0

    @property
    def rows(self) -> list[Row]:
        return [row for section in self.sections for row in section.rows]

    def told(self, *, everything: bool) -> dict[int, list[Trouble]]:
        """By indicator, what is said at its cell: before submitting not yet what is usually filled in last."""
        return {
            row.indicator.id: [trouble for trouble in row.troubles if everything or not trouble.can_wait]
            for row in self.rows
        }

    @property
    def without_source(self) -> int:
        return sum(row.lacks_source for row in self.rows)

    @property
    def due(self) -> list[Row]:
        return [row for row in self.rows if row.is_due]

    @property
    def drafted(self) -> int:
        return sum(row.can_be_typed and row.answer.is_given for row in self.rows)

    @property
    def submitted(self) -> int:
        return sum(row.state is CodingState.SUBMITTED for row in self.rows)

    @property
    def accepted(self) -> int:
        return sum(row.accepted is not None for row in self.rows)

    @property
    def returned(self) -> int:
        return sum(row.state is CodingState.RETURNED for row in self.rows)


def entry_grid(
    session: Session,
    country: Country,
    period: date,
    writer: Principal,
    today: date,
    *,
    typed: Typed | None = None,
) -> Grid:
    typed = typed or Typed()
    beside = [period_before(period, months) for months in range(PERIODS_BESIDE, 0, -1)]
    criteria = catalogue.criteria_in_force(session)
    measures = {one.id: one for criterion in criteria for one in criterion.indicators}
    live = codings.live_in_country(session, country.iso3, period, writer.clearance, reader=writer.person_id)
    mine = {one.cell.indicator_id: one for one in live if one.author_id == writer.person_id}
    if typed.is_restored:
        typed = typed.without_what_was_saved_since(mine)
    others = defaultdict(list)
    for one in live:
        if one.author_id != writer.person_id:
            others[one.cell.indicator_id].append(one)
    drafts = [one for one in mine.values() if one.state in IN_AUTHORS_HANDS and answer_of(one).is_given]
    drafted = [one.cell.indicator_id for one in drafts]
    record = record_of(session, country.iso3, drafted, period, writer) if drafted else {}
    shown_until = month_after(period).replace(day=1)
    maker = RowMaker(
        period=period,
        day=observed_on(period, today),
        beside=beside,
        before=last_before(session, country.iso3, period, writer),
        shown=_shown(session, country.iso3, writer, since=beside[0].replace(day=1), before=shown_until),
        mine=mine,
        others=others,
        # of what the writer may see: a cell's own version would tell of what they may not
        versions={key: max(one.cell_version for one in of_cell) for key, of_cell in _by_cell(live).items()},
        troubles=judged(drafts, measures, record, period, by=writer, today=today),
        typed=typed,
        blank=blank_for(writer),
        country=country,
        due_by=_due_by(period, today),
    )
    sections = []
    for criterion in criteria:
        rows = [maker.row(one) for one in criterion.indicators if one.voice is Voice.CODED and not one.retired]
        if rows:
            sections.append(Section(criterion, rows))
    later = month_after(period)
    return Grid(
        country=country,
        period=period,
        day=observed_on(period, today),
        beside=beside,
        earlier=period_before(period),
        later=later if has_begun(later, today) else None,
        sections=sections,
        sources=codings.sources_used_by(session, writer.person_id),
        accepts_own=codings.accepts_own(session),
        restored=len(typed.answers) if typed.is_restored else 0,
    )


def _due_by(period: date, today: date) -> date | None:
    """Only what is written about this month or the last: an answer of an older one would be as stale."""
    return today + AHEAD if period >= period_before(today) else None


def blank_for(writer: Principal) -> Answer:
    """An empty cell; nobody marks above what they may see."""
    return Answer(handling=min(Mark.GREEN, writer.clearance))


def _by_cell(live: Sequence[Coding]) -> dict[int, list[Coding]]:
    found: dict[int, list[Coding]] = defaultdict(list)
    for one in live:
        found[one.cell.indicator_id].append(one)
    return found


def _shown(session: Session, iso3: str, writer: Principal, *, since: date, before: date) -> dict[int, list[Answered]]:
    found: dict[int, list[Answered]] = defaultdict(list)
    for one in observations.answers(session, iso3, writer.clearance, since=since, before=before):
        found[one.indicator_id].append(one)
    return found


def grid_url(iso3: str, period: date, anchor: str = "") -> str:
    url: str = url_for("enter.grid", iso3=iso3, period=period.strftime("%Y-%m"))
    return f"{url}#{anchor}" if anchor else url
