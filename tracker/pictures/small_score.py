"""One of many small pictures of scores under each other: all share their days and their height, so that they compare.

The name, the score and the level stand beside it on the page; here is only the way that it went.
"""

from datetime import date

from tracker.pictures.day_axis import tick
from tracker.pictures.drawing import element, text
from tracker.pictures.scale import Scale
from tracker.pictures.score_line import ScoreLine
from tracker.pictures.score_plot import BORDERS, ScorePlot
from tracker.pictures.score_words import PLAIN_SCORE_WORDS, ScoreWords, score_alternative
from tracker.pictures.walking import Walk
from tracker.score import HIGHEST_SCORE, level_of

WIDTH, HEIGHT = 240, 112
_BELOW = 24.0
_MARGIN = 6.0


def small_score(
    line: ScoreLine, *, identifier: str, title: str, first: date, until: date, words: ScoreWords = PLAIN_SCORE_WORDS
) -> str:
    """As SVG, from `first` to `until`; identifier makes its ids unique on the page."""
    seen = line.within(first, until)
    x = Scale(first.toordinal(), until.toordinal(), _MARGIN, WIDTH - _MARGIN)
    y = Scale(0, HIGHEST_SCORE, HEIGHT - _BELOW, _MARGIN)
    plot = ScorePlot(seen, first, until, x, y)
    heard = element("title", text(title), id=f"{identifier}-title")
    said = score_alternative([ScoreLine(line.label or title, seen.points)], (), until, words)
    heard += element("desc", text(said), id=f"{identifier}-desc")
    return element(
        "svg",
        heard + _borders(x, y) + _ends(plot) + _drawn(plot),
        class_="chart is-small",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        width=WIDTH,
        height=HEIGHT,
        role="img",
        aria_labelledby=f"{identifier}-title",
        aria_describedby=f"{identifier}-desc",
        **Walk(x, y, [(line.label, plot.walked())], held=True).attributes(with_points=True),
    )


def _borders(x: Scale, y: Scale) -> str:
    return "".join(
        element("line", class_="grid" if border else "axis", x1=x.start, x2=x.end, y1=y.at(border), y2=y.at(border))
        for border in BORDERS
    )


def _ends(plot: ScorePlot) -> str:
    """The years at both ends: exact days stand in the table."""
    if plot.first.year == plot.until.year:
        return tick(plot.x.start, plot.y.start, str(plot.first.year), "start")
    first = tick(plot.x.start, plot.y.start, str(plot.first.year), "start")
    return first + tick(plot.x.end, plot.y.start, str(plot.until.year), "end")


def _drawn(plot: ScorePlot) -> str:
    looks = f"dot level-{int(level_of(plot.last.value))}" if plot.runs and plot.last.until == plot.until else ""
    return plot.shaded_gaps() + plot.intervals() + plot.steps() + plot.end(looks)
