"""The pages from which bundles go out and into which they come."""

import io
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests import factories, importing, situations
from tests.bundles import CORRUPTION, FIGURE, contents
from tests.questions import questions
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.browsing import browser_of, somebody, token_on
from tests.web.conftest import SignInAs
from tracker.access import Role
from tracker.actions.bundles import keys
from tracker.assessment import Crime, Stage
from tracker.bundle import SharedAssessment, SharedFlag, SharedObservation
from tracker.exchange.bundles import new_key, refuse_broken, signed, unsealed
from tracker.handling import Mark
from tracker.situation import Verdict
from tracker.storage import principals
from tracker.storage.admitting import Person
from tracker.storage.base import Database
from tracker.storage.conclusions import Situation
from tracker.storage.sharing import Bundle, Partner, ReceivedStatement

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
PAIR = new_key()
LOOK = "/sharing/new?countries=MLI&since=2020-01-01&until=2026-03-16&parts=observations&parts=flags&ceiling="
FLAG = SharedFlag(
    *("MLI", "their_rule", "A rule of theirs", "rule_of_law", date(2026, 1, 5), date(2026, 2, 1), 3, True),
    verdict=Verdict.CONFIRMED,
    mark=Mark.GREEN,
)
ASSESSMENT = SharedAssessment(
    *("MLI", "", date(2026, 2, 3), (Crime.WAR_CRIMES,), "", 3, 5, Stage.EARLY_VIOLENCE, "Herders", "CANARYTHEIRS <b>"),
    mark=Mark.AMBER,
)


@pytest.fixture
def ana(database: Database, now: datetime) -> Person:
    roles = [Role.ADMINISTRATOR, Role.ANALYST]
    return somebody(database, now, name="Ana", clearance=Mark.AMBER, roles=roles)


@pytest.fixture
def client_of_ana(app: Flask, database: Database, ana: Person, now: datetime) -> StrictClient:
    return browser_of(app, database, ana, now)


@pytest.fixture
def recorded(database: Database, now: datetime) -> None:
    """One figure of each mark, and a case."""
    with database.writing() as session:
        for mark in Mark:
            factories.observation(
                session,
                indicator=CORRUPTION,
                iso3="MLI",
                on=date(2020 + mark, 12, 31),
                value=0.5,
                handling=mark,
                note=f"CANARY{mark.name}",
                recorded_at=now,
            )
        situations.case(session, handling=Mark.GREEN, now=now)


@pytest.fixture
def partner(database: Database, ana: Person, now: datetime) -> None:
    with database.writing() as session:
        by = principals.principal_of(session, session.merge(ana, load=False))
        keys.add_partner(session, "Desk B", PAIR.public, by=by, now=now)


def sent(*observations: SharedObservation, **differing: Any) -> bytes:
    return signed(contents(*observations, **differing), PAIR.private)


def bring(client: StrictClient, file: bytes) -> TestResponse:
    return client.submit("/sharing/receive", file=(io.BytesIO(file), "bundle.json"))


def taken_in(client: StrictClient, file: bytes) -> str:
    """The address of its page."""
    address = bring(client, file).headers["Location"]
    client.submit_form(client.get(address), action=f"{address}/take-in")
    return str(address)


def make(client: StrictClient, **differing: str) -> TestResponse:
    client.submit_form(client.get("/sharing"), action="/sharing/key")
    fields = {"recipient": "Desk B"} | differing
    return client.submit_form(client.get(f"{LOOK}1"), action="/sharing/new", **fields)


def test_what_is_shown_is_what_leaves(client_of_ana: StrictClient, database: Database, recorded: None) -> None:
    looked = text_of(client_of_ana.get(f"{LOOK}1"))
    assert "bears a higher mark than you chose: observations 1" in looked
    assert "never leaves: observations" not in looked  # above what Ana may know of

    made = make(client_of_ana)
    page = client_of_ana.get(made.headers["Location"])
    [link] = parsed(page).xpath("//a[contains(@href, 'bundle.json')]/@href")
    file = client_of_ana.get(link)
    assert file.headers["Content-Disposition"].startswith('attachment; filename="bundle-')
    sealed = unsealed(file.get_data())
    refuse_broken(sealed)
    assert [(row.mark, row.note) for row in sealed.contents().observations] == [
        (Mark.CLEAR, "CANARYCLEAR"),
        (Mark.GREEN, "CANARYGREEN"),
    ]
    assert len(sealed.contents().flags) == 2
    assert sealed.contents().assessments == ()


