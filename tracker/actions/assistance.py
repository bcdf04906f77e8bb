"""A State asks for help; it is answered or declined in words, or withdrawn by who asked."""

from datetime import datetime

from tracker.access import Principal, Role
from tracker.actions import audit
from tracker.actions.situations.keeping import hold_country, refuse_mark
from tracker.assistance import AssistanceState, Wish, refuse_end, refuse_unfit
from tracker.handling import Mark
from tracker.refusal import N_, NotThere, Refusal
from tracker.storage import assistance
from tracker.storage.base import Session
from tracker.storage.responding import AssistanceRequest


class NoSuchRequest(NotThere):
    def __init__(self) -> None:
        super().__init__(N_("There is no such request for help."))


class OwnRequest(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("You asked for it yourself: somebody else says what becomes of it."))


def ask(session: Session, iso3: str, wish: Wish, *, handling: Mark, by: Principal, now: datetime) -> AssistanceRequest:
    """The same once more, while it is open, changes nothing."""
    refuse_unfit(wish, now.date(), speaks_for_itself=speaks_for_itself(by))
    refuse_mark(handling, by)
    if not by.reaches(iso3) or hold_country(session, iso3) is None:
        raise NotThere(N_("There is no such country."))
    for one in assistance.alike(session, iso3, by.person_id, wish.kind, wish.title):
        if (_wish_of(one), one.handling) == (wish, handling):
            return one
    made = AssistanceRequest(iso3=iso3, kind=wish.kind, title=wish.title, words=wish.words, handling=handling)
    made.on_behalf_of, made.needed_by = wish.on_behalf_of, wish.needed_by
    made.asked_at, made.asked_by = now, by.person_id
    made.state, made.answer = AssistanceState.OPEN, ""
    session.add(made)
    session.flush()
    audit.record(session, "assistance asked for", subject_of(made), by=by.person_id, now=now)
    return made


def settle(
    session: Session, request_id: int, state: AssistanceState, words: str, *, by: Principal, now: datetime
) -> None:
    """Answered or declined, by another than who asked. The same once more changes nothing."""
    assert state in (AssistanceState.ANSWERED, AssistanceState.DECLINED), "withdrawing is another act"
    found = _held(session, request_id, by)
    if is_own(found, by):
        raise OwnRequest
    _end(found, session, state, words, by=by, now=now)


def withdraw(session: Session, request_id: int, words: str, *, by: Principal, now: datetime) -> None:
    """By who asked, and nobody else."""
    found = _held(session, request_id, by)
    if found.asked_by != by.person_id:
        raise NoSuchRequest
    _end(found, session, AssistanceState.WITHDRAWN, words, by=by, now=now)


def speaks_for_itself(asker: Principal) -> bool:
    """A focal point asks for their own State."""
    return Role.FOCAL_POINT in asker.roles


def is_own(found: AssistanceRequest, somebody: Principal) -> bool:
    """They asked for their own State. What they wrote down for another that asked is not theirs."""
    return found.asked_by == somebody.person_id and not found.on_behalf_of


def subject_of(found: AssistanceRequest) -> str:
    """What the audit log calls it: where, never what is asked."""
    return f"assistance {found.id}: {found.iso3}"


def _wish_of(one: AssistanceRequest) -> Wish:
    return Wish(one.kind, one.title, one.words, one.needed_by, one.on_behalf_of)


def _held(session: Session, request_id: int, by: Principal) -> AssistanceRequest:
    shown = assistance.seen(session, request_id, by.scope, by.clearance)
    if shown is None:
        raise NoSuchRequest
    hold_country(session, shown.request.iso3)
    found = assistance.locked(session, request_id)
    assert found is not None, "requests are never removed, and their marks never rise"
    return found


def _end(
    found: AssistanceRequest,
    session: Session,
    state: AssistanceState,
    words: str,
    *,
    by: Principal,
    now: datetime,
) -> None:
    words = words.strip()
    if (found.state, found.answer, found.answered_by) == (state, words, by.person_id):
        return
    refuse_end(found.state, words)
    found.state, found.answer = state, words
    found.answered_at, found.answered_by = now, by.person_id
    session.flush()
    audit.record(session, f"assistance {state.value}", subject_of(found), by=by.person_id, now=now)
