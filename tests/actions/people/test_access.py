"""Access that is changed binds at once, and somebody always administers."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests import factories
from tests.at_once import at_once
from tracker.access import PersonStatus, Role
from tracker.actions import links, sign_ins
from tracker.actions.links import LinkRefused
from tracker.actions.people.access import (
    AccessChangedMeanwhile,
    LastAdministrator,
    NobodyThere,
    NoRole,
    UnknownPlace,
    access_of,
    change_access,
    deactivate,
    reactivate,
)
from tracker.handling import Mark
from tracker.person import Access
from tracker.storage import audit_entries, people, principals
from tracker.storage.admitting import LinkPurpose, Person
from tracker.storage.base import Database, Session

HOUR = timedelta(hours=1)
READER = Access(frozenset({Role.READER}), True, frozenset(), frozenset(), Mark.GREEN)
ADMINISTRATOR = replace(READER, roles=frozenset({Role.ADMINISTRATOR}))


@pytest.fixture
def administrator(session: Session, now: datetime) -> Person:
    return factories.person(session, roles=[Role.ADMINISTRATOR], name="Kofi", created_at=now)


@pytest.fixture
def ana(session: Session, now: datetime) -> Person:
    return factories.person(session, name="Ana", created_at=now)


def is_open(session: Session, key: str, now: datetime) -> bool:
    return principals.signed_in(session, sign_ins.key_hash_of(key), now=now) is not None


def test_access_is_what_the_administrator_gave(
    session: Session, administrator: Person, ana: Person, now: datetime
) -> None:
    wanted = Access(
        frozenset({Role.ANALYST, Role.REVIEWER}),
        False,
        frozenset({"MLI", "NER"}),
        frozenset({"african_union"}),
        Mark.AMBER,
    )
    change_access(session, ana.id, wanted, shown=access_of(ana).digest(), by=administrator.id, now=now)
    session.expire_all()
    assert access_of(ana) == wanted


def test_whoever_sees_every_country_has_none_named(
    session: Session, administrator: Person, ana: Person, now: datetime
) -> None:
    named = replace(READER, sees_all=False, countries=frozenset({"MLI"}), groups=frozenset({"african_union"}))
    change_access(session, ana.id, named, shown=access_of(ana).digest(), by=administrator.id, now=now)
    wanted = replace(named, sees_all=True)
    change_access(session, ana.id, wanted, shown=access_of(ana).digest(), by=administrator.id, now=now)
    assert access_of(ana) == READER


@pytest.mark.parametrize(
    "wanted",
    [
        replace(READER, roles=frozenset({Role.ANALYST})),
        replace(READER, sees_all=False, countries=frozenset({"MLI"})),
        replace(READER, sees_all=False, groups=frozenset({"african_union"})),
        replace(READER, clearance=Mark.CLEAR),
    ],
    ids=["roles", "countries", "groups", "clearance"],
)
def test_a_change_of_access_ends_that_persons_sessions(
    session: Session, administrator: Person, ana: Person, now: datetime, wanted: Access
) -> None:
    of_ana, of_administrator = (factories.sign_in(session, who, now=now) for who in (ana, administrator))
    change_access(session, ana.id, wanted, shown=access_of(ana).digest(), by=administrator.id, now=now)
    assert not is_open(session, of_ana, now)
    assert is_open(session, of_administrator, now)


def test_the_same_access_again_changes_nothing(
    session: Session, administrator: Person, ana: Person, now: datetime
) -> None:
    key, version, entries = factories.sign_in(session, ana, now=now), ana.version, audit_entries.head(session)
    change_access(session, ana.id, access_of(ana), shown=access_of(ana).digest(), by=administrator.id, now=now)
    assert is_open(session, key, now)
    assert ana.version == version
    assert audit_entries.head(session) == entries


@pytest.mark.parametrize(
    "first",
    [replace(READER, roles=frozenset({Role.ANALYST})), replace(READER, sees_all=False, countries=frozenset({"MLI"}))],
    ids=["roles", "countries"],
)
def test_of_two_administrators_the_second_sees_what_the_first_saved(
    session: Session, administrator: Person, ana: Person, now: datetime, first: Access
) -> None:
    opened_with = access_of(ana).digest()
    change_access(session, ana.id, first, shown=opened_with, by=administrator.id, now=now)
    second = replace(READER, clearance=Mark.RED)
    with pytest.raises(AccessChangedMeanwhile) as refused:
        change_access(session, ana.id, second, shown=opened_with, by=administrator.id, now=now)
    assert (refused.value.current, refused.value.wanted) == (first, second)
    assert access_of(ana) == first
    change_access(session, ana.id, second, shown=refused.value.current.digest(), by=administrator.id, now=now)
    assert access_of(ana) == second


def test_of_many_who_save_at_once_one_wins(database: Database, now: datetime) -> None:
    with database.writing() as session:
        ana = factories.person(session, created_at=now)
    marks = list(Mark)[:1] + list(Mark)[2:]  # all but hers

    def save(which: int) -> int:
        with database.writing() as session:
            wanted = replace(READER, clearance=marks[which])
            return change_access(session, ana.id, wanted, shown=access_of(ana).digest(), by=None, now=now).id

    answers = at_once(len(marks), save)
    assert answers.count(ana.id) == 1
    assert sum(isinstance(answer, AccessChangedMeanwhile) for answer in answers) == len(marks) - 1


def test_the_last_active_administrator_stays_one(session: Session, administrator: Person, now: datetime) -> None:
    factories.person(session, roles=[Role.ADMINISTRATOR], status=PersonStatus.DEACTIVATED, created_at=now)
    factories.person(
        session, roles=[Role.ADMINISTRATOR], status=PersonStatus.INVITED, password_hash=None, created_at=now
    )
    with pytest.raises(LastAdministrator):
        change_access(
            session, administrator.id, READER, shown=access_of(administrator).digest(), by=administrator.id, now=now
        )
    with pytest.raises(LastAdministrator):
        deactivate(session, administrator.id, by=administrator.id, now=now)
    assert people.active_administrators(session) == [administrator]


def test_one_of_two_administrators_may_go(session: Session, administrator: Person, now: datetime) -> None:
    other = factories.person(session, roles=[Role.ADMINISTRATOR], created_at=now)
    change_access(
        session, administrator.id, READER, shown=access_of(administrator).digest(), by=administrator.id, now=now
    )
    assert people.active_administrators(session) == [other]


def test_an_administrator_may_give_up_other_roles(session: Session, now: datetime) -> None:
    alone = factories.person(session, roles=list(Role), created_at=now)
    change_access(session, alone.id, ADMINISTRATOR, shown=access_of(alone).digest(), by=alone.id, now=now)
    assert access_of(alone) == ADMINISTRATOR


def test_two_administrators_who_remove_each_other_at_once_do_not_both_succeed(
    database: Database, now: datetime
) -> None:
    with database.writing() as session:
        both = [factories.person(session, roles=[Role.ADMINISTRATOR], created_at=now) for _ in range(2)]

    def remove_the_other(which: int) -> int:
        me, other = both[which], both[1 - which]
        with database.writing() as session:
            if which:
                return deactivate(session, other.id, by=me.id, now=now).id
            return change_access(session, other.id, READER, shown=access_of(other).digest(), by=me.id, now=now).id

    answers = at_once(2, remove_the_other)
    assert sum(isinstance(answer, LastAdministrator) for answer in answers) == 1
    with database.reading() as session:
        assert len(people.active_administrators(session)) == 1


def test_access_needs_a_role_and_places_that_exist(
    session: Session, administrator: Person, ana: Person, now: datetime
) -> None:
    for wanted, refusal in (
        (replace(READER, roles=frozenset()), NoRole),
        (replace(READER, sees_all=False, countries=frozenset({"ZZZ"})), UnknownPlace),
    ):
        with pytest.raises(refusal):
            change_access(session, ana.id, wanted, shown=access_of(ana).digest(), by=administrator.id, now=now)


def test_nobody_is_not_changed(session: Session, administrator: Person, now: datetime) -> None:
    with pytest.raises(NobodyThere):
        change_access(session, 10**6, READER, shown=READER.digest(), by=administrator.id, now=now)
    with pytest.raises(NobodyThere):
        deactivate(session, 10**6, by=administrator.id, now=now)


def test_a_deactivated_persons_sessions_and_links_are_dead(
    session: Session, administrator: Person, ana: Person, now: datetime
) -> None:
    key = factories.sign_in(session, ana, now=now)
    token = links.make(session, LinkPurpose.RESET, person_id=ana.id, lifetime=HOUR, now=now)
    deactivate(session, ana.id, by=administrator.id, now=now, reason="left the ministry")
    reactivate(session, ana.id, by=administrator.id, now=now)
    assert not is_open(session, key, now)
    with pytest.raises(LinkRefused):
        links.use(session, LinkPurpose.RESET, token, now=now)


def test_a_reactivated_person_is_what_they_were(session: Session, administrator: Person, now: datetime) -> None:
    active = factories.person(session, created_at=now)
    invited = factories.person(session, status=PersonStatus.INVITED, password_hash=None, created_at=now)
    for person, expected in ((active, PersonStatus.ACTIVE), (invited, PersonStatus.INVITED)):
        deactivate(session, person.id, by=administrator.id, now=now)
        assert person.status is PersonStatus.DEACTIVATED
        reactivate(session, person.id, by=administrator.id, now=now)
        assert person.status is expected


def test_deactivating_twice_is_written_down_once(
    session: Session, administrator: Person, ana: Person, now: datetime
) -> None:
    for _ in range(2):
        deactivate(session, ana.id, by=administrator.id, now=now)
        assert audit_entries.how_many(session, audit_entries.Search(action="person deactivated")) == 1
    for _ in range(2):
        reactivate(session, ana.id, by=administrator.id, now=now)
        assert audit_entries.how_many(session, audit_entries.Search(action="person reactivated")) == 1


def test_a_change_of_access_is_written_down_with_before_and_after(
    session: Session, administrator: Person, ana: Person, now: datetime
) -> None:
    wanted = replace(READER, clearance=Mark.RED)
    change_access(session, ana.id, wanted, shown=access_of(ana).digest(), by=administrator.id, now=now)
    entry = audit_entries.found(session, audit_entries.Search(), limit=1)[0]
    assert (entry.action, entry.subject, entry.by_id) == ("access changed", f"person {ana.id}", administrator.id)
    assert (entry.before, entry.after) == (READER.recorded(), wanted.recorded())
