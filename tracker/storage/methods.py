"""Every version of the method and of each rule: the drafts, what is in force, what was."""

from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import Select, bindparam, func, select

from tracker.method import Method
from tracker.storage.base import Session
from tracker.storage.conclusions import MethodVersion


class SwitchedOn(NamedTuple):
    """A version that was in force from then on, until the next one was."""

    number: int
    fingerprint: str
    since: datetime


def number_in_force(session: Session, at: datetime | None = None) -> int | None:
    """The version that counts, or counted then. None: none was in force yet."""
    if at is None:
        return session.connection().scalar(number_alone())
    return session.scalar(number_alone().where(MethodVersion.in_force_since <= at))


def in_force(session: Session, at: datetime | None = None) -> tuple[int, Method] | None:
    query = _in_force_whole() if at is None else _in_force_whole().where(MethodVersion.in_force_since <= at)
    found = session.connection().execute(query).first()
    return None if found is None else (found.number, read(session, found.number, found.fingerprint))


def method_of(session: Session, number: int) -> Method:
    fingerprint = session.connection().scalar(_fingerprint(), {"number": number})
    if fingerprint is None:
        raise KeyError(f"there is no version {number} of the method")
    return read(session, number, fingerprint)


def read(session: Session, number: int, fingerprint: str) -> Method:
    """A version never changes: whoever has read it once need not read it again."""
    known = _KNOWN.get(fingerprint)
    if known is None:
        known = _KNOWN[fingerprint] = Method.from_plain(session.get_one(MethodVersion, number).content)
    return known


def version_of(session: Session, number: int) -> MethodVersion:
    return session.get_one(MethodVersion, number)


def versions(session: Session) -> list[MethodVersion]:
    """The newest first."""
    return list(session.scalars(select(MethodVersion).order_by(MethodVersion.number.desc())))


def ever_in_force(session: Session) -> list[SwitchedOn]:
    """The earliest first."""
    query = (
        select(MethodVersion.number, MethodVersion.fingerprint, MethodVersion.in_force_since)
        .where(MethodVersion.in_force_since.is_not(None))
        .order_by(MethodVersion.in_force_since, MethodVersion.number)
    )
    return [SwitchedOn._make(row) for row in session.execute(query)]


def highest_number(session: Session) -> int:
    return session.scalar(select(func.max(MethodVersion.number))) or 0


@cache
def number_alone() -> Select[int]:
    """Of the version in force."""
    return (
        select(MethodVersion.number)
        .where(MethodVersion.in_force_since.is_not(None))
        .order_by(MethodVersion.in_force_since.desc(), MethodVersion.number.desc())
        .limit(1)
    )


@cache
def _in_force_whole() -> Select[int, str]:
    return number_alone().add_columns(MethodVersion.fingerprint)


@cache
def _fingerprint() -> Select[str]:
    return select(MethodVersion.fingerprint).where(MethodVersion.number == bindparam("number"))


# By fingerprint: two databases of one process, as in the tests, may call different methods by one number.
_KNOWN: dict[str, Method] = {}
