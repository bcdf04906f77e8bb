"""What is a score made of? What each child gives to its parent, in points: together they are the parent's score.

The outline of a bar is the most that its weight would let it give, so that a full one is a child at its worst. Each
has its name, its points and its own level in words beside it; what is missing stays a row, and says so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tracker.pictures.drawing import element, plain_number, text
from tracker.pictures.labels import LINE_HEIGHT, label_rows, width_of
from tracker.pictures.scale import Scale
from tracker.pictures.score_words import plain_score
from tracker.pictures.series import WIDE

_BAR = 14.0
_GAP = 12.0
_HEADING = 26.0


@dataclass(frozen=True)
class Bar:
    """One child: what it gives, the most that it could give, and where it stands itself."""

    label: str
    # None: there is not enough evidence about it, and it gives nothing.
    points: float | None = None
    most: float = 0.0
    score: float | None = None
    level: int = 0


def plain_points(value: float) -> str:
    return plain_number(value, 1)


@dataclass(frozen=True)
class ContributionWords:
    levels: tuple[str, str, str, str, str] = ("low", "guarded", "elevated", "high", "critical")
    given: str = "gives, in points"
    own: str = "its own score"
    no_score: str = "not enough evidence"
    about: str = "%(label)s: gives %(points)s of at most %(most)s points; its own score is %(score)s, %(level)s."
    about_missing: str = "%(label)s: not enough evidence."
    score: Callable[[float], str] = plain_score
    points: Callable[[float], str] = plain_points


PLAIN_CONTRIBUTION_WORDS = ContributionWords()


def contributions_chart(
    bars: Sequence[Bar],
    *,
    identifier: str,
    title: str,
    words: ContributionWords = PLAIN_CONTRIBUTION_WORDS,
    width: int = WIDE,
) -> str:
    """The bars as SVG, in the order given; wide pictures have names beside the bars, narrow ones above them."""
    drawing = _Drawing(bars, words, width)
    heard = element("title", text(title), id=f"{identifier}-title")
    heard += element("desc", text(" ".join(_about(bar, words) for bar in bars)), id=f"{identifier}-desc")
    return element(
        "svg",
        heard + drawing.everything(),
        class_="chart is-bars",
        viewBox=f"0 0 {width} {drawing.height:g}",
        width=width,
        height=drawing.height,
        role="img",
        aria_labelledby=f"{identifier}-title",
        aria_describedby=f"{identifier}-desc",
    )


class _Drawing:
    """The bars under each other, while they are drawn."""

    def __init__(self, bars: Sequence[Bar], words: ContributionWords, width: int) -> None:
        self.bars, self.words, self.width, self.beside = bars, words, width, width >= WIDE
        owns = [width_of(_own(bar, words)) for bar in bars if bar.points is not None]
        own = max([width_of(words.own), *owns]) + 12
        figures = max((width_of(words.points(bar.points)) for bar in bars if bar.points is not None), default=0) + 6
        room = width * 0.37 if self.beside else width - own
        self.names = [label_rows(bar.label, "", room) for bar in bars]
        start, end = (room + 10, width - own - figures) if self.beside else (0.0, width - figures)
        self.x = Scale(0, max([1.0, *(max(bar.most, bar.points or 0.0) for bar in bars)]), start, end)
        self.height = _HEADING + sum(map(self._height, self.names))

    def everything(self) -> str:
        drawn = element("text", text(self.words.given), x=self.x.start, y=12)
        drawn += element("text", text(self.words.own), x=self.width, y=12, text_anchor="end")
        top = _HEADING
        for bar, name in zip(self.bars, self.names, strict=True):
            drawn += self._row(bar, name, top)
            top += self._height(name)
        return drawn

    def _height(self, name: Sequence[str]) -> float:
        return len(name) * LINE_HEIGHT + _GAP + (0 if self.beside else _BAR + 4)

    def _row(self, bar: Bar, name: Sequence[str], top: float) -> str:
        rows = "".join(
            element("tspan", text(row), x=0, y=top + 12 + number * LINE_HEIGHT) for number, row in enumerate(name)
        )
        drawn = element("text", rows, class_="name")
        within = len(name) * LINE_HEIGHT
        middle = top + within / 2 if self.beside else top + within + 4 + _BAR / 2
        own = top + (within / 2 + 4 if self.beside else 12)
        if bar.points is None:
            return drawn + element("text", text(self.words.no_score), class_="nothing", x=self.x.start, y=middle + 4)
        drawn += element("text", text(_own(bar, self.words)), class_="own", x=self.width, y=own, text_anchor="end")
        return drawn + self._bar(bar, bar.points, middle)

    def _bar(self, bar: Bar, points: float, middle: float) -> str:
        """What it gives, within the outline of what it could."""
        start, end = self.x.start, self.x.at(max(bar.most, points))
        place = {"x": start, "y": middle - _BAR / 2, "height": _BAR}
        drawn = element("rect", class_="most", width=end - start, **place)
        drawn += element("rect", class_=f"part level-{bar.level}", width=self.x.at(points) - start, **place)
        return drawn + element("text", text(self.words.points(points)), class_="label", x=end + 6, y=middle + 4)


def _own(bar: Bar, words: ContributionWords) -> str:
    return "" if bar.score is None else f"{words.levels[bar.level]} {words.score(bar.score)}"


def _about(bar: Bar, words: ContributionWords) -> str:
    if bar.points is None or bar.score is None:
        return words.about_missing % {"label": bar.label}
    return words.about % {
        "label": bar.label,
        "points": words.points(bar.points),
        "most": words.points(bar.most),
        "score": words.score(bar.score),
        "level": words.levels[bar.level],
    }
