"""How did a score go over the years? Up to five of them, in steps, above the levels that they passed through.

All pictures of scores share one height, from 0 to 100, so that any two can be compared. A step is drawn on the day
on which the score became another: between two days it never was anything in between.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.pictures.day_axis import day_ticks
from tracker.pictures.drawing import element, path, text
from tracker.pictures.labels import Label, label_rows, width_of
from tracker.pictures.line_names import KEY, drawn_names
from tracker.pictures.marks import FlagMark, drawn_marks, height_of, stacks_of
from tracker.pictures.scale import Scale
from tracker.pictures.score_line import ScoreLine, Stretch, gaps, stretches
from tracker.pictures.score_words import PLAIN_SCORE_WORDS, ScoreWords, score_alternative
from tracker.pictures.series import MOST_LINES, WIDE
from tracker.score import CUT_OFFS, HIGHEST_SCORE

_BORDERS = (0.0, *CUT_OFFS, HIGHEST_SCORE)
_UNIT_ROW = 22.0
_BELOW = 28.0
# Beyond that many lines shaded intervals are a mist in which nothing can be told apart.
_MOST_SHADED = 2


def score_chart(
    lines: Sequence[ScoreLine],
    *,
    identifier: str,
    title: str,
    until: date,
    first: date | None = None,
    as_of: date | None = None,
    marks: Sequence[FlagMark] = (),
    words: ScoreWords = PLAIN_SCORE_WORDS,
    width: int = WIDE,
    height: int = 280,
) -> str:
    """The chart as SVG, from `first` (or the first score) to `until`; identifier makes its ids unique on the page.

    A line without a name is spoken of by the title. `as_of` is marked where it lies between the ends.
    """
    if len(lines) > MOST_LINES:
        raise ValueError(f"A chart of more than {MOST_LINES} lines cannot be read.")
    begun = first or min((point.on for line in lines for point in line.points), default=until)
    seen = [line.within(begun, until) for line in lines]
    shown = [mark for mark in marks if begun <= mark.on <= until]
    said = score_alternative([replace(line, label=line.label or title) for line in seen], shown, until, words)
    heard = element("title", text(title), id=f"{identifier}-title")
    heard += element("desc", text(said), id=f"{identifier}-desc")
    drawing = _Drawing(seen, begun, until, as_of, shown, words, width, height)
    return element(
        "svg",
        heard + drawing.everything(),
        class_="chart is-scores",
        viewBox=f"0 0 {width} {drawing.height:g}",
        width=width,
        height=drawing.height,
        role="img",
        aria_labelledby=f"{identifier}-title",
        aria_describedby=f"{identifier}-desc",
    )


@dataclass(frozen=True)
class _Edges:
    left: float
    right: float
    top: float
    bottom: float


class _Drawing:
    """One chart while it is being drawn: the scores, and where they stand on the paper."""

    def __init__(
        self,
        lines: Sequence[ScoreLine],
        first: date,
        until: date,
        as_of: date | None,
        marks: Sequence[FlagMark],
        words: ScoreWords,
        width: int,
        height: int,
    ) -> None:
        self.lines, self.first, self.until, self.words, self.width = lines, first, until, words, width
        self.as_of = as_of if as_of and first < as_of < until else None
        self.several = len(lines) > 1
        self.runs = [list(stretches(line, until)) for line in lines]
        self.room = width * (0.27 if width >= WIDE else 0.30)
        rows = [row for number in range(len(lines)) if self.runs[number] for row in self._rows(number)]
        left = max(width_of(word) for word in words.levels) + 14
        right = width - max((width_of(row) for row in rows), default=0) - 10 - (KEY if self.several else 0)
        self.x = Scale(first.toordinal(), max(until.toordinal(), first.toordinal() + 1), left, right)
        self.stacks = stacks_of([(self.x.at(mark.on.toordinal()), mark) for mark in marks])
        # flags are an addition: they make the picture higher and never the lines flatter
        self.height = height + (height_of(self.stacks) if self.stacks else 0.0)
        self.edges = _Edges(left, right, _UNIT_ROW + self.height - height, self.height - _BELOW)
        self.y = Scale(0, HIGHEST_SCORE, self.edges.bottom, self.edges.top)

    def everything(self) -> str:
        drawn = element("text", text(self.words.unit), x=0, y=12) + self._levels()
        drawn += day_ticks(self.x, self.edges.bottom, self.words.day)
        if len(self.lines) == 1:
            drawn += "".join(self._gap(start, end) for start, end in gaps(self.lines[0], self.first, self.until))
        if self.stacks:
            drawn += self._marks()
        if len(self.lines) <= _MOST_SHADED:
            drawn += "".join(self._intervals(number) for number in range(len(self.lines)))
        drawn += "".join(self._line(number) for number in range(len(self.lines)))
        return drawn + self._as_of() + self._names()

    def _levels(self) -> str:
        """The lines between the levels, and the level's word and colour at the edge of each."""
        drawn = ""
        for border in _BORDERS:
            y = self.y.at(border)
            looks = "grid" if border else "axis"
            drawn += element("line", class_=looks, x1=self.edges.left, x2=self.edges.right, y1=y, y2=y)
            drawn += element("text", f"{border:g}", x=self.edges.left - 10, y=y + 4, text_anchor="end")
        for level, word in enumerate(self.words.levels):
            top, bottom = self.y.at(_BORDERS[level + 1]), self.y.at(_BORDERS[level])
            strip = {"x": self.edges.left - 5, "y": top + 0.5, "width": 4, "height": bottom - top - 1}
            drawn += element("rect", class_=f"level-{level}", **strip)
            drawn += element("text", text(word), x=self.edges.left - 10, y=(top + bottom) / 2 + 4, text_anchor="end")
        return drawn

    def _gap(self, start: date, end: date) -> str:
        left, right = self._x(start), self._x(end)
        place = {"x": left, "y": self.edges.top, "width": right - left, "height": self.edges.bottom - self.edges.top}
        drawn = element("rect", class_="gap", **place)
        if width_of(self.words.no_score) + 8 <= right - left:
            middle = (left + right) / 2
            said = text(self.words.no_score)
            drawn += element("text", said, x=middle, y=self.edges.bottom - 8, text_anchor="middle")
        return drawn

    def _marks(self) -> str:
        edges = self.edges
        return drawn_marks(self.stacks, foot=edges.top - 4, bottom=edges.bottom, left=0, right=self.width)

    def _as_of(self) -> str:
        if self.as_of is None:
            return ""
        x = self._x(self.as_of)
        drawn = element("line", class_="as-of", x1=x, x2=x, y1=self.edges.top, y2=self.edges.bottom)
        said = self.words.as_of % {"day": self.words.day(self.as_of)}
        before = x + width_of(said) + 6 > self.edges.right
        at = {"x": x - 6 if before else x + 6, "y": self.edges.bottom - 8, "text_anchor": "end" if before else "start"}
        return drawn + element("text", text(said), class_="label", **at)

    def _intervals(self, number: int) -> str:
        drawn = ""
        for run in self.runs[number]:
            shaded: list[Stretch] = []
            for one in [*run, None]:
                if one is not None and one.point.interval:
                    shaded.append(one)
                elif shaded:
                    drawn += self._band(shaded, number)
                    shaded = []
        return drawn

    def _band(self, shaded: Sequence[Stretch], number: int) -> str:
        ends = [(one, one.point.interval or (0.0, 0.0)) for one in shaded]
        highs = [corner for one, (_, high) in ends for corner in self._step(one, high)]
        lows = [corner for one, (low, _) in ends for corner in self._step(one, low)]
        return element("path", class_=f"band band-{number}", d=path(highs + lows[::-1], closed=True))

    def _line(self, number: int) -> str:
        drawn = ""
        for run in self.runs[number]:
            way = [corner for one in run for corner in self._step(one, one.value)]
            drawn += element("path", class_=f"line line-{number}", d=path(way))
        if self.runs[number]:
            last = self.runs[number][-1][-1]
            dot = {"cx": self._x(last.until), "cy": self.y.at(last.value)}
            drawn += element("circle", class_=f"dot-{number}", r=3, **dot)
        return drawn

    def _names(self) -> str:
        labels = [
            (number, Label(self._rows(number), self.y.at(runs[-1][-1].value)))
            for number, runs in enumerate(self.runs)
            if runs
        ]
        edges = self.edges
        return drawn_names(labels, edges.right + 10, edges.top - 12, edges.bottom + 12, keyed=self.several)

    def _rows(self, number: int) -> tuple[str, ...]:
        last = self.runs[number][-1][-1]
        figure = self.words.score(last.value)
        if last.until < self.until:
            # A score that ended must not read as if it were the one of today.
            figure += f" ({self.words.day(last.until)})"
        return label_rows(self.lines[number].label, figure, self.room)

    def _step(self, one: Stretch, height: float) -> list[tuple[float, float]]:
        y = self.y.at(height)
        return [(self._x(one.point.on), y), (self._x(one.until), y)]

    def _x(self, on: date) -> float:
        return self.x.at(on.toordinal())
