"""Passkeys, as the script on the pages uses them."""

import json
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.authenticator import Authenticator
from tests.factories import PASSWORD
from tests.strict_client import StrictClient, text_of
from tests.web.browsing import browser_of, is_signed_in, mails, somebody, token_on
from tests.web.conftest import BOTH_ENGINES, TestClock
from tracker.storage import passkeys
from tracker.storage.admitting import OneTimeLink, Passkey, Person
from tracker.storage.base import Database


@pytest.fixture
def ana(database: Database, now: datetime) -> Person:
    return somebody(database, now, email="ana@example.org", name="Ana")


@pytest.fixture
def browser(app: Flask, database: Database, ana: Person, now: datetime) -> StrictClient:
    return browser_of(app, database, ana, now)


def send(client: StrictClient, page: str, path: str, content: Any) -> TestResponse:
    return client.post(path, json=content, headers={"X-CSRFToken": token_on(client, page)})


def add(browser: StrictClient, device: Authenticator, name: str = "laptop", password: str = PASSWORD) -> TestResponse:
    page = "/account/passkeys"
    options = send(browser, page, "/account/passkeys/options", {"name": name, "password": password})
    if options.status_code != 200:
        return options
    answer = device.make(options.get_data(as_text=True))
    return send(browser, page, "/account/passkeys", {"name": name, "answer": answer})


def problem_in(answer: TestResponse) -> str:
    return str((answer.json or {}).get("problem"))


def sign_in(client: StrictClient, device: Authenticator, wanted: Any = "") -> TestResponse:
    options = send(client, "/sign-in", "/sign-in/passkey/options", {})
    answer = device.sign(options.get_data(as_text=True))
    return send(client, "/sign-in", "/sign-in/passkey", {"answer": answer, "next": wanted})


def kept(database: Database, person: Person) -> list[Passkey]:
    with database.reading() as session:
        return passkeys.of_person(session, person.id)


@BOTH_ENGINES
def test_a_passkey_is_added_listed_and_signs_in(
    app: Flask, browser: StrictClient, client: StrictClient, database: Database, ana: Person
) -> None:
    device = Authenticator()
    assert add(browser, device).json == {"next": "/account/passkeys"}
    assert "laptop" in text_of(browser.get("/account/passkeys"))
    assert "A passkey was added" in (mails(database)[-1].body or "")
    answer = sign_in(client, device, "/account")
    assert answer.json == {"next": "/account"}
    assert is_signed_in(client)


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", 7, None, {"a": 1}])
def test_a_passkey_leads_to_our_own_pages_only(browser: StrictClient, client: StrictClient, wanted: Any) -> None:
    device = Authenticator()
    add(browser, device)
    assert sign_in(client, device, wanted).json == {"next": "/start"}


@BOTH_ENGINES
def test_all_together_ask_for_sixty_challenges_a_minute(
    app: Flask, database: Database, clock: TestClock, now: datetime
) -> None:
    clients = [cast(StrictClient, app.test_client()) for _ in range(2)]
    tokens = [token_on(client, "/sign-in") for client in clients]

    def ask(which: int) -> TestResponse:
        headers = {"X-CSRFToken": tokens[which % 2]}
        return clients[which % 2].post("/sign-in/passkey/options", json={}, headers=headers)

    assert {ask(which).status_code for which in range(60)} == {200}
    refused = ask(1)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert "Wait 60 seconds" in problem_in(refused)
    with database.reading() as session:
        assert session.query(OneTimeLink).count() == 60
    clock.moment = now + timedelta(seconds=60)
    assert ask(1).status_code == 200


def test_an_unknown_passkey_does_not_let_in(client: StrictClient, ana: Person) -> None:
    answer = sign_in(client, Authenticator())
    assert answer.status_code == 422
    assert "That passkey does not work here." in problem_in(answer)
    assert not is_signed_in(client)


def test_adding_a_passkey_asks_for_the_password(browser: StrictClient, database: Database, ana: Person) -> None:
    answer = add(browser, Authenticator(), password="wrong password")
    assert (answer.status_code, answer.json) == (422, {"problem": "That is not your current password."})
    assert kept(database, ana) == []


