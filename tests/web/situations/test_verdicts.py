"""What a reviewer finds about flags: one by one, all of a rule, all that wait."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from tests import situations
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.browsing import token_on
from tests.web.conftest import BOTH_ENGINES
from tests.web.situations.desk import ONE_ENGINE, VERIFYING, Raise, followed, judge, page_of, press
from tracker.flag import Change
from tracker.handling import Mark
from tracker.rule import Severity
from tracker.situation import Verdict
from tracker.storage import flags
from tracker.storage.base import Database
from tracker.storage.conclusions import Flag


@BOTH_ENGINES
def test_a_flag_that_worsened_meanwhile_is_looked_at_again(
    reviewer: StrictClient, raise_one: Raise, database: Database, now: datetime
) -> None:
    flag, situation = raise_one(VERIFYING)
    opened_before = reviewer.get(page_of(situation))
    with database.writing() as session:
        later = now + timedelta(hours=1)
        worse = session.get_one(Flag, flag.id)
        situations.said(session, worse, Change.WORSENED, severity=Severity.ALARM, handling=Mark.GREEN, now=later)

    answer = judge(reviewer, opened_before, "discard", flag, words="Noise.")

    assert answer.status_code == 409
    assert "A flag was changed since you opened this." in text_of(answer)
    assert "alarm" in text_of(answer)
    assert parsed(answer).xpath("string(//textarea[@id='verdict-words'])").strip() == "Noise."
    assert parsed(answer).xpath("//input[@name='pick'][@checked]/@value") == [str(flag.id)]
    assert judge(reviewer, answer, "discard", flag, words="Noise.").status_code == 302


def test_discarding_without_a_reason_is_refused_and_the_ticks_stay(reviewer: StrictClient, raise_one: Raise) -> None:
    flag, situation = raise_one(VERIFYING)

    answer = judge(reviewer, page_of(situation), "discard", flag, words=" ")

    assert answer.status_code == 422
    assert "Say why" in text_of(answer)
    assert parsed(answer).xpath("//input[@name='pick'][@checked]/@value") == [str(flag.id)]


def test_why_no_verdict_was_given_stands_at_the_top_of_the_page_and_at_its_field(
    reviewer: StrictClient, raise_one: Raise
) -> None:
    _, situation = raise_one(VERIFYING)

    page = parsed(judge(reviewer, page_of(situation), "discard"))

    lines = page.xpath("//div[contains(@class, 'error-summary')]//a")
    assert [(line.get("href"), line.text[:8]) for line in lines] == [
        ("#flags", "Nothing "),
        ("#verdict-words", "Say why:"),
    ]
    [field] = page.xpath("//textarea[@id='verdict-words']")
    assert field.get("aria-invalid") == "true"
    assert "verdict-words-error" in field.get("aria-describedby")
    assert "Say why" in page.xpath("string(//*[@id='verdict-words-error'])")


def test_nothing_ticked_is_said(reviewer: StrictClient, raise_one: Raise) -> None:
    _, situation = raise_one(VERIFYING)

    answer = judge(reviewer, page_of(situation), "confirm")

    assert answer.status_code == 422
    assert "Nothing is ticked" in text_of(answer)


def test_all_flags_that_wait_are_confirmed_with_one_button(
    reviewer: StrictClient, raise_one: Raise, database: Database
) -> None:
    _, situation = raise_one(VERIFYING)
    for subject in ("a", "b"):
        raise_one(subject=subject)
    opened = reviewer.get(page_of(situation))
    late, _ = raise_one(subject="late")

    assert "3 flags are confirmed." in followed(reviewer, judge(reviewer, opened, "all"))

    with database.reading() as session:
        waiting = [one.flag.id for one in flags.in_situation(session, situation.id, Mark.GREEN) if one.is_waiting]
    assert waiting == [late.id]


@pytest.mark.parametrize(
    "sent", [{}, {"act": "forget"}, {"act": "confirm", "pick": "x"}, {"act": "confirm", "shown": "9999999999:1-"}]
)
@ONE_ENGINE
def test_what_no_page_of_ours_sends_is_not_understood(
    reviewer: StrictClient, raise_one: Raise, sent: dict[str, str]
) -> None:
    _, situation = raise_one(VERIFYING)
    token = token_on(reviewer, "/account")

    assert reviewer.post(f"{page_of(situation)}/verdicts", data=sent | {"csrf_token": token}).status_code == 400


def test_many_flags_of_one_rule_are_folded_and_discarded_with_one_reason(
    reviewer: StrictClient, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        made = [
            situations.raised(session, rule="new_high", subject=f"indicator_{number}", now=now)[0]
            for number in range(4)
        ]
        other, situation = situations.raised(session, now=now)
    page = page_of(situation)
    press(reviewer, page, f"{page}/move/verifying")
    assert "4 flags, 4 without a verdict" in text_of(reviewer.get(page))

    [form] = [form for form in parsed(reviewer.get(page)).forms if str(form.get("action")).endswith("/verdicts")]
    sent = {
        "csrf_token": str(form.xpath(".//input[@name='csrf_token']/@value")[0]),
        "shown": [str(value) for value in form.xpath(".//input[@name='shown']/@value")],
        "pick_rule": "new_high",
        "act": "discard",
        "words": "The scale was read wrongly.",
    }
    assert "4 flags are discarded." in followed(reviewer, reviewer.post(str(form.get("action")), data=sent))

    with database.reading() as session:
        verdicts = {flag.id: flag.verdict for flag in session.scalars(select(Flag))}
    assert [verdicts[flag.id] for flag in made] == [Verdict.DISCARDED] * 4
    assert verdicts[other.id] is None
