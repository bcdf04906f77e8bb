"""Where is it how bad? The world by level, or one country among its neighbours, on a page.

The shapes are fetched from one file that browsers keep; the stylesheet colours them. Whatever is not handed in is plain
land, be it a country that the reader may not see or a place that belongs to none. For a mail, a PDF or a PNG the same
map is drawn by world_picture.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from tracker.pictures.drawing import element, text
from tracker.pictures.land import Place, View, dots, lands, whole_world

# Those of the whole world, for a few languages and days.
_MOST_COUNTRIES = 4000


class Shown(NamedTuple):
    """A country that the reader may see. Its name is all that the link says: country, level, score."""

    iso3: str
    name: str
    url: str = ""
    level: int | None = None  # none: not enough evidence
    is_thin: bool = False  # little evidence, or old; of a level that is not known there is nothing to hatch

    @property
    def is_hatched(self) -> bool:
        return self.is_thin and self.level is not None


@dataclass(frozen=True)
class Legend:
    """The words of the key: of the five levels from the lowest, of too little evidence, and of thin evidence."""

    levels: tuple[str, ...]
    unknown: str
    thin: str


def map_on_page(
    shown: Sequence[Shown],
    *,
    shapes: str,
    label: str,
    coming: str = "",
    view: View | None = None,
    highlighted: Collection[str] = (),
) -> str:
    """The map; shapes is the address of the file of its sheet, label the name of the picture for who does not see it,
    coming what stands in its place until the file is there.

    Without a view it is the whole world. Those highlighted are outlined.
    """
    view = view or whole_world()
    large, small, places = in_order(shown, view)
    seen, drawn = [*large, *small], _Drawing(view, shapes, places)
    inside = drawn.waiting(coming) if coming else ""
    inside += drawn.shape("world", "map-land") + "".join(map(drawn.country, large))
    inside += drawn.shape("borders", "map-borders") + "".join(map(drawn.country, small))
    inside += "".join(drawn.outline(one) for one in seen if one.iso3 in highlighted)
    role = "group" if any(one.url for one in seen) else "img"
    picture = drawn.svg(inside, "map-shapes", role=role, aria_label=label)
    thin = "".join(drawn.thin(one) for one in seen if one.is_hatched)
    hatch = drawn.svg(thin, "map-hatch", aria_hidden="true") if thin else ""
    return element("div", picture + hatch, class_="map")


def key_of(legend: Legend) -> list[tuple[str, str]]:
    """A swatch and its word for all that the map may show, as the component for pictures takes them."""
    looks = [f"level-{level}" for level in range(len(legend.levels))]
    pairs = [(_swatch(one), word) for one, word in zip(looks, legend.levels, strict=True)]
    hatch = element("path", class_="map-swatch-hatch", d="M-2 6L6-2M-1 13L13-1M6 14L14 6")
    return [*pairs, (_swatch("level-unknown"), legend.unknown), (_swatch("level-2", hatch), legend.thin)]


def in_order(shown: Sequence[Shown], view: View) -> tuple[list[Shown], list[Shown], dict[str, Place]]:
    """What is in view: large ones, then small ones, on whose dots no neighbour may lie, and where the dots stand.

    A country that has no place on the map is not among them.
    """
    there = lands(view.sheet)
    seen = [one for one in shown if one.iso3 in there and view.meets(there[one.iso3])]
    places = dots(view, frozenset(one.iso3 for one in seen))
    return [one for one in seen if one.iso3 not in places], [one for one in seen if one.iso3 in places], places


class _Drawing:
    """One map while it is being drawn: what is shown of it, and where its shapes come from."""

    def __init__(self, view: View, shapes: str, places: Mapping[str, Place]) -> None:
        self.view, self.shapes, self.dots, self.lands = view, shapes, places, lands(view.sheet)

    def country(self, one: Shown) -> str:
        land, dot = self.lands[one.iso3], self.dots.get(one.iso3)
        return _country(one, dot or land.at, self.shapes if land.path else "", is_dot=dot is not None)

    def thin(self, one: Shown) -> str:
        dot = self.dots.get(one.iso3)
        return _dot(dot, "map-dot map-thin") if dot else self.shape(one.iso3, "map-thin")

    def outline(self, one: Shown) -> str:
        if dot := self.dots.get(one.iso3):
            return _dot(dot, "map-highlight-dot") + _dot(dot, f"map-dot {_level_of(one)}")
        return self.shape(one.iso3, "map-highlight")

    def waiting(self, words: str) -> str:
        """The sea, which comes with the shapes, covers the words."""
        view = self.view
        middle = {"x": view.left + view.width / 2, "y": view.top + view.height / 2, "font_size": view.width / 30}
        said = element("text", text(words), class_="map-coming", aria_hidden="true", **middle)
        return said + self.shape("sea", "map-sea")

    def shape(self, name: str, looks: str) -> str:
        return _shape(self.shapes, name, looks)

    def svg(self, inside: str, looks: str, **attributes: str) -> str:
        width, height = self.view.pixels, self.view.pixels_high
        return element("svg", inside, class_=looks, viewBox=self.view.box, width=width, height=height, **attributes)


@lru_cache(maxsize=_MOST_COUNTRIES)
def _country(one: Shown, at: Place, shapes: str, *, is_dot: bool) -> str:
    """From one map to the next few countries look otherwise. `shapes`: empty where it has none."""
    sign = _shape(shapes, one.iso3, _level_of(one)) if shapes else ""
    if is_dot:
        sign += _dot(at, "map-dot-edge") + _dot(at, f"map-dot {_level_of(one)}")
    if not one.url:
        return sign
    x, y = at
    named = element("title", text(one.name))
    return element("a", named + sign, href=one.url, aria_label=one.name, data_at=f"{x:.0f} {y:.0f}")


def _shape(shapes: str, name: str, looks: str) -> str:
    return element("use", href=f"{shapes}#{name}", class_=looks)


def _dot(at: Place, looks: str) -> str:
    # A line of next to no length with round ends: its thickness, unlike a radius, does not grow with the map.
    x, y = at
    return element("path", class_=looks, d=f"M{x:.0f} {y:.0f}h.1")


def _level_of(one: Shown) -> str:
    return "level-unknown" if one.level is None else f"level-{one.level}"


def _swatch(looks: str, more: str = "") -> str:
    inside = element("rect", class_=looks, width=12, height=12, rx=2) + more
    return element("svg", inside, class_="swatch", viewBox="0 0 12 12", width=12, height=12, aria_hidden="true")
