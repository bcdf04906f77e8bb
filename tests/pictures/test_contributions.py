"""What a score is made of: bars that add up, and rows that say that nothing is known."""

import pytest

from tests.pictures.reading import attribute_names, of_class, parsed, words_in
from tracker.pictures.contributions import Bar, contributions_chart
from tracker.pictures.series import NARROW, WIDE

BARS = [Bar("Signs", 27, 40, 68, 3), Bar("Rule of law", 13.5, 20, 82, 4), Bar("Impunity")]


def chart(*bars: Bar, width: int = WIDE) -> str:
    return contributions_chart(bars or BARS, identifier="bars", title="Risk", width=width)


def lengths(svg: str, name: str) -> list[float]:
    return [float(bar.get("width", "")) for bar in of_class(svg, name)]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_bars_and_outlines_share_one_scale(width: int) -> None:
    svg = chart(width=width)
    (signs, law), (most, _) = lengths(svg, "part"), lengths(svg, "most")
    assert signs == pytest.approx(2 * law, abs=0.2)
    assert signs / most == pytest.approx(27 / 40, abs=0.01)


def test_they_stand_in_the_order_given_each_with_its_points_and_its_own_level() -> None:
    said = words_in(chart())
    assert [word for word in said if word in ("Signs", "Rule of law", "Impunity")] == [
        "Signs",
        "Rule of law",
        "Impunity",
    ]
    assert {"27", "high 68", "13.5", "critical 82"} <= set(said)


def test_what_is_missing_keeps_its_row_and_says_so() -> None:
    svg = chart()
    assert "not enough evidence" in words_in(svg)
    assert len(of_class(svg, "part")) == 2


def test_a_child_that_gives_nothing_is_not_a_missing_one() -> None:
    svg = chart(Bar("Capacity", 0, 8, 0, 0))
    assert "not enough evidence" not in words_in(svg)
    assert {"0", "low 0"} <= set(words_in(svg))


def test_ears_hear_each_child() -> None:
    assert (
        "Signs: gives 27 of at most 40 points; its own score is 68, high. "
        "Rule of law: gives 13.5 of at most 20 points; its own score is 82, critical. Impunity: not enough evidence."
        in words_in(chart())
    )


def test_narrow_pictures_are_higher_and_nothing_stands_outside() -> None:
    wide, narrow = chart(width=WIDE), chart(width=NARROW)
    assert float(parsed(narrow).get("height", "")) > float(parsed(wide).get("height", ""))
    for svg, width in ((wide, WIDE), (narrow, NARROW)):
        for bar in of_class(svg, "most"):
            assert float(bar.get("x", "")) + float(bar.get("width", "")) <= width


def test_without_children_it_is_empty_and_still_a_picture() -> None:
    assert parsed(contributions_chart([], identifier="bars", title="Risk")).get("role") == "img"


def test_it_has_no_looks_of_its_own() -> None:
    assert attribute_names(chart()).isdisjoint({"style", "fill", "stroke"})
