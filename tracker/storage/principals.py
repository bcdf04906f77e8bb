"""Who is behind the key of a sign-in?"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, String, bindparam, cast, literal, select, union_all

from tracker.access import PersonStatus, Principal, Role, scope_of
from tracker.handling import Mark
from tracker.storage import own_things
from tracker.storage.base import Session
from tracker.storage.models import GroupMember, Person, PersonRole, ScopeCountry, ScopeGroup, SignIn
from tracker.storage.own_things import Own
from tracker.storage.readers import Visit


@dataclass(frozen=True)
class SignedIn:
    """A person and the sign-in through which they ask."""

    principal: Principal
    sign_in_id: int
    email: str
    language: str
    time_zone: str
    expires_at: datetime
    own: Own


def signed_in(session: Session, key_hash: str, *, now: datetime) -> SignedIn | None:
    """None: no such sign-in, or it has ended or expired, or its person is not active any more."""
    row = session.execute(_behind(), {"key_hash": key_hash, "now": now}).first()
    if row is None:
        return None
    return SignedIn(
        principal=_principals(session, [row])[0],
        sign_in_id=row.sign_in_id,
        email=row.email,
        language=row.language,
        time_zone=row.time_zone,
        expires_at=row.expires_at,
        own=own_things.of_person(session, row.id, row.new_since),
    )


def principal_of(session: Session, person: Person) -> Principal:
    return _principals(session, [person])[0]


def principals_of(session: Session, people: Sequence[Person]) -> list[Principal]:
    """In their order, however many, by one question."""
    return _principals(session, people)


def _principals(session: Session, people: Sequence[Any]) -> list[Principal]:
    given: dict[tuple[int, str], set[str]] = defaultdict(set)
    for person_id, kind, value in session.execute(_given(), {"people": [person.id for person in people]}):
        given[person_id, kind].add(value)
    return [
        Principal(
            person_id=person.id,
            name=person.name,
            roles=frozenset(Role(role) for role in given[person.id, "role"]),
            scope=scope_of(person.sees_all, given[person.id, "country"], [given[person.id, "member"]]),
            clearance=Mark(person.clearance),
        )
        for person in people
    ]


@cache
def _behind() -> Select[*tuple[Any, ...]]:
    return (
        select(
            *(SignIn.id.label("sign_in_id"), Person.id, Person.name, Person.email, Person.language, Person.time_zone),
            *(Person.sees_all, Person.clearance, SignIn.expires_at, Visit.new_since),
        )
        .join(Person, Person.id == SignIn.person_id)
        .outerjoin(Visit, Visit.person_id == Person.id)
        .where(
            SignIn.key_hash == bindparam("key_hash"),
            SignIn.ended_at.is_(None),
            SignIn.expires_at > bindparam("now"),
            Person.status == PersonStatus.ACTIVE,
        )
    )


@cache
def _given() -> Any:
    """All that was given to people, in one question: every page asks it."""
    asked: Any = bindparam("people", expanding=True)
    role, country, group = PersonRole.person_id, ScopeCountry.person_id, ScopeGroup.person_id
    return union_all(
        select(role, literal("role"), cast(PersonRole.role, String)).where(role.in_(asked)),
        select(country, literal("country"), ScopeCountry.iso3).where(country.in_(asked)),
        select(group, literal("member"), GroupMember.iso3)
        .join(ScopeGroup, ScopeGroup.group_key == GroupMember.group_key)
        .where(group.in_(asked)),
    )
