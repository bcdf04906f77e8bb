"""The order in which a measure is decided and carried out."""

from datetime import date, timedelta
from itertools import product

import pytest

from tests.response_table import drawn, written
from tracker.response import (
    DAYS_FOR,
    FURTHEST_DAYS,
    MISSING,
    MOVES,
    NEXT,
    OPEN,
    Need,
    NotNext,
    ResponseAct,
    ResponseState,
    due_on,
    first_missing,
    fits,
    move_by,
    moves_from,
)

PROPOSED, DECIDED, DECLINED, UNDER_WAY, DONE, ABANDONED = ResponseState
MONDAY = date(2026, 3, 16)


def test_the_document_shows_the_table() -> None:
    assert written() == drawn()


@pytest.mark.parametrize("state", [DECLINED, DONE, ABANDONED])
def test_what_has_ended_goes_on_to_nothing(state: ResponseState) -> None:
    assert moves_from(state) == ()
    assert state not in OPEN


def test_every_open_state_goes_on_and_every_state_says_what_is_next() -> None:
    assert {move.source for move in MOVES} == set(OPEN)
    assert NEXT.keys() == set(ResponseState)
    assert MISSING.keys() == set(Need)


def test_what_the_table_does_not_know_is_out_of_turn() -> None:
    known = {(move.source, move.act) for move in MOVES}
    for state, act in product(ResponseState, ResponseAct):
        if (state, act) in known:
            assert move_by(state, act).source is state
        else:
            with pytest.raises(NotNext):
                move_by(state, act)


@pytest.mark.parametrize(
    ("state", "act", "given", "missing"),
    [
        (PROPOSED, ResponseAct.DECIDED, set(), Need.DECIDED_BY),
        (PROPOSED, ResponseAct.DECIDED, {Need.DECIDED_BY}, None),
        (PROPOSED, ResponseAct.DECLINED, {Need.DECIDED_BY}, Need.WORDS),
        (DECIDED, ResponseAct.STARTED, {Need.DUE_DAY}, Need.OWNER),
        (DECIDED, ResponseAct.STARTED, {Need.OWNER}, Need.DUE_DAY),
        (DECIDED, ResponseAct.STARTED, {Need.OWNER, Need.DUE_DAY}, None),
        (UNDER_WAY, ResponseAct.REPORTED, {Need.DUE_DAY}, Need.WORDS),
        (UNDER_WAY, ResponseAct.DONE, set(), Need.WORDS),
        (UNDER_WAY, ResponseAct.ABANDONED, {Need.WORDS}, None),
    ],
)
def test_a_move_names_the_first_thing_that_it_lacks(
    state: ResponseState, act: ResponseAct, given: set[Need], missing: Need | None
) -> None:
    assert first_missing(move_by(state, act), dict.fromkeys(given, True)) is missing


def test_a_decision_and_a_start_are_due_in_time_and_an_end_as_people_say() -> None:
    assert due_on(PROPOSED, MONDAY) == MONDAY + timedelta(days=DAYS_FOR[PROPOSED])
    assert due_on(DECIDED, MONDAY) == MONDAY + timedelta(days=DAYS_FOR[DECIDED])
    assert [due_on(state, MONDAY) for state in (UNDER_WAY, DECLINED, DONE, ABANDONED)] == [None] * 4


@pytest.mark.parametrize(
    ("days", "expected"), [(-1, False), (0, True), (FURTHEST_DAYS, True), (FURTHEST_DAYS + 1, False)]
)
def test_a_plan_is_for_today_or_later_and_for_nobodys_grandchildren(days: int, expected: bool) -> None:
    assert fits(MONDAY + timedelta(days=days), MONDAY) is expected
