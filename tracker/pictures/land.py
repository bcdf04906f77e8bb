"""Where does each country lie on the map, how large is it there, and which part of the map shows it?

The shapes are written by tools/make_world_map.py, in whole units of an Equal Earth map; nothing here knows degrees. The
map ends in the Bering Strait: what lies on both sides of it is shown on a second sheet, which has it in its middle.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from itertools import combinations
from math import dist
from pathlib import Path
from typing import Any

from tracker.pictures.drawing import element

SHAPES = Path(__file__).parent / "world"

# A country that measures fewer square pixels than this can hardly be seen, let alone be hit: it gets a dot.
_LEAST_PIXELS = 5.0
_WORLD_PIXELS = 600

# So many pixels dots are kept apart, by so many small pushes.
_DOTS_APART = 5.0
_PUSHES = 40

# A neighbourhood is so much wider than its country, has so many units at least (22 are a degree at the equator), and
# holds so many other lands as large as Denmark: of an island in the ocean nobody could say where it is.
_ROOM = 1.6
_LEAST_WINDOW = 340.0
_LANDMARKS, _LANDMARK_AREA = 2, 1600

# Of several countries, each well in sight: a little room around them, and the world where they take most of it.
_MARGIN = 1.15
_MOST_OF_THE_WORLD = 0.7
# Of many, one in so many may lie outside, if it has less than this share of their land, and if without it the map is
# narrower than this: for a rock in the ocean all others would become small.
_ONE_OUTSIDE_OF = 10
_LEAST_OF_THE_LAND, _MUCH_NARROWER = 0.001, 0.75

Place = tuple[float, float]


class Sheet(StrEnum):
    """Each ends where the other has its middle."""

    WORLD = "world"
    # Which holds no more than what lies around it.
    PACIFIC = "pacific"

    @property
    def file(self) -> str:
        """Of its shapes, for pages."""
        return f"{self.value}.svg"


@dataclass(frozen=True)
class Land:
    """The outline of a country, the place for its dot, the box of its main shapes and of all, and what it measures."""

    path: str
    at: Place
    box: tuple[int, int, int, int]
    reach: tuple[int, int, int, int]
    area: int


@dataclass(frozen=True)
class View:
    """The part of a sheet that is shown, in its units, and about how many pixels wide."""

    left: float
    top: float
    width: float
    height: float
    pixels: int
    sheet: Sheet = Sheet.WORLD

    @property
    def units_per_pixel(self) -> float:
        return self.width / self.pixels

    @property
    def pixels_high(self) -> int:
        return round(self.pixels * self.height / self.width)

    @property
    def box(self) -> str:
        return f"{self.left} {self.top} {self.width} {self.height}"

    def meets(self, land: Land) -> bool:
        left, top, right, bottom = land.reach
        across = left <= self.left + self.width and right >= self.left
        return across and top <= self.top + self.height and bottom >= self.top

    def holds(self, at: Place) -> bool:
        return 0 <= at[0] - self.left <= self.width and 0 <= at[1] - self.top <= self.height

    def is_small(self, land: Land) -> bool:
        return land.area / self.units_per_pixel**2 < _LEAST_PIXELS


def whole_world(pixels: int = _WORLD_PIXELS) -> View:
    width, height = _read(Sheet.WORLD)["size"]
    return View(0, 0, width, height, pixels)


def around(iso3: str, *, pixels: int = 320, aspect: float = 4 / 3) -> View:
    """A country among its neighbours; aspect is width by height. Ask only for what has a place on the map."""
    left, top, right, bottom = lands()[iso3].box
    width = max((right - left) * _ROOM, (bottom - top) * _ROOM * aspect, _LEAST_WINDOW)
    middle = ((left + right) / 2, (top + bottom) / 2)
    view = _window(middle, width, pixels, aspect)
    landmarks = [land for other, land in lands().items() if other != iso3 and land.area >= _LANDMARK_AREA]
    while sum(view.holds(land.at) for land in landmarks) < _LANDMARKS:
        width *= 1.2
        view = _window(middle, width, pixels, aspect)
    return view


def around_all(iso3s: Collection[str], *, pixels: int = 320, aspect: float = 1.8) -> View:
    """Several countries and a little of what lies around, on the sheet on which they lie together; the whole world,
    where they lie all over it. Of many, a far small island may lie outside.

    At least one of them has a place on the map.
    """
    return _around_most(frozenset(iso3 for iso3 in iso3s if iso3 in lands()), pixels, aspect)


@lru_cache(maxsize=256)
def _around_most(iso3s: frozenset[str], pixels: int, aspect: float) -> View:
    view, inside = _together(iso3s, pixels, aspect), iso3s
    small = sum(lands()[iso3].area for iso3 in iso3s) * _LEAST_OF_THE_LAND
    for _ in range(len(iso3s) // _ONE_OUTSIDE_OF):
        islands = [iso3 for iso3 in sorted(inside) if lands()[iso3].area < small]
        without = {iso3: _together(inside - {iso3}, pixels, aspect) for iso3 in islands}
        farthest = min(islands, key=lambda iso3: without[iso3].width, default=None)
        if farthest is None or without[farthest].width >= view.width * _MUCH_NARROWER:
            break
        view, inside = without[farthest], inside - {farthest}
    return view


def _together(iso3s: Collection[str], pixels: int, aspect: float) -> View:
    close = (_close(iso3s, sheet, pixels, aspect) for sheet in Sheet if lands(sheet).keys() >= set(iso3s))
    return next((view for view in close if view), whole_world(pixels))


def _close(iso3s: Collection[str], sheet: Sheet, pixels: int, aspect: float) -> View | None:
    """None: they take most of the world."""
    boxes = [lands(sheet)[iso3].box for iso3 in iso3s]
    left, top = (min(box[side] for box in boxes) for side in (0, 1))
    right, bottom = (max(box[side] for box in boxes) for side in (2, 3))
    width = max(right - left, _LEAST_WINDOW, (bottom - top) * aspect) * _MARGIN
    if width > whole_world().width * _MOST_OF_THE_WORLD:
        return None
    return _window(((left + right) / 2, (top + bottom) / 2), width, pixels, aspect, sheet)


@lru_cache(maxsize=512)
def dots(view: View, shown: frozenset[str]) -> dict[str, Place]:
    """Where the dots of the small ones stand: at their places, but for a push that keeps one from hiding another."""
    there = lands(view.sheet)
    places = {iso3: there[iso3].at for iso3 in sorted(shown) if view.is_small(there[iso3])}
    apart = _DOTS_APART * view.units_per_pixel
    neighbours = [pair for pair in combinations(places, 2) if dist(places[pair[0]], places[pair[1]]) < 4 * apart]
    for _ in range(_PUSHES):
        for one, other in neighbours:
            (x0, y0), (x1, y1) = places[one], places[other]
            distance = dist((x0, y0), (x1, y1)) or 1.0
            push = max(0.0, apart - distance) / distance / 2
            places[one] = (x0 - push * (x1 - x0), y0 - push * (y1 - y0))
            places[other] = (x1 + push * (x1 - x0), y1 + push * (y1 - y0))
    return places


def _window(middle: Place, width: float, pixels: int, aspect: float, sheet: Sheet = Sheet.WORLD) -> View:
    """Around a place, moved where it would reach over the edge of the sheet."""
    world_width, world_height = _read(sheet)["size"]
    width = min(width, world_width, world_height * aspect)
    height = width / aspect
    left = min(max(middle[0] - width / 2, 0), world_width - width)
    top = min(max(middle[1] - height / 2, 0), world_height - height)
    return View(round(left), round(top), round(width), round(height), pixels, sheet)


@cache
def lands(sheet: Sheet = Sheet.WORLD) -> dict[str, Land]:
    """Of every country by its code; those of the demonstration are among them, which the world does not show."""
    return {
        iso3: Land(of["path"], tuple(of["at"]), tuple(of["box"]), tuple(of["reach"]), of["area"])
        for group in ("countries", "isles")
        for iso3, of in _read(sheet)[group].items()
    }


def path_of_land(view: View, *, besides: Collection[str]) -> str:
    """The land that a view meets, but for some countries; invented isles are no land of the world."""
    there = lands(view.sheet)
    near = [there[iso3] for iso3 in _read(view.sheet)["countries"] if iso3 not in besides]
    return "".join(land.path for land in near if view.meets(land)) + str(_read(view.sheet)["others"])


def path_of_borders(sheet: Sheet = Sheet.WORLD) -> str:
    return str(_read(sheet)["borders"])


def file_of_shapes(sheet: Sheet = Sheet.WORLD) -> str:
    """What pages refer to: each country by its code, all that is on the sheet and its borders by name."""
    read = _read(sheet)

    def drawn(group: str) -> str:
        return "".join(_shape(of["path"], id=one) for one, of in read[group].items() if of["path"])

    world = element("g", drawn("countries") + _shape(read["others"]), id="world")
    borders = _shape(path_of_borders(sheet), id="borders")
    width, height = read["size"]
    sea = element("path", id="sea", d=f"M0 0H{width}V{height}H0z")
    note = f"<!-- {read['source']}; {read['licence']}. Written by tools/make_world_map.py -->"
    inside = note + element("defs", sea + world + borders + drawn("isles"))
    return element("svg", inside, xmlns="http://www.w3.org/2000/svg") + "\n"


def _shape(path: str, **attributes: str) -> str:
    # Whoever uses a shape sets the width of its line, but not whether it is scaled: that is not handed down.
    return element("path", **attributes, d=path, vector_effect="non-scaling-stroke")


def shapes_of(sheet: Sheet) -> Path:
    return SHAPES / f"{sheet.value}.json"


@cache
def _read(sheet: Sheet) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(shapes_of(sheet).read_text(encoding="utf-8"))
    return read