def test_what_changed_since_it_was_shown_is_shown_again(
    client_of_ana: StrictClient, database: Database, recorded: None, now: datetime
) -> None:
    client_of_ana.submit_form(client_of_ana.get("/sharing"), action="/sharing/key")
    page = client_of_ana.get(f"{LOOK}1")
    with database.writing() as session:
        factories.observation(
            session, indicator=CORRUPTION, iso3="MLI", on=date(2019, 12, 31), value=1, recorded_at=now
        )
        factories.observation(
            session, indicator=CORRUPTION, iso3="MLI", on=date(2025, 12, 31), value=1, recorded_at=now
        )
    again = client_of_ana.submit_form(page, action="/sharing/new", recipient="Desk B")
    assert again.status_code == 409
    assert "has changed since you looked at it" in text_of(again)
    assert client_of_ana.submit_form(again, action="/sharing/new").status_code == 302


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        (f"{LOOK}4", "TLP:RED is for those who heard it alone"),
        (f"{LOOK}3", "TLP:AMBER+STRICT stays in the organisation"),
        (f"{LOOK}9", "Choose only what is listed"),
        (f"{LOOK}x", "Choose only what is listed"),
        (LOOK.replace("countries=MLI", "countries=XXX") + "1", "Choose only what is listed"),
        (LOOK.replace("countries=MLI&", "") + "1", "Choose at least one country"),
        (LOOK.replace("2026-03-16", "2019-03-16") + "1", "comes before the first"),
        (LOOK.replace("2026-03-16", "soon") + "1", "Enter a day"),
    ],
)
def test_what_cannot_be_shared_is_refused_with_the_reason(
    client_of_ana: StrictClient, address: str, sentence: str
) -> None:
    answer = client_of_ana.get(address)
    assert answer.status_code == 422
    assert sentence in text_of(answer)


def test_an_administrator_of_two_countries_finds_those_alone(sign_in_as: SignInAs, recorded: None) -> None:
    narrow = sign_in_as(Role.ADMINISTRATOR, countries=["NER", "TCD"])
    offered = set(parsed(narrow.get("/sharing/new")).xpath("//input[@name='countries']/@value"))
    assert offered == {"NER", "TCD"}
    whole = text_of(narrow.get("/sharing/new?groups=au&since=2020-01-01&until=2026-03-16&parts=flags&ceiling=1"))
    assert "Mali" not in whole


def test_what_is_wrong_with_a_file_is_said_beside_it_and_nothing_is_kept(
    client_of_ana: StrictClient, database: Database, partner: None
) -> None:
    for file, sentence in (
        (b"no bundle", "This is no bundle"),
        (sent(FIGURE).replace(b"-0.5", b"-0.6"), "The signature does not belong"),
        (signed(contents(FIGURE), new_key().private), "a key that nobody here knows"),
    ):
        answer = bring(client_of_ana, file)
        assert answer.status_code == 422
        assert sentence in text_of(answer)
    assert importing.how_many(database, Bundle) == [0]


def test_a_bundle_is_looked_at_taken_in_and_taken_back(
    client_of_ana: StrictClient, database: Database, partner: None
) -> None:
    address = bring(client_of_ana, sent(FIGURE, replace(FIGURE, country="XXX"), flags=(FLAG,))).headers["Location"]
    looked = client_of_ana.get(address)
    assert "1 observation is new." in text_of(looked)
    assert "1 row is refused" in text_of(looked)
    assert importing.how_many(database, ReceivedStatement) == [0]

    client_of_ana.submit_form(looked, action=f"{address}/take-in")
    assert "being recorded" in text_of(client_of_ana.get(address))
    assert client_of_ana.submit_form(looked, action=f"{address}/take-in").status_code == 409

    client_of_ana.submit(f"{address}/take-back", reason="Sent in error")
    assert "taken back" in text_of(client_of_ana.get(address))
    assert "What others see" not in text_of(client_of_ana.get("/countries/MLI"))


