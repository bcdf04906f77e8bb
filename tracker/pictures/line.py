"""What is a line of figures? Values at days, and between them only what was really measured."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property


@dataclass(frozen=True)
class Point:
    """One figure, with its interval where one is known."""

    on: date
    value: float
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        known = [number for number in (self.low, self.value, self.high) if number is not None]
        if not all(math.isfinite(number) for number in known):
            raise ValueError("A figure that is not a number cannot be drawn: leave the point out.")
        if known != sorted(known):
            raise ValueError("An interval must contain its figure.")

    @property
    def interval(self) -> tuple[float, float] | None:
        return None if self.low is None or self.high is None else (self.low, self.high)


@dataclass(frozen=True)
class Line:
    """The figures of one thing, in any order; a period without a point is a gap."""

    label: str
    points: tuple[Point, ...]

    @cached_property
    def in_order(self) -> tuple[Point, ...]:
        return tuple(sorted(self.points, key=lambda point: point.on))


def period_of(on: date, months_between: int) -> int:
    """Periods are counted, so that neighbours differ by one whatever the length of months and years."""
    return (on.year * 12 + on.month - 1) // months_between


def unbroken_runs(points: Sequence[Point], months_between: int, *, by_day: bool = False) -> list[list[Point]]:
    """The stretches in which no period is missing: a line may join points within one, never across two.

    Where points stand at their days, a period may hold several.
    """
    runs: list[list[Point]] = []
    for point in sorted(points, key=lambda point: point.on):
        step = period_of(point.on, months_between) - period_of(runs[-1][-1].on, months_between) if runs else None
        if step == 0 and (not by_day or point.on == runs[-1][-1].on):
            raise ValueError(f"Two figures for one period, the later on {point.on}.")
        if step in (0, 1):
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs


def missing_periods(points: Sequence[Point], months_between: int) -> int:
    """How many periods between the first and the last point have none."""
    periods = {period_of(point.on, months_between) for point in points}
    return max(periods) - min(periods) + 1 - len(periods) if periods else 0
