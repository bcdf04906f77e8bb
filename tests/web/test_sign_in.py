"""Coming in, and what does not let anybody in."""

import re
from datetime import datetime, timedelta
from typing import cast

import pyotp
import pytest
from argon2 import PasswordHasher
from flask import Flask
from werkzeug.test import TestResponse

from tests.factories import PASSWORD
from tests.strict_client import StrictClient, form_on, text_of
from tests.web.browsing import (
    as_it_is,
    browser_of,
    forget_everything,
    is_signed_in,
    key_in,
    sessions_of,
    somebody,
    token_on,
)
from tests.web.conftest import BOTH_ENGINES, TestClock
from tracker.access import PersonStatus, Role
from tracker.actions import second_factor
from tracker.actions.sealing import Seal
from tracker.settings import Settings
from tracker.storage import people
from tracker.storage.admitting import Person
from tracker.storage.base import Database

WRONG = "The e-mail address or the password is not right."


@pytest.fixture
def ana(database: Database, now: datetime) -> Person:
    somebody(database, now, email="ben@example.org")
    return somebody(database, now, email="ana@example.org", name="Ana", roles=[Role.ADMINISTRATOR])


def sign_in(
    client: StrictClient, email: str = "ana@example.org", password: str = PASSWORD, page: str = "/sign-in"
) -> TestResponse:
    return client.submit(page, email=email, password=password)


@BOTH_ENGINES
def test_the_right_password_lets_in(client: StrictClient, ana: Person) -> None:
    assert not is_signed_in(client)
    assert sign_in(client).headers["Location"] == "/start"
    assert is_signed_in(client)
    assert "Ana" in text_of(client.get("/account"))


def test_capitals_and_blanks_in_the_address_do_not_matter(client: StrictClient, ana: Person) -> None:
    sign_in(client, email=" ANA@Example.org ")
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ana@example.org", "wrong password"),
        ("nobody@example.org", PASSWORD),
        ("ana@example.org", PASSWORD + " "),
        ("not an address", PASSWORD),
        ("invited@example.org", PASSWORD),
        ("deactivated@example.org", PASSWORD),
    ],
)
def test_every_wrong_sign_in_is_answered_alike(
    client: StrictClient, database: Database, now: datetime, ana: Person, email: str, password: str
) -> None:
    somebody(database, now, email="invited@example.org", status=PersonStatus.INVITED, password_hash=None)
    somebody(database, now, email="deactivated@example.org", status=PersonStatus.DEACTIVATED)
    usual = sign_in(client, email="ben@example.org", password="wrong password")
    answer = sign_in(client, email=email, password=password)
    assert WRONG in text_of(answer)
    assert answer.status_code == usual.status_code == 422
    assert same_page(answer, email) == same_page(usual, "ben@example.org")
    assert not is_signed_in(client)


def same_page(answer: TestResponse, email: str) -> str:
    """Without what differs at every request: the address typed, and the token."""
    page = re.sub(r'(name="csrf_token"[^>]*value|data-token)="[^"]*"', "", answer.get_data(as_text=True))
    return page.replace(email, "")


def test_what_was_left_out_is_asked_for_beside_its_field(client: StrictClient, ana: Person) -> None:
    answer = sign_in(client, email="", password="")
    assert answer.status_code == 422
    said = text_of(answer)
    # once in the summary, once beside the field
    assert said.count("Enter your e-mail address.") == 2
    assert said.count("Enter your password.") == 2


def test_a_password_is_never_sent_back(client: StrictClient, ana: Person) -> None:
    assert "a wrong secret" not in sign_in(client, password="a wrong secret").get_data(as_text=True)


def test_password_managers_find_their_fields(client: StrictClient) -> None:
    fields = form_on(client.get("/sign-in"), None).inputs
    assert fields["email"].get("autocomplete") == "username"
    assert fields["password"].get("autocomplete") == "current-password"


@BOTH_ENGINES
def test_every_sign_in_has_a_new_key_and_ends_the_old_session(
    client: StrictClient, database: Database, ana: Person
) -> None:
    with client.session_transaction() as cookie:
        cookie["key"] = "a key that somebody put there"
    keys = {key_in(client)}
    sign_in(client)
    keys.add(key_in(client))
    fields = {"email": "ana@example.org", "password": PASSWORD, "csrf_token": token_on(client, "/account")}
    client.post("/sign-in", data=fields)
    keys.add(key_in(client))
    assert len(keys) == 3
    assert sessions_of(database, ana) == 1


