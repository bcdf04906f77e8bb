"""A country's scores are told with what they are made of, how they came about, and what made the difference."""

from datetime import date, datetime, timedelta

import pytest

from tests.actions.test_concluding import FEBRUARY, code_rule_of_law
from tests.concluding import recorded
from tracker.handling import Mark
from tracker.storage import methods, ranking
from tracker.storage.base import Session
from tracker.storage.score_steps import steps_seen
from tracker.web.countries.scores import CountryScores, LevelChange, Line, Node

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)

# One of each dimension.
PUBLISHED = {"wgi_rule_of_law": 0.5, "wgi_political_stability": -1.5, "wgi_voice_and_accountability": -0.5}


def of_mali(session: Session, now: datetime, clearance: Mark = Mark.GREEN) -> CountryScores:
    """Names are tried on the page."""
    chosen = methods.in_force(session)
    assert chosen is not None
    number, method = chosen
    found = ranking.now(session, number, method.tree, "MLI", clearance)
    assert found is not None
    ends = [found.day - timedelta(days=365)]
    steps = steps_seen(
        session, number, method.tree, ["MLI"], clearance, ends=ends, until=found.day, known=now + timedelta(days=1)
    )
    return CountryScores(number, method, found.day, found.scores, steps["MLI"], {})


def node(found: CountryScores, key: str) -> Node:
    return found.by_key[key]


def line(found: CountryScores, key: str) -> Line:
    return node(found, key).line


@pytest.fixture
def found(session: Session, now: datetime) -> CountryScores:
    for key, level in PUBLISHED.items():
        recorded(session, key, level, on=FEBRUARY, at=now, standard_error=0.2)
    code_rule_of_law(session, 3.0, on=FEBRUARY, at=now)
    scores = of_mali(session, now)
    assert scores.whole.line.value is not None
    return scores


def test_what_the_parts_give_adds_up_to_the_whole(found: CountryScores) -> None:
    def given(of: Node) -> float:
        return sum(part.line.points or 0.0 for part in of.parts)

    assert len(found.whole.parts) == 3
    rule_of_law = node(found, "rule_of_law")
    for whole in (found.whole, rule_of_law, *rule_of_law.parts):
        assert given(whole) == pytest.approx(whole.line.value)


def test_what_the_criteria_give_the_risk_adds_up_to_it_within_what_they_could_give(found: CountryScores) -> None:
    criteria = [part.line for dimension in found.whole.parts for part in dimension.parts]

    assert sum(one.of_risk or 0.0 for one in criteria) == pytest.approx(found.whole.line.value)
    assert sum(one.most_of_risk or 0.0 for one in criteria) == pytest.approx(100.0)
    assert all((one.of_risk or 0.0) <= (one.most_of_risk or 0.0) for one in criteria)


def test_what_is_missing_weighs_nothing_and_gives_nothing(found: CountryScores) -> None:
    missing = line(found, "security_sector")

    assert (missing.value, missing.share, missing.points, missing.coverage) == (None, 0.0, 0.0, 0.0)


def test_a_score_lies_in_its_interval_and_says_when_it_is_thin(found: CountryScores) -> None:
    risk, rule_of_law = found.whole.line, line(found, "rule_of_law")

    assert risk.thin
    assert (risk.low or 100.0) <= (risk.value or -1.0) <= (risk.high or -1.0)
    assert rule_of_law.coverage is not None
    assert rule_of_law.thin is (rule_of_law.coverage < found.firm_from)


def test_a_reader_is_told_the_score_of_what_they_may_see(session: Session, found: CountryScores, now: datetime) -> None:
    recorded(session, "independence_of_courts", 0.0, on=now.date(), at=now, handling=Mark.RED)

    assert line(of_mali(session, now), "rule_of_law").value == line(found, "rule_of_law").value
    assert line(of_mali(session, now, Mark.RED), "rule_of_law").value != line(found, "rule_of_law").value


def test_why_the_risk_is_another_one_is_told_by_criterion_and_indicator(
    session: Session, found: CountryScores, now: datetime
) -> None:
    recorded(session, "wgi_political_stability", -2.5, on=now.date(), at=now, standard_error=0.2)

    change = of_mali(session, now).last_change

    assert change is not None
    assert (change.on, change.before) == (now.date(), found.whole.line.value)
    assert change.now > change.before
    assert [one.key for one in change.criteria] == ["armed_conflict"]
    assert change.criteria[0].by == pytest.approx(change.now - change.before)
    assert [(one.key, one.before, one.now) for one in change.indicators] == [("wgi_political_stability", 80.0, 100.0)]


