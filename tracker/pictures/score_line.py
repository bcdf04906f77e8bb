"""How did a score go? It holds from its day until the next one, and where evidence was not enough there is none."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from tracker.score import HIGHEST_SCORE


@dataclass(frozen=True)
class ScorePoint:
    """What a score was from a day on, with its interval where one was drawn."""

    on: date
    # None: from this day on there was not enough evidence.
    value: float | None
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        known = [number for number in (self.low, self.value, self.high) if number is not None]
        if not all(math.isfinite(number) for number in known):
            raise ValueError("A score that is not a number cannot be drawn: say that there is none.")
        if known != sorted(known) or (known and not 0 <= known[0] <= known[-1] <= HIGHEST_SCORE):
            raise ValueError("An interval must contain its score, and both lie between 0 and 100.")

    def says_as(self, other: "ScorePoint") -> bool:
        return (self.value, self.low, self.high) == (other.value, other.low, other.high)

    @property
    def interval(self) -> tuple[float, float] | None:
        return None if self.value is None or self.low is None or self.high is None else (self.low, self.high)


@dataclass(frozen=True)
class ScoreLine:
    """The steps of one score, in any order."""

    label: str
    points: tuple[ScorePoint, ...]

    def on_day(self, day: date) -> float | None:
        """None: there was not enough evidence then, or it is before the first score."""
        held = max((point for point in self.points if point.on <= day), key=lambda point: point.on, default=None)
        return held.value if held else None

    def within(self, first: date, until: date) -> "ScoreLine":
        """What is seen from `first` to `until`, in order; what held when it began is seen from its beginning.

        A score that is stated anew and is the same is no other score.
        """
        in_order = sorted(self.points, key=lambda point: point.on)
        before = [replace(point, on=first) for point in in_order if point.on <= first][-1:]
        seen = before
        for point in in_order:
            if first < point.on <= until and not (seen and point.says_as(seen[-1])):
                seen.append(point)
        return ScoreLine(self.label, tuple(seen))


@dataclass(frozen=True)
class Stretch:
    """One score, from the day it came to be until the day it was another, or none, or is not looked at any more."""

    point: ScorePoint
    value: float
    until: date


def stretches(line: ScoreLine, until: date) -> Iterator[list[Stretch]]:
    """What is joined: the stretches between two times when there was not enough evidence. `line` is in order."""
    run: list[Stretch] = []
    for point, after in pairwise((*line.points, ScorePoint(until, None))):
        if point.on > after.on or (point.on == after.on != until):
            raise ValueError(f"Two scores from {point.on} on, or not in order.")
        if point.value is not None:
            run.append(Stretch(point, point.value, after.on))
        elif run:
            yield run
            run = []
    if run:
        yield run


def newest(line: ScoreLine, until: date) -> Stretch | None:
    """None: there never was a score."""
    runs = list(stretches(line, until))
    return runs[-1][-1] if runs else None


def gaps(line: ScoreLine, first: date, until: date) -> list[tuple[date, date]]:
    """When there was no score, from day to day."""
    known = [(run[0].point.on, run[-1].until) for run in stretches(line, until)]
    ends = [first, *(end for _, end in known)]
    starts = [*(start for start, _ in known), until]
    return [(end, start) for end, start in zip(ends, starts, strict=True) if end < start]