def test_a_passkey_needs_a_name(browser: StrictClient) -> None:
    assert "Give the passkey a name" in problem_in(add(browser, Authenticator(), name=" "))


def test_a_passkey_is_renamed_and_removed(browser: StrictClient, database: Database, ana: Person) -> None:
    add(browser, Authenticator())
    [passkey] = kept(database, ana)
    assert browser.submit(f"/account/passkeys/{passkey.id}", name="").status_code == 422
    browser.submit(f"/account/passkeys/{passkey.id}", name="old laptop")
    assert [one.name for one in kept(database, ana)] == ["old laptop"]
    assert "/remove" in browser.get("/account/passkeys").get_data(as_text=True)
    browser.submit(f"/account/passkeys/{passkey.id}/remove", current_password=PASSWORD)
    assert kept(database, ana) == []


def test_removing_a_passkey_asks_for_the_password(browser: StrictClient, database: Database, ana: Person) -> None:
    add(browser, Authenticator())
    [passkey] = kept(database, ana)
    answer = browser.submit(f"/account/passkeys/{passkey.id}/remove", current_password="wrong password")
    assert answer.status_code == 422
    assert text_of(answer).count("That is not your current password.") == 2
    assert kept(database, ana) != []


def test_the_mail_about_a_passkey_names_it_and_what_helps(browser: StrictClient, database: Database) -> None:
    add(browser, Authenticator(), name="office laptop")
    told = mails(database)[-1].body or ""
    assert "“office laptop”" in told
    assert "remove it under “Your passkeys”" in told


def test_a_passkey_of_somebody_else_does_not_exist(
    app: Flask, browser: StrictClient, database: Database, ana: Person, now: datetime
) -> None:
    add(browser, Authenticator())
    [passkey] = kept(database, ana)
    ben = browser_of(app, database, somebody(database, now), now)
    assert ben.get(f"/account/passkeys/{passkey.id}").status_code == 404
    token = {"csrf_token": token_on(ben, "/account")}
    assert ben.post(f"/account/passkeys/{passkey.id}", data=token | {"name": "mine"}).status_code == 404
    assert ben.post(f"/account/passkeys/{passkey.id}/remove", data=token).status_code == 404
    assert [one.name for one in kept(database, ana)] == ["laptop"]


def test_without_the_token_of_our_page_nothing_is_done(client: StrictClient, browser: StrictClient) -> None:
    assert client.post("/sign-in/passkey/options", json={}).status_code == 400
    assert browser.post("/account/passkeys", json={"name": "x", "answer": {}}).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"[]",
        b"7",
        b'{"name": NaN, "answer": {}}',
        b"[" * 50_000,
        b'{"name": "\\u0000", "answer": {}}',
        b'{"name": "\\ud800", "answer": {}}',
        b'{"name": 7, "answer": {}}',
        b'{"answer": {}}',
        b"\xff\xfe",
        json.dumps({"name": "x" * 70_000, "answer": {}}).encode(),
    ],
)
def test_bad_json_is_answered_with_a_clear_refusal(browser: StrictClient, body: bytes) -> None:
    headers = {"X-CSRFToken": token_on(browser, "/account/passkeys"), "Content-Type": "application/json"}
    assert browser.post("/account/passkeys", data=body, headers=headers).status_code in (400, 413)


def test_json_that_does_not_say_so_is_refused(browser: StrictClient) -> None:
    headers = {"X-CSRFToken": token_on(browser, "/account/passkeys"), "Content-Type": "text/plain"}
    assert browser.post("/account/passkeys", data=b'{"name": "x", "answer": {}}', headers=headers).status_code == 400


@pytest.mark.parametrize(
    "answer", [None, 7, "x", [], {}, {"id": "x"}, {"id": "x", "response": {"clientDataJSON": "e30"}}]
)
def test_an_answer_that_no_device_gives_is_refused(browser: StrictClient, client: StrictClient, answer: Any) -> None:
    added = send(browser, "/account/passkeys", "/account/passkeys", {"name": "laptop", "answer": answer})
    entered = send(client, "/sign-in", "/sign-in/passkey", {"answer": answer})
    assert (added.status_code, entered.status_code) == (422, 422)
