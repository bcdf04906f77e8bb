"""What the forms about situations ask for, and what they say of what is missing."""

import pytest
from werkzeug.test import TestResponse

from tests.strict_client import StrictClient, form_on, parsed, text_of
from tests.web.conftest import SignInAs
from tests.web.situations.desk import ASSESSED, IN_SCOPE, ONE_ENGINE, VERIFYING, Raise, followed, judge, page_of, typed
from tracker.access import Role
from tracker.handling import Mark


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


def test_all_that_is_empty_is_said_at_once(reviewer: StrictClient, analyst: StrictClient, raise_one: Raise) -> None:
    flag, situation = raise_one(VERIFYING)
    judge(reviewer, page_of(situation), "discard", flag, words="Noise.")

    def summary(answer: TestResponse) -> list[str]:
        assert answer.status_code == 422
        return [str(text) for text in parsed(answer).xpath("//div[contains(@class, 'error-summary')]//a/text()")]

    why = "Say why: it stands in the timeline, for whoever asks later."
    assert summary(reviewer.submit(f"{page_of(situation)}/close")) == ["“Why is it closed?”: Choose one.", why]
    raised = reviewer.get("/situations/raise")
    sent = {"csrf_token": typed(raised)["csrf_token"], "iso3": "MLI", "words": ""}
    assert summary(reviewer.post("/situations/raise", data=sent)) == ["“Who may read it?”: Choose one.", why]
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
