"""How long does it take from a warning until somebody has looked into it, has decided, and acts?

Whatever still waits counts with the days that it has waited so far. If it were left out, the slowest would look the
fastest. So a figure may be a lower bound, and says so.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Step(StrEnum):
    """What is waited for, in the order in which it comes."""

    # A flag got its verdict.
    VERIFIED = "verified"
    # Of a situation's measures the first was decided or declined.
    DECIDED = "decided"
    # Of a situation's measures the first was under way.
    UNDER_WAY = "under_way"


@dataclass(frozen=True)
class Wait:
    """For one step in one situation; of its flags, each waits for itself."""

    iso3: str
    situation_id: int
    step: Step
    since: date
    # The day on which the step was taken. None: it was not.
    taken_on: date | None = None
    # The flag cleared, or the situation was closed, before the step was taken. None: it was not over before.
    over_on: date | None = None

    @property
    def is_open(self) -> bool:
        return self.taken_on is None and self.over_on is None

    def days(self, today: date) -> int:
        """Until the step was taken, or it was over; so far, if it still waits."""
        return ((self.taken_on or self.over_on or today) - self.since).days


@dataclass(frozen=True)
class Days:
    number: int
    # Some that still wait may yet take longer than that: then so does this figure.
    at_least: bool = False


@dataclass(frozen=True)
class Spent:
    """How long one step took, over several."""

    # In days, the shortest first.
    taken: tuple[int, ...] = ()
    # So far, of those that still wait; the shortest first.
    waiting: tuple[int, ...] = ()
    # How many were over before the step was taken: nobody waits for it any more, and nobody took it.
    over: int = 0
    # Of those that still wait, the first to begin. None: none waits.
    waiting_since: date | None = None

    @property
    def number(self) -> int:
        """Of those that the figures are about."""
        return len(self.taken) + len(self.waiting)

    @property
    def median(self) -> Days | None:
        return self.within(0.5)

    @property
    def lower(self) -> Days | None:
        return self.within(0.25)

    @property
    def upper(self) -> Days | None:
        return self.within(0.75)

    def within(self, share: float) -> Days | None:
        """The number of days that was enough for that share of them. None: there are none."""
        if not self.number:
            return None
        days = sorted((*self.taken, *self.waiting))[math.ceil(share * self.number) - 1]
        return Days(days, at_least=any(so_far <= days for so_far in self.waiting))


def spent_on(waits: Iterable[Wait], step: Step, today: date) -> Spent:
    asked = [wait for wait in waits if wait.step is step]
    waiting = [wait for wait in asked if wait.is_open]
    return Spent(
        taken=tuple(sorted(wait.days(today) for wait in asked if wait.taken_on is not None)),
        waiting=tuple(sorted(wait.days(today) for wait in waiting)),
        over=sum(wait.taken_on is None and wait.over_on is not None for wait in asked),
        waiting_since=min((wait.since for wait in waiting), default=None),
    )


def longest_waiting(waits: Iterable[Wait]) -> Sequence[Wait]:
    """Those that still wait, what began first at the beginning."""
    found = [wait for wait in waits if wait.is_open]
    return sorted(found, key=lambda wait: (wait.since, list(Step).index(wait.step), wait.iso3, wait.situation_id))
