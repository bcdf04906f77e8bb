"""Who is behind the key of a sign-in?"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tracker.access import PersonStatus, Principal, scope_of
from tracker.handling import Mark
from tracker.storage.base import Session
from tracker.storage.models import GroupMember, Person, SignIn


@dataclass(frozen=True)
class SignedIn:
    """A person and the sign-in through which they ask."""

    principal: Principal
    sign_in_id: int
    email: str
    language: str
    time_zone: str


def signed_in(session: Session, key_hash: str, now: datetime) -> SignedIn | None:
    """None: no such sign-in, or it has ended or expired, or its person is not active any more."""
    query = (
        select(SignIn.id, Person)
        .join(Person, Person.id == SignIn.person_id)
        .where(
            SignIn.key_hash == key_hash,
            SignIn.ended_at.is_(None),
            SignIn.expires_at > now,
            Person.status == PersonStatus.ACTIVE,
        )
    )
    row = session.execute(query).first()
    if row is None:
        return None
    person = row.Person
    return SignedIn(
        principal=principal_of(session, person),
        sign_in_id=row.id,
        email=person.email,
        language=person.language,
        time_zone=person.time_zone,
    )


def principal_of(session: Session, person: Person) -> Principal:
    return Principal(
        person_id=person.id,
        name=person.name,
        roles=frozenset(row.role for row in person.roles),
        scope=_scope(session, person),
        clearance=Mark(person.clearance),
    )


def _scope(session: Session, person: Person) -> frozenset[str] | None:
    if person.sees_all:
        return None
    groups = [row.group_key for row in person.scope_groups]
    members = session.scalars(select(GroupMember.iso3).where(GroupMember.group_key.in_(groups)))
    return scope_of(False, [row.iso3 for row in person.scope_countries], [list(members)])
