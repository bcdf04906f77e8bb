"""What is done about a situation, in which order, and by when."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from tests.situation_table import drawn, written
from tracker.situation import (
    BEFORE_CLOSING,
    DAYS_FOR,
    MISSING,
    MOVES,
    NEXT,
    ONCE_ASSESSED,
    ONCE_JUDGED,
    SOON_DAYS,
    Circumstances,
    CloseReason,
    Move,
    Need,
    NotNext,
    SituationState,
    Urgency,
    after_worsening,
    due_on,
    is_overdue,
    missing,
    move_between,
    moves_from,
    next_words,
    order_of,
    possible_moves,
    urgency_of,
)

SINCE = date(2026, 3, 16)
NEW, VERIFYING, ASSESSED, RESPONDING, MONITORING, CLOSED = SituationState
KNOWN = {(move.source, move.target, move.reason): move for move in MOVES}
EVERY_STEP = list(product(SituationState, SituationState, (None, *CloseReason)))

# Nothing is missing for any move, but for what excludes another.
FULFILLED = Circumstances(
    MONITORING, flags=2, flags_open=0, flags_waiting=0, flags_discarded=2, is_assessed_anew=True, can_go_back=True
)
# For each need: what differs where it is not met.
LACKING = {
    Need.VERDICTS: {"flags_waiting": 1},
    Need.ASSESSMENT: {"is_assessed_anew": False},
    Need.IN_SCOPE: {"is_in_scope": False},
    Need.OUT_OF_SCOPE: {"is_in_scope": True},
    Need.ALL_DISCARDED: {"flags_discarded": 1},
    Need.NO_OPEN_FLAG: {"flags_open": 1},
    Need.PART: {"can_go_back": False},
}


def fulfilled(move: Move) -> Circumstances:
    return replace(FULFILLED, state=move.source, is_in_scope=Need.OUT_OF_SCOPE not in move.needs)


def name_of(move: Move) -> str:
    return f"{move.source} {move.target} {move.reason or ''}"


@pytest.mark.parametrize("step", [step for step in EVERY_STEP if step in KNOWN], ids=str)
def test_a_move_of_the_table_is_known(step: tuple[SituationState, SituationState, CloseReason | None]) -> None:
    assert move_between(*step) is KNOWN[step]


@pytest.mark.parametrize("step", [step for step in EVERY_STEP if step not in KNOWN], ids=str)
def test_every_other_move_is_refused_with_what_comes_next(
    step: tuple[SituationState, SituationState, CloseReason | None],
) -> None:
    with pytest.raises(NotNext) as refused:
        move_between(*step)

    assert refused.value.sentence == NEXT[step[0]]


@pytest.mark.parametrize("move", MOVES, ids=name_of)
def test_a_move_lacks_nothing_where_its_needs_are_met(move: Move) -> None:
    assert missing(move, fulfilled(move)) == []


@pytest.mark.parametrize(
    ("move", "need"),
    [
        pytest.param(move, need, id=f"{name_of(move)} {need}")
        for move in MOVES
        for need in move.needs
        if need in LACKING
    ],
)
def test_a_move_lacks_what_it_needs_and_nothing_else(move: Move, need: Need) -> None:
    assert missing(move, replace(fulfilled(move), **LACKING[need])) == [need]  # type: ignore[arg-type]


def test_without_an_assessment_it_is_neither_in_scope_nor_out_of_it() -> None:
    unknown = replace(FULFILLED, is_in_scope=None)

    assert missing(move_between(ASSESSED, RESPONDING), unknown) == [Need.IN_SCOPE]
    assert missing(move_between(ASSESSED, CLOSED, CloseReason.OUT_OF_SCOPE), unknown) == [Need.OUT_OF_SCOPE]


def test_a_situation_without_flags_is_not_unfounded() -> None:
    empty = replace(FULFILLED, state=VERIFYING, flags=0, flags_discarded=0)

    assert missing(move_between(VERIFYING, CLOSED, CloseReason.UNFOUNDED), empty) == [Need.ALL_DISCARDED]


def test_what_is_possible_is_what_lacks_nothing_but_words() -> None:
    verifying = Circumstances(VERIFYING, flags=2, flags_open=1, flags_waiting=1, is_assessed_anew=True)

    assert possible_moves(verifying) == []
    assert possible_moves(replace(verifying, flags_waiting=0)) == [move_between(VERIFYING, ASSESSED)]


def test_a_closed_situation_goes_nowhere() -> None:
    assert moves_from(CLOSED) == ()


@pytest.mark.parametrize("state", [state for state in SituationState if state is not CLOSED])
def test_every_open_state_leads_on_and_every_state_can_be_reached(state: SituationState) -> None:
    assert moves_from(state)
    assert state is NEW or any(move.target is state for move in MOVES)


def test_closing_and_only_closing_has_a_reason() -> None:
    assert all((move.reason is not None) == (move.target is CLOSED) for move in MOVES)
    assert {move.reason for move in MOVES} == {None, *CloseReason}


def test_closing_asks_for_words() -> None:
    assert all(Need.WORDS in move.needs for move in MOVES if move.target is CLOSED)


@pytest.mark.parametrize(("state", "days"), DAYS_FOR.items())
def test_the_next_step_is_due_after_the_days_of_the_state(state: SituationState, days: int) -> None:
    due = due_on(state, SINCE)

    assert due is not None
    assert (due - SINCE).days == days


def test_nothing_is_due_once_it_is_closed() -> None:
    assert due_on(CLOSED, SINCE) is None
    assert not is_overdue(None, SINCE)


@pytest.mark.parametrize(("today", "expected"), [(date(2026, 3, 16), False), (date(2026, 3, 17), True)])
def test_it_is_overdue_from_the_day_after_the_due_day(today: date, expected: bool) -> None:
    assert is_overdue(SINCE, today) is expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        *((NEW, NEW), (VERIFYING, VERIFYING), (ASSESSED, ASSESSED)),
        *((RESPONDING, VERIFYING), (MONITORING, VERIFYING), (CLOSED, CLOSED)),
    ],
)
def test_what_was_answered_is_verified_anew_when_it_grows_worse(before: SituationState, after: SituationState) -> None:
    assert after_worsening(before) is after


def test_what_takes_it_back_is_a_move_of_the_table() -> None:
    taken_back = [state for state in SituationState if after_worsening(state) is not state]

    assert all((state, after_worsening(state), None) in KNOWN for state in taken_back)


def test_each_state_and_each_need_is_told_in_a_sentence() -> None:
    assert NEXT.keys() == set(SituationState)
    assert MISSING.keys() == set(Need)
    assert BEFORE_CLOSING.keys() == set(SituationState)


@pytest.mark.parametrize(
    ("differing", "expected"),
    [
        ({"flags_waiting": 1}, NEXT[VERIFYING]),
        ({"flags_waiting": 1, "is_assessed_anew": True}, NEXT[VERIFYING]),
        ({}, ONCE_JUDGED),
        ({"is_assessed_anew": True}, ONCE_ASSESSED),
        ({"state": ASSESSED, "is_assessed_anew": True}, NEXT[ASSESSED]),
        ({"state": ASSESSED, "flags_waiting": 1}, MISSING[Need.VERDICTS]),
    ],
)
def test_what_is_next_is_what_is_still_missing(differing: dict[str, Any], expected: str) -> None:
    assert next_words(replace(Circumstances(VERIFYING, flags=1, flags_open=1), **differing)) == expected


def test_the_document_shows_the_table_as_it_is() -> None:
    assert written() == drawn()


@pytest.mark.parametrize(
    ("days", "expected"),
    [(-1, Urgency.OVERDUE), (0, Urgency.SOON), (SOON_DAYS, Urgency.SOON), (SOON_DAYS + 1, Urgency.LATER)],
)
def test_how_soon_somebody_must_act_goes_by_the_day_that_is_due(days: int, expected: Urgency) -> None:
    assert urgency_of(SINCE + timedelta(days=days), SINCE) is expected


def test_the_most_urgent_comes_first() -> None:
    soon, later = SINCE + timedelta(days=2), SINCE + timedelta(days=30)
    in_order = [
        order_of(SINCE - timedelta(days=1), SINCE, severity=1, score=None),
        order_of(soon, SINCE, severity=3, score=10),
        order_of(soon, SINCE, severity=2, score=90),
        order_of(soon, SINCE, severity=2, score=80),
        order_of(soon + timedelta(days=1), SINCE, severity=2, score=99),
        order_of(later, SINCE, severity=3, score=99),
        order_of(None, SINCE, severity=3, score=99),
    ]

    assert in_order == sorted(in_order)
