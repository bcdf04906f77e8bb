"""What every picture of scores draws alike: steps, their intervals, and grey where too little was known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tracker.pictures.drawing import coordinate, element
from tracker.pictures.scale import Scale
from tracker.pictures.score_line import ScoreLine, Stretch, gaps, stretches
from tracker.pictures.walking import WalkedPoint
from tracker.score import CUT_OFFS, HIGHEST_SCORE, in_points

BORDERS = (0.0, *CUT_OFFS, HIGHEST_SCORE)
"""Of the levels, and of the scale."""


@dataclass(frozen=True)
class ScorePlot:
    """One line on its paper: x counts days as ordinals, y points."""

    line: ScoreLine
    first: date
    until: date
    x: Scale
    y: Scale
    # Which of several; it has a colour and a dash of its own.
    number: int = 0

    @cached_property
    def runs(self) -> list[list[Stretch]]:
        return list(stretches(self.line, self.until))

    @property
    def last(self) -> Stretch:
        """The newest that is known; there is one, or nothing was drawn."""
        return self.runs[-1][-1]

    def gaps(self) -> list[tuple[float, float]]:
        """From where to where there is no score."""
        return [(self.at(start), self.at(end)) for start, end in gaps(self.line, self.first, self.until)]

    def shaded_gaps(self) -> str:
        top, bottom = sorted((self.y.start, self.y.end))
        return "".join(
            element("rect", class_="gap", x=left, y=top, width=right - left, height=bottom - top)
            for left, right in self.gaps()
        )

    def intervals(self) -> str:
        drawn = ""
        for run in self.runs:
            shaded: list[Stretch] = []
            for one in [*run, None]:
                if one is not None and one.point.interval:
                    shaded.append(one)
                elif shaded:
                    drawn += self._band(shaded)
                    shaded = []
        return drawn

    def steps(self) -> str:
        return "".join(
            element(
                "path",
                class_=f"line line-{self.number}",
                d=self._way(run),
            )
            for run in self.runs
        )

    def end(self, looks: str = "") -> str:
        """The dot of the newest score."""
        if not self.runs:
            return ""
        place = {"cx": self.at(self.last.until), "cy": self.y.at(self.last.value)}
        return element("circle", class_=looks or f"dot-{self.number}", r=3, **place)

    def walked(self) -> list[WalkedPoint]:
        """As scores are shown everywhere, or the script would say something else than the table."""
        return [
            (
                point.on.toordinal(),
                None if point.value is None else in_points(point.value),
                point.interval and (in_points(point.interval[0]), in_points(point.interval[1])),
            )
            for point in self.line.points
        ]

    def at(self, on: date) -> float:
        return self.x.at(on.toordinal())

    def _way(self, run: Sequence[Stretch]) -> str:
        start = f"M{coordinate(self.at(run[0].point.on))} {coordinate(self.y.at(run[0].value))}"
        return start + _stairs([(self.at(one.until), self.y.at(one.value)) for one in run])

    def _band(self, shaded: Sequence[Stretch]) -> str:
        """Forward along the highs, down, and back along the lows."""
        ends = [(one, one.point.interval or (0.0, 0.0)) for one in shaded]
        start = self.at(shaded[0].point.on)
        forward = [(self.at(one.until), self.y.at(high)) for one, (_, high) in ends]
        back = [(self.at(one.point.on), self.y.at(low)) for one, (low, _) in reversed(ends)]
        way = f"M{coordinate(start)} {coordinate(forward[0][1])}{_stairs(forward)}{_stairs(back)}Z"
        return element("path", class_=f"band band-{self.number}", d=way)


def _stairs(steps: Sequence[tuple[float, float]]) -> str:
    """To each height and then on to each place; what stays at its height goes on in one stroke."""
    way, height, along = "", "", ""
    for x, y in steps:
        risen = coordinate(y)
        if risen != height:
            way += f"{along}V{risen}"
            height = risen
        along = f"H{coordinate(x)}"
    return way + along
