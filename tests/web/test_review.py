"""Review: what analysts submitted, beside what stood before; a second person accepts it or returns it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests import factories
from tests.questions import questions
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.browsing import browser_of, somebody, token_on
from tests.web.conftest import BOTH_ENGINES, SignInAs
from tracker.access import Role
from tracker.actions.codings import correcting, reviewing
from tracker.answer import Answer
from tracker.coding import CodingState
from tracker.handling import Mark
from tracker.storage import accepting, catalogue, observations
from tracker.storage.admitting import Person
from tracker.storage.base import Database, Session
from tracker.storage.principals import principal_of
from tracker.storage.recording import Coding
from tracker.storage.revisions import Observed

COURTS, POWERS, MILITIAS = "independence_of_courts", "emergency_powers", "militias"
LAST_MONTH, MONTH_BEFORE, TODAY = date(2026, 2, 28), date(2026, 1, 31), date(2026, 3, 16)
Submit = Callable[..., Coding]
ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def ana(database: Database, now: datetime) -> Person:
    return somebody(database, now, name="Ana", roles=[Role.ANALYST], clearance=Mark.RED)


@pytest.fixture
def ben(database: Database, now: datetime) -> Person:
    return somebody(database, now, name="Ben", roles=[Role.ANALYST], clearance=Mark.RED)


@pytest.fixture
def submit(database: Database, ana: Person, now: datetime) -> Submit:
    """One answer of Ana's about the courts of Mali, in February."""

    def submitted(value: float | None = 2, indicator: str = COURTS, by: Person = ana, **differing: Any) -> Coding:
        with database.writing() as session:
            return factories.coding(session, by, indicator=indicator, value=value, now=now, **differing)

    return submitted


@pytest.fixture
def reviewer(sign_in_as: SignInAs) -> StrictClient:
    return sign_in_as(Role.REVIEWER, name="Rita")


def before(database: Database, now: datetime, **differing: Any) -> None:
    usual: dict[str, Any] = {"indicator": COURTS, "iso3": "MLI", "on": MONTH_BEFORE, "value": 1, "recorded_at": now}
    with database.writing() as session:
        factories.observation(session, **(usual | differing))


def settle(
    client: StrictClient, act: str, *picked: Coding, reason: str = "", page: str = "/review/MLI"
) -> TestResponse:
    """Ticks boxes on the page and presses a button."""
    found = parsed(client.get(page))
    form = next(form for form in found.forms if form.get("class") == "review")
    shown = [str(value) for value in form.xpath(".//input[@name='shown']/@value")]
    sent = {
        "csrf_token": str(form.xpath(".//input[@name='csrf_token']/@value")[0]),
        "shown": shown,
        "pick": [str(one.id) for one in picked],
        "act": act,
        "reason": reason,
    }
    return client.post("/review/MLI", data=sent)


def followed(client: StrictClient, answer: TestResponse) -> str:
    assert answer.status_code == 302, text_of(answer)
    return text_of(client.get(answer.headers["Location"]))


def state_of(database: Database, coding: Coding) -> CodingState:
    with database.reading() as session:
        return session.get_one(Coding, coding.id).state


def recorded(database: Database) -> list[float]:
    with database.reading() as session:
        return [seen.value for seen in observations.of_country(session, "MLI", Mark.RED, on=TODAY)]


def boxes(client: StrictClient, page: str = "/review/MLI") -> list[str]:
    return [str(value) for value in parsed(client.get(page)).xpath("//input[@name='pick']/@value")]


# ---- what is shown ----


@ONE_ENGINE
def test_where_nothing_waits_the_page_says_what_will_stand_there(reviewer: StrictClient) -> None:
    for page in ("/review", "/review/MLI"):
        assert "Nothing waits for" in text_of(reviewer.get(page))
        assert "until a second person accepts or returns it" in text_of(reviewer.get(page))


def test_an_answer_stands_beside_what_was_known_before(
    reviewer: StrictClient, submit: Submit, database: Database, now: datetime
) -> None:
    before(database, now, source_name="A court observer")
    submit(3, note="Two judges left.", reason="Dismissed by decree.", evidence_url="https://example.org/a?b=1&c=2")

    words = text_of(reviewer.get("/review"))

    assert "Level 1 31 January 2026" in words
    assert "A court observer" in words
    for told in ("Level 3", "Ana", "16 Mar 2026, 12:00 UTC", "Two judges left.", "Dismissed by decree."):
        assert told in words
    assert "A field office · B2: source usually reliable, statement probably true" in words
    assert "TLP:CLEAR" in words
    link = parsed(reviewer.get("/review")).xpath("//a[@href='https://example.org/a?b=1&c=2']")[0]
    assert (link.get("rel"), link.text_content()) == ("noopener noreferrer", "https://example.org/a?b=1&c=2")


