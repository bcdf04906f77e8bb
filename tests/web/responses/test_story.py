"""One measure from its proposal to its outcome, and what each of the cast may do about it."""

from datetime import datetime

import pytest
from sqlalchemy import select

from tests.questions import questions
from tests.responses import Hand
from tests.situations import somebody
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.conftest import BOTH_ENGINES, SignInAs
from tests.web.responses.desk import OWN, STARTED, as_it_is, decided, ledger, propose, started
from tests.web.situations.desk import ASSESSED, ONE_ENGINE, Raise, followed, page_of, timeline
from tracker.access import Role
from tracker.actions.desk_rules import let_accept_own
from tracker.handling import Mark
from tracker.response import ResponseState
from tracker.storage.base import Database
from tracker.storage.running import AuditEntry
from tracker.web.paging import PER_PAGE


@BOTH_ENGINES
def test_from_a_proposal_to_an_outcome_every_step_stands_in_the_ledger_the_timeline_and_the_audit_log(
    reviewer: StrictClient, analyst: StrictClient, raise_one: Raise, database: Database
) -> None:
    _, situation = raise_one(ASSESSED)
    page = propose(analyst, situation)
    assert "now somebody decides whether it is done" in text_of(reviewer.get(page))
    assert "It is decided." in followed(reviewer, reviewer.submit(f"{page}/decide", decided_by="The cabinet"))
    assert "It is under way." in followed(analyst, analyst.submit(f"{page}/start", **STARTED))
    reported = analyst.submit(f"{page}/report", words="Both came.", due_on="2026-07-01")
    assert "1 July 2026" in followed(analyst, reported)
    assert "It is done." in followed(reviewer, reviewer.submit(f"{page}/done", words="Both signed."))

    assert ledger(page, reviewer) == [
        "Done.",
        "Report. Due by 1 July 2026.",
        "Under way. Owner: The office of the minister. Organisation: Ministry of the Interior. Due by 1 June 2026.",
        "Decided: The cabinet.",
        "Proposed. To be decided by 30 March 2026.",
    ]
    told = [line for line in timeline(reviewer, situation) if line.startswith("Measure")]
    assert told[0] == "Measure “The minister talks with both sides”. Done."
    assert len(told) == 5
    assert "Both signed." in text_of(reviewer.get("/responses")) + text_of(reviewer.get(page))
    with database.reading() as session:
        query = select(AuditEntry.action).where(AuditEntry.subject == "response 1: MLI").order_by(AuditEntry.number)
        acts = ("proposed", "decided", "started", "reported", "done")
        assert list(session.scalars(query)) == [f"response {act}" for act in acts]
    one = as_it_is(database, page)
    assert (one.state, one.due_on, one.decided_by) == (ResponseState.DONE, None, "The cabinet")


@ONE_ENGINE
def test_a_reader_looks_an_analyst_carries_out_and_neither_decides(
    sign_in_as: SignInAs, reviewer: StrictClient, analyst: StrictClient, raise_one: Raise
) -> None:
    _, situation = raise_one(ASSESSED)
    page = propose(reviewer, situation)
    reader = sign_in_as(Role.READER)

    assert "The minister talks" in text_of(reader.get(page_of(situation)))
    assert [
        link for link in parsed(reader.get(page)).xpath("//main//a/@href") if str(link).startswith(f"{page}/")
    ] == []
    for act in ("decide", "decline", "done", "abandon"):
        assert analyst.get(f"{page}/{act}").status_code == 403
        assert reader.get(f"{page}/{act}").status_code == 403
    for act in ("start", "report", "change"):
        assert reader.get(f"{page}/{act}").status_code == 403
    assert reader.get(f"{page_of(situation)}/propose").status_code == 403


@ONE_ENGINE
def test_who_proposed_it_is_told_that_another_decides(
    sign_in_as: SignInAs, reviewer: StrictClient, raise_one: Raise, database: Database, now: datetime
) -> None:
    page, other = propose(reviewer, raise_one(ASSESSED)[1]), sign_in_as(Role.REVIEWER)

    assert "You proposed it yourself: another reviewer decides on it." in text_of(reviewer.get(page))
    for act in ("decide", "decline"):
        assert f"{page}/{act}" not in reviewer.get(page).text
        assert f"{page}/{act}" in other.get(page).text
        assert reviewer.get(f"{page}/{act}").status_code == 400
    with database.writing() as session:
        let_accept_own(session, True, by=1, now=now)

    assert "There is no second person here" in text_of(reviewer.get(page))
    decided(reviewer, page)


