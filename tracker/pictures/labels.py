"""Where do the names of the lines stand? At their ends, in few words, and never on top of each other."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

LINE_HEIGHT = 15.0
_GAP = 4.0
_FONT_SIZE = 12.0


@dataclass(frozen=True)
class Label:
    """The rows of one label, wished for at the height of its line's end."""

    rows: tuple[str, ...]
    wished: float

    @property
    def height(self) -> float:
        return len(self.rows) * LINE_HEIGHT + _GAP


def width_of(words: str) -> float:
    """A careful guess, since the reader's typeface is not known here: rather too wide than too narrow."""
    return sum(_FONT_SIZE * (1.0 if unicodedata.east_asian_width(sign) in "WF" else 0.64) for sign in words)


def label_rows(name: str, figure: str, room: float, *, most: int = 2) -> tuple[str, ...]:
    """The name in at most two rows, cut with an ellipsis where it must be, and its figure after it."""
    rows = _wrapped(name, room)
    if len(rows) > most:
        rows = [*rows[: most - 1], " ".join(rows[most - 1 :])]
    rows = [cut(row, room) for row in rows]
    joined = f"{rows[-1]} {figure}" if rows else figure
    return (*rows[:-1], joined) if width_of(joined) <= room or not rows else (*rows, figure)


def cut(row: str, room: float) -> str:
    """Shortened with an ellipsis where it is too wide."""
    if width_of(row) <= room:
        return row
    while row and width_of(row + "…") > room:
        row = row[:-1]
    return row.rstrip() + "…"


def apart(labels: Sequence[Label], top: float, bottom: float) -> list[float]:
    """The middle of each label, in the order given: near its wish, without overlap, within top and bottom."""
    order = sorted(range(len(labels)), key=lambda index: (labels[index].wished, index))
    middles: dict[int, float] = {}
    edge = top
    for index in order:
        half = labels[index].height / 2
        middles[index] = max(labels[index].wished, edge + half)
        edge = middles[index] + half
    edge = bottom
    for index in reversed(order):
        half = labels[index].height / 2
        middles[index] = min(middles[index], edge - half)
        edge = middles[index] - half
    return [middles[index] for index in range(len(labels))]


def _wrapped(name: str, room: float) -> list[str]:
    rows: list[str] = []
    for word in name.split():
        longer = f"{rows[-1]} {word}" if rows else word
        if rows and width_of(longer) <= room:
            rows[-1] = longer
        else:
            rows.append(word)
    return rows
