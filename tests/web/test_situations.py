"""Situations on their pages: the queue, the steps, the words, and who may know of what."""

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests import situations
from tests.questions import questions
from tests.situations import Desk
from tests.situations import somebody as principal
from tests.strict_client import StrictClient, form_on, parsed, text_of
from tests.web.browsing import browser_of, somebody, token_on
from tests.web.conftest import SignInAs, TestClock
from tracker.access import Role
from tracker.actions.situations.gathering import gather
from tracker.flag import Change
from tracker.handling import Mark
from tracker.rule import Severity
from tracker.situation import CloseReason, SituationState, Verdict
from tracker.storage import flags
from tracker.storage import situations as stored
from tracker.storage.base import Database
from tracker.storage.conclusions import Flag, Situation
from tracker.storage.models import AuditEntry

ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
NEW, VERIFYING, ASSESSED, RESPONDING, MONITORING, CLOSED = SituationState
IN_SCOPE: dict[str, Any] = {
    "crimes": ["ethnic_cleansing"],
    "likelihood": "4",
    "consequence": "5",
    "stage": "early_violence",
    "population": "Some 40,000 people of two valleys",
    "summary": "Militias block the roads out.",
}
OUT_OF_SCOPE = {"out_of_scope": "A strike about wages.", "summary": "A strike.", "crimes": []}
Raise = Callable[..., tuple[Flag, Situation]]


@pytest.fixture
def raise_one(database: Database, now: datetime) -> Raise:
    """A warning about the rule of law in Mali, unless a test says otherwise."""

    def raised(state: SituationState = NEW, **differing: Any) -> tuple[Flag, Situation]:
        with database.writing() as session:
            usual: dict[str, Any] = {"now": now, "handling": Mark.GREEN}
            flag, situation = situations.raised(session, **(usual | differing))
            if state is not NEW:
                by = principal(session, Role.REVIEWER, name="The desk", now=now)
                Desk(session, by, differing.get("now", now)).bring(flag, situation, state)
            return flag, situation

    return raised


@pytest.fixture
def reviewer(sign_in_as: SignInAs) -> StrictClient:
    return sign_in_as(Role.REVIEWER, name="Rita")


@pytest.fixture
def analyst(sign_in_as: SignInAs) -> StrictClient:
    return sign_in_as(Role.ANALYST, name="Ana")


def page_of(situation: Situation) -> str:
    return f"/situations/{situation.id}"


def press(client: StrictClient, page: str, action: str, **fields: Any) -> TestResponse:
    """Opens the page and presses the button whose form goes there."""
    return client.submit_form(client.get(page), action=action, **fields)


def followed(client: StrictClient, answer: TestResponse) -> str:
    assert answer.status_code == 302, text_of(answer)
    return text_of(client.get(answer.headers["Location"]))


def judge(client: StrictClient, opened: TestResponse | str, act: str, *picked: Flag, words: str = "") -> TestResponse:
    """Ticks boxes on the page and presses a button."""
    page = client.get(opened) if isinstance(opened, str) else opened
    [form] = [form for form in parsed(page).forms if str(form.get("action")).endswith("/verdicts")]
    sent = {
        "csrf_token": str(form.xpath(".//input[@name='csrf_token']/@value")[0]),
        "shown": [str(value) for value in form.xpath(".//input[@name='shown']/@value")],
        "pick": [str(flag.id) for flag in picked],
        "act": act,
        "words": words,
    }
    return client.post(str(form.get("action")), data=sent)


def beside(client: StrictClient, page: str, act: str, **typed: Any) -> TestResponse:
    """Presses a button that takes along what stands in the form for verdicts, if there is one."""
    opened = client.get(page)
    for button in parsed(opened).xpath(f"//button[@form='verdicts'][@formaction='{page}/{act}']"):
        sent = {str(name): values for name, values in _fields(opened, f"{page}/verdicts").items()}
        return client.post(f"{page}/{act}", data=sent | {button.get("name"): button.get("value")} | typed)
    return client.submit_form(opened, action=f"{page}/{act}", **typed)


