"""A line the size of a word."""

import pytest

from tests.pictures.reading import attribute_names, corners, of_class, parsed
from tracker.pictures.sparkline import sparkline


def test_it_goes_from_the_first_to_the_last_value() -> None:
    (drawn,) = of_class(sparkline([0, 10], width=72, height=18), "line")
    assert corners(drawn) == [(3, 15), (69, 3)]


def test_a_missing_value_leaves_a_gap() -> None:
    drawn = of_class(sparkline([1, 2, None, 3, 4]), "line")
    assert [len(corners(part)) for part in drawn] == [2, 2]


def test_a_value_between_two_gaps_is_a_dot() -> None:
    svg = sparkline([None, 5, None])
    assert of_class(svg, "line") == []
    assert len(of_class(svg, "dot")) == 1


def test_a_line_that_stops_early_has_no_dot_at_its_end() -> None:
    assert of_class(sparkline([1, 2, None]), "dot") == []


def test_equal_values_run_through_the_middle() -> None:
    (drawn,) = of_class(sparkline([4, 4, 4], height=18), "line")
    assert {y for _x, y in corners(drawn)} == {9}


@pytest.mark.parametrize("values", [[], [None, None]])
def test_without_values_nothing_is_drawn(values: list[float | None]) -> None:
    assert len(parsed(sparkline(values))) == 0


def test_rows_can_share_one_scale() -> None:
    (drawn,) = of_class(sparkline([0, 50], lowest=0, highest=100, height=18), "line")
    assert corners(drawn)[1][1] == 9


def test_with_a_name_it_is_a_picture() -> None:
    root = parsed(sparkline([1, 2], name="rising"))
    assert (root.get("role"), root.get("aria-label")) == ("img", "rising")


def test_without_a_name_it_is_silent() -> None:
    assert parsed(sparkline([1, 2])).get("aria-hidden") == "true"


def test_it_has_no_looks_of_its_own() -> None:
    assert attribute_names(sparkline([1, None, 2, 3])).isdisjoint({"style", "fill", "stroke"})
