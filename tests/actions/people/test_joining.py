"""Who becomes a person of this installation, and how."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests import factories
from tests.at_once import at_once
from tests.factories import PASSWORD_HASH
from tracker.access import PersonStatus, Role
from tracker.actions import links
from tracker.actions.letters import Letter
from tracker.actions.links import LinkRefused
from tracker.actions.passwords import PasswordHash
from tracker.actions.people import joining
from tracker.actions.people.access import NoRole, UnknownPlace, access_of
from tracker.actions.people.joining import AddressTaken, NotInvited
from tracker.handling import Mark
from tracker.person import ALL_ROLES, Access, AddressRefused, NameRefused
from tracker.storage import audit_entries, outgoing_mails, people
from tracker.storage.admitting import Person
from tracker.storage.base import Database, Session
from tracker.storage.running import OutgoingMail

WEEK = timedelta(days=7)
A_MOMENT = timedelta(microseconds=1)
HASH = PasswordHash(PASSWORD_HASH)
ANALYST = Access(
    roles=frozenset({Role.ANALYST}),
    sees_all=False,
    countries=frozenset({"MLI"}),
    groups=frozenset(),
    clearance=Mark.AMBER,
)


class Post:
    """Writes letters and remembers the tokens that they carry."""

    def __init__(self) -> None:
        self.tokens: list[str] = []

    def write(self, token: str) -> Letter:
        self.tokens.append(token)
        return Letter("Invitation", f"Open {token}")


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def administrator(session: Session, now: datetime) -> Person:
    return factories.person(session, roles=[Role.ADMINISTRATOR], created_at=now)


def invited(session: Session, by: Person, post: Post, now: datetime, **differing: Any) -> Person:
    usual: dict[str, Any] = {"email": "ana@example.org", "name": "Ana", "access": ANALYST}
    return joining.invite(session, **usual | differing, write=post.write, by=by.id, now=now)


def accepted(session: Session, token: str, now: datetime) -> Person:
    return joining.accept_invitation(session, token, name="Ana Lima", password_hash=HASH, now=now)


def test_the_first_administrator_may_do_and_see_everything(session: Session, now: datetime) -> None:
    token = links.first_administrator_link(session, now=now)
    assert token is not None
    person = joining.add_first_administrator(
        session, token, email="Ana@example.org", name="Ana", password_hash=HASH, now=now
    )
    assert person.status is PersonStatus.ACTIVE
    assert person.email == "ana@example.org"
    assert access_of(person) == Access(ALL_ROLES, True, frozenset(), frozenset(), Mark.RED)


def test_many_who_use_the_first_link_at_once_make_one_administrator(database: Database, now: datetime) -> None:
    with database.writing() as session:
        token = links.first_administrator_link(session, now=now)
    assert token is not None

    def join(which: int) -> int:
        with database.writing() as session:
            email = f"person{which}@example.org"
            return joining.add_first_administrator(
                session, token, email=email, name="Ana", password_hash=HASH, now=now
            ).id

    answers = at_once(5, join)
    assert sum(isinstance(answer, LinkRefused) for answer in answers) == 4
    with database.reading() as session:
        assert len(people.active_administrators(session)) == 1


def test_the_first_link_is_worth_nothing_once_somebody_administers(session: Session, now: datetime) -> None:
    token = links.first_administrator_link(session, now=now)
    assert token is not None
    factories.person(session, roles=[Role.ADMINISTRATOR], created_at=now)
    with pytest.raises(LinkRefused):
        joining.add_first_administrator(session, token, email="a@example.org", name="A", password_hash=HASH, now=now)


def test_an_invited_person_has_the_access_given_and_cannot_come_in_yet(
    session: Session, administrator: Person, post: Post, now: datetime
) -> None:
    person = invited(session, administrator, post, now)
    assert person.status is PersonStatus.INVITED
    assert person.password_hash is None
    assert access_of(person) == ANALYST


def test_an_invitation_leaves_as_a_mail_with_its_link(
    session: Session, administrator: Person, post: Post, now: datetime
) -> None:
    invited(session, administrator, post, now)
    mail = session.scalars(select(OutgoingMail)).one()
    assert (mail.recipient, mail.subject, mail.body) == ("ana@example.org", "Invitation", f"Open {post.tokens[0]}")


def test_whoever_accepts_becomes_active_under_the_name_they_chose(
    session: Session, administrator: Person, post: Post, now: datetime
) -> None:
    invited(session, administrator, post, now)
    invited(session, administrator, post, now, email="ben@example.org")
    person = accepted(session, post.tokens[0], now)
    assert (person.email, person.name, person.status) == ("ana@example.org", "Ana Lima", PersonStatus.ACTIVE)
    assert person.password_hash == PASSWORD_HASH
    assert access_of(person) == ANALYST


def test_an_invitation_works_once(session: Session, administrator: Person, post: Post, now: datetime) -> None:
    invited(session, administrator, post, now)
    accepted(session, post.tokens[0], now)
    with pytest.raises(LinkRefused):
        accepted(session, post.tokens[0], now)


def test_an_invitation_works_for_a_week(session: Session, administrator: Person, post: Post, now: datetime) -> None:
    invited(session, administrator, post, now)
    with pytest.raises(LinkRefused):
        accepted(session, post.tokens[0], now + WEEK)
    accepted(session, post.tokens[0], now + WEEK - A_MOMENT)


def test_an_invitation_sent_again_ends_the_one_before(
    session: Session, administrator: Person, post: Post, now: datetime
) -> None:
    person = invited(session, administrator, post, now)
    joining.invite_again(session, person.id, write=post.write, by=administrator.id, now=now)
    with pytest.raises(LinkRefused):
        accepted(session, post.tokens[0], now)
    assert accepted(session, post.tokens[1], now).id == person.id
    assert outgoing_mails.how_many_waiting(session) == 2


@pytest.mark.parametrize("status", [PersonStatus.ACTIVE, PersonStatus.DEACTIVATED])
def test_only_somebody_who_is_still_invited_is_invited_again(
    session: Session, administrator: Person, post: Post, now: datetime, status: PersonStatus
) -> None:
    person = factories.person(session, status=status, created_at=now)
    for person_id in (person.id, 10**6):
        with pytest.raises(NotInvited):
            joining.invite_again(session, person_id, write=post.write, by=administrator.id, now=now)


@pytest.mark.parametrize("status", list(PersonStatus))
def test_an_address_is_given_to_one_person_only(
    session: Session, administrator: Person, post: Post, now: datetime, status: PersonStatus
) -> None:
    factories.person(session, email="ana@example.org", status=status, created_at=now)
    with pytest.raises(AddressTaken):
        invited(session, administrator, post, now, email="ANA@example.org")


def test_one_address_invited_twice_at_once_is_one_person(database: Database, now: datetime) -> None:
    def invite(_which: int) -> int:
        with database.writing() as session:
            return joining.invite(
                session, email="ana@example.org", name="Ana", access=ANALYST, write=Post().write, by=None, now=now
            ).id

    answers = at_once(4, invite)
    assert sum(isinstance(answer, AddressTaken) for answer in answers) == 3


def test_an_invitation_needs_an_address_a_name_a_role_and_places_that_exist(
    session: Session, administrator: Person, post: Post, now: datetime
) -> None:
    nowhere = Access(ANALYST.roles, False, frozenset({"MLI", "ZZZ"}), frozenset({"no_group"}), Mark.CLEAR)
    roleless = Access(frozenset(), True, frozenset(), frozenset(), Mark.CLEAR)
    for differing, refusal in (
        ({"email": "nowhere"}, AddressRefused),
        ({"name": " "}, NameRefused),
        ({"access": roleless}, NoRole),
        ({"access": nowhere}, UnknownPlace),
    ):
        with pytest.raises(refusal):
            invited(session, administrator, post, now, **differing)
    assert post.tokens == []


def test_a_person_added_by_a_script_is_active_at_once(session: Session, now: datetime) -> None:
    person = joining.add_person(
        session, email="ana@example.org", name="Ana", access=ANALYST, password_hash=HASH, by=None, now=now
    )
    assert person.status is PersonStatus.ACTIVE
    assert access_of(person) == ANALYST


def test_joining_is_written_down_without_secrets(
    session: Session, administrator: Person, post: Post, now: datetime
) -> None:
    person = invited(session, administrator, post, now)
    accepted(session, post.tokens[0], now)
    newest, older = audit_entries.found(session, audit_entries.Search(), limit=2)
    assert (newest.action, newest.by_id) == ("invitation accepted", person.id)
    assert (older.action, older.by_id) == ("person invited", administrator.id)
    assert older.after == {
        "email": "ana@example.org",
        "name": "Ana",
        "status": "invited",
        "roles": ["analyst"],
        "sees_all": False,
        "countries": ["MLI"],
        "groups": [],
        "clearance": "TLP:AMBER",
    }
    for secret in (post.tokens[0], PASSWORD_HASH):
        assert secret not in repr([vars(entry) for entry in (newest, older)])
