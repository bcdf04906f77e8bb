"""What people change about themselves, and what asks for their password again."""

import re
from datetime import datetime, timedelta
from typing import Any

import pyotp
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.factories import PASSWORD
from tests.strict_client import StrictClient, form_on, parsed, text_of
from tests.web.browsing import (
    as_it_is,
    browser_of,
    is_signed_in,
    key_in,
    mails,
    path_in,
    sessions_of,
    somebody,
    token_on,
)
from tests.web.conftest import BOTH_ENGINES, SignInAs, TestClock
from tracker.access import Role
from tracker.storage import audit_entries, sign_ins
from tracker.storage.admitting import Person
from tracker.storage.base import Database

NEW = "a new and better password"


@pytest.fixture
def ana(database: Database, now: datetime) -> Person:
    somebody(database, now, email="ben@example.org", name="Ben")
    return somebody(database, now, email="ana@example.org", name="Ana")


@pytest.fixture
def browser(app: Flask, database: Database, ana: Person, now: datetime) -> StrictClient:
    """Ana's."""
    return browser_of(app, database, ana, now)


def actions(database: Database) -> list[str]:
    """What was written down, the newest first."""
    with database.reading() as session:
        return [entry.action for entry in audit_entries.found(session, audit_entries.Search(), limit=20)]


# ---- name, language, zone ----


def test_name_language_and_zone_are_saved(browser: StrictClient, database: Database, ana: Person) -> None:
    answer = browser.submit("/account", name="Ana Lima", language="fr", time_zone="Africa/Bamako")
    assert answer.headers["Location"] == "/account"
    saved = as_it_is(database, ana)
    assert (saved.name, saved.language, saved.time_zone) == ("Ana Lima", "fr", "Africa/Bamako")
    assert "Africa/Bamako" in browser.get("/account").get_data(as_text=True)


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "7"}, {"name": "x" * 121}, {"language": "tlh"}, {"time_zone": "Mars/Olympus"}]
)
def test_what_cannot_be_saved_is_said_twice_and_changes_nothing(
    browser: StrictClient, database: Database, ana: Person, wrong: dict[str, str]
) -> None:
    answer = browser.submit("/account", **wrong)
    assert answer.status_code == 422
    page = parsed(answer)
    [said] = page.xpath("//*[contains(@class, 'error-summary')]//li/a")
    assert said.text_content() in page.xpath(f"string(//*[@id='{said.get('href')[1:]}']/ancestor::*[2])")
    assert as_it_is(database, ana).version == ana.version


def test_nobody_raises_their_own_rights_here(browser: StrictClient, database: Database, ana: Person) -> None:
    fields = dict(form_on(browser.get("/account"), None).form_values())
    more = {"roles": "administrator", "status": "active", "clearance": "4", "sees_all": "1", "email": "x@example.org"}
    browser.post("/account", data=fields | more)
    saved = as_it_is(database, ana)
    assert [row.role for row in saved.roles] == [Role.READER]
    assert (saved.clearance, saved.email) == (ana.clearance, "ana@example.org")


# ---- password ----


def change_password(browser: StrictClient, current: str = PASSWORD, new: str = NEW) -> TestResponse:
    return browser.submit("/account/password", current_password=current, new_password=new)


@BOTH_ENGINES
def test_a_changed_password_signs_out_everywhere_else(
    app: Flask, browser: StrictClient, database: Database, ana: Person, now: datetime
) -> None:
    elsewhere, key = browser_of(app, database, ana, now), key_in(browser)
    assert change_password(browser).headers["Location"] == "/account"
    assert is_signed_in(browser)
    assert key_in(browser) != key
    assert not is_signed_in(elsewhere)
    assert mails(database)[-1].recipient == "ana@example.org"


def test_the_current_password_is_asked_for(browser: StrictClient, database: Database, ana: Person) -> None:
    answer = change_password(browser, current="wrong password")
    assert answer.status_code == 422
    assert text_of(answer).count("That is not your current password.") == 2
    assert as_it_is(database, ana).password_hash == ana.password_hash


@BOTH_ENGINES
def test_guessing_the_current_password_has_to_wait(browser: StrictClient) -> None:
    for _ in range(6):
        change_password(browser, current="wrong password")
    assert "Too many attempts." in text_of(change_password(browser))


def test_an_easy_new_password_is_refused(browser: StrictClient) -> None:
    assert "Use at least 12 characters." in text_of(change_password(browser, new="short"))


