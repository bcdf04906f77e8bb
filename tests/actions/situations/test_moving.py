"""From one state to the next: by whoever has seen what was changed, and as far as they may see."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from tests import situations
from tests.at_once import at_once
from tests.situations import OUT_OF_SCOPE, Desk, newest, somebody
from tracker.access import Principal, Role
from tracker.actions.situations import moving
from tracker.actions.situations.dividing import split
from tracker.actions.situations.keeping import NoSuchSituation, SituationChanged
from tracker.actions.situations.moving import move
from tracker.flag import Change
from tracker.handling import Mark
from tracker.situation import (
    LONGEST_WORDS,
    CloseReason,
    Need,
    NotNext,
    NotYet,
    SituationAct,
    SituationState,
    Verdict,
    WordsMissing,
    WordsTooLong,
    due_on,
)
from tracker.storage import flags
from tracker.storage.base import Database, Session
from tracker.storage.conclusions import Situation, SituationEvent
from tracker.storage.running import AuditEntry
from tracker.storage.situations import changes_since

NEW, VERIFYING, ASSESSED, RESPONDING, MONITORING, CLOSED = SituationState


def test_a_move_says_who_made_it_when_and_why(session: Session, desk: Desk, rita: Principal, now: datetime) -> None:
    flag, situation = situations.raised(session, now=now)
    desk.bring(flag, situation, ASSESSED)

    desk.move(situation, RESPONDING, words="  The envoy goes there. ")

    assert (situation.state, situation.due_on) == (RESPONDING, due_on(RESPONDING, now.date()))
    event = session.scalars(select(SituationEvent).order_by(SituationEvent.id.desc())).first()
    assert event is not None
    assert (event.act, event.by_id, event.words) == (SituationAct.MOVED, rita.person_id, "The envoy goes there.")
    assert event.details == {"before": "assessed", "after": "responding", "reason": None}
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert entry is not None
    assert (entry.action, entry.by_id, entry.reason) == ("situation moved", rita.person_id, None)
    assert (entry.before, entry.after) == ({"state": "assessed"}, {"state": "responding", "reason": None})


def test_a_state_cannot_be_skipped(session: Session, desk: Desk, now: datetime) -> None:
    _, situation = situations.raised(session, now=now)

    with pytest.raises(NotNext):
        desk.move(situation, ASSESSED)

    assert situation.state is NEW


def test_what_is_missing_is_named(session: Session, desk: Desk, now: datetime) -> None:
    flag, situation = situations.raised(session, now=now)
    desk.move(situation, VERIFYING)

    with pytest.raises(NotYet) as no_verdict:
        desk.move(situation, ASSESSED)
    desk.judge(flag)
    with pytest.raises(NotYet) as no_assessment:
        desk.move(situation, ASSESSED)

    assert (no_verdict.value.need, no_assessment.value.need) == (Need.VERDICTS, Need.ASSESSMENT)


def test_an_assessment_of_an_earlier_round_is_not_enough(session: Session, desk: Desk, now: datetime) -> None:
    flag, situation = situations.raised(session, now=now)
    desk.bring(flag, situation, MONITORING)
    later = Desk(session, desk.by, now + timedelta(days=1))
    later.move(situation, VERIFYING)

    with pytest.raises(NotYet) as missing:
        later.move(situation, ASSESSED)
    later.assess(situation)

    assert missing.value.need is Need.ASSESSMENT
    assert situation.state is ASSESSED


@pytest.mark.parametrize(("words", "refusal"), [(" \n ", WordsMissing), ("a" * (LONGEST_WORDS + 1), WordsTooLong)])
def test_a_move_that_needs_words_gets_some_of_some_length(
    session: Session, desk: Desk, now: datetime, words: str, refusal: type[Exception]
) -> None:
    flag, situation = situations.raised(session, now=now)
    desk.bring(flag, situation, ASSESSED)

    with pytest.raises(refusal):
        desk.move(situation, MONITORING, words=words)
    desk.move(situation, MONITORING, words="a" * LONGEST_WORDS)

    assert situation.state is MONITORING


def test_staying_is_a_look_that_sets_the_time_anew(session: Session, desk: Desk, now: datetime) -> None:
    flag, situation = situations.raised(session, now=now)
    desk.bring(flag, situation, MONITORING)
    later = now + timedelta(days=80)

    Desk(session, desk.by, later).move(situation, MONITORING)

    assert situation.due_on == due_on(MONITORING, later.date())


def test_a_form_that_has_not_seen_the_newest_change_moves_nothing(session: Session, desk: Desk, now: datetime) -> None:
    _, situation = situations.raised(session, now=now)
    seen = newest(session, situation, desk.by)
    desk.move(situation, VERIFYING)

    with pytest.raises(SituationChanged) as refused:
        desk.move(situation, ASSESSED, seen=seen)

    [event] = changes_since(session, situation.id, refused.value.seen, Mark.RED)
    assert event.details["after"] == "verifying"


def test_of_two_who_move_at_once_the_second_is_told_what_the_first_did(database: Database, now: datetime) -> None:
    with database.writing() as session:
        _, situation = situations.raised(session, now=now)
        two = [somebody(session, Role.REVIEWER, now=now) for _ in range(2)]
        seen = newest(session, situation, two[0])

    def take_up(which: int) -> None:
        with database.writing() as session:
            move(session, situation.id, VERIFYING, seen=seen, by=two[which], now=now)

    answers = at_once(2, take_up)

    [refused] = [answer for answer in answers if answer is not None]
    assert isinstance(refused, SituationChanged)
    with database.reading() as session:
        [event] = changes_since(session, situation.id, refused.seen, Mark.RED)
        assert event.by_id == two[answers.index(None)].person_id
        query = select(SituationEvent).where(SituationEvent.act == SituationAct.MOVED)
        assert len(session.scalars(query).all()) == 1


def test_what_lies_outside_scope_or_clearance_does_not_exist(session: Session, now: datetime) -> None:
    _, situation = situations.raised(session, handling=Mark.AMBER, now=now)
    stranger = somebody(session, Role.REVIEWER, countries=["PRY"], now=now)
    low = somebody(session, Role.REVIEWER, clearance=Mark.GREEN, now=now)

    for by in (stranger, low):
        with pytest.raises(NoSuchSituation):
            move(session, situation.id, VERIFYING, seen=0, by=by, now=now)
    with pytest.raises(NoSuchSituation):
        move(session, 999_999, VERIFYING, seen=0, by=stranger, now=now)


# ---- closing ----


def test_it_is_unfounded_only_when_every_flag_is_discarded(session: Session, desk: Desk, now: datetime) -> None:
    noise, situation = situations.raised(session, now=now)
    other, _ = situations.raised(session, subject="risk", now=now)
    desk.move(situation, VERIFYING)
    desk.judge(noise, Verdict.DISCARDED)

    with pytest.raises(NotYet) as refused:
        desk.move(situation, CLOSED, reason=CloseReason.UNFOUNDED)
    desk.judge(other, Verdict.DISCARDED)
    desk.move(situation, CLOSED, reason=CloseReason.UNFOUNDED)

    assert refused.value.need is Need.ALL_DISCARDED
    assert (situation.closed_at, situation.close_reason, situation.due_on) == (now, CloseReason.UNFOUNDED, None)


def test_it_is_not_over_while_a_flag_is_open(session: Session, desk: Desk, now: datetime) -> None:
    flag, situation = situations.raised(session, now=now)
    desk.bring(flag, situation, MONITORING)

    with pytest.raises(NotYet) as refused:
        desk.move(situation, CLOSED, reason=CloseReason.RESOLVED)
    situations.said(session, flag, Change.CLEARED, now=now)
    desk.move(situation, CLOSED, reason=CloseReason.RESOLVED)

    assert refused.value.need is Need.NO_OPEN_FLAG
    assert situation.state is CLOSED


def test_out_of_scope_is_what_the_newest_assessment_says(session: Session, desk: Desk, now: datetime) -> None:
    flag, situation = situations.raised(session, now=now)
    desk.bring(flag, situation, ASSESSED)

    with pytest.raises(NotYet) as refused:
        desk.move(situation, CLOSED, reason=CloseReason.OUT_OF_SCOPE)
    desk.assess(situation, assessment=OUT_OF_SCOPE)
    with pytest.raises(NotYet) as no_response:
        desk.move(situation, RESPONDING)
    desk.move(situation, CLOSED, reason=CloseReason.OUT_OF_SCOPE)

    assert (refused.value.need, no_response.value.need) == (Need.OUT_OF_SCOPE, Need.IN_SCOPE)
    assert situation.state is CLOSED


# ---- what the mover may not see ----


def test_a_flag_that_cannot_be_seen_keeps_nobody_from_a_move(session: Session, now: datetime) -> None:
    flag, situation = situations.raised(session, handling=Mark.GREEN, now=now)
    situations.raised(session, subject="risk", handling=Mark.RED, now=now)
    low = Desk(session, somebody(session, Role.REVIEWER, clearance=Mark.GREEN, now=now), now)

    low.bring(flag, situation, MONITORING)

    assert situation.state is MONITORING


def test_open_flags_that_the_closer_cannot_see_go_on_unseen(session: Session, now: datetime) -> None:
    seen, situation = situations.raised(session, handling=Mark.GREEN, now=now)
    hidden, _ = situations.raised(session, subject="risk", handling=Mark.RED, now=now)
    also, _ = situations.raised(session, subject="other", handling=Mark.AMBER, now=now)
    low = Desk(session, somebody(session, Role.REVIEWER, clearance=Mark.GREEN, now=now), now)
    low.move(situation, VERIFYING)
    low.judge(seen, Verdict.DISCARDED)

    low.move(situation, CLOSED, reason=CloseReason.UNFOUNDED)

    assert seen.situation_id == situation.id
    assert hidden.situation_id == also.situation_id != situation.id
    another = session.get_one(Situation, hidden.situation_id)
    assert (another.state, another.handling, another.part) == (NEW, Mark.AMBER, "")


def test_what_is_over_does_not_go_on_unseen(session: Session, now: datetime) -> None:
    seen, situation = situations.raised(session, handling=Mark.GREEN, now=now)
    hidden, _ = situations.raised(session, subject="risk", handling=Mark.RED, now=now)
    situations.said(session, hidden, Change.CLEARED, handling=Mark.RED, now=now)
    low = Desk(session, somebody(session, Role.REVIEWER, clearance=Mark.GREEN, now=now), now)
    low.move(situation, VERIFYING)
    low.judge(seen, Verdict.DISCARDED)

    low.move(situation, CLOSED, reason=CloseReason.UNFOUNDED)

    assert hidden.situation_id == situation.id


# ---- parts ----


def parted(session: Session, desk: Desk, now: datetime, handling: Mark = Mark.CLEAR) -> tuple[Situation, Situation]:
    """A whole with one flag, and its north with another."""
    _, whole = situations.raised(session, now=now)
    north, _ = situations.raised(session, subject="risk", handling=handling, now=now)
    seen = newest(session, whole, desk.by)
    return whole, split(session, whole.id, "The north", [north.id], seen=seen, by=desk.by, now=now)


def test_a_part_goes_back_with_all_its_flags(session: Session, desk: Desk, now: datetime) -> None:
    whole, north = parted(session, desk, now)

    desk.move(north, CLOSED, reason=CloseReason.MERGED)

    assert len(flags.in_situation(session, whole.id, Mark.RED)) == 2
    assert flags.in_situation(session, north.id, Mark.RED) == []
    merged = session.scalars(select(SituationEvent).where(SituationEvent.act == SituationAct.MERGED)).one()
    assert (merged.situation_id, merged.details) == (whole.id, {"part": "The north", "situation": north.id})


def test_the_whole_has_nowhere_to_go_back_to(session: Session, desk: Desk, now: datetime) -> None:
    whole, _ = parted(session, desk, now)

    with pytest.raises(NotYet) as refused:
        desk.move(whole, CLOSED, reason=CloseReason.MERGED)

    assert refused.value.need is Need.PART


def test_a_part_whose_whole_is_closed_has_nowhere_to_go_back_to(session: Session, desk: Desk, now: datetime) -> None:
    whole, north = parted(session, desk, now)
    desk.move(whole, VERIFYING)
    [one] = flags.in_situation(session, whole.id, Mark.RED)
    desk.judge(one.flag, Verdict.DISCARDED)
    desk.move(whole, CLOSED, reason=CloseReason.UNFOUNDED)

    with pytest.raises(NotYet):
        desk.move(north, CLOSED, reason=CloseReason.MERGED)


def test_what_comes_back_at_a_higher_mark_is_told_at_that_mark(session: Session, desk: Desk, now: datetime) -> None:
    whole, north = parted(session, desk, now, handling=Mark.RED)
    assert north.handling == Mark.RED

    desk.move(north, CLOSED, reason=CloseReason.MERGED)

    assert whole.handling == Mark.CLEAR
    merged = session.scalars(select(SituationEvent).where(SituationEvent.act == SituationAct.MERGED)).one()
    assert merged.handling == Mark.RED


def test_circumstances_count_what_the_mover_sees(session: Session, desk: Desk, now: datetime) -> None:
    flag, situation = situations.raised(session, now=now)
    situations.raised(session, subject="risk", handling=Mark.RED, now=now)
    low = somebody(session, Role.REVIEWER, clearance=Mark.CLEAR, now=now)
    desk.move(situation, VERIFYING)
    desk.judge(flag)

    seen = [moving.circumstances(session, situation, by) for by in (low, desk.by)]

    assert [(one.flags, one.flags_open, one.flags_waiting) for one in seen] == [(1, 1, 0), (2, 2, 1)]
