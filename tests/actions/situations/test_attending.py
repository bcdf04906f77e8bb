"""Who is in charge, who follows, and what they note."""

from datetime import datetime

import pytest
from sqlalchemy import select

from tests import situations
from tests.situations import Desk, newest, somebody
from tracker.access import PersonStatus, Principal, Role
from tracker.actions.situations.attending import CannotOwn, assign, follow, note
from tracker.actions.situations.keeping import MarkTooHigh, MarkTooLow, NoSuchSituation, SituationChanged
from tracker.handling import Mark
from tracker.situation import CloseReason, NotNext, SituationAct, SituationState, Verdict, WordsMissing
from tracker.storage import situations as stored
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation, SituationEvent


@pytest.fixture
def situation(session: Session, now: datetime) -> Situation:
    """Known from TLP:AMBER on."""
    _, made = situations.raised(session, handling=Mark.AMBER, now=now)
    return made


def put_in_charge(session: Session, situation: Situation, who: int | None, by: Principal, now: datetime) -> None:
    assign(session, situation.id, who, seen=newest(session, situation, by), by=by, now=now)


def acts(session: Session, situation: Situation) -> list[SituationAct]:
    return [event.act for event in stored.events(session, situation.id, Mark.RED)]


def test_whoever_works_there_can_be_in_charge(
    session: Session, situation: Situation, ana: Principal, rita: Principal, now: datetime
) -> None:
    for who in (ana.person_id, None):
        put_in_charge(session, situation, who, rita, now)
        assert situation.owner_id == who

    assert acts(session, situation).count(SituationAct.ASSIGNED) == 2


def test_the_same_person_once_more_changes_nothing(
    session: Session, situation: Situation, ana: Principal, now: datetime
) -> None:
    put_in_charge(session, situation, ana.person_id, ana, now)
    put_in_charge(session, situation, ana.person_id, ana, now)

    assert acts(session, situation).count(SituationAct.ASSIGNED) == 1


@pytest.mark.parametrize(
    ("role", "differing"),
    [
        pytest.param(Role.READER, {}, id="a reader"),
        pytest.param(Role.ANALYST, {"countries": ["PRY"]}, id="an analyst of another region"),
        pytest.param(Role.ANALYST, {"clearance": Mark.GREEN}, id="an analyst who may not know of it"),
        pytest.param(Role.ANALYST, {"status": PersonStatus.DEACTIVATED}, id="somebody who has left"),
    ],
)
def test_whoever_cannot_work_on_it_is_not_put_in_charge(
    session: Session, situation: Situation, rita: Principal, now: datetime, role: Role, differing: dict[str, object]
) -> None:
    other = somebody(session, role, now=now, **differing)

    with pytest.raises(CannotOwn):
        put_in_charge(session, situation, other.person_id, rita, now)
    assert other.person_id not in [one.id for one in stored.who_may_own(session, situation)]


def test_who_took_it_meanwhile_is_not_put_aside_unseen(
    session: Session, situation: Situation, ana: Principal, rita: Principal, now: datetime
) -> None:
    seen = newest(session, situation, rita)
    put_in_charge(session, situation, ana.person_id, ana, now)

    with pytest.raises(SituationChanged):
        assign(session, situation.id, rita.person_id, seen=seen, by=rita, now=now)

    assert situation.owner_id == ana.person_id


def test_each_follows_for_themselves_and_stops(
    session: Session, situation: Situation, ana: Principal, rita: Principal, now: datetime
) -> None:
    for by in (ana, ana, rita):
        follow(session, situation.id, True, by=by, now=now)
    assert stored.names_about(session, situation, (), Mark.RED).followers == [ana.person_id, rita.person_id]

    follow(session, situation.id, False, by=ana, now=now)
    assert stored.names_about(session, situation, (), Mark.RED).followers == [rita.person_id]


def test_nobody_follows_what_they_may_not_know_of(session: Session, situation: Situation, now: datetime) -> None:
    low = somebody(session, Role.READER, clearance=Mark.GREEN, now=now)

    with pytest.raises(NoSuchSituation):
        follow(session, situation.id, True, by=low, now=now)


def test_a_note_bears_a_mark_between_the_situations_and_its_authors(
    session: Session, situation: Situation, ana: Principal, now: datetime
) -> None:
    strict = somebody(session, Role.ANALYST, clearance=Mark.AMBER_STRICT, now=now)

    with pytest.raises(MarkTooLow):
        note(session, situation.id, "Seen.", handling=Mark.GREEN, by=strict, now=now)
    with pytest.raises(MarkTooHigh):
        note(session, situation.id, "Seen.", handling=Mark.RED, by=strict, now=now)
    event = note(session, situation.id, " Seen. ", handling=Mark.AMBER_STRICT, by=strict, now=now)

    assert (event.words, event.handling, event.by_id) == ("Seen.", Mark.AMBER_STRICT, strict.person_id)


def test_a_note_says_something(session: Session, situation: Situation, ana: Principal, now: datetime) -> None:
    with pytest.raises(WordsMissing):
        note(session, situation.id, " ", handling=Mark.RED, by=ana, now=now)


def test_after_the_end_it_can_be_noted_but_given_to_nobody(
    session: Session, situation: Situation, desk: Desk, now: datetime
) -> None:
    flag, closed = situations.raised(session, iso3="NER", now=now)
    desk.move(closed, SituationState.VERIFYING)
    desk.judge(flag, Verdict.DISCARDED)
    desk.move(closed, SituationState.CLOSED, reason=CloseReason.UNFOUNDED)

    note(session, closed.id, "Learnt later.", handling=Mark.RED, by=desk.by, now=now)
    with pytest.raises(NotNext):
        put_in_charge(session, closed, desk.by.person_id, desk.by, now)

    query = select(SituationEvent.words).where(SituationEvent.act == SituationAct.NOTED)
    assert list(session.scalars(query)) == ["Learnt later."]