def test_password_managers_find_their_fields(browser: StrictClient) -> None:
    fields = form_on(browser.get("/account/password"), None).inputs
    assert fields["current_password"].get("autocomplete") == "current-password"
    assert fields["new_password"].get("autocomplete") == "new-password"


def test_a_mail_about_an_account_ends_with_the_head_of_the_log(browser: StrictClient, database: Database) -> None:
    change_password(browser)
    with database.reading() as session:
        log = list(audit_entries.chained(session))
    [mail] = mails(database)
    last_line = (mail.body or "").splitlines()[-1]
    [told] = [entry for entry, _, stored in log if last_line == f"Audit log at entry {entry.number}: {stored}"]
    assert told.action == "password changed"


# ---- sessions ----


def test_sessions_are_listed_and_this_one_is_named(
    app: Flask, browser: StrictClient, database: Database, ana: Person, now: datetime
) -> None:
    browser_of(app, database, ana, now)
    rows = parsed(browser.get("/account")).xpath("//*[@id='sessions']//tbody/tr")
    assert len(rows) == 2
    assert sum("this one" in row.text_content() for row in rows) == 1


def test_another_session_can_be_ended(
    app: Flask, browser: StrictClient, database: Database, ana: Person, now: datetime
) -> None:
    elsewhere = browser_of(app, database, ana, now)
    page = browser.get("/account")
    [action] = parsed(page).xpath("//*[@id='sessions']//form[not(contains(@action, 'others'))]/@action")
    browser.submit_form(page, action=str(action))
    assert not is_signed_in(elsewhere)
    assert is_signed_in(browser)


def test_a_session_of_somebody_else_cannot_be_ended(
    app: Flask, browser: StrictClient, database: Database, now: datetime
) -> None:
    ben = somebody(database, now)
    of_ben = browser_of(app, database, ben, now)
    with database.reading() as session:
        [theirs] = sign_ins.open_of(session, ben.id, now=now)
    token = {"csrf_token": token_on(browser, "/account")}
    assert browser.post(f"/account/sessions/{theirs.id}/end", data=token).status_code == 404
    assert is_signed_in(of_ben)


def test_all_other_sessions_can_be_ended(
    app: Flask, browser: StrictClient, database: Database, ana: Person, now: datetime
) -> None:
    others = [browser_of(app, database, ana, now) for _ in range(2)]
    browser.submit_form(browser.get("/account"), action="/account/sessions/end-others")
    assert [is_signed_in(client) for client in (*others, browser)] == [False, False, True]
    assert sessions_of(database, ana) == 1


# ---- address ----


def change_address(browser: StrictClient, **differing: str) -> TestResponse:
    usual = {"email": "lima@example.org", "current_password": PASSWORD}
    return browser.submit("/account/address", **usual | differing)


@BOTH_ENGINES
def test_an_address_changes_when_the_mailed_link_is_confirmed(
    browser: StrictClient, client: StrictClient, database: Database, ana: Person
) -> None:
    change_address(browser)
    to_new, to_old = mails(database)
    assert (to_new.recipient, to_old.recipient) == ("lima@example.org", "ana@example.org")
    assert "lima@example.org" in (to_old.body or "")
    # opened in any browser; looking changes nothing
    assert client.get(path_in(to_new)).status_code == 200
    assert as_it_is(database, ana).email == "ana@example.org"
    client.submit(path_in(to_new))
    assert as_it_is(database, ana).email == "lima@example.org"
    assert client.get(path_in(to_new)).status_code == 410


def test_an_address_change_asks_for_the_password(browser: StrictClient, database: Database) -> None:
    assert change_address(browser, current_password="wrong password").status_code == 422
    assert mails(database) == []


@BOTH_ENGINES
def test_the_page_says_the_same_when_the_address_is_taken(browser: StrictClient, database: Database) -> None:
    free, taken = change_address(browser), change_address(browser, email="ben@example.org")
    assert (free.status_code, free.headers["Location"]) == (taken.status_code, taken.headers["Location"])
    assert "A link for ben@example.org is made." in text_of(browser.get("/account"))
    assert "ben@example.org" not in [mail.recipient for mail in mails(database)]


# ---- one-time codes ----


def secret_on(page: TestResponse) -> str:
    """As somebody types it who cannot scan the picture."""
    return str(parsed(page).xpath("string(//code)")).replace(" ", "")


def switch_on(browser: StrictClient, now: datetime, **differing: Any) -> tuple[str, TestResponse]:
    page = browser.get("/account/codes")
    secret = secret_on(page)
    usual = {"code": pyotp.TOTP(secret).at(now), "current_password": PASSWORD}
    return secret, browser.submit_form(page, action=None, **usual | differing)


