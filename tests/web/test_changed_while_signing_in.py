"""Checking a password takes a moment: what changes in that moment counts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pyotp
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from tests.authenticator import Authenticator
from tests.factories import PASSWORD
from tests.strict_client import StrictClient, text_of
from tests.web.browsing import as_it_is, browser_of, is_signed_in, sessions_of, somebody
from tests.web.conftest import BOTH_ENGINES
from tracker.access import PersonStatus
from tracker.actions import passkeys, passwords, second_factor, sign_ins
from tracker.actions.people import account
from tracker.actions.people.access import deactivate
from tracker.actions.sealing import Seal
from tracker.settings import Settings
from tracker.storage.admitting import Person
from tracker.storage.base import Database, Session

Change = Callable[[Session], object]
WRONG = "The e-mail address or the password is not right."
NEW = "a new and better password"
SITE = passkeys.Site("http://localhost:8000", "The tracker")


@pytest.fixture
def ana(database: Database, now: datetime) -> Person:
    return somebody(database, now, email="ana@example.org", name="Ana")


def meanwhile(database: Database, monkeypatch: pytest.MonkeyPatch, change: Change) -> None:
    """Once the next password was found right, and before anything is made of it."""
    matches = passwords.matches

    def matches_and_then(password_hash: str | None, password: str) -> bool:
        found = matches(password_hash, password)
        with database.writing() as session:
            change(session)
        return found

    monkeypatch.setattr(passwords, "matches", matches_and_then)


def codes_on(session: Session, person: Person, settings: Settings, then: datetime) -> str:
    """The secret in the app."""
    seal, owner = Seal(settings.secret), session.get_one(Person, person.id)
    proposal = second_factor.propose(owner, seal, now=then)
    secret = second_factor.proposed_secret(owner, proposal, seal, now=then)
    second_factor.switch_on(session, owner, proposal, pyotp.TOTP(secret).at(then), seal=seal, now=then)
    return secret


def sign_in(client: StrictClient) -> Any:
    return client.submit("/sign-in", email="ana@example.org", password=PASSWORD)


@BOTH_ENGINES
def test_an_old_password_opens_no_session_after_it_was_changed(
    client: StrictClient, database: Database, monkeypatch: pytest.MonkeyPatch, ana: Person, now: datetime
) -> None:
    new = passwords.hash_password(NEW)
    meanwhile(database, monkeypatch, lambda session: account.change_password(session, ana.id, new, now=now))
    answer = sign_in(client)
    assert (answer.status_code, WRONG in text_of(answer)) == (422, True)
    assert sessions_of(database, ana) == 0


@BOTH_ENGINES
@pytest.mark.parametrize("status", [PersonStatus.INVITED, PersonStatus.DEACTIVATED])
def test_whoever_is_shut_out_while_their_password_is_checked_does_not_come_in(
    client: StrictClient, database: Database, monkeypatch: pytest.MonkeyPatch, ana: Person, status: PersonStatus
) -> None:
    meanwhile(database, monkeypatch, lambda session: setattr(session.get_one(Person, ana.id), "status", status))
    answer = sign_in(client)
    assert (answer.status_code, WRONG in text_of(answer)) == (422, True)
    assert sessions_of(database, ana) == 0


@BOTH_ENGINES
def test_codes_switched_on_while_a_password_is_checked_are_asked_for(
    client: StrictClient,
    database: Database,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    ana: Person,
    now: datetime,
) -> None:
    meanwhile(database, monkeypatch, lambda session: codes_on(session, ana, settings, now))
    assert sign_in(client).headers["Location"] == "/sign-in/code"
    assert sessions_of(database, ana) == 0


@BOTH_ENGINES
def test_an_old_password_is_not_enough_to_change_it_once_more(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch, ana: Person, now: datetime
) -> None:
    browser, new = browser_of(app, database, ana, now), passwords.hash_password(NEW)
    page = browser.get("/account/password")
    meanwhile(database, monkeypatch, lambda session: account.change_password(session, ana.id, new, now=now))
    answer = browser.submit_form(page, action=None, current_password=PASSWORD, new_password="mine, all mine now")
    assert answer.status_code == 409
    assert as_it_is(database, ana).password_hash == new
    assert not is_signed_in(browser)


# ---- half way in ----


def half_way(
    client: StrictClient,
    database: Database,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    ana: Person,
    now: datetime,
    change: Change,
) -> Any:
    """The answer to a right code, sent when the change happens between looking at the link and letting in."""
    with database.writing() as session:
        secret = codes_on(session, ana, settings, now - timedelta(hours=1))
    sign_in(client)
    page = client.get("/sign-in/code")
    reserve = sign_ins.reserve_attempt

    def reserve_and_then(session: Session, account: str, **limits: Any) -> None:
        reserve(session, account, **limits)
        change(session)

    monkeypatch.setattr(sign_ins, "reserve_attempt", reserve_and_then)
    return client.submit_form(page, action=None, code=pyotp.TOTP(secret).at(now))


@BOTH_ENGINES
@pytest.mark.parametrize("how", ["by an administrator", "in the row alone"])
def test_whoever_is_deactivated_half_way_in_does_not_come_in(
    client: StrictClient,
    database: Database,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    ana: Person,
    now: datetime,
    how: str,
) -> None:
    def change(session: Session) -> None:
        if how == "by an administrator":
            deactivate(session, ana.id, by=None, now=now)
        session.get_one(Person, ana.id).status = PersonStatus.DEACTIVATED

    answer = half_way(client, database, settings, monkeypatch, ana, now, change)
    assert answer.headers["Location"] == "/sign-in"
    assert sessions_of(database, ana) == 0


@BOTH_ENGINES
def test_codes_that_were_made_anew_half_way_in_are_asked_for_from_the_beginning(
    client: StrictClient,
    database: Database,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    ana: Person,
    now: datetime,
) -> None:
    def change(session: Session) -> None:
        second_factor.switch_off(session, session.get_one(Person, ana.id), by=ana.id, now=now)
        codes_on(session, ana, settings, now)

    answer = half_way(client, database, settings, monkeypatch, ana, now, change)
    assert answer.headers["Location"] == "/sign-in"
    assert sessions_of(database, ana) == 0


# ---- passkeys ----


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_nobody_is_deactivated_while_their_passkey_lets_them_in(database: Database, ana: Person, now: datetime) -> None:
    device = Authenticator()
    with database.writing() as session:
        asked = passkeys.registration_options(session, ana, site=SITE, now=now)
        passkeys.register(session, ana, device.make(asked), "phone", site=SITE, now=now)
        options = passkeys.sign_in_options(session, site=SITE, now=now)
    with database.writing() as entering, database.writing() as other:
        passkeys.person_signing_in(entering, device.sign(options), site=SITE, now=now)
        with pytest.raises(OperationalError):
            other.execute(text("SELECT id FROM people WHERE id = :id FOR UPDATE NOWAIT"), {"id": ana.id})
        other.rollback()
