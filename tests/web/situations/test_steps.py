"""The steps from one state to another: each in its turn, and nobody's words are lost."""

from datetime import datetime
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.strict_client import StrictClient, parsed, text_of
from tests.web.browsing import token_on
from tests.web.conftest import BOTH_ENGINES, SignInAs
from tests.web.situations.desk import (
    ASSESSED,
    IN_SCOPE,
    MONITORING,
    NEW,
    ONE_ENGINE,
    OUT_OF_SCOPE,
    RESPONDING,
    VERIFYING,
    Raise,
    as_it_is,
    followed,
    judge,
    page_of,
    press,
    rows,
    typed,
)
from tracker.access import Role
from tracker.situation import SituationState
from tracker.storage import situations as stored
from tracker.storage.base import Database


def test_acting_out_of_turn_is_refused_with_the_reason(
    reviewer: StrictClient, raise_one: Raise, database: Database
) -> None:
    flag, situation = raise_one()
    token = token_on(reviewer, "/account")
    seen = parsed(reviewer.get(page_of(situation))).xpath("//input[@name='seen']/@value")[0]

    def sent(step: str, fields: dict[str, Any]) -> TestResponse:
        return reviewer.post(f"{page_of(situation)}/{step}", data={"csrf_token": token, "seen": seen} | fields)

    for act, fields in (
        ("move/responding", {"words": "At once."}),
        ("close", {"reason": "resolved", "words": "It is over."}),
        ("assess", IN_SCOPE | {"handling": "1"}),
        ("verdicts", {"act": "confirm", "pick": str(flag.id), "shown": f"{flag.id}:1-"}),
    ):
        answer = sent(act, fields)
        assert answer.status_code == 409
        assert "Its flags wait to be verified: a reviewer takes it up first." in text_of(answer)
    assert as_it_is(database, situation).state is NEW


def test_a_step_that_lacks_something_says_what(reviewer: StrictClient, raise_one: Raise) -> None:
    _, situation = raise_one(ASSESSED)
    page = reviewer.get(f"{page_of(situation)}/move/responding")
    reviewer.submit(f"{page_of(situation)}/assess", **OUT_OF_SCOPE)
    again = reviewer.submit_form(page, action=None, words="An envoy goes.")

    answer = reviewer.submit_form(again, action=None)

    assert answer.status_code == 409
    assert "A response needs an assessment that names one of the four crimes." in text_of(answer)
    assert typed(answer)["words"] == "An envoy goes."


@BOTH_ENGINES
def test_of_two_reviewers_the_second_sees_what_the_first_did_and_loses_nothing(
    reviewer: StrictClient, sign_in_as: SignInAs, raise_one: Raise, database: Database
) -> None:
    _, situation = raise_one(ASSESSED)
    other = sign_in_as(Role.REVIEWER, name="Omar")
    opened_before = other.get(f"{page_of(situation)}/move/monitoring")
    reviewer.submit(f"{page_of(situation)}/move/responding", words="An envoy goes.")

    answer = other.submit_form(opened_before, action=None, words="We wait.")

    assert answer.status_code == 409
    assert "An envoy goes." in text_of(answer)
    assert "Rita" in text_of(answer)
    assert typed(answer)["words"] == "We wait."
    assert as_it_is(database, situation).state is RESPONDING
    # now they know; sending it again is a decision
    assert other.submit_form(answer, action=None).status_code == 302
    assert as_it_is(database, situation).state is MONITORING


def test_a_button_of_a_page_that_is_too_old_says_where_things_stand_and_asks_nothing(
    reviewer: StrictClient, sign_in_as: SignInAs, raise_one: Raise
) -> None:
    _, situation = raise_one()
    page, take_up = page_of(situation), f"{page_of(situation)}/move/verifying"
    other = sign_in_as(Role.REVIEWER, name="Omar")
    opened_before = other.get(page)
    press(reviewer, page, take_up)

    told = followed(other, other.submit_form(opened_before, action=take_up))
    reviewer.submit(f"{page}/assess", **IN_SCOPE)
    later = followed(other, other.submit_form(opened_before, action=take_up))

    assert "Somebody was quicker: the situation is “being verified” by now." in told
    assert "the situation is “being verified” by now" in later


