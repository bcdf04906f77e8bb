"""Figures of long ago change the history alone: what comes out is what would have come out of looking at everything."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.actions.test_concluding import derived
from tests.actions.test_flagging import changes, code, open_rules
from tests.concluding import days_pass, noon, published, rebuilt, recorded, then_of, value
from tracker.actions.rebuilding import what_is_wrong
from tracker.handling import Mark
from tracker.storage import methods
from tracker.storage.base import Session
from tracker.storage.conclusions import ScoreNow

LAW = "wgi_rule_of_law"
LONG_AGO = date(1996, 12, 31)


def longest_fresh(session: Session) -> int:
    chosen = methods.in_force(session)
    assert chosen is not None
    return int(chosen[1].limits.fresh_for.max())


def test_they_are_there_on_their_days_as_they_were_known(session: Session, now: datetime) -> None:
    recorded(session, LAW, 0.0, on=date(2025, 12, 31), at=now)
    later = now + timedelta(hours=1)
    published(session, LAW, (LONG_AGO, -2.5), (LONG_AGO.replace(year=1999), 2.5), at=later)

    assert value(session, then_of(session, LONG_AGO, later), LAW) == 100.0
    assert value(session, then_of(session, date(2000, 1, 1), later), LAW) == 0.0
    assert then_of(session, LONG_AGO, now) is None
    gone_stale = then_of(session, date(2010, 1, 1), later)
    assert gone_stale is not None
    assert value(session, gone_stale, LAW) is None


@pytest.mark.parametrize("handling", [Mark.CLEAR, Mark.AMBER])
@pytest.mark.parametrize("marked_on", [date(1990, 1, 31), date(2025, 12, 31)])
def test_of_every_view_it_is_what_the_evidence_says(
    session: Session, now: datetime, handling: Mark, marked_on: date
) -> None:
    """The view of the higher mark begins before them, or long after them."""
    recorded(session, LAW, 0.0, on=date(2004, 12, 31), at=now)
    recorded(session, "wgi_political_stability", -1.0, on=marked_on, at=now + timedelta(minutes=1), handling=Mark.AMBER)
    published(session, LAW, (LONG_AGO, -2.5), at=now + timedelta(hours=1), handling=handling)
    before = derived(session)

    assert what_is_wrong(session) == []
    rebuilt(session, now=now + timedelta(hours=2))
    assert derived(session) == before


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_on_either_side_of_what_is_looked_back_at_it_is_what_the_evidence_says(
    session: Session, now: datetime, days: int
) -> None:
    """From the last day on which they could be fresh to the first that the trail shows."""
    recorded(session, LAW, 0.0, on=date(2025, 12, 31), at=now)
    edge = date(2016, 3, 31) - timedelta(days=longest_fresh(session) + 1)
    published(session, LAW, (edge + timedelta(days=days), -2.5), at=now)
    before = derived(session)

    assert what_is_wrong(session) == []
    rebuilt(session, now=now)
    assert derived(session) == before


def test_a_country_of_which_nothing_was_known_is_scored_by_them(session: Session, now: datetime) -> None:
    published(session, LAW, (LONG_AGO, -2.5), at=now)

    assert session.scalars(select(ScoreNow.iso3)).all() == ["MLI"]
    assert what_is_wrong(session) == []


def test_a_night_that_nobody_has_looked_at_is_looked_at_with_them(session: Session, now: datetime) -> None:
    code(session, 1.0, at=now)
    later = now + timedelta(days=100)
    published(session, LAW, (LONG_AGO, -2.5), at=later)

    assert "silence" in open_rules(session)
    assert days_pass(session, now=noon(later.date())) == 0


def test_what_corrects_or_withdraws_is_looked_at_whole(session: Session, now: datetime) -> None:
    """A flag rests on nothing any more when figures that are stale are taken back."""
    published(session, LAW, (LONG_AGO, -2.5), at=now)
    published(session, LAW, (LONG_AGO, -2.5), at=now, revision=2, withdrawn=True, reason="a mistake")

    assert what_is_wrong(session) == []
    assert changes(session, "weak_rule_of_law") == []
