"""Who is behind the key of a sign-in?"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Row, Select, String, bindparam, cast, literal, null, select, union_all

from tracker.access import PersonStatus, Principal, Role, scope_of
from tracker.handling import Mark
from tracker.storage import own_things
from tracker.storage.admitting import Person, PersonRole, ScopeCountry, ScopeGroup, SignIn
from tracker.storage.base import Session
from tracker.storage.own_things import Own
from tracker.storage.readers import Visit
from tracker.storage.watching import GroupMember


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
    given = session.execute(_given_and_own(), {"people": [row.id]}).all()
    return SignedIn(
        principal=_principals([row], given)[0],
        sign_in_id=row.sign_in_id,
        email=row.email,
        language=row.language,
        time_zone=row.time_zone,
        expires_at=row.expires_at,
        own=own_things.among(given, row.new_since),
    )


def principal_of(session: Session, person: Person) -> Principal:
    return principals_of(session, [person])[0]


def principals_of(session: Session, people: Sequence[Person]) -> list[Principal]:
    """In their order, however many, by one question."""
    return _principals(people, session.execute(_given(), {"people": [person.id for person in people]}).all())


def _principals(people: Sequence[Any], found: Sequence[Row[Any]]) -> list[Principal]:
    given: dict[tuple[int, str], set[str]] = defaultdict(set)
    for row in found:
        given[row.person_id, row.kind].add(row.value)
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
def _given() -> CompoundSelect[*tuple[Any, ...]]:
    return union_all(*_all_given())


@cache
def _given_and_own() -> CompoundSelect[*tuple[Any, ...]]:
    """With what they keep for themselves, in one question: every first page of a sign-in asks it."""
    nothing = [cast(null(), kind).label(name) for name, kind in own_things.BESIDES.items()]
    return union_all(*(query.add_columns(*nothing) for query in _all_given()), *own_things.kept_by(_people()))


def _all_given() -> list[Select[*tuple[Any, ...]]]:
    role, country, group = PersonRole.person_id, ScopeCountry.person_id, ScopeGroup.person_id
    member = GroupMember.iso3
    return [
        _of(role, "role", cast(PersonRole.role, String)).where(role.in_(_people())),
        _of(country, "country", ScopeCountry.iso3).where(country.in_(_people())),
        _of(group, "member", member)
        .join(ScopeGroup, ScopeGroup.group_key == GroupMember.group_key)
        .where(group.in_(_people())),
    ]


def _of(person: Any, kind: str, value: Any) -> Select[*tuple[Any, ...]]:
    return select(person.label("person_id"), literal(kind).label("kind"), value.label("value"))


def _people() -> Any:
    return bindparam("people", expanding=True)