@ONE_ENGINE
def test_both_levels_are_shown_in_the_words_they_were_chosen_by(
    reviewer: StrictClient, submit: Submit, database: Database, now: datetime
) -> None:
    before(database, now, value=4)
    submit(0)

    page = text_of(reviewer.get("/review/MLI"))

    assert "A highest or constitutional court was dissolved" in page
    assert "Level 0" in page


@ONE_ENGINE
def test_unchanged_and_dont_know_are_said_in_words(reviewer: StrictClient, submit: Submit) -> None:
    submit(2, unchanged=True)
    submit(None, indicator=POWERS)

    words = text_of(reviewer.get("/review/MLI"))

    assert "Looked at again and found unchanged since last time." in words
    assert "Don’t know" in words
    assert "The question was asked, and nobody could tell." in words
    assert "Nothing that you may see was recorded before." in words


def test_the_rail_counts_what_waits_for_this_reviewer(sign_in_as: SignInAs, submit: Submit) -> None:
    submit()
    submit(iso3="NER")
    submit(iso3="TCD", handling=Mark.RED)

    def count(client: StrictClient) -> list[str]:
        return [str(text) for text in parsed(client.get("/countries")).xpath("//a[@href='/review']/span/text()")]

    assert count(sign_in_as(Role.REVIEWER)) == ["2"]
    assert count(sign_in_as(Role.REVIEWER, countries=["MLI"])) == ["1"]
    assert count(sign_in_as(Role.REVIEWER, countries=["PRY"])) == []
    assert count(sign_in_as(Role.ANALYST)) == []


@BOTH_ENGINES
def test_out_of_scope_or_above_clearance_leaves_no_trace(sign_in_as: SignInAs, submit: Submit) -> None:
    elsewhere, red = submit(iso3="NER", note="FAR"), submit(indicator=POWERS, handling=Mark.RED, note="DEEP")
    submit()
    reviewer = sign_in_as(Role.REVIEWER, countries=["MLI"])

    assert reviewer.get("/review/NER").status_code == 404
    assert "1 answer waits" in text_of(reviewer.get("/review"))
    for page in ("/review", "/review/MLI"):
        assert "Niger" not in text_of(reviewer.get(page))
        assert "DEEP" not in text_of(reviewer.get(page))
    for foreign in (elsewhere, red):
        assert settle(reviewer, "accept", foreign).status_code == 404
        assert settle(reviewer, "return", foreign, reason="No.").status_code == 404


@ONE_ENGINE
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.REVIEWER])
def test_nobody_but_reviewers_sees_or_settles_what_waits(sign_in_as: SignInAs, submit: Submit, role: Role) -> None:
    stranger, coding = sign_in_as(role, clearance=Mark.RED), submit()
    sent = {"csrf_token": token_on(stranger, "/account"), "act": "accept", "pick": str(coding.id)}

    assert stranger.get("/review").status_code == 403
    assert stranger.get("/review/MLI").status_code == 403
    assert stranger.post("/review/MLI", data=sent).status_code == 403


def test_what_is_ticked_for_several_countries_is_settled_at_once_or_is_still_ticked(
    reviewer: StrictClient, database: Database, ana: Person, now: datetime
) -> None:
    countries = ("MLI", "NER", "PRY")
    with database.writing() as session:
        submitted = {
            iso3: factories.coding(session, ana, indicator=COURTS, value=2, now=now, iso3=iso3, day=MONTH_BEFORE)
            for iso3 in countries
        }
        one, other = submitted["MLI"].id, submitted["NER"].id
        third = submitted["PRY"].id
    page = "/review"

    def send(act: str, *picked: int) -> str:
        shown = [str(value) for value in parsed(reviewer.get(page)).xpath("//input[@name='shown']/@value")]
        assert len({text.partition(".")[0] for text in shown}) == len(shown)
        sent = {"csrf_token": token_on(reviewer, page), "shown": shown, "pick": [str(number) for number in picked]}
        return followed(reviewer, reviewer.post(page, data=sent | {"act": act, "reason": "Which court?"}))

    assert "1 answer is accepted. 2 more wait." in send(f"settle:{one}", other, third)
    found = parsed(reviewer.get(page))
    assert found.xpath("//input[@name='pick'][@checked]/@value") == [str(other), str(third)]
    assert found.xpath("string(//textarea[@name='reason'])") == "Which court?"
    assert "What you had ticked besides is still ticked." in text_of(reviewer.get(page))

    with database.writing() as session:
        session.get_one(Coding, other).cell_version += 1
    assert parsed(reviewer.get(page)).xpath("//input[@name='pick'][@checked]/@value") == [str(third)], "seen as it is"

    assert "2 answers are returned; their authors see why. Nothing else waits." in send("return", other, third)
    with database.reading() as session:
        states = [session.get_one(Coding, number).state for number in (one, other, third)]
    assert states == [CodingState.ACCEPTED, CodingState.RETURNED, CodingState.RETURNED]


