"""One observation as a reader may see it: what stands, what was said before, who disagreed, what is proposed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.access import Principal, Right
from tracker.actions.codings.correcting import NoSuchObservation, newest_seen, statement_of
from tracker.actions.codings.writing import sees
from tracker.answer import is_web_address
from tracker.coding import CodingState
from tracker.handling import Mark
from tracker.storage import catalogue, countries, revisions
from tracker.storage.base import Session
from tracker.storage.recording import Coding
from tracker.storage.revisions import Observed, Revision
from tracker.storage.watching import Country, Indicator
from tracker.web.codings.difference_words import ASKED_FOR, differences_told
from tracker.web.codings.evidence_words import Told, grade_told, source_told, value_told


@dataclass(frozen=True)
class Step:
    """One revision in the history."""

    revision: Revision
    told: Told
    source: str
    # In words, what became different against the one before; empty for the first.
    changes: Sequence[str]
    # What it changed is marked above what the reader may see.
    hides_before: bool


@dataclass(frozen=True)
class Dissent:
    """An answer that was set aside when another was accepted."""

    coding: Coding
    told: Told
    source: str
    link: str
    mark: str


@dataclass(frozen=True)
class Proposal:
    """A correction or withdrawal on its way."""

    coding: Coding
    is_own: bool
    # In words, what would become different.
    changes: Sequence[str]

    @property
    def is_returned(self) -> bool:
        return self.coding.state is CodingState.RETURNED


@dataclass(frozen=True)
class ObservationPage:
    country: Country
    indicator: Indicator
    day: date
    # The newest first.
    steps: Sequence[Step]
    grade: str
    # Empty: there is none, or it would tell whose word it is.
    link: str
    dissent: Sequence[Dissent]
    proposals: Sequence[Proposal]
    may_propose: bool

    @property
    def newest(self) -> Step:
        return self.steps[0]

    @property
    def observed(self) -> Observed:
        return Observed(self.country.iso3, self.indicator.id, self.day)

    @property
    def own(self) -> Proposal | None:
        return next((one for one in self.proposals if one.is_own), None)

    @property
    def may_propose_more(self) -> bool:
        return self.may_propose and (self.own is None or self.own.is_returned)


def observation_page(
    session: Session, iso3: str, key: str, day: date, reader: Principal, today: date
) -> ObservationPage:
    country, indicator = countries.country(session, iso3), catalogue.indicator(session, key)
    if country is None or indicator is None or day > today:
        raise NoSuchObservation
    observed = Observed(iso3, indicator.id, day)
    history = newest_seen(session, observed, reader)
    newest = history[0].said
    return ObservationPage(
        country=country,
        indicator=indicator,
        day=day,
        steps=_steps(indicator, history, reader),
        grade=grade_told(newest.grade),
        link=newest.evidence_url if newest.source and is_web_address(newest.evidence_url) else "",
        dissent=[_dissent(one, indicator, reader) for one in revisions.dissent(session, observed) if sees(reader, one)],
        proposals=[
            _proposal(one, indicator, history, reader)
            for one in revisions.proposed(session, observed)
            if sees(reader, one) and (one.state is CodingState.SUBMITTED or one.author_id == reader.person_id)
        ],
        may_propose=reader.may(Right.RECORD),
    )


def _steps(indicator: Indicator, history: Sequence[Revision], reader: Principal) -> list[Step]:
    """A revision above the reader's clearance is left out, even where a later one is marked lower."""
    steps = []
    for position, revision in enumerate(history):
        if revision.said.handling > reader.clearance:
            continue
        before = history[position + 1] if position + 1 < len(history) else None
        hidden = before is not None and before.said.handling > reader.clearance
        steps.append(
            Step(
                revision=revision,
                told=value_told(indicator, revision.said.value),
                source=source_told(revision.said.source),
                changes=differences_told(indicator, before.said, revision.said) if before and not hidden else [],
                hides_before=hidden,
            )
        )
    return steps


def _dissent(coding: Coding, indicator: Indicator, reader: Principal) -> Dissent:
    told = coding.attributable or coding.author_id == reader.person_id
    return Dissent(
        coding=coding,
        told=value_told(indicator, coding.value),
        source=source_told(coding.source if told else None),
        link=coding.evidence_url if told and is_web_address(coding.evidence_url) else "",
        mark=Mark(coding.handling).label,
    )


def _proposal(coding: Coding, indicator: Indicator, history: Sequence[Revision], reader: Principal) -> Proposal:
    is_current = coding.based_on == history[0].number
    before, after = history[0].said, statement_of(coding, history)
    changes = differences_told(indicator, before, after, ASKED_FOR) if is_current else []
    return Proposal(coding, coding.author_id == reader.person_id, changes)
