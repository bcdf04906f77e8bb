"""A State asks for help, and is told what becomes of it."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from tests.at_once import at_once
from tests.focal_points import asked
from tests.situations import somebody
from tracker.access import Principal, Role
from tracker.actions.assistance import NoSuchRequest, OwnRequest, ask, settle, withdraw
from tracker.actions.situations.keeping import MarkTooHigh
from tracker.assistance import AssistanceState, EndedAlready, RequestUnfit, Wish
from tracker.handling import Mark
from tracker.measure import MeasureKind
from tracker.refusal import NotThere
from tracker.storage import assistance
from tracker.storage.base import Database, Session
from tracker.storage.running import AuditEntry

WISH = Wish(MeasureKind.MEDIATION, "A mediator", "For talks about the road.")
ANSWERED = AssistanceState.ANSWERED
ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def rita(session: Session, now: datetime) -> Principal:
    return somebody(session, Role.REVIEWER, now=now)


@pytest.fixture
def focal_point(session: Session, now: datetime) -> Principal:
    return somebody(session, Role.FOCAL_POINT, countries=["MLI"], now=now)


@ONE_ENGINE
def test_a_focal_point_asks_for_its_own_country_and_for_no_other(
    session: Session, focal_point: Principal, now: datetime
) -> None:
    mark: dict[str, Any] = {"handling": Mark.GREEN, "by": focal_point, "now": now}
    made = ask(session, "MLI", WISH, **mark)

    assert (made.state, made.on_behalf_of, made.asked_by) == (AssistanceState.OPEN, "", focal_point.person_id)
    with pytest.raises(NotThere):
        ask(session, "NER", WISH, **mark)


@ONE_ENGINE
def test_whoever_else_writes_it_down_says_whose_it_is(session: Session, rita: Principal, now: datetime) -> None:
    with pytest.raises(RequestUnfit):
        ask(session, "MLI", WISH, handling=Mark.GREEN, by=rita, now=now)


@ONE_ENGINE
def test_nobody_marks_above_their_clearance(session: Session, now: datetime) -> None:
    green = somebody(session, Role.ANALYST, clearance=Mark.GREEN, now=now)

    asked(session, handling=Mark.GREEN, by=green, now=now)
    with pytest.raises(MarkTooHigh):
        asked(session, handling=Mark.AMBER, by=green, now=now)


@ONE_ENGINE
def test_the_same_sent_twice_is_one_request_until_it_ends(session: Session, rita: Principal, now: datetime) -> None:
    first = asked(session, by=rita, now=now)

    assert asked(session, by=rita, now=now).id == first.id
    for another in ({"words": "Twenty."}, {"needed_by": now.date()}, {"handling": Mark.AMBER}):
        assert asked(session, by=rita, now=now, **another).id != first.id
    settle(session, first.id, ANSWERED, "They come.", by=rita, now=now)
    assert asked(session, by=rita, now=now).id != first.id


@ONE_ENGINE
def test_an_answer_sent_twice_is_given_once_and_another_comes_too_late(
    session: Session, rita: Principal, now: datetime
) -> None:
    number = asked(session, now=now).id
    for _time in range(2):
        settle(session, number, ANSWERED, "They come.", by=rita, now=now)

    with pytest.raises(EndedAlready):
        settle(session, number, AssistanceState.DECLINED, "Nobody is free.", by=rita, now=now)
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"assistance {number}: MLI"))
    assert sorted(actions) == ["assistance answered", "assistance asked for"]


@ONE_ENGINE
def test_only_who_asked_withdraws_it(session: Session, focal_point: Principal, rita: Principal, now: datetime) -> None:
    number = ask(session, "MLI", WISH, handling=Mark.GREEN, by=focal_point, now=now).id

    with pytest.raises(NoSuchRequest):
        withdraw(session, number, "No longer needed.", by=rita, now=now)
    withdraw(session, number, "No longer needed.", by=focal_point, now=now)
    assert assistance.open_in(session, "MLI", Mark.RED) == []


@ONE_ENGINE
def test_whoever_asked_for_their_own_state_does_not_answer_for_the_others(
    session: Session, rita: Principal, now: datetime
) -> None:
    both = somebody(session, Role.FOCAL_POINT, Role.REVIEWER, countries=["MLI"], now=now)
    number = ask(session, "MLI", WISH, handling=Mark.GREEN, by=both, now=now).id

    for state in (ANSWERED, AssistanceState.DECLINED):
        with pytest.raises(OwnRequest):
            settle(session, number, state, "They come.", by=both, now=now)
    settle(session, number, ANSWERED, "They come.", by=rita, now=now)
    written_down = asked(session, by=both, now=now).id
    settle(session, written_down, ANSWERED, "They come.", by=both, now=now)


@ONE_ENGINE
def test_what_lies_above_a_clearance_or_outside_a_scope_is_not_there(
    session: Session, rita: Principal, now: datetime
) -> None:
    number = asked(session, handling=Mark.AMBER, now=now).id
    below = somebody(session, Role.REVIEWER, clearance=Mark.GREEN, now=now)
    elsewhere = somebody(session, Role.REVIEWER, countries=["NER"], now=now)

    for nobody in (below, elsewhere):
        with pytest.raises(NoSuchRequest):
            settle(session, number, ANSWERED, "They come.", by=nobody, now=now)
        assert assistance.listed(session, nobody.scope, nobody.clearance) == []
    settle(session, number, ANSWERED, "They come.", by=rita, now=now)


def test_of_two_who_answer_at_once_one_is_told_that_it_is_done(database: Database, now: datetime) -> None:
    with database.writing() as session:
        number = asked(session, now=now).id
        people = [somebody(session, Role.REVIEWER, now=now) for _ in range(2)]

    def answer(which: int) -> bool:
        with database.writing() as session:
            settle(session, number, ANSWERED, f"Answer {which}.", by=people[which], now=now)
        return True

    outcomes = at_once(2, answer)

    assert outcomes.count(True) == 1
    assert sum(isinstance(one, EndedAlready) for one in outcomes) == 1
