"""Finding people."""

from datetime import datetime

import pytest

from tests import factories
from tracker.access import PersonStatus, Role
from tracker.storage import people
from tracker.storage.base import Session


def test_a_person_is_found_by_address(session: Session, now: datetime) -> None:
    factories.person(session, email="anabel@example.org", created_at=now)
    ana = factories.person(session, email="ana@example.org", created_at=now)
    assert people.by_email(session, "ana@example.org") is ana
    assert people.by_email(session, "nobody@example.org") is None


def test_people_are_listed_by_name(session: Session, now: datetime) -> None:
    for name in ("Chen", "Ana", "Ben", "Ana"):
        factories.person(session, name=name, created_at=now)
    listed = people.everybody(session)
    assert [person.name for person in listed] == ["Ana", "Ana", "Ben", "Chen"]
    assert listed[0].id < listed[1].id


def test_only_active_administrators_administer(session: Session, now: datetime) -> None:
    factories.person(session, roles=set(Role) - {Role.ADMINISTRATOR}, created_at=now)
    for status in (PersonStatus.INVITED, PersonStatus.DEACTIVATED):
        factories.person(session, roles=[Role.ADMINISTRATOR], status=status, created_at=now)
    active = [factories.person(session, roles=[Role.READER, Role.ADMINISTRATOR], created_at=now) for _ in range(2)]
    assert people.active_administrators(session) == active


@pytest.mark.parametrize(
    ("countries", "groups", "unknown"),
    [
        (set(), set(), set()),
        ({"MLI"}, {"african_union"}, set()),
        ({"MLI", "ZZZ"}, {"african_union", "xx"}, {"ZZZ", "xx"}),
    ],
)
def test_places_that_do_not_exist_are_named(
    session: Session, countries: set[str], groups: set[str], unknown: set[str]
) -> None:
    assert people.unknown_places(session, frozenset(countries), frozenset(groups)) == unknown


def test_a_used_step_is_not_used_again_and_not_for_others(session: Session, now: datetime) -> None:
    ana, ben = (factories.person(session, name=name, created_at=now) for name in ("Ana", "Ben"))
    assert [people.use_totp_step(session, ana.id, step) for step in (5, 5, 4, 6)] == [True, False, False, True]
    assert people.use_totp_step(session, ben.id, 5)


def test_a_hash_that_was_changed_meanwhile_is_not_replaced(session: Session, now: datetime) -> None:
    ana = factories.person(session, password_hash="newest", created_at=now)
    people.replace_password_hash(session, ana.id, old="oldest", new="renewed")
    session.refresh(ana)
    assert ana.password_hash == "newest"
    people.replace_password_hash(session, ana.id, old="newest", new="renewed")
    session.refresh(ana)
    assert ana.password_hash == "renewed"