def test_what_is_much_is_shown_country_by_country(
    reviewer: StrictClient, database: Database, ana: Person, now: datetime
) -> None:
    with database.writing() as session:
        for month in range(1, 13):
            for iso3 in ("MLI", "NER"):
                day = date(2025, month, 28)
                factories.coding(session, ana, indicator=COURTS, value=2, now=now, iso3=iso3, day=day)

    page = parsed(reviewer.get("/review"))

    rows = [" ".join(row.text_content().split()) for row in page.xpath("//tbody/tr")]
    assert rows == ["Mali 12 16 Mar 2026, 12:00 UTC", "Niger 12 16 Mar 2026, 12:00 UTC"]
    assert len(boxes(reviewer)) == 12


def test_a_source_that_is_not_for_attribution_is_shown_to_its_author_alone(
    app: Flask, reviewer: StrictClient, submit: Submit, database: Database, now: datetime
) -> None:
    author = somebody(database, now, roles=[Role.ANALYST, Role.REVIEWER])
    submit(by=author, source="A witness", attributable=False, evidence_url="https://witness.example/")

    of_reviewer = reviewer.get("/review/MLI")
    assert "Source: not for attribution" in text_of(of_reviewer)
    assert "It is not shown, because it would tell whose word this is." in text_of(of_reviewer)
    assert "witness" not in of_reviewer.text.replace("A witness", "witness")
    assert "A witness" in text_of(browser_of(app, database, author, now).get("/review/MLI"))


@ONE_ENGINE
@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "{{ 7*7 }}", "javascript:alert(1)", "‮%s%(x)s"])
def test_hostile_texts_are_shown_as_they_are_and_do_nothing(reviewer: StrictClient, submit: Submit, text: str) -> None:
    submit(note=text, source=text, reason=text, evidence_url=text, grade=text)

    page = reviewer.get("/review/MLI")

    assert text in text_of(page)
    assert "<script>alert" not in page.text
    assert not parsed(page).xpath("//a[starts-with(@href, 'javascript')]")


# ---- accepting ----


@BOTH_ENGINES
def test_what_is_ticked_is_accepted_and_the_rest_still_waits(
    reviewer: StrictClient, submit: Submit, database: Database
) -> None:
    courts, powers = submit(3), submit(1, indicator=POWERS)

    said = followed(reviewer, settle(reviewer, "accept", courts))

    assert "1 answer is accepted. 1 more waits for Mali." in said
    assert recorded(database) == [3]
    assert state_of(database, powers) is CodingState.SUBMITTED


def test_after_the_last_one_the_reviewer_is_back_at_the_overview(reviewer: StrictClient, submit: Submit) -> None:
    answer = settle(reviewer, "accept", submit())

    assert answer.headers["Location"] == "/review"
    assert "1 answer is accepted. Nothing else waits for Mali." in followed(reviewer, answer)


def test_a_whole_criterion_is_accepted_but_for_what_has_several_answers(
    reviewer: StrictClient, submit: Submit, database: Database, ben: Person
) -> None:
    submit(3)
    submit(1, indicator="obedience_to_rulings")
    several = [submit(1, indicator=POWERS), submit(4, indicator=POWERS, by=ben)]
    elsewhere = submit(2, indicator=MILITIAS)
    assert "1 question has several answers: it is left out then" in text_of(reviewer.get("/review/MLI"))

    said = followed(reviewer, settle(reviewer, "all:MLI:rule_of_law"))

    assert "2 answers are accepted. 1 question of this criterion has several answers and is left" in said
    assert "3 more wait for Mali." in said
    assert sorted(recorded(database)) == [1, 3]
    assert {state_of(database, one) for one in (*several, elsewhere)} == {CodingState.SUBMITTED}
    assert settle(reviewer, "all:MLI:rule_of_law").status_code == 422
    assert settle(reviewer, "all:MLI:no_such_criterion").status_code == 422


