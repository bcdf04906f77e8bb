"""What did we tell people? Each reader reads their own mails again; who runs the system sees how all of them fared."""

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from tests.deliveries import delivered
from tests.digests import subscribed
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.browsing import browser_of, somebody
from tests.web.conftest import SignInAs
from tracker.access import Role
from tracker.digest import DeliveryAct, DeliveryState
from tracker.handling import Mark
from tracker.storage import deliveries, delivery_log, refused_addresses
from tracker.storage.admitting import Person, ScopeCountry
from tracker.storage.base import Database
from tracker.storage.running import OutgoingMail

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
Told = Callable[..., int]
SECRET = "Mali: alarm, was warning"


@pytest.fixture
def ana(database: Database, now: datetime) -> Person:
    return somebody(database, now, name="Ana", email="ana@example.org")


@pytest.fixture
def client_of_ana(app: Flask, database: Database, ana: Person, now: datetime) -> StrictClient:
    return browser_of(app, database, ana, now)


@pytest.fixture
def administrator(sign_in_as: SignInAs) -> StrictClient:
    return sign_in_as(Role.ADMINISTRATOR, name="Kofi", clearance=Mark.RED)


@pytest.fixture
def told(database: Database, ana: Person, now: datetime) -> Told:
    """Something that Ana was told, or is to be: its number."""

    def made(person: Person = ana, **differing: Any) -> int:
        with database.writing() as session:
            return delivered(session, person, now=now, **differing).id

    return made


def subjects_on(client: StrictClient, address: str) -> list[str]:
    return [" ".join(str(name.text_content()).split()) for name in parsed(client.get(address)).xpath("//tbody//th/a")]


def state_of(database: Database, number: int) -> DeliveryState:
    with database.reading() as session:
        found = delivery_log.one(session, number)
    assert found is not None
    return found.state


# ---- one's own -----------------------------------------------------------------------------------------------------


def test_a_mail_is_read_again_as_it_was_sent_with_its_picture_and_its_log(
    client_of_ana: StrictClient, told: Told
) -> None:
    number = told(words="Mali: an alarm")

    page, mail = (client_of_ana.get(f"/digests/told/{number}{path}") for path in ("", "/mail"))

    assert SECRET in text_of(page)
    assert "Mali: an alarm, in plain words" in parsed(page).xpath("//pre")[0].text_content()
    assert "made and frozen" in text_of(page)
    assert "<h1>Mali: an alarm</h1>" in mail.text
    assert parsed(mail).xpath("//img/@src")[0].startswith("data:image/png;base64,")
    assert parsed(mail).xpath("//base/@target") == ["_top"]


def test_what_was_told_is_listed_the_newest_first_and_can_be_narrowed(
    client_of_ana: StrictClient, database: Database, told: Told, ana: Person, now: datetime
) -> None:
    with database.writing() as session:
        weekly = subscribed(session, person=ana, now=now, name="Weekly")
    told(subject="First", due_at=now - timedelta(days=2))
    told(subject="Second", due_at=now - timedelta(days=1), subscription=weekly)
    told(state=DeliveryState.SKIPPED, last_error="Nothing was new.", subscription=weekly)

    assert subjects_on(client_of_ana, "/digests/told") == ["Nothing was new.", "Second", "First"]
    assert subjects_on(client_of_ana, "/digests/told?state=sent") == ["Second", "First"]
    assert subjects_on(client_of_ana, "/digests/told?digest=urgent") == ["First"]
    assert subjects_on(client_of_ana, f"/digests/told?digest={weekly.id}&state=sent") == ["Second"]
    assert "Nothing matches" in text_of(client_of_ana.get("/digests/told?state=dead"))


def test_a_long_list_has_pages(client_of_ana: StrictClient, told: Told) -> None:
    for number in range(51):
        told(subject=f"Number {number}")

    assert len(subjects_on(client_of_ana, "/digests/told")) == 50
    assert subjects_on(client_of_ana, "/digests/told?page=2") == ["Number 0"]


def test_nobody_else_reads_it_whatever_their_role(sign_in_as: SignInAs, told: Told) -> None:
    number = told()
    curious = sign_in_as(*Role, clearance=Mark.RED)

    for path in (f"/digests/told/{number}", f"/digests/told/{number}/mail"):
        assert curious.get(path).status_code == 404
    for path in ("/digests/told", "/digests/told.csv"):
        assert SECRET not in curious.get(path).text


@pytest.mark.parametrize(("mark", "is_read"), [(Mark.GREEN, True), (Mark.AMBER, False)])
def test_what_is_marked_higher_than_a_clearance_reaches_now_is_read_no_more(
    client_of_ana: StrictClient, told: Told, mark: Mark, is_read: bool
) -> None:
    number = told(handling=mark)

    page = client_of_ana.get(f"/digests/told/{number}")
    assert (SECRET in page.text) is is_read
    assert ("higher than you may see now" in text_of(page)) is not is_read
    assert (SECRET in client_of_ana.get("/digests/told").text) is is_read
    assert client_of_ana.get(f"/digests/told/{number}/mail").status_code == (200 if is_read else 404)


@pytest.mark.parametrize(
    ("countries", "is_read"), [(["MLI"], True), ([], True), (["MLI", "TCD"], False), (None, False)]
)
def test_what_was_told_of_a_country_out_of_reach_by_now_is_read_no_more(
    client_of_ana: StrictClient,
    told: Told,
    database: Database,
    ana: Person,
    countries: list[str] | None,
    is_read: bool,
) -> None:
    number = told(countries=countries)
    with database.writing() as session:
        person = session.get_one(Person, ana.id)
        person.sees_all, person.scope_countries = False, [ScopeCountry(iso3=iso3) for iso3 in ("MLI", "NER")]

    page = client_of_ana.get(f"/digests/told/{number}")

    assert (SECRET in page.text) is is_read
    assert ("countries that you do not reach any more" in text_of(page)) is not is_read
    assert (SECRET in client_of_ana.get("/digests/told").text) is is_read
    assert client_of_ana.get(f"/digests/told/{number}/mail").status_code == (200 if is_read else 404)


