"""How sure is a figure? Its dot and its range on a track that is the same for every row."""

from tracker.pictures.drawing import element
from tracker.pictures.scale import Scale

_MARGIN = 6.0


def interval(
    value: float,
    low: float,
    high: float,
    *,
    lowest: float = 0.0,
    highest: float = 100.0,
    level: int | None = None,
    name: str = "",
    width: int = 120,
    height: int = 18,
) -> str:
    """Rows under each other can be compared only if all share one track: a figure beyond it is refused."""
    if not lowest <= low <= value <= high <= highest:
        raise ValueError("An interval must contain its figure and lie on its track.")
    x = Scale(lowest, highest, _MARGIN, width - _MARGIN)
    middle = height / 2
    drawn = element("line", class_="track", x1=x.start, x2=x.end, y1=middle, y2=middle)
    drawn += element("line", class_="range", x1=x.at(low), x2=x.at(high), y1=middle, y2=middle)
    looks = "dot" if level is None else f"dot level-{level}"
    drawn += element("circle", class_=looks, cx=x.at(value), cy=middle, r=4)
    heard = {"role": "img", "aria_label": name} if name else {"aria_hidden": "true"}
    return element(
        "svg", drawn, class_="interval", viewBox=f"0 0 {width} {height}", width=width, height=height, **heard
    )
