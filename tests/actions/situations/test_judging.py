"""Verdicts: given by whoever has seen what the flag says, once somebody has taken the situation up."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from tests import situations
from tests.at_once import at_once
from tests.situations import Desk, somebody
from tracker.access import Principal, Role
from tracker.actions.situations import judging
from tracker.actions.situations.judging import (
    ConfirmedAlready,
    FlagChanged,
    FlagOver,
    NoSuchFlag,
    NothingChosen,
    shown_of,
)
from tracker.flag import Change
from tracker.handling import Mark
from tracker.rule import Severity
from tracker.situation import NotNext, SituationAct, SituationState, Verdict, WordsMissing
from tracker.storage import flags
from tracker.storage.base import Database, Session
from tracker.storage.conclusions import Flag, SituationEvent
from tracker.storage.running import AuditEntry

VERIFYING = SituationState.VERIFYING


@pytest.fixture
def taken_up(session: Session, desk: Desk, now: datetime) -> Flag:
    """A flag whose situation is verified."""
    flag, situation = situations.raised(session, handling=Mark.GREEN, now=now)
    desk.move(situation, VERIFYING)
    return flag


def shown(session: Session, flag: Flag, clearance: Mark = Mark.RED) -> str:
    one = flags.seen(session, flag, clearance)
    assert one is not None
    return shown_of(one)


def test_a_confirmed_flag_stays_open_and_waits_no_more(
    session: Session, desk: Desk, taken_up: Flag, rita: Principal, now: datetime
) -> None:
    desk.judge(taken_up, words="")

    one = flags.seen(session, taken_up, Mark.GREEN)
    assert one is not None
    assert (one.is_open, one.is_waiting) == (True, False)
    assert (taken_up.verdict, taken_up.verdict_by, taken_up.verdict_at) == (Verdict.CONFIRMED, rita.person_id, now)


def test_a_discarded_flag_is_closed_with_its_reason(
    session: Session, desk: Desk, taken_up: Flag, now: datetime
) -> None:
    desk.judge(taken_up, Verdict.DISCARDED, words=" A slip of the pen. ")

    assert (taken_up.verdict, taken_up.closed_at) == (Verdict.DISCARDED, now)
    assert taken_up.verdict_reason == "A slip of the pen."


def test_discarding_needs_a_reason(desk: Desk, taken_up: Flag) -> None:
    with pytest.raises(WordsMissing):
        desk.judge(taken_up, Verdict.DISCARDED, words=" ")

    assert taken_up.verdict is None


def test_a_verdict_stands_in_the_timeline_for_all_who_see_the_flag_and_in_the_audit_log(
    session: Session, desk: Desk, taken_up: Flag, rita: Principal
) -> None:
    desk.judge(taken_up, Verdict.DISCARDED, words="Noise.")

    event = session.scalars(select(SituationEvent).order_by(SituationEvent.id.desc())).first()
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert event is not None
    assert entry is not None
    assert (event.act, event.handling, event.words) == (SituationAct.FLAG_DISCARDED, Mark.GREEN, "Noise.")
    assert event.details == {"flag": taken_up.id}
    assert (entry.action, entry.by_id) == ("flag discarded", rita.person_id)
    assert entry.reason is None


def test_nobody_judges_before_the_situation_is_taken_up(session: Session, desk: Desk, now: datetime) -> None:
    flag, _ = situations.raised(session, now=now)

    with pytest.raises(NotNext):
        desk.judge(flag)


def test_a_flag_that_joins_later_is_judged_in_any_state(session: Session, desk: Desk, now: datetime) -> None:
    first, situation = situations.raised(session, now=now)
    desk.bring(first, situation, SituationState.MONITORING)
    notice, _ = situations.raised(session, subject="risk", severity=Severity.NOTICE, now=now)

    desk.judge(notice)

    assert notice.verdict is Verdict.CONFIRMED


def test_what_is_confirmed_can_still_be_discarded_but_not_confirmed_again(desk: Desk, taken_up: Flag) -> None:
    desk.judge(taken_up)

    with pytest.raises(ConfirmedAlready):
        desk.judge(taken_up)
    desk.judge(taken_up, Verdict.DISCARDED)

    assert taken_up.verdict is Verdict.DISCARDED


def test_what_is_over_is_not_judged(session: Session, desk: Desk, taken_up: Flag, now: datetime) -> None:
    situations.said(session, taken_up, Change.CLEARED, handling=Mark.GREEN, now=now)

    with pytest.raises(FlagOver):
        desk.judge(taken_up)


def test_nobody_judges_what_they_have_not_seen(session: Session, desk: Desk, taken_up: Flag, now: datetime) -> None:
    before = shown(session, taken_up)
    later = now + timedelta(hours=1)
    situations.said(session, taken_up, Change.WORSENED, severity=Severity.ALARM, handling=Mark.GREEN, now=later)

    with pytest.raises(FlagChanged):
        desk.judge(taken_up, shown=before)


def test_what_is_said_above_their_clearance_keeps_nobody_from_judging(
    session: Session, taken_up: Flag, now: datetime
) -> None:
    low = somebody(session, Role.REVIEWER, clearance=Mark.GREEN, now=now)
    before = shown(session, taken_up, Mark.GREEN)
    situations.said(session, taken_up, Change.WORSENED, handling=Mark.RED, now=now)

    Desk(session, low, now).judge(taken_up, shown=before)

    assert taken_up.verdict is Verdict.CONFIRMED


def test_of_two_who_judge_at_once_the_second_is_refused(database: Database, now: datetime) -> None:
    with database.writing() as session:
        two = [somebody(session, Role.REVIEWER, now=now) for _ in range(2)]
        flag, situation = situations.raised(session, now=now)
        Desk(session, two[0], now).move(situation, VERIFYING)
        seen = shown(session, flag)

    def judge(which: int) -> None:
        with database.writing() as session:
            verdict = list(Verdict)[which]
            number, words = situation.id, f"By {which}"
            judging.judge(session, number, {flag.id: seen}, verdict, words=words, by=two[which], now=now)

    answers = at_once(2, judge)

    [refused] = [answer for answer in answers if answer is not None]
    assert isinstance(refused, FlagChanged | FlagOver)
    with database.reading() as session:
        assert session.get_one(Flag, flag.id).verdict is list(Verdict)[answers.index(None)]


def test_a_flag_is_judged_in_its_own_situation_and_as_far_as_it_is_known(
    session: Session, desk: Desk, taken_up: Flag, now: datetime
) -> None:
    _, other = situations.raised(session, iso3="NER", now=now)
    desk.move(other, VERIFYING)
    hidden, situation = situations.raised(session, subject="risk", handling=Mark.RED, now=now)
    low = somebody(session, Role.REVIEWER, clearance=Mark.GREEN, now=now)

    for number, flag, by in ((other.id, taken_up, desk.by), (situation.id, hidden, low)):
        with pytest.raises(NoSuchFlag):
            judging.judge(session, number, {flag.id: ""}, Verdict.CONFIRMED, by=by, now=now)


def test_several_are_judged_together_or_none_of_them(
    session: Session, desk: Desk, taken_up: Flag, now: datetime
) -> None:
    other, situation = situations.raised(session, subject="risk", handling=Mark.GREEN, now=now)
    both = {flag.id: shown(session, flag) for flag in (taken_up, other)}

    stale = both | {other.id: "0-"}

    with pytest.raises(FlagChanged):
        judging.judge(session, situation.id, stale, Verdict.CONFIRMED, by=desk.by, now=now)
    assert [flag.verdict for flag in (taken_up, other)] == [None, None]
    judging.judge(session, situation.id, both, Verdict.DISCARDED, words="Noise.", by=desk.by, now=now)

    assert [flag.verdict for flag in (taken_up, other)] == [Verdict.DISCARDED, Verdict.DISCARDED]


def test_a_verdict_is_about_something(session: Session, desk: Desk, taken_up: Flag, now: datetime) -> None:
    assert taken_up.situation_id is not None

    with pytest.raises(NothingChosen):
        judging.judge(session, taken_up.situation_id, {}, Verdict.CONFIRMED, by=desk.by, now=now)