@BOTH_ENGINES
def test_six_wrong_passwords_make_that_account_wait_and_others_not(
    client: StrictClient, ana: Person, clock: TestClock, now: datetime
) -> None:
    for _ in range(6):
        assert sign_in(client, password="wrong password").status_code == 422
    waiting = sign_in(client)
    assert waiting.status_code == 429
    assert waiting.headers["Retry-After"] == "60"
    assert "Wait 60 seconds" in text_of(waiting)
    assert not is_signed_in(client)
    assert sign_in(client, email="ben@example.org").headers["Location"] == "/start"
    forget_everything(client)
    clock.moment = now + timedelta(seconds=60)
    assert sign_in(client).headers["Location"] == "/start"


def test_an_account_that_does_not_exist_waits_just_the_same(client: StrictClient, ana: Person) -> None:
    for _ in range(6):
        assert sign_in(client, email="nobody@example.org").status_code == 422
    assert sign_in(client, email="nobody@example.org").status_code == 429


@BOTH_ENGINES
def test_the_right_password_forgives_the_wrong_ones_before(client: StrictClient, ana: Person) -> None:
    for _ in range(2):
        for _ in range(5):
            sign_in(client, password="wrong password")
        assert sign_in(client).status_code == 302
        forget_everything(client)


def test_an_outdated_hash_is_renewed_and_still_lets_in(client: StrictClient, database: Database, now: datetime) -> None:
    of_old = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(PASSWORD)
    ana = somebody(database, now, email="ana@example.org", password_hash=of_old)
    sign_in(client)
    renewed = as_it_is(database, ana)
    assert renewed.password_hash != of_old
    assert renewed.version == ana.version
    forget_everything(client)
    assert sign_in(client).headers["Location"] == "/start"


def test_the_page_that_was_wanted_comes_after_signing_in(client: StrictClient, ana: Person) -> None:
    first = client.get("/people?role=analyst")
    assert first.headers["Location"] == "/sign-in?next=/people%3Frole%3Danalyst"
    answer = sign_in(client, page=first.headers["Location"])
    assert answer.headers["Location"] == "/people?role=analyst"


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "https://evil.example/people",
        "/\tevil.example",
        "/\t/evil.example/",
        "/\t/evil.example/people",
        "/\n/evil.example/",
        "\t//evil.example",
        "/%09/evil.example",
        "//evil.example/people",
        "/people\r\nLocation: https://evil.example",
        "javascript:alert(1)",
        "people",
        "/no-such-page",
        "/sign-in",
        "/sign-out",
        "/people/1/reactivate",
        "/people/../../evil",
        "/@evil.example",
        "/people" + "?" + "a" * 3000,
    ],
)
def test_a_next_page_that_is_not_ours_is_ignored(client: StrictClient, ana: Person, wanted: str) -> None:
    page = client.get("/sign-in", query_string={"next": wanted})
    answer = client.submit_form(page, action=None, email="ana@example.org", password=PASSWORD)
    assert answer.headers["Location"] == "/start"
    signed_in_already = client.get("/sign-in", query_string={"next": wanted})
    assert signed_in_already.headers["Location"] == "/start"


def test_signing_out_ends_the_session_and_not_only_the_cookie(
    client: StrictClient, ana: Person, database: Database
) -> None:
    sign_in(client)
    with client.session_transaction() as cookie:
        kept = dict(cookie)
    answer = client.submit_form(client.get("/account"), action="/sign-out")
    assert answer.headers["Location"] == "/sign-in"
    with client.session_transaction() as cookie:
        cookie.update(kept)
    assert not is_signed_in(client)
    assert sessions_of(database, ana) == 0


def test_a_deactivated_persons_open_session_is_dead(app: Flask, database: Database, ana: Person, now: datetime) -> None:
    client = browser_of(app, database, ana, now)
    assert is_signed_in(client)
    with database.writing() as session:
        found = people.by_id(session, ana.id)
        assert found is not None
        found.status = PersonStatus.DEACTIVATED
    assert not is_signed_in(client)


