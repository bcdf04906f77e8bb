"""The whole way: from one answer of an analyst to a flag, to a situation, to its end."""

from datetime import date, datetime

from sqlalchemy import select

from tests import factories
from tests.strict_client import StrictClient, text_of
from tests.web.browsing import somebody
from tests.web.conftest import BOTH_ENGINES, SignInAs
from tests.web.situations.desk import IN_SCOPE, judge, press, rows
from tests.web.test_review import followed, settle
from tracker.access import Role
from tracker.handling import Mark
from tracker.storage.admitting import Person
from tracker.storage.base import Database
from tracker.storage.conclusions import Flag
from tracker.storage.recording import Coding

QUESTIONS = (
    *("independence_of_courts", "obedience_to_rulings", "emergency_powers", "limits_on_power", "elections_kept"),
    "detention_and_fair_trial",
)


def submitted(database: Database, by: Person, level: float, day: date, at: datetime) -> list[Coding]:
    with database.writing() as session:
        return [
            factories.coding(session, by, indicator=key, value=level, now=at, day=day, reason="so it was")
            for key in QUESTIONS
        ]


@BOTH_ENGINES
def test_from_an_answer_to_a_flag_to_a_situation_to_its_end(
    sign_in_as: SignInAs, database: Database, now: datetime
) -> None:
    analyst = somebody(database, now, name="An analyst", roles=[Role.ANALYST], clearance=Mark.RED)
    reviewer: StrictClient = sign_in_as(Role.REVIEWER)
    assert rows(reviewer.get("/situations")) == []

    *before, last = submitted(database, analyst, 3.0, date(2026, 2, 28), now)
    followed(reviewer, settle(reviewer, "accept", *before[:3]))
    assert rows(reviewer.get("/situations")) == []
    followed(reviewer, settle(reviewer, "accept", *before[3:], last))

    assert rows(reviewer.get("/situations")) == ["Mali"]
    country = text_of(reviewer.get("/countries/MLI"))
    assert "Situation: new" in country
    page = "/situations/1"
    told = text_of(reviewer.get(page))
    assert "Weak rule of law: Rule of law and good governance" in told
    assert "was 75 on 16 March 2026; the rule speaks at 60 or more." in told
    assert "It clears when the score of Rule of law and good governance falls below 55." in told
    assert "The quickest way, as things stood then:" in told

    followed(reviewer, press(reviewer, page, f"{page}/move/verifying"))
    with database.reading() as session:
        waiting = list(session.scalars(select(Flag).where(Flag.situation_id == 1, Flag.verdict.is_(None))))
    assert {flag.rule_key for flag in waiting} >= {"weak_rule_of_law"}
    followed(reviewer, judge(reviewer, page, "confirm", *waiting))
    followed(reviewer, reviewer.submit(f"{page}/assess", **IN_SCOPE))
    followed(reviewer, reviewer.submit(f"{page}/move/responding", words="An envoy goes."))
    followed(reviewer, reviewer.submit(f"{page}/move/monitoring", words="The courts sit again."))

    better = submitted(database, analyst, 0.0, now.date(), now)
    followed(reviewer, settle(reviewer, "accept", *better))
    with database.reading() as session:
        still_open = session.scalars(select(Flag.rule_key).where(Flag.closed_at.is_(None))).all()
    assert "weak_rule_of_law" not in still_open
    assert "cleared" in text_of(reviewer.get(page))

    followed(reviewer, reviewer.submit(f"{page}/close", reason="resolved", words="Rulings are obeyed."))
    assert rows(reviewer.get("/situations")) == []
    assert rows(reviewer.get("/situations?state=closed")) == ["Mali"]
