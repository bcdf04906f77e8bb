"""What somebody has to be told about a flag since they last looked."""

import pytest

from tracker.news import Turn, turn_between


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (0, 1, Turn.NEW),
        (0, 3, Turn.NEW),
        (1, 2, Turn.WORSENED),
        (2, 3, Turn.WORSENED),
        (3, 2, Turn.EASED),
        (3, 0, Turn.CLEARED),
        (0, 0, None),
        (2, 2, None),
    ],
)
def test_a_flag_is_news_by_how_it_stood_before(before: int, now: int, told: Turn | None) -> None:
    assert turn_between(before, now) is told
