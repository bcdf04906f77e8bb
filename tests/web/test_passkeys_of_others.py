"""A planted passkey outlives a new password: administrators see it, take it out, and its owner is told of it."""

from datetime import datetime

import pytest
from flask import Flask

from tests import factories
from tests.strict_client import StrictClient, text_of
from tests.web.browsing import browser_of, mails, path_in, somebody, token_on
from tests.web.conftest import BOTH_ENGINES, SignInAs
from tracker.access import PersonStatus, Role
from tracker.storage import audit_entries, passkeys
from tracker.storage.admitting import Passkey, Person
from tracker.storage.base import Database


@pytest.fixture
def administrator(sign_in_as: SignInAs) -> StrictClient:
    return sign_in_as(Role.ADMINISTRATOR, name="Kofi")


@pytest.fixture
def ana(database: Database, now: datetime) -> Person:
    return somebody(database, now, name="Ana", email="ana@example.org")


@pytest.fixture
def planted(database: Database, ana: Person, now: datetime) -> Passkey:
    with database.writing() as session:
        factories.passkey(session, factories.person(session, created_at=now), now=now)
        return factories.passkey(session, ana, now=now)


def kept(database: Database, person: Person) -> list[Passkey]:
    with database.reading() as session:
        return passkeys.of_person(session, person.id)


def test_an_administrator_sees_the_passkeys_of_somebody(
    administrator: StrictClient, ana: Person, planted: Passkey
) -> None:
    assert "A phone, added" in text_of(administrator.get(f"/people/{ana.id}"))


@BOTH_ENGINES
def test_an_administrator_removes_a_passkey_with_a_reason_and_its_owner_is_told(
    administrator: StrictClient, database: Database, ana: Person, planted: Passkey
) -> None:
    answer = administrator.submit(f"/people/{ana.id}/passkeys/{planted.id}/remove", reason="she never added it")
    assert answer.headers["Location"] == f"/people/{ana.id}"
    assert kept(database, ana) == []
    with database.reading() as session:
        entry = audit_entries.found(session, audit_entries.Search(), limit=1)[0]
    assert (entry.action, entry.subject, entry.reason) == ("passkey removed", f"person {ana.id}", "she never added it")
    assert entry.by_id != ana.id
    [mail] = mails(database)
    assert (mail.recipient, "A passkey was removed: “A phone”" in (mail.body or "")) == ("ana@example.org", True)


def test_a_passkey_is_not_removed_by_the_page_of_another_person(
    administrator: StrictClient, database: Database, ana: Person, planted: Passkey, now: datetime
) -> None:
    ben, token = somebody(database, now), {"csrf_token": token_on(administrator, "/people/invite")}
    assert administrator.post(f"/people/{ben.id}/passkeys/{planted.id}/remove", data=token).status_code == 404
    assert kept(database, ana) != []


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_but_administrators_removes_passkeys_of_others(
    sign_in_as: SignInAs, database: Database, ana: Person, planted: Passkey, role: Role
) -> None:
    stranger = sign_in_as(role)
    token = {"csrf_token": token_on(stranger, "/account")}
    assert stranger.post(f"/people/{ana.id}/passkeys/{planted.id}/remove", data=token).status_code == 403
    assert kept(database, ana) != []


def test_after_a_reset_the_passkeys_that_still_sign_in_are_named_on_the_page_and_by_mail(
    client: StrictClient, database: Database, ana: Person, planted: Passkey
) -> None:
    client.submit("/reset", email="ana@example.org")
    client.submit(path_in(mails(database)[-1]), password="a new and better password")
    page = text_of(client.get("/sign-in"))
    assert "These passkeys still sign you in: A phone." in page
    assert "If one is not yours, remove it once you are signed in" in page
    assert "These passkeys still sign you in: “A phone”." in (mails(database)[-1].body or "")


def test_after_a_changed_password_the_mail_names_the_passkeys_that_still_sign_in(
    app: Flask, database: Database, ana: Person, planted: Passkey, now: datetime
) -> None:
    new = {"current_password": factories.PASSWORD, "new_password": "a new and better password"}
    browser_of(app, database, ana, now).submit("/account/password", **new)
    assert "These passkeys still sign you in: “A phone”." in (mails(database)[-1].body or "")


def test_whoever_reactivates_somebody_is_told_that_their_passkeys_work_again(
    administrator: StrictClient, database: Database, now: datetime
) -> None:
    ben = somebody(database, now, status=PersonStatus.DEACTIVATED)
    with database.writing() as session:
        factories.passkey(session, ben, now=now)
    path = f"/people/{ben.id}"
    administrator.submit_form(administrator.get(path), action=f"{path}/reactivate")
    assert "Their passkeys work again, too" in text_of(administrator.get(path))
