"""Days to come are written down, and called off."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.situations import somebody
from tracker.access import Principal, Role
from tracker.actions.occasions import NoSuchOccasion, call_off, enter
from tracker.actions.situations.keeping import MarkTooHigh
from tracker.handling import Mark
from tracker.occasion import DayUnfit, OccasionKind
from tracker.refusal import NotThere
from tracker.storage.base import Session
from tracker.storage.conclusions import Occasion
from tracker.storage.occasions import Occurrence, coming
from tracker.storage.running import AuditEntry

SOON = date(2026, 4, 1)
DAY = timedelta(days=1)


@pytest.fixture
def ana(session: Session, now: datetime) -> Principal:
    return somebody(session, Role.ANALYST, now=now)


def entered(session: Session, by: Principal, now: datetime, **differing: Any) -> Occasion:
    usual: dict[str, Any] = {
        "iso3": "MLI",
        "kind": OccasionKind.ELECTION,
        "name": "An election",
        "day": SOON,
        "handling": Mark.GREEN,
    }
    return enter(session, by=by, now=now, **(usual | differing))


def names(found: list[Occurrence]) -> list[str]:
    return [one.name for one in found]


def test_what_is_coming_stands_in_the_order_of_its_days(session: Session, ana: Principal, now: datetime) -> None:
    entered(session, ana, now, name="later", day=SOON + DAY)
    entered(session, ana, now, name="sooner")

    assert names(coming(session, ["MLI"], SOON, SOON + DAY)) == ["sooner", "later"]


def test_both_ends_are_included_and_nothing_beyond(session: Session, ana: Principal, now: datetime) -> None:
    for day in (SOON - DAY, SOON, SOON + DAY, SOON + 2 * DAY):
        entered(session, ana, now, name=day.isoformat(), day=day)

    assert names(coming(session, ["MLI"], SOON, SOON + DAY)) == ["2026-04-01", "2026-04-02"]


def test_other_countries_and_higher_marks_are_left_out(session: Session, ana: Principal, now: datetime) -> None:
    entered(session, ana, now, iso3="NER", name="elsewhere")
    entered(session, ana, now, name="higher", handling=Mark.AMBER)

    assert names(coming(session, ["MLI"], SOON, SOON, clearance=Mark.GREEN)) == []
    assert names(coming(session, ["MLI"], SOON, SOON, clearance=Mark.AMBER)) == ["higher"]
    assert names(coming(session, [], SOON, SOON)) == []
    assert names(coming(session, None, SOON, SOON)) == ["higher", "elsewhere"]


def test_what_is_called_off_comes_no_more(session: Session, ana: Principal, now: datetime) -> None:
    occasion = entered(session, ana, now)

    for _ in range(2):
        call_off(session, occasion.id, by=ana, now=now)

    assert coming(session, ["MLI"], SOON, SOON) == []
    actions = list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.number.desc()).limit(2)))
    assert actions == ["occasion called off", "occasion entered"]


def test_the_audit_log_says_where_and_when_and_never_what(session: Session, ana: Principal, now: datetime) -> None:
    occasion = entered(session, ana, now, name="CANARY")

    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert entry is not None
    assert entry.subject == f"occasion {occasion.id}: MLI 2026-04-01"
    assert "CANARY" not in str((entry.before, entry.after, entry.reason))


def test_nobody_enters_what_they_may_not_see_or_where_they_do_not_work(session: Session, now: datetime) -> None:
    low = somebody(session, Role.ANALYST, clearance=Mark.GREEN, countries=["MLI"], now=now)

    with pytest.raises(MarkTooHigh):
        entered(session, low, now, handling=Mark.AMBER)
    with pytest.raises(NotThere):
        entered(session, low, now, iso3="NER")
    with pytest.raises(DayUnfit):
        entered(session, low, now, day=now.date() - DAY)


def test_nobody_calls_off_what_does_not_exist_for_them(session: Session, ana: Principal, now: datetime) -> None:
    occasion = entered(session, ana, now, handling=Mark.AMBER)
    low = somebody(session, Role.ANALYST, clearance=Mark.GREEN, now=now)
    stranger = somebody(session, Role.ANALYST, countries=["NER"], now=now)

    for by in (low, stranger):
        with pytest.raises(NoSuchOccasion):
            call_off(session, occasion.id, by=by, now=now)
    assert not occasion.removed
