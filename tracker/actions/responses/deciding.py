"""Somebody decides whether a proposed measure is taken, and who that was is said."""

from datetime import datetime

from tracker.access import Principal
from tracker.actions.assistance import is_own
from tracker.actions.responses.keeping import held, line, spoken, step_from, take, write_down
from tracker.refusal import N_, Refusal
from tracker.response import Need, ResponseAct, due_on
from tracker.storage import assistance, codings
from tracker.storage.base import Session
from tracker.storage.responding import Response


class ForOwnRequest(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("It is proposed for what you asked for yourself: somebody else decides on it."))


class OwnProposal(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("You proposed it yourself: somebody else decides on it."))


def decide(
    session: Session, response_id: int, *, decided_by: str, words: str, seen: int, by: Principal, now: datetime
) -> Response:
    """`decided_by` in words: whoever decides need not have an account here."""
    return _settle(session, response_id, ResponseAct.DECIDED, decided_by, words, seen=seen, by=by, now=now)


def decline(
    session: Session, response_id: int, *, decided_by: str, words: str, seen: int, by: Principal, now: datetime
) -> Response:
    """With the reason, for whoever asks later why nothing was done."""
    return _settle(session, response_id, ResponseAct.DECLINED, decided_by, words, seen=seen, by=by, now=now)


def is_for_own_request(session: Session, response: Response, somebody: Principal) -> bool:
    """Whoever asks for help does not decide what is done for them."""
    number = response.assistance_id
    call = assistance.seen(session, number, somebody.scope, somebody.clearance) if number is not None else None
    return call is not None and is_own(call.request, somebody)


def is_own_proposal(session: Session, response: Response, somebody: Principal) -> bool:
    """Whoever proposes does not decide, unless the desk has no second person."""
    return response.proposed_by == somebody.person_id and not codings.accepts_own(session)


def _settle(
    session: Session,
    response_id: int,
    act: ResponseAct,
    decided_by: str,
    words: str,
    *,
    seen: int,
    by: Principal,
    now: datetime,
) -> Response:
    situation, response = held(session, response_id, by, seen=seen)
    if is_for_own_request(session, response, by):
        raise ForOwnRequest
    if is_own_proposal(session, response, by):
        raise OwnProposal
    who, words = line(decided_by), spoken(words)
    move = step_from(response, act, {Need.DECIDED_BY: bool(who), Need.WORDS: bool(words)})
    take(response, move, due_on=due_on(move.target, now.date()), now=now)
    response.decided_by = who
    write_down(session, situation, response, act, {"decided_by": who}, by=by, now=now, words=words)
    return response
