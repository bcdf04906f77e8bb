"""Which answer counts on which day, how bad it is, how sure, and for whom."""

import math
from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.small_methods import DAY, FRESH_FOR, a_measure, a_method, an_answer, days_after, the_evidence
from tests.test_indicator import measured
from tracker.handling import Mark
from tracker.index import FloatArray
from tracker.indicator import Measured, Transform, is_fresh, severity
from tracker.method import Measure, Method
from tracker.standing import Answer, Evidence, changing_days, evidence_of, next_change, placed_on

NONE = math.nan

# A graded question, a figure where high is good, and a count on a logarithmic scale; each fresh for another while.
SEVERAL = a_method(
    a_measure("courts", fresh_for_days=5),
    a_measure("rating", best=2.5, worst=-2.5, fresh_for_days=3),
    a_measure("deaths", best=10.0, worst=10_000.0, transform=Transform.LOG, fresh_for_days=1),
)
COUNTRIES = 2

some_days = st.integers(0, 14).map(days_after)
some_values = st.none() | st.sampled_from([-3.0, 0.0, 1.0, 2.5, 4.0, 100.0, 20_000.0])


@st.composite
def some_answers(draw: st.DrawFn) -> list[Answer]:
    """About one country and measure there is one answer for a day: what was revised is there no more."""
    places = st.tuples(st.integers(0, COUNTRIES - 1), st.integers(0, len(SEVERAL.measures) - 1), some_days)
    marks = st.sampled_from(Mark)
    return [
        an_answer(draw(some_values), on, country=country, measure=measure, handling=draw(marks))
        for country, measure, on in draw(st.lists(places, unique=True, max_size=12))
    ]


def severities(method: Method, evidence: Evidence, *days: date) -> list[float]:
    """Of the first measure and the first country."""
    return [float(one) for one in placed_on(evidence, method, days).severity[0, 0]]


def deviation(method: Method, answer: Answer, after: int = 0) -> float:
    """So many days after it was observed."""
    evidence = the_evidence(method, answer)
    return float(placed_on(evidence, method, [days_after(after, answer.observed_on)]).deviation[0, 0, 0])


def same(found: FloatArray | Sequence[float], expected: FloatArray | Sequence[float]) -> bool:
    return np.array_equal(found, expected, equal_nan=True)


# How long an answer counts


@pytest.mark.parametrize(("days", "expected"), [(0, 50), (1, 50), (FRESH_FOR, 50), (FRESH_FOR + 1, NONE), (5000, NONE)])
def test_an_answer_counts_from_its_day_to_its_last_fresh_day(days: int, expected: float) -> None:
    method = a_method()
    assert same(severities(method, the_evidence(method, an_answer(2)), days_after(days)), [expected])


@pytest.mark.parametrize(("observed", "expected"), [(-1, 25), (0, 25), (1, NONE)])
def test_what_is_observed_today_counts_and_what_is_observed_tomorrow_does_not(observed: int, expected: float) -> None:
    method = a_method()
    assert same(severities(method, the_evidence(method, an_answer(1, days_after(observed))), DAY), [expected])


def test_the_newest_answer_counts_in_whatever_order_they_came() -> None:
    method = a_method()
    older, newer = an_answer(1, days_after(-1)), an_answer(4)
    for answers in ((older, newer), (newer, older)):
        assert severities(method, the_evidence(method, *answers), days_after(-1), DAY) == [25, 100]


def test_when_the_newest_answer_is_stale_an_older_one_does_not_come_back() -> None:
    method = a_method(a_measure(fresh_for_days=1))
    evidence = the_evidence(method, an_answer(1), an_answer(3, days_after(1)))
    assert same(severities(method, evidence, *map(days_after, range(4))), [25, 75, 75, NONE])


def test_dont_know_ends_what_was_known_before() -> None:
    method = a_method()
    evidence = the_evidence(method, an_answer(3, days_after(-10)), an_answer(None))
    assert same(severities(method, evidence, days_after(-1), DAY), [75, NONE])


def test_what_is_known_after_dont_know_counts_again() -> None:
    method = a_method()
    evidence = the_evidence(method, an_answer(None), an_answer(1, days_after(1)))
    assert same(severities(method, evidence, DAY, days_after(1)), [NONE, 25])


