"""The toolbox: all of it, narrowed, as a file; one measure and what became of it where it was proposed."""

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from tests.questions import questions
from tests.situations import case
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.conftest import SignInAs
from tracker.access import Role
from tracker.assessment import Stage
from tracker.catalogue.measures import measures
from tracker.handling import Mark
from tracker.measure import FORCE_QUESTIONS, MISGIVINGS, MeasureKind, Reason, Sphere, suggestions
from tracker.measure import Circumstances as Known
from tracker.response import ResponseAct, ResponseState
from tracker.storage.base import Database, Session
from tracker.storage.conclusions import Situation
from tracker.storage.responding import Response, ResponseEvent
from tracker.web.toolbox.words import kind_word, misgiving_words, reason_words, sphere_word

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)

TALKS = "/toolbox/quiet_talks"


def proposed(session: Session, *, iso3: str = "MLI", outcome: str = "", now: datetime, **differing: Any) -> Response:
    """Quiet talks, done where there is an outcome."""
    situation = session.get_one(Situation, case(session, iso3=iso3, now=now).situation_id)
    usual: dict[str, Any] = {
        "situation_id": situation.id,
        "measure_key": "quiet_talks",
        "kind": MeasureKind.DIPLOMATIC,
        "sphere": Sphere.BILATERAL,
        "title": "The ambassador speaks with the generals",
        "state": ResponseState.PROPOSED,
        "handling": Mark.GREEN,
        "owner": "The embassy",
        "organisation": "",
        "due_on": now.date(),
        "proposed_at": now,
        "proposed_by": 1,
        "decided_by": "",
        "misgivings": [],
    }
    if outcome:
        days = {"decided_at": now, "started_at": now, "ended_at": now}
        usual |= {"state": ResponseState.DONE, "decided_by": "The minister", **days}
    made = Response(**usual | differing)
    session.add(made)
    session.flush()
    if outcome:
        said = {"at": now, "by_id": made.proposed_by, "handling": made.handling, "details": {}}
        session.add(ResponseEvent(response_id=made.id, act=ResponseAct.REPORTED, words="First call.", **said))
        session.flush()
        session.add(ResponseEvent(response_id=made.id, act=ResponseAct.DONE, words=outcome, **said))
    return made


@pytest.fixture
def reader(sign_in_as: SignInAs) -> StrictClient:
    return sign_in_as(Role.READER)


def listed(client: StrictClient, query: str = "") -> list[str]:
    return [link.get("href") for link in parsed(client.get(f"/toolbox{query}")).xpath("//table//th/a")]


def test_the_whole_toolbox_stands_in_one_table_with_force_at_its_end(reader: StrictClient) -> None:
    found = listed(reader)
    assert len(found) == len(measures())
    assert found[-1] == "/toolbox/protective_force"


@pytest.mark.parametrize(
    ("query", "key", "value"),
    [
        ("?kind=mediation", "kind", MeasureKind.MEDIATION),
        ("?stage=ongoing_violence", "stages", Stage.ONGOING_VIOLENCE),
        ("?sphere=national", "spheres", Sphere.NATIONAL),
        ("?criterion=incitement", "criteria", "incitement"),
    ],
)
def test_the_address_narrows_it(reader: StrictClient, query: str, key: str, value: str) -> None:
    fitting = [one.key for one in measures() if value == getattr(one, key) or value in getattr(one, key)]
    assert listed(reader, query) == [f"/toolbox/{one}" for one in fitting]
    assert 0 < len(fitting) < len(measures())


def test_what_nobody_can_do_says_so_and_leads_back(reader: StrictClient) -> None:
    page = reader.get("/toolbox?kind=force&sphere=national")
    assert "No measure is all of that" in text_of(page)


@pytest.mark.parametrize("query", ["?kind=magic&stage=&sphere=7", "?criterion=%00", "?criterion=nonsense"])
def test_what_cannot_be_understood_narrows_nothing(reader: StrictClient, query: str) -> None:
    assert len(listed(reader, query)) == len(measures())


def test_the_file_holds_what_is_seen(reader: StrictClient) -> None:
    answer = reader.get("/toolbox.csv?kind=force")
    [line] = csv.DictReader(io.StringIO(answer.text))
    assert (line["key"], line["spheres"], line["stages"]) == (
        "protective_force",
        "regional united_nations",
        "ongoing_violence",
    )
    assert "2008: On the use of force" in line["citations"]
    assert 'filename="toolbox-2026-03-16.csv"' in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("key", ["quiet_talks", "protective_force"])
