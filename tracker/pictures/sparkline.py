"""Which way did it go, in the space of a word?"""

from collections.abc import Sequence

from tracker.pictures.drawing import element, path
from tracker.pictures.scale import Scale

_MARGIN = 3.0


def sparkline(
    values: Sequence[float | None],
    *,
    name: str = "",
    lowest: float | None = None,
    highest: float | None = None,
    width: int = 72,
    height: int = 18,
) -> str:
    """Evenly spaced values; none is a missing one, and leaves a gap. Without a name it is silent to screen readers."""
    known = [value for value in values if value is not None]
    heard = {"role": "img", "aria_label": name} if name else {"aria_hidden": "true"}
    return element(
        "svg",
        _drawn(values, known, lowest, highest, width, height) if known else "",
        class_="spark",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        **heard,
    )


def _drawn(
    values: Sequence[float | None],
    known: list[float],
    lowest: float | None,
    highest: float | None,
    width: int,
    height: int,
) -> str:
    low = min(known) if lowest is None else min(lowest, *known)
    high = max(known) if highest is None else max(highest, *known)
    x = Scale(0, max(len(values) - 1, 0), _MARGIN, width - _MARGIN)
    y = Scale(low, high, height - _MARGIN, _MARGIN)
    drawn, run = "", list[tuple[float, float]]()
    for index, value in enumerate([*values, None]):
        if value is not None:
            run.append((x.at(index), y.at(value)))
            continue
        if len(run) > 1:
            drawn += element("path", class_="line", d=path(run))
        elif run:
            drawn += element("circle", class_="dot", cx=run[0][0], cy=run[0][1], r=1.2)
        run = []
    if values[-1] is not None:
        # Only a line that reaches the present ends in a dot.
        drawn += element("circle", class_="dot", cx=x.at(len(values) - 1), cy=y.at(values[-1]), r=2)
    return drawn
