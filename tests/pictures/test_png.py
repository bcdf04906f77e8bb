"""Pictures that no stylesheet reaches: the map and the charts as PNG."""

import re
from datetime import date
from functools import cache

import pytest

from tests.house_rules.test_stylesheet import STYLESHEET, tokens
from tests.pictures.png_reading import Pixels, colour, colours, pixels
from tests.pictures.reading import parsed
from tools.make_plain_look import plain_look
from tracker.pictures import palette
from tracker.pictures.land import around, lands, whole_world
from tracker.pictures.line import Line, Point
from tracker.pictures.png import FONTS, PLAIN_LOOK, png_of, self_contained
from tracker.pictures.series import Axis, series_chart
from tracker.pictures.world_map import Legend, Shown
from tracker.pictures.world_picture import map_picture

WORLD = [
    Shown("BRA", "Brazil", level=4),
    Shown("AUS", "Australia", level=0),
    Shown("DZA", "Algeria", level=3, is_thin=True),
    Shown("CHN", "China"),
    Shown("MUS", "Mauritius", level=2),
]
WIDTH = 600
WORDS = Legend(("low", "guarded", "elevated", "high", "critical"), "not enough evidence", "thin evidence")


@cache
def world() -> Pixels:
    return pixels(png_of(map_picture(WORLD, label="Risk"), width=WIDTH))


def around_place(iso3: str, half: int = 0) -> Pixels:
    unit = whole_world().width / WIDTH
    x, y = (round(number / unit) for number in lands()[iso3].at)
    return world()[y - half : y + half + 1, x - half : x + half + 1]


@pytest.mark.parametrize(
    ("iso3", "expected"),
    [
        ("BRA", palette.LEVELS[4]),
        ("AUS", palette.LEVELS[0]),
        ("CHN", palette.UNKNOWN),
        ("MUS", palette.LEVELS[2]),
        ("USA", palette.WASH),
    ],
)
def test_a_country_has_the_colour_of_its_level(iso3: str, expected: str) -> None:
    assert colour(around_place(iso3)[0, 0]) == expected


def test_thin_evidence_is_striped() -> None:
    seen = colours(around_place("DZA", half=8))
    assert palette.LEVELS[3] in seen
    assert len(seen) > 5
    assert colours(around_place("BRA", half=8)) == {palette.LEVELS[4]}


def test_the_sea_is_white() -> None:
    assert colour(world()[5, 5]) == palette.PAPER


def test_a_picture_is_as_wide_as_asked() -> None:
    assert world().shape[1] == WIDTH


def test_a_highlighted_country_is_outlined() -> None:
    view = around("BRA", pixels=200)
    plain, outlined = (
        colours(pixels(png_of(map_picture(WORLD, label="Risk", view=view, highlighted=chosen), width=200)))
        for chosen in ((), ("BRA",))
    )
    assert palette.INK in outlined - plain


def test_the_key_stands_beneath_the_map_in_words() -> None:
    drawn = pixels(png_of(map_picture(WORLD, label="Risk", legend=WORDS), width=WIDTH))
    assert drawn.shape[0] > world().shape[0]
    beneath = colours(drawn[world().shape[0] :])
    assert {*palette.LEVELS, palette.UNKNOWN, palette.SOFT} <= beneath


def test_what_is_not_handed_in_is_plain_land_like_any_other() -> None:
    assert "Niger" not in map_picture(WORLD, label="Risk")
    assert colour(around_place("NER")[0, 0]) == colour(around_place("KAZ")[0, 0])


def chart() -> str:
    line = Line("Veyra", tuple(Point(date(year, 12, 31), 50, 40, 60) for year in range(2010, 2024)))
    return series_chart([line], identifier="law", title="Rule of law", axis=Axis("points", 0, 100))


def test_a_chart_of_a_page_has_its_colours_and_its_words() -> None:
    drawn = pixels(png_of(chart(), width=1200))
    left, right = drawn[:, :880], drawn[:, 960:]
    assert tokens()["series-0"][0] in colours(left)
    assert palette.LINE in colours(left)
    assert palette.INK in colours(right), "the name of the line, in a typeface of our own"


def test_the_typeface_lies_beside_its_licence() -> None:
    assert {file.name for file in FONTS.glob("*.ttf")} == {"DejaVuSans.ttf", "DejaVuSans-Bold.ttf"}
    assert "Bitstream Vera" in (FONTS / "LICENCE.txt").read_text(encoding="utf-8")


def test_a_self_contained_picture_is_well_formed_and_asks_for_nothing() -> None:
    svg = self_contained(chart())
    assert parsed(svg).tag == "{http://www.w3.org/2000/svg}svg"
    assert not re.search(r"var\(|light-dark|url\(|:is|@", svg)


def test_the_plain_look_is_that_of_the_stylesheet() -> None:
    expected = plain_look(STYLESHEET.read_text(encoding="utf-8"))
    assert PLAIN_LOOK.read_text(encoding="utf-8") == expected, "run python -m tools.make_plain_look"


def test_the_colours_are_those_of_the_light_scheme() -> None:
    light = {name: pair[0] for name, pair in tokens().items()}
    mine = {"wash": palette.WASH, "line": palette.LINE, "edge": palette.EDGE, "ink": palette.INK, "soft": palette.SOFT}
    mine |= {"unknown": palette.UNKNOWN} | {f"level-{n}": one for n, one in enumerate(palette.LEVELS)}
    assert mine == {name: light[name] for name in mine}


def test_a_map_with_crisp_edges_takes_few_bytes_and_shows_the_same() -> None:
    svg = map_picture(WORLD, label="Risk")
    smooth, crisp = png_of(svg, width=WIDTH), png_of(svg, width=WIDTH, crisp=True)
    assert len(crisp) < len(smooth) / 2
    assert colour(pixels(crisp)[row_and_column("BRA")]) == palette.LEVELS[4]
    assert len(colours(pixels(crisp))) < len(colours(pixels(smooth))) / 2


def row_and_column(iso3: str) -> tuple[int, int]:
    unit = whole_world().width / WIDTH
    x, y = (round(number / unit) for number in lands()[iso3].at)
    return y, x
