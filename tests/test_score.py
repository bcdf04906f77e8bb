"""A level is a word for a score, with the same cut-offs for all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.score import Level, in_points, level_of


@pytest.mark.parametrize(
    ("score", "level"),
    [
        (0.0, Level.LOW),
        (19.999, Level.LOW),
        (20.0, Level.GUARDED),
        (39.999, Level.GUARDED),
        (40.0, Level.ELEVATED),
        (59.999, Level.ELEVATED),
        (60.0, Level.HIGH),
        (79.999, Level.HIGH),
        (80.0, Level.CRITICAL),
        (100.0, Level.CRITICAL),
    ],
)
def test_a_score_at_a_cut_off_belongs_to_the_worse_level(score: float, level: Level) -> None:
    assert level_of(score) is level


@pytest.mark.parametrize("score", [-0.001, 100.001, float("nan")])
def test_what_is_no_score_has_no_level(score: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 100"):
        level_of(score)


@pytest.mark.parametrize(("score", "shown"), [(79.4, 79), (79.5, 79.5), (79.99, 79.9), (80.0, 80), (80.4, 80), (0, 0)])
def test_a_score_is_shown_in_whole_points_but_never_above_its_level(score: float, shown: float) -> None:
    assert in_points(score) == shown


@given(st.floats(0, 100))
def test_what_is_shown_has_the_level_of_what_is_meant(score: float) -> None:
    assert level_of(in_points(score)) is level_of(score)
    assert abs(in_points(score) - score) <= 0.5
