"""The first administrator's link, and invitations."""

from datetime import datetime, timedelta

import pytest

from tests.strict_client import StrictClient, form_on, text_of
from tests.web.browsing import forget_everything, is_signed_in, mails, path_in
from tests.web.conftest import BOTH_ENGINES, SignInAs, TestClock
from tracker.access import PersonStatus, Role
from tracker.actions.links import first_administrator_link
from tracker.handling import Mark
from tracker.person import ALL_ROLES
from tracker.storage import people
from tracker.storage.admitting import Person
from tracker.storage.base import Database

GOOD = "a good and long password"


@pytest.fixture
def welcome(database: Database, now: datetime) -> str:
    with database.writing() as session:
        token = first_administrator_link(session, now=now)
    return f"/welcome/{token}"


def person_at(database: Database, email: str) -> Person | None:
    with database.reading() as session:
        return people.by_email(session, email)


def test_the_first_link_makes_an_administrator_who_is_in_at_once(
    client: StrictClient, database: Database, welcome: str
) -> None:
    answer = client.submit(welcome, name="Ana", email="Ana@example.org", password=GOOD)
    assert answer.headers["Location"] == "/start"
    assert is_signed_in(client)
    ana = person_at(database, "ana@example.org")
    assert ana is not None
    assert {row.role for row in ana.roles} == ALL_ROLES


@BOTH_ENGINES
def test_the_first_link_works_once(client: StrictClient, welcome: str) -> None:
    page = client.get(welcome)
    client.submit_form(page, action=None, name="Ana", email="ana@example.org", password=GOOD)
    forget_everything(client)
    assert client.get(welcome).status_code == 410


def test_the_first_link_works_for_one_hour(client: StrictClient, welcome: str, clock: TestClock, now: datetime) -> None:
    clock.moment = now + timedelta(hours=1)
    assert client.get(welcome).status_code == 410


def test_the_first_form_says_what_is_wrong_beside_each_field(client: StrictClient, welcome: str) -> None:
    answer = client.submit(welcome, name="", email="", password="")
    assert answer.status_code == 422
    for said in ("Enter your name.", "Enter your e-mail address.", "Choose a password."):
        assert text_of(answer).count(said) == 2
    again = client.submit(welcome, name="Ana", email="ana", password=GOOD)
    assert "Enter an address such as" in text_of(again)


INVITED = {"name": "Ana", "email": "ana@example.org", "roles": ["analyst"], "scope": "all", "clearance": "1"}


@pytest.fixture
def link(sign_in_as: SignInAs, database: Database) -> str:
    """As it came by mail, from Kofi."""
    administrator = sign_in_as(Role.ADMINISTRATOR, name="Kofi")
    assert administrator.submit("/people/invite", **INVITED).status_code == 302
    return path_in(mails(database)[-1])


@BOTH_ENGINES
def test_whoever_accepts_an_invitation_is_in_at_once(client: StrictClient, database: Database, link: str) -> None:
    page = client.get(link)
    assert "ana@example.org" in text_of(page)
    answer = client.submit_form(page, action=None, name="Ana Lima", password=GOOD)
    assert answer.headers["Location"] == "/start"
    assert is_signed_in(client)
    ana = person_at(database, "ana@example.org")
    assert ana is not None
    assert (ana.name, ana.status) == ("Ana Lima", PersonStatus.ACTIVE)


def test_an_invitation_says_who_invites_and_how_long_it_works(database: Database, link: str) -> None:
    body = mails(database)[-1].body or ""
    assert "Kofi invites you" in body
    assert "once and for seven days" in body


@BOTH_ENGINES
def test_an_invitation_works_once(client: StrictClient, link: str) -> None:
    client.submit(link, name="Ana", password=GOOD)
    assert client.get(link).status_code == 410


def test_an_invitation_works_for_seven_days(client: StrictClient, link: str, clock: TestClock, now: datetime) -> None:
    clock.moment = now + timedelta(days=7, seconds=-1)
    assert client.get(link).status_code == 200
    clock.moment = now + timedelta(days=7)
    assert client.get(link).status_code == 410


def test_nobody_gives_themselves_more_than_was_given(client: StrictClient, database: Database, link: str) -> None:
    page = client.get(link)
    fields = dict(form_on(page, None).form_values())
    taken = {"roles": "administrator", "status": "active", "sees_all": "1", "clearance": "4", "email": "x@example.org"}
    client.post(link, data=fields | taken | {"name": "Ana", "password": GOOD})
    ana = person_at(database, "ana@example.org")
    assert ana is not None
    assert [row.role for row in ana.roles] == [Role.ANALYST]
    assert ana.clearance == Mark.GREEN


def test_a_password_with_the_own_name_is_refused(client: StrictClient, link: str) -> None:
    answer = client.submit(link, name="Anastasia", password="anastasia for ever")
    assert answer.status_code == 422
    assert text_of(answer).count("Do not use your name or address.") == 2
    assert "for ever" not in answer.get_data(as_text=True)


def test_a_link_that_was_never_made_is_answered_like_one_that_is_over(client: StrictClient, link: str) -> None:
    client.submit(link, name="Ana", password=GOOD)
    over, unknown = client.get(link), client.get("/invitation/unknown")
    assert over.status_code == unknown.status_code == 410
    forget_everything(client)
    assert client.get(link).get_data() == unknown.get_data()