def test_a_correction_shows_what_its_level_means_and_accept_all_leaves_it_out(
    reviewer: StrictClient, submit: Submit, database: Database, ana: Person, now: datetime
) -> None:
    before(database, now, on=LAST_MONTH, value=2)
    before(database, now, on=LAST_MONTH, value=1, indicator="limits_on_power")
    with database.writing() as session:
        ids, by = catalogue.indicator_ids(session), principal_of(session, ana)
        courts, power = (Observed("MLI", ids[key], LAST_MONTH) for key in (COURTS, "limits_on_power"))
        four = Answer(typed="4", source="A field office", reason="The ruling of 3 February.")
        correction = correcting.correct(session, courts, four, based_on=1, by=by, now=now)
        withdrawal = correcting.withdraw(session, power, "Another country.", based_on=1, by=by, now=now)
    submit(3, indicator=POWERS)
    submit(1, indicator="obedience_to_rulings")

    page = text_of(reviewer.get("/review/MLI"))
    assert "A highest or constitutional court was dissolved" in page
    assert "It asks to withdraw it: it would count no more." in page
    assert "2 corrections and withdrawals are left out then, and settled by hand." in page
    said = followed(reviewer, settle(reviewer, "all:MLI:rule_of_law"))

    assert "2 answers are accepted. 2 corrections and withdrawals are left for you to settle." in said
    assert {state_of(database, one) for one in (correction, withdrawal)} == {CodingState.SUBMITTED}
    assert settle(reviewer, "all:MLI:rule_of_law").status_code == 422
    assert "1 answer is accepted." in followed(reviewer, settle(reviewer, "accept", withdrawal))


def test_nobody_accepts_their_own(app: Flask, submit: Submit, database: Database, now: datetime) -> None:
    both = somebody(database, now, roles=[Role.ANALYST, Role.REVIEWER])
    client, own = browser_of(app, database, both, now), submit(by=both)

    assert boxes(client) == []
    assert "You submitted this yourself. Nobody accepts their own" in text_of(client.get("/review/MLI"))
    refused = settle(client, "accept", own)
    assert refused.status_code == 422
    assert "Nobody accepts their own answers: a second person looks at them." in text_of(refused)
    assert settle(client, "all:MLI:rule_of_law").status_code == 422
    assert recorded(database) == []


def test_a_desk_of_one_accepts_its_own_and_every_page_says_so(
    app: Flask, sign_in_as: SignInAs, submit: Submit, database: Database, now: datetime
) -> None:
    one = somebody(database, now, name="Solo", roles=[Role.ANALYST, Role.REVIEWER])
    administrator, client, own = sign_in_as(Role.ADMINISTRATOR, name="Kofi"), browser_of(app, database, one, now), None
    page = administrator.get("/system")
    assert "What one person submits, another accepts." in text_of(page)
    administrator.submit_form(page, action="/system/own-acceptance")
    own = submit(by=one)

    assert "Chosen by Kofi" in text_of(administrator.get("/system"))
    for path in ("/review", "/review/MLI"):
        assert "this desk lets people accept what they submitted themselves" in text_of(client.get(path))
    assert "1 answer is accepted." in followed(client, settle(client, "accept", own))

    assert "recorded and accepted by the same person" in text_of(client.get(f"/countries/MLI/{COURTS}/2026-02-28"))
    administrator.submit_form(administrator.get("/system"), action="/system/own-acceptance")
    assert "this desk lets people" not in text_of(client.get("/review"))


@ONE_ENGINE
def test_the_rule_of_a_second_person_is_changed_by_yes_or_no_only(sign_in_as: SignInAs) -> None:
    administrator = sign_in_as(Role.ADMINISTRATOR)
    sent = {"csrf_token": token_on(administrator, "/account"), "holds": "perhaps"}

    assert administrator.post("/system/own-acceptance", data=sent).status_code == 400


# ---- several answers to one question ----


