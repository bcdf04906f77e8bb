"""What was typed and not sent is there again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.strict_client import StrictClient, parsed, text_of
from tests.web.browsing import browser_of, somebody, token_on
from tests.web.conftest import SignInAs, TestClock
from tests.web.situations.desk import (
    ASSESSED,
    MONITORING,
    ONE_ENGINE,
    VERIFYING,
    Raise,
    as_it_is,
    beside,
    followed,
    judge,
    page_of,
    typed,
)
from tracker.access import Role
from tracker.storage.base import Database


@pytest.mark.parametrize(("act", "said"), [("assign", "Saved."), ("follow", "You follow this situation now.")])
@ONE_ENGINE
def test_what_is_typed_about_flags_outlives_a_button_for_something_else(
    reviewer: StrictClient, raise_one: Raise, act: str, said: str
) -> None:
    flag, situation = raise_one(VERIFYING)

    answer = beside(reviewer, page_of(situation), act, words="Three sources say", pick=[str(flag.id)])

    assert said in text_of(answer)
    assert parsed(answer).xpath("string(//textarea[@id='verdict-words'])").strip() == "Three sources say"
    assert parsed(answer).xpath("//input[@name='pick'][@checked]/@value") == [str(flag.id)]
    assert judge(reviewer, answer, "discard", flag, words="Three sources say no.").status_code == 302


@ONE_ENGINE
def test_where_nothing_is_typed_a_button_leads_back_to_the_page(reviewer: StrictClient, raise_one: Raise) -> None:
    _, situation = raise_one(VERIFYING)

    answer = beside(reviewer, page_of(situation), "follow")

    assert "You follow this situation now." in followed(reviewer, answer)


@ONE_ENGINE
def test_what_was_typed_after_the_end_of_a_session_is_there_again(
    app: Flask, database: Database, raise_one: Raise, clock: TestClock, now: datetime
) -> None:
    _, situation = raise_one(ASSESSED)
    rita = somebody(database, now, name="Rita", roles=[Role.REVIEWER])
    client, address = browser_of(app, database, rita, now), f"{page_of(situation)}/move/monitoring"
    opened = client.get(address)
    clock.moment = now + timedelta(hours=1)
    assert client.submit_form(opened, action=None, words="We wait.").headers["Location"].startswith("/sign-in")
    assert as_it_is(database, situation).state is ASSESSED

    back = browser_of(app, database, rita, clock.moment)
    restored = back.get(address)

    assert "It is not saved yet." in text_of(restored)
    assert typed(restored)["words"] == "We wait."
    assert back.submit_form(restored, action=None).status_code == 302
    assert as_it_is(database, situation).state is MONITORING
    assert "not saved yet" not in text_of(back.get(f"{page_of(situation)}/move/monitoring"))


@pytest.fixture
def keep(reviewer: StrictClient) -> Callable[..., TestResponse]:
    """What a page sends as it is left."""

    def sent(address: str, client: StrictClient = reviewer, **fields: Any) -> TestResponse:
        token = token_on(client, "/account")
        return client.post("/unsent", data={"csrf_token": token, "address": address} | fields)

    return sent


@ONE_ENGINE
def test_what_is_typed_about_flags_is_there_again_until_a_verdict_is_given(
    reviewer: StrictClient, sign_in_as: SignInAs, raise_one: Raise, keep: Callable[..., TestResponse]
) -> None:
    flag, situation = raise_one(VERIFYING)
    page = page_of(situation)
    assert keep(page, words="Three sources say", pick=[str(flag.id)]).status_code == 204

    back = reviewer.get(page)

    assert "It is not saved yet." in text_of(back)
    assert parsed(back).xpath("string(//textarea[@id='verdict-words'])").strip() == "Three sources say"
    assert parsed(back).xpath("//input[@name='pick'][@checked]/@value") == [str(flag.id)]
    assert "not saved yet" not in text_of(sign_in_as(Role.REVIEWER, name="Omar").get(page))
    assert judge(reviewer, back, "discard", flag, words="Three sources say no.").status_code == 302
    assert "not saved yet" not in text_of(reviewer.get(page))


@ONE_ENGINE
def test_what_was_rubbed_out_is_kept_no_more(
    reviewer: StrictClient, raise_one: Raise, keep: Callable[..., TestResponse]
) -> None:
    _, situation = raise_one(VERIFYING)
    keep(page_of(situation), words="Three sources say")

    keep(page_of(situation), words="", blank="yes")

    assert "not saved yet" not in text_of(reviewer.get(page_of(situation)))


@ONE_ENGINE
def test_an_assessment_that_was_left_is_there_again_with_every_box(
    reviewer: StrictClient, raise_one: Raise, keep: Callable[..., TestResponse]
) -> None:
    _, situation = raise_one(VERIFYING)
    address = f"{page_of(situation)}/assess"
    keep(address, crimes=["genocide", "war_crimes"], summary="Militias block")

    back = reviewer.get(address)

    assert parsed(back).xpath("//input[@name='crimes'][@checked]/@value") == ["genocide", "war_crimes"]
    assert typed(back)["summary"] == "Militias block"


@ONE_ENGINE
def test_nothing_is_kept_for_a_page_that_keeps_nothing(
    reviewer: StrictClient, raise_one: Raise, keep: Callable[..., TestResponse]
) -> None:
    _, situation = raise_one()

    for address in ("/countries", "/nowhere", "https://example.org/situations/1", "", f"{page_of(situation)}/verdicts"):
        assert keep(address, words="Three sources say").status_code == 400


@ONE_ENGINE
def test_verdicts_sent_after_the_end_of_a_session_wait_on_the_page_of_their_situation(
    app: Flask, database: Database, raise_one: Raise, clock: TestClock, now: datetime
) -> None:
    flag, situation = raise_one(VERIFYING)
    rita = somebody(database, now, name="Rita", roles=[Role.REVIEWER])
    client = browser_of(app, database, rita, now)
    opened = client.get(page_of(situation))
    clock.moment = now + timedelta(hours=1)

    answer = judge(client, opened, "discard", flag, words="Noise.")

    assert answer.headers["Location"] == f"/sign-in?next={page_of(situation)}"
    back = browser_of(app, database, rita, clock.moment).get(page_of(situation))
    assert parsed(back).xpath("string(//textarea[@id='verdict-words'])").strip() == "Noise."
