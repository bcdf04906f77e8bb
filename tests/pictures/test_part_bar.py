"""A part is drawn within the most that it could be, on a scale that all rows share."""

import pytest

from tests.pictures.reading import parsed
from tracker.pictures.part_bar import WIDTH, part_bar


def widths(svg: str) -> list[float]:
    return [float(one.get("width", "")) for one in parsed(svg) if one.tag == "rect"]


def test_a_bar_is_as_long_as_its_part_of_the_longest() -> None:
    most, part = widths(part_bar(5.0, 10.0, longest=20.0, level=2))

    assert most == pytest.approx((WIDTH - 1) / 2, abs=0.1)
    assert part == pytest.approx(most / 2, abs=0.1)


def test_what_gives_nothing_has_an_outline_alone() -> None:
    assert widths(part_bar(0.0, 20.0, longest=20.0, level=0)) == [WIDTH - 1, 0]
    assert widths(part_bar(0.0, 0.0, longest=0.0, level=0)) == [0, 0]


@pytest.mark.parametrize(("part", "most"), [(-1.0, 10.0), (11.0, 10.0), (5.0, 21.0)])
def test_what_cannot_be_is_refused(part: float, most: float) -> None:
    with pytest.raises(ValueError, match="lies within"):
        part_bar(part, most, longest=20.0, level=0)
