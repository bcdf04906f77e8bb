"""The way out of a digest: nobody has to sign in, and looking ends nothing."""

from datetime import datetime

import pytest
from flask import Flask

from tests.digests import subscribed
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.browsing import browser_of, somebody
from tracker.actions.digests import subscribing
from tracker.actions.digests.leaving import leave_token
from tracker.digest import DeliveryKind
from tracker.settings import Settings
from tracker.storage import subscriptions
from tracker.storage.admitting import Person
from tracker.storage.base import Database
from tracker.storage.principals import principal_of

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def ana(database: Database, now: datetime) -> Person:
    return somebody(database, now, name="Ana Quill")


@pytest.fixture
def address(database: Database, settings: Settings, ana: Person, now: datetime) -> str:
    with database.writing() as session:
        found = subscribed(session, person=ana, now=now, name="Sahel, weekly")
    return f"/leave/{leave_token(settings.secret, DeliveryKind.DIGEST, found.id)}"


def names(database: Database, person: Person) -> list[str]:
    with database.reading() as session:
        return [one.name for one in subscriptions.of_person(session, person.id)]


def test_looking_at_the_link_says_what_would_end_and_ends_nothing(
    client: StrictClient, database: Database, ana: Person, address: str
) -> None:
    said = text_of(client.get(address))

    assert "Stop this digest?" in said
    assert "“Sahel, weekly”" in said
    assert "Ana" not in said
    assert names(database, ana) == ["Sahel, weekly"]


def test_the_button_ends_it_and_tells_the_way_back(
    client: StrictClient, database: Database, ana: Person, address: str
) -> None:
    answer = client.submit(address)

    assert answer.status_code == 200
    assert "It comes no more" in text_of(answer)
    assert names(database, ana) == []
    assert "It comes no more" in text_of(client.get(address))


def test_the_way_back_is_its_readers_alone(
    app: Flask, database: Database, ana: Person, address: str, now: datetime
) -> None:
    left = app.test_client().post(address, data=ONE_CLICK)
    [way_back] = parsed(left).xpath("//main//a/@href")
    stranger = browser_of(app, database, somebody(database, now), now)

    assert "Sahel" not in stranger.get(way_back).text
    client = browser_of(app, database, ana, now)
    page = client.get(way_back)
    assert "Let “Sahel, weekly” come again" in text_of(page)
    client.submit_form(page, action=f"/digests/{way_back.partition('=')[2]}/take-up-again")
    assert names(database, ana) == ["Sahel, weekly"]


def test_a_mail_program_ends_it_by_itself_and_may_do_so_twice(
    app: Flask, database: Database, ana: Person, address: str
) -> None:
    """RFC 8058: no cookie, no form token, no sign-in."""
    for _ in range(2):
        assert app.test_client().post(address, data=ONE_CLICK).status_code == 200

    assert names(database, ana) == []


def test_urgent_notices_have_a_way_out_of_their_own(
    client: StrictClient, database: Database, settings: Settings, ana: Person, address: str, now: datetime
) -> None:
    with database.writing() as session:
        subscribing.want_urgent(session, ana.id, None, by=principal_of(session, ana), now=now)
    urgent = f"/leave/{leave_token(settings.secret, DeliveryKind.URGENT, ana.id)}"
    assert "Stop urgent notices?" in text_of(client.get(urgent))

    assert "Your digests go on." in text_of(client.submit(urgent))

    with database.reading() as session:
        assert subscriptions.urgent_wish(session, ana.id) is None
    assert names(database, ana) == ["Sahel, weekly"]


@pytest.mark.parametrize("token", ["x", "digest-1-", "digest-1-" + "0" * 40, "digest-999999-" + "a" * 40, "urgent-1-é"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_nobody_here_made_reveals_nothing(
    app: Flask, database: Database, ana: Person, address: str, token: str, method: str
) -> None:
    answer = app.test_client().open(f"/leave/{token}", method=method, data=ONE_CLICK if method == "POST" else None)

    assert answer.status_code == 404
    assert "This link does not work" in answer.text
    assert "Sahel" not in answer.text
    assert names(database, ana) == ["Sahel, weekly"]