def test_of_what_nothing_is_known_there_is_neither_severity_nor_deviation() -> None:
    method = a_method(a_measure("courts"), a_measure("police"))
    found = placed_on(the_evidence(method, an_answer(None)), method, [DAY])
    assert np.isnan(found.severity).all()
    assert np.isnan(found.deviation).all()


def test_where_there_is_no_evidence_every_measure_of_every_country_is_missing() -> None:
    method = a_method(a_measure("courts"), a_measure("police"))
    found = placed_on(the_evidence(method, countries=3), method, [DAY, days_after(1)])
    assert found.severity.shape == found.deviation.shape == (2, 3, 2)
    assert np.isnan(found.severity).all()


def test_countries_and_measures_are_not_mixed_up() -> None:
    method = a_method(a_measure("courts"), a_measure("police"))
    evidence = the_evidence(
        method, an_answer(1, country=1), an_answer(4, country=0, measure=1), an_answer(2, country=2), countries=3
    )
    found = placed_on(evidence, method, [DAY]).severity[:, :, 0]
    assert same(found, np.array([[NONE, 25, 50], [100, NONE, NONE]]))


@given(answers=some_answers(), days=st.lists(some_days, min_size=1, max_size=5))
def test_placing_all_at_once_says_what_asking_one_by_one_says(answers: list[Answer], days: list[date]) -> None:
    found = placed_on(evidence_of(SEVERAL, answers, COUNTRIES), SEVERAL, days).severity
    expected = [
        [[one_by_one(answers, country, number, day) for day in days] for country in range(COUNTRIES)]
        for number in range(len(SEVERAL.measures))
    ]
    assert np.allclose(found, np.array(expected), rtol=0, atol=1e-9, equal_nan=True)


def one_by_one(answers: Sequence[Answer], country: int, number: int, day: date) -> float:
    """As an indicator is asked about one observation."""
    question = indicator_like(SEVERAL.measures[number])
    before = [one for one in answers if (one.country, one.measure) == (country, number) and one.observed_on <= day]
    newest = max(before, key=lambda one: one.observed_on, default=None)
    if newest is None or newest.value is None or not is_fresh(question, newest.observed_on, day):
        return NONE
    return severity(question, newest.value)


def indicator_like(measure: Measure) -> Measured:
    return measured(measure.best, measure.worst, measure.transform, measure.fresh_for_days)


@given(answers=some_answers(), day=some_days, others=some_answers())
def test_what_is_known_of_other_countries_changes_nothing(
    answers: list[Answer], day: date, others: list[Answer]
) -> None:
    about_one = [one for one in answers if one.country == 0]
    about_another = [one for one in others if one.country == 1]
    alone = placed_on(evidence_of(SEVERAL, about_one), SEVERAL, [day])
    together = placed_on(evidence_of(SEVERAL, about_one + about_another, COUNTRIES), SEVERAL, [day])
    assert same(together.severity[:, 0], alone.severity[:, 0])
    assert same(together.deviation[:, 0], alone.deviation[:, 0])


# How sure it is


@pytest.mark.parametrize(("grade", "expected"), [("A1", 2), ("A2", 4), ("B1", 4), ("C3", 12), ("E6", 24), ("F6", 25)])
def test_a_grade_says_how_sure_an_answer_is_on_the_day_it_was_observed(grade: str, expected: float) -> None:
    assert deviation(a_method(), an_answer(grade=grade)) == expected


@pytest.mark.parametrize(("days", "expected"), [(0, 12), (31, 17), (62, 22), (63, NONE)])
def test_an_answer_grows_less_sure_with_each_day_by_ten_points_until_its_last(days: int, expected: float) -> None:
    assert same([deviation(a_method(), an_answer(grade="C3"), after=days)], [expected])


@pytest.mark.parametrize(("grade", "expected"), [("A1", 12), ("F6", 35)])
def test_the_best_and_the_worst_grade_age_alike(grade: str, expected: float) -> None:
    assert deviation(a_method(), an_answer(grade=grade), after=FRESH_FOR) == expected


def test_a_day_of_a_year_ages_less_than_a_day_of_two_months() -> None:
    yearly = a_method(a_measure(fresh_for_days=365))
    assert deviation(yearly, an_answer(grade="A1"), after=73) == pytest.approx(2 + 10 * 73 / 365)


