"""The map on a page: who is on it, as what, and what is never on it."""

from xml.etree.ElementTree import Element

from tests.pictures.reading import attribute_names, of_class, parsed
from tracker.pictures.land import around
from tracker.pictures.world_map import Legend, Shown, key_of, map_on_page

FILE = "/static/world.svg?v=1"
MALI = Shown("MLI", "Mali: high, 71", "/countries/MLI", level=3)
NIGER = Shown("NER", "Niger: not enough evidence", "/countries/NER")
ANDORRA = Shown("AND", "Andorra: low, 4", "/countries/AND", level=0)
FRANCE = Shown("FRA", "France: guarded, 30", "/countries/FRA", level=1)


def world(*shown: Shown, **more: object) -> str:
    return map_on_page(shown, shapes=FILE, label="Risk by country", **more)  # type: ignore[arg-type]


def links(svg: str) -> dict[str, Element]:
    return {element.get("href", ""): element for element in parsed(svg).iter("a")}


def uses(element: Element) -> list[tuple[str, str]]:
    return [(one.get("href", "").removeprefix(FILE), one.get("class", "")) for one in element.iter("use")]


def test_a_country_is_a_link_with_its_name_in_the_colour_of_its_level() -> None:
    link = links(world(MALI))["/countries/MLI"]
    assert link.get("aria-label") == link.findtext("title") == "Mali: high, 71"
    assert uses(link) == [("#MLI", "level-3")]


def test_not_enough_evidence_is_a_colour_of_its_own() -> None:
    assert uses(links(world(NIGER))["/countries/NER"]) == [("#NER", "level-unknown")]


def test_thin_evidence_is_hatched_over_the_level() -> None:
    (hatch,) = of_class(world(Shown("MLI", "Mali", level=3, is_thin=True), NIGER), "map-hatch")
    assert uses(hatch) == [("#MLI", "map-thin")]
    assert hatch.get("aria-hidden") == "true"


def test_without_a_level_there_is_nothing_to_hatch() -> None:
    assert of_class(world(Shown("MLI", "Mali", is_thin=True)), "map-hatch") == []


def test_a_country_that_is_not_handed_in_leaves_no_trace() -> None:
    svg = world(MALI)
    assert set(uses(parsed(svg))) == {("#world", "map-land"), ("#MLI", "level-3"), ("#borders", "map-borders")}


def test_a_country_that_is_nowhere_is_left_out() -> None:
    assert world(MALI, Shown("ZZZ", "Nowhere", "/countries/ZZZ", level=4)) == world(MALI)


def test_a_small_state_has_a_dot_that_no_neighbour_lies_on() -> None:
    svg = world(ANDORRA, FRANCE)
    assert list(links(svg)) == ["/countries/FRA", "/countries/AND"]
    (dot,) = of_class(svg, "map-dot")
    assert dot.get("class") == "map-dot level-0"


def test_near_enough_a_small_state_is_a_shape() -> None:
    assert of_class(world(ANDORRA, view=around("AND")), "map-dot") == []


def test_only_what_is_in_view_is_drawn() -> None:
    assert list(links(world(MALI, FRANCE, view=around("MLI")))) == ["/countries/MLI"]


def test_highlighted_countries_are_outlined_on_top() -> None:
    assert uses(parsed(world(MALI, FRANCE, highlighted={"MLI"})))[-1] == ("#MLI", "map-highlight")
    assert len(of_class(world(ANDORRA, highlighted={"AND"}), "map-highlight-dot")) == 1


def test_until_its_shapes_have_come_a_word_stands_where_the_sea_will_cover_it() -> None:
    svg = world(MALI, coming="The map is coming …")
    (word,) = of_class(svg, "map-coming")
    assert (word.text, word.get("aria-hidden")) == ("The map is coming …", "true")
    assert uses(parsed(svg))[:2] == [("#sea", "map-sea"), ("#world", "map-land")]


def test_a_map_with_links_is_a_group_and_one_without_is_an_image() -> None:
    for svg, role in ((world(MALI), "group"), (world(Shown("MLI", "Mali", level=3)), "img")):
        (picture,) = of_class(svg, "map-shapes")
        assert (picture.get("role"), picture.get("aria-label")) == (role, "Risk by country")


def test_all_looks_are_left_to_the_stylesheet() -> None:
    svg = world(Shown("MLI", "Mali", "/countries/MLI", 3, is_thin=True), ANDORRA, NIGER, highlighted={"MLI"})
    assert not attribute_names(svg) & {"style", "fill", "stroke", "stroke-width"}


def test_a_name_cannot_become_markup() -> None:
    svg = world(Shown("MLI", '<b>"Mali"</b>', "/countries/MLI?a=1&b=2", level=3))
    assert links(svg)["/countries/MLI?a=1&b=2"].get("aria-label") == '<b>"Mali"</b>'


def test_the_key_has_a_swatch_and_a_word_for_all_that_can_be_on_the_map() -> None:
    pairs = key_of(Legend(("low", "guarded", "elevated", "high", "critical"), "not enough evidence", "thin"))
    assert [word for _, word in pairs] == [
        "low",
        "guarded",
        "elevated",
        "high",
        "critical",
        "not enough evidence",
        "thin",
    ]
    swatches = [parsed(swatch)[0].get("class") for swatch, _ in pairs[:6]]
    assert swatches == [*(f"level-{level}" for level in range(5)), "level-unknown"]
    assert of_class(pairs[6][0], "map-swatch-hatch")
