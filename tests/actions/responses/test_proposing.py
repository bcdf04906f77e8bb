"""Somebody proposes a measure; what speaks against it is told and kept, and force is tested in writing."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests import situations
from tests.responses import Hand, proposal
from tests.situations import IN_SCOPE, Desk, somebody
from tracker.access import Principal, Role
from tracker.actions.responses import proposing
from tracker.actions.responses.proposing import Misgiven, NoSuchCall, NoSuchMeasure, NotTested, ProposedAlready
from tracker.actions.situations.keeping import MarkTooHigh, MarkTooLow, NoSuchSituation
from tracker.assessment import Crime
from tracker.catalogue.measures import measures
from tracker.handling import Mark
from tracker.measure import FORCE_QUESTIONS, ForceTests, MeasureKind, Misgiving, Sphere
from tracker.response import LONGEST_LINE, DayUnfit, LineTooLong, TitleMissing
from tracker.situation import SituationState
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
ANSWER = "Two valleys are shelled every night, says every source that we have."
TESTED = ForceTests(**dict.fromkeys(FORCE_QUESTIONS, ANSWER), crimes=(Crime.WAR_CRIMES,))
SANCTIONS: dict[str, Any] = {"kind": MeasureKind.ECONOMIC, "sphere": Sphere.REGIONAL, "title": "Accounts are frozen"}
FORCE: dict[str, Any] = {"kind": MeasureKind.FORCE, "sphere": Sphere.UNITED_NATIONS, "title": "A no-fly zone"}


def test_what_looks_like_misuse_is_told_first_and_then_kept(hand: Hand, situation: Situation) -> None:
    with pytest.raises(Misgiven) as told:
        hand.propose(situation, **SANCTIONS)
    found = told.value.found
    assert Misgiving.NO_CRIME_NAMED in found
    with pytest.raises(Misgiven):
        hand.propose(situation, noted=found[:-1], **SANCTIONS)

    made = hand.propose(situation, noted=found, **SANCTIONS)

    assert made.misgivings == [one.value for one in found]
    assert hand.propose(situation).misgivings == []


def test_a_misgiving_tells_nothing_of_an_assessment_above_the_mark_of_the_measure(
    session: Session, hand: Hand, situation: Situation, rita: Principal, now: datetime
) -> None:
    desk = Desk(session, rita, now)
    desk.move(situation, SituationState.VERIFYING)
    desk.assess(situation, assessment=IN_SCOPE, handling=Mark.RED)

    for mark, is_told in ((Mark.AMBER, True), (Mark.RED, False)):
        with pytest.raises(Misgiven) as told:
            hand.propose(situation, handling=mark, **SANCTIONS)
        assert (Misgiving.NO_CRIME_NAMED in told.value.found) is is_told


def test_force_is_proposed_with_both_tests_and_they_are_kept(hand: Hand, situation: Situation) -> None:
    noted = tuple(Misgiving)
    for tests in (None, replace(TESTED, balance=""), replace(TESTED, crimes=())):
        with pytest.raises(NotTested):
            hand.propose(situation, tests=tests, noted=noted, **FORCE)

    made = hand.propose(situation, tests=TESTED, noted=noted, **FORCE)

    assert made.tests is not None
    assert ForceTests.kept(made.tests) == TESTED
    assert made.misgivings != []


def test_a_measure_of_the_toolbox_keeps_its_kind(
    session: Session, rita: Principal, situation: Situation, now: datetime
) -> None:
    one = next(one for one in measures() if one.kind is MeasureKind.MEDIATION)
    hand = Hand(session, rita, now, measures())
    for key, kind in (("no_such_measure", MeasureKind.MEDIATION), (one.key, MeasureKind.DIPLOMATIC)):
        with pytest.raises(NoSuchMeasure):
            hand.propose(situation, measure_key=key, kind=kind, sphere=one.spheres[0])

    made = hand.propose(situation, measure_key=one.key, kind=one.kind, sphere=one.spheres[0], noted=tuple(Misgiving))

    assert made.measure_key == one.key


def test_it_bears_no_lower_mark_than_its_situation_and_none_above_its_proposers(
    session: Session, now: datetime
) -> None:
    _, situation = situations.raised(session, handling=Mark.GREEN, now=now)
    hand = Hand(session, situations.somebody(session, *[], clearance=Mark.AMBER, now=now), now)
    with pytest.raises(MarkTooLow):
        hand.propose(situation, handling=Mark.CLEAR)
    with pytest.raises(MarkTooHigh):
        hand.propose(situation, handling=Mark.AMBER_STRICT)

    assert hand.propose(situation, handling=Mark.AMBER).handling is Mark.AMBER


def test_a_form_that_is_sent_twice_leads_to_what_it_proposed(hand: Hand, situation: Situation) -> None:
    first = hand.propose(situation)
    a_moment_later = replace(hand, now=hand.now + proposing.A_MOMENT)

    assert a_moment_later.propose(situation, due_on=first.due_on).id == first.id
    for differing in ({"words": "After the election."}, {"handling": Mark.AMBER}, {"due_on": hand.now.date()}):
        with pytest.raises(ProposedAlready):
            a_moment_later.propose(situation, **differing)


def test_it_is_a_proposal_of_its_own_by_another_person_later_or_once_it_is_decided(
    session: Session, hand: Hand, situation: Situation
) -> None:
    first = hand.propose(situation)
    later = replace(hand, now=hand.now + proposing.A_MOMENT + timedelta(seconds=1))
    other = Hand(session, somebody(session, Role.ANALYST, now=hand.now), hand.now)
    for one in (later, other):
        with pytest.raises(ProposedAlready):
            one.propose(situation, due_on=first.due_on)
    hand.decide(first)

    with pytest.raises(ProposedAlready):
        hand.propose(situation)


def test_the_same_is_proposed_once_until_it_is_settled(hand: Hand, situation: Situation) -> None:
    first = hand.propose(situation)
    with pytest.raises(ProposedAlready):
        hand.propose(situation, title="The  MINISTER talks with both sides")
    hand.decline(first)

    assert hand.propose(situation).id != first.id


def test_nobody_learns_from_a_refusal_that_it_was_proposed_above_their_clearance(
    session: Session, hand: Hand, situation: Situation, now: datetime
) -> None:
    first = hand.propose(situation, handling=Mark.AMBER)
    below = somebody(session, Role.ANALYST, clearance=Mark.GREEN, now=now)

    assert Hand(session, below, now).propose(situation).id != first.id


@pytest.mark.parametrize("title", ["", "a" * (LONGEST_LINE + 1)])
def test_it_says_in_a_line_what_is_to_be_done(hand: Hand, situation: Situation, title: str) -> None:
    with pytest.raises((TitleMissing, LineTooLong)):
        hand.propose(situation, title=title)

    assert hand.propose(situation, title="a" * LONGEST_LINE).title == "a" * LONGEST_LINE


def test_a_decision_is_due_on_a_day_that_comes(hand: Hand, situation: Situation, now: datetime) -> None:
    with pytest.raises(DayUnfit):
        hand.propose(situation, due_on=now.date() - timedelta(days=1))

    assert hand.propose(situation, due_on=now.date()).due_on == now.date()


def test_it_answers_no_call_for_help_that_is_not_there(hand: Hand, situation: Situation) -> None:
    with pytest.raises(NoSuchCall):
        hand.propose(situation, assistance_id=1)


def test_for_what_lies_out_of_reach_nothing_is_proposed(session: Session, situation: Situation, now: datetime) -> None:
    other = situations.somebody(session, countries=["PRY"], now=now)
    made = proposal(date(2027, 1, 1))
    with pytest.raises(NoSuchSituation):
        proposing.propose(session, situation.id, made, (), handling=Mark.GREEN, by=other, now=now)
