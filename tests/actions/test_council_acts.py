"""What councils did is written down, and taken out where it was a mistake."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.situations import somebody
from tracker.access import Principal, Role
from tracker.actions.council_acts import NoSuchAct, enter, remove
from tracker.actions.occasions import NoSuchOccasion
from tracker.actions.occasions import enter as enter_occasion
from tracker.actions.situations.keeping import MarkTooHigh, MarkTooLow
from tracker.council import ActDraft, CouncilActKind
from tracker.handling import Mark
from tracker.occasion import OccasionKind
from tracker.refusal import NotThere
from tracker.storage.base import Session
from tracker.storage.council_acts import known_then, of_country
from tracker.storage.responding import CouncilAct

DAY = timedelta(days=1)


@pytest.fixture
def ana(session: Session, now: datetime) -> Principal:
    return somebody(session, Role.ANALYST, now=now)


def entered(session: Session, by: Principal, now: datetime, **differing: Any) -> CouncilAct:
    usual: dict[str, Any] = {"iso3": "MLI", "words": "It called for calm.", "handling": Mark.GREEN} | differing
    draft = ActDraft("Security Council", CouncilActKind.STATEMENT, now.date(), usual.pop("words"))
    return enter(session, usual.pop("iso3"), draft, by=by, now=now, **usual)


def test_an_act_is_read_by_whoever_may_see_its_mark_in_its_country(
    session: Session, ana: Principal, now: datetime
) -> None:
    act = entered(session, ana, now)

    assert of_country(session, "MLI", Mark.GREEN) == [act]
    assert of_country(session, "MLI", Mark.CLEAR) == []
    assert of_country(session, "NER", Mark.RED) == []


def test_the_same_sent_twice_is_one(session: Session, ana: Principal, now: datetime) -> None:
    assert entered(session, ana, now) is entered(session, ana, now)


def test_what_is_removed_stays_where_it_was_entered_and_in_what_was_known_then(
    session: Session, ana: Principal, now: datetime
) -> None:
    act, today = entered(session, ana, now), now.date()
    for _ in range(2):
        remove(session, "MLI", act.id, by=ana, now=now + DAY)

    assert of_country(session, "MLI", Mark.RED) == []
    assert of_country(session, "MLI", Mark.RED, with_removed=True) == [act]
    for known, found in ((now - DAY, []), (now, [act]), (now + DAY, [])):
        assert known_then(session, None, Mark.RED, today, today, known=known) == found


def test_nobody_writes_above_their_clearance_below_the_session_or_elsewhere(
    session: Session, ana: Principal, now: datetime
) -> None:
    kind, day = OccasionKind.SESSION, now.date()
    amber = enter_occasion(session, "MLI", kind, "A closed session", day, handling=Mark.AMBER, by=ana, now=now)
    low = somebody(session, Role.ANALYST, clearance=Mark.GREEN, countries=["MLI"], now=now)

    entered(session, ana, now, occasion_id=amber.id, handling=Mark.AMBER)
    with pytest.raises(MarkTooLow):
        entered(session, ana, now, occasion_id=amber.id, handling=Mark.GREEN)
    with pytest.raises(NoSuchOccasion):
        entered(session, low, now, occasion_id=amber.id)
    with pytest.raises(MarkTooHigh):
        entered(session, low, now, handling=Mark.AMBER)
    with pytest.raises(NotThere):
        entered(session, low, now, iso3="NER")


def test_nobody_removes_what_does_not_exist_for_them(session: Session, ana: Principal, now: datetime) -> None:
    act = entered(session, ana, now, handling=Mark.AMBER)
    low = somebody(session, Role.ANALYST, clearance=Mark.GREEN, now=now)
    stranger = somebody(session, Role.ANALYST, countries=["NER"], now=now)

    for iso3, by in (("MLI", low), ("MLI", stranger), ("NER", ana)):
        with pytest.raises(NoSuchAct):
            remove(session, iso3, act.id, by=by, now=now)
    assert act.removed_at is None
