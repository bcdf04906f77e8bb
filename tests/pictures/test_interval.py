"""A figure and its range, on a track that all rows share."""

import pytest

from tests.pictures.reading import attribute_names, of_class, parsed
from tracker.pictures.interval import interval


def test_dot_and_range_stand_at_their_values() -> None:
    svg = interval(50, 25, 100, width=112)
    (dot,), (reach,) = of_class(svg, "dot"), of_class(svg, "range")
    assert (dot.get("cx"), reach.get("x1"), reach.get("x2")) == ("56", "31", "106")


def test_the_track_is_the_same_for_every_row() -> None:
    (one,), (other,) = (of_class(interval(value, value, value), "track") for value in (3, 97))
    assert one.attrib == other.attrib


@pytest.mark.parametrize(("low", "value", "high"), [(-1, 5, 9), (1, 5, 101), (6, 5, 9), (1, 5, 4)])
def test_what_does_not_fit_is_refused(low: float, value: float, high: float) -> None:
    with pytest.raises(ValueError, match="must contain its figure"):
        interval(value, low, high)


@pytest.mark.parametrize(("low", "value", "high"), [(0, 0, 0), (100, 100, 100), (0, 50, 100)])
def test_the_ends_of_the_track_belong_to_it(low: float, value: float, high: float) -> None:
    assert of_class(interval(value, low, high), "dot")


def test_the_dot_carries_its_level() -> None:
    assert of_class(interval(50, 40, 60, level=3), "level-3")


def test_with_a_name_it_is_a_picture() -> None:
    root = parsed(interval(50, 40, 60, name="50, between 40 and 60"))
    assert (root.get("role"), root.get("aria-label")) == ("img", "50, between 40 and 60")


def test_it_has_no_looks_of_its_own() -> None:
    assert attribute_names(interval(50, 40, 60, level=1)).isdisjoint({"style", "fill", "stroke"})