def test_a_measure_says_all_of_it(reader: StrictClient, key: str) -> None:
    [measure] = [one for one in measures() if one.key == key]
    text = text_of(reader.get(f"/toolbox/{key}"))
    said = [measure.name, measure.what, *measure.sensible_when, *measure.cautions]
    assert [one for one in said if one not in text] == []
    assert [citation for citation in measure.citations if citation.section not in text] == []
    assert [one in text for one in FORCE_QUESTIONS.values()] == [key == "protective_force"] * 5


@pytest.mark.parametrize("key", ["quiet_talk", "QUIET_TALKS", "%00"])
def test_a_measure_that_does_not_exist_is_not_found(reader: StrictClient, key: str) -> None:
    assert reader.get(f"/toolbox/{key}").status_code == 404


def test_where_it_was_done_its_outcome_stands_beside_it(
    reader: StrictClient, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        proposed(session, outcome="The generals let the columns turn back.", now=now)
        proposed(session, measure_key="inquiry", title="Something else", now=now - timedelta(days=1))
    text = text_of(reader.get(TALKS))
    assert "The ambassador speaks with the generals Mali · proposed on 16 March 2026 · done The generals let" in text
    assert "Something else" not in text
    assert "First call." not in text


@pytest.mark.parametrize(
    ("differing", "sees"),
    [
        ({"clearance": Mark.AMBER}, True),
        ({"clearance": Mark.GREEN}, False),
        ({"clearance": Mark.RED, "countries": ["PRY"]}, False),
    ],
)
def test_what_lies_beyond_scope_or_clearance_leaves_no_trace(
    sign_in_as: SignInAs, database: Database, now: datetime, differing: dict[str, Any], sees: bool
) -> None:
    with database.writing() as session:
        proposed(session, handling=Mark.AMBER, outcome="They met.", now=now)
    text = text_of(sign_in_as(Role.READER, **differing).get(TALKS))
    assert [words in text for words in ("Mali", "They met.", "In no situation that you may see.")] == [
        sees,
        sees,
        not sees,
    ]


def test_a_measure_asks_few_questions_however_often_it_was_proposed(
    sign_in_as: SignInAs, database: Database, now: datetime
) -> None:
    client = sign_in_as(Role.READER, clearance=Mark.RED)
    with database.writing() as session:
        for number in range(12):
            proposed(session, title=f"Call {number}", outcome="They met.", now=now)
    assert len(questions(client, database, TALKS)) <= 12


def test_a_search_finds_measures_by_what_is_said_of_them(reader: StrictClient) -> None:
    page = parsed(reader.get("/search?q=alibi"))
    assert [link.get("href") for link in page.xpath("//section[@aria-labelledby='measures']//li//a")] == [TALKS]


def test_a_criterion_leads_to_what_can_be_done_about_it(reader: StrictClient) -> None:
    links = parsed(reader.get("/criteria/incitement")).xpath("//main//a[contains(@href, '/toolbox')]")
    assert [link.get("href") for link in links] == ["/toolbox?criterion=incitement"]


def test_reasons_name_criteria_and_stages_in_words(reader: StrictClient) -> None:
    criteria = {"incitement": 64.4, "violations": None}
    known = Known(criteria, Stage.EARLY_VIOLENCE, flagged=["violations"])
    [found] = [one for one in suggestions(measures(), known) if one.measure.key == "own_courts"]
    reader.get("/toolbox")
    with reader.application.test_request_context():
        assert [reason_words(reason) for reason in found.reasons] == [
            "The State itself can do it.",
            "It works on what presses: Incitement and preparation (64 of 100),"
            " Violations of life and liberty (a flag is open).",
            "It suits the stage, early violence.",
        ]
        assert reason_words(Reason("On %(criteria)s.", {"criteria": {"gone": 40.0}})) == "On gone (40 of 100)."


def test_every_word_of_the_vocabularies_can_be_said(app: Flask) -> None:
    with app.test_request_context():
        assert len({*map(kind_word, MeasureKind), *map(sphere_word, Sphere)}) == len(MeasureKind) + len(Sphere)
        assert list(map(misgiving_words, MISGIVINGS)) == list(MISGIVINGS.values())
