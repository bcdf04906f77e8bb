"""What a script needs to walk from point to point of a chart and to tell each: numbers, in few characters.

They are written once: a narrow picture is the twin of a wide one and is walked with its points. Whatever can be
walked here stands in the table behind the picture, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tracker.pictures.drawing import coordinate
from tracker.pictures.scale import Scale

WalkedPoint: TypeAlias = tuple[float, float | None, tuple[float, float] | None]
"""Its place on the axis of time, its value (none: not known from there on) and its interval."""


@dataclass(frozen=True)
class Walk:
    """One chart as a script sees it."""

    x: Scale
    y: Scale
    # By the names of the lines; a single one may have none.
    lines: Sequence[tuple[str, Sequence[WalkedPoint]]]
    # How many months lie between two places; 0: places are days.
    months: int = 0
    # Each value holds until the next.
    held: bool = False
    # What happened at some place, in words.
    marks: Sequence[tuple[float, str]] = ()

    def attributes(self, *, with_points: bool) -> dict[str, str]:
        ends = (self.x.start, self.x.end, self.y.start, self.y.end)
        reach = (self.x.lowest, self.x.highest, self.y.lowest, self.y.highest)
        found = {"data_frame": " ".join([*map(coordinate, ends), *(f"{number:.10g}" for number in reach)])}
        if with_points:
            found["data_points"] = ";".join(",".join(map(self._point, points)) for _name, points in self.lines)
            found["data_names"] = "|".join(name.replace("|", " ") for name, _points in self.lines)
            found["data_time"] = f"{self.months}"
            found["data_held"] = "yes" if self.held else ""
            found["data_marks"] = "|".join(f"{self._place(at)} {words.replace('|', ' ')}" for at, words in self.marks)
        return found

    def _point(self, point: WalkedPoint) -> str:
        place, value, interval = point
        told = [self._place(place), "-" if value is None else _number(value), *map(_number, interval or ())]
        return " ".join(told)

    def _place(self, place: float) -> str:
        return f"{place - self.x.lowest:.0f}"


def _number(value: float) -> str:
    """Seven digits are more than any chart shows."""
    return f"{value:.7g}"
