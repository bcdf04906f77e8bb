"""The way of scores, kept short: to the day for the last months, by quarters before, and equal to the whole curve."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.index import Branch, FloatArray, Tree
from tracker.trail import EXACT_DAYS, POINTS, Trail, nodes_of, quarter_ends, rows_of, trail_of

NONE = float("nan")
TREE = Tree(
    ("a", "b", "c"),
    (
        Branch("law.published", "Law: published", ("a",), (1.0,)),
        Branch("law.coded", "Law: coded", ("b",), (1.0,)),
        Branch("law", "Law", ("law.published", "law.coded"), (1.0, 1.0)),
        Branch("unrest", "Unrest", ("c",), (1.0,)),
        Branch("risk", "Risk", ("law", "unrest"), (1.0, 1.0)),
    ),
)
TODAY = date(2026, 3, 16)
LAW = rows_of(TREE)["law"]

# The steps of a curve: what law and risk come to, from that day on.
Curve = dict[date, tuple[float, float]]


def days_before(days: int, today: date = TODAY) -> date:
    return today - timedelta(days=days)


def arrays(curve: Curve) -> tuple[list[date], FloatArray]:
    days = sorted(curve)
    branches = [[1.0, 2.0, law, 3.0, risk] for law, risk in (curve[day] for day in days)]
    return days, np.array(branches).reshape(len(days), len(TREE.branches)).T


def followed(curve: Curve, today: date = TODAY) -> Trail:
    return trail_of(TREE, *arrays(curve), today)


def held(curve: Curve, day: date) -> list[float]:
    earlier = [step for step in curve if step <= day]
    return list(curve[max(earlier)]) if earlier else [NONE, NONE]


def law_on(trail: Trail, *days: date) -> list[float]:
    return [float(trail.on(day)[LAW]) for day in days]


def test_what_has_branches_below_it_is_followed_and_the_voices_are_not() -> None:
    assert nodes_of(TREE) == ("law", "risk")
    assert rows_of(TREE) == {"law": 0, "risk": 1}


def test_a_value_holds_from_its_day_to_the_next_one() -> None:
    trail = followed({days_before(30): (20, 1), days_before(10): (40, 1)})

    assert law_on(trail, days_before(30), days_before(11), days_before(10), TODAY) == [20, 20, 40, 40]


def test_before_the_first_day_nothing_was_known() -> None:
    trail = followed({days_before(30): (20, 1)})

    assert np.isnan(trail.on(days_before(31))).all()


def test_each_of_the_last_400_days_is_told_to_the_day_and_older_ones_by_quarters() -> None:
    """Both lie in one quarter: of the older change, only what it led to is kept."""
    kept, gone = days_before(EXACT_DAYS - 1), days_before(EXACT_DAYS + 1)
    trail = followed({days_before(900): (5, 1), gone: (10, 1), days_before(EXACT_DAYS): (15, 1), kept: (20, 1)})

    assert law_on(trail, days_before(EXACT_DAYS), kept, TODAY) == [15, 20, 20]
    assert law_on(trail, gone) == [5]


def test_where_nothing_of_it_changed_no_day_is_kept() -> None:
    trail = followed({days_before(30): (20, NONE), days_before(20): (20, NONE), days_before(10): (20, 5)})

    assert len(trail.days) == 2


def test_points_stand_for_the_ends_of_quarters_and_for_today() -> None:
    trail = followed({date(2020, 1, 1): (10, 1), date(2025, 12, 31): (20, 1), date(2026, 1, 1): (30, 1)})
    points = trail.quarters(TODAY, 3)

    assert points[LAW].tolist() == [10, 20, 30]
    assert quarter_ends(TODAY, 2) == [date(2025, 9, 30), date(2025, 12, 31)]


def test_a_quarter_is_over_the_day_after_its_last() -> None:
    assert quarter_ends(date(2026, 3, 31), 1) == [date(2025, 12, 31)]
    assert quarter_ends(date(2026, 4, 1), 1) == [date(2026, 3, 31)]


def test_ten_years_are_kept_and_nothing_older() -> None:
    trail = followed({date(2010, 1, 1): (10, 1), date(2016, 3, 31): (20, 1), date(2016, 4, 1): (30, 1)})

    assert trail.quarters(TODAY)[LAW, :2].tolist() == [20, 30]
    assert np.isnan(trail.on(date(2016, 3, 30))).all()


def test_before_it_begins_the_other_way_counts() -> None:
    other = followed({days_before(40): (10, 1), days_before(15): (99, 1)})
    trail = followed({days_before(20): (20, 1)}).after(other)

    assert law_on(trail, days_before(21), days_before(20), TODAY) == [10, 20, 20]


def test_it_is_kept_in_little_room_and_read_as_it_was() -> None:
    trail = followed(
        {day: (day.toordinal() % 7 / 3, NONE) for day in (days_before(back) for back in range(0, 5000, 3))}
    )

    again = Trail.unpacked(trail.packed())

    assert again.says_the_same_as(trail)
    assert len(trail.packed()) < 4000
    assert Trail.unpacked(followed({}).packed()).quarters(TODAY).shape == (2, POINTS)


@pytest.mark.parametrize(("other", "same"), [(20.0, True), (21.0, False), (NONE, False)])
def test_two_ways_are_the_same_where_they_say_the_same(other: float, same: bool) -> None:
    one = followed({days_before(30): (20, NONE)})

    assert one.says_the_same_as(followed({days_before(30): (other, NONE)})) is same


# ---- continued through anything, it is what the whole curve says -----------------------------------------------

value = st.one_of(st.just(NONE), st.sampled_from([10.0, 20.0, 30.0]))
# How many days pass, how far back the first touched day lies, and what is found from there on, at which distances.
act = st.tuples(
    st.integers(0, 500),
    st.one_of(st.integers(0, 450), st.integers(0, 5000)),
    st.lists(st.tuples(st.integers(0, 2500), value, value), max_size=5),
    st.tuples(value, value),
)


@given(st.lists(act, min_size=1, max_size=12))
def test_however_often_the_past_was_rewritten_it_equals_the_curve(
    acts: Sequence[tuple[int, int, list[tuple[int, float, float]], tuple[float, float]]],
) -> None:
    curve: Curve = {}
    trail, today = None, date(2012, 11, 30)
    for passed, back, later, first in acts:
        today += timedelta(days=passed)
        since = days_before(back, today)
        found = {since: first} | {
            since + timedelta(days=ahead): (law, risk) for ahead, law, risk in later if ahead <= back
        }
        curve = {day: step for day, step in curve.items() if day < since} | found
        trail = followed(found, today) if trail is None else trail.continued(TREE, *arrays(found), today)

        assert trail.says_the_same_as(followed(curve, today))

    assert trail is not None
    for day in [*(days_before(back, today) for back in range(EXACT_DAYS + 1)), *quarter_ends(today, POINTS - 1)]:
        assert np.array_equal(trail.on(day), held(curve, day), equal_nan=True)
