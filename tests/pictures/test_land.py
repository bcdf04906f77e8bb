"""The shapes of the world: which countries there are, that nothing is torn, and what a neighbourhood holds."""

import csv
import gzip
import re
from itertools import pairwise
from pathlib import Path

import pytest

from tracker.demo.archipelago import read_archipelago
from tracker.pictures.land import Land, Sheet, around, around_all, dots, file_of_shapes, lands, whole_world

ROOT = Path(__file__).resolve().parents[2]
COUNTRIES = ROOT / "tracker" / "catalogue" / "countries.csv"
STATIC = ROOT / "tracker" / "web" / "static"
LARGEST_KILOBYTES = 80

Ring = list[tuple[int, int]]


def rings(path: str) -> list[Ring]:
    """The corners of each ring, from the steps in which a path is written."""
    drawn = []
    for start, steps in re.findall(r"M([-\d ]+)l([-\d ]+)z", path):
        x, y = map(int, start.split())
        ring = [(x, y)]
        numbers = [int(number) for number in re.findall(r"-?\d+", steps)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        drawn.append([*ring, ring[0]])
    return drawn


def is_inside(at: tuple[float, float], land: Land) -> bool:
    x, y = at
    sides = [side for ring in rings(land.path) for side in pairwise(ring)]
    crossed = [(x0, y0, x1, y1) for (x0, y0), (x1, y1) in sides if (y0 > y) != (y1 > y)]
    return sum(x < (x1 - x0) * (y - y0) / (y1 - y0) + x0 for x0, y0, x1, y1 in crossed) % 2 == 1


def test_every_country_of_the_catalogue_but_antarctica_is_on_the_map() -> None:
    with COUNTRIES.open(encoding="utf-8") as file:
        countries = {row["iso3"] for row in csv.DictReader(file)}
    assert countries - set(lands()) == {"ATA"}


def test_so_is_every_isle_of_the_demonstration() -> None:
    assert {isle.country.iso3 for isle in read_archipelago().isles} <= set(lands())


@pytest.mark.parametrize("sheet", Sheet)
def test_the_file_for_pages_holds_the_very_shapes_and_is_light(sheet: Sheet) -> None:
    file = STATIC / sheet.file
    assert file.read_text(encoding="utf-8") == file_of_shapes(sheet)
    assert len(gzip.compress(file.read_bytes())) <= LARGEST_KILOBYTES * 1000


@pytest.mark.parametrize("sheet", Sheet)
def test_no_line_runs_across_the_map(sheet: Sheet) -> None:
    longest = {
        iso3: max((abs(x1 - x0) for ring in rings(land.path) for (x0, _), (x1, _) in pairwise(ring)), default=0)
        for iso3, land in lands(sheet).items()
    }
    # The longest of all is the forty-ninth parallel; a seam would be as long as the map is wide.
    assert max(longest.values()) < whole_world().width / 10


@pytest.mark.parametrize(("iso3", "share"), [("RUS", 0.5), ("FJI", 0.02), ("NZL", 0.1)])
def test_who_lies_on_both_sides_of_the_date_line_is_in_one_piece(iso3: str, share: float) -> None:
    left, _, right, _ = lands()[iso3].reach
    assert right - left < share * whole_world().width


@pytest.mark.parametrize(
    ("one", "other"), [("MLI", "NER"), ("USA", "CAN"), ("RUS", "CHN"), ("LSO", "ZAF"), ("PSE", "ISR")]
)
def test_neighbours_share_their_border(one: str, other: str) -> None:
    mine, theirs = ({place for ring in rings(lands()[iso3].path) for place in ring} for iso3 in (one, other))
    assert len(mine & theirs) >= 6


def test_no_country_looks_larger_than_it_is() -> None:
    # In thousands of square kilometres, Greenland without Denmark.
    known = {"COD": 2345, "GRL": 2166, "BRA": 8516, "KAZ": 2725, "NOR": 324}
    for iso3, area in known.items():
        assert lands()[iso3].area / lands()["COD"].area == pytest.approx(area / known["COD"], rel=0.05), iso3


def test_a_countrys_place_is_within_it() -> None:
    drawn = {iso3: land for iso3, land in lands().items() if land.area > 200 and iso3 != "KIR"}
    assert len(drawn) > 180
    assert [iso3 for iso3, land in drawn.items() if not is_inside(land.at, land)] == []


def test_what_was_split_from_another_country_is_not_drawn_twice() -> None:
    guiana = lands()["GUF"].at
    assert is_inside(guiana, lands()["GUF"])
    assert not is_inside(guiana, lands()["FRA"])


def test_every_neighbourhood_holds_its_country_and_something_to_know_it_by() -> None:
    width, height = whole_world().width, whole_world().height
    for iso3, land in lands().items():
        view = around(iso3)
        assert view.holds(land.at), iso3
        assert 0 <= view.left <= view.left + view.width <= width + 1, iso3
        assert 0 <= view.top <= view.top + view.height <= height + 1, iso3
        assert sum(view.holds(other.at) and other.area > 1000 for other in lands().values()) >= 2, iso3


def test_several_countries_are_all_in_sight_and_close() -> None:
    sahel = ("MLI", "NER", "TCD", "XXX")
    view = around_all(sahel, pixels=480, aspect=1.8)
    assert all(view.holds(lands()[iso3].at) for iso3 in sahel[:3])
    assert not view.holds(lands()["BRA"].at)
    assert (view.pixels, view.pixels_high) == (480, 267)
    assert view.width < whole_world().width / 4


def test_countries_all_over_the_world_are_shown_on_the_whole_of_it() -> None:
    assert around_all(["BRA", "AUS"], pixels=480) == whole_world(480)
    assert around_all(["ARG", "BRA"], pixels=480).width < whole_world().width


def test_of_many_a_far_small_island_lies_outside_and_of_few_none_does() -> None:
    coast = ("BEN", "BFA", "CIV", "CPV", "GHA", "GIN", "LBR", "MLI", "NER", "NGA", "SEN", "TGO")
    with_it = around_all([*coast, "SHN"])
    assert with_it == around_all(coast)
    assert with_it.holds(lands()["CPV"].at)
    assert around_all(["GHA", "NGA", "SHN"]).holds(lands()["SHN"].at)


def test_islands_on_both_sides_of_the_edge_are_shown_together() -> None:
    forum = ("AUS", "COK", "FJI", "KIR", "NZL", "PYF", "TON", "WSM")
    view = around_all(forum, pixels=600, aspect=1.6)
    assert view.sheet is Sheet.PACIFIC
    assert view.width < whole_world().width / 2
    assert all(view.holds(lands(Sheet.PACIFIC)[iso3].at) for iso3 in forum)
    # those of one side stay on the sheet of all others, and so do those that the second sheet does not hold
    assert around_all(["AUS", "FJI", "NZL"], pixels=600).sheet is Sheet.WORLD
    assert around_all([*forum, "FRA"], pixels=600) == whole_world(600)


def test_a_country_is_as_large_on_both_sheets() -> None:
    for iso3 in ("AUS", "NZL", "JPN", "PNG"):
        assert lands(Sheet.PACIFIC)[iso3].area == pytest.approx(lands()[iso3].area, rel=0.02)


def test_a_neighbourhood_has_the_asked_for_shape() -> None:
    view = around("MLI", pixels=400, aspect=2.0)
    assert (view.pixels, view.pixels_high) == (400, 200)


def test_two_dots_side_by_side_do_not_hide_each_other() -> None:
    view, both = whole_world(), ("ATG", "KNA")
    alone = [dots(view, frozenset({iso3}))[iso3] for iso3 in both]
    together = dots(view, frozenset(both))
    assert alone == [lands()[iso3].at for iso3 in both]
    apart = [abs(complex(*one) - complex(*other)) / view.units_per_pixel for one, other in (alone, together.values())]
    assert apart[0] < 4 < 4.9 < apart[1] < 5.5


def test_only_what_is_too_small_to_be_hit_gets_a_dot() -> None:
    asked = frozenset({"MUS", "LBN", "RWA", "MLI"})
    assert set(dots(whole_world(), asked)) == {"MUS", "LBN"}
    assert set(dots(around("LBN"), frozenset({"LBN"}))) == set()
