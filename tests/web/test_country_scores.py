"""A country's page opens every score into what it is made of, as far as its reader may see."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask_babel import Babel

from tests.actions.test_concluding import FEBRUARY, code_rule_of_law
from tests.concluding import recorded
from tests.strict_client import parsed
from tests.web.conftest import SignInAs
from tracker.access import Principal, Role
from tracker.handling import Mark
from tracker.storage import catalogue
from tracker.storage.base import Database, Session
from tracker.web.country_scores import CountryScores, Line, country_scores

# One of each dimension.
PUBLISHED = {"wgi_rule_of_law": 0.5, "wgi_political_stability": -1.5, "wgi_voice_and_accountability": -0.5}


def reader(clearance: Mark = Mark.GREEN) -> Principal:
    return Principal(1, "A reader", frozenset({Role.READER}), None, clearance)


def line(found: CountryScores, key: str) -> Line:
    return next(one for one in found.lines if one.key == key)


@pytest.fixture
def found(session: Session, now: datetime) -> CountryScores:
    for key, level in (
        ("wgi_rule_of_law", 0.5),
        ("wgi_political_stability", -1.5),
        ("wgi_voice_and_accountability", -0.5),
    ):
        recorded(session, key, level, on=FEBRUARY, at=now, standard_error=0.2)
    code_rule_of_law(session, 3.0, on=FEBRUARY, at=now)
    scores = _of_mali(session, reader())
    assert scores.whole.value is not None
    return scores


def _of_mali(session: Session, asking: Principal) -> CountryScores:
    """Outside the application there is no language: names are what is asked for, and they are tried on the page."""
    application = Flask(__name__)
    Babel(application)
    with application.test_request_context():
        scores = country_scores(session, "MLI", asking, catalogue.criteria_in_force(session))
    assert scores is not None
    return scores


def test_what_the_parts_give_adds_up_to_the_whole(found: CountryScores) -> None:
    dimensions = [one for one in found.lines if one.depth == 1]

    assert len(dimensions) == 3
    assert sum(one.points or 0.0 for one in dimensions) == pytest.approx(found.whole.value)
    rule_of_law = line(found, "rule_of_law")
    assert sum(voice.points or 0.0 for voice in rule_of_law.parts) == pytest.approx(rule_of_law.value)
    for voice in rule_of_law.parts:
        assert sum(part.points or 0.0 for part in voice.parts) == pytest.approx(voice.value)


def test_what_is_missing_weighs_nothing_and_gives_nothing(found: CountryScores) -> None:
    missing = line(found, "security_sector")

    assert (missing.value, missing.share, missing.points, missing.coverage) == (None, 0.0, 0.0, 0.0)


def test_a_score_lies_in_its_interval_and_says_when_it_is_thin(found: CountryScores) -> None:
    risk, rule_of_law = found.whole, line(found, "rule_of_law")

    assert risk.thin
    assert (risk.low or 100.0) <= (risk.value or -1.0) <= (risk.high or -1.0)
    assert rule_of_law.coverage is not None
    assert rule_of_law.thin is (rule_of_law.coverage < found.firm_from)


def test_a_reader_sees_the_score_of_what_they_may_see(session: Session, found: CountryScores, now: datetime) -> None:
    recorded(session, "independence_of_courts", 0.0, on=now.date(), at=now, handling=Mark.RED)

    assert line(_of_mali(session, reader(Mark.GREEN)), "rule_of_law").value == line(found, "rule_of_law").value
    assert line(_of_mali(session, reader(Mark.RED)), "rule_of_law").value != line(found, "rule_of_law").value


def test_the_page_shows_points_level_interval_and_workings(
    sign_in_as: SignInAs, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        code_rule_of_law(session, 3.0, on=FEBRUARY, at=now)

    page = parsed(sign_in_as(Role.READER).get("/countries/MLI"))

    [section] = page.xpath("//section[@aria-labelledby='risk']")
    [row] = section.xpath(".//tr[th/a[text()='Rule of law and good governance']]")
    cells = [" ".join(cell.text_content().split()) for cell in row.xpath("td")]
    assert cells[0] == "75"
    assert cells[1] == "high thin"
    assert " to " in cells[2]
    [workings] = section.xpath(".//table[@id='of-rule_of_law']")
    assert "Independence of the courts" in workings.text_content()


def test_why_the_risk_is_another_one_is_told_by_criterion_and_indicator(
    session: Session, found: CountryScores, now: datetime
) -> None:
    recorded(session, "wgi_political_stability", -2.5, on=now.date(), at=now, standard_error=0.2)

    change = _of_mali(session, reader()).last_change

    assert change is not None
    assert (change.on, change.before) == (now.date(), found.whole.value)
    assert change.now > change.before
    assert [one.key for one in change.criteria] == ["armed_conflict"]
    assert change.criteria[0].by == pytest.approx(change.now - change.before)
    assert [(one.key, one.before, one.now) for one in change.indicators] == [("wgi_political_stability", 80.0, 100.0)]


def test_what_was_never_otherwise_has_no_last_change(found: CountryScores) -> None:
    assert found.last_change is None


def test_what_a_node_had_a_year_ago_stands_beside_it(session: Session, found: CountryScores, now: datetime) -> None:
    then = now.date() - timedelta(days=400)
    recorded(session, "wgi_rule_of_law", 2.5, on=then, at=now, standard_error=0.2)

    voice = next(part for part in line(_of_mali(session, reader()), "rule_of_law").parts if part.parts)
    measure = next(part for part in voice.parts if part.key == "wgi_rule_of_law")

    assert measure.year_ago == 0.0
    assert line(found, "rule_of_law").year_ago is None


def test_a_country_of_which_nothing_is_known_has_no_table_of_nothing(sign_in_as: SignInAs) -> None:
    page = parsed(sign_in_as(Role.READER).get("/countries/MLI"))

    assert page.xpath("//section[@aria-labelledby='risk']") == []
