from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests import factories
from tests.deliveries import delivered
from tests.digests import principal
from tests.situations import flag, raised, said, somebody
from tracker.access import PersonStatus, Role
from tracker.actions.digests.planning import plan_urgent
from tracker.actions.digests.subscribing import want_urgent
from tracker.actions.situations.attending import assign
from tracker.digest import REFUSALS_UNTIL_SUPPRESSED
from tracker.flag import Change
from tracker.handling import Mark
from tracker.news import Stood
from tracker.rule import Severity
from tracker.storage import refused_addresses, situations, urgent
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.storage.mailing import UrgentWish

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


def hurried(session: Session, now: datetime, **differing: Any) -> Person:
    """Wants to be told at once, from that moment on."""
    reader = factories.person(session, created_at=now, **differing)
    want_urgent(session, reader.id, None, by=principal(session, reader), now=now)
    return reader


@pytest.mark.parametrize(
    ("severity", "kind", "is_told"),
    [
        (Severity.ALARM, Change.RAISED, True),
        (Severity.ALARM, Change.WORSENED, True),
        (Severity.WARNING, Change.RAISED, False),
        (Severity.ALARM, Change.EASED, False),
    ],
)
def test_an_alarm_is_urgent(session: Session, now: datetime, severity: Severity, kind: Change, is_told: bool) -> None:
    reader = hurried(session, now)
    said(session, flag(session, now=now), kind, severity=severity, now=now + HOUR)
    assert urgent.whom_to_tell(session, now=now + HOUR) == [reader.id] * is_told


def test_an_alarm_concerns_those_within_whose_reach_it_is(session: Session, now: datetime) -> None:
    told = [
        hurried(session, now, countries=["MLI"], clearance=Mark.AMBER),
        hurried(session, now, clearance=Mark.RED),
    ]
    hurried(session, now, countries=["KEN"], clearance=Mark.RED)
    hurried(session, now, clearance=Mark.GREEN)
    hurried(session, now, clearance=Mark.RED, status=PersonStatus.DEACTIVATED)
    factories.person(session, clearance=Mark.RED, created_at=now)
    said(session, flag(session, now=now), severity=Severity.ALARM, handling=Mark.AMBER, now=now + HOUR)
    assert urgent.whom_to_tell(session, now=now + HOUR) == [person.id for person in told]


def test_of_several_alarms_the_newest_that_somebody_may_see_counts(session: Session, now: datetime) -> None:
    """They were told after the first; the next in the same country bears a higher mark, or is of another country."""
    hurried(session, now, countries=["MLI"], clearance=Mark.GREEN)
    cleared = hurried(session, now, countries=["MLI"], clearance=Mark.AMBER)
    elsewhere = hurried(session, now, countries=["MLI", "NER"], clearance=Mark.GREEN)
    for reader in session.scalars(select(UrgentWish)):
        reader.since = now + 2 * HOUR
    for hours, iso3, mark in ((4, "MLI", Mark.AMBER), (3, "NER", Mark.GREEN), (1, "MLI", Mark.GREEN)):
        made = flag(session, iso3=iso3, rule=f"rule {hours}", now=now)
        said(session, made, severity=Severity.ALARM, handling=mark, now=now + hours * HOUR)

    assert urgent.whom_to_tell(session, now=now + 4 * HOUR) == [cleared.id, elsewhere.id]


def test_what_happened_before_somebody_wanted_to_be_told_is_not_urgent(session: Session, now: datetime) -> None:
    said(session, flag(session, now=now), severity=Severity.ALARM, now=now)
    hurried(session, now)
    assert urgent.whom_to_tell(session, now=now + HOUR) == []


def test_whoever_is_about_to_be_told_is_not_looked_for(session: Session, now: datetime) -> None:
    reader = hurried(session, now)
    said(session, flag(session, now=now), severity=Severity.ALARM, now=now + HOUR)
    plan_urgent(session, [reader.id], now=now + HOUR)
    assert urgent.whom_to_tell(session, now=now + HOUR) == []


def test_being_put_in_charge_is_urgent(session: Session, now: datetime) -> None:
    reader = hurried(session, now, roles=[Role.REVIEWER], clearance=Mark.RED)
    _, situation = raised(session, now=now)
    head = somebody(session, Role.REVIEWER, now=now)
    seen = 10**6
    assign(session, situation.id, reader.id, seen=seen, by=head, now=now + HOUR)
    assert urgent.whom_to_tell(session, now=now + HOUR) == [reader.id]


@pytest.mark.parametrize(("later", "is_told"), [(timedelta(0), False), (DAY, True)])
def test_a_step_of_ones_own_is_urgent_from_the_day_after_it_was_due(
    session: Session, now: datetime, later: timedelta, is_told: bool
) -> None:
    reader = hurried(session, now, roles=[Role.REVIEWER], clearance=Mark.RED)
    _, situation = raised(session, now=now)
    situation.owner_id, situation.due_on = reader.id, date(2026, 3, 18)
    session.flush()
    looked_at = datetime(2026, 3, 18, 23, 59, 59, tzinfo=now.tzinfo) + later
    assert urgent.whom_to_tell(session, now=looked_at) == [reader.id] * is_told


def test_a_step_is_urgent_to_those_who_follow_its_situation(session: Session, now: datetime) -> None:
    reader, _ = hurried(session, now), hurried(session, now)
    _, situation = raised(session, now=now)
    situation.due_on = date(2026, 3, 18)
    situations.follow(session, situation.id, reader.id, now)
    assert urgent.whom_to_tell(session, now=now + 3 * DAY) == [reader.id]


def test_nothing_is_urgent_to_an_address_that_is_refused(session: Session, now: datetime) -> None:
    reader = hurried(session, now)
    said(session, flag(session, now=now), severity=Severity.ALARM, now=now + HOUR)
    for times in range(1, REFUSALS_UNTIL_SUPPRESSED + 1):
        assert urgent.whom_to_tell(session, now=now + HOUR) == [reader.id]
        refused_addresses.count(session, reader.email, "550 Gone", now=now)
        assert refused_addresses.is_suppressed(session, reader.email) == (times == REFUSALS_UNTIL_SUPPRESSED)
    assert urgent.whom_to_tell(session, now=now + HOUR) == []
    refused_addresses.forget(session, [reader.email])
    assert urgent.whom_to_tell(session, now=now + HOUR) == [reader.id]


@pytest.mark.parametrize(("after", "is_told"), [(HOUR, True), (HOUR + timedelta(seconds=1), False)])
def test_what_was_written_down_late_is_looked_for_during_an_hour(
    session: Session, now: datetime, after: timedelta, is_told: bool
) -> None:
    """Of the alarms of one night one was written down after a notice had told of the other."""
    reader, noticed_at = hurried(session, now), now + HOUR
    known, late = (
        said(session, flag(session, iso3=iso3, now=now), severity=Severity.ALARM, now=noticed_at)
        for iso3 in ("MLI", "NER")
    )
    delivered(session, reader, now=noticed_at, stood=Stood(alarms=frozenset({known.id, late.id})).as_kept())
    assert urgent.whom_to_tell(session, now=noticed_at + after) == []
    delivered(session, reader, now=noticed_at, stood=Stood(alarms=frozenset({known.id})).as_kept())
    assert urgent.whom_to_tell(session, now=noticed_at + after) == [reader.id] * is_told
