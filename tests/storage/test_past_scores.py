"""What was to be seen of every country on several days, in one question: each of them as if it had been asked alone."""

from datetime import date, datetime, timedelta

import pytest

from tests.actions.test_concluding import code_rule_of_law, live_through_something
from tests.concluding import recorded
from tracker.handling import Mark
from tracker.method import Method
from tracker.storage import methods, past_scores, scores
from tracker.storage.base import Session
from tracker.storage.countries import Scope
from tracker.workings import Scores

FEBRUARY = date(2026, 2, 28)
DAY = timedelta(days=1)


@pytest.fixture
def method(session: Session) -> Method:
    chosen = methods.in_force(session)
    assert chosen is not None
    return chosen[1]


def on_days(
    session: Session, method: Method, *days: date, known: datetime, clearance: Mark = Mark.RED, scope: Scope = None
) -> dict[str, list[Scores | None]]:
    return past_scores.on_days(session, 1, method.tree, clearance, scope, days=days, known=known)


def courts(method: Method, found: Scores | None) -> float | None:
    return None if found is None else round(float(found.severity[method.tree.positions["independence_of_courts"]]), 1)


@pytest.mark.parametrize("clearance", [Mark.CLEAR, Mark.AMBER, Mark.RED])
def test_each_day_is_what_it_is_when_it_is_asked_alone(
    session: Session, method: Method, now: datetime, clearance: Mark
) -> None:
    live_through_something(session, now)
    code_rule_of_law(session, 2.0, on=FEBRUARY, at=now, iso3="NER")
    compared = 0
    for known in (now - DAY, now, now + 40 * DAY, now + 121 * DAY):
        days = [known.date() - back * DAY for back in (0, 150, 13, 70, 13)]
        together = on_days(session, method, *days, known=known, clearance=clearance)
        for number, day in enumerate(days):
            alone = scores.on_day(session, 1, method.tree, clearance, day=day, known=known)
            seen = {iso3: one[number] for iso3, one in together.items() if one[number] is not None}
            assert {iso3: one.packed() for iso3, one in seen.items() if one} == {
                iso3: one.packed() for iso3, one in alone.items()
            }
            compared += len(alone)
    assert compared > 10


def test_a_correction_is_seen_from_the_moment_at_which_it_was_known(
    session: Session, method: Method, now: datetime
) -> None:
    later = now + 7 * DAY
    recorded(session, "independence_of_courts", 1, on=FEBRUARY, at=now)
    recorded(session, "independence_of_courts", 4, on=FEBRUARY, at=later, revision=2, reason="An error of coding.")
    days = (FEBRUARY - DAY, FEBRUARY, now.date())

    def seen(known: datetime) -> list[float | None]:
        return [courts(method, one) for one in on_days(session, method, *days, known=known)["MLI"]]

    assert seen(now - timedelta(seconds=1)) == [None, None, None]
    assert seen(now) == seen(later - timedelta(seconds=1)) == [None, 25.0, 25.0]
    assert seen(later) == [None, 100.0, 100.0]


def test_only_what_a_reader_may_see_is_answered(session: Session, method: Method, now: datetime) -> None:
    for iso3 in ("MLI", "NER"):
        recorded(session, "independence_of_courts", 1, on=FEBRUARY, at=now, iso3=iso3)
    recorded(session, "independence_of_courts", 4, on=FEBRUARY + DAY, at=now, handling=Mark.RED)
    days = (FEBRUARY, now.date())

    def seen(clearance: Mark, scope: Scope) -> dict[str, list[float | None]]:
        found = on_days(session, method, *days, known=now, clearance=clearance, scope=scope)
        return {iso3: [courts(method, one) for one in those] for iso3, those in found.items()}

    assert seen(Mark.RED, None) == {"MLI": [25.0, 100.0], "NER": [25.0, 25.0]}
    assert seen(Mark.AMBER, {"MLI", "TCD"}) == {"MLI": [25.0, 25.0]}
    assert seen(Mark.RED, frozenset()) == {}