def test_why_the_risk_is_another_one_than_a_year_ago_is_told_by_what_moved_the_same_way(
    session: Session, found: CountryScores, now: datetime
) -> None:
    then = now.date() - timedelta(days=400)
    for key, level in (PUBLISHED | {"wgi_political_stability": 2.5, "wgi_voice_and_accountability": -2.5}).items():
        recorded(session, key, level, on=then, at=now, standard_error=0.2)
    code_rule_of_law(session, 3.0, on=then, at=now)

    told = of_mali(session, now)

    assert (told.change or 0.0) > 0.0
    assert [one.key for one in told.carried_the_year] == ["armed_conflict"]
    assert told.carried_the_year[0].by > (told.change or 0.0)
    assert not found.carried_the_year


def test_a_level_stands_since_the_day_of_the_first_score_on_it(
    session: Session, found: CountryScores, now: datetime
) -> None:
    before = found.whole.line
    for days, value in ((20, -1.4), (10, 1.0), (0, 1.1)):
        on = now.date() - timedelta(days=days)
        recorded(session, "wgi_political_stability", value, on=on, at=now, standard_error=0.2)

    told = of_mali(session, now)

    assert before.level is not None
    assert told.whole.line.level is not before.level
    assert told.level_change == LevelChange(now.date() - timedelta(days=10), before.level)
    assert found.level_change is None


def test_what_was_never_otherwise_has_no_last_change(found: CountryScores) -> None:
    assert found.last_change is None
    assert found.change is None


@pytest.mark.parametrize(("was_best", "is_clear"), [(False, False), (True, True)])
def test_a_change_is_clear_where_what_was_lies_outside_of_the_interval(
    session: Session, found: CountryScores, now: datetime, was_best: bool, is_clear: bool
) -> None:
    then = date(2025, 2, 28)
    for key, level in PUBLISHED.items():
        recorded(session, key, 2.5 if was_best else level + 0.1, on=then, at=now, standard_error=0.2)
    code_rule_of_law(session, 0.0 if was_best else 3.0, on=then, at=now)

    scores = of_mali(session, now)

    assert scores.whole.line.year_ago is not None
    assert scores.change == pytest.approx((scores.whole.line.value or 0.0) - scores.whole.line.year_ago)
    assert scores.is_clear_change is is_clear


def test_no_change_is_clear_where_other_criteria_were_known(
    session: Session, found: CountryScores, now: datetime
) -> None:
    then = date(2025, 2, 28)
    for key in PUBLISHED:
        recorded(session, key, 2.5, on=then, at=now, standard_error=0.2)
    code_rule_of_law(session, 0.0, on=then, at=now)
    like_with_like = of_mali(session, now)
    assert (like_with_like.is_clear_change, like_with_like.known_otherwise) == (True, [])

    recorded(session, "political_terror_amnesty", 5, on=now.date(), at=now)
    recorded(session, "political_terror_state_department", 5, on=now.date(), at=now)
    scores = of_mali(session, now)

    assert (scores.change or 0.0) > 50
    assert not scores.is_clear_change
    (new,) = scores.known_otherwise
    assert (new.key, new.before) == ("violations", None)
    assert scores.last_change is not None
    assert [one.key for one in scores.last_change.known_otherwise] == ["violations"]


def test_what_a_node_had_a_year_ago_stands_beside_it(session: Session, found: CountryScores, now: datetime) -> None:
    then = now.date() - timedelta(days=400)
    recorded(session, "wgi_rule_of_law", 2.5, on=then, at=now, standard_error=0.2)

    assert line(of_mali(session, now), "wgi_rule_of_law").year_ago == 0.0
    assert line(found, "rule_of_law").year_ago is None


def test_what_carried_a_change_moved_the_same_way_even_where_something_else_moved_further(
    session: Session, found: CountryScores, now: datetime
) -> None:
    for key, value in (("wgi_rule_of_law", -2.5), ("wgi_voice_and_accountability", -2.5)):
        recorded(session, key, value, on=now.date(), at=now, standard_error=0.2)
    recorded(session, "independence_of_courts", 0.0, on=now.date(), at=now)
    recorded(session, "wgi_political_stability", 0.0, on=now.date(), at=now, standard_error=0.2)

    change = of_mali(session, now).last_change

    assert change is not None
    assert change.now > change.before
    assert (change.criteria[0].key, change.indicators[0].key) == ("armed_conflict", "independence_of_courts")
    assert change.criteria[0].by < 0.0 > change.indicators[0].by
    assert change.carried_by is not None
    assert change.behind is not None
    assert (change.carried_by.key, change.behind.key) == ("rule_of_law", "wgi_rule_of_law")
