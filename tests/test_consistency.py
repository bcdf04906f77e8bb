"""Are countries that cannot be told apart treated alike?"""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.consistency import (
    LONGEST_NOTE,
    NoteMissing,
    NoteTooLong,
    Treatment,
    Unlike,
    circles,
    not_told_apart,
    overlapping,
    refuse_note,
    standing_apart,
    unlike_pairs,
)
from tracker.response_time import Days
from tracker.uncertainty import is_distinguishable

LIKE = Treatment("AAA", coverage=0.6)


def pair_of(one: dict[str, Any], other: dict[str, Any], *, alike: bool = True) -> tuple[Unlike, ...]:
    """In what the two are unlike."""
    both = [replace(LIKE, iso3="AAA", **one), replace(LIKE, iso3="BBB", **other)]
    found = unlike_pairs(both, np.full((2, 2), alike))
    return found[0].kinds if found else ()


RULE, OTHER = frozenset({("high_risk", "risk")}), frozenset({("breakdown", "rule_of_law")})


@pytest.mark.parametrize(
    ("one", "other", "kinds"),
    [
        ({"confirmed": RULE}, {"discarded": RULE}, (Unlike.VERDICTS,)),
        ({"confirmed": RULE}, {"discarded": OTHER}, ()),
        # here it was both: there is no line between the two
        ({"confirmed": RULE, "discarded": RULE}, {"discarded": RULE}, ()),
        ({"days": Days(10)}, {"days": Days(24)}, (Unlike.DAYS,)),
        ({"days": Days(10)}, {"days": Days(23)}, ()),
        ({"days": Days(20)}, {"days": Days(39)}, ()),
        ({"days": Days(20)}, {"days": Days(40)}, (Unlike.DAYS,)),
        ({"days": Days(10)}, {"days": Days(90, at_least=True)}, (Unlike.DAYS,)),
        # it may yet take as long as the other
        ({"days": Days(10, at_least=True)}, {"days": Days(90)}, ()),
        ({"days": Days(0)}, {}, ()),
        ({"proposed": 1}, {}, (Unlike.MEASURES,)),
        ({"proposed": 2, "decided": 1}, {"proposed": 1}, (Unlike.MEASURES,)),
        ({"proposed": 2, "decided": 1}, {"proposed": 1, "decided": 1}, ()),
        ({"coverage": 0.85}, {"coverage": 0.6}, (Unlike.COVERAGE,)),
        ({"coverage": 0.84}, {"coverage": 0.6}, ()),
        ({"confirmed": RULE, "calls": False}, {"discarded": RULE}, ()),
    ],
)
def test_two_countries_are_unlike_in_what_was_done_otherwise(
    one: dict[str, Any], other: dict[str, Any], kinds: tuple[Unlike, ...]
) -> None:
    assert pair_of(one, other) == pair_of(other, one) == kinds
    assert pair_of(one, other, alike=False) == ()


def test_a_decision_against_nothing_at_all_weighs_more_than_one_against_a_proposal() -> None:
    several = [
        replace(LIKE, iso3="AAA", proposed=1, decided=1),
        replace(LIKE, iso3="BBB", proposed=1),
        replace(LIKE, iso3="CCC"),
    ]

    found = unlike_pairs(several, np.full((3, 3), True))

    assert [(pair.one.iso3, pair.other.iso3, pair.unlikeness) for pair in found] == [
        ("AAA", "CCC", 1.0),
        ("AAA", "BBB", 0.5),
        ("BBB", "CCC", 0.5),
    ]


def test_a_pair_names_the_matters_that_were_judged_otherwise() -> None:
    both = [replace(LIKE, confirmed=RULE | OTHER), replace(LIKE, iso3="BBB", discarded=RULE, confirmed=OTHER)]

    [found] = unlike_pairs(both, np.full((2, 2), True))

    assert found.matters == RULE


def test_who_stands_apart_is_counted_among_those_like_it_that_call_for_attention() -> None:
    several = [
        replace(LIKE, iso3="AAA", confirmed=RULE),
        replace(LIKE, iso3="BBB", discarded=RULE),
        replace(LIKE, iso3="CCC", discarded=RULE),
        replace(LIKE, iso3="DDD", calls=False),
    ]
    alike = np.full((4, 4), True)

    [first, *_others] = standing_apart(several, alike, unlike_pairs(several, alike))

    assert (first.iso3, first.alike, first.unlike) == ("AAA", 2, ("BBB", "CCC"))


RULES = st.frozensets(st.sampled_from([("high_risk", "risk"), ("new_high", "militias"), ("new_high", "curfews")]))
DAYS = st.one_of(st.none(), st.builds(Days, st.integers(0, 120), st.booleans()))
TREATMENTS = st.lists(
    st.builds(
        Treatment,
        st.text("ABC", min_size=3, max_size=3),
        st.booleans(),
        RULES,
        RULES,
        DAYS,
        st.integers(0, 2),
        st.integers(0, 2),
        st.integers(0, 4).map(lambda quarter: quarter / 4),
    ),
    max_size=6,
    unique_by=lambda one: one.iso3,
)


