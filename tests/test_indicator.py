import math
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tracker.criterion import Citation, Meeting
from tracker.indicator import (
    Cadence,
    Indicator,
    Transform,
    Voice,
    fresh_until,
    is_fresh,
    severity,
)

REASONABLE = st.floats(min_value=-1e6, max_value=1e6)
POSITIVE = st.floats(min_value=1e-3, max_value=1e6)


def measured(best: float, worst: float, transform: Transform = Transform.NONE, fresh_for_days: int = 62) -> Indicator:
    return Indicator(
        key="anything",
        criterion="rule_of_law",
        name="Anything",
        question="How much is there?",
        voice=Voice.PUBLISHED,
        best=best,
        worst=worst,
        unit="pieces",
        transform=transform,
        cadence=Cadence.MONTHLY,
        fresh_for_days=fresh_for_days,
        weight=1.0,
        guidance="Count.",
        risk_factors=(3,),
        levels=(),
        source="somebody",
        code="x",
        citations=(Citation(Meeting.SECOND, Meeting.SECOND.sections[4]),),
    )


@pytest.mark.parametrize(("level", "expected"), [(0, 0), (1, 25), (2, 50), (3, 75), (4, 100)])
def test_five_levels_are_evenly_spaced(level: int, expected: float) -> None:
    assert severity(measured(best=0, worst=4), level) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(2.6, 0), (2.5, 0), (2.4, 2), (0, 50), (-2.4, 98), (-2.5, 100), (-2.6, 100)]
)
def test_where_high_is_good_low_values_are_severe_and_nothing_leaves_the_scale(value: float, expected: float) -> None:
    assert severity(measured(best=2.5, worst=-2.5), value) == pytest.approx(expected)


@pytest.mark.parametrize(("value", "expected"), [(0.9, 0), (1, 0), (2, 25), (5, 100), (5.1, 100)])
def test_where_high_is_bad_high_values_are_severe_and_nothing_leaves_the_scale(value: float, expected: float) -> None:
    assert severity(measured(best=1, worst=5), value) == expected


def test_yes_may_be_the_good_answer() -> None:
    assert severity(measured(best=1, worst=0), 1) == 0


def test_the_best_value_is_plain_zero_and_never_minus_zero() -> None:
    assert math.copysign(1, severity(measured(best=2.5, worst=-2.5), 2.5)) == 1


def test_another_scale_stretches_the_same_answer() -> None:
    assert severity(measured(best=0, worst=4), 1, scale=10) == 2.5


@pytest.mark.parametrize(
    ("deaths", "expected"), [(0, 0), (9, 0), (10, 0), (100, 100 / 3), (1_000, 200 / 3), (10_000, 100), (50_000, 100)]
)
def test_on_a_logarithmic_scale_each_tenfold_is_a_step_of_the_same_size(deaths: float, expected: float) -> None:
    assert severity(measured(best=10, worst=10_000, transform=Transform.LOG), deaths) == pytest.approx(expected)


def test_a_logarithmic_scale_may_run_downwards_and_zero_is_then_the_worst() -> None:
    assert severity(measured(best=1_000, worst=10, transform=Transform.LOG), 0) == 100


def test_a_value_that_is_not_a_number_has_no_severity() -> None:
    with pytest.raises(ValueError, match="“Anything” needs a number"):
        severity(measured(best=0, worst=4), math.nan)


@pytest.mark.parametrize(("value", "expected"), [(math.inf, 100), (-math.inf, 0)])
def test_infinity_counts_as_the_end_that_it_lies_beyond(value: float, expected: float) -> None:
    assert severity(measured(best=0, worst=4), value) == expected


@given(best=REASONABLE, worst=REASONABLE, value=REASONABLE)
def test_severity_never_leaves_its_scale(best: float, worst: float, value: float) -> None:
    assume(best != worst)
    assert 0 <= severity(measured(best, worst), value) <= 100


@given(best=POSITIVE, worst=POSITIVE, value=REASONABLE)
def test_logarithmic_severity_never_leaves_its_scale(best: float, worst: float, value: float) -> None:
    # Ends closer than this have the same logarithm to a machine.
    assume(not math.isclose(best, worst))
    assert 0 <= severity(measured(best, worst, Transform.LOG), value) <= 100


@given(best=REASONABLE, worst=REASONABLE)
def test_the_goalposts_themselves_are_nought_and_everything(best: float, worst: float) -> None:
    assume(best != worst)
    indicator = measured(best, worst)
    assert (severity(indicator, best), severity(indicator, worst)) == (0, 100)


@given(best=REASONABLE, worst=REASONABLE, values=st.tuples(REASONABLE, REASONABLE))
def test_a_value_nearer_to_the_worst_is_never_less_severe(
    best: float, worst: float, values: tuple[float, float]
) -> None:
    assume(best != worst)
    nearer, farther = sorted(values, reverse=worst > best)
    assert severity(measured(best, worst), nearer) >= severity(measured(best, worst), farther)


@given(best=POSITIVE, worst=POSITIVE, values=st.tuples(REASONABLE, REASONABLE))
def test_a_logarithm_changes_distances_but_never_the_order(
    best: float, worst: float, values: tuple[float, float]
) -> None:
    assume(not math.isclose(best, worst))
    nearer, farther = sorted(values, reverse=worst > best)
    indicator = measured(best, worst, Transform.LOG)
    assert severity(indicator, nearer) >= severity(indicator, farther)


@given(best=st.integers(-50, 50), worst=st.integers(-50, 50), value=st.integers(-60, 60))
def test_swapping_the_goalposts_mirrors_the_severity(best: int, worst: int, value: int) -> None:
    assume(best != worst)
    assert severity(measured(best, worst), value) == pytest.approx(100 - severity(measured(worst, best), value))


def test_an_observation_is_fresh_until_its_days_are_over() -> None:
    assert fresh_until(measured(0, 4, fresh_for_days=62), date(2026, 1, 31)) == date(2026, 4, 3)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 1, 30), False),
        (date(2026, 1, 31), True),
        (date(2026, 4, 3), True),
        (date(2026, 4, 4), False),
    ],
)
def test_an_observation_counts_from_its_day_to_its_last_fresh_day(on: date, expected: bool) -> None:
    assert is_fresh(measured(0, 4, fresh_for_days=62), date(2026, 1, 31), on) is expected
