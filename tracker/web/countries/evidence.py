"""What is recorded about one country on a day, question by question, and where there is nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from tracker.answer import JUMP
from tracker.indicator import Voice, fresh_until, is_fresh, severity
from tracker.observation import Change, change_between, observed_a_year_before
from tracker.score import Level, level_of
from tracker.storage.country_evidence import Recorded
from tracker.storage.watching import Criterion, Indicator

# So many answers stand beside the newest; the page of the measure has all.
EARLIER = 2


class Figure(NamedTuple):
    """An answer that is a value."""

    said: Recorded
    value: float

    @property
    def observed_on(self) -> date:
        return self.said.observed_on

    @property
    def standard_error(self) -> float | None:
        return self.said.standard_error


@dataclass(frozen=True)
class Measure:
    """One indicator of which at least one value is known."""

    indicator: Indicator
    # Values and "don't know", oldest first.
    answers: Sequence[Recorded]
    figures: Sequence[Figure]
    severity: float
    level: Level
    fresh: bool
    fresh_until: date
    # Against a year earlier; None: there is nothing of that time.
    before: Figure | None
    change: Change | None
    # The day since which nobody can tell: older values say nothing about now. None: the newest answer is a value.
    unknown_on: date | None
    # The newest day of which an answer is withdrawn that the reader may see.
    withdrawn_on: date | None

    @property
    def newest(self) -> Figure:
        return self.figures[-1]

    @property
    def newest_answer(self) -> Recorded:
        return self.answers[-1]

    @property
    def earlier(self) -> Sequence[Recorded]:
        """The answers before the newest, the newest of them first."""
        return self.answers[-2 : -2 - EARLIER : -1]

    @property
    def descriptor(self) -> str:
        """What the chosen level says, in the words it was chosen by; empty for what is measured."""
        levels = {level["value"]: str(level["descriptor"]) for level in self.indicator.levels}
        return levels.get(self.newest.value, "")

    @property
    def is_corrected(self) -> bool:
        return self.newest_answer.revision > 1

    def jumped(self, today: date) -> bool:
        """Coded, and by as many levels as need a reason, from one value to the next, the newer within a year."""
        if self.indicator.voice is not Voice.CODED or self.unknown_on or len(self.figures) < 2:
            return False
        before = level_of(severity(self.indicator, self.figures[-2].value))
        return abs(self.level - before) >= JUMP and self.newest.observed_on > today - timedelta(days=365)


@dataclass(frozen=True)
class Unanswered:
    """One indicator of which no value is known."""

    indicator: Indicator
    # The day of the newest "don't know"; None: nothing is recorded that the reader may see.
    unknown_on: date | None
    # The newest day of which an answer is withdrawn that the reader may see.
    withdrawn_on: date | None


@dataclass(frozen=True)
class Evidence:
    # By the key of the indicator: each stands in one of them.
    measures: Mapping[str, Measure]
    unanswered: Mapping[str, Unanswered]
    # What jumped from its last value but one to its last, the newest first.
    jumps: Sequence[Measure]

    @property
    def indicators(self) -> int:
        return len(self.measures) + len(self.unanswered)

    @property
    def fresh(self) -> int:
        return sum(measure.fresh for measure in self.measures.values())

    @property
    def unknown(self) -> int:
        """Where the newest answer is "don't know"."""
        days = [one.unknown_on for one in self.measures.values()] + [one.unknown_on for one in self.unanswered.values()]
        return sum(day is not None for day in days)

    @property
    def stale(self) -> int:
        return sum(not measure.fresh and measure.unknown_on is None for measure in self.measures.values())

    @property
    def answered(self) -> int:
        return self.fresh + self.stale + self.unknown

    @property
    def missing(self) -> int:
        return self.indicators - self.answered

    def newest(self, voice: Voice | None = None) -> Measure | None:
        """What of all that is fresh is the youngest; None: nothing of that voice is fresh."""
        fresh = (one for one in self.measures.values() if one.fresh and voice in (None, one.indicator.voice))
        return max(fresh, key=lambda one: one.newest.observed_on, default=None)

    @property
    def moved(self) -> list[Measure]:
        """What is fresh and changed over a year beyond its errors, what became worse most first."""
        fresh = (one for one in self.measures.values() if one.fresh and one.change and one.change.is_beyond_error)
        return sorted(fresh, key=lambda measure: -measure.change.points if measure.change else 0.0)


def evidence_on(recorded: Mapping[int, Sequence[Recorded]], criteria: Sequence[Criterion], day: date) -> Evidence:
    """In the order of the catalogue. `recorded`: by indicator, what stands and what is withdrawn, oldest first."""
    measures: dict[str, Measure] = {}
    unanswered: dict[str, Unanswered] = {}
    for indicator in (one for criterion in criteria for one in criterion.indicators if not one.retired):
        found = recorded.get(indicator.id, ())
        answers = [one for one in found if not one.is_withdrawn]
        withdrawn_on = max((one.observed_on for one in found if one.is_withdrawn), default=None)
        measure = measure_on(indicator, answers, withdrawn_on, day)
        if measure:
            measures[indicator.key] = measure
        else:
            unknown_on = answers[-1].observed_on if answers else None
            unanswered[indicator.key] = Unanswered(indicator, unknown_on, withdrawn_on)
    jumps = [measure for measure in measures.values() if measure.jumped(day)]
    return Evidence(measures, unanswered, sorted(jumps, key=lambda one: one.newest.observed_on, reverse=True))


def measure_on(
    indicator: Indicator, answers: Sequence[Recorded], withdrawn_on: date | None, day: date
) -> Measure | None:
    figures = [Figure(one, one.value) for one in answers if one.value is not None]
    if not figures:
        return None
    newest = figures[-1]
    points = severity(indicator, newest.value)
    before = observed_a_year_before(figures, newest)
    cannot_tell = answers[-1].value is None
    return Measure(
        indicator=indicator,
        answers=answers,
        figures=figures,
        severity=points,
        level=level_of(points),
        fresh=not cannot_tell and is_fresh(indicator, newest.observed_on, day),
        fresh_until=fresh_until(indicator, newest.observed_on),
        before=before,
        change=change_between(indicator, before, newest) if before else None,
        unknown_on=answers[-1].observed_on if cannot_tell else None,
        withdrawn_on=withdrawn_on,
    )
