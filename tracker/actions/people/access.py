"""What somebody may see and do, and whether they may come in at all. Decided by administrators.

Every change ends that person's sessions: what was taken away is gone with the next request.
"""

from datetime import datetime
from typing import Any

from tracker.access import PersonStatus, Role
from tracker.actions import audit, sign_ins
from tracker.handling import Mark
from tracker.person import Access
from tracker.refusal import N_, NotThere, OutOfTurn, Refusal
from tracker.storage import links, people
from tracker.storage.admitting import Person, PersonRole, ScopeCountry, ScopeGroup
from tracker.storage.base import Session


class NobodyThere(NotThere):
    def __init__(self) -> None:
        super().__init__(N_("There is no such person."))


class LastAdministrator(OutOfTurn):
    def __init__(self) -> None:
        super().__init__(N_("This is the only active administrator: make somebody else administrator first."))


class NoRole(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Choose at least one role."))


class MoreThanOneCountry(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("A focal point works on one country alone: name it, and no group."))


class UnknownPlace(Refusal):
    def __init__(self, places: frozenset[str]) -> None:
        super().__init__(N_("There is no country or group %(places)s."), places=", ".join(sorted(places)))


class AccessChangedMeanwhile(OutOfTurn):
    """Somebody else changed it since the form was opened. Carries both, so that whoever asked can choose."""

    def __init__(self, *, current: Access, wanted: Access) -> None:
        super().__init__(N_("Somebody else changed this meanwhile. Nothing was saved: compare, then save again."))
        self.current = current
        self.wanted = wanted


def locked(session: Session, person_id: int) -> Person:
    """As they are now, and nobody else's to change until this transaction ends."""
    people.queue_up(session)
    person = people.locked(session, person_id)
    if person is None:
        raise NobodyThere
    return person


def access_of(person: Person) -> Access:
    return Access(
        roles=frozenset(row.role for row in person.roles),
        sees_all=person.sees_all,
        countries=frozenset(row.iso3 for row in person.scope_countries),
        groups=frozenset(row.group_key for row in person.scope_groups),
        clearance=Mark(person.clearance),
    )


def recorded(person: Person) -> dict[str, Any]:
    """A person as the audit log keeps one: nothing secret."""
    return {"email": person.email, "name": person.name, "status": person.status} | access_of(person).recorded()


def set_access(session: Session, person: Person, access: Access) -> None:
    """Without asking whether it may be, and without recording it: for those who do."""
    if not access.roles:
        raise NoRole
    if not access.is_fit:
        raise MoreThanOneCountry
    unknown = people.unknown_places(session, access.countries, access.groups)
    if unknown:
        raise UnknownPlace(unknown)
    person.sees_all = access.sees_all
    person.clearance = access.clearance
    person.roles = [PersonRole(role=role) for role in sorted(access.roles)]
    # Who sees every country needs none named; kept, they would come back as a surprise.
    countries, groups = (frozenset[str](), frozenset[str]()) if access.sees_all else (access.countries, access.groups)
    person.scope_countries = [ScopeCountry(iso3=iso3) for iso3 in sorted(countries)]
    person.scope_groups = [ScopeGroup(group_key=key) for key in sorted(groups)]


def change_access(
    session: Session, person_id: int, wanted: Access, *, shown: str, by: int | None, now: datetime
) -> Person:
    """`shown` is the digest of the access that the form was opened with: what else changed in that person's row, such
    as their language, is no reason to refuse. The same access again changes nothing.
    """
    person = locked(session, person_id)
    current = access_of(person)
    if current.digest() != shown:
        raise AccessChangedMeanwhile(current=current, wanted=wanted)
    if Role.ADMINISTRATOR not in wanted.roles:
        _refuse_the_last_administrator(session, person)
    set_access(session, person, wanted)
    if access_of(person) == current:
        return person
    people.mark_changed(person)
    session.flush()
    sign_ins.end_all(session, person.id, by=by, now=now)
    before, after = current.recorded(), access_of(person).recorded()
    audit.record(session, "access changed", f"person {person.id}", by=by, now=now, before=before, after=after)
    return person


def deactivate(session: Session, person_id: int, *, by: int | None, now: datetime, reason: str | None = None) -> Person:
    """Sessions end, links stop working; what the person recorded stays."""
    person = locked(session, person_id)
    _refuse_the_last_administrator(session, person)
    if person.status is PersonStatus.DEACTIVATED:
        return person
    links.end_all_of(session, person.id, now=now)
    sign_ins.end_all(session, person.id, by=by, now=now)
    _set_status(session, person, PersonStatus.DEACTIVATED, "person deactivated", by, now, reason)
    return person


def reactivate(session: Session, person_id: int, *, by: int | None, now: datetime) -> Person:
    """Whoever never chose a password is invited again, not active."""
    person = locked(session, person_id)
    if person.status is not PersonStatus.DEACTIVATED:
        return person
    status = PersonStatus.ACTIVE if person.password_hash else PersonStatus.INVITED
    _set_status(session, person, status, "person reactivated", by, now, None)
    return person


def _set_status(
    session: Session,
    person: Person,
    status: PersonStatus,
    action: str,
    by: int | None,
    now: datetime,
    reason: str | None,
) -> None:
    before = {"status": person.status}
    person.status = status
    session.flush()
    after = {"status": status}
    audit.record(session, action, f"person {person.id}", by=by, now=now, before=before, after=after, reason=reason)


def _refuse_the_last_administrator(session: Session, person: Person) -> None:
    administrators = people.active_administrators(session)
    if [administrator.id for administrator in administrators] == [person.id]:
        raise LastAdministrator
