"""Whatever text comes in, the picture stays well-formed and says it unharmed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pictures.reading import parsed
from tracker.pictures.drawing import coordinate, decimals_for, element, path, plain_number, text


@given(st.text())
def test_any_text_leaves_the_picture_well_formed(words: str) -> None:
    found = parsed(element("text", text(f"({words})"), aria_label=f"({words})"))
    assert (found.text or "").startswith("(")
    assert len(found) == 0


def test_a_hostile_text_stays_text() -> None:
    found = parsed(element("text", text("</text><script>alert(1)</script>")))
    assert found.text == "</text><script>alert(1)</script>"


def test_a_hostile_attribute_cannot_close_its_quotes() -> None:
    assert parsed(element("circle", aria_label='" onload="x')).attrib == {"aria-label": '" onload="x'}


def test_an_empty_attribute_is_left_out() -> None:
    assert element("circle", class_="") == "<circle/>"


@pytest.mark.parametrize(("value", "written"), [(1.0, "1"), (1.25, "1.2"), (-0.04, "0"), (-3.5, "-3.5"), (600, "600")])
def test_a_coordinate_is_a_tenth_of_a_pixel(value: float, written: str) -> None:
    assert coordinate(value) == written


def test_a_path_can_be_closed() -> None:
    assert path([(0, 0), (1, 2.5)], closed=True) == "M0 0L1 2.5Z"


@pytest.mark.parametrize(
    ("value", "written"), [(82, "82"), (-1.62, "−1.62"), (0.5, "0.5"), (-0.001, "0"), (1000, "1000"), (3.1, "3.1")]
)
def test_a_number_says_no_more_than_it_knows(value: float, written: str) -> None:
    assert plain_number(value) == written


def test_a_whole_number_keeps_its_zeros() -> None:
    assert plain_number(100, 0) == "100"


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [([0, 100], 2), ([-2.5, 2.5], 2), ([0.01, 0.04], 3), ([0.001, 0.004], 4), ([0, 0], 2), ([7], 2)],
)
def test_figures_close_together_get_more_decimals(numbers: list[float], expected: int) -> None:
    assert decimals_for(numbers) == expected
