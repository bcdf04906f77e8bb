"""A forgotten password, and what nobody may make of it."""

import time
from datetime import datetime, timedelta

import pytest
from flask import Flask

from tests.factories import PASSWORD
from tests.strict_client import StrictClient, form_on, text_of
from tests.web.browsing import browser_of, is_signed_in, mails, path_in, somebody
from tests.web.conftest import BOTH_ENGINES, TestClock
from tracker.access import PersonStatus
from tracker.storage.admitting import Person
from tracker.storage.base import Database
from tracker.web.pages import reset

NEW = "a new and better password"


@pytest.fixture
def ana(database: Database, now: datetime) -> Person:
    return somebody(database, now, email="ana@example.org", name="Ana")


@pytest.fixture
def link(client: StrictClient, database: Database, ana: Person) -> str:
    """As it came by mail."""
    client.submit("/reset", email="ana@example.org")
    return path_in(mails(database)[-1])


def sign_in(client: StrictClient, password: str) -> int:
    return client.submit("/sign-in", email="ana@example.org", password=password).status_code


@BOTH_ENGINES
def test_a_mailed_link_sets_a_new_password(client: StrictClient, link: str) -> None:
    answer = client.submit(link, password=NEW)
    assert answer.headers["Location"] == "/sign-in"
    assert sign_in(client, PASSWORD) == 422
    assert sign_in(client, NEW) == 302


def test_the_mail_says_what_to_do_and_what_if_it_was_not_you(database: Database, link: str) -> None:
    mail = mails(database)[0]
    assert mail.recipient == "ana@example.org"
    assert mail.subject == "Choose a new password"
    assert mail.body is not None
    for said in ("Open this page", "once and for one hour", "If it was not you"):
        assert said in mail.body


@pytest.mark.parametrize("email", ["nobody@example.org", "invited@example.org", "deactivated@example.org"])
def test_nobody_learns_whether_there_is_an_account(
    client: StrictClient, database: Database, now: datetime, ana: Person, email: str
) -> None:
    somebody(database, now, email="invited@example.org", status=PersonStatus.INVITED, password_hash=None)
    somebody(database, now, email="deactivated@example.org", status=PersonStatus.DEACTIVATED)
    known = client.submit("/reset", email="ana@example.org")
    other = client.submit("/reset", email=email)
    assert other.status_code == known.status_code == 200
    assert other.get_data() == known.get_data()
    assert [mail.recipient for mail in mails(database)] == ["ana@example.org"]


@pytest.mark.parametrize("email", ["ana@example.org", "nobody@example.org"])
def test_known_and_unknown_are_answered_after_the_same_time(
    client: StrictClient, ana: Person, monkeypatch: pytest.MonkeyPatch, email: str
) -> None:
    """Each waits for what is left of the same span, whatever it had to do."""
    waited, span = list[float](), timedelta(minutes=5)
    monkeypatch.setattr(reset, "EARLIEST_ANSWER", span)
    monkeypatch.setattr(time, "sleep", waited.append)

    client.submit("/reset", email=email)

    assert len(waited) == 1
    assert 0 < waited[0] < span.total_seconds()


@BOTH_ENGINES
@pytest.mark.parametrize("email", ["ana@example.org", "nobody@example.org"])
def test_resets_are_limited_for_every_address_alike(client: StrictClient, ana: Person, email: str) -> None:
    for _ in range(3):
        assert client.submit("/reset", email=email).status_code == 200
    assert client.submit("/reset", email=email).status_code == 429


@BOTH_ENGINES
def test_a_link_works_once(client: StrictClient, link: str) -> None:
    client.submit(link, password=NEW)
    again = client.get(link)
    assert again.status_code == 410
    assert "This link does not work" in text_of(again)


def test_a_link_works_for_one_hour(client: StrictClient, link: str, clock: TestClock, now: datetime) -> None:
    clock.moment = now + timedelta(minutes=59)
    assert client.get(link).status_code == 200
    clock.moment = now + timedelta(hours=1)
    assert client.get(link).status_code == 410


def test_opening_a_link_does_not_use_it(client: StrictClient, link: str) -> None:
    for _ in range(3):
        assert client.get(link).status_code == 200


@BOTH_ENGINES
def test_two_who_send_the_form_of_one_link_do_not_both_succeed(client: StrictClient, link: str) -> None:
    pages = [client.get(link) for _ in range(2)]
    answers = [client.submit_form(page, action=None, password=NEW) for page in pages]
    assert [answer.status_code for answer in answers] == [302, 410]


def test_a_new_password_signs_out_everywhere_and_is_told_by_mail(
    app: Flask, client: StrictClient, database: Database, ana: Person, link: str, now: datetime
) -> None:
    open_elsewhere = browser_of(app, database, ana, now)
    client.submit(link, password=NEW)
    assert mails(database)[-1].subject == "Your account was changed"
    assert not is_signed_in(open_elsewhere)


def test_an_easy_password_is_refused_with_reasons_and_the_link_stays(client: StrictClient, link: str) -> None:
    answer = client.submit(link, password="short")
    assert answer.status_code == 422
    assert "Use at least 12 characters." in text_of(answer)
    assert client.submit(link, password=NEW).status_code == 302


def test_password_managers_find_their_fields(client: StrictClient, link: str) -> None:
    fields = form_on(client.get(link), None).inputs
    assert fields["password"].get("autocomplete") == "new-password"
    assert fields["username"].get("value") == "ana@example.org"


@pytest.mark.parametrize(("email", "said"), [("", "Enter your e-mail address."), ("ana", "Enter an address such as")])
def test_what_is_no_address_is_said_beside_the_field(client: StrictClient, email: str, said: str) -> None:
    answer = client.submit("/reset", email=email)
    assert answer.status_code == 422
    assert text_of(answer).count(said) == 2
