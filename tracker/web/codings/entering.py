"""Coming in: a session begins in this browser, and whatever session it had before is over."""

from flask import request

from tracker.actions import sign_ins
from tracker.storage import sign_ins as kept
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.web import session as browser
from tracker.web.clock import now


def enter(session: Session, person: Person, *, with_: str) -> None:
    """With a new key, always: one that somebody slipped into the browser beforehand must not become valid."""
    leave(session)
    key = sign_ins.start(
        session,
        person,
        address=request.remote_addr or "",
        browser=request.user_agent.string,
        now=now(),
        with_=with_,
    )
    browser.begin(key)


def leave(session: Session) -> None:
    """The session of this browser, if it has one, is over."""
    found = browser.signed_in()
    sign_in = kept.by_id(session, found.sign_in_id) if found else None
    if sign_in is not None:
        sign_ins.end(session, sign_in, by=sign_in.person_id, now=now())
    browser.forget()