def recovery_codes_on(page: TestResponse) -> list[str]:
    return [str(code.text) for code in parsed(page).xpath("//ol//code")]


@BOTH_ENGINES
def test_codes_are_switched_on_and_recovery_codes_shown_once(
    browser: StrictClient, database: Database, ana: Person, now: datetime
) -> None:
    _, shown = switch_on(browser, now)
    codes = recovery_codes_on(shown)
    assert len(codes) == 10
    assert as_it_is(database, ana).totp_secret is not None
    for path in ("/account", "/account/codes", "/account/codes/recovery"):
        assert codes[0] not in browser.get(path).get_data(as_text=True)
    assert "one-time codes switched on" in actions(database)
    assert "One-time codes were switched on" in (mails(database)[-1].body or "")


def test_recovery_codes_can_be_kept_as_a_file(browser: StrictClient, now: datetime) -> None:
    _, shown = switch_on(browser, now)
    [file] = parsed(shown).xpath("//a[@download]/@href")
    assert str(file).startswith("data:text/plain")
    assert all(code in str(file) for code in recovery_codes_on(shown))


def test_the_secret_is_drawn_without_what_the_policy_forbids(browser: StrictClient) -> None:
    page = parsed(browser.get("/account/codes"))
    assert len(page.xpath("//svg//path")) == 1 or len(page.xpath("//*[local-name()='svg']")) == 1
    assert not page.xpath("//*[local-name()='svg']//@style")


def test_a_mistyped_code_keeps_the_same_picture(
    browser: StrictClient, database: Database, ana: Person, now: datetime
) -> None:
    secret, answer = switch_on(browser, now, code="000000")
    assert answer.status_code == 422
    assert secret_on(answer) == secret
    assert as_it_is(database, ana).totp_secret is None


def test_a_picture_older_than_twenty_minutes_is_replaced(
    browser: StrictClient, now: datetime, clock: TestClock
) -> None:
    page = browser.get("/account/codes")
    clock.moment = now + timedelta(minutes=21)
    code = pyotp.TOTP(secret_on(page)).at(clock.moment)
    answer = browser.submit_form(page, action=None, code=code, current_password=PASSWORD)
    assert answer.status_code == 422
    assert "Setting up took too long." in text_of(answer)
    assert secret_on(answer) != secret_on(page)


def test_codes_are_not_switched_on_without_the_password(
    browser: StrictClient, database: Database, ana: Person, now: datetime
) -> None:
    _, answer = switch_on(browser, now, current_password="wrong password")
    assert answer.status_code == 422
    assert as_it_is(database, ana).totp_secret is None


def test_codes_are_switched_off_by_whoever_knows_the_password(
    browser: StrictClient, database: Database, ana: Person, now: datetime
) -> None:
    switch_on(browser, now)
    assert browser.submit("/account/codes/off", current_password="wrong password").status_code == 422
    assert as_it_is(database, ana).totp_secret is not None
    browser.submit("/account/codes/off", current_password=PASSWORD)
    assert as_it_is(database, ana).totp_secret is None


def test_new_recovery_codes_replace_the_old(app: Flask, browser: StrictClient, now: datetime, clock: TestClock) -> None:
    _, shown = switch_on(browser, now)
    old = recovery_codes_on(shown)
    renewed = browser.submit("/account/codes/recovery", current_password=PASSWORD)
    new = recovery_codes_on(renewed)
    assert len(set(new) | set(old)) == 20
    clock.moment = now + timedelta(minutes=5)
    for code, expected in ((old[0], 422), (new[0], 302)):
        another = app.test_client()
        assert isinstance(another, StrictClient)
        another.submit("/sign-in", email="ana@example.org", password=PASSWORD)
        assert another.submit("/sign-in/code", code=code).status_code == expected


def test_the_secret_is_another_every_time(browser: StrictClient) -> None:
    assert len({secret_on(browser.get("/account/codes")) for _ in range(3)}) == 3
    assert re.fullmatch(r"[A-Z2-7]{32}", secret_on(browser.get("/account/codes")))


def test_a_zone_known_by_an_older_name_stays_until_another_is_chosen(sign_in_as: SignInAs) -> None:
    somebody = sign_in_as(Role.READER, time_zone="Asia/Calcutta")

    somebody.submit("/account", name="Ana Lima")

    form = form_on(somebody.get("/account"), "/account")
    assert (form.fields["name"], form.fields["time_zone"]) == ("Ana Lima", "Asia/Calcutta")