@pytest.mark.parametrize(("best", "worst"), [(2.5, -2.5), (-2.5, 2.5)])
def test_a_published_standard_error_counts_in_points_of_the_scale_whatever_the_grade(best: float, worst: float) -> None:
    method = a_method(a_measure(best=best, worst=worst))
    answer = an_answer(0.4, standard_error=0.25, grade="F6")
    assert deviation(method, answer) == pytest.approx(5)
    assert deviation(method, answer, after=FRESH_FOR) == pytest.approx(15)


def test_a_standard_error_of_zero_is_sure_and_not_missing() -> None:
    assert deviation(a_method(), an_answer(1, standard_error=0.0, grade="F6")) == 0


def test_on_a_logarithmic_scale_a_standard_error_is_half_the_way_between_one_less_and_one_more() -> None:
    method = a_method(a_measure(best=10.0, worst=10_000.0, transform=Transform.LOG))
    # from 100 to 1900, of which the logarithms lie 1.279 apart; the scale is three tenfolds long
    expected = (math.log10(1900) - math.log10(100)) / 3 / 2 * 100
    assert deviation(method, an_answer(1000.0, standard_error=900.0)) == pytest.approx(expected)


@pytest.mark.parametrize("error", [1000.0, 5000.0])
def test_a_standard_error_may_be_larger_than_a_value_on_a_logarithmic_scale(error: float) -> None:
    method = a_method(a_measure(best=10.0, worst=10_000.0, transform=Transform.LOG))
    expected = math.log10((1000 + error) / 10) / 3 / 2 * 100
    assert deviation(method, an_answer(1000.0, standard_error=error)) == pytest.approx(expected)


def test_each_answer_is_bent_as_its_own_measure_says() -> None:
    evidence = the_evidence(
        SEVERAL, an_answer(100.0, measure=2), an_answer(4.0, measure=0), an_answer(0.0, measure=1, standard_error=0.5)
    )
    found = placed_on(evidence, SEVERAL, [DAY])
    assert found.severity[:, 0, 0] == pytest.approx([100, 50, 100 / 3])
    assert found.deviation[:, 0, 0] == pytest.approx([12, 10, 12])


# Who may see it


@pytest.mark.parametrize(
    ("clearance", "expected"), [(Mark.CLEAR, 25), (Mark.AMBER, 25), (Mark.AMBER_STRICT, 75), (Mark.RED, 75)]
)
def test_above_the_clearance_the_next_older_answer_counts(clearance: Mark, expected: float) -> None:
    method = a_method()
    evidence = the_evidence(method, an_answer(1, days_after(-3)), an_answer(3, handling=Mark.AMBER_STRICT))
    assert severities(method, evidence.up_to(clearance), DAY) == [expected]


def test_an_older_answer_that_is_hidden_changes_nothing_for_who_sees_the_newest() -> None:
    method = a_method()
    evidence = the_evidence(method, an_answer(1, days_after(-3), handling=Mark.RED), an_answer(3))
    assert same(severities(method, evidence.up_to(Mark.CLEAR), days_after(-1), DAY), [NONE, 75])


def test_a_hidden_dont_know_leaves_what_was_known_before() -> None:
    method = a_method()
    evidence = the_evidence(method, an_answer(1, days_after(-3)), an_answer(None, handling=Mark.GREEN))
    assert same(severities(method, evidence.up_to(Mark.CLEAR), DAY), [25])
    assert same(severities(method, evidence.up_to(Mark.GREEN), DAY), [NONE])


@given(answers=some_answers(), clearance=st.sampled_from(Mark), day=some_days)
def test_what_may_not_be_seen_is_as_if_it_were_not_there(answers: list[Answer], clearance: Mark, day: date) -> None:
    seen = [one for one in answers if one.handling <= clearance]
    cut = placed_on(evidence_of(SEVERAL, answers, COUNTRIES).up_to(clearance), SEVERAL, [day])
    never_there = placed_on(evidence_of(SEVERAL, seen, COUNTRIES), SEVERAL, [day])
    assert same(cut.severity, never_there.severity)
    assert same(cut.deviation, never_there.deviation)


