"""Whose account is a focal point's: one that exists already is linked to them, or no longer.

Linking closes what the account saw of other countries. It takes no rights from people of the house: whoever does more
than read is linked once an administrator has said so on their own page, with the role.
"""

from datetime import datetime

from tracker.access import PersonStatus, Principal, Role
from tracker.actions import audit
from tracker.actions.digests.subscribing import subscribe
from tracker.actions.focal_points import (
    FocalPointChanged,
    HasAnAccount,
    NoSuchFocalPoint,
    OfNoCountry,
    held,
    subject_of,
)
from tracker.actions.people import access
from tracker.focal_point import EndedAlready
from tracker.person import Access, tidy_address
from tracker.refusal import N_, Refusal
from tracker.storage import focal_points, people, subscriptions
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.subscription import Wanted


class NoSuchAccount(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Nobody here has this address: invite the focal point instead."))


class AccountClosed(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("This account is deactivated: reactivate it first, on the page “People”."))


class DoesMore(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_(
                "This account does more than read, and a focal point sees one country alone: "
                "give it the focal point's role first, on the page “People”, if that is meant."
            )
        )


class AnswersElsewhere(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("This account is that of a focal point of another country."))


def link(session: Session, focal_point_id: int, email: str, *, digest: Wanted, by: Principal, now: datetime) -> Person:
    """The account becomes one that sees this country and no other. Who has no digest yet gets one, to change or leave.

    The same once more changes nothing.
    """
    shown = focal_points.seen(session, focal_point_id, by.scope, by.clearance)
    if shown is None or shown.who is None:
        raise NoSuchFocalPoint
    if shown.iso3 is None:
        raise OfNoCountry
    known = people.by_email(session, tidy_address(email))
    if known is None:
        raise NoSuchAccount
    person = access.locked(session, known.id)
    found = held(session, focal_point_id, by=by)
    if found.until is not None:
        raise EndedAlready
    if found.person_id is not None and found.person_id != person.id:
        raise HasAnAccount
    if found.person_id == person.id:
        return person
    _refuse_unfit(session, person, shown.iso3)
    _narrow(session, person, shown.iso3, by=by, now=now)
    if not subscriptions.how_many_of(session, person.id):
        subscribe(session, person.id, digest, by=by, now=now)
    found.person_id = person.id
    session.flush()
    after = {"person": person.id}
    audit.record(session, "focal point linked", subject_of(found), by=by.person_id, now=now, after=after)
    return person


def unlink(session: Session, focal_point_id: int, person_id: int, *, by: Principal, now: datetime) -> None:
    """The account stays as it is, and so does what it may see. `person_id`: the one that was shown.

    The same once more changes nothing.
    """
    found = held(session, focal_point_id, by=by)
    if found.person_id is None:
        return
    if found.person_id != person_id:
        raise FocalPointChanged
    found.person_id = None
    session.flush()
    before = {"person": person_id}
    audit.record(session, "focal point unlinked", subject_of(found), by=by.person_id, now=now, before=before)


def _refuse_unfit(session: Session, person: Person, iso3: str) -> None:
    roles = access.access_of(person).roles
    if person.status is PersonStatus.DEACTIVATED:
        raise AccountClosed
    if Role.FOCAL_POINT not in roles and roles - {Role.READER}:
        raise DoesMore
    if focal_points.countries_of_account(session, person.id) - {iso3}:
        raise AnswersElsewhere


def _narrow(session: Session, person: Person, iso3: str, *, by: Principal, now: datetime) -> None:
    current = access.access_of(person)
    roles = (current.roles - {Role.READER}) | {Role.FOCAL_POINT}
    wanted = Access(roles, False, frozenset({iso3}), frozenset(), current.clearance)
    access.change_access(session, person.id, wanted, shown=current.digest(), by=by.person_id, now=now)
