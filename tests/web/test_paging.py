"""Which stretch of a long list stands on which page."""

import pytest

from tracker.web.paging import Part, Stretch, on_page, page_asked_for


@pytest.mark.parametrize(
    ("typed", "page"), [("2", 2), ("", 1), ("0", 1), ("-1", 1), ("two", 1), ("²", 1), ("999999", 999999), ("1" * 7, 1)]
)
def test_what_is_no_number_of_a_page_is_the_first(typed: str, page: int) -> None:
    assert page_asked_for({"page": typed}) == page


@pytest.mark.parametrize(
    ("page", "of", "stands"),
    [(1, 0, (0, 0, 0, 0)), (1, 50, (1, 50, 0, 0)), (1, 51, (1, 50, 0, 2)), (2, 51, (51, 51, 1, 0))],
)
def test_a_page_says_what_stands_on_it_and_which_pages_are_beside_it(
    page: int, of: int, stands: tuple[int, ...]
) -> None:
    found = Stretch.on(page, of)

    assert (found.first, found.after, found.previous, found.next) == stands
    assert found.is_whole is (of <= 50)


def test_a_page_that_is_not_there_any_more_is_the_first_and_without_pages_all_stand_on_one() -> None:
    assert Stretch.on(3, 100) == Stretch.on(1, 100)
    assert (Stretch.on(3, 120).first, Stretch.on(3, 120).after) == (101, 120)
    assert Stretch.on(3, 120, per_page=None).is_whole


def test_a_part_that_goes_over_to_the_next_page_stands_on_both_and_says_how_many_it_has_in_all() -> None:
    parts = [("late", "abc"), ("soon", ""), ("later", "defg")]

    assert on_page(parts, Stretch.on(1, 7, per_page=4)) == [Part("late", "abc", 3), Part("later", "d", 4)]
    assert on_page(parts, Stretch.on(2, 7, per_page=4)) == [Part("later", "efg", 4)]
