"""Where does it stand how badly? A map of the world, or of one country among its neighbours.

One map is drawn in two ways. On a page its shapes are fetched from one file that browsers keep, and the stylesheet
colours them. In a mail, a PDF or a PNG everything is in the picture itself.

Whatever is not handed in is plain land, be it a country that the reader may not see or a place that belongs to none.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tracker.pictures import palette
from tracker.pictures.drawing import coordinate, element, text
from tracker.pictures.labels import width_of

SHAPES = Path(__file__).parent / "world" / "shapes.json"

# A country that measures fewer square pixels than this cannot be hit, or even seen: it gets a dot.
_LEAST_AREA = 5.0
_WORLD_PIXELS = 600

# How a country is set in its neighbourhood, in units of the map (22 are a degree at the equator).
_LEAST_WINDOW = 420.0
_MARGIN_SHARE = 0.4


@dataclass(frozen=True)
class Shown:
    """A country that the reader may see. Its name is what the link says: country, level, score."""

    iso3: str
    name: str
    url: str = ""
    level: int | None = None  # none: not enough evidence
    is_thin: bool = False  # little evidence, or old: hatched


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

    def holds(self, reach: Sequence[float]) -> bool:
        left, top, right, bottom = reach
        return (
            left < self.left + self.width and right > self.left and top < self.top + self.height and bottom > self.top
        )


@dataclass(frozen=True)
class _Land:
    path: str
    at: tuple[int, int]
    box: tuple[int, int, int, int]
    reach: tuple[int, int, int, int]
    area: int


@dataclass(frozen=True)
class Legend:
    """The words beneath a picture: of the five levels, of too little evidence, and of thin evidence."""

    levels: tuple[str, ...]
    unknown: str
    thin: str


def whole_world(pixels: int = _WORLD_PIXELS) -> View:
    width, height = _world()["size"]
    return View(0, 0, width, height, pixels)


def around(iso3: str, *, pixels: int = 320, aspect: float = 4 / 3) -> View:
    """A country and its neighbours; however small it is, so much of them that it can be recognised."""
    world_width, world_height = _world()["size"]
    left, top, right, bottom = _lands()[iso3].box
    margin = 1 + 2 * _MARGIN_SHARE
    width = max((right - left) * margin, (bottom - top) * margin * aspect, _LEAST_WINDOW)
    width = min(width, world_width, world_height * aspect)
    height = width / aspect
    start = min(max((left + right - width) / 2, 0), world_width - width)
    above = min(max((top + bottom - height) / 2, 0), world_height - height)
    return View(round(start), round(above), round(width), round(height), pixels)


def on_map() -> frozenset[str]:
    """Every country that has a place on the map."""
    return frozenset(_lands())


def map_on_page(
    shown: Sequence[Shown],
    *,
    geometry: str,
    label: str,
    view: View | None = None,
    highlighted: Collection[str] = (),
) -> str:
    """The map for a page, coloured by the stylesheet; geometry is the address of the file of shapes."""
    view = view or whole_world()
    drawn = _OnPage(view, geometry)
    seen = _in_view(shown, view)
    large, small = _by_size(seen, view)
    inside = drawn.shape("world", "map-land") + "".join(map(drawn.country, large))
    inside += drawn.shape("borders", "map-borders") + "".join(map(drawn.country, small))
    inside += "".join(drawn.outline(one) for one in seen if one.iso3 in highlighted)
    is_linked = any(one.url for one in seen)
    shapes = drawn.svg(inside, "map-shapes", role="group" if is_linked else "img", aria_label=label)
    thin = "".join(drawn.sign(one, "map-thin") for one in seen if one.is_thin and one.level is not None)
    return element("div", shapes + (drawn.svg(thin, "map-hatch", aria_hidden="true") if thin else ""), class_="map")


def map_picture(
    shown: Sequence[Shown],
    *,
    label: str,
    view: View | None = None,
    highlighted: Collection[str] = (),
    legend: Legend | None = None,
) -> str:
    """The same map with all that it needs within, on white, as many pixels wide as the view."""
    view = view or whole_world()
    drawn = _InPicture(view)
    seen = _in_view(shown, view)
    large, small = _by_size(seen, view)
    inside = drawn.land() + "".join(map(drawn.country, large))
    inside += drawn.borders() + "".join(map(drawn.country, small))
    inside += "".join(drawn.outline(one) for one in seen if one.iso3 in highlighted)
    return drawn.svg(inside, label, legend)


def legend_on_page(legend: Legend) -> str:
    """A swatch and a word for each level."""
    swatches = [(f"level-{level}", word) for level, word in enumerate(legend.levels)]
    swatches.append(("level-unknown", legend.unknown))
    rows = [element("li", _swatch(looks) + text(word)) for looks, word in swatches]
    rows.append(element("li", _swatch("level-2", _HATCH) + text(legend.thin)))
    return element("ul", "".join(rows), class_="legend map-legend")


def geometry_file() -> str:
    """The file of shapes that pages refer to: each country by its code, the world as a whole, and its borders."""
    lands = "".join(element("path", id=iso3, d=land.path) for iso3, land in _lands().items() if land.path)
    world = element("g", lands + element("path", d=_world()["others"]), id="world")
    borders = element("path", id="borders", d=_world()["borders"])
    note = f"<!-- {_world()['source']}; {_world()['licence']}. Written by tools/make_world_map.py -->"
    return element("svg", note + element("defs", world + borders), xmlns="http://www.w3.org/2000/svg") + "\n"


class _OnPage:
    def __init__(self, view: View, geometry: str) -> None:
        self.view, self.geometry = view, geometry

    def country(self, one: Shown) -> str:
        land = _lands()[one.iso3]
        sign = self.sign(one, _level_class(one))
        if not one.url:
            return sign
        at = f"{land.at[0]} {land.at[1]}"
        return element("a", sign + element("title", text(one.name)), href=one.url, aria_label=one.name, data_at=at)

    def sign(self, one: Shown, looks: str) -> str:
        land = _lands()[one.iso3]
        sign = self.shape(one.iso3, looks) if land.path else ""
        if _is_small(land, self.view):
            sign += self.dot(land, "map-dot-edge") + self.dot(land, f"map-dot {looks}")
        return sign

    def outline(self, one: Shown) -> str:
        land = _lands()[one.iso3]
        if _is_small(land, self.view):
            return self.dot(land, "map-highlight-dot") + self.dot(land, f"map-dot {_level_class(one)}")
        return self.shape(one.iso3, "map-highlight")

    def shape(self, name: str, looks: str) -> str:
        return element("use", href=f"{self.geometry}#{name}", class_=looks)

    def dot(self, land: _Land, looks: str) -> str:
        # A line of next to no length with round ends: its thickness, unlike a radius, does not grow with the map.
        return element("path", class_=looks, d=f"M{land.at[0]} {land.at[1]}h.1")

    def svg(self, inside: str, looks: str, **attributes: str) -> str:
        view = self.view
        box = f"{view.left} {view.top} {view.width} {view.height}"
        height = round(view.pixels * view.height / view.width)
        return element("svg", inside, class_=looks, viewBox=box, width=view.pixels, height=height, **attributes)


class _InPicture:
    """Neither resvg nor typst know lines that do not scale: their widths are worked out here."""

    def __init__(self, view: View) -> None:
        self.view, self.unit = view, view.units_per_pixel

    def land(self) -> str:
        near = [land.path for land in _lands().values() if land.path and self.view.holds(land.reach)]
        return element("path", d="".join([*near, _world()["others"]]), fill=palette.WASH)

    def borders(self) -> str:
        return element(
            "path",
            d=_world()["borders"],
            fill="none",
            stroke=palette.PAPER,
            stroke_width=0.6 * self.unit,
            stroke_linejoin="round",
        )

    def country(self, one: Shown) -> str:
        land = _lands()[one.iso3]
        fill = palette.UNKNOWN if one.level is None else palette.LEVELS[one.level]
        drawn = element("path", d=land.path, fill=fill) if land.path else ""
        hatched = one.is_thin and one.level is not None
        if hatched and land.path:
            drawn += element("path", d=land.path, fill="url(#hatch)")
        if _is_small(land, self.view):
            drawn += self.dot(land, 3.0, fill=fill, stroke=palette.EDGE, stroke_width=0.6 * self.unit)
            drawn += self.dot(land, 3.0, fill="url(#hatch)") if hatched else ""
        return drawn

    def outline(self, one: Shown) -> str:
        land = _lands()[one.iso3]
        line: dict[str, str | float] = {"fill": "none", "stroke": palette.INK, "stroke_width": 1.6 * self.unit}
        if _is_small(land, self.view):
            return self.dot(land, 3.8, **line)
        return element("path", d=land.path, stroke_linejoin="round", **line)

    def dot(self, land: _Land, radius: float, **looks: str | float) -> str:
        return element("circle", cx=land.at[0], cy=land.at[1], r=radius * self.unit, **looks)

    def svg(self, inside: str, label: str, legend: Legend | None) -> str:
        view, height = self.view, round(self.view.pixels * self.view.height / self.view.width)
        box = f"{view.left} {view.top} {view.width} {view.height}"
        drawn = element("svg", inside, viewBox=box, width=view.pixels, height=height)
        rows, below = _legend_rows(legend, view.pixels, height) if legend else ("", height)
        paper = element("rect", width=view.pixels, height=below, fill=palette.PAPER)
        return element(
            "svg",
            element("title", text(label))
            + _hatch("hatch", 5 * self.unit)
            + _hatch("hatch-small", 5)
            + paper
            + drawn
            + rows,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {view.pixels} {below}",
            width=view.pixels,
            height=below,
            role="img",
        )


def _legend_rows(legend: Legend, pixels: int, top: int) -> tuple[str, int]:
    """Swatches and words in as many rows as they need, and the height of the picture with them."""
    fills = [*zip((*palette.LEVELS, palette.UNKNOWN), (*legend.levels, legend.unknown), strict=True)]
    fills.append((palette.LEVELS[2], legend.thin))
    drawn, x, y = "", 8.0, top + 20.0
    for number, (fill, word) in enumerate(fills):
        wide = 30 + width_of(word)
        if x + wide > pixels and x > 8:
            x, y = 8.0, y + 20
        place: dict[str, str | float] = {"x": x, "y": y - 10, "width": 12, "height": 12, "rx": 2}
        drawn += element("rect", fill=fill, stroke=palette.EDGE, stroke_width=0.5, **place)
        if number == len(fills) - 1:
            drawn += element("rect", fill="url(#hatch-small)", **place)
        drawn += element("text", text(word), x=x + 18, y=y, font_size=12, font_family=palette.FONT, fill=palette.SOFT)
        x += wide
    return drawn, round(y + 12)


def _hatch(identifier: str, size: float) -> str:
    stripe = element(
        "path", d=f"M0 0V{coordinate(size)}", stroke=palette.PAPER, stroke_width=0.9 * size, stroke_opacity="0.65"
    )
    return element(
        "pattern",
        stripe,
        id=identifier,
        width=size,
        height=size,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )


_HATCH = element("path", class_="map-swatch-hatch", d="M-2 6L6-2M2 14L14 2M10 22L22 10")


def _swatch(looks: str, more: str = "") -> str:
    return element(
        "svg",
        element("rect", class_=looks, width=12, height=12, rx=2) + more,
        class_="swatch",
        viewBox="0 0 12 12",
        width=12,
        height=12,
        aria_hidden="true",
    )


def _level_class(one: Shown) -> str:
    return "level-unknown" if one.level is None else f"level-{one.level}"


def _is_small(land: _Land, view: View) -> bool:
    return land.area / view.units_per_pixel**2 < _LEAST_AREA


def _in_view(shown: Sequence[Shown], view: View) -> list[Shown]:
    """A country without a place on the map, such as one of the demonstration, is not drawn."""
    lands = _lands()
    return [one for one in shown if one.iso3 in lands and view.holds(lands[one.iso3].reach)]


def _by_size(shown: Sequence[Shown], view: View) -> tuple[list[Shown], list[Shown]]:
    """Dots come last, so that no neighbour lies on top of them."""
    small = {one.iso3 for one in shown if _is_small(_lands()[one.iso3], view)}
    return [one for one in shown if one.iso3 not in small], [one for one in shown if one.iso3 in small]


@cache
def _world() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(SHAPES.read_text(encoding="utf-8"))
    return read


@cache
def _lands() -> dict[str, _Land]:
    return {
        iso3: _Land(of["path"], tuple(of["at"]), tuple(of["box"]), tuple(of["reach"]), of["area"])
        for iso3, of in _world()["countries"].items()
    }
