"""What one country's page shows: its evidence by criterion, and where there is none."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.access import Principal
from tracker.answer import JUMP
from tracker.indicator import Voice, fresh_until, is_fresh, severity
from tracker.observation import Change, change_between, observed_a_year_before
from tracker.score import Level, level_of
from tracker.storage import catalogue, observations
from tracker.storage.base import Session
from tracker.storage.models import Criterion, Indicator
from tracker.storage.observations import Answered, Seen


@dataclass(frozen=True)
class Measure:
    """One indicator with everything that is recorded for it."""

    indicator: Indicator
    series: list[Seen]
    newest: Seen
    severity: float
    level: Level
    fresh: bool
    fresh_until: date
    # Against a year earlier; None: there is nothing of that time.
    before: Seen | None
    change: Change | None
    # Where the answer was "don't know", oldest first.
    unknowns: list[Answered]
    # The day since which nobody can tell: older values say nothing about now. None: the newest answer is a value.
    unknown_on: date | None
    # The newest day of which an answer is withdrawn that the reader may see.
    withdrawn_on: date | None

    @property
    def descriptor(self) -> str:
        """What the chosen level says, in the words it was chosen by; empty for what is measured."""
        levels = {level["value"]: str(level["descriptor"]) for level in self.indicator.levels}
        return levels.get(self.newest.value, "")

    def jumped(self, today: date) -> bool:
        """Coded, and by as many classes as need a reason, from one value to the next, the newer within a year."""
        if self.indicator.voice is not Voice.CODED or self.unknown_on or len(self.series) < 2:
            return False
        before = level_of(severity(self.indicator, self.series[-2].value))
        return abs(self.level - before) >= JUMP and self.newest.observed_on > today - timedelta(days=365)

    @property
    def newest_answer(self) -> Seen | Answered:
        return self.unknowns[-1] if self.unknown_on else self.newest

    @property
    def is_corrected(self) -> bool:
        return self.newest_answer.revision > 1

    @property
    def answers(self) -> list[Seen | Answered]:
        """All of them, the newest first."""
        return sorted([*self.series, *self.unknowns], key=lambda one: one.observed_on, reverse=True)


@dataclass(frozen=True)
class Unanswered:
    indicator: Indicator
    # The day of the newest "don't know"; None: nothing is recorded that the reader may see.
    unknown_on: date | None
    # The newest day of which an answer is withdrawn that the reader may see.
    withdrawn_on: date | None


@dataclass(frozen=True)
class Section:
    criterion: Criterion
    measures: list[Measure]
    unanswered: list[Unanswered]

    @property
    def has_withdrawn(self) -> bool:
        return any(one.withdrawn_on for one in self.unanswered)


@dataclass(frozen=True)
class Evidence:
    sections: list[Section]
    # What jumped from its last value but one to its last, the newest first.
    jumps: list[Measure]
    indicators: int
    fresh: int
    stale: int
    # Where the newest answer is "don't know".
    unknown: int

    @property
    def measures(self) -> list[Measure]:
        return [measure for section in self.sections for measure in section.measures]

    @property
    def moved(self) -> list[Measure]:
        """What is fresh and changed over a year beyond its errors, what became worse most first."""
        moved = [found for found in self.measures if found.fresh and found.change and found.change.is_beyond_error]
        return sorted(moved, key=lambda measure: -measure.change.points if measure.change else 0.0)

    @property
    def answered(self) -> int:
        return self.fresh + self.stale + self.unknown

    @property
    def unanswered(self) -> int:
        return self.indicators - self.answered


def evidence_for(session: Session, iso3: str, reader: Principal, today: date) -> Evidence:
    series: dict[int, list[Seen]] = defaultdict(list)
    for seen in observations.of_country(session, iso3, reader.clearance, on=today):
        series[seen.indicator_id].append(seen)
    unknowns: dict[int, list[Answered]] = defaultdict(list)
    for answered in observations.unknowns(session, iso3, reader.clearance, on=today):
        unknowns[answered.indicator_id].append(answered)
    withdrawn = observations.withdrawn(session, iso3, reader.clearance, on=today)
    criteria = catalogue.criteria_in_force(session)
    sections = [_section(criterion, series, unknowns, withdrawn, today) for criterion in criteria]
    measures = [measure for section in sections for measure in section.measures]
    never_known = [one for section in sections for one in section.unanswered if one.unknown_on]
    fresh = sum(measure.fresh for measure in measures)
    unknown = sum(measure.unknown_on is not None for measure in measures)
    return Evidence(
        sections=sections,
        jumps=sorted(
            (measure for measure in measures if measure.jumped(today)),
            key=lambda measure: measure.newest.observed_on,
            reverse=True,
        ),
        indicators=len(measures) + sum(len(section.unanswered) for section in sections),
        fresh=fresh,
        stale=len(measures) - fresh - unknown,
        unknown=unknown + len(never_known),
    )


def _section(
    criterion: Criterion,
    series: dict[int, list[Seen]],
    unknowns: dict[int, list[Answered]],
    withdrawn: dict[int, date],
    today: date,
) -> Section:
    measures, unanswered = [], []
    for indicator in criterion.indicators:
        if indicator.retired:
            continue
        found = unknowns.get(indicator.id, [])
        withdrawn_on = withdrawn.get(indicator.id)
        measure = _measure(indicator, series.get(indicator.id, []), found, withdrawn_on, today)
        if measure:
            measures.append(measure)
        else:
            unanswered.append(Unanswered(indicator, found[-1].observed_on if found else None, withdrawn_on))
    return Section(criterion, measures, unanswered)


def _measure(
    indicator: Indicator, series: list[Seen], unknowns: list[Answered], withdrawn_on: date | None, today: date
) -> Measure | None:
    if not series:
        return None
    newest = series[-1]
    points = severity(indicator, newest.value)
    before = observed_a_year_before(series, newest)
    cannot_tell = bool(unknowns) and unknowns[-1].observed_on > newest.observed_on
    return Measure(
        indicator=indicator,
        series=series,
        newest=newest,
        severity=points,
        level=level_of(points),
        fresh=not cannot_tell and is_fresh(indicator, newest.observed_on, today),
        fresh_until=fresh_until(indicator, newest.observed_on),
        before=before,
        change=change_between(indicator, before, newest) if before else None,
        unknowns=unknowns,
        unknown_on=unknowns[-1].observed_on if cannot_tell else None,
        withdrawn_on=withdrawn_on,
    )
