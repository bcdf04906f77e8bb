"""A row of the entry grid: one question, this month beside the last three, and what is on its way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from flask import g
from flask_babel import format_date
from flask_babel import gettext as _

from tracker.actions.codings.writing import answer_of
from tracker.answer import Answer, Trouble
from tracker.coding import IN_AUTHORS_HANDS, CodingState
from tracker.indicator import fresh_until
from tracker.storage.country_record import Said
from tracker.storage.observations import Answered
from tracker.storage.recording import Coding
from tracker.storage.watching import Country, Indicator
from tracker.web.codings.typed import Typed


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
class RowMaker:
    period: date
    day: date
    beside: list[date]
    # The last that was said before the month.
    before: Mapping[int, Said]
    # With their sources, the oldest first: of the months beside it, and of the month itself.
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
        last = self.before.get(indicator.id)
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
            stale_on=self._stale_on(indicator, within[-1] if within else last),
        )
        if within and not (own and own.state is CodingState.SUBMITTED):
            made = replace(made, accepted=self._past(within[-1], indicator))
        if own is None:
            return made
        why = own.settled_why if own.state is CodingState.RETURNED else ""
        return replace(made, state=own.state, coding_id=own.id, returned_why=why)

    def _stale_on(self, indicator: Indicator, newest: Said | Answered | None) -> date | None:
        is_on_its_way = any(one.state is CodingState.SUBMITTED for one in self.others.get(indicator.id, ()))
        if newest is None or self.due_by is None or is_on_its_way:
            return None
        stale_on = fresh_until(indicator, newest.observed_on) + timedelta(days=1)
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
