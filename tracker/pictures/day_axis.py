"""Which days are named beneath a chart? The first and the last, and the beginnings of years that crowd neither."""

from collections.abc import Callable
from datetime import date

from tracker.pictures.drawing import element, text
from tracker.pictures.labels import width_of
from tracker.pictures.scale import Scale, year_ticks

# What a year takes, and what it keeps free on both sides.
_YEAR = 56
_GAP = 24


def day_ticks(x: Scale, y: float, named: Callable[[date], str]) -> str:
    """Ticks beneath the height y; the scale counts days as ordinals."""
    first, last = (date.fromordinal(int(place)) for place in (x.lowest, x.highest))
    if first == last:
        return tick(x.at(x.lowest), y, named(first))
    drawn = tick(x.start, y, named(first), "start") + tick(x.end, y, named(last), "end")
    edges = x.start + width_of(named(first)), x.end - width_of(named(last))
    about = max(1, int((edges[1] - edges[0]) / _YEAR))
    for year in year_ticks(first.year, last.year, about):
        place = x.at(date(year, 1, 1).toordinal())
        if edges[0] + _GAP <= place <= edges[1] - _GAP:
            drawn += tick(place, y, str(year))
    return drawn


def tick(x: float, y: float, words: str, anchor: str = "middle") -> str:
    drawn = element("line", class_="axis", x1=x, x2=x, y1=y, y2=y + 4)
    return drawn + element("text", text(words), x=x, y=y + 18, text_anchor=anchor)
