"""A share becomes one of five steps; nothing at all is none of them."""

import pytest

from tracker.pictures.heat import heat_step


@pytest.mark.parametrize(
    ("share", "step"),
    [
        (0.0, 0),
        (0.001, 1),
        (0.2, 1),
        (0.21, 2),
        (0.4, 2),
        (0.41, 3),
        (0.6, 3),
        (0.61, 4),
        (0.8, 4),
        (0.81, 5),
        (1.0, 5),
    ],
)
def test_each_fifth_that_is_begun_is_a_step(share: float, step: int) -> None:
    assert heat_step(share) == step


def test_a_share_that_was_added_up_is_no_step_higher() -> None:
    assert heat_step(0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1) == 3


@pytest.mark.parametrize("share", [-0.01, 1.01])
def test_what_is_no_share_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        heat_step(share)
