"""The practice library: from a closed situation to a case study, found again from a situation that is like it."""

import csv
import io
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.case_studies import written
from tests.questions import questions
from tests.situations import IN_SCOPE, Desk, closed, somebody
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.conftest import SignInAs
from tests.web.situations.desk import ONE_ENGINE, Raise, followed, page_of
from tracker.access import Role
from tracker.actions.situations.gathering import open_situation
from tracker.case_study import Part
from tracker.handling import Mark
from tracker.likeness import criterion_weights
from tracker.measure import MeasureKind
from tracker.situation import CloseReason, SituationState
from tracker.storage import methods
from tracker.storage.base import Database
from tracker.storage.conclusions import Situation
from tracker.storage.responding import CaseStudy
from tracker.web.paging import PER_PAGE

pytestmark = ONE_ENGINE
LEARNT = "Ask the pilots first."
PAST = {
    "title_": "The ferry that asked for papers",
    "place": "A federation that is no more",
    "began_on": "1995-05-02",
    "ended_on": "1995-11-20",
    "part_seen": "Boats were burnt.",
    "part_learnt": LEARNT,
    "kinds": ["mediation"],
    "criteria": ["incitement"],
}


def test_a_closed_situation_is_told_in_one_act_and_stands_in_the_library(
    reviewer: StrictClient, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        situation = closed(session, now=now)
    assert "Make it a case study" in text_of(reviewer.get(page_of(situation)))
    form = f"{page_of(situation)}/case-study"
    page = reviewer.get(form)
    assert "It was closed on 16 March 2026" in text_of(page)
    assert reviewer.submit_form(page, action=form).status_code == 422
    told = followed(reviewer, reviewer.submit_form(reviewer.get(form), action=form, part_learnt=LEARNT))
    assert LEARNT in told
    assert "What was decided" not in told
    assert "It is told in the practice library" in text_of(reviewer.get(page_of(situation)))
    assert LEARNT in text_of(reviewer.get("/practice"))
    assert "This situation is told already" in text_of(reviewer.get(form))
    again = reviewer.submit_form(page, action=form, part_learnt="Otherwise.")
    assert again.status_code == 409
    assert "Otherwise." in again.text
    assert LEARNT in text_of(again)


def test_an_open_situation_is_not_told(reviewer: StrictClient, raise_one: Raise) -> None:
    _flag, situation = raise_one()
    refused = reviewer.get(f"{page_of(situation)}/case-study")
    assert refused.status_code == 409
    assert parsed(refused).xpath("//main//a/@href") == [page_of(situation)]


def test_a_case_out_of_scope_says_so_and_tells_of_nobody_at_risk(
    reviewer: StrictClient, raise_one: Raise, database: Database, now: datetime
) -> None:
    _flag, situation = raise_one(SituationState.ASSESSED)
    with database.writing() as session:
        there = session.get_one(Situation, situation.id)
        desk = Desk(session, somebody(session, Role.REVIEWER, now=now), now)
        desk.assess(there, assessment=replace(IN_SCOPE, crimes=(), out_of_scope="They strike for wages."))
        desk.move(there, SituationState.CLOSED, reason=CloseReason.OUT_OF_SCOPE)
    filled = reviewer.get(f"{page_of(situation)}/case-study")
    assert "None of the four crimes was found to be at risk: They strike for wages." in text_of(filled)
    assert text_of(filled).count(IN_SCOPE.population) == 1
    assert "How likely" not in text_of(reviewer.get(page_of(situation))).partition("Before, on")[0]


def test_what_is_above_the_mark_is_not_filled_in(sign_in_as: SignInAs, database: Database, now: datetime) -> None:
    with database.writing() as session:
        desk = Desk(session, somebody(session, Role.REVIEWER, now=now), now)
        there = open_situation(session, "NER", part="The west", handling=Mark.GREEN, by=None, now=now)
        desk.move(there, SituationState.VERIFYING)
        desk.assess(there, handling=Mark.RED)
        desk.move(there, SituationState.CLOSED, reason=CloseReason.RESOLVED)
    form, cleared = f"{page_of(there)}/case-study", sign_in_as(Role.REVIEWER, clearance=Mark.RED)
    assert IN_SCOPE.summary not in text_of(cleared.get(f"{form}?mark={int(Mark.GREEN)}"))
    filled = cleared.get(f"{form}?mark={int(Mark.RED)}")
    assert IN_SCOPE.summary in text_of(filled)
    sent = {"part_learnt": LEARNT, "handling": str(int(Mark.GREEN))}
    lowered = cleared.submit_form(filled, action=form, **sent)
    assert lowered.status_code == 422
    assert "Choose no lower mark" in text_of(lowered)


def test_a_case_of_the_past_is_written_found_by_what_it_is_about_and_taken_away(reviewer: StrictClient) -> None:
    answer = reviewer.submit_form(reviewer.get("/practice/write"), action="/practice/write", **PAST)
    assert "A federation that is no more" in followed(reviewer, answer)
    for found in ("q=pilots", "criterion=incitement", "kind=mediation"):
        assert str(PAST["title_"]) in text_of(reviewer.get(f"/practice?{found}")), found
    for other in ("q=submarine", "criterion=rule_of_law", "kind=force", "stage=early_violence", "place=MLI"):
        assert "No case answers to that" in text_of(reviewer.get(f"/practice?{other}")), other
    [row] = list(csv.DictReader(io.StringIO(reviewer.get("/practice.csv?q=pilots").text.lstrip("\ufeff"))))
    assert (row["title"], row["learnt"], row["handling"]) == (PAST["title_"], LEARNT, "TLP:GREEN")


def test_of_two_who_change_a_case_at_once_the_second_sees_both_and_may_send_it_again(
    reviewer: StrictClient, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        page = f"/practice/{written(session, now=now).id}"
    form = f"{page}/change"
    mine, theirs = reviewer.get(form), reviewer.get(form)
    assert reviewer.submit_form(theirs, action=form, title_="Theirs", reason="Shorter.").status_code == 302
    clash = reviewer.submit_form(mine, action=form, title_="Mine", reason="Longer.")
    assert clash.status_code == 409
    assert "Theirs" in text_of(clash)
    told = followed(reviewer, reviewer.submit_form(clash, action=form))
    assert "The title “Theirs” became “Mine”." in told
    assert "Longer." in told


def test_a_revision_above_the_readers_clearance_leaves_no_words(
    sign_in_as: SignInAs, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        page = f"/practice/{written(session, handling=Mark.RED, title='Redtitle', now=now).id}"
    reader, reviewer = sign_in_as(Role.READER), sign_in_as(Role.REVIEWER, clearance=Mark.RED)
    assert reader.get(page).status_code == 404
    form = f"{page}/change"
    sent = {"title_": "For more people", "handling": str(int(Mark.GREEN)), "reason": "The name is gone."}
    assert reviewer.submit_form(reviewer.get(form), action=form, **sent).status_code == 302
    shown = text_of(reader.get(page))
    assert "Redtitle" not in shown
    assert "What it said before is not for you to read." in shown


def test_what_is_withdrawn_is_gone_from_the_library_and_its_page_says_so(
    reviewer: StrictClient, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        page = f"/practice/{written(session, now=now).id}"
    form = f"{page}/withdraw"
    told = followed(reviewer, reviewer.submit_form(reviewer.get(form), action=form, words="It names somebody."))
    assert "It names somebody." in told
    assert "No case has been told yet" in text_of(reviewer.get("/practice"))
    assert "An election without violence" in text_of(reviewer.get("/practice?show=withdrawn"))


def test_a_long_library_is_read_page_by_page_and_exported_whole(
    reviewer: StrictClient, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        by = somebody(session, Role.REVIEWER, now=now)
        for number in range(PER_PAGE + 1):
            began = now.date() - timedelta(days=number)
            written(session, by=by, title=f"Case {number:02}", began_on=began, ended_on=None, now=now)
    first, second = (text_of(reviewer.get(f"/practice?q=talk&page={page}")) for page in (1, 2))
    assert "51 cases" in first
    assert "1 to 50 of 51" in first
    assert ("Case 00" in first, "Case 50" in first) == (True, False)
    assert ("Case 00" in second, "Case 50" in second) == (False, True)
    assert text_of(reviewer.get("/practice?page=3")).count("Case ") == PER_PAGE
    assert reviewer.get("/practice.csv?page=2").text.count("Case ") == PER_PAGE + 1


def test_readers_read_and_do_not_write(sign_in_as: SignInAs, database: Database, now: datetime) -> None:
    with database.writing() as session:
        page = f"/practice/{written(session, now=now).id}"
    reader = sign_in_as(Role.READER)
    assert "Change it" not in text_of(reader.get(page))
    for act in ("change", "withdraw", "put-back"):
        assert reader.get(f"{page}/{act}").status_code == 403
    assert reader.get("/practice/write").status_code == 403


def test_somebody_of_one_country_finds_no_case_of_another(
    sign_in_as: SignInAs, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        page = f"/practice/{written(session, title='Of Mali', now=now).id}"
        written(session, iso3=None, place="Nowhere of today", title="Of the past", now=now)
    theirs = sign_in_as(Role.FOCAL_POINT, countries=["NER"])
    assert theirs.get(page).status_code == 404
    shown = text_of(theirs.get("/practice"))
    assert "Of Mali" not in shown
    assert "Of the past" in shown


@pytest.mark.parametrize("apart", [5.0, 40.0])
def test_a_case_is_found_again_from_what_looks_like_it(
    reviewer: StrictClient, database: Database, now: datetime, apart: float
) -> None:
    with database.writing() as session:
        method = methods.in_force(session)
        assert method
        keys = criterion_weights(method[1].tree)
        for number, title in enumerate(("Here", "There")):
            made = written(session, title=title, began_on=now.date() - timedelta(days=number), now=now)
            session.get_one(CaseStudy, made.id).profile = dict.fromkeys(keys, 50.0 + number * apart)
        page = f"/practice/{made.id}"
    likes = [
        " ".join(one.text_content().split()) for one in parsed(reviewer.get(page)).xpath("//ol[@class='likes']/li")
    ]
    assert len(likes) == (1 if apart == 5 else 0)
    if likes:
        assert likes[0].startswith("Here case study")
        assert "5 points apart on average" in likes[0]
        assert "Rule of law and good governance (55, there 50)" in likes[0]


def test_no_page_asks_much(reviewer: StrictClient, database: Database, now: datetime) -> None:
    with database.writing() as session:
        one = written(session, texts={Part.SEEN: "Seen.", Part.LEARNT: LEARNT}, now=now)
        situation = closed(session, now=now)
    pages = ("/practice", f"/practice/{one.id}", page_of(situation), f"{page_of(situation)}/case-study")
    for page in pages:
        assert len(questions(reviewer, database, page)) <= 12, page


def test_a_measure_of_the_toolbox_leads_to_cases_in_which_its_kind_was_taken(
    reviewer: StrictClient, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        written(session, kinds=(MeasureKind.DIPLOMATIC,), now=now)
        written(session, title="Another kind", kinds=(MeasureKind.FORCE,), now=now)
    shown = text_of(reviewer.get("/toolbox/quiet_talks"))
    assert "An election without violence" in shown
    assert "Another kind" not in shown
