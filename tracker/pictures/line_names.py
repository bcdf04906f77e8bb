"""The names of lines, drawn at their ends; where there are several, with a piece of the line as its key."""

from collections.abc import Sequence

from tracker.pictures.drawing import element, path, text
from tracker.pictures.labels import LINE_HEIGHT, Label, apart

KEY = 20.0


def drawn_names(labels: Sequence[tuple[int, Label]], x: float, top: float, bottom: float, *, keyed: bool) -> str:
    """Each label with the number of its line, from x on, as near to its wish as the others let it."""
    middles = apart([label for _, label in labels], top, bottom)
    return "".join(
        _name(number, label, x, middle, keyed) for (number, label), middle in zip(labels, middles, strict=True)
    )


def _name(number: int, label: Label, x: float, middle: float, keyed: bool) -> str:
    drawn, first = "", middle - (len(label.rows) - 1) * LINE_HEIGHT / 2
    if keyed:
        # The key ties the name to its line where lines end close together, or early.
        drawn = element("path", class_=f"line line-{number}", d=path([(x, first), (x + 14, first)]))
        x += KEY
    rows = (element("tspan", text(row), x=x, y=first + 4 + index * LINE_HEIGHT) for index, row in enumerate(label.rows))
    return drawn + element("text", "".join(rows), class_="label")
