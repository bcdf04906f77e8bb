"""A part of a country goes its own way, with the flags that go along."""

from datetime import datetime

import pytest
from sqlalchemy import select

from tests import situations
from tests.situations import Desk, newest, somebody
from tracker.access import Principal, Role
from tracker.actions.situations.dividing import (
    PartNameTooLong,
    PartTaken,
    PartUnnamed,
    SomeGoSomeStay,
    split,
)
from tracker.actions.situations.keeping import SituationChanged
from tracker.handling import Mark
from tracker.situation import LONGEST_PART, CloseReason, NotNext, SituationAct, SituationState, Verdict
from tracker.storage import flags
from tracker.storage.base import Session
from tracker.storage.conclusions import Flag, Situation, SituationEvent


@pytest.fixture
def whole(session: Session, now: datetime) -> Situation:
    """With three flags, one of them known from TLP:RED on alone."""
    for subject, handling in (("a", Mark.CLEAR), ("b", Mark.GREEN), ("c", Mark.RED)):
        _, situation = situations.raised(session, subject=subject, handling=handling, now=now)
    return situation


def flag_ids(session: Session, situation: Situation, clearance: Mark = Mark.RED) -> dict[str, int]:
    """By subject."""
    return {one.flag.subject: one.flag.id for one in flags.in_situation(session, situation.id, clearance)}


def part_off(
    session: Session, whole: Situation, by: Principal, now: datetime, *chosen: int, part: str = "N"
) -> Situation:
    return split(session, whole.id, part, chosen, seen=newest(session, whole, by), by=by, now=now)


def test_a_part_begins_anew_with_the_flags_that_go_along(
    session: Session, whole: Situation, rita: Principal, now: datetime
) -> None:
    known = flag_ids(session, whole)

    north = part_off(session, whole, rita, now, known["b"], part="The north")

    assert (north.part, north.state, north.split_from) == ("The north", SituationState.NEW, whole.id)
    assert flag_ids(session, north).keys() == {"b"}
    assert flag_ids(session, whole).keys() == {"a", "c"}


def test_a_part_is_known_to_whoever_knows_of_one_of_its_flags(
    session: Session, whole: Situation, rita: Principal, now: datetime
) -> None:
    known = flag_ids(session, whole)

    north = part_off(session, whole, rita, now, known["b"], known["c"])

    assert north.handling == Mark.GREEN
    query = select(SituationEvent).where(SituationEvent.act == SituationAct.SPLIT).order_by(SituationEvent.id)
    told = [(event.situation_id, event.handling, event.details["situation"]) for event in session.scalars(query)]
    assert told == [(whole.id, Mark.GREEN, north.id), (north.id, Mark.GREEN, whole.id)]


def test_some_flags_go_and_some_stay(session: Session, whole: Situation, rita: Principal, now: datetime) -> None:
    known = flag_ids(session, whole)

    for chosen in ((), tuple(known.values()), (999_999,)):
        with pytest.raises(SomeGoSomeStay):
            part_off(session, whole, rita, now, *chosen)


def test_nobody_takes_along_what_they_do_not_see(session: Session, whole: Situation, now: datetime) -> None:
    low = somebody(session, Role.REVIEWER, clearance=Mark.GREEN, now=now)
    known = flag_ids(session, whole)

    with pytest.raises(SomeGoSomeStay):
        part_off(session, whole, low, now, known["a"], known["c"])
    with pytest.raises(SomeGoSomeStay):
        part_off(session, whole, low, now, known["a"], known["b"])


@pytest.mark.parametrize(("part", "refusal"), [("", PartUnnamed), ("a" * (LONGEST_PART + 1), PartNameTooLong)])
def test_a_part_has_a_name_of_some_length(
    session: Session, whole: Situation, rita: Principal, now: datetime, part: str, refusal: type[Exception]
) -> None:
    chosen = flag_ids(session, whole)["a"]

    with pytest.raises(refusal):
        part_off(session, whole, rita, now, chosen, part=part)
    part_off(session, whole, rita, now, chosen, part="a" * LONGEST_PART)


def test_two_parts_of_a_country_have_two_names(
    session: Session, whole: Situation, rita: Principal, now: datetime
) -> None:
    known = flag_ids(session, whole)
    part_off(session, whole, rita, now, known["a"])

    with pytest.raises(PartTaken):
        part_off(session, whole, rita, now, known["b"])


def test_what_was_changed_meanwhile_is_seen_first(
    session: Session, whole: Situation, rita: Principal, now: datetime
) -> None:
    known, seen = flag_ids(session, whole), newest(session, whole, rita)
    situations.raised(session, subject="d", now=now)

    with pytest.raises(SituationChanged):
        split(session, whole.id, "N", [known["a"]], seen=seen, by=rita, now=now)


def test_what_is_closed_is_not_split(session: Session, desk: Desk, whole: Situation, now: datetime) -> None:
    desk.move(whole, SituationState.VERIFYING)
    known = flag_ids(session, whole)
    for number in known.values():
        desk.judge(session.get_one(Flag, number), Verdict.DISCARDED)
    desk.move(whole, SituationState.CLOSED, reason=CloseReason.UNFOUNDED)

    with pytest.raises(NotNext):
        part_off(session, whole, desk.by, now, known["a"])
