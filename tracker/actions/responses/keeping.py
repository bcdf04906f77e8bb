"""What every act on a response does: find it, see that nothing came between, take its step and write it down."""

from datetime import date, datetime
from typing import Any

from tracker.access import Principal
from tracker.actions import audit
from tracker.actions.situations.keeping import NoSuchSituation
from tracker.actions.situations.keeping import held as held_situation
from tracker.refusal import N_, NotThere, OutOfTurn
from tracker.response import (
    LONGEST_LINE,
    LONGEST_WORDS,
    DayUnfit,
    LineTooLong,
    Missing,
    Move,
    Need,
    ResponseAct,
    ResponseState,
    first_missing,
    fits,
    move_by,
)
from tracker.situation import WordsTooLong
from tracker.storage import responses
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation
from tracker.storage.responding import Response, ResponseEvent


class NoSuchResponse(NotThere):
    def __init__(self) -> None:
        super().__init__(N_("There is no such measure in the ledger."))


class ResponseChanged(OutOfTurn):
    """Somebody changed it since the form was opened: what they did comes after the event that it had seen."""

    def __init__(self, seen: int) -> None:
        super().__init__(N_("The measure was changed since you opened this. Look at what was done, and send it again."))
        self.seen = seen


def visible(session: Session, response_id: int, by: Principal) -> Response:
    found = responses.seen(session, response_id, by.scope, by.clearance)
    if found is None:
        raise NoSuchResponse
    return found


def held(session: Session, response_id: int, by: Principal, *, seen: int) -> tuple[Situation, Response]:
    """Nobody else's to change until the transaction ends: the audit log first, then the country, the situation, the
    response, as everywhere. `seen` is the newest event that the form was made with."""
    situation_id = visible(session, response_id, by).situation_id
    try:
        situation = held_situation(session, situation_id, by)
    except NoSuchSituation:
        raise NoSuchResponse from None
    response = responses.locked(session, response_id)
    if responses.changes_since(session, response_id, seen, by.clearance):
        raise ResponseChanged(seen)
    return situation, response


def step_from(response: Response, act: ResponseAct, given: dict[Need, bool]) -> Move:
    """The move, if it is its turn and nothing is missing."""
    move = move_by(response.state, act)
    missing = first_missing(move, given)
    if missing is not None:
        raise Missing(missing)
    return move


def take(response: Response, move: Move, *, due_on: date | None, now: datetime) -> None:
    """The step itself, for whoever has made sure that nothing is missing."""
    response.state, response.due_on = move.target, due_on
    if move.act in (ResponseAct.DECIDED, ResponseAct.DECLINED):
        response.decided_at = now
    if move.act is ResponseAct.STARTED:
        response.started_at = now
    if move.target in (ResponseState.DONE, ResponseState.ABANDONED):
        response.ended_at = now


def write_down(
    session: Session,
    situation: Situation,
    response: Response,
    act: ResponseAct,
    details: dict[str, Any] | None = None,
    *,
    by: Principal,
    now: datetime,
    words: str = "",
) -> ResponseEvent:
    """In its ledger and in the audit log, which says that it was done and never what was said."""
    event = ResponseEvent(
        response_id=response.id,
        act=act,
        at=now,
        by_id=by.person_id,
        handling=response.handling,
        words=words,
        details=details or {},
    )
    session.add(event)
    session.flush()
    subject = f"response {response.id}: {situation.iso3}"
    audit.record(session, f"response {act}", subject, by=by.person_id, now=now, after={"state": response.state})
    return event


def line(typed: str) -> str:
    typed = " ".join(typed.split())
    if len(typed) > LONGEST_LINE:
        raise LineTooLong
    return typed


def spoken(typed: str) -> str:
    """Words, or none."""
    typed = typed.strip()
    if len(typed) > LONGEST_WORDS:
        raise WordsTooLong
    return typed


def planned(day: date | None, today: date, *, was: date | None = None) -> date | None:
    """A day that can be planned for. What was planned already may stay, also when it has passed."""
    if day is not None and day != was and not fits(day, today):
        raise DayUnfit
    return day
