"""Which situations look like one another, and in what."""

from hypothesis import given
from hypothesis import strategies as st

from tracker.index import Branch, Tree
from tracker.likeness import (
    ALIKE,
    APART,
    FURTHEST,
    LEAST_KNOWN,
    UNKNOWN_GAP,
    Profile,
    criterion_weights,
    likeness,
    nearest,
)

WEIGHTS = {"rule_of_law": 0.5, "incitement": 0.25, "armed_conflict": 0.25}
HERE: Profile = {"rule_of_law": 60.0, "incitement": 40.0, "armed_conflict": 20.0}
profiles = st.fixed_dictionaries({key: st.none() | st.floats(0, 100) for key in WEIGHTS})


def test_the_distance_is_the_mean_difference_with_the_weights_of_the_method() -> None:
    there = {"rule_of_law": 50.0, "incitement": 40.0, "armed_conflict": 60.0}
    found = likeness("there", HERE, there, WEIGHTS)
    assert found
    assert found.distance == 0.5 * 10 + 0.25 * 0 + 0.25 * 40


def test_the_same_profile_is_no_distance_away_and_alike_in_all() -> None:
    found = likeness("there", HERE, HERE, WEIGHTS)
    assert found
    assert found.distance == 0
    assert [one.criterion for one in found.alike] == ["rule_of_law", "incitement", "armed_conflict"]


def test_what_is_unknown_in_one_of_them_counts_as_a_difference() -> None:
    found = likeness("there", HERE, {**HERE, "incitement": None}, WEIGHTS)
    assert found
    assert found.distance == 0.25 * UNKNOWN_GAP
    assert found.unknown == ("incitement",)


def test_half_of_the_weight_must_be_known_in_both() -> None:
    half = {"rule_of_law": 60.0}
    assert LEAST_KNOWN == 0.5
    assert likeness("there", HERE, half, WEIGHTS) is not None
    assert likeness("there", HERE, half, WEIGHTS | {"incitement": 0.26}) is None
    assert likeness("there", HERE, {}, {}) is None


def test_criteria_are_alike_up_to_a_limit_and_apart_from_another_on() -> None:
    def compared(gap: float) -> tuple[int, int]:
        found = likeness("there", HERE, {**HERE, "rule_of_law": 60 + gap}, WEIGHTS)
        assert found
        return len(found.alike), len(found.apart)

    assert [compared(gap) for gap in (ALIKE, ALIKE + 1, APART - 1, APART)] == [(3, 0), (2, 0), (2, 0), (2, 1)]


def test_what_is_too_far_away_is_not_like_it() -> None:
    whole = {"rule_of_law": 1.0}
    others = {"just": {"rule_of_law": 60 + FURTHEST}, "beyond": {"rule_of_law": 60 + FURTHEST + 0.1}}
    assert [one.key for one in nearest(HERE, others, whole)] == ["just"]


def test_the_nearest_stand_first_and_only_as_many_as_are_asked_for() -> None:
    others = {gap: {**HERE, "rule_of_law": 60.0 + gap} for gap in (8, 2, 5, 2.5)}
    assert [one.key for one in nearest(HERE, others, WEIGHTS, most=3)] == [2, 2.5, 5]


@given(profiles, profiles)
def test_likeness_is_mutual(here: Profile, there: Profile) -> None:
    to, back = likeness(0, here, there, WEIGHTS), likeness(0, there, here, WEIGHTS)
    assert (to is None) == (back is None)
    if to and back:
        assert to.distance == back.distance
        assert {one.criterion for one in to.alike} == {one.criterion for one in back.alike}


@given(profiles, profiles, st.sampled_from(sorted(WEIGHTS)))
def test_knowing_less_never_makes_two_that_are_near_nearer(here: Profile, there: Profile, hidden: str) -> None:
    """Of what is further apart than the unknown counts, hiding it can only hide a difference."""
    to = likeness(0, here, there, WEIGHTS)
    less = likeness(0, here, {**there, hidden: None}, WEIGHTS)
    if to and less and all(one.gap <= UNKNOWN_GAP for one in (*to.alike, *to.apart) if one.criterion == hidden):
        assert less.distance >= to.distance - 1e-9


def test_the_weights_of_all_criteria_are_a_whole() -> None:
    def branch(key: str, *children: str, weights: tuple[float, ...] = (1.0, 1.0)) -> Branch:
        return Branch(key, key, children, weights[: len(children)])

    tree = Tree(
        ("a", "b", "c"),
        (
            branch("courts", "a"),
            branch("police", "b"),
            branch("hatred", "c"),
            branch("missing", "courts", "police", weights=(3.0, 1.0)),
            branch("signs", "hatred"),
            branch("risk", "missing", "signs", weights=(2.0, 3.0)),
        ),
    )
    weights = criterion_weights(tree)
    assert weights == {"courts": 0.4 * 0.75, "police": 0.4 * 0.25, "hatred": 0.6}