@ONE_ENGINE
def test_for_a_stranger_and_for_whoever_lacks_the_clearance_it_does_not_exist(
    sign_in_as: SignInAs, raise_one: Raise
) -> None:
    _, situation = raise_one(ASSESSED)
    cleared = sign_in_as(Role.REVIEWER, clearance=Mark.RED)
    page = propose(cleared, situation, handling=str(int(Mark.RED)))
    assert "The minister talks" in cleared.get(page_of(situation)).text

    for other in (
        sign_in_as(Role.ANALYST, Role.REVIEWER, countries=["PRY"], clearance=Mark.RED),
        sign_in_as(Role.ANALYST, Role.REVIEWER, countries=["MLI"], clearance=Mark.AMBER),
    ):
        for act in ("", "/decide", "/decline", "/start", "/report", "/done", "/abandon", "/change"):
            assert other.get(page + act).status_code == 404
        seen = [other.get(path) for path in ("/responses", "/", "/situations", "/countries/PRY", page_of(situation))]
        assert not any("minister" in answer.text for answer in seen)
        assert "Nothing was proposed yet" in seen[0].text
        assert other.get("/responses/list.csv").text.count("\n") == 1


@ONE_ENGINE
@pytest.mark.parametrize("act", ["", "/decide", "/change"])
def test_no_page_of_a_measure_asks_more_than_twelve_questions(
    sign_in_as: SignInAs, analyst: StrictClient, raise_one: Raise, database: Database, act: str
) -> None:
    everybody = sign_in_as(*Role)
    _, situation = raise_one(ASSESSED)
    page = propose(analyst, situation)
    if not act:
        started(everybody, page)

    for address in (page + act, f"{page_of(situation)}/propose", f"{page_of(situation)}/propose?measure=own"):
        assert 6 < len(questions(everybody, database, address)) <= 12, address
    assert len(questions(everybody, database, "/responses")) <= 12
    assert len(questions(everybody, database, page_of(situation))) <= 12


@ONE_ENGINE
def test_what_has_ended_takes_nothing_more(reviewer: StrictClient, analyst: StrictClient, raise_one: Raise) -> None:
    _, situation = raise_one(ASSESSED)
    page = propose(analyst, situation)
    assert reviewer.submit(f"{page}/decline", decided_by="The cabinet", words="Too late.").status_code == 302

    words = text_of(reviewer.get(page))

    assert "Why it was declined Too late." in words
    assert parsed(reviewer.get(page)).xpath("//header//a[contains(@class, 'button')]") == []
    assert reviewer.get(f"{page}/start").status_code == 409
    # who wants it after all proposes it anew
    assert propose(reviewer, situation, **OWN) != page


@ONE_ENGINE
def test_a_step_that_is_overdue_stands_first_everywhere(
    reviewer: StrictClient, analyst: StrictClient, sign_in_as: SignInAs, raise_one: Raise, database: Database
) -> None:
    _, situation = raise_one(ASSESSED)
    late, soon = (propose(analyst, situation, title_=title) for title in ("An envoy goes", "Observers go"))
    started(reviewer, late)
    decided(reviewer, soon)
    with database.writing() as session:
        session.get_one(type(as_it_is(database, late)), 1).due_on = (
            as_it_is(database, late).proposed_at.date().replace(day=1)
        )

    heard = parsed(reviewer.get("/responses")).xpath("//h2/text()")
    assert "The next step is overdue" in " ".join(heard)
    assert "1 of them overdue" in text_of(reviewer.get("/responses"))
    assert "Observers" not in reviewer.get("/responses?only=overdue").text
    assert reviewer.get("/responses/list.csv?only=overdue").text.count("\n") == 2
    titles = parsed(reviewer.get(page_of(situation))).xpath("//ol[@class='measures']//h3/a/text()")
    assert titles == ["An envoy goes", "Observers go"]
    assert "15 days late" in text_of(reviewer.get(late))


@ONE_ENGINE
def test_a_long_ledger_is_read_page_by_page_and_exported_whole(
    reviewer: StrictClient, raise_one: Raise, database: Database, now: datetime
) -> None:
    _, situation = raise_one(ASSESSED)
    with database.writing() as session:
        hand = Hand(session, somebody(session, Role.REVIEWER, now=now), now)
        made = [hand.propose(situation, title=f"Talk {number:02}") for number in range(PER_PAGE + 1)]
        hand.decline(made[0])

    first, second = (reviewer.get(f"/responses?page={page}&kind=diplomatic") for page in (1, 2))

    assert "1 to 50 of 51" in text_of(first)
    assert ("Going on 50" in text_of(first), "Ended 1" in text_of(first)) == (True, False)
    assert ("Talk 00" in text_of(second), "Talk 01" in text_of(second)) == (True, False)
    [back] = parsed(second).xpath("//a[@rel='prev']/@href")
    assert text_of(reviewer.get(back)) == text_of(first)
    assert reviewer.get("/responses/list.csv?page=2").text.count("Talk ") == PER_PAGE + 1
