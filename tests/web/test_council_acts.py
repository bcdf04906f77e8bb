"""What councils did, on the country's side."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import update

from tests import situations
from tests.strict_client import StrictClient, form_on, parsed, text_of
from tests.web.conftest import SignInAs
from tracker.access import Role
from tracker.handling import Mark
from tracker.storage.admitting import Person
from tracker.storage.base import Database
from tracker.web.council_acts.words import vetoed_by_words

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
PAGE = "/countries/MLI/council-acts"
STATEMENT = {"council": "Security Council", "kind": "statement", "day": "2026-03-10", "words": "It called for calm."}


@pytest.fixture
def analyst(sign_in_as: SignInAs) -> StrictClient:
    return sign_in_as(Role.ANALYST)


def test_an_act_is_entered_shown_wherever_it_belongs_and_taken_out(analyst: StrictClient, sign_in_as: SignInAs) -> None:
    analyst.submit(PAGE, **STATEMENT)

    reader = sign_in_as(Role.READER)
    for page in (PAGE, "/countries/MLI", "/calendar", "/calendar?group=african_union"):
        assert "It called for calm." in text_of(reader.get(page)), page
    for page in ("/countries/NER", "/calendar?country=NER", "/calendar?kind=census"):
        assert "It called for calm." not in text_of(reader.get(page)), page
    [form] = [form for form in parsed(analyst.get(PAGE)).forms if "remove" in form.get("action", "")]

    analyst.submit_form(analyst.get(PAGE), action=form.get("action"))

    assert "taken out" in text_of(reader.get(PAGE))
    assert "It called for calm." not in text_of(reader.get("/countries/MLI"))


def test_a_veto_says_whose_it_was(analyst: StrictClient) -> None:
    veto = STATEMENT | {"kind": "veto", "vetoed_by": ["FRA", "USA"]}

    assert "Say whose veto it was" in text_of(analyst.submit(PAGE, **(STATEMENT | {"kind": "veto"})))
    analyst.submit(PAGE, **veto)

    assert "Security Council: veto of France, United States." in text_of(analyst.get(PAGE))


def test_permanent_members_have_their_names_where_no_such_country_is_followed(analyst: StrictClient) -> None:
    analyst.get(PAGE)
    number, kept = analyst.application.extensions["frame"]
    analyst.application.extensions["frame"] = number, replace(kept, countries={})
    with analyst.application.test_request_context():
        assert vetoed_by_words(["CHN", "GBR"]) == "China, United Kingdom"


@pytest.mark.parametrize(
    ("differing", "said"),
    [
        ({"day": "2026-03-17"}, "up to today"),
        ({"council": ""}, "Say which council"),
        ({"words": ""}, "Say what it did"),
        ({"vetoed_by": ["FRA"]}, "Only a veto is somebody's"),
        ({"link": "example.org"}, "begins with https://"),
    ],
)
def test_what_cannot_be_entered_comes_back_filled(analyst: StrictClient, differing: dict[str, str], said: str) -> None:
    answer = analyst.submit(PAGE, **(STATEMENT | differing))

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert form_on(answer, PAGE).fields["kind"] == "statement"


def test_nobody_marks_it_below_the_session_at_which_it_happened(analyst: StrictClient) -> None:
    session = {"name_": "A session", "place": "country:MLI", "kind": "session", "day": "2026-03-16"}
    number = analyst.submit("/calendar/enter", **session, handling=str(int(Mark.GREEN))).headers["Location"][-1]

    answer = analyst.submit(PAGE, **STATEMENT, occasion=number, handling=str(int(Mark.CLEAR)))

    assert answer.status_code == 422
    [error] = parsed(answer).xpath("//*[@id='handling-error']")
    assert "no lower mark" in error.text_content()


def test_what_lies_above_a_clearance_or_outside_a_scope_leaves_no_trace(sign_in_as: SignInAs) -> None:
    reader = sign_in_as(Role.READER, clearance=Mark.AMBER)
    before = {page: text_of(reader.get(page)) for page in (PAGE, "/countries/MLI", "/calendar")}
    sign_in_as(Role.ANALYST, clearance=Mark.RED).submit(PAGE, **STATEMENT, handling=str(int(Mark.RED)))

    assert {page: text_of(reader.get(page)) for page in before} == before
    stranger = sign_in_as(Role.ANALYST, countries=["PRY"])
    assert stranger.get(PAGE).status_code == 404
    assert "It called for calm." not in text_of(stranger.get("/calendar"))


def test_what_was_typed_when_a_session_ended_is_there_again(
    analyst: StrictClient, database: Database, now: datetime
) -> None:
    page = analyst.get(PAGE)
    with analyst.session_transaction() as cookie:
        cookie["seen"] = now.timestamp() - 100_000
    analyst.submit_form(page, action=PAGE, **STATEMENT)
    with analyst.session_transaction() as cookie:
        cookie["seen"] = now.timestamp()

    kept = analyst.get(PAGE)

    assert "This is what you had typed before" in text_of(kept)
    assert form_on(kept, PAGE).fields["words"].strip() == "It called for calm."


@pytest.mark.parametrize(("day", "is_told"), [("2026-03-15", False), ("2026-03-16", True)])
def test_it_stands_in_the_timeline_of_what_was_open_on_that_day(
    analyst: StrictClient, database: Database, now: datetime, day: str, is_told: bool
) -> None:
    with database.writing() as session:
        situation_id = situations.case(session, now=now).situation_id
    analyst.submit(PAGE, **(STATEMENT | {"day": day}))

    for zone in ("UTC", "Pacific/Auckland"):
        with database.writing() as session:
            session.execute(update(Person).values(time_zone=zone))
        timeline = parsed(analyst.get(f"/situations/{situation_id}")).xpath("//main")[0].text_content()
        assert ("Security Council: statement." in timeline) == is_told