def test_a_button_that_would_now_ask_why_asks_nothing(
    reviewer: StrictClient, raise_one: Raise, database: Database
) -> None:
    flag, situation = raise_one()
    page, take_up = page_of(situation), f"{page_of(situation)}/move/verifying"
    opened_before = reviewer.get(page)
    reviewer.submit_form(opened_before, action=take_up)
    judge(reviewer, page, "confirm", flag)
    reviewer.submit(f"{page}/assess", **IN_SCOPE)

    told = followed(reviewer, reviewer.submit_form(opened_before, action=take_up))

    assert "Somebody was quicker: the situation is “assessed” by now." in told
    assert as_it_is(database, situation).state is ASSESSED


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (NEW, "Before it can be closed somebody takes it up"),
        (VERIFYING, "It can be closed once none of its flags is open: each has cleared or was discarded."),
        (ASSESSED, "It can be closed once none of its flags is open, or an assessment says that it is out of scope."),
        (RESPONDING, "It can be closed from monitoring"),
        (MONITORING, "It can be closed once none of its flags is open, or an assessment says that it is out of scope."),
    ],
)
@ONE_ENGINE
def test_what_is_missing_until_it_can_be_closed_is_said_where_it_is_looked_for(
    reviewer: StrictClient, analyst: StrictClient, raise_one: Raise, state: SituationState, expected: str
) -> None:
    _, situation = raise_one(state)

    assert expected in text_of(reviewer.get(page_of(situation)))
    assert parsed(reviewer.get(page_of(situation))).xpath("//a[contains(@href, '/close')]") == []
    assert "can be closed" not in text_of(analyst.get(page_of(situation)))
    refused = reviewer.get(f"{page_of(situation)}/close")
    assert refused.status_code == 409
    assert expected in text_of(refused)


def test_only_what_it_can_be_closed_for_now_is_offered_each_with_what_it_means(
    reviewer: StrictClient, raise_one: Raise
) -> None:
    flag, situation = raise_one(VERIFYING)
    judge(reviewer, page_of(situation), "discard", flag, words="Noise.")
    assert "Closing it" not in text_of(reviewer.get(page_of(situation)))

    page = parsed(reviewer.get(f"{page_of(situation)}/close"))

    assert page.xpath("//input[@name='reason']/@value") == ["resolved", "unfounded"]
    hints = [page.xpath(f"string(//*[@id='{one}'])") for one in page.xpath("//input[@name='reason']/@aria-describedby")]
    assert hints == [
        "No flag is open any more: what was feared has passed, or did not come.",
        "Each of its flags was discarded: there was nothing to it.",
    ]


def test_a_reason_that_holds_no_longer_says_what_it_lacks_and_nothing_is_lost(
    reviewer: StrictClient, raise_one: Raise, database: Database, now: datetime
) -> None:
    flag, situation = raise_one(VERIFYING)
    judge(reviewer, page_of(situation), "discard", flag, words="Noise.")
    page = reviewer.get(f"{page_of(situation)}/close")
    raise_one(subject="risk")
    changed = reviewer.submit_form(page, action=None, reason="resolved", words="It has passed.")

    answer = reviewer.submit_form(changed, action=None)

    assert (changed.status_code, answer.status_code) == (409, 409)
    assert "It is not over while one of its flags is open." in text_of(answer)
    assert typed(answer)["words"] == "It has passed."
    assert as_it_is(database, situation).state is VERIFYING


@BOTH_ENGINES
def test_a_part_is_split_off_and_comes_back(reviewer: StrictClient, raise_one: Raise, database: Database) -> None:
    _, situation = raise_one()
    other, _ = raise_one(subject="risk")
    reviewer.submit(f"{page_of(situation)}/split", part="The north", flags=[str(other.id)])
    assert set(rows(reviewer.get("/situations"))) == {"Mali", "Mali: The north"}
    with database.reading() as session:
        north = stored.open_in(session, "MLI", "The north")
    assert north is not None
    assert "“The north” was split off" in text_of(reviewer.get(page_of(situation)))

    reviewer.submit(f"{page_of(north)}/close", reason="merged", words="One thing after all.")

    assert rows(reviewer.get("/situations")) == ["Mali"]
    assert "“The north” came back." in text_of(reviewer.get(page_of(situation)))


def test_a_split_that_takes_everything_is_refused_beside_the_flags(reviewer: StrictClient, raise_one: Raise) -> None:
    flag, situation = raise_one()

    answer = reviewer.submit(f"{page_of(situation)}/split", part="The north", flags=[str(flag.id)])

    assert answer.status_code == 422
    assert "at least one, and not all" in parsed(answer).xpath("string(//*[@id='flags-error'])")
    assert typed(answer)["part"] == "The north"
