"""Signing in and out: a session is a row, which can be ended; guessing has to wait."""

import hashlib
import math
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from tracker.access import PersonStatus
from tracker.actions import audit, reading
from tracker.refusal import N_, Refusal
from tracker.storage import people, sign_in_attempts, sign_ins
from tracker.storage.admitting import Person, SignIn
from tracker.storage.base import Session

LONGEST_SESSION = timedelta(hours=12)
LONGEST_ADDRESS = 60
LONGEST_BROWSER = 200


class Limit(NamedTuple):
    attempts: int
    within: timedelta


PASSWORD_LIMITS = (Limit(6, timedelta(minutes=1)),)
# A code has six digits: whoever knows the password must not get through them by patience either.
CODE_LIMITS = (Limit(6, timedelta(minutes=1)), Limit(20, timedelta(hours=1)))
# Of everybody together: who asks for a challenge is not known, and each one is a row.
PASSKEY_LIMITS = (Limit(60, timedelta(minutes=1)),)
# Mail goes out to somebody who may not have asked for it.
RESET_LIMITS = (Limit(3, timedelta(minutes=15)),)


class MustWait(Refusal):
    """Too many attempts on one account. Others do not wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(N_("Too many attempts. Wait %(seconds)s seconds, then try again."), seconds=seconds)
        self.seconds = seconds


def reserve_attempt(
    session: Session, account: str, *, now: datetime, limits: Sequence[Limit] = PASSWORD_LIMITS
) -> None:
    """Counts an attempt before it is made. Commit it before the password is looked at: then parallel guesses count too.

    The account is whatever was typed; whether it exists makes no difference.
    """
    account_hash = _account_hash(account)
    sign_in_attempts.lock(session, account_hash)
    for limit in limits:
        recent = sign_in_attempts.since(session, account_hash, now - limit.within)
        if len(recent) >= limit.attempts:
            free_again = recent[limit.attempts - 1] + limit.within
            raise MustWait(max(1, math.ceil((free_again - now).total_seconds())))
    sign_in_attempts.remember(session, account_hash, now)


def forgive_attempts(session: Session, account: str) -> None:
    sign_in_attempts.forget(session, _account_hash(account))


def owner_of_password(session: Session, person_id: int, password_hash: str) -> Person | None:
    """Whoever showed that password a moment ago, locked; None: it was changed since, or they may not come in any more.

    Checking a password takes long and happens outside of any transaction: ask this in the one that lets them in.
    """
    people.queue_up(session)
    person = people.locked(session, person_id)
    if person is None or person.status is not PersonStatus.ACTIVE or person.password_hash != password_hash:
        return None
    return person


def key_hash_of(key: str) -> str:
    # A key has 256 random bits: it needs no slow hash.
    return hashlib.sha256(key.encode()).hexdigest()


def start(
    session: Session, person: Person, *, address: str, browser: str, now: datetime, with_: str = "password"
) -> str:
    """The key of the new session, which is kept nowhere but in that browser."""
    reading.begin_visit(session, person.id, last_visit_on=sign_ins.last_start_of(session, person.id))
    key = secrets.token_urlsafe(32)
    sign_in = SignIn(
        key_hash=key_hash_of(key),
        person_id=person.id,
        started_at=now,
        expires_at=now + LONGEST_SESSION,
        address=address[:LONGEST_ADDRESS],
        browser=browser[:LONGEST_BROWSER],
    )
    session.add(sign_in)
    session.flush()
    audit.record(session, "signed in", f"person {person.id}", by=person.id, now=now, after={"with": with_})
    return key


def end(session: Session, sign_in: SignIn, *, by: int | None, now: datetime) -> None:
    """Ending what has ended changes nothing."""
    if sign_in.ended_at is not None:
        return
    sign_in.ended_at = now
    session.flush()
    action = "signed out" if by == sign_in.person_id else "session ended"
    audit.record(session, action, f"person {sign_in.person_id}", by=by, now=now)


def end_all(session: Session, person_id: int, *, by: int | None, now: datetime, except_id: int | None = None) -> int:
    """How many were open."""
    ended = sign_ins.end_open(session, person_id, now=now, except_id=except_id)
    if ended:
        audit.record(session, "sessions ended", f"person {person_id}", by=by, now=now, after={"ended": ended})
    return ended


def _account_hash(account: str) -> str:
    return hashlib.sha256(account.encode()).hexdigest()
