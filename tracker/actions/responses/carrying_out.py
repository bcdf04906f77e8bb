"""Somebody takes a decided measure on, says how far it is, and what came of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tracker.access import Principal
from tracker.actions.responses.keeping import held, line, planned, spoken, step_from, take, write_down
from tracker.refusal import N_, Refusal
from tracker.response import OPEN, Missing, Need, NotNext, ResponseAct, ResponseState
from tracker.storage import responses
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation
from tracker.storage.responding import Response


class CannotFollowUp(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Choose somebody who works on this country and may know of the measure."))


@dataclass(frozen=True)
class Charge:
    """Who sees to it, and by when."""

    # In words: an office, a person, a council.
    owner: str
    organisation: str
    # Of those who have an account: who is told when it is overdue. None: nobody.
    owner_id: int | None
    due_on: date | None


def start(
    session: Session, response_id: int, charge: Charge, *, words: str, seen: int, by: Principal, now: datetime
) -> Response:
    situation, response = held(session, response_id, by, seen=seen)
    # until now it was the start that was due: that day is none for the end
    charge, words = _in_order(session, situation, response, charge, now, was=None), spoken(words)
    given = {Need.OWNER: bool(charge.owner), Need.DUE_DAY: charge.due_on is not None}
    move = step_from(response, ResponseAct.STARTED, given)
    details = _set(response, charge)
    take(response, move, due_on=charge.due_on, now=now)
    write_down(session, situation, response, move.act, details, by=by, now=now, words=words)
    return response


def report(
    session: Session, response_id: int, *, words: str, due_on: date | None, seen: int, by: Principal, now: datetime
) -> Response:
    """How far it is, and by when it is to be done now."""
    situation, response = held(session, response_id, by, seen=seen)
    words = spoken(words)
    given = {Need.WORDS: bool(words), Need.DUE_DAY: due_on is not None}
    move = step_from(response, ResponseAct.REPORTED, given)
    before, due_on = response.due_on, planned(due_on, now.date())
    details = {} if due_on == before else {"due_on": _days(before, due_on)}
    take(response, move, due_on=due_on, now=now)
    write_down(session, situation, response, move.act, details, by=by, now=now, words=words)
    return response


def finish(session: Session, response_id: int, *, words: str, seen: int, by: Principal, now: datetime) -> Response:
    """What came of it, in words."""
    return _end(session, response_id, ResponseAct.DONE, words, seen=seen, by=by, now=now)


def abandon(session: Session, response_id: int, *, words: str, seen: int, by: Principal, now: datetime) -> Response:
    """Why it was given up, in words."""
    return _end(session, response_id, ResponseAct.ABANDONED, words, seen=seen, by=by, now=now)


def change(session: Session, response_id: int, charge: Charge, *, seen: int, by: Principal, now: datetime) -> Response:
    """Who sees to it or by when. The same once more changes nothing."""
    situation, response = held(session, response_id, by, seen=seen)
    if response.state not in OPEN:
        raise NotNext(response.state)
    charge = _in_order(session, situation, response, charge, now, was=response.due_on)
    is_under_way = response.state is ResponseState.UNDER_WAY
    for need, is_met in ((Need.OWNER, bool(charge.owner)), (Need.DUE_DAY, charge.due_on is not None)):
        # what waits for its decision or its start is due on some day as well
        if not is_met and (is_under_way or need is Need.DUE_DAY):
            raise Missing(need)
    details = _set(response, charge)
    if details:
        write_down(session, situation, response, ResponseAct.CHANGED, details, by=by, now=now)
    return response


def _end(
    session: Session, response_id: int, act: ResponseAct, words: str, *, seen: int, by: Principal, now: datetime
) -> Response:
    situation, response = held(session, response_id, by, seen=seen)
    words = spoken(words)
    move = step_from(response, act, {Need.WORDS: bool(words)})
    take(response, move, due_on=None, now=now)
    write_down(session, situation, response, act, by=by, now=now, words=words)
    return response


def _in_order(
    session: Session, situation: Situation, response: Response, charge: Charge, now: datetime, *, was: date | None
) -> Charge:
    """`was`: the day that may stay although it has passed; None: none may."""
    number = charge.owner_id
    if number is not None and number != response.owner_id:
        able = responses.who_may_follow_up(session, situation, response.handling)
        if all(one.id != number for one in able):
            raise CannotFollowUp
    due_on = planned(charge.due_on, now.date(), was=was)
    return Charge(line(charge.owner), line(charge.organisation), number, due_on)


def _set(response: Response, charge: Charge) -> dict[str, Any]:
    """What is different now, with what it was before."""
    found: dict[str, Any] = {}
    for name in ("owner", "organisation", "owner_id"):
        before, after = getattr(response, name), getattr(charge, name)
        if before != after:
            found[name] = {"before": before, "after": after}
    if response.due_on != charge.due_on:
        found["due_on"] = _days(response.due_on, charge.due_on)
    response.owner, response.organisation = charge.owner, charge.organisation
    response.owner_id, response.due_on = charge.owner_id, charge.due_on
    return found


def _days(before: date | None, after: date | None) -> dict[str, str | None]:
    return {"before": before.isoformat() if before else None, "after": after.isoformat() if after else None}
