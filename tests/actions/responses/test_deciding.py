"""Somebody decides; of two who do so at once, one is told what the other did."""

from datetime import datetime

import pytest

from tests import situations
from tests.at_once import at_once
from tests.responses import Hand
from tests.situations import somebody
from tracker.access import Principal, Role
from tracker.actions.assistance import ask
from tracker.actions.desk_rules import let_accept_own
from tracker.actions.responses import deciding
from tracker.actions.responses.deciding import ForOwnRequest, OwnProposal
from tracker.actions.responses.keeping import NoSuchResponse, ResponseChanged
from tracker.assistance import Wish
from tracker.handling import Mark
from tracker.measure import MeasureKind
from tracker.response import Missing, Need, ResponseState
from tracker.storage import responses
from tracker.storage.base import Database, Session
from tracker.storage.conclusions import Situation

ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


def test_of_two_who_decide_at_once_one_is_told_what_the_other_did(database: Database, now: datetime) -> None:
    with database.writing() as session:
        ana, rita = somebody(session, Role.ANALYST, now=now), somebody(session, Role.REVIEWER, now=now)
        one = Hand(session, ana, now).propose(situations.raised(session, now=now)[1])
        number, seen = one.id, responses.events(session, [one.id], Mark.RED)[-1].id

    def settle(which: int) -> ResponseState:
        act = (deciding.decide, deciding.decline)[which]
        with database.writing() as session:
            words = {"decided_by": "The cabinet", "words": "So it is."}
            return act(session, number, **words, seen=seen, by=rita, now=now).state

    answers = at_once(2, settle)

    [refused] = [answer for answer in answers if isinstance(answer, Exception)]
    assert isinstance(refused, ResponseChanged)
    [settled] = [answer for answer in answers if isinstance(answer, ResponseState)]
    with database.reading() as session:
        kept = responses.seen(session, number, None, Mark.RED)
        assert kept is not None
        assert kept.state is settled
        assert len(responses.events(session, [number], Mark.RED)) == 2


@ONE_ENGINE
def test_whoever_decided_is_named_and_a_refusal_says_why(hand: Hand, situation: Situation) -> None:
    one = hand.propose(situation)
    for act, words, need in (
        (hand.decide, {"decided_by": " "}, Need.DECIDED_BY),
        (hand.decline, {"decided_by": ""}, Need.DECIDED_BY),
        (hand.decline, {"words": "\n"}, Need.WORDS),
    ):
        with pytest.raises(Missing) as missing:
            act(one, **words)
        assert missing.value.need is need

    assert hand.decline(one, decided_by="  The   cabinet ").decided_by == "The cabinet"


@ONE_ENGINE
def test_whoever_asked_for_help_does_not_decide_what_is_done_for_them(
    session: Session, hand: Hand, situation: Situation, now: datetime
) -> None:
    both = somebody(session, Role.FOCAL_POINT, Role.REVIEWER, countries=[situation.iso3], now=now)
    wish = Wish(MeasureKind.MEDIATION, "A mediator", "For talks about the road.")
    call = ask(session, situation.iso3, wish, handling=Mark.GREEN, by=both, now=now)
    one, theirs = hand.propose(situation, assistance_id=call.id), Hand(session, both, now)

    for act in (theirs.decide, theirs.decline):
        with pytest.raises(ForOwnRequest):
            act(one)
    assert hand.decide(one).state is ResponseState.DECIDED


@ONE_ENGINE
def test_nobody_decides_on_what_they_proposed_unless_there_is_nobody_else(
    session: Session, hand: Hand, rita: Principal, situation: Situation, now: datetime
) -> None:
    one, other = hand.propose(situation), hand.propose(situation, title="Another")

    for act in (hand.decide, hand.decline):
        with pytest.raises(OwnProposal):
            act(one, by=rita)
    let_accept_own(session, True, by=rita.person_id, now=now)

    assert hand.decide(one, by=rita).state is ResponseState.DECIDED
    assert hand.decline(other, by=rita).state is ResponseState.DECLINED


@ONE_ENGINE
def test_what_lies_out_of_reach_does_not_exist(
    session: Session, hand: Hand, situation: Situation, now: datetime
) -> None:
    one = hand.propose(situation, handling=Mark.AMBER)
    for differing in ({"countries": ["PRY"]}, {"clearance": Mark.GREEN}):
        other = Hand(session, somebody(session, Role.REVIEWER, now=now, **differing), now)
        with pytest.raises(NoSuchResponse):
            deciding.decide(session, one.id, decided_by="I", words="", seen=99, by=other.by, now=now)

    assert one.state is ResponseState.PROPOSED
