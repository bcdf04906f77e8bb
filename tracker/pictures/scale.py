"""Where does a value stand on an axis, and which values are worth naming there?"""

import math
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Scale:
    """Values from lowest to highest, spread evenly from one pixel to another (which may lie before it)."""

    lowest: float
    highest: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """A scale of one single value puts it in the middle."""
        if self.highest == self.lowest:
            return (self.start + self.end) / 2
        return self.start + (value - self.lowest) * self._pixels

    @cached_property
    def _pixels(self) -> float:
        """For each unit of the values."""
        return (self.end - self.start) / (self.highest - self.lowest)


def nice_ticks(lowest: float, highest: float, about: int = 5) -> tuple[float, ...]:
    """Round values, evenly spaced, that cover lowest to highest; equal ones are given room on both sides."""
    if highest < lowest:
        raise ValueError("The highest value of an axis is below its lowest.")
    if _same(lowest, highest):
        room = max(abs(lowest) * 0.1, 1.0)
        lowest, highest = lowest - room, highest + room
    step = _nice_step((highest - lowest) / about)
    first, last = _multiple_below(lowest, step), -_multiple_below(-highest, step)
    return tuple(_clean(number * step, step) for number in range(first, last + 1))


def ticks_within(lowest: float, highest: float, about: int = 5) -> tuple[float, ...]:
    """Round values for an axis whose ends are fixed: none of them outside."""
    slack = (highest - lowest) * 1e-9
    return tuple(t for t in nice_ticks(lowest, highest, about) if lowest - slack <= t <= highest + slack)


def year_ticks(first: int, last: int, about: int = 6) -> tuple[int, ...]:
    """The first and the last year, and round years between them that crowd neither."""
    if last < first:
        raise ValueError("The last year of an axis is before its first.")
    step = next(size for size in _YEAR_STEPS if (last - first) / size <= about)
    between = range(first - first % step + step, last, step)
    apart = step * 0.6
    return tuple(sorted({first, last, *(year for year in between if year - first >= apart and last - year >= apart)}))


_YEAR_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


def _same(one: float, other: float) -> bool:
    # Two floats a hair apart would ask for ticks finer than floats can tell.
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)


def _nice_step(rough: float) -> float:
    size = 10.0 ** math.floor(math.log10(rough))
    return next(factor * size for factor in (1, 2, 5, 10) if factor * size >= rough * (1 - 1e-9))


def _multiple_below(value: float, step: float) -> int:
    # The tolerance keeps a value that is a multiple, but for rounding, from asking for one tick more.
    return math.floor(value / step + 1e-9)


def _clean(value: float, step: float) -> float:
    """0.30000000000000004 is 0.3."""
    digits = max(0, 1 - math.floor(math.log10(step)))
    return round(value, digits) + 0.0
