"""One-time codes from an app (RFC 6238), and recovery codes for the day the phone is lost."""

import hashlib
import hmac
import secrets
import unicodedata
from datetime import datetime, timedelta

import pyotp

from tracker.actions import audit
from tracker.actions.sealing import Seal, Unreadable
from tracker.refusal import N_, Refusal
from tracker.storage import links, people, recovery_codes
from tracker.storage.admitting import LinkPurpose, Person, RecoveryCode
from tracker.storage.base import Session

STEP = timedelta(seconds=30)
DIGITS = 6
# Clocks of phones are off by a little: the code before and the code after count too.
STEPS_EITHER_SIDE = 1
RECOVERY_CODES = 10
LENGTH = 16
# Between a right password and its code.
HALF_WAY_LIFETIME = timedelta(minutes=10)
SET_UP_WITHIN = timedelta(minutes=20)
# Without letters that are taken for each other (0 o, 1 i l).
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class CodeRefused(Refusal):
    """Wrong, too old, or used before."""

    def __init__(self) -> None:
        super().__init__(N_("That code does not work. Enter the newest code that your app shows; each works once."))


class SetUpTooOld(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Setting up took too long. Scan the new picture and enter its code."))


def is_on(person: Person) -> bool:
    return person.totp_secret is not None


def propose(person: Person, seal: Seal, *, now: datetime) -> str:
    """A fresh secret for this person, sealed: a form carries it until a code proves that the app has it."""
    return seal.close(f"{person.id} {pyotp.random_base32()}", now=now)


def proposed_secret(person: Person, proposal: str, seal: Seal, *, now: datetime) -> str:
    """What a proposal holds. Those of other people and of yesterday are refused."""
    try:
        person_id, _, secret = seal.open_fresh(proposal, SET_UP_WITHIN, now=now).partition(" ")
    except Unreadable:
        raise SetUpTooOld from None
    if person_id != str(person.id):
        raise SetUpTooOld
    return secret


def address_for_app(person: Person, secret: str, issuer: str) -> str:
    """What the picture says: an otpauth:// address."""
    return pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name=issuer)


def switch_on(session: Session, person: Person, proposal: str, code: str, *, seal: Seal, now: datetime) -> list[str]:
    """The recovery codes, to be shown once."""
    secret = proposed_secret(person, proposal, seal, now=now)
    step = _matching_step(secret, code, now)
    if step is None:
        raise CodeRefused
    person.totp_secret = seal.close(secret, now=now)
    person.totp_last_step = step
    session.flush()
    links.end_open(session, LinkPurpose.SECOND_FACTOR, person.id, now=now)
    codes = _new_recovery_codes(session, person)
    audit.record(session, "one-time codes switched on", f"person {person.id}", by=person.id, now=now)
    return codes


def switch_off(session: Session, person: Person, *, by: int | None, now: datetime, reason: str | None = None) -> None:
    """Also by an administrator, for somebody who has lost phone and recovery codes."""
    if not is_on(person):
        return
    person.totp_secret = None
    person.totp_last_step = None
    session.flush()
    # Whoever is half way in was asked for a code of the old secret: they begin again.
    links.end_open(session, LinkPurpose.SECOND_FACTOR, person.id, now=now)
    recovery_codes.forget_all(session, person.id)
    audit.record(session, "one-time codes switched off", f"person {person.id}", by=by, now=now, reason=reason)


def check(session: Session, person: Person, code: str, *, seal: Seal, now: datetime) -> None:
    """Accepts a code of the app or a recovery code, each once."""
    typed = "".join(code.split()).replace("-", "").lower()
    if typed.isdecimal() and len(typed) == 6:
        _check_app_code(session, person, typed, seal, now)
        return
    if not recovery_codes.mark_used(session, person.id, _recovery_hash(person.id, typed), now=now):
        raise CodeRefused
    left = recovery_codes.how_many_left(session, person.id)
    audit.record(session, "recovery code used", f"person {person.id}", by=person.id, now=now, after={"left": left})


def renew_recovery_codes(session: Session, person: Person, *, now: datetime) -> list[str]:
    """The old ones stop working; the new ones are shown once."""
    codes = _new_recovery_codes(session, person)
    audit.record(session, "recovery codes renewed", f"person {person.id}", by=person.id, now=now)
    return codes


def _check_app_code(session: Session, person: Person, code: str, seal: Seal, now: datetime) -> None:
    if person.totp_secret is None:
        raise CodeRefused
    try:
        secret = seal.open(person.totp_secret)
    except Unreadable:
        # The installation's secret was changed: nobody can tell which code would be right.
        raise CodeRefused from None
    step = _matching_step(secret, code, now)
    if step is None or not people.use_totp_step(session, person.id, step):
        raise CodeRefused


def _matching_step(secret: str, code: str, now: datetime) -> int | None:
    current = int(now.timestamp()) // int(STEP.total_seconds())
    for step in range(current - STEPS_EITHER_SIDE, current + STEPS_EITHER_SIDE + 1):
        if hmac.compare_digest(pyotp.HOTP(secret).at(step).encode(), _plain(code).encode()):
            return step
    return None


def _new_recovery_codes(session: Session, person: Person) -> list[str]:
    recovery_codes.forget_all(session, person.id)
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(LENGTH)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(person_id=person.id, code_hash=_recovery_hash(person.id, code)) for code in codes)
    session.flush()
    return ["-".join(code[start : start + 4] for start in range(0, LENGTH, 4)) for code in codes]


def _plain(code: str) -> str:
    """As typed from a screen or from paper: with blanks and hyphens, in capitals, in Arabic digits."""
    letters = (letter for letter in code.lower() if not letter.isspace() and letter != "-")
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in letters)


def _recovery_hash(person_id: int, code: str) -> str:
    # 79 random bits need no slow hash. The person is part of it, so that nobody
    # finds out that two people have the same code.
    return hashlib.sha256(f"{person_id} {code}".encode()).hexdigest()
