"""A form lies open while somebody else saves: nothing is overwritten in silence, and nothing is refused for nothing."""

from datetime import datetime

import pytest
from flask import Flask

from tests.strict_client import StrictClient, parsed, text_of
from tests.web.browsing import as_it_is, browser_of, somebody
from tests.web.conftest import BOTH_ENGINES, SignInAs
from tracker.access import Role
from tracker.actions.people.access import access_of
from tracker.storage.admitting import Person
from tracker.storage.base import Database


@pytest.fixture
def administrator(sign_in_as: SignInAs) -> StrictClient:
    return sign_in_as(Role.ADMINISTRATOR, name="Kofi")


@pytest.fixture
def ana(database: Database, now: datetime) -> Person:
    return somebody(database, now, name="Ana", email="ana@example.org")


@pytest.fixture
def browser(app: Flask, database: Database, ana: Person, now: datetime) -> StrictClient:
    """Ana's."""
    return browser_of(app, database, ana, now)


@BOTH_ENGINES
def test_of_two_administrators_the_second_sees_both_and_can_decide(
    administrator: StrictClient, sign_in_as: SignInAs, database: Database, ana: Person
) -> None:
    other, path = sign_in_as(Role.ADMINISTRATOR), f"/people/{ana.id}"
    opened_before = other.get(path)
    administrator.submit(path, roles=["analyst"])
    answer = other.submit_form(opened_before, action=None, roles=["reviewer"])
    assert answer.status_code == 409
    cells = [cell.text_content() for cell in parsed(answer).xpath("//main//table//tr[1]/td")]
    assert cells == ["Analyst", "Reviewer"]
    assert access_of(as_it_is(database, ana)).roles == {Role.ANALYST}
    # the form still holds what was wanted: sending it again is the decision
    assert other.submit_form(answer, action=None).status_code == 302
    assert access_of(as_it_is(database, ana)).roles == {Role.REVIEWER}


@pytest.mark.parametrize("shown", ["", "0", "99999999999999", "x", "a" * 64])
def test_what_the_form_showed_tampered_with_changes_nothing(
    administrator: StrictClient, database: Database, ana: Person, shown: str
) -> None:
    answer = administrator.submit(f"/people/{ana.id}", shown=shown, clearance="4")
    assert answer.status_code in (409, 422)
    assert as_it_is(database, ana).clearance == ana.clearance


def test_a_form_about_access_is_not_refused_because_something_else_changed(
    app: Flask, administrator: StrictClient, database: Database, ana: Person, now: datetime
) -> None:
    opened_before = administrator.get(f"/people/{ana.id}")
    browser_of(app, database, ana, now).submit("/account", name="Ana Lima", language="fr")
    assert administrator.submit_form(opened_before, action=None, roles=["analyst"]).status_code == 302
    assert access_of(as_it_is(database, ana)).roles == {Role.ANALYST}


@BOTH_ENGINES
def test_of_two_who_rename_somebody_the_second_sees_the_first_name_and_can_decide(
    app: Flask, administrator: StrictClient, database: Database, ana: Person, now: datetime
) -> None:
    opened_before = administrator.get(f"/people/{ana.id}/name")
    browser_of(app, database, ana, now).submit("/account", name="Ana Lima")
    answer = administrator.submit_form(opened_before, action=None, name="Ana Souza")
    assert (answer.status_code, "it is Ana Lima now" in text_of(answer)) == (409, True)
    assert as_it_is(database, ana).name == "Ana Lima"
    assert administrator.submit_form(answer, action=None).status_code == 302
    assert as_it_is(database, ana).name == "Ana Souza"


def test_of_two_forms_of_ones_own_the_second_does_not_win_in_silence(
    browser: StrictClient, database: Database, ana: Person
) -> None:
    opened_before = browser.get("/account")
    browser.submit("/account", name="Ana Lima", language="fr")
    answer = browser.submit_form(opened_before, action="/account", name="Ana Souza")
    assert answer.status_code == 409
    assert as_it_is(database, ana).name == "Ana Lima"
    again = browser.submit_form(opened_before, action="/account", language="es")
    assert again.status_code == 409
    assert as_it_is(database, ana).language == "fr"
    assert browser.submit_form(again, action="/account").status_code == 302
    assert (as_it_is(database, ana).name, as_it_is(database, ana).language) == ("Ana Lima", "es")


def test_a_form_that_leaves_the_name_as_it_was_does_not_bring_it_back(
    browser: StrictClient, database: Database, ana: Person
) -> None:
    opened_before = browser.get("/account")
    browser.submit("/account", name="Ana Lima")
    browser.submit_form(opened_before, action="/account", time_zone="Africa/Bamako")
    saved = as_it_is(database, ana)
    assert (saved.name, saved.time_zone) == ("Ana Lima", "Africa/Bamako")
