"""A score over ten years in the space of a word."""

import re

import pytest

from tests.pictures.reading import attribute_names, of_class, parsed
from tracker.pictures.score_spark import MOST, score_spark


def places(svg: str) -> list[list[tuple[int, int]]]:
    """The corners of each unbroken piece, as they stand on the paper."""
    found = []
    for piece in (of_class(svg, "line")[0].get("d") or "").split("M")[1:]:
        start, steps = piece.split("l")
        x, y = (int(number) for number in start.split())
        numbers = [int(number) for number in re.findall(r"-?\d+", steps)][2:]
        corners = [(x, y)]
        for across, down in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + across, y + down
            corners.append((x, y))
        found.append(corners)
    return found


def test_the_last_value_stands_at_the_end_whatever_came_before() -> None:
    assert places(score_spark([0, 50, 100]))[0][-1] == places(score_spark([100] * MOST))[0][-1] == (175, 5)


def test_worse_is_higher_on_one_scale_for_all() -> None:
    ((_, best), (_, middle), (_, worst)) = places(score_spark([0, 50, 100]))[0]
    assert (best, middle, worst) == (35, 20, 5)


def test_it_is_broken_where_nothing_was_known() -> None:
    assert [len(piece) for piece in places(score_spark([1, 2, None, 3, None, None, 4, 5, 6]))] == [2, 1, 3]


def test_what_is_not_known_keeps_its_place() -> None:
    (first, second) = places(score_spark([1, None, None, 1]))
    assert second[0][0] - first[0][0] == 3 * 4


def test_only_a_line_that_reaches_the_last_day_ends_in_a_dot_of_its_level() -> None:
    (dot,) = of_class(score_spark([50, 60], 3), "dot")
    assert "level-3" in (dot.get("class") or "")
    assert of_class(score_spark([50, 60, None], 3), "dot") == []


def test_without_values_nothing_is_drawn() -> None:
    assert len(parsed(score_spark([]))) == len(parsed(score_spark([None, None]))) == 0


def test_more_values_than_have_room_are_refused() -> None:
    score_spark([1.0] * MOST)
    with pytest.raises(ValueError, match="no room"):
        score_spark([1.0] * (MOST + 1))


def test_with_a_name_it_is_a_picture_and_without_one_silent() -> None:
    assert parsed(score_spark([1], name='"rising"')).get("aria-label") == '"rising"'
    assert parsed(score_spark([1])).get("aria-hidden") == "true"
    assert attribute_names(score_spark([1, None, 2], 1)).isdisjoint({"style", "fill", "stroke"})
