"""What administrators do about people, and what nobody else does."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pyotp
import pytest
from flask import Flask

from tests import situations
from tests.strict_client import StrictClient, form_on, parsed, text_of
from tests.web.browsing import (
    as_it_is,
    browser_of,
    is_signed_in,
    mails,
    path_in,
    sessions_of,
    somebody,
    token_on,
)
from tests.web.conftest import BOTH_ENGINES, SignInAs
from tracker.access import PersonStatus, Role
from tracker.actions import second_factor
from tracker.actions.people.access import access_of
from tracker.actions.sealing import Seal
from tracker.handling import Mark
from tracker.person import Access
from tracker.settings import Relay, Settings
from tracker.storage import audit_entries
from tracker.storage import people as stored
from tracker.storage.admitting import Person
from tracker.storage.base import Database
from tracker.storage.conclusions import Situation
from tracker.storage.responding import Response
from tracker.storage.running import AuditEntry


@pytest.fixture
def administrator(sign_in_as: SignInAs) -> StrictClient:
    return sign_in_as(Role.ADMINISTRATOR, name="Kofi")


@pytest.fixture
def ana(database: Database, now: datetime) -> Person:
    return somebody(database, now, name="Ana", email="ana@example.org")


def newest_entry(database: Database) -> AuditEntry:
    with database.reading() as session:
        return audit_entries.found(session, audit_entries.Search(), limit=1)[0]


def names_on(client: StrictClient, path: str) -> list[str]:
    return [str(name.text_content()) for name in parsed(client.get(path)).xpath("//main//tbody//th")]


# ---- the list ----


@BOTH_ENGINES
def test_everybody_is_listed_by_name_with_how_things_stand(
    administrator: StrictClient, database: Database, now: datetime
) -> None:
    ana = somebody(database, now, name="Ana", roles=[Role.ANALYST, Role.REVIEWER], countries=["MLI"], groups=["ecowas"])
    somebody(database, now, name="Ben", status=PersonStatus.INVITED, password_hash=None)
    assert names_on(administrator, "/people") == ["Ana", "Ben", "Kofi"]
    row = parsed(administrator.get("/people")).xpath("//main//tbody/tr")[0].text_content()
    for told in (ana.email, "active", "Analyst", "Reviewer", "(ECOWAS), MLI", "TLP:GREEN", "never"):
        assert told in row


@BOTH_ENGINES
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=an", ["Ana", "Anton"]),
        ("q=BEN@", ["Ben"]),
        ("role=analyst", ["Anton"]),
        ("status=invited", ["Ben"]),
        ("q=an&role=analyst", ["Anton"]),
        ("role=emperor&status=asleep", ["Ana", "Anton", "Ben", "Kofi"]),
        ("q=nobody+at+all", []),
    ],
)
def test_the_list_can_be_narrowed(
    administrator: StrictClient, database: Database, now: datetime, query: str, expected: list[str]
) -> None:
    somebody(database, now, name="Ana", email="a1@example.org")
    somebody(database, now, name="Anton", email="a2@example.org", roles=[Role.ANALYST])
    somebody(database, now, name="Ben", email="ben@example.org", status=PersonStatus.INVITED, password_hash=None)
    assert names_on(administrator, f"/people?{query}") == expected


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_but_administrators_sees_or_changes_people(sign_in_as: SignInAs, ana: Person, role: Role) -> None:
    stranger = sign_in_as(role)
    token = {"csrf_token": token_on(stranger, "/account")}
    for path in ("/people", "/people/invite", f"/people/{ana.id}", f"/people/{ana.id}/deactivate"):
        assert stranger.get(path).status_code == 403
    for act in ("", "/deactivate", "/reactivate", "/invite-again", "/end-sessions", "/codes-off", "/name"):
        assert stranger.post(f"/people/{ana.id}{act}", data=token).status_code == 403


# ---- inviting ----


def invite(administrator: StrictClient, **differing: Any) -> Any:
    usual = {
        "name": "Ben",
        "email": "Ben@example.org",
        "roles": ["analyst", "reviewer"],
        "scope": "named",
        "countries": ["MLI", "NER"],
        "groups": ["african_union"],
        "clearance": "2",
    }
    return administrator.submit("/people/invite", **usual | differing)


@BOTH_ENGINES
def test_an_invitation_gives_the_access_chosen_and_is_mailed(administrator: StrictClient, database: Database) -> None:
    answer = invite(administrator)
    [mail] = mails(database)
    assert mail.recipient == "ben@example.org"
    entry = newest_entry(database)
    assert entry.action == "person invited"
    assert entry.after is not None
    assert entry.after | {"email": "ben@example.org"} == entry.after
    assert (entry.after["roles"], entry.after["countries"]) == (["analyst", "reviewer"], ["MLI", "NER"])
    assert (entry.after["groups"], entry.after["clearance"]) == (["african_union"], "TLP:AMBER")
    assert answer.headers["Location"].startswith("/people/")


def test_where_no_mail_is_sent_the_page_says_where_the_invitation_was_written(
    administrator: StrictClient, settings: Settings
) -> None:
    said = text_of(administrator.get(invite(administrator).headers["Location"]))
    assert f"The invitation to ben@example.org is written to a file in {settings.outbox_folder}" in said
    assert "on its way" not in said


def test_where_mail_is_sent_the_page_says_that_the_invitation_is_on_its_way(
    app: Flask, administrator: StrictClient, settings: Settings
) -> None:
    app.extensions["settings"] = replace(settings, relay=Relay("127.0.0.1", 25))
    said = text_of(administrator.get(invite(administrator).headers["Location"]))
    assert "An invitation is on its way to ben@example.org." in said


def test_no_role_is_said_to_do_what_no_page_offers(administrator: StrictClient) -> None:
    said = text_of(administrator.get("/people/invite"))
    assert "also changes weights and rules, tries them on the past and switches them on" in said


def test_whoever_sees_all_or_nothing_has_no_countries_named(administrator: StrictClient, database: Database) -> None:
    for scope, sees_all in (("all", True), ("none", False)):
        invite(administrator, email=f"{scope}@example.org", scope=scope, countries=[], groups=[])
        after = newest_entry(database).after
        assert after is not None
        assert (after["sees_all"], after["countries"], after["groups"]) == (sees_all, [], [])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"email": ""}, "Enter their address."),
        ({"email": "ben"}, "Enter an address such as"),
        ({"email": "ANA@example.org"}, "Somebody with the address ana@example.org is here already."),
        ({"name": ""}, "Enter their name."),
        ({"name": "7"}, "Enter a name of at most 120 characters."),
        ({"roles": []}, "Choose at least one role."),
        ({"roles": ["emperor"]}, "Choose only what is listed."),
        ({"countries": ["ZZZ"]}, "Choose only what is listed."),
        ({"clearance": "9"}, "Choose only what is listed."),
        ({"clearance": "x"}, "Choose only what is listed."),
    ],
)
def test_what_is_wrong_with_an_invitation_is_said_and_nobody_is_invited(
    administrator: StrictClient, database: Database, ana: Person, wrong: dict[str, Any], said: str
) -> None:
    answer = invite(administrator, **wrong)
    assert answer.status_code == 422
    summary = parsed(answer).xpath("string(//*[contains(@class, 'error-summary')])")
    assert said in summary
    assert mails(database) == []


def test_an_invitation_can_be_sent_again(administrator: StrictClient, client: StrictClient, database: Database) -> None:
    page = administrator.get(invite(administrator).headers["Location"])
    administrator.submit_form(page, action=f"{page.request.path}/invite-again")
    first, second = mails(database)
    assert client.get(path_in(first)).status_code == 410
    assert client.get(path_in(second)).status_code == 200


# ---- access ----


@BOTH_ENGINES
def test_access_is_changed_and_the_person_signed_out(
    app: Flask, administrator: StrictClient, database: Database, ana: Person, now: datetime
) -> None:
    of_ana = browser_of(app, database, ana, now)
    page = f"/people/{ana.id}"
    answer = administrator.submit(page, roles=["analyst"], scope="named", countries=["MLI"], clearance="0")
    assert answer.headers["Location"] == page
    assert access_of(as_it_is(database, ana)) == Access(
        frozenset({Role.ANALYST}), False, frozenset({"MLI"}), frozenset(), Mark.CLEAR
    )
    assert not is_signed_in(of_ana)


def test_a_scope_taken_away_binds_the_next_request(
    app: Flask, administrator: StrictClient, database: Database, ana: Person, now: datetime
) -> None:
    of_ana = browser_of(app, database, ana, now)
    assert of_ana.get("/countries/NER").status_code == 200
    administrator.submit(f"/people/{ana.id}", scope="named", countries=["MLI"])
    assert of_ana.get("/countries/NER").headers["Location"].startswith("/sign-in")
    again = browser_of(app, database, as_it_is(database, ana), now)
    assert again.get("/countries/NER").status_code == 404
    assert again.get("/countries/MLI").status_code == 200


def test_the_form_shows_the_access_as_it_is(administrator: StrictClient, database: Database, now: datetime) -> None:
    ana = somebody(database, now, roles=[Role.ANALYST], countries=["MLI"], groups=["african_union"], clearance=Mark.RED)
    values = form_on(administrator.get(f"/people/{ana.id}"), None).form_values()
    shown = sorted((name, value) for name, value in values if name not in ("csrf_token", "shown"))
    assert shown == [
        ("clearance", "4"),
        ("countries", "MLI"),
        ("groups", "african_union"),
        ("roles", "analyst"),
        ("scope", "named"),
    ]


@BOTH_ENGINES
def test_the_last_administrator_stays_administrator(administrator: StrictClient, database: Database) -> None:
    [path] = parsed(administrator.get("/people?q=Kofi")).xpath("//main//tbody//a/@href")
    answer = administrator.submit(str(path), roles=["reader"])
    assert answer.status_code == 409
    assert "This is the only active administrator" in text_of(answer)
    assert administrator.submit(f"{path}/deactivate").status_code == 409
    assert is_signed_in(administrator)


def test_what_the_form_does_not_ask_cannot_be_given(
    administrator: StrictClient, database: Database, ana: Person
) -> None:
    fields = dict(form_on(administrator.get(f"/people/{ana.id}"), None).form_values())
    more = {"status": "deactivated", "email": "x@example.org", "name": "X", "created_at": "2000-01-01", "id": "1"}
    administrator.post(f"/people/{ana.id}", data=fields | more | {"clearance": "0"})
    saved = as_it_is(database, ana)
    assert (saved.status, saved.email, saved.name) == (PersonStatus.ACTIVE, "ana@example.org", "Ana")
    assert saved.clearance == Mark.CLEAR


# ---- one button each ----


@BOTH_ENGINES
def test_what_somebody_who_leaves_has_in_hand_is_told_as_far_as_the_reader_may_see_it(
    sign_in_as: SignInAs, ana: Person, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        for iso3, handling in (("MLI", Mark.GREEN), ("NER", Mark.RED)):
            case = situations.case(session, iso3=iso3, handling=handling, now=now)
            session.get_one(Situation, case.situation_id).owner_id = ana.id
            session.get_one(Response, case.response_id).owner_id = ana.id
    administrator = sign_in_as(Role.ADMINISTRATOR, clearance=Mark.GREEN)

    for path in (f"/people/{ana.id}", f"/people/{ana.id}/deactivate"):
        listed = parsed(administrator.get(path)).xpath("//section[h2='What they have in hand']//li")
        told = [" ".join(one.text_content().split()) for one in listed]
        assert len(told) == 2
        assert told[0] == "Mali in charge of the situation"
        assert told[1].endswith("sees to the measure, Mali")
    elsewhere = sign_in_as(Role.ADMINISTRATOR, clearance=Mark.RED, countries=["SEN"])
    assert "What they have in hand" not in text_of(elsewhere.get(f"/people/{ana.id}"))


def test_a_person_is_deactivated_with_a_reason_and_reactivated(
    app: Flask, administrator: StrictClient, database: Database, ana: Person, now: datetime
) -> None:
    of_ana, path = browser_of(app, database, ana, now), f"/people/{ana.id}"
    administrator.submit(f"{path}/deactivate", reason="left the ministry")
    assert as_it_is(database, ana).status is PersonStatus.DEACTIVATED
    assert newest_entry(database).reason == "left the ministry"
    assert not is_signed_in(of_ana)
    administrator.submit_form(administrator.get(path), action=f"{path}/reactivate")
    assert as_it_is(database, ana).status is PersonStatus.ACTIVE


def test_a_persons_sessions_can_be_ended(
    app: Flask, administrator: StrictClient, database: Database, ana: Person, now: datetime
) -> None:
    of_ana, path = browser_of(app, database, ana, now), f"/people/{ana.id}"
    administrator.submit_form(administrator.get(path), action=f"{path}/end-sessions")
    assert not is_signed_in(of_ana)
    assert sessions_of(database, ana) == 0
    assert is_signed_in(administrator)


def test_a_name_can_be_corrected(administrator: StrictClient, database: Database, ana: Person) -> None:
    assert administrator.submit(f"/people/{ana.id}/name", name="").status_code == 422
    administrator.submit(f"/people/{ana.id}/name", name="Ana Lima")
    assert as_it_is(database, ana).name == "Ana Lima"


def test_codes_of_somebody_who_lost_the_phone_can_be_switched_off_and_they_are_told(
    administrator: StrictClient, database: Database, settings: Settings, ana: Person, now: datetime
) -> None:
    seal = Seal(settings.secret)
    with database.writing() as session:
        owner = session.get_one(Person, ana.id)
        proposal = second_factor.propose(owner, seal, now=now)
        code = pyotp.TOTP(second_factor.proposed_secret(owner, proposal, seal, now=now)).at(now)
        second_factor.switch_on(session, owner, proposal, code, seal=seal, now=now)
    administrator.submit(f"/people/{ana.id}/codes-off", reason="phone lost, called back")
    assert as_it_is(database, ana).totp_secret is None
    assert (newest_entry(database).action, newest_entry(database).reason) == (
        "one-time codes switched off",
        "phone lost, called back",
    )
    assert mails(database)[-1].recipient == "ana@example.org"


@pytest.mark.parametrize(
    "act", ["", "/deactivate", "/reactivate", "/invite-again", "/end-sessions", "/codes-off", "/name"]
)
def test_nobody_is_not_there(administrator: StrictClient, act: str) -> None:
    token = {"csrf_token": token_on(administrator, "/people/invite"), "name": "X"}
    for person_id in (999_999, 2**31, 10**30):
        assert administrator.post(f"/people/{person_id}{act}", data=token).status_code == 404


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({}, "Choose which countries they work on."),
        ({"scope": "named"}, "Tick at least one group or country below"),
        ({"scope": "all", "groups": ["ecowas"]}, "You ticked groups or countries"),
        ({"scope": "none", "countries": ["MLI"]}, "You ticked groups or countries"),
    ],
)
def test_an_invitation_says_plainly_which_countries_it_is_for(
    sign_in_as: SignInAs, database: Database, answers: dict[str, Any], told: str
) -> None:
    administrator = sign_in_as(Role.ADMINISTRATOR)
    whole = {"name": "Kofi", "email": "kofi@example.org", "roles": ["analyst"]}

    answer = administrator.submit("/people/invite", **whole, **answers)

    assert answer.status_code == 422
    assert told in text_of(answer)
    with database.reading() as session:
        assert stored.by_email(session, "kofi@example.org") is None


def test_the_errors_of_an_invitation_stand_in_the_order_of_its_questions(sign_in_as: SignInAs) -> None:
    answer = sign_in_as(Role.ADMINISTRATOR).submit("/people/invite")

    named = parsed(answer).xpath("//div[contains(@class, 'error-summary')]//a/@href")
    assert [str(link) for link in named[:3]] == ["#name", "#email", "#roles-0"]
