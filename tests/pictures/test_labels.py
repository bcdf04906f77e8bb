"""Names of lines stand at their ends and never on each other."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.pictures.labels import LINE_HEIGHT, Label, apart, label_rows, width_of

TOP, BOTTOM = 0.0, 260.0
wishes = st.lists(
    st.tuples(st.floats(min_value=TOP, max_value=BOTTOM), st.integers(min_value=1, max_value=3)), max_size=5
)


def labels(*wished: float) -> list[Label]:
    return [Label(("name",), place) for place in wished]


def test_labels_far_apart_stand_where_they_wish() -> None:
    assert apart(labels(50, 150), TOP, BOTTOM) == [50, 150]


def test_labels_that_wish_for_one_place_move_apart() -> None:
    one, other = apart(labels(100, 100), TOP, BOTTOM)
    assert other - one >= LINE_HEIGHT


def test_labels_keep_the_order_of_their_lines() -> None:
    lower, upper = apart(labels(101, 100), TOP, BOTTOM)
    assert upper < lower


def test_a_label_at_the_very_bottom_stays_inside() -> None:
    (middle,) = apart(labels(BOTTOM), TOP, BOTTOM)
    assert middle + LINE_HEIGHT / 2 <= BOTTOM


@given(wishes)
def test_no_labels_overlap_or_leave_the_picture(found: list[tuple[float, int]]) -> None:
    wanted = [Label(("row",) * rows, wished) for wished, rows in found]
    edges = sorted(
        (middle - label.height / 2, middle + label.height / 2)
        for middle, label in zip(apart(wanted, TOP, BOTTOM), wanted, strict=True)
    )
    assert all(edge[1] <= following[0] + 1e-6 for edge, following in itertools.pairwise(edges))
    assert all(edge[0] >= TOP - 1e-6 and edge[1] <= BOTTOM + 1e-6 for edge in edges)


def test_a_short_name_shares_its_row_with_the_figure() -> None:
    assert label_rows("Veyra", "82", 100) == ("Veyra 82",)


def test_a_longer_name_takes_two_rows() -> None:
    assert label_rows("Upper and Lower Marrow", "82", 110) == ("Upper and", "Lower Marrow", "82")


def test_a_name_too_long_for_two_rows_is_cut_and_its_figure_kept() -> None:
    rows = label_rows("The Federated and Associated Islands of the Outer Sound", "82", 110)
    assert rows[-1].endswith("82")
    assert any(row.endswith("…") for row in rows)
    assert all(width_of(row) <= 110 for row in rows)


def test_a_single_endless_word_is_cut() -> None:
    assert width_of(label_rows("x" * 400, "82", 110)[0]) <= 110


def test_a_line_without_a_name_still_shows_its_figure() -> None:
    assert label_rows("", "82", 110) == ("82",)


@pytest.mark.parametrize("name", ["国" * 4, "x" * 4])
def test_wide_letters_are_given_more_room(name: str) -> None:
    assert (width_of(name) > 40) is (name[0] == "国")
