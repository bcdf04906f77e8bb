"""What was typed and not sent is there again."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from tests.strict_client import StrictClient, parsed, text_of
from tests.web.browsing import browser_of, somebody
from tests.web.conftest import TestClock
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
