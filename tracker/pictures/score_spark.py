"""Which way did a score go over the years, in the space of a word? Two hundred of them stand on one page.

So they are written in few characters and little time: whole numbers on a grid of half pixels, each step told from the
one before. All share one height, from 0 to 100, and end on the same day.
"""

from collections.abc import Sequence

from tracker.pictures.drawing import text
from tracker.score import HIGHEST_SCORE

WIDTH, HEIGHT = 90, 20
_GRID = 2
_STRIDE = 4
_MARGIN = 5
_END = WIDTH * _GRID - 2 * _MARGIN
_DEPTH = HEIGHT * _GRID - 2 * _MARGIN
MOST = _END // _STRIDE + 1
"""So many values have room: ten years in quarters, and today."""
_HEAD = f'<svg class="spark is-score" viewBox="0 0 {WIDTH * _GRID} {HEIGHT * _GRID}" width="{WIDTH}" height="{HEIGHT}"'
# By how far it falls or rises, a step to the next value.
_STEPS = tuple(f" {_STRIDE}{'' if by < 0 else ' '}{by}" for by in (*range(_DEPTH + 1), *range(-_DEPTH, 0)))
_ROUND = _DEPTH / HIGHEST_SCORE


def score_spark(values: Sequence[float | None], level: int | None = None, *, name: str = "") -> str:
    """Evenly spaced, the last one at the end; none is one that is not known, and leaves a gap.

    `level` is that of the last value. Without a name it is silent to screen readers.
    """
    if len(values) > MOST:
        raise ValueError(f"More than {MOST} values have no room in a word.")
    heard = f' role="img" aria-label="{text(name)}">' if name else ' aria-hidden="true">'
    x = _END - _STRIDE * (len(values) - 1) + _MARGIN
    way: list[str] = []
    height, known = 0, False
    for value in values:
        if value is None:
            known = False
        else:
            y = _DEPTH + _MARGIN - int(value * _ROUND + 0.5)
            if known:
                way.append(_STEPS[y - height])
            else:
                # a step to itself: a value between two gaps is a dot
                way.append(f"M{x} {y}l0 0")
            height, known = y, True
        x += _STRIDE
    drawn = f'<path class="line" d="{"".join(way)}"/>' if way else ""
    if known:
        looks = "dot" if level is None else f"dot level-{level}"
        drawn += f'<circle class="{looks}" cx="{_END + _MARGIN}" cy="{height}" r="5"/>'
    return f"{_HEAD}{heard}{drawn}</svg>"
