"""What became of warnings, and when, as it is read from the database."""

from datetime import datetime, timedelta

import pytest

from tests import situations
from tracker.access import Role
from tracker.actions.situations.gathering import open_situation
from tracker.flag import Change
from tracker.handling import Mark
from tracker.response_time import Step
from tracker.situation import CloseReason, SituationState, Verdict
from tracker.storage import response_times
from tracker.storage.base import Session
from tracker.storage.response_times import Within


def test_flags_that_cleared_before_anybody_looked_are_not_waited_for(session: Session, now: datetime) -> None:
    flag, _situation = situations.raised(session, iso3="MLI", now=now - timedelta(days=8))
    situations.said(session, flag, Change.CLEARED, now=now - timedelta(days=2))
    session.flush()
    [seen] = response_times.looked_into(session, None, Mark.RED, now)
    [then] = response_times.looked_into(session, None, Mark.RED, now - timedelta(days=3))

    assert (seen.over_on, then.over_on) == ((now - timedelta(days=2)).date(), None)
    [wait] = [one for one in response_times.waits([seen], []) if one.step is Step.VERIFIED]
    assert not wait.is_open


def test_a_flag_that_was_judged_twice_was_verified_on_the_first_day(session: Session, now: datetime) -> None:
    flag, situation = situations.raised(session, iso3="MLI", now=now - timedelta(days=30))
    by = situations.somebody(session, Role.REVIEWER, now=now)
    for ago, verdict in ((25, Verdict.CONFIRMED), (2, Verdict.DISCARDED)):
        desk = situations.Desk(session, by, now - timedelta(days=ago))
        if verdict is Verdict.CONFIRMED:
            desk.move(situation, SituationState.VERIFYING)
        desk.judge(flag, verdict)
    session.flush()
    [seen] = response_times.looked_into(session, None, Mark.RED, now)
    [then] = response_times.looked_into(session, None, Mark.RED, now - timedelta(days=10))
    [before] = response_times.looked_into(session, None, Mark.RED, now - timedelta(days=26))

    first = (now - timedelta(days=25)).date()
    assert (seen.judged_on, seen.verdict) == (first, Verdict.DISCARDED)
    assert (then.judged_on, then.verdict) == (first, Verdict.CONFIRMED)
    assert (before.judged_on, before.verdict) == (None, None)


@pytest.mark.parametrize(("ago", "number"), [(20, 1), (19, 0)])
def test_what_was_raised_before_the_time_that_is_looked_at_is_left_out(
    session: Session, now: datetime, ago: int, number: int
) -> None:
    """Also what was judged within it."""
    situations.raised(session, iso3="MLI", now=now - timedelta(days=20))
    within = Within(since=(now - timedelta(days=ago)).date())

    flags = response_times.looked_into(session, {"MLI"}, Mark.RED, now, within)
    cases = response_times.cases(session, {"MLI"}, Mark.RED, now, within)

    assert (len(flags), len(cases)) == (number, number)


@pytest.mark.parametrize(("ago", "number"), [(2, 1), (1, 0)])
def test_what_was_over_before_a_day_is_left_out_and_a_verdict_on_what_lasted_is_not(
    session: Session, now: datetime, ago: int, number: int
) -> None:
    flag, situation = situations.raised(session, iso3="MLI", now=now - timedelta(days=30))
    desk = situations.Desk(session, situations.somebody(session, Role.REVIEWER, now=now), now - timedelta(days=25))
    desk.move(situation, SituationState.VERIFYING)
    desk.judge(flag)
    flag.closed_at = situation.closed_at = now - timedelta(days=2)
    situation.state, situation.due_on, situation.close_reason = SituationState.CLOSED, None, CloseReason.RESOLVED
    session.flush()
    within = Within(lasting_to=(now - timedelta(days=ago)).date())

    flags = response_times.looked_into(session, {"MLI"}, Mark.RED, now, within)
    cases = response_times.cases(session, {"MLI"}, Mark.RED, now, within)

    assert [one.verdict for one in flags] == [Verdict.CONFIRMED] * number
    assert len(cases) == number


def test_a_verdict_counts_also_where_the_flag_goes_on_in_another_situation(session: Session, now: datetime) -> None:
    """Discarded after the year that is told, and confirmed before it, in a situation that was closed before it."""
    flag, situation = situations.raised(session, iso3="MLI", now=now - timedelta(days=30))
    by = situations.somebody(session, Role.REVIEWER, now=now)
    desk = situations.Desk(session, by, now - timedelta(days=25))
    desk.move(situation, SituationState.VERIFYING)
    desk.judge(flag)
    situation.closed_at, situation.close_reason = now - timedelta(days=20), CloseReason.MERGED
    situation.state, situation.due_on = SituationState.CLOSED, None
    session.flush()
    another = open_situation(session, "MLI", handling=Mark.CLEAR, by=None, now=now - timedelta(days=20))
    flag.situation_id = another.id
    another_desk = situations.Desk(session, by, now - timedelta(days=2))
    another_desk.move(another, SituationState.VERIFYING)
    another_desk.judge(flag, Verdict.DISCARDED)
    session.flush()
    until, within = now - timedelta(days=5), Within(lasting_to=(now - timedelta(days=10)).date())

    [then] = response_times.looked_into(session, {"MLI"}, Mark.RED, until, within)

    assert (then.judged_on, then.verdict) == ((now - timedelta(days=25)).date(), Verdict.CONFIRMED)