def _fields(page: TestResponse, action: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in form_on(page, action).form_values():
        found.setdefault(name, []).append(value)
    return found


def typed(page: TestResponse) -> dict[str, str]:
    """What the form holds; browsers drop the line break with which a text begins."""
    fields = form_on(page, None).fields
    return {name: value.removeprefix("\n") for name, value in fields.items() if isinstance(value, str)}


def as_it_is(database: Database, situation: Situation) -> Situation:
    with database.reading() as session:
        return session.get_one(Situation, situation.id)


def rows(page: TestResponse) -> list[str]:
    return [str(name).strip() for name in parsed(page).xpath("//tbody//th//text()") if str(name).strip()]


def timeline(client: StrictClient, situation: Situation) -> list[str]:
    """The newest first."""
    found = parsed(client.get(page_of(situation))).xpath("//section[@aria-labelledby='timeline']//li/p[1]")
    return [" ".join(one.text_content().split()) for one in found]


# ---- a story ----


def test_from_a_flag_to_the_end_every_step_stands_in_the_timeline_and_the_audit_log(
    reviewer: StrictClient, analyst: StrictClient, raise_one: Raise, database: Database, now: datetime
) -> None:
    flag, situation = raise_one()
    page = page_of(situation)

    assert "Mali" in rows(reviewer.get("/situations"))
    assert "Nobody has taken it up yet" in text_of(reviewer.get(page))
    assert "“being verified”" in followed(reviewer, press(reviewer, page, f"{page}/move/verifying"))
    assert "1 flag is confirmed." in followed(reviewer, judge(reviewer, page, "confirm", flag))
    assert "recorded" in followed(reviewer, reviewer.submit(f"{page}/assess", **IN_SCOPE))
    assert as_it_is(database, situation).state is ASSESSED
    [assessment] = [link for link in parsed(analyst.get(page)).xpath("//a/@href") if "disagree" in link]
    assert "beside the assessment" in followed(analyst, analyst.submit(assessment, words="It is worse than that."))
    assert "responding" in followed(reviewer, reviewer.submit(f"{page}/move/responding", words="An envoy goes."))
    assert "note is kept" in followed(analyst, analyst.submit(f"{page}/note", words="The envoy has arrived."))
    moved = reviewer.submit(f"{page}/move/monitoring", words="The roads are open.")
    assert "being monitored" in followed(reviewer, moved)
    with database.writing() as session:
        situations.said(session, flag, Change.CLEARED, handling=Mark.GREEN, now=now)
    closing = reviewer.submit(f"{page}/close", reason="resolved", words="Nobody was driven out.")
    assert "closed" in followed(reviewer, closing)

    told = [line.partition(":")[0].partition(".")[0] for line in reversed(timeline(reviewer, situation))]
    assert [
        line for line in told if line.startswith(("From", "It was", "Somebody", "A note", "The flag", "The sit"))
    ] == [
        "The situation was opened",
        "From “new” to “being verified”",
        "The flag was confirmed",
        "It was assessed",
        "From “being verified” to “assessed”",
        "Somebody disagrees with the assessment",
        "From “assessed” to “responding”",
        "A note was made",
        "From “responding” to “being monitored”",
        "From “being monitored” to “closed”",
    ]
    words = text_of(reviewer.get(page))
    for typed in ("It is worse than that.", "An envoy goes.", "The envoy has arrived.", "Nobody was driven out."):
        assert typed in words
    with database.reading() as session:
        query = select(AuditEntry.action).where(AuditEntry.subject == f"situation {situation.id}: MLI")
        assert list(session.scalars(query.order_by(AuditEntry.number))) == [
            *("situation opened", "situation moved", "flag confirmed", "situation assessed", "situation moved"),
            *("assessment disagreed with", "situation moved", "situation noted", "situation moved", "situation moved"),
        ]
    assert rows(reviewer.get("/situations")) == []
    assert rows(reviewer.get("/situations?state=closed")) == ["Mali"]


# ---- the cast ----


def test_a_reader_looks_and_changes_nothing(sign_in_as: SignInAs, raise_one: Raise) -> None:
    _, situation = raise_one(ASSESSED)
    reader = sign_in_as(Role.READER)
    page = reader.get(page_of(situation))

    actions = [form.get("action") for form in parsed(page).forms if form.method == "POST"]
    assert actions == ["/sign-out", f"{page_of(situation)}/follow"]
    links = parsed(page).xpath("//main//a/@href")
    assert [link for link in links if str(link).startswith(f"{page_of(situation)}/")] == []
    assert "Militias" in text_of(page)


def test_an_analyst_notes_disagrees_and_takes_charge_and_decides_nothing(
    analyst: StrictClient, raise_one: Raise
) -> None:
    _, situation = raise_one(ASSESSED)
    words = text_of(analyst.get(page_of(situation)))

    assert "Make a note" in words
    assert "I see it otherwise" in words
    assert "Ana is in charge." in followed(analyst, press(analyst, page_of(situation), f"{page_of(situation)}/assign"))
    for act in ("move/responding", "close", "assess", "split"):
        assert analyst.get(f"{page_of(situation)}/{act}").status_code == 403
    assert "ticked" not in words


def test_for_a_stranger_it_does_not_exist(sign_in_as: SignInAs, raise_one: Raise) -> None:
    flag, situation = raise_one(ASSESSED)
    stranger = sign_in_as(Role.ANALYST, Role.REVIEWER, countries=["PRY"])

    for act in ("", "/assess", "/close", "/note", "/split", "/assign", f"/flags/{flag.id}/clear", "/move/responding"):
        assert stranger.get(page_of(situation) + act).status_code == 404
    assert "No situation is open" in text_of(stranger.get("/situations"))
    assert "Mali" not in stranger.get("/situations?place=MLI&state=assessed").text
    assert stranger.get("/situations/list.csv").text.count("\n") == 1


# ---- the queue ----


def test_an_empty_queue_teaches_what_will_stand_there(reviewer: StrictClient) -> None:
    words = text_of(reviewer.get("/situations"))

    assert "No situation is open" in words
    assert "When a rule raises a flag" in words


def test_what_is_overdue_comes_first_and_then_the_worst(
    reviewer: StrictClient, raise_one: Raise, now: datetime
) -> None:
    day = timedelta(days=1)
    raise_one(iso3="NER", now=now)
    raise_one(iso3="TCD", severity=Severity.ALARM, now=now)
    raise_one(iso3="MLI", now=now - day)
    raise_one(iso3="SEN", now=now - 2 * day)
    raise_one(iso3="GHA", severity=Severity.NOTICE, now=now - 3 * day)

    page = reviewer.get("/situations")

    assert rows(page) == ["Ghana", "Chad", "Senegal", "Mali", "Niger"]
    assert "5 situations are open. For 1 of them the next step is overdue." in text_of(page)
    assert text_of(page).count("overdue") == 2


@ONE_ENGINE
def test_the_queue_is_narrowed_by_its_address(app: Flask, database: Database, raise_one: Raise, now: datetime) -> None:
    rita = somebody(database, now, name="Rita", roles=[Role.REVIEWER])
    client = browser_of(app, database, rita, now)
    _, mali = raise_one(ASSESSED)
    _, niger = raise_one(iso3="NER")
    raise_one(iso3="PRY")
    beside(client, page_of(mali), "follow", followed="yes")
    beside(client, page_of(niger), "assign")

    def shown(query: str) -> list[str]:
        return sorted(rows(client.get(f"/situations?{query}")))

    assert shown("state=assessed") == ["Mali"]
    assert shown("place=NER") == ["Niger"]
    assert shown("place=african_union") == ["Mali", "Niger"]
    assert shown("who=mine") == ["Niger"]
    assert shown("who=followed") == ["Mali"]
    assert shown("who=followed&place=NER") == []
    assert shown("state=nonsense&who=nonsense") == ["Mali", "Niger", "Paraguay"]
    assert shown("state=closed") == []


def test_the_export_is_what_is_seen(reviewer: StrictClient, raise_one: Raise) -> None:
    _, mali = raise_one(severity=Severity.ALARM)
    raise_one(ASSESSED, iso3="NER")

    seen = list(csv.DictReader(io.StringIO(reviewer.get("/situations/list.csv?state=new").text)))

    assert [(row["situation"], row["iso3"], row["worst_open_flag"]) for row in seen] == [(str(mali.id), "MLI", "3")]
    assert (seen[0]["due_on"], seen[0]["overdue"], seen[0]["without_verdict"]) == ("2026-03-18", "no", "1")


def test_the_navigation_counts_what_is_overdue(
    reviewer: StrictClient, sign_in_as: SignInAs, raise_one: Raise, now: datetime
) -> None:
    raise_one(now=now - timedelta(days=3))
    raise_one(iso3="NER", handling=Mark.RED, now=now - timedelta(days=3))

    def counted(client: StrictClient) -> list[str]:
        found = parsed(client.get("/countries")).xpath("//nav//a[@href='/situations']/span/text()")
        return [str(one) for one in found]

    assert counted(reviewer) == ["1"]
    assert counted(sign_in_as(Role.READER)) == []


def test_the_queue_needs_no_more_questions_for_more_situations(
    reviewer: StrictClient, raise_one: Raise, database: Database
) -> None:
    raise_one()
    one = len(questions(reviewer, database, "/situations"))
    for iso3 in ("NER", "TCD", "SEN"):
        raise_one(iso3=iso3)

    assert len(questions(reviewer, database, "/situations")) == one <= 12


# ---- acting ----


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
        assert "Nobody has taken it up yet: that comes first." in text_of(answer)
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


def test_an_assessment_that_is_not_in_order_comes_back_filled(reviewer: StrictClient, raise_one: Raise) -> None:
    _, situation = raise_one(VERIFYING)
    incomplete = IN_SCOPE | {"stage": None, "population": ""}

    answer = reviewer.submit(f"{page_of(situation)}/assess", **{key: to for key, to in incomplete.items() if to})

    assert answer.status_code == 422
    assert "Choose a stage." in text_of(answer)
    assert "Say who would suffer" in text_of(answer)
    fields = typed(answer)
    assert (fields["summary"], fields["likelihood"]) == ("Militias block the roads out.", "4")


def test_an_assessment_begins_with_what_was_concluded_last(reviewer: StrictClient, raise_one: Raise) -> None:
    _, situation = raise_one(ASSESSED)

    fields = typed(reviewer.get(f"{page_of(situation)}/assess"))

    assert (fields["likelihood"], fields["consequence"], fields["stage"]) == ("4", "5", "early_violence")
    assert fields["summary"] == ""


def test_out_of_scope_needs_nothing_but_why(reviewer: StrictClient, raise_one: Raise) -> None:
    _, situation = raise_one(VERIFYING)
    why = "A strike about wages; nobody is attacked for who they are."

    told = followed(reviewer, reviewer.submit(f"{page_of(situation)}/assess", out_of_scope=why, summary="A strike."))

    assert why in told


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


def test_after_the_end_a_new_flag_opens_another_that_names_the_one_before(
    reviewer: StrictClient, raise_one: Raise
) -> None:
    flag, situation = raise_one(VERIFYING)
    judge(reviewer, page_of(situation), "discard", flag, words="Noise.")
    reviewer.submit(f"{page_of(situation)}/close", reason="unfounded", words="A slip of the pen.")
    _, another = raise_one()

    page = text_of(reviewer.get(page_of(another)))

    assert another.id != situation.id
    assert "Other situations of this country Mali closed: unfounded" in page


# ---- what a new user asks ----


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


def test_a_closed_situation_says_what_is_true_of_it(reviewer: StrictClient, raise_one: Raise) -> None:
    flag, situation = raise_one(VERIFYING)
    page = page_of(situation)
    assert "Nothing yet." in text_of(reviewer.get(page))
    judge(reviewer, page, "discard", flag, words="Noise.")
    reviewer.submit(f"{page}/close", reason="unfounded", words="A slip of the pen.")

    words = text_of(reviewer.get(page))

    assert "It was closed without an assessment." in words
    assert "In charge nobody was" in words
    assert "yet" not in words
    assert "nobody yet" not in text_of(reviewer.get("/situations?state=closed"))


def test_what_is_next_follows_the_verdicts_and_the_assessment(reviewer: StrictClient, raise_one: Raise) -> None:
    flag, situation = raise_one(VERIFYING)
    page = page_of(situation)

    assert "each needs a verdict, and then it is assessed." in text_of(reviewer.get(page))
    judge(reviewer, page, "confirm", flag)
    assert "now the assessment is written." in text_of(reviewer.get(page))


def test_a_flag_that_is_raised_stands_once_in_the_timeline_with_who_raised_it(
    analyst: StrictClient, reviewer: StrictClient, raise_one: Raise
) -> None:
    _, situation = raise_one()
    analyst.submit("/situations/raise", iso3="MLI", words="A curfew since Monday.")

    told = timeline(analyst, situation)

    assert sum("a flag was raised" in line for line in told) == 2
    assert [line for line in told if "A flag joined" in line] == []
    by_ana = parsed(analyst.get(page_of(situation))).xpath(
        "//section[@aria-labelledby='timeline']//li[contains(., 'Ana')]"
    )
    assert ["curfew" in line.text_content() for line in by_ana] == [True]


def test_a_flag_that_joins_later_than_it_was_raised_is_told_as_joining(
    reviewer: StrictClient, raise_one: Raise, database: Database, now: datetime
) -> None:
    flag, situation = raise_one(VERIFYING)
    with database.writing() as session:
        session.get_one(Situation, situation.id).state = CLOSED
        closed = session.get_one(Situation, situation.id)
        closed.closed_at, closed.close_reason, closed.due_on = now, CloseReason.RESOLVED, None
        session.flush()
        known, later = session.get_one(Flag, flag.id), now + timedelta(hours=1)
        another = gather(session, known, handling=Mark.GREEN, severity=Severity.ALARM, now=later)

    assert any("A flag joined" in line for line in timeline(reviewer, another))


@pytest.mark.parametrize(
    ("handling", "clearance", "expected"),
    [
        (Mark.CLEAR, Mark.CLEAR, Mark.CLEAR),
        (Mark.CLEAR, Mark.GREEN, Mark.GREEN),
        (Mark.CLEAR, Mark.RED, Mark.GREEN),
        (Mark.AMBER, Mark.RED, Mark.AMBER),
    ],
)
@ONE_ENGINE
def test_what_a_person_says_is_marked_green_unless_that_is_too_much_or_too_little(
    sign_in_as: SignInAs, raise_one: Raise, handling: Mark, clearance: Mark, expected: Mark
) -> None:
    _, situation = raise_one(ASSESSED, handling=handling)
    client, page = sign_in_as(Role.REVIEWER, Role.ANALYST, clearance=clearance), page_of(situation)
    opened = client.get(page)
    [disagree] = [link for link in parsed(opened).xpath("//a/@href") if "disagree" in link]

    for form in (
        form_on(client.get(f"{page}/note"), None),
        form_on(client.get(f"{page}/assess"), None),
        form_on(client.get(disagree), None),
    ):
        assert form.fields["handling"] == str(int(expected))


def test_a_mark_that_was_chosen_stays_when_the_form_comes_back(sign_in_as: SignInAs, raise_one: Raise) -> None:
    raise_one()
    client = sign_in_as(Role.ANALYST, clearance=Mark.RED)
    assert typed(client.get("/situations/raise"))["handling"] == str(int(Mark.GREEN))

    for mark in (Mark.CLEAR, Mark.AMBER):
        answer = client.submit("/situations/raise", iso3="MLI", words="", handling=str(int(mark)))
        assert typed(answer)["handling"] == str(int(mark))


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


def test_all_that_is_empty_is_said_at_once(reviewer: StrictClient, analyst: StrictClient, raise_one: Raise) -> None:
    flag, situation = raise_one(VERIFYING)
    judge(reviewer, page_of(situation), "discard", flag, words="Noise.")

    def summary(answer: TestResponse) -> list[str]:
        assert answer.status_code == 422
        return [str(text) for text in parsed(answer).xpath("//div[contains(@class, 'error-summary')]//a/text()")]

    why = "Say why: it stands in the timeline, for whoever asks later."
    assert summary(reviewer.submit(f"{page_of(situation)}/close")) == ["Choose one.", why]
    raised = reviewer.get("/situations/raise")
    sent = {"csrf_token": typed(raised)["csrf_token"], "iso3": "MLI", "words": ""}
    assert summary(reviewer.post("/situations/raise", data=sent)) == ["Choose one.", why]
    raise_one(subject="risk")
    assert summary(reviewer.submit(f"{page_of(situation)}/split", part="")) == [
        "Name the part, such as a region or a city.",
        "Choose which flags go along: at least one, and not all of them.",
    ]


def test_two_fields_with_the_same_fault_are_told_apart(reviewer: StrictClient, raise_one: Raise) -> None:
    _, situation = raise_one(VERIFYING)
    answer = reviewer.submit(f"{page_of(situation)}/assess", crimes=["genocide"], population="x", summary="x")

    told = parsed(answer).xpath("//div[contains(@class, 'error-summary')]//a/text()")

    assert told == [
        "“How likely is it?”: Choose one of the five steps.",
        "“How grave would it be?”: Choose one of the five steps.",
        "Choose a stage.",
    ]


# ---- people's own flags ----


def test_a_person_raises_a_flag_from_the_countrys_page_and_clears_it(
    analyst: StrictClient, reviewer: StrictClient, database: Database
) -> None:
    [link] = [link for link in parsed(analyst.get("/countries/MLI")).xpath("//a/@href") if "raise" in link]
    page = analyst.get(link)
    assert typed(page)["iso3"] == "MLI"

    told = followed(analyst, analyst.submit_form(page, action=None, words="A curfew since Monday.", severity="3"))

    assert "Raised by a person: A curfew since Monday." in told
    assert "alarm" in told
    assert "It clears when a person says" in told
    with database.reading() as session:
        [flag] = session.scalars(select(Flag))
    address = f"/situations/{flag.situation_id}/flags/{flag.id}/clear"
    assert "It was lifted." in followed(analyst, analyst.submit(address, words="It was lifted."))
    assert reviewer.get(address).status_code == 404


def test_a_flag_without_a_reason_comes_back_filled(analyst: StrictClient) -> None:
    answer = analyst.submit("/situations/raise", iso3="NER", words="", severity="1")

    assert answer.status_code == 422
    fields = typed(answer)
    assert (fields["iso3"], fields["severity"]) == ("NER", "1")
    assert "Say why" in parsed(answer).xpath("string(//*[@id='words-error'])")


def test_a_flag_is_about_no_country_until_one_is_chosen(analyst: StrictClient) -> None:
    page = analyst.get("/situations/raise")
    assert parsed(page).xpath("//select[@name='iso3']/option[@selected]/@value") in ([], [""])

    answer = analyst.submit_form(page, action=None, iso3="", words="A curfew.")

    assert answer.status_code == 422
    assert "Choose the country" in parsed(answer).xpath("string(//*[@id='iso3-error'])")
    assert typed(answer)["words"] == "A curfew."


def test_only_countries_of_the_scope_are_offered(sign_in_as: SignInAs) -> None:
    client = sign_in_as(Role.ANALYST, countries=["MLI"])
    page = client.get("/situations/raise")

    assert parsed(page).xpath("//select[@name='iso3']/option/@value") == ["", "MLI"]
    assert client.submit_form(page, action=None, iso3="NER", words="A curfew.").status_code == 422


def test_what_is_typed_is_shown_and_never_run(analyst: StrictClient) -> None:
    typed = "<script>alert(1)</script> {{ 7*7 }} 100 % of %(words)s"

    answer = analyst.submit("/situations/raise", iso3="MLI", words=typed)
    page = analyst.get(answer.headers["Location"])

    assert typed in text_of(page)
    assert "<script>alert" not in page.text


# ---- who may know of what ----


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
    assert "alarm" not in green.get("/situations").text + green.get("/situations/list.csv").text
    assert "alarm" in red.get("/situations").text
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


# ---- what was typed when the session was over ----


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


def test_what_a_flag_goes_through_stands_in_the_timeline(
    reviewer: StrictClient, raise_one: Raise, database: Database, now: datetime
) -> None:
    flag, situation = raise_one()
    with database.writing() as session:
        known = session.get_one(Flag, flag.id)
        for hours, kind in enumerate((Change.WORSENED, Change.EASED, Change.CLEARED), start=1):
            situations.said(session, known, kind, handling=Mark.GREEN, now=now + timedelta(hours=hours))

    told = [line for line in timeline(reviewer, situation) if line.startswith("Weak rule of law")]

    for line, happened in zip(told, ("it cleared", "it eased", "it worsened", "a flag was raised"), strict=True):
        assert happened in line


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
