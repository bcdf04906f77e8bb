"""When was a flag raised, when did it worsen, ease or clear, and when did people do something about it?

Small shapes above the days, named where there is room. The shape tells the severity and a hollow one the end, so that
no colour is needed to read them. What stands too close together is one stack, the most severe lowest; the rest of it,
and every name, stands in the text alternative.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.pictures.drawing import coordinate, element, text
from tracker.pictures.labels import cut, width_of

# A stack is as wide as a shape, and so is the least distance between two.
_STEP = 12.0
_MOST_STACKED = 3
_WIDEST_NAME = 150.0
_ROW = 15.0
# How a name says what is heaped behind it.
WITH_MORE = "%(label)s, and %(count)s more"


@dataclass(frozen=True)
class FlagMark:
    """What happened to a flag on a day, in a few words."""

    on: date
    # 1: notice, 2: warning, 3: alarm; the one that it has from then on, or had when it ended. 0: no flag, but a step
    # that people took.
    severity: int
    label: str
    # Cleared: nothing of it is left.
    ended: bool = False

    def __post_init__(self) -> None:
        if self.severity not in (0, 1, 2, 3):
            raise ValueError(f"A flag is a notice, a warning or an alarm, and {self.severity} is none of them.")


@dataclass(frozen=True)
class Stack:
    """Marks that are drawn at one place, the most severe first."""

    x: float
    marks: tuple[FlagMark, ...]

    @property
    def height(self) -> float:
        return min(len(self.marks), _MOST_STACKED) * _STEP

    def name(self, with_more: str) -> str:
        """In words, since “+4” beside a chart of points would be read as points."""
        label, more = self.marks[0].label, len(self.marks) - 1
        return with_more % {"label": label, "count": more} if more else label


@dataclass(frozen=True)
class Box:
    """A part of the paper that is taken."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def stacks_of(marks: Sequence[tuple[float, FlagMark]]) -> list[Stack]:
    """From left to right, no two closer than a shape is wide."""
    gathered: list[tuple[float, list[FlagMark]]] = []
    for x, mark in sorted(marks, key=lambda placed: placed[0]):
        if gathered and x - gathered[-1][0] < _STEP:
            gathered[-1][1].append(mark)
        else:
            gathered.append((x, [mark]))
    return [Stack(x, tuple(sorted(found, key=_worst_first))) for x, found in gathered]


def height_of(stacks: Sequence[Stack]) -> float:
    """The room that they need above the drawing, with their names."""
    return max((stack.height for stack in stacks), default=-_ROW) + _ROW


def drawn_marks(
    stacks: Sequence[Stack], with_more: str = WITH_MORE, *, foot: float, bottom: float, left: float, right: float
) -> str:
    """Shapes that stand on `foot`, a hairline from each down to `bottom`, and the names that fit between the edges."""
    stems = "".join(element("line", class_="stem", x1=stack.x, x2=stack.x, y1=foot - 2, y2=bottom) for stack in stacks)
    shapes = "".join(
        shape(mark, stack.x, foot - _STEP / 2 - place * _STEP)
        for stack in stacks
        for place, mark in enumerate(stack.marks[:_MOST_STACKED])
    )
    names = names_of(stacks, with_more, foot=foot, left=left, right=right)
    return stems + shapes + "".join(_name(*named) for named in names)


def names_of(
    stacks: Sequence[Stack], with_more: str = WITH_MORE, *, foot: float, left: float, right: float
) -> list[tuple[str, str, Box]]:
    """The names that can be written without touching a shape or each other: the worst first, then the newest. A long
    one is cut only where the whole of it has no room.

    Each with the end by which it is tied to its place, since the true width of letters is known to the reader only.
    """
    taken = [Box(s.x - _STEP / 2, foot - s.height, s.x + _STEP / 2, foot) for s in stacks]
    found = list[tuple[str, str, Box]]()
    for stack in sorted(stacks, key=lambda stack: (-stack.marks[0].severity, -stack.x)):
        name = stack.name(with_more)
        written = dict.fromkeys((name, cut(name, _WIDEST_NAME)))
        places = ((one, *place) for one in written for place in _places(stack, width_of(one), foot))
        for name, tied, box in places:
            if left <= box.left and box.right <= right and not any(box.meets(other) for other in taken):
                taken.append(box)
                found.append((name, tied, box))
                break
    return found


def shape(mark: FlagMark, x: float, y: float) -> str:
    """A triangle for an alarm, a diamond for a warning, a disc for a notice; hollow where it ended. A square for a step
    that people took."""
    looks = f"flag flag-{mark.severity}{' is-ended' if mark.ended else ''}"
    match mark.severity:
        case 3:
            outline = f"M{coordinate(x - 5)} {coordinate(y - 4.5)}h10l-5 9z"
        case 2:
            outline = f"M{coordinate(x)} {coordinate(y - 5)}l5 5l-5 5l-5-5z"
        case 0:
            outline = f"M{coordinate(x - 4)} {coordinate(y - 4)}h8v8h-8z"
        case _:
            outline = f"M{coordinate(x - 4)} {coordinate(y)}a4 4 0 1 1 8 0a4 4 0 1 1-8 0z"
    return element("path", class_=looks, d=outline)


def symbol(severity: int, *, ended: bool = False) -> str:
    """The shape alone, for a legend or a list; silent, as it stands beside its word."""
    drawn = shape(FlagMark(date.min, severity, "", ended), 7, 7)
    return element("svg", drawn, class_="flag-symbol", viewBox="0 0 14 14", width=14, height=14, aria_hidden="true")


def _name(name: str, tied: str, box: Box) -> str:
    x = {"start": box.left, "middle": (box.left + box.right) / 2, "end": box.right}[tied]
    return element("text", text(name), class_="mark-name", x=x, y=box.bottom - 4, text_anchor=tied)


def _worst_first(mark: FlagMark) -> tuple[bool, int, int]:
    return (mark.ended, -mark.severity, -mark.on.toordinal())


def _places(stack: Stack, width: float, foot: float) -> list[tuple[str, Box]]:
    """Where a name may stand, and by which end it is tied there; the best first: above its stack, or beside it."""
    above, beside = foot - stack.height - 1, foot - _STEP / 2 + _ROW / 2
    half, gap = _STEP / 2, _STEP / 2 + 3
    return [
        ("middle", Box(stack.x - width / 2, above - _ROW, stack.x + width / 2, above)),
        ("start", Box(stack.x - half, above - _ROW, stack.x - half + width, above)),
        ("end", Box(stack.x + half - width, above - _ROW, stack.x + half, above)),
        ("start", Box(stack.x + gap, beside - _ROW, stack.x + gap + width, beside)),
        ("end", Box(stack.x - gap - width, beside - _ROW, stack.x - gap, beside)),
    ]
