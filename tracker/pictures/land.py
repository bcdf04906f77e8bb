"""Where does each country lie on the map, how large is it there, and which part of the map shows it?

The shapes are written by tools/make_world_map.py, in whole units of an Equal Earth map; nothing here knows degrees.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tracker.pictures.drawing import element

SHAPES = Path(__file__).parent / "world" / "shapes.json"

# A country that measures fewer square pixels than this can hardly be seen, let alone be hit: it gets a dot.
_LEAST_PIXELS = 5.0
_WORLD_PIXELS = 600

# A neighbourhood is so much wider than its country, has so many units at least (22 are a degree at the equator), and
# holds so many other lands as large as Denmark: of an island in the ocean nobody could say where it is.
_ROOM = 1.6
_LEAST_WINDOW = 420.0
_LANDMARKS, _LANDMARK_AREA = 2, 1600


@dataclass(frozen=True)
class Land:
    """The outline of a country, the place for its dot, the box of its main shapes and of all, and what it measures."""

    path: str
    at: tuple[int, int]
    box: tuple[int, int, int, int]
    reach: tuple[int, int, int, int]
    area: int


@dataclass(frozen=True)
class View:
    """The part of the map that is shown, in its units, and about how many pixels wide."""

    left: float
    top: float
    width: float
    height: float
    pixels: int

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

    def holds(self, at: tuple[float, float]) -> bool:
        return 0 <= at[0] - self.left <= self.width and 0 <= at[1] - self.top <= self.height

    def is_small(self, land: Land) -> bool:
        return land.area / self.units_per_pixel**2 < _LEAST_PIXELS


def whole_world(pixels: int = _WORLD_PIXELS) -> View:
    width, height = _world()["size"]
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


def _window(middle: tuple[float, float], width: float, pixels: int, aspect: float) -> View:
    """Around a place, moved where it would reach over the edge of the map."""
    world_width, world_height = _world()["size"]
    width = min(width, world_width, world_height * aspect)
    height = width / aspect
    left = min(max(middle[0] - width / 2, 0), world_width - width)
    top = min(max(middle[1] - height / 2, 0), world_height - height)
    return View(round(left), round(top), round(width), round(height), pixels)


@cache
def lands() -> dict[str, Land]:
    """Of every country by its code; those of the demonstration are among them, which the world does not show."""
    return {
        iso3: Land(of["path"], tuple(of["at"]), tuple(of["box"]), tuple(of["reach"]), of["area"])
        for group in ("countries", "isles")
        for iso3, of in _world()[group].items()
    }


def path_of_land(view: View) -> str:
    """All the land of the world that a view meets, invented isles apart."""
    near = [lands()[iso3] for iso3 in _world()["countries"]]
    return "".join(land.path for land in near if view.meets(land)) + str(_world()["others"])


def path_of_borders() -> str:
    return str(_world()["borders"])


def file_of_shapes() -> str:
    """What pages refer to: each country by its code, the whole world and its borders by name."""

    def drawn(group: str) -> str:
        return "".join(element("path", id=one, d=of["path"]) for one, of in _world()[group].items() if of["path"])

    world = element("g", drawn("countries") + element("path", d=_world()["others"]), id="world")
    borders = element("path", id="borders", d=path_of_borders())
    note = f"<!-- {_world()['source']}; {_world()['licence']}. Written by tools/make_world_map.py -->"
    inside = note + element("defs", world + borders + drawn("isles"))
    return element("svg", inside, xmlns="http://www.w3.org/2000/svg") + "\n"


@cache
def _world() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(SHAPES.read_text(encoding="utf-8"))
    return read
