"""How do observations of one thing at different times compare, and how do two statements of the same one?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar

from tracker.handling import Mark
from tracker.indicator import Measured, severity

# How many standard deviations hold 90 % of a normal distribution, on each side.
NINETY_PERCENT = 1.645


class Dated(Protocol):
    @property
    def observed_on(self) -> date: ...


AnyObservation = TypeVar("AnyObservation", bound=Dated)


def observed_a_year_before(series: Sequence[AnyObservation], newest: AnyObservation) -> AnyObservation | None:
    """What to compare the newest with: the last observation of the same month a year earlier. None: there is none.

    The publisher's gap years stay gaps: a change over two years is not shown as a change over one.
    """
    year, month = newest.observed_on.year - 1, newest.observed_on.month
    of_that_month = [one for one in series if (one.observed_on.year, one.observed_on.month) == (year, month)]
    return of_that_month[-1] if of_that_month else None


class Valued(Dated, Protocol):
    @property
    def value(self) -> float: ...
    @property
    def standard_error(self) -> float | None: ...


@dataclass(frozen=True)
class Change:
    """How a measure moved, in points of severity: more is worse."""

    points: float
    # By more than 90 % of what chance alone would make of two values with such errors.
    is_beyond_error: bool

    @property
    def is_rise(self) -> bool:
        return self.points > 0 and self.is_beyond_error


def change_between(measure: Measured, before: Valued, newest: Valued) -> Change:
    points = severity(measure, newest.value) - severity(measure, before.value)
    margin = NINETY_PERCENT * math.hypot(before.standard_error or 0.0, newest.standard_error or 0.0)
    return Change(points, is_beyond_error=abs(newest.value - before.value) > margin)


@dataclass(frozen=True)
class Statement:
    """What is said of one country, one indicator and one day."""

    value: float | None
    unknown: bool
    withdrawn: bool
    # None: not for attribution.
    source: str | None
    # Whether two sources are the same one can be known without knowing which.
    source_key: str
    grade: str
    handling: Mark
    attributable: bool
    note: str
    evidence_url: str


class Difference(StrEnum):
    """In the order in which they are told."""

    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    VALUE = "value"
    SOURCE = "source"
    ATTRIBUTION = "attribution"
    GRADE = "grade"
    MARK = "mark"
    NOTE = "note"
    LINK = "link"


def differences(before: Statement, after: Statement) -> list[Difference]:
    """In what a later statement of the same observation departs from an earlier one."""
    found = {
        Difference.WITHDRAWN: after.withdrawn and not before.withdrawn,
        Difference.RESTORED: before.withdrawn and not after.withdrawn,
        Difference.VALUE: (before.value, before.unknown) != (after.value, after.unknown),
        Difference.SOURCE: before.source_key != after.source_key,
        Difference.ATTRIBUTION: before.attributable != after.attributable,
        Difference.GRADE: before.grade != after.grade,
        Difference.MARK: before.handling != after.handling,
        Difference.NOTE: before.note != after.note,
        Difference.LINK: before.evidence_url != after.evidence_url,
    }
    return [difference for difference, differs in found.items() if differs]