@ONE_ENGINE
@pytest.mark.parametrize(
    ("other", "words"),
    [
        (2, "They say the same."),
        (3, "They are one level apart."),
        (4, "They are further apart than one level."),
        (None, "Not all of them could tell."),
    ],
)
def test_several_answers_stand_together_with_their_agreement(
    reviewer: StrictClient, submit: Submit, ben: Person, other: float | None, words: str
) -> None:
    submit(2)
    submit(other, by=ben)

    page = reviewer.get("/review/MLI")

    assert words in text_of(page)
    assert len(parsed(page).xpath("//div[@class='question']")) == 1


@BOTH_ENGINES
def test_settling_accepts_one_and_keeps_the_other_as_dissent(
    reviewer: StrictClient, submit: Submit, database: Database, ben: Person
) -> None:
    of_ana, of_ben = submit(2), submit(4, by=ben, note="I was there.")

    said = followed(reviewer, settle(reviewer, f"settle:{of_ana.id}"))

    assert "1 answer is accepted. 1 other answer is set aside and kept as dissent." in said
    assert recorded(database) == [2]
    assert state_of(database, of_ben) is CodingState.SET_ASIDE
    told = text_of(reviewer.get(f"/countries/MLI/{COURTS}/2026-02-28"))
    assert "Who saw it otherwise Level 4 Ben" in told
    assert "I was there." in told


def test_two_answers_to_one_question_cannot_both_be_ticked(
    reviewer: StrictClient, submit: Submit, database: Database, ben: Person
) -> None:
    of_ana, of_ben = submit(2), submit(4, by=ben)

    refused = settle(reviewer, "accept", of_ana, of_ben)

    assert refused.status_code == 422
    assert "choose one of them" in text_of(refused)
    assert len(parsed(refused).xpath("//input[@name='pick'][@checked]")) == 2
    assert recorded(database) == []


# ---- a day that has its answer already ----


@BOTH_ENGINES
def test_an_answer_of_a_day_that_has_one_is_shown_beside_it_and_left_out_of_accept_all(
    reviewer: StrictClient, submit: Submit, database: Database, now: datetime
) -> None:
    before(database, now, on=LAST_MONTH, value=4, source_name="A court observer")
    taken, free = submit(2), [submit(2, indicator=POWERS), submit(2, indicator="obedience_to_rulings")]

    page = reviewer.get("/review/MLI")

    assert "Accepted already for this day Level 4 28 February 2026" in text_of(page)
    assert "A court observer A day has one answer. Return what waits here" in text_of(page)
    assert "Nothing that you may see was recorded before." in text_of(page)  # of the other two
    assert parsed(page).xpath(f"//a[@href='/countries/MLI/{COURTS}/2026-02-28']")
    assert "2 answers are accepted." in followed(reviewer, settle(reviewer, "all:MLI:rule_of_law"))
    assert [state_of(database, one) for one in free] == [CodingState.ACCEPTED] * 2
    assert settle(reviewer, "accept", taken).status_code == 409
    assert "1 answer is returned" in followed(reviewer, settle(reviewer, "return", taken, reason="Correct it."))


def test_an_answer_of_a_day_is_refused_in_the_same_words_whether_or_not_the_other_may_be_seen(
    reviewer: StrictClient, submit: Submit, database: Database, now: datetime
) -> None:
    before(database, now, on=LAST_MONTH, value=4, handling=Mark.RED)
    before(database, now, on=LAST_MONTH, value=4, indicator=POWERS)
    hidden, seen = submit(2), submit(2, indicator=POWERS)

    assert text_of(reviewer.get("/review/MLI")).count("Accepted already for this day") == 1
    refused = [settle(reviewer, "accept", one) for one in (hidden, seen)]

    assert [answer.status_code for answer in refused] == [409, 409]
    told = [str(parsed(answer).xpath("string(//div[@class='error-summary']/p)")) for answer in refused]
    assert [words.partition("”")[2] for words in told] == [
        " cannot be accepted as things stand: return it, so that its author looks at it again."
    ] * 2
    assert told[0] != told[1], "each names its own question"


# ---- returning ----


def test_what_is_returned_needs_a_reason_and_nothing_ticked_or_written_is_lost(
    reviewer: StrictClient, submit: Submit, database: Database
) -> None:
    coding = submit()

    refused = settle(reviewer, "return", coding, reason=" ")
    assert refused.status_code == 422
    assert "Say why: whoever coded it has to know what to change." in text_of(refused)
    assert parsed(refused).xpath("//input[@name='pick'][@checked]/@value") == [str(coding.id)]
    assert settle(reviewer, "return", reason="Nothing is ticked.").status_code == 422
    said = followed(reviewer, settle(reviewer, "return", coding, reason="Which court?"))

    assert "1 answer is returned; its author sees why." in said
    with database.reading() as session:
        kept = session.get_one(Coding, coding.id)
        assert (kept.state, kept.settled_why) == (CodingState.RETURNED, "Which court?")


