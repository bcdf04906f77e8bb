"""A link works once, for a while, for one purpose, and cannot be read out of the database."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from tests import factories
from tests.at_once import at_once
from tracker.access import PersonStatus, Role
from tracker.actions import links
from tracker.actions.links import LinkRefused
from tracker.storage.admitting import LinkPurpose, OneTimeLink, Person
from tracker.storage.base import Database, Session

HOUR = timedelta(hours=1)
A_MOMENT = timedelta(microseconds=1)
RESET = LinkPurpose.RESET


@pytest.fixture
def ana(session: Session, now: datetime) -> Person:
    factories.person(session, created_at=now)
    return factories.person(session, name="Ana", created_at=now)


def reset_link(session: Session, person: Person, now: datetime) -> str:
    return links.make(session, RESET, person_id=person.id, lifetime=HOUR, now=now)


def test_a_link_leads_to_its_person(session: Session, ana: Person, now: datetime) -> None:
    token = reset_link(session, ana, now)
    assert links.open_link(session, RESET, token, now=now).person_id == ana.id


def test_looking_at_a_link_does_not_use_it(session: Session, ana: Person, now: datetime) -> None:
    token = reset_link(session, ana, now)
    links.open_link(session, RESET, token, now=now)
    assert links.use(session, RESET, token, now=now).person_id == ana.id


def test_a_used_link_neither_opens_nor_works_again(session: Session, ana: Person, now: datetime) -> None:
    token = reset_link(session, ana, now)
    links.use(session, RESET, token, now=now)
    for again in (links.open_link, links.use):
        with pytest.raises(LinkRefused):
            again(session, RESET, token, now=now)


def test_a_link_works_until_its_time_is_over(session: Session, ana: Person, now: datetime) -> None:
    token = reset_link(session, ana, now)
    links.open_link(session, RESET, token, now=now + HOUR - A_MOMENT)
    for late in (links.open_link, links.use):
        with pytest.raises(LinkRefused):
            late(session, RESET, token, now=now + HOUR)


def test_a_link_works_for_its_own_purpose_only(session: Session, ana: Person, now: datetime) -> None:
    token = reset_link(session, ana, now)
    with pytest.raises(LinkRefused):
        links.use(session, LinkPurpose.INVITATION, token, now=now)


@pytest.mark.parametrize("token", ["", "unknown", "ü" * 500])
def test_a_link_that_was_never_made_is_refused(session: Session, ana: Person, now: datetime, token: str) -> None:
    reset_link(session, ana, now)
    with pytest.raises(LinkRefused):
        links.use(session, RESET, token, now=now)


def test_every_refusal_says_the_same(session: Session, ana: Person, now: datetime) -> None:
    used, expired = reset_link(session, ana, now), None
    links.use(session, RESET, used, now=now)
    expired = links.make(session, RESET, person_id=ana.id, lifetime=-HOUR, now=now)
    said = set()
    for token in (used, expired, "unknown"):
        with pytest.raises(LinkRefused) as refused:
            links.use(session, RESET, token, now=now)
        said.add(str(refused.value))
    assert len(said) == 1


def test_the_database_does_not_know_the_token(session: Session, ana: Person, now: datetime) -> None:
    token = reset_link(session, ana, now)
    kept = session.scalars(select(OneTimeLink)).one()
    assert len(token) >= 43
    assert token not in repr(vars(kept))


def test_a_new_link_ends_the_older_ones_of_its_purpose(session: Session, ana: Person, now: datetime) -> None:
    older = reset_link(session, ana, now)
    newer = reset_link(session, ana, now)
    with pytest.raises(LinkRefused):
        links.use(session, RESET, older, now=now)
    assert links.use(session, RESET, newer, now=now).person_id == ana.id


def test_a_new_link_leaves_other_purposes_and_other_people_alone(session: Session, ana: Person, now: datetime) -> None:
    ben = factories.person(session, name="Ben", created_at=now)
    invitation = links.make(session, LinkPurpose.INVITATION, person_id=ana.id, lifetime=HOUR, now=now)
    of_ben = reset_link(session, ben, now)
    reset_link(session, ana, now)
    assert links.use(session, LinkPurpose.INVITATION, invitation, now=now).person_id == ana.id
    assert links.use(session, RESET, of_ben, now=now).person_id == ben.id


def test_of_many_who_use_a_link_at_once_one_wins(database: Database, now: datetime) -> None:
    with database.writing() as session:
        token = reset_link(session, factories.person(session, created_at=now), now)

    def use(_which: int) -> bool:
        with database.writing() as session:
            return links.use(session, RESET, token, now=now).person_id is not None

    answers = at_once(6, use)
    assert answers.count(True) == 1
    assert sum(isinstance(answer, LinkRefused) for answer in answers) == 5


def test_a_fresh_installation_has_a_link_for_its_first_administrator(session: Session, now: datetime) -> None:
    factories.person(session, roles=[Role.READER], created_at=now)
    factories.person(session, roles=[Role.ADMINISTRATOR], status=PersonStatus.DEACTIVATED, created_at=now)
    token = links.first_administrator_link(session, now=now)
    assert token is not None
    links.open_link(session, LinkPurpose.FIRST_ADMINISTRATOR, token, now=now + HOUR - A_MOMENT)
    with pytest.raises(LinkRefused):
        links.open_link(session, LinkPurpose.FIRST_ADMINISTRATOR, token, now=now + HOUR)


def test_a_second_start_ends_the_first_link(session: Session, now: datetime) -> None:
    first = links.first_administrator_link(session, now=now)
    second = links.first_administrator_link(session, now=now)
    assert first is not None
    assert second is not None
    with pytest.raises(LinkRefused):
        links.use(session, LinkPurpose.FIRST_ADMINISTRATOR, first, now=now)


def test_where_somebody_administers_there_is_no_such_link(session: Session, now: datetime) -> None:
    factories.person(session, roles=[Role.ADMINISTRATOR], created_at=now)
    assert links.first_administrator_link(session, now=now) is None
