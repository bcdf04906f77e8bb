"""An axis covers its values with round ticks, and puts each value where it belongs."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.pictures.scale import Scale, nice_ticks, ticks_within, year_ticks

values = st.floats(min_value=-1e12, max_value=1e12).map(lambda value: round(value, 6))
years = st.integers(min_value=1000, max_value=3000)


def test_the_ends_of_a_scale_lie_on_its_pixels() -> None:
    scale = Scale(0, 50, 200, 20)
    assert (scale.at(0), scale.at(50), scale.at(25)) == (200, 20, 110)


def test_a_scale_of_one_value_puts_it_in_the_middle() -> None:
    assert Scale(7, 7, 0, 100).at(7) == 50


@pytest.mark.parametrize(
    ("lowest", "highest", "expected"),
    [
        (0, 100, (0, 20, 40, 60, 80, 100)),
        (3, 97, (0, 20, 40, 60, 80, 100)),
        (-2.5, 2.5, (-3, -2, -1, 0, 1, 2, 3)),
        (0.1, 0.32, (0.1, 0.15, 0.2, 0.25, 0.3, 0.35)),
        (0, 0, (-1, -0.5, 0, 0.5, 1)),
    ],
)
def test_ticks_are_round_and_cover_the_values(lowest: float, highest: float, expected: tuple[float, ...]) -> None:
    assert nice_ticks(lowest, highest) == pytest.approx(expected)


def test_a_fixed_axis_has_no_tick_beyond_its_ends() -> None:
    assert ticks_within(-2.5, 2.5) == (-2, -1, 0, 1, 2)


def test_a_tick_is_written_without_the_dust_of_binary_fractions() -> None:
    assert 0.3 in nice_ticks(0, 0.5)


def test_an_axis_upside_down_is_refused() -> None:
    with pytest.raises(ValueError, match="below its lowest"):
        nice_ticks(2, 1)


@given(values, values)
def test_ticks_cover_any_values_and_are_evenly_spaced(one: float, other: float) -> None:
    lowest, highest = sorted((one, other))
    ticks = nice_ticks(lowest, highest)
    slack = 1e-6 * max(1.0, abs(lowest), abs(highest))
    assert ticks[0] <= lowest + slack
    assert ticks[-1] >= highest - slack
    steps = [after - before for before, after in itertools.pairwise(ticks)]
    assert all(math.isclose(step, steps[0], rel_tol=1e-6) for step in steps)


@given(values, values)
def test_there_are_never_too_many_ticks_to_read(one: float, other: float) -> None:
    lowest, highest = sorted((one, other))
    assert 2 <= len(nice_ticks(lowest, highest)) <= 8


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (2002, 2023, (2002, 2005, 2010, 2015, 2020, 2023)),
        (2019, 2023, (2019, 2020, 2021, 2022, 2023)),
        (2023, 2023, (2023,)),
        (1999, 2021, (1999, 2005, 2010, 2015, 2021)),
    ],
)
def test_years_begin_and_end_with_the_figures(first: int, last: int, expected: tuple[int, ...]) -> None:
    assert year_ticks(first, last) == expected


@given(years, years, st.integers(min_value=1, max_value=12))
def test_no_more_years_are_named_than_there_is_room_for(one: int, other: int, about: int) -> None:
    first, last = sorted((one, other))
    named = year_ticks(first, last, about)
    assert (named[0], named[-1]) == (first, last)
    assert len(named) <= about + 1


def test_years_upside_down_are_refused() -> None:
    with pytest.raises(ValueError, match="before its first"):
        year_ticks(2023, 2002)
