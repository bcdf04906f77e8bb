"""One question that waits for a second person: each answer to it beside what stood before."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from tracker.access import Principal
from tracker.actions.codings.correcting import statement_of
from tracker.answer import is_web_address
from tracker.coding import CodingAct, agreement
from tracker.handling import Mark
from tracker.storage import observations, revisions
from tracker.storage.base import Session
from tracker.storage.recording import Coding
from tracker.storage.revisions import Observed, Revision
from tracker.storage.watching import Indicator
from tracker.web.codings.difference_words import ASKED_FOR, differences_told
from tracker.web.codings.evidence_words import (
    Told,
    agreement_told,
    grade_told,
    source_told,
    step_of,
    value_told,
)


@dataclass(frozen=True)
class Before:
    """What stood before: the newest earlier answer, or the observation that is to be corrected."""

    told: Told
    day: date
    source: str


@dataclass(frozen=True)
class Entry:
    coding: Coding
    told: Told
    source: str
    grade: str
    # Empty: there is none, or it must not be shown.
    link: str
    # There is one; it would tell whose word it is.
    link_kept_back: bool
    # It is the reader's own, and this desk does not let them accept it.
    needs_another: bool
    may_be_accepted: bool
    # Of a correction: what it corrects was changed since.
    is_overtaken: bool
    # Of a correction and a withdrawal: what would become different.
    changes: Sequence[str]

    @property
    def key(self) -> str:
        """What the form sends, so that nothing is settled that was not seen."""
        return f"{self.coding.id}.{self.coding.cell_version}"

    @property
    def mark(self) -> str:
        return Mark(self.coding.handling).label

    @property
    def is_answer(self) -> bool:
        return self.coding.act is CodingAct.ANSWER


@dataclass(frozen=True)
class Question:
    iso3: str
    indicator: Indicator
    day: date
    # None: nothing stood before that the reader may see.
    before: Before | None
    # What is accepted already for the very day, so that nothing else can be; None also where it must not be told.
    accepted: Before | None
    entries: Sequence[Entry]
    agreement: str

    @property
    def is_several(self) -> bool:
        return len(self.entries) > 1

    @property
    def is_answered(self) -> bool:
        """It has answers to it; otherwise somebody proposes to correct or withdraw what is accepted."""
        return self.entries[0].is_answer

    @property
    def since(self) -> datetime:
        return min(entry.coding.submitted_at or entry.coding.changed_at for entry in self.entries)


def questions_of(
    session: Session,
    found: Sequence[Coding],
    indicators: Sequence[Indicator],
    reader: Principal,
    *,
    accepts_own: bool,
) -> list[Question]:
    """The longest waiting first."""
    return sorted(_Shown(session, found, indicators, reader, accepts_own).questions(), key=lambda one: one.since)


class _Shown:
    """What is needed to show some codings, asked for once for all of them."""

    def __init__(
        self,
        session: Session,
        found: Sequence[Coding],
        indicators: Sequence[Indicator],
        reader: Principal,
        accepts_own: bool,
    ) -> None:
        self.found, self.reader, self.accepts_own = found, reader, accepts_own
        self.indicators = {indicator.id: indicator for indicator in indicators}
        answers = [one.id for one in found if one.act is CodingAct.ANSWER]
        self.before = observations.answers_before(session, answers, reader.clearance)
        self.histories = revisions.histories(session, {_observed(one) for one in found})

    def questions(self) -> list[Question]:
        together: dict[tuple[int, bool, date], list[Coding]] = defaultdict(list)
        for coding in self.found:
            together[coding.cell_id, coding.act is CodingAct.ANSWER, _day(coding)].append(coding)
        return [self._question(group) for group in together.values()]

    def _question(self, group: Sequence[Coding]) -> Question:
        first = group[0]
        indicator = self.indicators[first.cell.indicator_id]
        is_answer = first.act is CodingAct.ANSWER
        values = [coding.value for coding in group]
        agreed = agreement(values, step_of(indicator)) if is_answer else None
        accepted = self._accepted(first, indicator) if is_answer else None
        return Question(
            iso3=first.cell.iso3,
            indicator=indicator,
            day=_day(first),
            before=self._before_answer(first, indicator) if is_answer else self._base_in_words(first, indicator),
            accepted=accepted,
            entries=[self._entry(coding, indicator, is_taken=accepted is not None) for coding in group],
            agreement=agreement_told(agreed, somebody_did_not_know=None in values),
        )

    def _before_answer(self, coding: Coding, indicator: Indicator) -> Before | None:
        newest = self.before.get(coding.id)
        if newest is None:
            return None
        return Before(value_told(indicator, newest.value), newest.observed_on, source_told(newest.source))

    def _accepted(self, coding: Coding, indicator: Indicator) -> Before | None:
        history = self._history(coding)
        if not history or history[0].said.withdrawn or history[0].said.handling > self.reader.clearance:
            return None
        return self._base_in_words(coding, indicator)

    def _base_in_words(self, coding: Coding, indicator: Indicator) -> Before:
        said = self._history(coding)[0].said
        return Before(value_told(indicator, said.value), _day(coding), source_told(said.source))

    def _history(self, coding: Coding) -> list[Revision]:
        """The newest first; empty where nothing was accepted for that day."""
        return self.histories.get(_observed(coding), [])

    def _entry(self, coding: Coding, indicator: Indicator, *, is_taken: bool) -> Entry:
        is_own = coding.author_id == self.reader.person_id
        needs_another = is_own and not self.accepts_own
        overtaken, changes, link = False, list[str](), coding.evidence_url
        if coding.act is not CodingAct.ANSWER:
            history = self._history(coding)
            overtaken = history[0].number != coding.based_on
            if not overtaken:
                would_say = statement_of(coding, history)
                changes = differences_told(indicator, history[0].said, would_say, ASKED_FOR)
                link = would_say.evidence_url
        told = coding.attributable or (is_own and bool(coding.source))
        address = link if is_web_address(link) else ""
        return Entry(
            coding=coding,
            told=value_told(indicator, coding.value),
            source=_source_in_words(coding, told),
            grade=grade_told(coding.grade),
            link=address if told else "",
            link_kept_back=bool(address) and not told,
            needs_another=needs_another,
            may_be_accepted=not (overtaken or is_taken or needs_another),
            is_overtaken=overtaken,
            changes=changes,
        )


def _source_in_words(coding: Coding, told: bool) -> str:
    if not told:
        return source_told(None)
    if coding.source.strip():
        return coding.source
    return str(_("none")) if coding.act is CodingAct.ANSWER else str(_("as before"))


def _day(coding: Coding) -> date:
    assert coding.observed_on is not None, "what is submitted has a day"
    return coding.observed_on


def _observed(coding: Coding) -> Observed:
    return Observed(coding.cell.iso3, coding.cell.indicator_id, _day(coding))
