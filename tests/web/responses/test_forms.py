"""What the forms of measures ask for, what they say of what is missing, and that nothing typed is lost."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from tests.focal_points import asked
from tests.strict_client import StrictClient, form_on, parsed, text_of
from tests.web.browsing import browser_of, somebody, token_on
from tests.web.conftest import SignInAs, TestClock
from tests.web.responses.desk import OWN, STARTED, as_it_is, decided, propose, started
from tests.web.situations.desk import ASSESSED, OUT_OF_SCOPE, Raise, followed, page_of, typed
from tracker.access import Role
from tracker.catalogue.measures import measures
from tracker.handling import Mark
from tracker.measure import FORCE_QUESTIONS
from tracker.response import ResponseState
from tracker.storage.base import Database

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
ANSWER = "Two valleys are shelled every night, says every source that we have."


def test_without_an_owner_or_a_day_it_is_not_under_way(
    reviewer: StrictClient, analyst: StrictClient, raise_one: Raise, database: Database
) -> None:
    page = decided(reviewer, propose(analyst, raise_one(ASSESSED)[1]))

    answer = reviewer.submit(f"{page}/start", organisation="Ministry of the Interior", due_on="")

    assert answer.status_code == 422
    assert "without an owner it cannot be under way" in text_of(answer)
    assert "without a day it cannot be under way" in text_of(answer)
    assert typed(answer)["organisation"] == "Ministry of the Interior"
    assert as_it_is(database, page).state is ResponseState.DECIDED


@pytest.mark.parametrize("day", ["2026-03-15", "tomorrow", "9999-12-31"])
def test_a_day_that_cannot_be_planned_for_is_refused_beside_its_field(
    reviewer: StrictClient, analyst: StrictClient, raise_one: Raise, day: str
) -> None:
    page = decided(reviewer, propose(analyst, raise_one(ASSESSED)[1]))

    answer = reviewer.submit(f"{page}/start", **(STARTED | {"due_on": day}))

    assert answer.status_code == 422
    assert parsed(answer).xpath("count(//p[@id='due_on-error'])") == 1


def test_of_two_who_settle_it_the_second_sees_what_the_first_did_and_loses_nothing(
    reviewer: StrictClient, analyst: StrictClient, sign_in_as: SignInAs, raise_one: Raise, database: Database
) -> None:
    page = propose(analyst, raise_one(ASSESSED)[1])
    other = sign_in_as(Role.REVIEWER, name="Omar")
    opened_before = other.get(f"{page}/decline")
    decided(reviewer, page)

    answer = other.submit_form(opened_before, action=None, decided_by="The council", words="It harms.")

    assert answer.status_code == 409
    assert "Decided: The cabinet." in text_of(answer)
    assert typed(answer)["words"] == "It harms."
    again = other.submit_form(answer, action=None)
    assert again.status_code == 409
    assert "now somebody takes it on" in text_of(again)
    assert as_it_is(database, page).state is ResponseState.DECIDED


def test_the_same_form_twice_proposes_once_and_leads_there_both_times(reviewer: StrictClient, raise_one: Raise) -> None:
    _, situation = raise_one(ASSESSED)
    opened = reviewer.get(f"{page_of(situation)}/propose?measure=own")
    first = reviewer.submit_form(opened, action=None, **OWN)

    again = reviewer.submit_form(opened, action=None, **OWN)

    assert (again.status_code, again.headers["Location"]) == (302, first.headers["Location"])
    other_words = reviewer.submit_form(opened, action=None, **(OWN | {"words": "After the election."}))
    assert other_words.status_code == 409
    assert typed(other_words)["words"] == "After the election."
    assert reviewer.get("/responses/list.csv").text.count("\n") == 2


def test_what_looks_like_misuse_is_told_before_it_is_proposed_and_stays_with_it(
    reviewer: StrictClient, raise_one: Raise
) -> None:
    _, situation = raise_one()
    page = reviewer.get(f"{page_of(situation)}/propose?measure=targeted_sanctions")

    told = reviewer.submit_form(page, action=None, sphere="regional", words="Their accounts abroad.")

    assert told.status_code == 422
    assert "No assessment names which of the four crimes is at risk." in text_of(told)
    assert typed(told)["words"] == "Their accounts abroad."
    assert "Propose it all the same" in text_of(told)
    made = followed(reviewer, reviewer.submit_form(told, action=None))
    assert "What spoke against it when it was proposed" in made
    assert "No assessment names which of the four crimes is at risk." in made


def test_force_is_proposed_with_its_tests_in_writing_and_they_are_shown(
    reviewer: StrictClient, raise_one: Raise
) -> None:
    _, situation = raise_one(ASSESSED)
    page = reviewer.get(f"{page_of(situation)}/propose?measure=protective_force")
    nothing = parsed(reviewer.submit_form(page, action=None)).xpath("//div[contains(@class, 'error-summary')]//a")
    assert len(nothing) == len(("who would take it", *FORCE_QUESTIONS, "of which crime"))
    refused = reviewer.submit_form(page, action=None, sphere="united_nations")
    assert refused.status_code == 422
    assert "Name which of the four crimes is being committed" in text_of(refused)

    tested: dict[str, Any] = dict.fromkeys(FORCE_QUESTIONS, ANSWER)
    told = reviewer.submit_form(refused, action=None, crimes=["war_crimes"], **tested)
    made = followed(reviewer, reviewer.submit_form(told, action=None, crimes=["war_crimes"]))

    assert made.count(ANSWER) == len(FORCE_QUESTIONS)
    assert "War crimes" in made


def test_force_in_ones_own_words_asks_for_the_tests_as_well(reviewer: StrictClient, raise_one: Raise) -> None:
    _, situation = raise_one(ASSESSED)
    page = reviewer.get(f"{page_of(situation)}/propose?measure=own")
    assert "seriousness" not in form_on(page, None).fields

    answer = reviewer.submit_form(page, action=None, **(OWN | {"kind": "force"}))

    assert answer.status_code == 422
    assert "seriousness" in form_on(answer, None).fields


def test_a_proposal_is_marked_no_lower_than_its_situation(sign_in_as: SignInAs, raise_one: Raise) -> None:
    _, situation = raise_one(ASSESSED, handling=Mark.AMBER)
    client = sign_in_as(Role.REVIEWER, clearance=Mark.RED)
    page = client.get(f"{page_of(situation)}/propose?measure=own")

    offered = parsed(page).xpath("//select[@name='handling']/option/@value")

    assert offered == [str(int(mark)) for mark in (Mark.AMBER, Mark.AMBER_STRICT, Mark.RED)]
    low = client.post(
        f"{page_of(situation)}/propose",
        data=OWN | {"handling": "0", "due_on": "2026-04-01", "csrf_token": token_on(client, "/account")},
    )
    assert low.status_code == 422


def test_what_was_typed_after_the_end_of_a_session_is_there_again(
    app: Flask, database: Database, analyst: StrictClient, raise_one: Raise, clock: TestClock, now: datetime
) -> None:
    _, situation = raise_one(ASSESSED)
    rita = somebody(database, now, name="Rita", roles=[Role.REVIEWER])
    client = browser_of(app, database, rita, now)
    page = started(client, propose(analyst, situation))
    opened = client.get(f"{page}/done")
    clock.moment += timedelta(hours=20)

    answer = client.submit_form(opened, action=None, words="Both signed, and both went home.")

    assert answer.headers["Location"].startswith("/sign-in")
    back = browser_of(app, database, rita, clock.moment).get(f"{page}/done")
    assert typed(back)["words"] == "Both signed, and both went home."
    assert "not saved yet" in text_of(back)


def test_a_closed_situation_takes_no_proposal(reviewer: StrictClient, raise_one: Raise) -> None:
    _, situation = raise_one(ASSESSED)
    opened = reviewer.get(f"{page_of(situation)}/propose?measure=own")
    reviewer.submit(f"{page_of(situation)}/assess", crimes=[], out_of_scope="A strike.", summary="A strike.")
    assert reviewer.submit(f"{page_of(situation)}/close", reason="out_of_scope", words="A strike.").status_code == 302

    assert reviewer.get(f"{page_of(situation)}/propose").status_code == 409
    answer = reviewer.submit_form(opened, action=None, **OWN)
    assert answer.status_code == 409
    assert typed(answer)["words"] == OWN["words"]


def test_who_sees_to_it_is_asked_first_where_it_is_started(
    reviewer: StrictClient, analyst: StrictClient, raise_one: Raise
) -> None:
    page = decided(reviewer, propose(analyst, raise_one(ASSESSED)[1]))
    form = form_on(reviewer.get(f"{page}/start"), None)
    asked_for = form.xpath(".//input[@type!='hidden']/@name | .//select/@name | .//textarea/@name")
    assert asked_for == ["owner", "organisation", "follower", "due_on", "words"]


def test_what_waits_for_a_decision_is_not_suggested_once_more(reviewer: StrictClient, raise_one: Raise) -> None:
    _, situation = raise_one(ASSESSED)
    address = f"{page_of(situation)}/propose"
    [first, *_] = suggested_on(reviewer, address)
    reviewer.submit_form(reviewer.get(f"{address}?measure={first}"), action=address, sphere="national")
    assert first not in suggested_on(reviewer, address)


def test_to_whoever_asks_for_help_is_suggested_what_others_can_do(
    reviewer: StrictClient, raise_one: Raise, database: Database, now: datetime
) -> None:
    _, situation = raise_one(ASSESSED)
    with database.writing() as session:
        number = asked(session, now=now, title="Trainers for the police").id
    address = f"{page_of(situation)}/propose"
    answering = reviewer.get(f"{address}?assistance={number}")

    others = {one.key for one in measures() if not one.is_national or len(one.spheres) > 1}
    assert not set(suggested_on(reviewer, address)) <= others
    assert suggested_on(reviewer, f"{address}?assistance={number}")
    assert set(suggested_on(reviewer, f"{address}?assistance={number}")) <= others
    assert "asks for help: “Trainers for the police”" in text_of(answering)
    assert parsed(answering).xpath("string(//details[1]/summary/b)") == "Security sector"
    assert "Trainers" not in text_of(reviewer.get(f"{address}?assistance=99999999999999999999"))


def suggested_on(client: StrictClient, address: str) -> list[str]:
    """The keys of what is suggested there."""
    links = parsed(client.get(address)).xpath("//ol[@class='suggestions']//h3/a/@href")
    return [str(link).rpartition("/")[2] for link in links]


@pytest.mark.parametrize("going", [0, 1])
def test_whoever_closes_a_situation_is_told_of_measures_that_are_still_open(
    reviewer: StrictClient, analyst: StrictClient, raise_one: Raise, going: int
) -> None:
    _, situation = raise_one(ASSESSED)
    page = propose(analyst, situation)
    if not going:
        reviewer.submit(f"{page}/decline", decided_by="The cabinet", words="No.")
    reviewer.submit(f"{page_of(situation)}/assess", **OUT_OF_SCOPE)

    closing = reviewer.get(f"{page_of(situation)}/close")

    assert ("1 measure is still open" in text_of(closing)) is bool(going)
    # the only reason that there is needs no choosing
    assert form_on(closing, None).fields["reason"] == "out_of_scope"
