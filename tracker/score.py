"""How bad is it, in a word? The same cut-offs for every country and every score."""

import math
from enum import IntEnum


class Level(IntEnum):
    LOW = 0
    GUARDED = 1
    ELEVATED = 2
    HIGH = 3
    CRITICAL = 4


HIGHEST_SCORE = 100.0
CUT_OFFS = (20.0, 40.0, 60.0, 80.0)
"""A score at a cut-off belongs to the worse level."""


def level_of(score: float) -> Level:
    if not 0.0 <= score <= HIGHEST_SCORE:
        raise ValueError(f"a score lies between 0 and {HIGHEST_SCORE:g}, and {score} does not")
    return Level(sum(score >= cut_off for cut_off in CUT_OFFS))


def in_points(score: float) -> float:
    """The score as it is shown: a whole number, unless rounding would lift it into a level that it has not reached."""
    whole = float(round(score))
    if level_of(whole) is level_of(score):
        return whole
    return math.floor(score * 10) / 10


def hundredths(points: float | None) -> float | None:
    """For a table to take away: more would only show how computers count. None: it is not known."""
    return None if points is None else round(points, 2)