# ---- out of turn ----


@pytest.mark.parametrize("state", [CodingState.DRAFT, CodingState.DISCARDED])
def test_a_state_cannot_be_skipped(
    reviewer: StrictClient, submit: Submit, database: Database, state: CodingState
) -> None:
    waiting, other = submit(indicator=POWERS), submit(state=state)
    for act in ("accept", "return", f"settle:{other.id}"):
        refused = settle(reviewer, act, other, waiting, reason="Because.")
        assert refused.status_code == 409
        assert "settled or taken back meanwhile. Nothing was changed." in text_of(refused)

    assert (state_of(database, other), state_of(database, waiting)) == (state, CodingState.SUBMITTED)


@BOTH_ENGINES
def test_two_reviewers_settle_once(sign_in_as: SignInAs, submit: Submit, database: Database) -> None:
    coding = submit(3)
    submit(indicator=POWERS)
    first, second = sign_in_as(Role.REVIEWER), sign_in_as(Role.REVIEWER)

    assert settle(first, "accept", coding).status_code == 302
    assert settle(second, "accept", coding).status_code == 409

    assert recorded(database) == [3]
    with database.reading() as session:
        query = select(Coding.settled_by).where(Coding.id == coding.id)
        assert session.scalar(query) is not None


@BOTH_ENGINES
def test_an_observation_that_came_in_meanwhile_is_no_error_of_ours(
    reviewer: StrictClient, submit: Submit, database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the very moment between looking for it and writing: the key refuses the second one of the day."""
    coding, checked = submit(3), reviewing._batch

    def and_meanwhile(session: Session, *arguments: Any, **named: Any) -> int:
        of_that_day: dict[str, Any] = {"indicator": COURTS, "iso3": "MLI", "on": LAST_MONTH, "recorded_at": now}
        monkeypatch.setattr(accepting, "said_before", lambda *_: None)
        factories.observation(session, value=4, **of_that_day)
        return checked(session, *arguments, **named)

    monkeypatch.setattr(reviewing, "_batch", and_meanwhile)
    refused = settle(reviewer, "accept", coding)

    assert refused.status_code == 409
    assert "Somebody else was quicker" in text_of(refused)
    assert recorded(database) == []


@ONE_ENGINE
@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"act": "burn"},
        {"act": "accept", "pick": "x"},
        {"act": "accept", "pick": "99999999999"},
        {"act": "accept", "pick": "²"},
        {"act": "settle:"},
        {"act": "accept", "shown": "1"},
        {"act": "accept", "shown": "1.2.3"},
        {"act": "accept", "shown": "1.x"},
    ],
)
def test_what_no_page_sends_is_refused(reviewer: StrictClient, sent: dict[str, str]) -> None:
    token = {"csrf_token": token_on(reviewer, "/account")}

    assert reviewer.post("/review/MLI", data=sent | token).status_code == 400


def test_an_answer_that_does_not_exist_is_not_found(reviewer: StrictClient, submit: Submit) -> None:
    submit()
    token = {"csrf_token": token_on(reviewer, "/account")}

    assert reviewer.post("/review/MLI", data={"act": "settle:4711"} | token).status_code == 404
    assert reviewer.get("/review/QQQ").status_code == 404


def test_a_full_queue_needs_at_most_twelve_questions(
    reviewer: StrictClient, submit: Submit, database: Database, ben: Person, now: datetime
) -> None:
    for indicator in (COURTS, POWERS, MILITIAS):
        submit(2, indicator=indicator)
        submit(2, indicator=indicator, by=ben)
    with database.writing() as session:
        made = factories.observation(session, indicator=MILITIAS, iso3="MLI", on=MONTH_BEFORE, value=1, recorded_at=now)
        observed, by = Observed(made.iso3, made.indicator_id, made.observed_on), principal_of(session, ben)
        correcting.withdraw(session, observed, "Another country.", based_on=1, by=by, now=now)

    for page in ("/review", "/review/MLI"):
        assert len(questions(reviewer, database, page)) <= 12
