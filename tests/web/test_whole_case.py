"""A whole case: from what was observed to a warning, to an answer that people decided on, to what came of it."""

from datetime import date, datetime

from sqlalchemy import select

from tests.situations import raised
from tests.strict_client import StrictClient, text_of
from tests.web.browsing import somebody
from tests.web.conftest import BOTH_ENGINES, SignInAs
from tests.web.situations.desk import IN_SCOPE, judge, press, rows, timeline
from tests.web.test_review import followed, settle
from tests.web.test_story import submitted
from tracker.access import Role
from tracker.handling import Mark
from tracker.storage.base import Database
from tracker.storage.conclusions import Flag, Situation

PAGE = "/situations/1"


@BOTH_ENGINES
def test_from_observations_to_a_breakdown_to_measures_to_their_outcome_to_the_end(
    sign_in_as: SignInAs, database: Database, now: datetime
) -> None:
    analyst = somebody(database, now, name="An analyst", roles=[Role.ANALYST], clearance=Mark.RED)
    reviewer, desk = sign_in_as(Role.REVIEWER), sign_in_as(Role.ANALYST, name="Ana")

    # the courts were in order a year ago; now none of it is
    followed(reviewer, settle(reviewer, "accept", *submitted(database, analyst, 0.0, date(2025, 2, 28), now)))
    assert "Breakdown of the rule of law" not in reviewer.get("/situations").text
    followed(reviewer, settle(reviewer, "accept", *submitted(database, analyst, 3.0, date(2026, 2, 28), now)))
    assert rows(reviewer.get("/situations")) == ["Mali"]
    assert "Breakdown of the rule of law" in text_of(reviewer.get(PAGE))

    # verified, assessed
    followed(reviewer, press(reviewer, PAGE, f"{PAGE}/move/verifying"))
    with database.reading() as session:
        is_waiting = Flag.situation_id == 1, Flag.closed_at.is_(None), Flag.verdict.is_(None)
        waiting = list(session.scalars(select(Flag).where(*is_waiting)))
    followed(reviewer, judge(reviewer, PAGE, "confirm", *waiting))
    followed(reviewer, reviewer.submit(f"{PAGE}/assess", **IN_SCOPE))

    # what works on the criteria that press is suggested, the State's own first, and never force
    choices = text_of(desk.get(f"{PAGE}/propose")).partition("The whole toolbox")[0]
    assert "Rule of law and good governance (75 of 100)" in choices
    assert "The State itself can do it." in choices
    assert "Force" not in choices
    national = proposed(desk, "own_courts", sphere="national", title_="The courts sit again")
    regional = proposed(desk, "envoy_visit", sphere="regional", title_="An envoy goes to the capital")
    harmful = proposed(desk, "targeted_sanctions", sphere="regional", title_="Accounts are frozen")

    # two are decided, one is declined with the reason
    for page in (national, regional):
        followed(reviewer, reviewer.submit(f"{page}/decide", decided_by="The regional council"))
    why = "The envoy would not be received."
    followed(reviewer, reviewer.submit(f"{harmful}/decline", decided_by="The regional council", words=why))
    followed(reviewer, reviewer.submit(f"{PAGE}/move/responding", words="Two measures were decided."))
    charge = {"owner": "The minister of justice", "organisation": "Government", "due_on": "2026-06-01"}
    for page in (national, regional):
        followed(desk, desk.submit(f"{page}/start", **charge))

    # what came of them, and what the indicators did
    better = submitted(database, analyst, 0.0, date(2026, 3, 16), now)
    followed(reviewer, settle(reviewer, "accept", *better))
    for page, outcome in ((national, "Eleven courts sit."), (regional, "Both sides signed.")):
        page_then = followed(reviewer, reviewer.submit(f"{page}/done", words=outcome))
        assert f"What came of it {outcome}" in page_then
        assert "What the indicators did since" in page_then

    # the end
    followed(reviewer, reviewer.submit(f"{PAGE}/move/monitoring", words="The courts sit again."))
    closed = reviewer.submit(f"{PAGE}/close", reason="resolved", words="Rulings are obeyed.")
    assert "closed" in followed(reviewer, closed)
    assert "0 measures go on" in text_of(reviewer.get("/responses"))
    assert reviewer.get("/responses/list.csv?place=MLI").text.count("\n") == 1 + 3
    words = text_of(reviewer.get(PAGE))
    for said in (why, "Eleven courts sit.", "Both sides signed.", "Rulings are obeyed."):
        assert said in words
    with database.reading() as session:
        told = timeline(reviewer, session.get_one(Situation, 1))
    assert sum(line.startswith("Measure") for line in told) == 10

    # told for whoever is next: all that is recorded is there, and what was learnt is written by a person
    form = f"{PAGE}/case-study"
    filled = reviewer.get(form)
    for said in ("Breakdown of the rule of law", f"declined “Accounts are frozen”. {why}", "Eleven courts sit."):
        assert said in text_of(filled), said
    assert "Say what was learnt" in text_of(reviewer.submit_form(filled, action=form))
    learnt = "An envoy alone would have been too late."
    study = followed(reviewer, reviewer.submit_form(filled, action=form, part_learnt=learnt))
    assert "Courts and accountability" in study

    # and found again from a situation that is like it
    with database.writing() as session:
        _flag, alike = raised(session, iso3="NER", now=now)
    assert learnt in text_of(reviewer.get(f"/situations/{alike.id}"))


def proposed(client: StrictClient, measure: str, **fields: str) -> str:
    """Sent again where something speaks against it, as somebody does who means it all the same."""
    answer = client.submit_form(client.get(f"{PAGE}/propose?measure={measure}"), action=None, **fields)
    if answer.status_code == 422:
        answer = client.submit_form(answer, action=None)
    assert answer.status_code == 302, text_of(answer)
    return str(answer.headers["Location"])
