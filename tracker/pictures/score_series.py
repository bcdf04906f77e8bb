"""How did a score go over the years? Up to five of them, in steps, above the levels that they passed through.

All pictures of scores share one height, from 0 to 100, so that any two can be compared. A step is drawn on the day
on which the score became another: between two days it never was anything in between.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from tracker.pictures.day_axis import day_ticks
from tracker.pictures.drawing import element, text
from tracker.pictures.labels import Label, label_rows, width_of
from tracker.pictures.line_names import KEY, drawn_names
from tracker.pictures.marks import FlagMark, drawn_marks, height_of, stacks_of
from tracker.pictures.scale import Scale
from tracker.pictures.score_line import ScoreLine, Stretch, newest
from tracker.pictures.score_plot import BORDERS, ScorePlot
from tracker.pictures.score_words import PLAIN_SCORE_WORDS, ScoreWords, score_alternative
from tracker.pictures.series import MOST_LINES, WIDE
from tracker.pictures.walking import Walk
from tracker.score import HIGHEST_SCORE

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
        **drawing.walk().attributes(with_points=width >= WIDE),
    )


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
        self.until, self.marks, self.words, self.width = until, marks, words, width
        self.as_of = as_of if as_of and first < as_of < until else None
        self.keyed = len(lines) > 1
        self.room = width * (0.27 if width >= WIDE else 0.30)
        rows = [row for line in lines if (last := newest(line, until)) for row in self._rows(line, last)]
        left = max(width_of(word) for word in words.levels) + 14
        right = width - max((width_of(row) for row in rows), default=0) - 14 - (KEY if self.keyed else 0)
        self.x = Scale(first.toordinal(), until.toordinal(), left, right)
        self.stacks = stacks_of([(self.x.at(mark.on.toordinal()), mark) for mark in marks])
        # flags are an addition: they make the picture higher and never the lines flatter
        higher = height_of(self.stacks) if self.stacks else 0.0
        self.height, self.top = height + higher, _UNIT_ROW + higher
        self.y = Scale(0, HIGHEST_SCORE, self.height - _BELOW, self.top)
        self.plots = [ScorePlot(line, first, until, self.x, self.y, number) for number, line in enumerate(lines)]

    def everything(self) -> str:
        drawn = element("text", text(self.words.unit), x=0, y=12) + self._levels()
        drawn += day_ticks(self.x, self.y.start, self.words.day)
        if len(self.plots) == 1:
            drawn += self.plots[0].shaded_gaps()
        drawn += self._names_of_gaps()
        if self.stacks:
            drawn += drawn_marks(
                self.stacks, self.words.with_more, foot=self.top - 4, bottom=self.y.start, left=0, right=self.width
            )
        if len(self.plots) <= _MOST_SHADED:
            drawn += "".join(plot.intervals() for plot in self.plots)
        drawn += "".join(plot.steps() + plot.end() for plot in self.plots)
        return drawn + self._as_of() + self._names()

    def walk(self) -> Walk:
        return Walk(
            self.x,
            self.y,
            [(plot.line.label, plot.walked()) for plot in self.plots],
            held=True,
            marks=[(mark.on.toordinal(), f"{self.words.flag(mark)}: {mark.label}") for mark in self.marks],
        )

    def _levels(self) -> str:
        """The lines between the levels, and the level's word and colour at the edge of each."""
        drawn, edge = "", self.x.start - 10
        for border in BORDERS:
            y = self.y.at(border)
            looks = "grid" if border else "axis"
            drawn += element("line", class_=looks, x1=self.x.start, x2=self.x.end, y1=y, y2=y)
            drawn += element("text", f"{border:g}", x=edge, y=y + 4, text_anchor="end")
        for level, (word, (low, high)) in enumerate(zip(self.words.levels, pairwise(BORDERS), strict=True)):
            top, bottom = self.y.at(high), self.y.at(low)
            strip = {"x": self.x.start - 5, "y": top + 0.5, "width": 4, "height": bottom - top - 1}
            drawn += element("rect", class_=f"level-{level}", **strip)
            drawn += element("text", text(word), x=edge, y=(top + bottom) / 2 + 4, text_anchor="end")
        return drawn

    def _names_of_gaps(self) -> str:
        """Of several lines each has its own, which are told in the text alternative."""
        if not any(plot.runs for plot in self.plots):
            middle = {"x": (self.x.start + self.x.end) / 2, "y": (self.top + self.y.start) / 2}
            return element("text", text(self.words.nothing), class_="nothing", text_anchor="middle", **middle)
        said = self.words.no_score
        return "".join(
            element("text", text(said), x=(left + right) / 2, y=self.y.start - 8, text_anchor="middle")
            for left, right in (self.plots[0].gaps() if len(self.plots) == 1 else ())
            if width_of(said) + 8 <= right - left
        )

    def _as_of(self) -> str:
        if self.as_of is None:
            return ""
        x = self.x.at(self.as_of.toordinal())
        drawn = element("line", class_="as-of", x1=x, x2=x, y1=self.top, y2=self.y.start)
        said = self.words.as_of % {"day": self.words.day(self.as_of)}
        before = x + width_of(said) + 6 > self.x.end
        at = {"x": x - 6 if before else x + 6, "y": self.y.start - 8, "text_anchor": "end" if before else "start"}
        return drawn + element("text", text(said), class_="label", **at)

    def _names(self) -> str:
        labels = [
            (plot.number, Label(self._rows(plot.line, plot.last), self.y.at(plot.last.value)))
            for plot in self.plots
            if plot.runs
        ]
        return drawn_names(labels, self.x.end + 10, self.top - 12, self.y.start + 12, keyed=self.keyed)

    def _rows(self, line: ScoreLine, last: Stretch) -> tuple[str, ...]:
        figure = self.words.score(last.value)
        if last.until < self.until:
            # A score that ended must not read as if it were the one of today.
            figure += f" ({self.words.day(last.until)})"
        return label_rows(line.label, figure, self.room)