# ---- the second step ----


def with_codes(database: Database, settings: Settings, person: Person, now: datetime) -> tuple[str, list[str]]:
    """The secret in the app, and the recovery codes; switched on an hour ago."""
    seal, then = Seal(settings.secret), now - timedelta(hours=1)
    with database.writing() as session:
        owner = session.get_one(Person, person.id)
        proposal = second_factor.propose(owner, seal, now=then)
        secret = second_factor.proposed_secret(owner, proposal, seal, now=then)
        code = pyotp.TOTP(secret).at(then)
        return secret, second_factor.switch_on(session, owner, proposal, code, seal=seal, now=then)


@pytest.fixture
def codes(database: Database, settings: Settings, ana: Person, now: datetime) -> tuple[str, list[str]]:
    return with_codes(database, settings, ana, now)


def test_with_one_time_codes_a_password_alone_does_not_let_in(
    client: StrictClient, codes: tuple[str, list[str]]
) -> None:
    assert sign_in(client).headers["Location"] == "/sign-in/code"
    assert key_in(client) is None
    assert not is_signed_in(client)


def test_a_password_and_a_code_let_in(client: StrictClient, codes: tuple[str, list[str]], now: datetime) -> None:
    sign_in(client, page="/sign-in?next=/people")
    answer = client.submit("/sign-in/code", code=pyotp.TOTP(codes[0]).at(now))
    assert answer.headers["Location"] == "/people"
    assert is_signed_in(client)


@BOTH_ENGINES
def test_a_code_lets_in_once(app: Flask, codes: tuple[str, list[str]], now: datetime) -> None:
    first, second = (cast(StrictClient, app.test_client()) for _ in range(2))
    for browser in (first, second):
        sign_in(browser)
        browser.submit("/sign-in/code", code=pyotp.TOTP(codes[0]).at(now))
    assert is_signed_in(first)
    assert not is_signed_in(second)


@BOTH_ENGINES
def test_a_recovery_code_lets_in_once(client: StrictClient, codes: tuple[str, list[str]]) -> None:
    for expected in (302, 422):
        forget_everything(client)
        sign_in(client)
        assert client.submit("/sign-in/code", code=codes[1][0]).status_code == expected


def test_a_wrong_code_is_said_to_be_wrong(client: StrictClient, codes: tuple[str, list[str]]) -> None:
    sign_in(client)
    answer = client.submit("/sign-in/code", code="000000")
    assert answer.status_code == 422
    assert "That code does not work." in text_of(answer)
    assert not is_signed_in(client)


def test_wrong_codes_make_wait_even_with_a_right_one(
    client: StrictClient, codes: tuple[str, list[str]], now: datetime
) -> None:
    sign_in(client)
    for _ in range(6):
        assert client.submit("/sign-in/code", code="000000").status_code == 422
    sign_in(client)  # showing the password again does not give more attempts
    assert client.submit("/sign-in/code", code=pyotp.TOTP(codes[0]).at(now)).status_code == 429
    assert not is_signed_in(client)


def test_half_way_in_lasts_ten_minutes(
    client: StrictClient, codes: tuple[str, list[str]], clock: TestClock, now: datetime
) -> None:
    sign_in(client)
    clock.moment = now + timedelta(minutes=10)
    assert client.get("/sign-in/code").headers["Location"] == "/sign-in"


def test_the_second_step_without_the_first_leads_to_the_first(client: StrictClient) -> None:
    assert client.get("/sign-in/code").headers["Location"] == "/sign-in"


def test_password_managers_find_the_code_field(client: StrictClient, codes: tuple[str, list[str]]) -> None:
    sign_in(client)
    assert form_on(client.get("/sign-in/code"), None).inputs["code"].get("autocomplete") == "one-time-code"


def test_a_first_visitor_is_told_where_the_first_link_is(client: StrictClient) -> None:
    assert "finds a link in the terminal" in text_of(client.get("/sign-in"))


def test_where_somebody_administers_nobody_is_sent_to_a_terminal(client: StrictClient, ana: Person) -> None:
    assert [held.role for held in ana.roles] == [Role.ADMINISTRATOR]

    assert "terminal" not in text_of(client.get("/sign-in"))
