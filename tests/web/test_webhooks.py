"""Where a digest is told to a program as well: its reader's alone to decide."""

import json
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from tests.digests import subscribed
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.browsing import browser_of, somebody
from tracker.actions.sealing import ONE_TIME_CODES, WEBHOOKS, Seal, Unreadable
from tracker.settings import Settings
from tracker.storage import webhooks
from tracker.storage.admitting import Person
from tracker.storage.base import Database
from tracker.storage.feeding import OutgoingCall, Webhook
from tracker.storage.running import AuditEntry

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
ADDRESS = "https://chat.example.org/hooks/a-secret-of-the-chat"


@pytest.fixture
def ana(database: Database, now: datetime) -> Person:
    return somebody(database, now, name="Ana")


@pytest.fixture
def client_of_ana(app: Flask, database: Database, ana: Person, now: datetime) -> StrictClient:
    return browser_of(app, database, ana, now)


@pytest.fixture
def number(database: Database, ana: Person, now: datetime) -> int:
    with database.writing() as session:
        return subscribed(session, person=ana, now=now, name="Weekly").id


def webhook_of(database: Database, number: int) -> Webhook | None:
    with database.reading() as session:
        return webhooks.of_subscription(session, number)


def test_its_secret_is_shown_once_and_its_address_never_again(
    client_of_ana: StrictClient, database: Database, settings: Settings, number: int
) -> None:
    made = client_of_ana.submit(f"/digests/{number}/webhook", address=ADDRESS)

    [secret] = parsed(made).xpath("//p[@class='shown-once']/code/text()")
    found = webhook_of(database, number)
    assert found is not None
    assert found.host == "chat.example.org"
    assert json.loads(Seal(settings.secret, WEBHOOKS).open(found.sealed)) == [ADDRESS, secret]
    with pytest.raises(Unreadable):
        Seal(settings.secret, ONE_TIME_CODES).open(found.sealed)
    pages = [client_of_ana.get(path).text for path in (f"/digests/{number}/webhook", "/digests")]
    assert all("chat.example.org" in page for page in pages)
    with database.reading() as session:
        recorded = [str(vars(entry)) for entry in session.scalars(select(AuditEntry))]
    assert "webhook set up" in " ".join(recorded)
    for told in (*pages, *recorded, str(vars(found))):
        assert "a-secret-of-the-chat" not in told
        assert str(secret) not in told


@pytest.mark.parametrize(
    "typed", ["", "http://chat.example.org/", "https://10.0.0.1/", "https://169.254.169.254/latest"]
)
def test_an_address_that_may_not_be_called_is_refused_beside_its_field(
    client_of_ana: StrictClient, database: Database, number: int, typed: str
) -> None:
    answer = client_of_ana.submit(f"/digests/{number}/webhook", address=typed)

    assert answer.status_code == 422
    assert parsed(answer).xpath("//*[@id='address-error']")
    assert webhook_of(database, number) is None


def test_another_address_takes_the_place_of_the_first_with_another_secret(
    client_of_ana: StrictClient, database: Database, number: int
) -> None:
    secrets = [
        parsed(client_of_ana.submit(f"/digests/{number}/webhook", address=address)).xpath("//main//code/text()")
        for address in (ADDRESS, "https://other.example.org/")
    ]

    found = webhook_of(database, number)
    assert found is not None
    assert found.host == "other.example.org"
    assert secrets[0] != secrets[1]


def test_it_can_be_tried_out_once_at_a_time_and_removed(
    client_of_ana: StrictClient, database: Database, number: int
) -> None:
    page = f"/digests/{number}/webhook"
    client_of_ana.submit(page, address=ADDRESS)
    for _ in range(2):
        client_of_ana.submit_form(client_of_ana.get(page), action=f"{page}/try")
    with database.reading() as session:
        [call] = session.scalars(select(OutgoingCall))
    assert json.loads(call.body or "")["text"] == "The early-warning indicator tracker can be heard here."
    assert "on its way" in text_of(client_of_ana.get(page))

    client_of_ana.submit_form(client_of_ana.get(page), action=f"{page}/remove")

    assert webhook_of(database, number) is None
    assert "Where shall it be told?" in text_of(client_of_ana.get(page))
