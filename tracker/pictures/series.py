"""How did it go over the years? One chart of up to five lines.

The line is drawn only where figures stand side by side: it never crosses a missing period and never goes on beyond
the last figure. Intervals are shaded; a figure on its own is a dot, its interval a whisker.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from tracker.pictures.day_axis import day_ticks, tick
from tracker.pictures.drawing import decimals_for, element, path, text
from tracker.pictures.labels import Label, label_rows, width_of
from tracker.pictures.line import Line, Point, period_of, unbroken_runs
from tracker.pictures.line_names import KEY, drawn_names
from tracker.pictures.scale import Scale, nice_ticks, ticks_within, year_ticks
from tracker.pictures.walking import Walk
from tracker.pictures.words import ENGLISH, Words, text_alternative

# Two widths: letters keep their size, so a phone gets a picture made for a phone and not a shrunken one.
WIDE = 600
NARROW = 360
MOST_LINES = 5
_TOP = 28.0
_BELOW = 42.0


@dataclass(frozen=True)
class Axis:
    """What the height means; top and bottom say in a word which end is which ("better", "worse")."""

    unit: str
    lowest: float | None = None
    highest: float | None = None
    reversed: bool = False
    top: str = ""
    bottom: str = ""
    # Levels: whole numbers, each of which holds until the next; there is nothing between them.
    in_steps: bool = False


def series_chart(
    lines: Sequence[Line],
    *,
    identifier: str,
    title: str,
    axis: Axis,
    words: Words = ENGLISH,
    width: int = WIDE,
    height: int = 280,
    months_between: int = 12,
    by_day: bool = False,
) -> str:
    """The chart as SVG; identifier makes its ids unique on the page.

    By day: figures stand at their days instead of at their periods, so that one period may hold several.
    """
    if len(lines) > MOST_LINES:
        raise ValueError(f"A chart of more than {MOST_LINES} lines cannot be read.")
    # A line that needs no name of its own, being the only one, is spoken of by the name of the picture.
    named = [replace(line, label=line.label or title) for line in lines]
    said = text_alternative(named, unit=axis.unit, words=words, months_between=months_between)
    heard = element("title", text(title), id=f"{identifier}-title")
    heard += element("desc", text(said), id=f"{identifier}-desc")
    walk: dict[str, str] = {}
    if any(line.points for line in lines):
        drawing = _Drawing(lines, axis, words, width, height, months_between, by_day)
        drawn = drawing.everything()
        walk = drawing.walk().attributes(with_points=width >= WIDE)
    else:
        height = 72
        drawn = element("text", text(words.nothing), x=width / 2, y=40, text_anchor="middle", class_="nothing")
    return element(
        "svg",
        heard + drawn,
        class_="chart",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        role="img",
        aria_labelledby=f"{identifier}-title",
        aria_describedby=f"{identifier}-desc",
        **walk,
    )


class _Drawing:
    """One chart while it is being drawn: the figures, and where they stand on the paper."""

    def __init__(
        self,
        lines: Sequence[Line],
        axis: Axis,
        words: Words,
        width: int,
        height: int,
        months_between: int,
        by_day: bool,
    ) -> None:
        self.lines, self.axis, self.words, self.months_between = lines, axis, words, months_between
        self.by_day = by_day
        self.several = len(lines) > 1
        self.last_period = max(period_of(point.on, months_between) for line in lines for point in line.points)
        lowest, highest, self.ticks = _height_of(lines, axis)
        self.decimals = decimals_for((lowest, highest))
        self.left = max(width_of(self._number(value)) for value in self.ticks) + 10
        self.room = width * (0.27 if width >= WIDE else 0.30)
        labels = [row for line in lines if line.points for row in self._rows(line)]
        self.right = width - max(width_of(row) for row in labels) - 8 - (KEY if self.several else 0)
        self.bottom = height - _BELOW
        ends = (_TOP, self.bottom) if axis.reversed else (self.bottom, _TOP)
        self.y = Scale(lowest, highest, *ends)
        self.places = {point.on: self._place(point.on) for line in lines for point in line.points}
        self.x = Scale(min(self.places.values()), max(self.places.values()), self.left, self.right)

    def everything(self) -> str:
        drawn = _grid(self.x, self.y, tuple((value, self._number(value)) for value in self.ticks))
        drawn += self._days() if self.by_day else _years(self.x, self.bottom, self.months_between)
        drawn += self._names_of_axes()
        # All shading first: no line may be dimmed by the interval of another.
        drawn += "".join(self._intervals(line, number) for number, line in enumerate(self.lines))
        drawn += "".join(self._line(line, number) for number, line in enumerate(self.lines))
        return drawn + self._labels()

    def walk(self) -> Walk:
        lines = [
            (line.label, [(self.places[point.on], point.value, point.interval) for point in line.in_order])
            for line in self.lines
        ]
        return Walk(self.x, self.y, lines, months=0 if self.by_day else self.months_between)

    def _days(self) -> str:
        return day_ticks(self.x, self.bottom, lambda on: self.words.period(on, self.months_between))

    def _names_of_axes(self) -> str:
        top = f"{self.axis.unit} · ↑ {self.axis.top}" if self.axis.top else self.axis.unit
        drawn = element("text", text(top), x=0, y=12)
        if self.axis.bottom:
            drawn += element("text", text(f"↓ {self.axis.bottom}"), x=0, y=self.bottom + 36)
        time = text(self.words.time)
        return drawn + element("text", time, x=self.right, y=self.bottom + 36, text_anchor="middle")

    def _intervals(self, line: Line, number: int) -> str:
        drawn = ""
        for run in self._runs([p for p in line.points if p.interval]):
            ends = [(self._x(point), *(point.interval or (0.0, 0.0))) for point in run]
            lows = [(x, self.y.at(low)) for x, low, _ in ends]
            highs = [(x, self.y.at(high)) for x, _, high in ends]
            if len(run) > 1:
                drawn += element("path", class_=f"band band-{number}", d=path(highs + lows[::-1], closed=True))
            else:
                drawn += element("path", class_=f"whisker line-{number}", d=path([lows[0], highs[0]]))
        return drawn

    def _line(self, line: Line, number: int) -> str:
        runs = self._runs(line.points)
        drawn = ""
        for run in runs:
            places = [(self._x(point), self.y.at(point.value)) for point in run]
            if len(places) > 1:
                way = stairs(places) if self.axis.in_steps else places
                drawn += element("path", class_=f"line line-{number}", d=path(way))
            alone = len(places) == 1 or run is runs[-1]
            for x, y in places if self.by_day else places[-1:] if alone else ():
                drawn += element("circle", class_=f"dot-{number}", cx=x, cy=y, r=3)
        return drawn

    def _labels(self) -> str:
        labels = [
            (number, Label(self._rows(line), self.y.at(line.in_order[-1].value)))
            for number, line in enumerate(self.lines)
            if line.points
        ]
        return drawn_names(labels, self.right + 8, _TOP - 12, self.bottom + 12, keyed=self.several)

    def _rows(self, line: Line) -> tuple[str, ...]:
        last = line.in_order[-1]
        figure = self._number(last.value)
        if period_of(last.on, self.months_between) < self.last_period:
            # A line that ends early must not read as if its figure were of today.
            figure += f" ({self.words.period(last.on, self.months_between)})"
        return label_rows(line.label, figure, self.room)

    def _number(self, value: float) -> str:
        return self.words.number(value, self.decimals)

    def _runs(self, points: Sequence[Point]) -> list[list[Point]]:
        return unbroken_runs(points, self.months_between, by_day=self.by_day)

    def _x(self, point: Point) -> float:
        return self.x.at(self.places[point.on])

    def _place(self, on: date) -> int:
        return on.toordinal() if self.by_day else period_of(on, self.months_between)


# Many charts of a page have both axes in common, and axes are half of what there is to draw.
@lru_cache(maxsize=256)
def _grid(x: Scale, y: Scale, ticks: tuple[tuple[float, str], ...]) -> str:
    drawn = ""
    for value, number in ticks:
        at = y.at(value)
        looks = "zero" if value == 0 and y.lowest < 0 < y.highest else "grid"
        drawn += element("line", class_=looks, x1=x.start, x2=x.end, y1=at, y2=at)
        drawn += element("text", text(number), x=x.start - 8, y=at + 4, text_anchor="end")
    return drawn


@lru_cache(maxsize=256)
def _years(x: Scale, bottom: float, months_between: int) -> str:
    first, last = (int(period) * months_between // 12 for period in (x.lowest, x.highest))
    drawn = ""
    about = max(1, int((x.end - x.start) / 56))
    for year in year_ticks(first, last, about):
        # The axis may begin in the middle of a year; the year is named where its first figure can stand.
        drawn += tick(x.at(max(year * 12 / months_between, x.lowest)), bottom, str(year))
    return drawn


def stairs(places: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Level until the next figure, then straight to it."""
    way = [places[0]]
    for x, y in places[1:]:
        way += [(x, way[-1][1]), (x, y)]
    return way


def _height_of(lines: Sequence[Line], axis: Axis) -> tuple[float, float, tuple[float, ...]]:
    """Ends that the caller fixed hold, unless a figure lies beyond them: nothing is ever cut off in silence."""
    points = [point for line in lines for point in line.points]
    reach = [number for point in points for number in (point.value, *(point.interval or ()))]
    lowest = min(reach) if axis.lowest is None else min(axis.lowest, *reach)
    highest = max(reach) if axis.highest is None else max(axis.highest, *reach)
    if axis.lowest is not None and axis.highest is not None and lowest < highest:
        return (
            lowest,
            highest,
            tuple(tick for tick in ticks_within(lowest, highest) if not axis.in_steps or float(tick).is_integer()),
        )
    ticks = nice_ticks(lowest, highest)
    return ticks[0], ticks[-1], ticks
