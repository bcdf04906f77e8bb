"""Where is it how bad, when there is no page? The map of the world with all that it needs within it.

A mail, a PDF and a PNG have no stylesheet and no dark scheme, and neither resvg nor typst knows lines that keep their
width when a picture is scaled: colours are written out, and widths worked out, here.
"""

from collections.abc import Collection, Mapping, Sequence

from tracker.pictures import palette
from tracker.pictures.drawing import coordinate, element, text
from tracker.pictures.land import Place, View, lands, path_of_borders, path_of_land, whole_world
from tracker.pictures.world_map import Legend, Shown, in_order

# In pixels.
_COAST = 0.4
_BORDER = 0.7
_OUTLINE = 1.6
_DOT = 2.8
_STRIPE = 5.0
_ROW = 20


def map_picture(
    shown: Sequence[Shown],
    *,
    label: str,
    view: View | None = None,
    highlighted: Collection[str] = (),
    legend: Legend | None = None,
) -> str:
    """The map on white, as many pixels wide as its view (the whole world, if none is given), its key beneath it."""
    view = view or whole_world()
    large, small, places = in_order(shown, view)
    drawn = _Drawing(view, places)
    inside = drawn.land([*large, *small]) + "".join(map(drawn.country, large))
    inside += drawn.borders() + "".join(map(drawn.country, small))
    inside += "".join(drawn.outline(one) for one in [*large, *small] if one.iso3 in highlighted)
    world = element("svg", inside, viewBox=view.box, width=view.pixels, height=view.pixels_high)
    rows, height = _key(legend, view) if legend else ("", view.pixels_high)
    hatches = _hatch("hatch", _STRIPE * view.units_per_pixel) + _hatch("hatch-of-key", _STRIPE)
    paper = element("rect", width=view.pixels, height=height, fill=palette.PAPER)
    return element(
        "svg",
        element("title", text(label)) + element("defs", hatches) + paper + world + rows,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {view.pixels} {height}",
        width=view.pixels,
        height=height,
        role="img",
    )


class _Drawing:
    """One map while it is being drawn: widths are in pixels, and become units of the map."""

    def __init__(self, view: View, places: Mapping[str, Place]) -> None:
        self.view, self.unit, self.dots, self.lands = view, view.units_per_pixel, places, lands(view.sheet)

    def land(self, shown: Sequence[Shown]) -> str:
        besides = {one.iso3 for one in shown}
        return self._shape(path_of_land(self.view, besides=besides), palette.WASH, palette.EDGE, _COAST)

    def borders(self) -> str:
        return self._shape(path_of_borders(self.view.sheet), "none", palette.PAPER, _BORDER)

    def country(self, one: Shown) -> str:
        land = self.lands[one.iso3].path
        fill = palette.UNKNOWN if one.level is None else palette.LEVELS[one.level]
        fills = [fill, "url(#hatch)"] if one.is_hatched else [fill]
        drawn = "".join(self._shape(land, fill, palette.EDGE, _COAST) for fill in fills) if land else ""
        if one.iso3 in self.dots:
            drawn += "".join(self._dot(one, _DOT, fill, palette.EDGE, _COAST) for fill in fills)
        return drawn

    def outline(self, one: Shown) -> str:
        if one.iso3 in self.dots:
            return self._dot(one, _DOT + 1, "none", palette.INK, _OUTLINE)
        return self._shape(self.lands[one.iso3].path, "none", palette.INK, _OUTLINE)

    def _shape(self, path: str, fill: str, stroke: str, pixels: float) -> str:
        width = pixels * self.unit
        return element("path", d=path, fill=fill, stroke=stroke, stroke_width=width, stroke_linejoin="round")

    def _dot(self, one: Shown, radius: float, fill: str, stroke: str, pixels: float) -> str:
        x, y = self.dots[one.iso3]
        width = pixels * self.unit
        return element("circle", cx=x, cy=y, r=radius * self.unit, fill=fill, stroke=stroke, stroke_width=width)


def _hatch(identifier: str, size: float) -> str:
    """Stripes of paper over the colour of the level, which stays to be seen between and beneath them."""
    stripe = element(
        "path", d=f"M0 0V{coordinate(size)}", stroke=palette.PAPER, stroke_width=0.9 * size, stroke_opacity="0.62"
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


def _key(legend: Legend, view: View) -> tuple[str, int]:
    """Swatches and words in as many rows as they need, and how high the picture becomes with them."""
    thin = palette.LEVELS[len(palette.LEVELS) // 2]
    fills = [(fill,) for fill in (*palette.LEVELS, palette.UNKNOWN)] + [(thin, "url(#hatch-of-key)")]
    drawn, x, y = "", 0.0, view.pixels_high + _ROW
    for layers, word in zip(fills, (*legend.levels, legend.unknown, legend.thin), strict=True):
        wide = 34 + _width_of(word)
        if x and x + wide > view.pixels:
            x, y = 0.0, y + _ROW
        for fill in layers:
            drawn += element("rect", x=x, y=y - 10, width=12, height=12, rx=2, fill=fill)
        drawn += element("text", text(word), x=x + 18, y=y, font_size=12, font_family=palette.FONT, fill=palette.SOFT)
        x += wide
    return drawn, y + 12


def _width_of(word: str) -> float:
    """About as wide as the typeface sets it, which is known here: a row of words looks even."""
    return 12 * sum(0.3 if sign in "fijlrt .,'" else 0.95 if sign in "mwMW" else 0.62 for sign in word)
