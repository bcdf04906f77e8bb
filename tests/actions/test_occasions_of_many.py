"""Days that concern several countries, that come again, that are put off and brought back."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.concluding import recorded
from tests.questions import listening
from tests.situations import somebody
from tracker.access import Principal, Role
from tracker.actions.concluding import judge_everything
from tracker.actions.occasions import (
    AlikeThere,
    CalledOff,
    Change,
    NoSuchOccasion,
    NotYours,
    OccasionChanged,
    bring_back,
    call_off,
    change,
    change_all,
    write_in,
    write_in_all,
)
from tracker.handling import Mark
from tracker.occasion import DayUnfit, Draft, OccasionKind
from tracker.refusal import NotThere
from tracker.storage.base import Database, Session
from tracker.storage.conclusions import Flag, Occasion
from tracker.storage.occasions import as_draft, coming, known_then, seen
from tracker.storage.running import AuditEntry

DAY = timedelta(days=1)
SOON = date(2026, 4, 1)
VOTE = Draft(OccasionKind.ELECTION, "A vote", SOON, "MLI")
WORST = {"wgi_rule_of_law": -2.5, "wgi_political_stability": -2.5, "wgi_voice_and_accountability": -2.5}


@pytest.fixture
def ana(session: Session, now: datetime) -> Principal:
    return somebody(session, Role.ANALYST, now=now)


def entered(session: Session, by: Principal, now: datetime, draft: Draft = VOTE, **differing: Any) -> Occasion:
    usual: dict[str, Any] = {"handling": Mark.CLEAR} | differing
    return write_in(session, draft, by=by, now=now, **usual)


def names(session: Session, iso3s: list[str] | None, since: date = SOON, until: date = SOON) -> list[str]:
    return [one.name for one in coming(session, iso3s, since, until)]


def make_risky(session: Session, *iso3s: str, now: datetime) -> None:
    for iso3 in iso3s:
        for key, value in WORST.items():
            recorded(session, key, value, on=date(2024, 12, 31), at=now, iso3=iso3)


def flags_of(session: Session, occasion: Occasion) -> dict[str, bool]:
    """By country: whether the flag that it set off is open."""
    found = session.scalars(select(Flag).where(Flag.rule_key == "occasion_ahead", Flag.subject == str(occasion.id)))
    return {flag.iso3: flag.closed_at is None for flag in found}


def test_what_concerns_a_group_or_the_world_is_seen_by_whoever_reaches_a_member(
    session: Session, ana: Principal, now: datetime
) -> None:
    entered(session, ana, now, replace(VOTE, name="of a group", iso3=None, group_key="african_union"))
    entered(session, ana, now, replace(VOTE, name="of the world", iso3=None))

    assert names(session, ["MLI"]) == names(session, None) == ["of a group", "of the world"]
    assert names(session, ["PRY"]) == names(session, []) == ["of the world"]


def test_what_comes_again_stands_on_each_of_its_days(session: Session, ana: Principal, now: datetime) -> None:
    day = date(2024, 1, 31)
    entered(session, ana, now, replace(VOTE, day=day, every_months=1, until=date(2026, 5, 30)))

    found = coming(session, ["MLI"], date(2026, 2, 1), date(2027, 1, 1))

    assert [one.day for one in found] == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


def test_only_who_works_on_all_that_it_concerns_enters_and_changes_it(
    session: Session, ana: Principal, now: datetime
) -> None:
    malian = somebody(session, Role.ANALYST, countries=["MLI"], now=now)
    of_a_group = replace(VOTE, iso3=None, group_key="african_union")
    of_the_world = replace(VOTE, iso3=None)

    for draft in (of_a_group, of_the_world):
        with pytest.raises(NotYours):
            entered(session, malian, now, draft)
        occasion = entered(session, ana, now, draft)
        assert seen(session, occasion.id, malian.scope, malian.clearance) is occasion
        with pytest.raises(NotYours):
            call_off(session, occasion.id, by=malian, now=now)
        with pytest.raises(NotYours):
            change(session, occasion.id, VOTE, handling=Mark.CLEAR, seen=1, by=malian, now=now)
    with pytest.raises(NotThere):
        entered(session, ana, now, replace(VOTE, iso3=None, group_key="nonsense"))


def test_what_may_be_the_same_is_told_unless_it_may_not_be_known(
    session: Session, ana: Principal, now: datetime
) -> None:
    low = somebody(session, Role.ANALYST, clearance=Mark.GREEN, now=now)
    entered(session, ana, now, handling=Mark.AMBER)

    with pytest.raises(AlikeThere):
        entered(session, ana, now, replace(VOTE, name="The vote", day=SOON + 7 * DAY), is_another=False)
    entered(session, ana, now, replace(VOTE, day=SOON + 8 * DAY), is_another=False)
    entered(session, low, now, is_another=False)
    entered(session, ana, now, is_another=True)


def test_a_day_is_put_off_and_the_log_says_from_when_to_when_and_never_what(
    session: Session, ana: Principal, now: datetime
) -> None:
    occasion = entered(session, ana, now, replace(VOTE, name="CANARY"))
    later = replace(VOTE, name="CANARY two", day=SOON + DAY)

    change(session, occasion.id, later, handling=Mark.GREEN, seen=1, by=ana, now=now)

    assert as_draft(occasion) == replace(later, left_out=())
    assert names(session, ["MLI"]) == []
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert entry is not None
    assert (entry.action, entry.before["day"], entry.after["day"]) == ("occasion changed", "2026-04-01", "2026-04-02")  # type: ignore[index]
    assert entry.after["rewritten"] == ["name"]  # type: ignore[index]
    assert "CANARY" not in str((entry.subject, entry.before, entry.after))


def test_of_two_who_change_a_day_at_once_the_second_is_told(session: Session, ana: Principal, now: datetime) -> None:
    occasion = entered(session, ana, now)
    change(session, occasion.id, replace(VOTE, day=SOON + DAY), handling=Mark.CLEAR, seen=1, by=ana, now=now)

    with pytest.raises(OccasionChanged):
        change(session, occasion.id, replace(VOTE, day=SOON + 2 * DAY), handling=Mark.CLEAR, seen=1, by=ana, now=now)
    # what changes nothing is no change, whichever version the form had seen: it may have been sent twice
    change(session, occasion.id, replace(VOTE, day=SOON + DAY), handling=Mark.CLEAR, seen=1, by=ana, now=now)
    assert occasion.version == 2


def test_what_was_called_off_is_changed_by_nobody_and_comes_back(
    session: Session, ana: Principal, now: datetime
) -> None:
    occasion = entered(session, ana, now)
    call_off(session, occasion.id, by=ana, now=now + DAY)
    with pytest.raises(CalledOff):
        change(session, occasion.id, VOTE, handling=Mark.CLEAR, seen=2, by=ana, now=now + DAY)

    for known, found in ((now, ["A vote"]), (now + DAY, [])):
        then = known_then(session, None, SOON, SOON, clearance=Mark.RED, known=known)
        assert [one.name for one in then] == found
    bring_back(session, occasion.id, by=ana, now=now + 2 * DAY)
    assert names(session, ["MLI"]) == ["A vote"]
    assert occasion.removed_at is None


def test_of_a_day_that_is_over_everything_but_the_day_is_still_mended(
    session: Session, ana: Principal, now: datetime
) -> None:
    occasion, later = entered(session, ana, now), now + 90 * DAY

    change(session, occasion.id, replace(VOTE, name="The vote"), handling=Mark.AMBER, seen=1, by=ana, now=later)
    assert (occasion.name, occasion.handling) == ("The vote", Mark.AMBER)
    with pytest.raises(DayUnfit):
        change(session, occasion.id, replace(VOTE, day=SOON + DAY), handling=Mark.AMBER, seen=2, by=ana, now=later)


def test_nobody_changes_or_brings_back_what_does_not_exist_for_them(
    session: Session, ana: Principal, now: datetime
) -> None:
    occasion = entered(session, ana, now, handling=Mark.AMBER)
    call_off(session, occasion.id, by=ana, now=now)
    for by in (
        somebody(session, Role.ANALYST, clearance=Mark.GREEN, now=now),
        somebody(session, Role.ANALYST, countries=["NER"], now=now),
    ):
        with pytest.raises(NoSuchOccasion):
            bring_back(session, occasion.id, by=by, now=now)


def test_a_day_of_a_group_sets_off_a_flag_in_each_member_where_the_risk_is_high(
    session: Session, ana: Principal, now: datetime
) -> None:
    make_risky(session, "MLI", "PRY", now=now)

    occasion = entered(session, ana, now, replace(VOTE, iso3=None, group_key="african_union"))
    assert flags_of(session, occasion) == {"MLI": True}
    session_of_a_council = replace(VOTE, iso3=None, kind=OccasionKind.SESSION)
    assert flags_of(session, entered(session, ana, now, session_of_a_council)) == {}
    of_the_world = entered(session, ana, now, replace(VOTE, iso3=None))
    assert flags_of(session, of_the_world) == {"MLI": True, "PRY": True}

    call_off(session, of_the_world.id, by=ana, now=now)
    assert flags_of(session, of_the_world) == {"MLI": False, "PRY": False}


@pytest.mark.parametrize(("days", "is_near"), [(45, True), (46, False)])
def test_a_day_of_a_group_sets_off_a_flag_from_the_first_day_that_is_near(
    session: Session, ana: Principal, now: datetime, days: int, is_near: bool
) -> None:
    make_risky(session, "MLI", now=now)
    vote = replace(VOTE, day=now.date() + days * DAY, iso3=None, group_key="african_union")

    assert flags_of(session, entered(session, ana, now, vote)) == ({"MLI": True} if is_near else {})


def test_a_risk_that_is_high_only_for_whoever_sees_less_is_looked_at_as_well(
    session: Session, ana: Principal, now: datetime
) -> None:
    make_risky(session, "MLI", now=now)
    for key in WORST:
        recorded(session, key, 2.5, on=date(2025, 12, 31), at=now, handling=Mark.RED)

    occasion = entered(session, ana, now, replace(VOTE, iso3=None))

    assert flags_of(session, occasion) == {"MLI": True}


def test_what_follows_from_many_that_are_put_off_is_found_out_once(
    session: Session, database: Database, ana: Principal, now: datetime
) -> None:
    make_risky(session, "MLI", now=now)
    asked = []
    for number in (1, 5):
        days = [replace(VOTE, name=f"Day {number} {one}") for one in range(number)]
        found = write_in_all(session, [(one, Mark.CLEAR) for one in days], by=ana, now=now)
        put_off = [Change(one, replace(as_draft(one), day=SOON + 100 * DAY), Mark.CLEAR, 1) for one in found]
        with listening(database) as said:
            change_all(session, put_off, by=ana, now=now)
        assert [flags_of(session, one) for one in found] == [{"MLI": False}] * number
        asked.append(sum("FROM rule_versions" in one for one in said))

    assert asked[0] == asked[1] > 0


def test_a_day_that_is_put_off_keeps_its_flag_until_it_is_over(session: Session, ana: Principal, now: datetime) -> None:
    make_risky(session, "MLI", now=now)
    occasion = entered(session, ana, now)
    change(session, occasion.id, replace(VOTE, day=SOON + DAY), handling=Mark.CLEAR, seen=1, by=ana, now=now)
    assert flags_of(session, occasion) == {"MLI": True}

    for day, is_open in ((SOON + DAY, True), (SOON + 2 * DAY, False)):
        judge_everything(session, now=now.replace(year=day.year, month=day.month, day=day.day))
        assert flags_of(session, occasion) == {"MLI": is_open}


def test_a_day_that_is_left_out_sets_nothing_off(session: Session, ana: Principal, now: datetime) -> None:
    make_risky(session, "MLI", now=now)
    yearly = replace(VOTE, every_months=12)

    comes = entered(session, ana, now, yearly)
    left_out = entered(session, ana, now, yearly.without([SOON]))

    assert (flags_of(session, comes), flags_of(session, left_out)) == ({"MLI": True}, {})
    judge_everything(session, now=now)
    assert flags_of(session, left_out) == {}


def test_what_comes_again_every_year_sets_off_a_flag_when_its_next_day_is_near(
    session: Session, ana: Principal, now: datetime
) -> None:
    make_risky(session, "MLI", now=now)

    near = entered(session, ana, now, replace(VOTE, day=date(1994, 4, 7), every_months=12))
    far = entered(session, ana, now, replace(VOTE, day=date(1994, 9, 7), every_months=12))

    assert (flags_of(session, near), flags_of(session, far)) == ({"MLI": True}, {})