def test_what_is_left_leaves_nothing(client_of_ana: StrictClient, database: Database, partner: None) -> None:
    address = bring(client_of_ana, sent(FIGURE)).headers["Location"]
    client_of_ana.submit_form(client_of_ana.get(address), action=f"{address}/leave")
    assert importing.how_many(database, Bundle) == [0]


def test_whoever_is_no_analyst_is_told_so_before_and_after(
    client_of_ana: StrictClient, sign_in_as: SignInAs, partner: None
) -> None:
    other = sign_in_as(Role.ADMINISTRATOR)
    address = bring(other, sent(FIGURE)).headers["Location"]
    page = other.get(address)
    assert "Observations are recorded by analysts only" in text_of(page)
    assert other.submit_form(page, action=f"{address}/take-in").status_code == 422
    assert client_of_ana.submit_form(page, action=f"{address}/take-in").status_code in (302, 400)


def test_what_others_concluded_is_shown_as_theirs_to_whoever_may_see_it(
    client_of_ana: StrictClient, database: Database, sign_in_as: SignInAs, partner: None, recorded: None
) -> None:
    taken_in(client_of_ana, sent(flags=(FLAG,), assessments=(ASSESSMENT,)))
    with database.reading() as session:
        [situation] = session.scalars(select(Situation.id)).all()
    for address in ("/countries/MLI", f"/situations/{situation}"):
        amber, green = (text_of(client.get(address)) for client in (client_of_ana, sign_in_as(Role.READER)))
        assert "What others see Desk B" in amber
        assert "A rule of theirs: Rule of law and good governance: alarm, open" in green
        assert "CANARYTHEIRS <b>" in amber
        assert "CANARYTHEIRS" not in green
    # whatever day is looked at, what others see is known today alone
    assert "What others see" not in text_of(client_of_ana.get("/countries/MLI?as_of=2026-03-10"))


def test_a_partner_is_entered_once_and_revoked(client_of_ana: StrictClient, database: Database) -> None:
    fields = {"name": "Desk B", "public_key": PAIR.public}
    page = client_of_ana.get("/sharing")
    assert client_of_ana.submit_form(page, action="/sharing/partners", **fields).status_code == 302
    again = client_of_ana.submit_form(page, action="/sharing/partners", **fields)
    assert again.status_code == 422
    assert "as that of Desk B" in text_of(again)
    wrong = client_of_ana.submit_form(page, action="/sharing/partners", name="Desk C", public_key="abc")
    assert (wrong.status_code, "64 characters" in text_of(wrong)) == (422, True)

    with database.reading() as session:
        [number] = session.scalars(select(Partner.id)).all()
    page = client_of_ana.get("/sharing")
    client_of_ana.submit_form(page, action=f"/sharing/partners/{number}/revoke")
    assert "revoked" in text_of(client_of_ana.get("/sharing"))
    refused = bring(client_of_ana, sent(FIGURE))
    assert "The key of Desk B was revoked" in text_of(refused)


def test_the_pages_ask_few_questions(
    client_of_ana: StrictClient, database: Database, recorded: None, partner: None
) -> None:
    made = make(client_of_ana).headers["Location"]
    received = taken_in(client_of_ana, sent(FIGURE, flags=(FLAG,), assessments=(ASSESSMENT,)))
    everything = f"{LOOK}{int(Mark.AMBER)}&parts=assessments"
    for address in ("/situations/1", "/sharing", f"{LOOK}1", everything, made, received, "/countries/MLI"):
        assert len(questions(client_of_ana, database, address)) <= 12, address


@pytest.mark.parametrize(("role", "status"), [(Role.ADMINISTRATOR, 422), (Role.ANALYST, 403)])
def test_only_who_may_share_sends_more_than_a_form_has(sign_in_as: SignInAs, role: Role, status: int) -> None:
    client = sign_in_as(role)
    token = token_on(client, "/account")
    head = f'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n--b\r\n'
    file = 'Content-Disposition: form-data; name="file"; filename="a.json"\r\n\r\n'
    body = (head + file).encode() + b"x" * 1_500_000 + b"\r\n--b--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    assert client.post("/sharing/receive", data=body, headers=headers).status_code == status


def test_countries_are_called_by_their_names(client_of_ana: StrictClient, recorded: None, partner: None) -> None:
    bring(client_of_ana, sent(replace(FIGURE, country="TCD"), FIGURE))

    assert "Chad, Mali" in text_of(client_of_ana.get("/sharing"))
