"""How long does it take until somebody has looked, decided, acted?"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.response_time import Days, Spent, Step, Wait, longest_waiting, spent_on

TODAY = date(2026, 3, 16)


def wait(ago: int, *, taken_after: int | None = None, over_after: int | None = None, step: Step = Step.DECIDED) -> Wait:
    since = TODAY - timedelta(days=ago)
    days = [None if after is None else since + timedelta(days=after) for after in (taken_after, over_after)]
    return Wait("MLI", 1, step, since, *days)


def test_what_was_taken_what_waits_and_what_was_over_before_are_told_apart() -> None:
    waits = [wait(20, taken_after=5), wait(9), wait(30, over_after=3), wait(7, taken_after=7, over_after=7)]

    found = spent_on(waits, Step.DECIDED, TODAY)

    assert found == Spent(taken=(5, 7), waiting=(9,), over=1, waiting_since=TODAY - timedelta(days=9))
    assert spent_on(waits, Step.VERIFIED, TODAY) == Spent()


def test_of_nothing_there_is_no_figure() -> None:
    assert Spent(over=3).median is None


@pytest.mark.parametrize(
    ("waiting", "median"),
    [
        ((), Days(4)),
        # it has waited longer than the median already: however long it takes, the median stays
        ((5,), Days(4)),
        # it may become the median, or more
        ((4,), Days(4, at_least=True)),
        ((0,), Days(2, at_least=True)),
        ((5, 6, 7), Days(5, at_least=True)),
    ],
)
def test_a_median_is_sure_only_while_nothing_that_waits_can_move_it(waiting: tuple[int, ...], median: Days) -> None:
    assert Spent(taken=(2, 4, 9), waiting=waiting).median == median


COUNTS = st.lists(st.integers(0, 400), max_size=12)


@given(taken=COUNTS, waiting=COUNTS, longer=st.lists(st.integers(0, 400), min_size=12, max_size=12))
def test_however_long_the_waits_take_in_the_end_a_figure_was_no_promise_too_much(
    taken: list[int], waiting: list[int], longer: list[int]
) -> None:
    told = Spent(tuple(taken), tuple(waiting))
    in_the_end = Spent((*taken, *(so_far + more for so_far, more in zip(waiting, longer, strict=False))))

    for share in (0.25, 0.5, 0.75):
        said, true = told.within(share), in_the_end.within(share)
        if said is None or true is None:
            assert said is true is None
        else:
            assert said.number <= true.number
            assert said.at_least or said.number == true.number


def test_what_waits_longest_comes_first_and_what_does_not_wait_is_left_out() -> None:
    waits = [wait(3), wait(9), wait(40, taken_after=1), wait(9, step=Step.VERIFIED), wait(50, over_after=2)]

    assert [(one.step, one.days(TODAY)) for one in longest_waiting(waits)] == [
        (Step.VERIFIED, 9),
        (Step.DECIDED, 9),
        (Step.DECIDED, 3),
    ]
