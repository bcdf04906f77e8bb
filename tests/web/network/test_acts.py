"""Focal points are written down, changed, ended, handed in as evidence, and let in, by their forms."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.focal_points import LINK, appointed
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.browsing import browser_of
from tests.web.conftest import SignInAs
from tracker.access import PersonStatus, Role
from tracker.coding import CodingState
from tracker.handling import Mark
from tracker.storage import people
from tracker.storage.base import Database
from tracker.storage.recording import Coding
from tracker.storage.responding import FocalPoint

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
NAMED = {
    "place": "MLI",
    "office": "Ministry of Justice",
    "name_": "The director",
    "contact": "+223 00",
    "since": "2026-01-15",
    "link": LINK,
    "handling": "1",
}


@pytest.fixture
def rita(sign_in_as: SignInAs) -> StrictClient:
    return sign_in_as(Role.REVIEWER)


@pytest.fixture
def number(database: Database, now: datetime) -> int:
    with database.writing() as session:
        return appointed(session, now=now).id


def all_of(database: Database) -> list[FocalPoint]:
    with database.reading() as session:
        return list(session.scalars(select(FocalPoint).order_by(FocalPoint.id)))


def answers(database: Database) -> list[Coding]:
    with database.reading() as session:
        return list(session.scalars(select(Coding).order_by(Coding.id)))


def test_one_is_written_down_once_however_often_the_form_is_sent(rita: StrictClient, database: Database) -> None:
    for _time in range(2):
        there = rita.submit("/network/appoint", **NAMED).headers["Location"]

    assert there == "/network/1"
    assert "Ministry of Justice" in text_of(rita.get(there))
    assert len(all_of(database)) == 1


def test_the_country_of_a_link_is_chosen_already(rita: StrictClient) -> None:
    page = parsed(rita.get("/network/appoint?iso3=NER"))

    assert page.xpath("//select[@name='place']/option[@selected]/@value") == ["NER"]


@pytest.mark.parametrize(
    ("differing", "said"),
    [
        ({"place": ""}, "Choose the country or the organisation"),
        ({"office": ""}, "Name the office"),
        ({"since": "2026-03-17"}, "once it has come"),
        ({"since": "soon"}, "Enter a day"),
        ({"link": "ftp://example.org"}, "A link begins with"),
        ({"handling": "4"}, "Choose only what is listed"),
    ],
)
def test_what_cannot_be_written_down_comes_back_filled(
    rita: StrictClient, database: Database, differing: dict[str, str], said: str
) -> None:
    answer = rita.submit("/network/appoint", **(NAMED | differing))

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert "The director" in answer.text
    assert all_of(database) == []


def test_who_records_hands_in_the_answer_with_it_unless_they_untick_it(
    sign_in_as: SignInAs, database: Database
) -> None:
    both = sign_in_as(Role.REVIEWER, Role.ANALYST)
    form = parsed(both.get("/network/appoint"))
    assert form.xpath("//input[@name='hands_in']/@checked")

    both.submit("/network/appoint", **NAMED)
    [one] = answers(database)
    assert (one.value, one.state, one.evidence_url) == (1.0, CodingState.SUBMITTED, LINK)

    both.submit("/network/appoint", **(NAMED | {"place": "NER", "hands_in": None}))
    assert len(answers(database)) == 1
    assert len(all_of(database)) == 2


def test_an_answer_needs_the_link(sign_in_as: SignInAs, database: Database) -> None:
    answer = sign_in_as(Role.REVIEWER, Role.ANALYST).submit("/network/appoint", **(NAMED | {"link": ""}))

    assert answer.status_code == 422
    assert "it is the source of the answer" in text_of(answer)
    assert all_of(database) == []


def test_an_analyst_hands_in_what_a_reviewer_wrote_down(sign_in_as: SignInAs, database: Database, number: int) -> None:
    analyst = sign_in_as(Role.ANALYST)
    page = analyst.get(f"/network/{number}")

    analyst.submit_form(page, action=f"/network/{number}/hand-in")

    assert [one.value for one in answers(database)] == [1.0]
    after = analyst.get(f"/network/{number}")
    assert "is handed in: a second person reviews it" in text_of(after)
    assert "hand-in" not in after.text
    assert "hand-in" not in sign_in_as(Role.REVIEWER).get(f"/network/{number}").text


def test_a_change_that_came_second_sees_what_the_first_was_and_keeps_what_it_typed(
    rita: StrictClient, sign_in_as: SignInAs, database: Database, number: int
) -> None:
    address = f"/network/{number}/change"
    late = rita.get(address)
    sign_in_as(Role.REVIEWER).submit(address, office="Ministry of Culture")

    answer = rita.submit_form(late, action=address, office="Ministry of Sport")

    assert answer.status_code == 409
    assert "How it stands now" in text_of(answer)
    assert "Ministry of Culture" in text_of(answer)
    rita.submit_form(answer, action=address)
    assert [one.office for one in all_of(database)] == ["Ministry of Sport"]


def test_who_left_stays_in_the_directory_and_no_is_offered_not_given(
    sign_in_as: SignInAs, database: Database, number: int
) -> None:
    both, address = sign_in_as(Role.REVIEWER, Role.ANALYST), f"/network/{number}/end"
    assert not parsed(both.get(address)).xpath("//input[@name='hands_in']/@checked")

    both.submit(address, until="2026-03-10", hands_in="y", link=LINK)

    assert "the last day was 10 March 2026" in text_of(both.get(f"/network/{number}"))
    assert [one.value for one in answers(database)] == [0.0]
    again = both.get(address)
    assert (again.status_code, "written down already" in text_of(again)) == (409, True)


@pytest.mark.parametrize("act", ["change", "end", "invite", "link"])
def test_nobody_acts_without_the_right_or_outside_of_their_scope_or_clearance(
    sign_in_as: SignInAs, database: Database, now: datetime, number: int, act: str
) -> None:
    with database.writing() as session:
        hidden = appointed(session, office="Other office", handling=Mark.AMBER, now=now).id
    roles = (Role.ADMINISTRATOR, Role.REVIEWER)

    assert sign_in_as(Role.ANALYST).get(f"/network/{number}/{act}").status_code == 403
    assert sign_in_as(*roles, countries=["NER"]).get(f"/network/{number}/{act}").status_code == 404
    assert sign_in_as(*roles).get(f"/network/{hidden}/{act}").status_code == 404
    assert sign_in_as(*roles).get(f"/network/{number}/{act}").status_code == 200


def test_what_was_typed_when_the_session_had_ended_is_there_again(
    app: Flask, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        rita = factories.person(session, roles=[Role.REVIEWER], created_at=now)
    client = browser_of(app, database, rita, now)
    page = client.get("/network/appoint")
    with client.session_transaction() as cookie:
        cookie["seen"] = 0.0

    sent = client.submit_form(page, action="/network/appoint", **NAMED)

    assert sent.headers["Location"].startswith("/sign-in")
    assert "Ministry of Justice" in browser_of(app, database, rita, now).get("/network/appoint").text
    assert all_of(database) == []


def invite(client: StrictClient, number: int, **differing: Any) -> Any:
    return client.submit(f"/network/{number}/invite", **({"email": "fp@example.org"} | differing))


def test_a_focal_point_is_invited_begins_with_their_country_and_gets_its_digest(
    app: Flask, sign_in_as: SignInAs, database: Database, now: datetime, number: int
) -> None:
    invite(sign_in_as(Role.ADMINISTRATOR), number)

    with database.writing() as session:
        person = people.by_email(session, "fp@example.org")
        assert person is not None
        person.status, person.password_hash = PersonStatus.ACTIVE, factories.PASSWORD_HASH
    client = browser_of(app, database, person, now)
    assert client.get("/start").headers["Location"] == "/network/country/MLI"
    page = client.get("/start", follow_redirects=True)
    assert parsed(page).xpath("string(//h1)") == "Mali"
    assert parsed(page).xpath("//a[@href='/assistance/ask?iso3=MLI']")
    assert "The week in Mali" in text_of(client.get("/digests"))
    assert client.get("/countries/NER").status_code == 404


def test_whom_nobody_can_write_to_is_not_invited(sign_in_as: SignInAs, database: Database, number: int) -> None:
    answer = invite(sign_in_as(Role.ADMINISTRATOR), number, email="nowhere")

    assert answer.status_code == 422
    assert "Enter an address such as" in text_of(answer)
    assert all_of(database)[0].person_id is None


def test_an_account_that_exists_is_linked_and_unlinked(
    app: Flask, sign_in_as: SignInAs, database: Database, now: datetime, number: int
) -> None:
    admin, address = sign_in_as(Role.ADMINISTRATOR), f"/network/{number}"
    with database.writing() as session:
        person = factories.person(session, roles=[Role.READER], email="fp@example.org", name="Fatou", created_at=now)
    other = browser_of(app, database, person, now)
    assert other.get("/countries/NER").status_code == 200

    assert admin.submit(f"{address}/link", email="FP@example.org ").headers["Location"] == address

    assert other.get("/countries/MLI").status_code == 302  # their sessions have ended
    linked = browser_of(app, database, person, now)
    assert [linked.get(f"/countries/{iso3}").status_code for iso3 in ("MLI", "NER")] == [200, 404]
    assert "The week in Mali" in text_of(linked.get("/digests"))
    page = admin.get(address)
    assert "Fatou" in text_of(page)
    assert admin.get(f"{address}/link").status_code == 409

    assert admin.submit_form(page, action=f"{address}/unlink").headers["Location"] == address
    assert all_of(database)[0].person_id is None
    assert linked.get("/countries/NER").status_code == 404


def test_an_unknown_account_is_not_linked_and_what_was_typed_stays(sign_in_as: SignInAs, number: int) -> None:
    answer = sign_in_as(Role.ADMINISTRATOR).submit(f"/network/{number}/link", email="nobody@example.org")

    assert answer.status_code == 422
    assert "Nobody here has this address" in text_of(answer)
    assert parsed(answer).xpath("//input[@name='email']/@value") == ["nobody@example.org"]


def test_whoever_unlinks_another_account_than_was_shown_is_told(
    sign_in_as: SignInAs, database: Database, now: datetime, number: int
) -> None:
    admin, address = sign_in_as(Role.ADMINISTRATOR), f"/network/{number}"
    with database.writing() as session:
        for name in ("first", "second"):
            factories.person(session, roles=[Role.READER], email=f"{name}@example.org", created_at=now)
    admin.submit(f"{address}/link", email="first@example.org")
    late = admin.get(address)
    admin.submit_form(late, action=f"{address}/unlink")
    admin.submit(f"{address}/link", email="second@example.org")

    assert admin.submit_form(late, action=f"{address}/unlink").status_code == 409
    assert all_of(database)[0].person_id is not None


def test_a_focal_points_access_is_for_one_country(sign_in_as: SignInAs) -> None:
    admin = sign_in_as(Role.ADMINISTRATOR)
    wanted = {"name": "Ana", "email": "a@example.org", "roles": ["focal_point"], "scope": "named", "clearance": "1"}

    two = admin.submit("/people/invite", **wanted, countries=["MLI", "NER"])
    assert two.status_code == 422
    assert "works on one country alone" in text_of(two)
    assert admin.submit("/people/invite", **wanted, countries=["MLI"]).status_code == 302


def test_others_begin_where_they_always_did(reader: StrictClient) -> None:
    assert reader.get("/start").headers["Location"] == "/"
