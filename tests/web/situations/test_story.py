"""One situation from a flag to its end, and what each of the cast may do about it."""

from datetime import datetime

import pytest
from sqlalchemy import select, update

from tests import situations
from tests.questions import questions
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.conftest import BOTH_ENGINES, SignInAs
from tests.web.situations.desk import (
    ASSESSED,
    IN_SCOPE,
    ONE_ENGINE,
    VERIFYING,
    Raise,
    as_it_is,
    followed,
    judge,
    page_of,
    press,
    rows,
    timeline,
)
from tracker.access import PersonStatus, Role
from tracker.flag import Change
from tracker.handling import Mark
from tracker.storage.admitting import Person
from tracker.storage.base import Database
from tracker.storage.running import AuditEntry


@BOTH_ENGINES
def test_from_a_flag_to_the_end_every_step_stands_in_the_timeline_and_the_audit_log(
    reviewer: StrictClient, analyst: StrictClient, raise_one: Raise, database: Database, now: datetime
) -> None:
    flag, situation = raise_one()
    page = page_of(situation)

    assert "Mali" in rows(reviewer.get("/situations"))
    assert "a reviewer takes it up first" in text_of(reviewer.get(page))
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


def test_a_reader_looks_and_changes_nothing(sign_in_as: SignInAs, raise_one: Raise) -> None:
    _, situation = raise_one(ASSESSED)
    reader = sign_in_as(Role.READER)
    page = reader.get(page_of(situation))

    actions = [form.get("action") for form in parsed(page).forms if form.method == "POST"]
    assert actions == ["/sign-out", f"{page_of(situation)}/follow"]
    links = parsed(page).xpath("//main//a/@href")
    assert [link for link in links if str(link).startswith(f"{page_of(situation)}/")] == []
    assert "Militias" in text_of(page)


@ONE_ENGINE
def test_a_situation_of_somebody_who_left_asks_for_another(
    analyst: StrictClient, reviewer: StrictClient, raise_one: Raise, database: Database
) -> None:
    _, situation = raise_one(ASSESSED)
    press(analyst, page_of(situation), f"{page_of(situation)}/assign")
    asked = "In charge Ana, who cannot come in any more: put somebody else in charge"
    assert asked not in text_of(reviewer.get(page_of(situation)))

    with database.writing() as session:
        session.execute(update(Person).where(Person.name == "Ana").values(status=PersonStatus.DEACTIVATED))

    assert asked in text_of(reviewer.get(page_of(situation)))


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


@ONE_ENGINE
@pytest.mark.parametrize("act", ["", "/note", "/assess", "/assign", "/split", "/flags/{flag}/clear"])
def test_no_page_of_a_situation_asks_more_than_twelve_questions(
    sign_in_as: SignInAs, raise_one: Raise, database: Database, act: str
) -> None:
    everybody = sign_in_as(*Role)
    everybody.submit("/situations/raise", iso3="MLI", words="A curfew since Monday.")
    _, situation = raise_one(ASSESSED)
    [clear] = [link for link in parsed(everybody.get(page_of(situation))).xpath("//a/@href") if "/clear" in link]
    number = clear.split("/")[-2]

    asked = questions(everybody, database, page_of(situation) + act.format(flag=number))

    assert 6 < len(asked) <= 12
