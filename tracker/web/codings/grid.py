"""What the entry grid shows: one row per indicator, this month beside the last three, and what is on its way."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache

from flask import g, url_for
from flask_babel import format_date
from flask_babel import gettext as _

from tracker.access import Principal
from tracker.actions.codings.submitting import judged
from tracker.actions.codings.writing import answer_of, record_of
from tracker.answer import Answer, Trouble
from tracker.coding import IN_AUTHORS_HANDS, CodingState, has_begun, month_after, observed_on, period_before
from tracker.handling import Mark
from tracker.indicator import Voice, fresh_until
from tracker.storage import catalogue, codings, observations
from tracker.storage.base import Session
from tracker.storage.country_record import Said
from tracker.storage.models import Coding, Country, Criterion, Indicator
from tracker.storage.observations import Answered
from tracker.web.coverage.due_list import AHEAD
from tracker.web.forms.cells import Sent

PERIODS_BESIDE = 3


@dataclass(frozen=True)
class Past:
    """One earlier month of a row."""

    written: str
    source: str
    url: str


@dataclass(frozen=True)
class Conflict:
    """What is in the cell besides what was just typed."""

    who: str
    is_own: bool
    written: str
    source: str
    note: str


@dataclass(frozen=True)
class Row:
    indicator: Indicator
    levels: Sequence[tuple[str, str]]
    pasts: Sequence[Past | None]
    # The newest answer before this month, in words; empty: there is none.
    last: str
    # False: there is none, or it was "don't know"; nothing could be unchanged then.
    last_is_known: bool
    answer: Answer
    # The version of the cell that the form is opened with, and the one that it has.
    seen: int
    fresh: int
    state: CodingState | None = None
    coding_id: int | None = None
    returned_why: str = ""
    # Accepted for this very day: there is nothing to type any more.
    accepted: Past | None = None
    others: Sequence[str] = ()
    troubles: Sequence[Trouble] = ()
    conflicts: Sequence[Conflict] = ()
    # Why what was typed could not be saved.
    refused: str = ""
    # The first day on which the newest answer counts no more, if that is near or over; None: nothing is due.
    stale_on: date | None = None

    @property
    def left_over(self) -> bool:
        """The writer's own draft, in a month that has an accepted answer by now."""
        return self.accepted is not None and self.state in IN_AUTHORS_HANDS and self.answer.is_given

    @property
    def can_be_typed(self) -> bool:
        return self.accepted is None and self.state is not CodingState.SUBMITTED

    @property
    def is_due(self) -> bool:
        """Nothing newer is given, by the writer or, as far as they may know, by anybody."""
        return self.stale_on is not None and self.can_be_typed and not self.answer.is_given

    @property
    def lacks_source(self) -> bool:
        return any(trouble.can_wait for trouble in self.troubles)

    @property
    def is_unchanged(self) -> bool:
        return self.can_be_typed and self.answer.typed.strip() == "="


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


