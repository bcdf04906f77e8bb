"""What is said of a situation is told as far as its mark allows, and no farther."""

from datetime import datetime, timedelta

from tests import situations
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.conftest import BOTH_ENGINES, SignInAs
from tests.web.situations.desk import IN_SCOPE, MONITORING, VERIFYING, Raise, judge, page_of, press, rows
from tracker.access import Role
from tracker.actions.situations.gathering import gather
from tracker.handling import Mark
from tracker.rule import Severity
from tracker.storage.base import Database
from tracker.storage.conclusions import Flag


@BOTH_ENGINES
def test_what_lies_above_a_clearance_leaves_no_trace(
    sign_in_as: SignInAs, raise_one: Raise, database: Database, now: datetime
) -> None:
    _, situation = raise_one(MONITORING)
    green = sign_in_as(Role.ANALYST, clearance=Mark.GREEN)
    before = green.get(page_of(situation))
    raise_one(handling=Mark.RED, subject="risk", severity=Severity.ALARM)
    raise_one(handling=Mark.RED, iso3="NER")
    red = sign_in_as(Role.REVIEWER, clearance=Mark.RED)
    red.submit(f"{page_of(situation)}/note", words="From a source.", handling=str(int(Mark.RED)))
    red.submit(f"{page_of(situation)}/assess", **IN_SCOPE, handling=str(int(Mark.AMBER)))

    after = green.get(page_of(situation))

    assert text_of(after) == text_of(before)
    assert parsed(after).xpath("//input[@name='seen']/@value") == parsed(before).xpath("//input[@name='seen']/@value")
    assert rows(green.get("/situations")) == ["Mali"]
    assert "1 situation is open." in text_of(green.get("/situations"))
    # the key beneath the list explains every sign
    assert "alarm" not in told_in_list(green) + green.get("/situations/list.csv").text
    assert "alarm" in told_in_list(red)
    assert "From a source." in text_of(red.get(page_of(situation)))


def test_a_verdict_given_before_the_mark_fell_keeps_its_words_for_those_who_could_know(
    sign_in_as: SignInAs, raise_one: Raise, database: Database, now: datetime
) -> None:
    flag, situation = raise_one(handling=Mark.RED)
    red = sign_in_as(Role.REVIEWER, clearance=Mark.RED)
    press(red, page_of(situation), f"{page_of(situation)}/move/verifying")
    judge(red, page_of(situation), "confirm", flag, words="The colonel told us.")
    with database.writing() as session:
        now_known = session.get_one(Flag, flag.id)
        situations.said(session, now_known, handling=Mark.GREEN, now=now + timedelta(hours=1))
        gather(session, now_known, handling=Mark.GREEN, severity=Severity.WARNING, now=now)
    green = sign_in_as(Role.REVIEWER, clearance=Mark.GREEN)

    words = text_of(green.get(page_of(situation)))

    assert "confirmed" in words
    assert "colonel" not in words
    assert "colonel" in text_of(red.get(page_of(situation)))


def test_the_audit_log_holds_none_of_the_words(reviewer: StrictClient, sign_in_as: SignInAs, raise_one: Raise) -> None:
    flag, situation = raise_one(VERIFYING)
    judge(reviewer, page_of(situation), "confirm", flag, words="CANARY")
    reviewer.submit(f"{page_of(situation)}/assess", **(IN_SCOPE | {"summary": "CANARY", "population": "CANARY"}))
    reviewer.submit(f"{page_of(situation)}/note", words="CANARY")
    reviewer.submit(f"{page_of(situation)}/move/responding", words="CANARY")

    read = sign_in_as(Role.ADMINISTRATOR).get("/audit").text

    assert f"situation {situation.id}: MLI" in read
    assert "CANARY" not in read


def told_in_list(client: StrictClient) -> str:
    [*lists] = parsed(client.get("/situations")).xpath("//main//ol")
    assert lists
    return " ".join(str(one.text_content()) for one in lists)
