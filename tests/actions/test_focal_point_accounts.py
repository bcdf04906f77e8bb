"""An account that exists becomes that of a focal point."""

from datetime import date, datetime, time
from typing import Any

import pytest
from sqlalchemy import select

from tests import factories
from tests.focal_points import appointed
from tests.situations import somebody
from tracker.access import PersonStatus, Principal, Role
from tracker.actions.focal_point_accounts import AccountClosed, AnswersElsewhere, DoesMore, NoSuchAccount, link, unlink
from tracker.actions.focal_points import HandedIn, HasAnAccount, NoSuchFocalPoint, OfNoCountry, end, hand_in
from tracker.actions.people.access import access_of
from tracker.focal_point import EndedAlready
from tracker.handling import Mark
from tracker.period import Cadence, Timetable
from tracker.person import Access
from tracker.refusal import Refusal
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.storage.mailing import Subscription
from tracker.storage.running import AuditEntry
from tracker.subscription import Interest, Wanted

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
WEEKLY = Wanted("The week in Mali", Timetable(Cadence.WEEKLY, time(7), "UTC"), Interest(countries=frozenset({"MLI"})))


@pytest.fixture
def admin(session: Session, now: datetime) -> Principal:
    return somebody(session, Role.ADMINISTRATOR, now=now)


def account(session: Session, now: datetime, *roles: Role, **differing: Any) -> Person:
    return factories.person(session, roles=roles or [Role.READER], created_at=now, **differing)


def linked(session: Session, number: int, who: Person, by: Principal, now: datetime) -> Person:
    return link(session, number, who.email, digest=WEEKLY, by=by, now=now)


def what_was_done(session: Session) -> list[str]:
    entries = session.scalars(select(AuditEntry.action).order_by(AuditEntry.number))
    return [one for one in entries if one.startswith("focal point") or one == "access changed"]


def test_it_sees_that_country_alone_and_the_log_tells(session: Session, admin: Principal, now: datetime) -> None:
    number, who = appointed(session, now=now).id, account(session, now, clearance=Mark.AMBER)

    for _time in range(2):
        linked(session, number, who, admin, now)
    for _time in range(2):
        unlink(session, number, who.id, by=admin, now=now)

    kept = access_of(who)
    only_mali = Access(frozenset({Role.FOCAL_POINT}), False, frozenset({"MLI"}), frozenset(), Mark.AMBER)
    assert kept == only_mali
    assert len(session.scalars(select(Subscription).where(Subscription.person_id == who.id)).all()) == 1
    assert what_was_done(session) == [
        *("focal point appointed", "access changed", "focal point linked", "focal point unlinked")
    ]


def test_the_role_that_was_given_before_keeps_what_else_they_do(
    session: Session, admin: Principal, now: datetime
) -> None:
    number = appointed(session, now=now).id
    who = account(session, now, Role.FOCAL_POINT, Role.ANALYST, countries=["NER"])
    linked(session, number, who, admin, now)
    kept = access_of(who)
    assert kept.roles == {Role.FOCAL_POINT, Role.ANALYST}
    assert kept.countries == {"MLI"}


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.READER, Role.FOCAL_POINT)])
def test_nobody_loses_the_other_countries_who_does_more_than_read(
    session: Session, admin: Principal, now: datetime, role: Role
) -> None:
    number, who = appointed(session, now=now).id, account(session, now, role, Role.READER)
    with pytest.raises(DoesMore):
        linked(session, number, who, admin, now)


def test_an_account_that_cannot_be_linked_is_not(session: Session, admin: Principal, now: datetime) -> None:
    number, other = appointed(session, now=now).id, appointed(session, iso3="NER", now=now).id
    of_group = appointed(session, iso3=None, group="ecowas", now=now).id
    gone = appointed(session, office="Former office", now=now).id
    end(session, gone, date(2026, 3, 1), by=admin, now=now)
    hidden = appointed(session, office="Another office", handling=Mark.RED, now=now).id
    mild = somebody(session, Role.ADMINISTRATOR, now=now, clearance=Mark.GREEN)
    first, second, closed = (account(session, now) for _ in range(3))
    closed.status = PersonStatus.DEACTIVATED
    linked(session, number, first, admin, now)

    def refused(kind: type[Refusal], place: int, who: Person, by: Principal = admin) -> None:
        with pytest.raises(kind):
            linked(session, place, who, by, now)

    refused(HasAnAccount, number, second)
    refused(AnswersElsewhere, other, first)
    refused(AccountClosed, other, closed)
    refused(OfNoCountry, of_group, second)
    refused(EndedAlready, gone, second)
    refused(NoSuchFocalPoint, hidden, second, mild)
    with pytest.raises(NoSuchAccount):
        link(session, other, "nobody@example.org", digest=WEEKLY, by=admin, now=now)


def test_what_the_record_says_for_this_month_is_not_handed_in_again(session: Session, now: datetime) -> None:
    ana = somebody(session, Role.ANALYST, now=now)
    factories.observation(session, indicator="focal_point", iso3="MLI", on=now.date(), value=1, recorded_at=now)

    def handed_in(is_there: bool) -> HandedIn:
        said = {"link": "https://example.org/named", "reason": "So it is."}
        return hand_in(session, "MLI", is_there=is_there, **said, handling=Mark.GREEN, by=ana, now=now)

    assert handed_in(is_there=True) is HandedIn.RECORDED
    assert handed_in(is_there=False) is not HandedIn.RECORDED