@dataclass(frozen=True)
class Typed:
    """What a form brought that is not saved: shown again, so that nobody types it twice."""

    answers: Mapping[int, Answer] = field(default_factory=dict)
    seen: Mapping[int, int] = field(default_factory=dict)
    conflicts: Mapping[int, Sequence[Coding]] = field(default_factory=dict)
    refused: Mapping[int, str] = field(default_factory=dict)
    is_restored: bool = False

    @classmethod
    def of(
        cls, sent: Mapping[int, Sent], conflicts: Mapping[int, Sequence[Coding]], refused: Mapping[int, str]
    ) -> "Typed":
        """What could not be saved: the cell holds something that its writer has not seen, or takes nothing now."""
        kept = {key: sent[key] for key in (*conflicts, *refused) if key in sent}
        answers = {key: one.answer for key, one in kept.items()}
        return cls(answers, {key: one.seen for key, one in kept.items()}, conflicts, refused)

    @classmethod
    def restored(cls, kept: Mapping[int, Sent]) -> "Typed":
        """What was typed when the session was over."""
        return cls(
            {key: one.answer for key, one in kept.items()},
            {key: one.seen for key, one in kept.items()},
            is_restored=True,
        )

    def without_what_was_saved_since(self, mine: Mapping[int, Coding]) -> "Typed":
        """What its writer has saved anew is newer than what they had typed before."""
        old = {key for key, seen in self.seen.items() if key in mine and mine[key].cell_version > seen}
        answers = {key: answer for key, answer in self.answers.items() if key not in old}
        return replace(self, answers=answers, seen={key: self.seen[key] for key in answers})


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
    record = record_of(session, country.iso3, None, period, writer)
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
    troubles = judged(drafts, measures, record, period, by=writer, today=today)
    maker = _RowMaker(
        period=period,
        day=observed_on(period, today),
        beside=beside,
        record=record,
        shown=_shown(session, country.iso3, writer, since=beside[0].replace(day=1), before=month_after(period)),
        mine=mine,
        others=others,
        # of what the writer may see: a cell's own version would tell of what they may not
        versions={key: max(one.cell_version for one in of_cell) for key, of_cell in _by_cell(live).items()},
        troubles=troubles,
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


@dataclass(frozen=True)
class _RowMaker:
    period: date
    day: date
    beside: list[date]
    record: Mapping[int, list[Said]]
    # With their sources: of the months that are shown.
    shown: Mapping[int, list[Answered]]
    mine: Mapping[int, Coding]
    others: Mapping[int, list[Coding]]
    versions: Mapping[int, int]
    troubles: Mapping[int, list[Trouble]]
    typed: Typed
    blank: Answer
    country: Country
    # What is stale by then is due. None: of a month that is long over, nothing is.
    due_by: date | None

    def row(self, indicator: Indicator) -> Row:
        own = self.mine.get(indicator.id)
        first, shown = self.period.replace(day=1), self.shown.get(indicator.id, [])
        last = next((one for one in reversed(self.record.get(indicator.id, [])) if one.observed_on < first), None)
        within = [one for one in shown if one.observed_on >= first]
        saved = answer_of(own) if own else self.blank
        answer = self.typed.answers.get(indicator.id, saved)
        made = Row(
            indicator=indicator,
            levels=[(level_number(level["value"]), level["descriptor"]) for level in indicator.levels],
            pasts=[self._newest_in(month, shown, indicator) for month in self.beside],
            last=f"{value_words(last.value, last.unknown)} ({_day_words(last.observed_on)})" if last else "",
            answer=answer,
            seen=self.typed.seen.get(indicator.id, self.versions.get(indicator.id, 0)),
            fresh=self.versions.get(indicator.id, 0),
            others=[_other_words(one) for one in self.others.get(indicator.id, [])],
            troubles=self.troubles.get(indicator.id, []),
            conflicts=self._conflicts(indicator.id),
            last_is_known=last is not None and not last.unknown,
            refused=self.typed.refused.get(indicator.id, ""),
            stale_on=self._stale_on(indicator),
        )
        if within and not (own and own.state is CodingState.SUBMITTED):
            made = replace(made, accepted=self._past(within[-1], indicator))
        if own is None:
            return made
        why = own.settled_why if own.state is CodingState.RETURNED else ""
        return replace(made, state=own.state, coding_id=own.id, returned_why=why)

    def _stale_on(self, indicator: Indicator) -> date | None:
        said = self.record.get(indicator.id, [])
        is_on_its_way = any(one.state is CodingState.SUBMITTED for one in self.others.get(indicator.id, ()))
        if not said or self.due_by is None or is_on_its_way:
            return None
        stale_on = fresh_until(indicator, said[-1].observed_on) + timedelta(days=1)
        return stale_on if stale_on <= self.due_by else None

    def _newest_in(self, month: date, shown: list[Answered], indicator: Indicator) -> Past | None:
        found = [one for one in shown if month.replace(day=1) <= one.observed_on <= month]
        return self._past(found[-1], indicator) if found else None

    def _past(self, one: Answered, indicator: Indicator) -> Past:
        source = one.source or _("a source that is not named")
        # written out: url_for() would be asked hundreds of times
        url = f"/countries/{self.country.iso3}/{indicator.key}/{one.observed_on.isoformat()}"
        return Past(value_words(one.value, one.unknown), source, url)

    def _conflicts(self, indicator_id: int) -> list[Conflict]:
        found = self.typed.conflicts.get(indicator_id, ())
        own = self.mine.get(indicator_id)
        return [conflict_of(one, is_own=own is not None and one.id == own.id) for one in found]


def conflict_of(coding: Coding, *, is_own: bool) -> Conflict:
    return Conflict(
        who=_("You, in another window") if is_own else coding.author.name,
        is_own=is_own,
        written=coding.typed or _("nothing"),
        source=coding.source if is_own or coding.attributable else _("a source that is not named"),
        note=coding.note,
    )


@cache
def level_number(value: float) -> str:
    """The same few for hundreds of rows."""
    return f"{value:g}"


def value_words(value: float | None, unknown: bool) -> str:
    return "?" if unknown or value is None else f"{value:g}"


def _day_words(day: date) -> str:
    """Most rows were last answered on the same few days: each is written out once per request."""
    written: dict[date, str] = g.setdefault("days_written", {})
    if day not in written:
        written[day] = str(format_date(day, format="d MMM y"))
    return written[day]


def _other_words(one: Coding) -> str:
    if one.state is CodingState.SUBMITTED:
        return str(_("%(name)s: submitted", name=one.author.name))
    return str(_("%(name)s: draft", name=one.author.name))


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