@given(TREATMENTS, st.randoms())
def test_a_pair_is_the_same_whoever_is_named_first_and_whoever_else_is_there(
    treatments: list[Treatment], chance: Any
) -> None:
    whole = {
        (pair.one, pair.other): pair.degrees
        for pair in unlike_pairs(treatments, np.ones((len(treatments), len(treatments)), dtype=np.bool_))
    }
    shuffled = list(treatments)
    chance.shuffle(shuffled)
    two_by_two = {}
    for place, one in enumerate(shuffled):
        for other in shuffled[place + 1 :]:
            for pair in unlike_pairs([one, other], np.full((2, 2), True)):
                two_by_two[pair.one, pair.other] = pair.degrees

    assert whole == two_by_two
    assert all(0 < degree <= 1 for degrees in whole.values() for _kind, degree in degrees)


@given(TREATMENTS)
def test_who_is_treated_like_the_other_is_never_listed(treatments: list[Treatment]) -> None:
    for one in treatments:
        assert unlike_pairs([one, replace(one, iso3="ZZZ")], np.full((2, 2), True)) == []


def test_all_pairs_at_once_are_what_each_pair_is() -> None:
    chance = np.random.default_rng(7)
    whole = chance.normal(chance.uniform(20, 60, 12)[:, None], 6, (12, 200))

    found = not_told_apart(whole)

    assert found.any()
    assert not found.all()
    for one in range(12):
        for other in range(12):
            assert found[one, other] == (one == other or not is_distinguishable(whole[one], whole[other]))


def test_intervals_overlap_where_they_touch() -> None:
    low, high = np.array([10.0, 30.0, 31.0]), np.array([30.0, 50.0, 40.0])

    assert overlapping(low, high).tolist() == [[True, True, False], [True, True, True], [False, True, True]]


def test_a_note_says_something_and_not_too_much() -> None:
    refuse_note("x" * LONGEST_NOTE)
    with pytest.raises(NoteTooLong):
        refuse_note("x" * (LONGEST_NOTE + 1))
    with pytest.raises(NoteMissing):
        refuse_note("  ")


def of_risk(iso3: str, risk: float, **differing: Any) -> Treatment:
    return replace(LIKE, iso3=iso3, risk=risk, **differing)


def told_of(treatments: list[Treatment], alike: Any) -> list[tuple[list[str], int]]:
    """Of each circle its members, and how many of its pairs were not treated alike."""
    found = circles(treatments, alike, unlike_pairs(treatments, alike))
    return [([member.iso3 for member in circle.members], len(circle.pairs)) for circle in found]


def test_a_circle_holds_those_alone_that_are_all_alike_the_highest_risk_first() -> None:
    several = [
        of_risk("AAA", 40, proposed=1, decided=1),
        of_risk("BBB", 50),
        of_risk("CCC", 60),
        of_risk("DDD", 55, calls=False),
        of_risk("EEE", 90),
    ]
    alike = np.full((5, 5), True)
    alike[4, 0] = alike[0, 4] = False

    assert told_of(several, alike) == [(["CCC", "BBB", "AAA"], 2)]


@pytest.mark.parametrize(("third", "number"), [(True, 1), (False, 0)])
def test_two_are_a_pair_and_no_circle(third: bool, number: int) -> None:
    several = [of_risk("AAA", 40, confirmed=RULE), of_risk("BBB", 41, discarded=RULE), of_risk("CCC", 42, calls=third)]

    assert len(told_of(several, np.full((3, 3), True))) == number


def test_countries_that_were_treated_alike_are_no_circle() -> None:
    assert told_of([of_risk(iso3, 40) for iso3 in ("AAA", "BBB", "CCC")], np.full((3, 3), True)) == []


def test_of_circles_that_are_much_the_same_the_most_unlike_alone_is_told() -> None:
    """Six in a row, each alike to those up to three places away: three circles of four, of which the middle one brings
    no more than half."""
    several = [of_risk(code * 3, 90 - place, proposed=place % 2) for place, code in enumerate("ABCDEF")]
    places = np.arange(6)
    alike = np.abs(places[:, None] - places[None, :]) <= 3

    found = told_of(several, alike)

    assert [members for members, _pairs in found] == [["AAA", "BBB", "CCC", "DDD"], ["CCC", "DDD", "EEE", "FFF"]]


@given(TREATMENTS, st.integers(0, 2**15 - 1))
def test_nobody_in_a_circle_can_be_told_apart_from_another(treatments: list[Treatment], bits: int) -> None:
    number = len(treatments)
    alike = np.eye(number, dtype=np.bool_)
    for place, (one, other) in enumerate(zip(*np.triu_indices(number, k=1), strict=True)):
        alike[one, other] = alike[other, one] = bool(bits >> place & 1)
    place_of = {one.iso3: place for place, one in enumerate(treatments)}

    for circle in circles(treatments, alike, unlike_pairs(treatments, alike)):
        members = [place_of[one.iso3] for one in circle.members]
        assert alike[np.ix_(members, members)].all()
        assert all(one.calls for one in circle.members)
        assert {pair.one.iso3 for pair in circle.pairs} <= {one.iso3 for one in circle.members}
