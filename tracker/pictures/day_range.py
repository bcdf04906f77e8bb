"""How long did something take? Half of all between the ends of a bar, a dot where the middle lies, a tick for each that
still waits.

A day counts much at the beginning and little after a year, so the track is wide at its beginning; every row has the
same, and an axis of its own says where a week, a month and a year lie.
"""

import math
from collections.abc import Sequence

from tracker.pictures.drawing import element, text
from tracker.pictures.scale import Scale

WIDTH, HEIGHT = 168, 20
MARKED = (1, 7, 30, 90, 365)
_MARGIN = 7.0
# More ticks than that are a smear, and say no more.
_MOST_TICKS = 40


def day_range(
    lower: int,
    median: int,
    upper: int,
    *,
    longest: int,
    waiting: Sequence[int] = (),
    at_least: bool = False,
    name: str = "",
) -> str:
    """`longest`: the end of the track, of all rows. `at_least`: the dot is hollow, as it may yet move on."""
    if not 0 <= lower <= median <= upper <= longest or any(days > longest for days in waiting):
        raise ValueError("Days lie in order on the track that all rows share.")
    x, middle = _scale(longest), HEIGHT / 2
    drawn = element("line", class_="track", x1=x.start, x2=x.end, y1=middle, y2=middle)
    for days in sorted(set(waiting))[-_MOST_TICKS:]:
        drawn += element("line", class_="tick", x1=_at(x, days), x2=_at(x, days), y1=middle - 6, y2=middle + 6)
    drawn += element("line", class_="range", x1=_at(x, lower), x2=_at(x, upper), y1=middle, y2=middle)
    looks = "dot is-open" if at_least else "dot"
    drawn += element("circle", class_=looks, cx=_at(x, median), cy=middle, r=4.5)
    heard = {"role": "img", "aria_label": name} if name else {"aria_hidden": "true"}
    return _picture(drawn, **heard)


def day_range_axis(longest: int, unit: str) -> str:
    """Above the column: which days lie where. It is silent, as each row says its days."""
    x = _scale(longest)
    marked = [days for days in MARKED if days <= longest]
    drawn = "".join(
        element("line", class_="track", x1=_at(x, days), x2=_at(x, days), y1=14, y2=HEIGHT)
        + element("text", text(f"{days}{unit}"), x=_at(x, days), y=11, text_anchor="middle")
        for days in marked
    )
    return _picture(drawn, aria_hidden="true")


def end_of_track(days: Sequence[int]) -> int:
    """The next mark after the longest of them, or a little more than the longest."""
    longest = max(days, default=0)
    return next((mark for mark in MARKED[2:] if mark >= longest), math.ceil(longest * 1.05))


def _picture(drawn: str, **heard: str) -> str:
    view_box = f"0 0 {WIDTH} {HEIGHT}"
    return element("svg", drawn, class_="interval day-range", viewBox=view_box, width=WIDTH, height=HEIGHT, **heard)


def _scale(longest: int) -> Scale:
    return Scale(0.0, math.log1p(max(longest, 1)), _MARGIN, WIDTH - _MARGIN)


def _at(x: Scale, days: int) -> float:
    return x.at(math.log1p(days))
