"""Passwords: which are refused, and how they are kept."""

import unicodedata
from functools import cache
from itertools import pairwise
from threading import BoundedSemaphore
from typing import NewType

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tracker.person import LONGEST_NAME
from tracker.refusal import N_, Refusal
from tracker.storage import people
from tracker.storage.admitting import Person
from tracker.storage.base import Session

SHORTEST = 12
LONGEST = 200
FEWEST_DIFFERENT = 5
# Words of a name that are shorter stand in too many good passwords.
SHORTEST_TELLING_WORD = 4

_RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop")
_NEIGHBOURS = frozenset(pair for run in _RUNS for way in (run, run[::-1]) for pair in pairwise(way))
_COMMON = (
    "password",
    "passwort",
    "motdepasse",
    "contrasena",
    "welcome",
    "letmein",
    "iloveyou",
    "administrator",
    "changeme",
)

# The library's defaults follow RFC 9106: argon2id, 64 MiB, three passes.
_hasher = PasswordHasher()
# Each hashing takes 64 MiB and a core: more at once would let a few visitors exhaust the machine.
_at_once = BoundedSemaphore(2)

PasswordHash = NewType("PasswordHash", str)


class PasswordRefused(Refusal):
    """Carries every reason, so that nobody has to find them out one by one."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class WrongPassword(Refusal):
    """The password that was asked for again, of somebody who is signed in."""

    def __init__(self) -> None:
        super().__init__(N_("That is not your current password."))


def chosen(password: str, *, email: str, name: str) -> PasswordHash:
    """The hash to keep, or a refusal. Slow on purpose: call it before a transaction, not within."""
    reasons = refusals(password, email=email, name=name)
    if reasons:
        raise PasswordRefused(reasons)
    return hash_password(password)


def hash_password(password: str) -> PasswordHash:
    with _at_once:
        return PasswordHash(_hasher.hash(_normal(password)))


def matches(password_hash: str | None, password: str) -> bool:
    """Takes as long for an account that does not exist (None) as for one that does."""
    stand_in = _stand_in(_hasher)
    with _at_once:
        try:
            _hasher.verify(password_hash or stand_in, _normal(password))
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def renew_hash(session: Session, person: Person, new: PasswordHash) -> None:
    """The same password under today's parameters: nothing that the audit log would tell of."""
    assert person.password_hash is not None
    people.replace_password_hash(session, person.id, old=person.password_hash, new=new)


def refusals(password: str, *, email: str, name: str) -> list[str]:
    """Why this password is too easy to guess; nothing, if it is not."""
    word = _normal(password).casefold()
    reasons = []
    if len(word) < SHORTEST:
        reasons.append(N_("Use at least 12 characters."))
    if len(password) > LONGEST:
        reasons.append(N_("Use at most 200 characters."))
    if word and len(set(word)) < FEWEST_DIFFERENT:
        reasons.append(N_("Use at least 5 different characters."))
    if _tells_who(word, email, name):
        reasons.append(N_("Do not use your name or address."))
    if _is_run(word) or _is_common(word):
        reasons.append(N_("Do not use a row of keys, the alphabet, counting or a common password."))
    return reasons


def _normal(password: str) -> str:
    # The same password typed on two systems may arrive as different code points.
    return unicodedata.normalize("NFKC", password[: LONGEST * 4])


def _tells_who(word: str, email: str, name: str) -> bool:
    local_part = email.partition("@")[0]
    parts = [*name[:LONGEST_NAME].split(), local_part]
    return any(len(part) >= SHORTEST_TELLING_WORD and part.casefold() in word for part in parts)


def _is_run(word: str) -> bool:
    """At least three steps of four go to a neighbour on the keyboard, in the alphabet or in counting."""
    steps = list(pairwise(word))
    return bool(steps) and sum(step in _NEIGHBOURS for step in steps) * 4 >= len(steps) * 3


def _is_common(word: str) -> bool:
    """A common password, also repeated or with digits and signs around it."""
    letters = "".join(letter for letter in word if letter.isalpha())
    return any(letters and not letters.replace(common, "") for common in _COMMON)


@cache
def _stand_in(hasher: PasswordHasher) -> str:
    """What the password of a missing account is compared with."""
    return hasher.hash("nobody's password")
