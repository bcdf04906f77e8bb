"""Which observation counts on which day, and how bad is what it says?

Among the answers that stand, the newest one observed on or before that day counts, for as long as it is fresh.
Afterwards nothing counts: a stale value is never carried forward. "Don't know" is an answer without a value: what was
known before it counts no more either.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tracker.handling import Mark
from tracker.index import FloatArray, severity_of
from tracker.indicator import Transform
from tracker.method import Method

IntArray: TypeAlias = NDArray[np.int64]

# More than there are days until the year 9999, so that series and day make one number that is in order.
_STRIDE = 1 << 22


class Answer(NamedTuple):
    """One standing answer to one of the method's measures."""

    # Its country's place among those that are looked at, and its measure's in the method.
    country: int
    measure: int
    observed_on: date
    # None: "don't know".
    value: float | None
    # One standard deviation in the measure's own unit; None: its grade says how sure it is.
    standard_error: float | None
    grade: str
    handling: int


@dataclass(frozen=True)
class Evidence:
    """Everything that stands for some countries, by measure, country and day. One row of each array is one answer."""

    countries: int
    measure: IntArray
    series: IntArray
    day: IntArray
    severity: FloatArray
    deviation: FloatArray
    handling: IntArray

    def up_to(self, clearance: Mark) -> "Evidence":
        """What may be seen with that clearance."""
        seen = self.handling <= clearance
        if seen.all():
            return self
        return Evidence(
            self.countries,
            self.measure[seen],
            self.series[seen],
            self.day[seen],
            self.severity[seen],
            self.deviation[seen],
            self.handling[seen],
        )

    @property
    def marks(self) -> list[Mark]:
        """Those that the evidence bears, and the lowest: each is a view of its own."""
        return [Mark(mark) for mark in sorted({Mark.CLEAR.value, *np.unique(self.handling).tolist()})]


@dataclass(frozen=True)
class Placed:
    """Where each measure stands, NaN where nothing fresh is known: measures x countries x days, or of one country."""

    severity: FloatArray
    # One standard deviation, in points of severity.
    deviation: FloatArray


def evidence_of(method: Method, answers: Sequence[Answer], countries: int = 1) -> Evidence:
    if not answers:
        none, nothing = np.empty(0, dtype=np.int64), np.empty(0)
        return Evidence(countries, none, none, none, nothing, nothing, none)
    country, measure, day, value, error, grade, handling = zip(*answers, strict=True)
    measures = np.array(measure, dtype=np.int64)
    days = np.array([one.toordinal() for one in day], dtype=np.int64)
    values = np.array([np.nan if one is None else one for one in value])
    errors = np.array([np.nan if one is None else one for one in error])
    of_grade = np.array([method.trust.deviations[one] for one in grade])
    series = measures * countries + np.array(country, dtype=np.int64)
    order = np.argsort(series * _STRIDE + days, kind="stable")
    severity, deviation = _severity(method, measures, values, errors, of_grade)
    return Evidence(
        countries,
        measures[order],
        series[order],
        days[order],
        severity[order],
        deviation[order],
        np.array(handling, dtype=np.int64)[order],
    )


def placed_on(evidence: Evidence, method: Method, days: Sequence[date]) -> Placed:
    ordinals = np.array([day.toordinal() for day in days], dtype=np.int64)
    series = len(method.measures) * evidence.countries
    shape = (len(method.measures), evidence.countries, len(days))
    if not len(evidence.day):
        return Placed(np.full(shape, np.nan), np.full(shape, np.nan))
    wanted = np.arange(series, dtype=np.int64)[:, None]
    found = np.searchsorted(evidence.series * _STRIDE + evidence.day, wanted * _STRIDE + ordinals, side="right") - 1
    at = np.maximum(found, 0)
    age = ordinals - evidence.day[at]
    fresh_for = method.limits.fresh_for[evidence.measure[at]]
    counts = (found >= 0) & (evidence.series[at] == wanted) & (age <= fresh_for)
    severity = np.where(counts, evidence.severity[at], np.nan)
    deviation = np.where(counts, evidence.deviation[at] + method.trust.ageing * age / fresh_for, np.nan)
    return Placed(severity.reshape(shape), deviation.reshape(shape))


def changing_days(evidence: Evidence, method: Method, since: date, until: date) -> list[date]:
    """The days, both included, on which something may have changed: it was observed, or went stale."""
    days = _turning_days(evidence, method)
    inside = days[(days >= since.toordinal()) & (days <= until.toordinal())]
    return [date.fromordinal(int(day)) for day in inside]


def next_change(evidence: Evidence, method: Method, after: date) -> date | None:
    """The next day on which something may change if nothing more is recorded. None: nothing that counts will end."""
    days = _turning_days(evidence, method)
    later = days[days > after.toordinal()]
    return date.fromordinal(int(later[0])) if len(later) else None


def _turning_days(evidence: Evidence, method: Method) -> IntArray:
    """In order: each day on which something was observed, or a value went stale for which no newer answer had come."""
    stale = evidence.day + method.limits.fresh_for[evidence.measure] + 1
    is_replaced = np.zeros(len(stale), dtype=bool)
    is_replaced[:-1] = (evidence.series[1:] == evidence.series[:-1]) & (evidence.day[1:] <= stale[:-1])
    return np.unique(np.concatenate((evidence.day, stale[~is_replaced & ~np.isnan(evidence.severity)])))


def _severity(
    method: Method, measures: IntArray, values: FloatArray, errors: FloatArray, of_grade: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Each value's place on its scale and its deviation there, before it ages."""
    limits, scale = method.limits, method.tree.scale
    severity, deviation = np.empty(len(values)), np.empty(len(values))
    for logarithmic, transform in ((False, Transform.NONE), (True, Transform.LOG)):
        chosen = limits.logarithmic[measures] == logarithmic
        if chosen.any():
            best, worst = limits.best[measures[chosen]], limits.worst[measures[chosen]]
            value, error = values[chosen], errors[chosen]
            severity[chosen] = severity_of(value, best, worst, transform, scale)
            # half the way between a deviation below and one above: the slope, whatever bends the scale
            above = severity_of(value + error, best, worst, transform, scale)
            below = severity_of(value - error, best, worst, transform, scale)
            straight = np.abs(error / (worst - best)) * scale
            published = straight if transform is Transform.NONE else np.abs(above - below) / 2
            deviation[chosen] = np.where(np.isnan(error), of_grade[chosen], published)
    deviation[np.isnan(severity)] = np.nan
    return severity, deviation