@pytest.mark.parametrize("state", [DeliveryState.PLANNED, DeliveryState.SKIPPED])
def test_what_was_not_made_says_why(client_of_ana: StrictClient, told: Told, state: DeliveryState) -> None:
    number = told(state=state, last_error="Nothing was new." if state is DeliveryState.SKIPPED else None)

    said = text_of(client_of_ana.get(f"/digests/told/{number}"))

    assert ("Nothing was new." in said) is (state is DeliveryState.SKIPPED)
    assert ("It has not been made yet" in said) is (state is DeliveryState.PLANNED)


def test_an_error_of_ours_is_shown_to_administrators_alone(
    client_of_ana: StrictClient, administrator: StrictClient, told: Told, database: Database, now: datetime
) -> None:
    error = "KeyError: 'Niger'"
    number = told(state=DeliveryState.PLANNED, last_error=error)
    with database.writing() as session:
        deliveries.write_down(session, number, DeliveryAct.FAILED, at=now, words=error)

    for address in ("/digests/told", "/digests/told.csv", f"/digests/told/{number}"):
        page = client_of_ana.get(address).text
        assert "Niger" not in page
        assert "an error of the tracker" in page
    assert error in text_of(administrator.get(f"/digests/deliveries/{number}"))


# ---- everybody's -----------------------------------------------------------------------------------------------------


def test_who_runs_the_system_sees_how_each_fared_and_not_what_it_says(
    administrator: StrictClient, told: Told, database: Database, now: datetime
) -> None:
    number = told(subject=SECRET, state=DeliveryState.DEAD, last_error="The relay refused it: 550")
    with database.writing() as session:
        deliveries.write_down(session, number, DeliveryAct.GIVEN_UP, at=now, words="The relay refused it: 550")

    pages = [administrator.get(path) for path in ("/digests/deliveries", f"/digests/deliveries/{number}")]

    assert all("Ana" in page.text and "The relay refused it: 550" in page.text for page in pages)
    assert "given up" in text_of(pages[1])
    assert all(SECRET not in page.text for page in (*pages, administrator.get("/digests/deliveries.csv")))


def test_the_log_is_found_by_name_address_and_state(
    administrator: StrictClient, database: Database, told: Told, now: datetime
) -> None:
    told()
    told(somebody(database, now, name="Ben"), state=DeliveryState.DEAD)

    assert subjects_on(administrator, "/digests/deliveries") == ["Ben", "Ana"]
    assert subjects_on(administrator, "/digests/deliveries?q=ana@") == ["Ana"]
    assert subjects_on(administrator, "/digests/deliveries?state=dead") == ["Ben"]
    assert subjects_on(administrator, "/digests/deliveries?state=emperor&page=x") == ["Ben", "Ana"]


def test_the_log_as_csv_is_what_is_seen(
    administrator: StrictClient, database: Database, ana: Person, told: Told
) -> None:
    with database.writing() as session:
        digest = subscribed(session, person=ana, now=ana.created_at, name="=Weekly")
    told(subscription=digest, period_key="2026-W12")
    told(state=DeliveryState.DEAD)

    answer = administrator.get("/digests/deliveries.csv?state=sent")

    [row] = csv.DictReader(io.StringIO(answer.text))
    assert (row["person"], row["digest"], row["period"], row["state"]) == ("Ana", "'=Weekly", "2026-W12", "sent")


def test_what_is_with_the_relay_is_told_as_such(
    administrator: StrictClient, database: Database, told: Told, now: datetime
) -> None:
    number = told(state=DeliveryState.QUEUED)
    with database.writing() as session:
        usual: dict[str, Any] = {"recipient": "ana@example.org", "subject": "D", "queued_at": now, "attempts": 1}
        mail = OutgoingMail(message_id="m", delivery_id=number, next_attempt_at=now, transmitting_at=now, **usual)
        session.add(mail)

    assert "being handed over" in text_of(administrator.get("/digests/deliveries"))


def test_what_was_given_up_is_made_anew_or_taken_as_sent(
    administrator: StrictClient, database: Database, told: Told
) -> None:
    numbers = [told(state=DeliveryState.DEAD) for _ in range(2)]
    for number, act in zip(numbers, ("requeue", "take-as-sent"), strict=True):
        address = f"/digests/deliveries/{number}"
        answer = administrator.submit_form(administrator.get(address), action=f"{address}/{act}")
        assert answer.status_code == 302

    assert [state_of(database, number) for number in numbers] == [DeliveryState.PLANNED, DeliveryState.SENT]
    assert "by Kofi" in text_of(administrator.get(f"/digests/deliveries/{numbers[0]}"))
    # neither is offered for what goes its way
    assert parsed(administrator.get(f"/digests/deliveries/{numbers[1]}")).xpath("//main//form") == []


def test_an_address_that_refused_too_often_is_shown_until_somebody_lets_mail_go_there(
    administrator: StrictClient, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        for _ in range(3):
            refused_addresses.count(session, "gone@example.org", "550 No such user", now=now)
    page = administrator.get("/digests/deliveries")
    assert "gone@example.org" in text_of(page)

    administrator.submit_form(page, action="/digests/deliveries/mail-again")

    with database.reading() as session:
        assert not refused_addresses.is_suppressed(session, "gone@example.org")