def test_the_marks_are_those_of_the_evidence_and_the_lowest() -> None:
    method = a_method()
    evidence = the_evidence(method, an_answer(handling=Mark.RED), an_answer(on=days_after(1), handling=Mark.GREEN))
    assert evidence.marks == [Mark.CLEAR, Mark.GREEN, Mark.RED]
    assert evidence.up_to(Mark.AMBER).marks == [Mark.CLEAR, Mark.GREEN]
    assert the_evidence(method).marks == [Mark.CLEAR]


# When it changes


def test_the_changing_days_are_those_of_answers_and_the_first_stale_day() -> None:
    method = a_method(a_measure(fresh_for_days=5))
    evidence = the_evidence(method, an_answer(1), an_answer(1, days_after(9)))
    expected = [days_after(days) for days in (0, 6, 9, 15)]
    assert changing_days(evidence, method, days_after(-9), days_after(99)) == expected


@pytest.mark.parametrize(("newer", "expected"), [(5, [0, 5, 11]), (6, [0, 6, 12]), (7, [0, 6, 7, 13])])
def test_a_value_that_was_replaced_in_time_does_not_go_stale(newer: int, expected: list[int]) -> None:
    method = a_method(a_measure(fresh_for_days=5))
    evidence = the_evidence(method, an_answer(1), an_answer(2, days_after(newer)))
    assert changing_days(evidence, method, DAY, days_after(99)) == [days_after(days) for days in expected]


def test_dont_know_never_goes_stale() -> None:
    method = a_method()
    evidence = the_evidence(method, an_answer(None))
    assert changing_days(evidence, method, DAY, days_after(99)) == [DAY]
    assert next_change(evidence, method, DAY) is None


@pytest.mark.parametrize(("since", "until", "is_inside"), [(0, 0, True), (-1, 0, True), (0, 1, True), (1, 1, False)])
def test_changing_days_lie_between_both_ends_with_them(since: int, until: int, is_inside: bool) -> None:
    method = a_method()
    found = changing_days(the_evidence(method, an_answer()), method, days_after(since), days_after(until))
    assert found == [DAY] * is_inside


@given(answers=some_answers(), clearance=st.sampled_from(Mark))
def test_no_day_on_which_anything_changes_is_missed(answers: list[Answer], clearance: Mark) -> None:
    evidence = evidence_of(SEVERAL, answers, COUNTRIES).up_to(clearance)
    days = [days_after(number) for number in range(-1, 25)]
    changing = changing_days(evidence, SEVERAL, days[0], days[-1])
    found = placed_on(evidence, SEVERAL, days).severity
    for place, day in enumerate(days[1:], start=1):
        assert day in changing or same(found[..., place], found[..., place - 1])


@pytest.mark.parametrize(
    ("after", "expected"), [(0, FRESH_FOR + 1), (FRESH_FOR, FRESH_FOR + 1), (FRESH_FOR + 1, None), (999, None)]
)
def test_the_next_change_is_the_day_after_the_last_fresh_one(after: int, expected: int | None) -> None:
    method = a_method()
    found = next_change(the_evidence(method, an_answer()), method, days_after(after))
    assert found == (None if expected is None else days_after(expected))


def test_of_several_the_first_to_go_stale_is_the_next_change() -> None:
    evidence = the_evidence(SEVERAL, an_answer(1), an_answer(2, measure=1))
    assert next_change(evidence, SEVERAL, DAY) == days_after(4)
    assert next_change(evidence, SEVERAL, days_after(4)) == days_after(6)


def test_where_nothing_is_known_nothing_changes() -> None:
    method = a_method()
    assert changing_days(the_evidence(method), method, DAY, days_after(99)) == []
    assert next_change(the_evidence(method), method, DAY) is None


@given(answers=some_answers())
def test_until_the_next_change_everything_stays_as_it_is(answers: list[Answer]) -> None:
    evidence = evidence_of(SEVERAL, answers, COUNTRIES)
    days = [days_after(number) for number in range(30)]
    found = placed_on(evidence, SEVERAL, days).severity
    changes = next_change(evidence, SEVERAL, DAY)
    until = len(days) if changes is None else days.index(changes)
    assert all(same(found[..., place], found[..., 0]) for place in range(until))
