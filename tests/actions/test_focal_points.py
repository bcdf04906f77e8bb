"""Focal points are written down, leave office, are evidence, and are let in."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.at_once import at_once
from tests.focal_points import LINK, appointed
from tests.situations import somebody
from tracker.access import PersonStatus, Principal, Role
from tracker.actions.codings.reviewing import accept
from tracker.actions.focal_points import (
    INDICATOR,
    FocalPointChanged,
    HandedIn,
    HasAnAccount,
    NoSuchFocalPoint,
    OfNoCountry,
    appoint,
    change,
    end,
    hand_in,
    invite,
)
from tracker.actions.letters import Letter
from tracker.coding import CodingState
from tracker.focal_point import Appointment, AppointmentUnfit, EndedAlready
from tracker.handling import Mark
from tracker.period import Cadence, Timetable
from tracker.refusal import NotThere
from tracker.storage import focal_points
from tracker.storage.base import Database, Session
from tracker.storage.mailing import Subscription
from tracker.storage.recording import Coding
from tracker.storage.responding import FocalPoint
from tracker.storage.running import AuditEntry
from tracker.subscription import Interest, Wanted

NAMED = Appointment("Ministry of Justice", "The director", "+223 00", date(2026, 1, 15), LINK)
WEEKLY = Wanted("The week in Mali", Timetable(Cadence.WEEKLY, time(7), "UTC"), Interest(countries=frozenset({"MLI"})))
ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def rita(session: Session, now: datetime) -> Principal:
    return somebody(session, Role.REVIEWER, now=now)


@pytest.fixture
def ana(session: Session, now: datetime) -> Principal:
    return somebody(session, Role.ANALYST, now=now)


def handed_in(session: Session, by: Principal, now: datetime, **differing: Any) -> HandedIn:
    usual: dict[str, Any] = {"is_there": True, "link": LINK, "reason": "Named.", "handling": Mark.GREEN}
    return hand_in(session, "MLI", **(usual | differing), by=by, now=now)


def answers(session: Session) -> list[Coding]:
    return list(session.scalars(select(Coding).order_by(Coding.id)))


def let_in(session: Session, number: int, *, by: Principal, now: datetime, email: str = "fp@example.org") -> Any:
    def write(_token: str) -> Letter:
        return Letter("Invitation", "Come in.")

    return invite(
        session,
        number,
        email=email,
        name="The director",
        clearance=Mark.GREEN,
        digest=WEEKLY,
        write=write,
        by=by,
        now=now,
    )


@ONE_ENGINE
def test_the_office_is_for_everybody_and_who_holds_it_for_whoever_may_see_the_mark(
    session: Session, rita: Principal, now: datetime
) -> None:
    number = appointed(session, handling=Mark.AMBER, by=rita, now=now).id

    below = focal_points.seen(session, number, None, Mark.GREEN)
    at_it = focal_points.seen(session, number, None, Mark.AMBER)

    assert below
    assert (below.office, below.who) == ("Ministry of Foreign Affairs", None)
    assert at_it
    assert at_it.who
    assert (at_it.who.name, at_it.who.link) == ("The director", LINK)


@ONE_ENGINE
def test_an_organisations_is_seen_by_whoever_sees_a_member_and_no_country_by_another(
    session: Session, rita: Principal, now: datetime
) -> None:
    appointed(session, iso3=None, group="ecowas", office="Commission", by=rita, now=now)
    appointed(session, iso3="NER", office="Ministry", by=rita, now=now)

    def offices(*scope: str) -> list[str]:
        return [one.office for one in focal_points.listed(session, scope, Mark.RED)]

    assert offices("MLI", "GHA") == ["Commission"]
    assert sorted(offices("NER", "GHA")) == ["Commission", "Ministry"]
    assert offices("PRY") == []


@ONE_ENGINE
def test_the_same_sent_twice_is_one_focal_point(session: Session, rita: Principal, now: datetime) -> None:
    marked: dict[str, Any] = {"handling": Mark.GREEN, "by": rita, "now": now}
    first = appoint(session, "MLI", None, NAMED, **marked)

    assert appoint(session, "MLI", None, NAMED, **marked).id == first.id
    for another in ({"name": "Another"}, {"contact": "+223 01"}, {"link": ""}):
        assert appoint(session, "MLI", None, replace(NAMED, **another), **marked).id != first.id  # type: ignore[arg-type]
    low = somebody(session, Role.REVIEWER, clearance=Mark.CLEAR, now=now)
    assert appoint(session, "MLI", None, NAMED, handling=Mark.CLEAR, by=low, now=now).id != first.id


@ONE_ENGINE
@pytest.mark.parametrize("place", [("NER", None), (None, "asean"), (None, "no_such_group"), ("XXX", None)])
def test_nobody_is_written_down_outside_of_a_scope(
    session: Session, now: datetime, place: tuple[str | None, str | None]
) -> None:
    of_mali = somebody(session, Role.REVIEWER, countries=["MLI"], now=now)

    with pytest.raises(NotThere):
        appoint(session, *place, NAMED, handling=Mark.GREEN, by=of_mali, now=now)


@ONE_ENGINE
def test_a_change_made_with_an_older_version_is_refused(session: Session, rita: Principal, now: datetime) -> None:
    made = appointed(session, by=rita, now=now)
    marked: dict[str, Any] = {"until": None, "handling": Mark.GREEN, "by": rita, "now": now}
    change(session, made.id, NAMED, seen=1, **marked)

    with pytest.raises(FocalPointChanged):
        change(session, made.id, replace(NAMED, name="Another"), seen=1, **marked)
    assert (made.office, made.name, made.version) == ("Ministry of Justice", "The director", 2)
    change(session, made.id, NAMED, seen=2, **marked)
    assert made.version == 2


@ONE_ENGINE
def test_who_left_is_kept_and_may_be_put_back(session: Session, rita: Principal, now: datetime) -> None:
    made, today = appointed(session, by=rita, now=now), now.date()
    for _time in range(2):
        end(session, made.id, today, by=rita, now=now)

    assert [one.until for one in focal_points.listed(session, None, Mark.RED)] == [today]
    with pytest.raises(EndedAlready):
        end(session, made.id, today.replace(day=1), by=rita, now=now)
    change(session, made.id, NAMED, until=None, handling=Mark.GREEN, seen=made.version, by=rita, now=now)
    assert made.until is None


@ONE_ENGINE
@pytest.mark.parametrize(("days", "is_fit"), [(-1, False), (0, True), (60, True), (61, False)])
def test_the_last_day_of_who_left_is_corrected_within_their_time_in_office(
    session: Session, rita: Principal, now: datetime, days: int, is_fit: bool
) -> None:
    made, since = appointed(session, by=rita, now=now), NAMED.since
    assert now.date() == since + timedelta(days=60)
    end(session, made.id, now.date(), by=rita, now=now)
    wanted: dict[str, Any] = {"until": since + timedelta(days=days), "handling": Mark.GREEN, "by": rita, "now": now}

    if is_fit:
        change(session, made.id, NAMED, seen=made.version, **wanted)
        assert made.until == wanted["until"]
        return
    with pytest.raises(AppointmentUnfit) as refused:
        change(session, made.id, NAMED, seen=made.version, **wanted)
    assert refused.value.field == "until"


@ONE_ENGINE
def test_whoever_may_not_see_who_it_is_changes_nothing(session: Session, rita: Principal, now: datetime) -> None:
    number = appointed(session, handling=Mark.AMBER, by=rita, now=now).id
    below = somebody(session, Role.REVIEWER, clearance=Mark.GREEN, now=now)

    with pytest.raises(NoSuchFocalPoint):
        end(session, number, now.date(), by=below, now=now)


@ONE_ENGINE
def test_the_audit_log_names_nobody(session: Session, rita: Principal, now: datetime) -> None:
    made = appointed(session, by=rita, now=now)
    end(session, made.id, now.date(), by=rita, now=now)

    entries = session.scalars(select(AuditEntry).where(AuditEntry.subject == f"focal point {made.id}: MLI")).all()
    assert [entry.action for entry in entries] == ["focal point appointed", "focal point left office"]
    assert not any("director" in str((entry.before, entry.after)) for entry in entries)


@ONE_ENGINE
@pytest.mark.parametrize(("is_there", "value"), [(True, 1.0), (False, 0.0)])
def test_an_appointment_is_handed_in_as_an_answer_with_its_link_as_source(
    session: Session, ana: Principal, now: datetime, is_there: bool, value: float
) -> None:
    assert handed_in(session, ana, now, is_there=is_there) is HandedIn.SUBMITTED

    [one] = answers(session)
    assert (one.value, one.state, one.evidence_url) == (value, CodingState.SUBMITTED, LINK)
    assert (one.source, one.author_id, one.handling) == ("example.org", ana.person_id, Mark.GREEN)


@ONE_ENGINE
def test_what_was_handed_in_is_accepted_as_any_other_answer(
    session: Session, ana: Principal, rita: Principal, now: datetime
) -> None:
    handed_in(session, ana, now)
    [one] = answers(session)

    accept(session, [one.id], by=rita, now=now)

    assert one.state is CodingState.ACCEPTED


@ONE_ENGINE
def test_an_answer_of_ones_own_is_not_overwritten(session: Session, ana: Principal, now: datetime) -> None:
    assert handed_in(session, ana, now) is HandedIn.SUBMITTED
    assert handed_in(session, ana, now, is_there=False) is HandedIn.NOTHING

    assert [one.value for one in answers(session)] == [1.0]


@ONE_ENGINE
def test_without_a_link_there_is_no_answer(session: Session, ana: Principal, now: datetime) -> None:
    with pytest.raises(AppointmentUnfit):
        handed_in(session, ana, now, link="")
    assert answers(session) == []
    assert INDICATOR == "focal_point"


@ONE_ENGINE
def test_a_focal_point_is_let_in_for_one_country_with_a_weekly_digest(session: Session, now: datetime) -> None:
    admin = somebody(session, Role.ADMINISTRATOR, now=now)
    made = appointed(session, now=now)

    person = let_in(session, made.id, by=admin, now=now)

    assert (person.status, [row.role for row in person.roles]) == (PersonStatus.INVITED, [Role.FOCAL_POINT])
    assert (person.sees_all, [row.iso3 for row in person.scope_countries]) == (False, ["MLI"])
    assert made.person_id == person.id
    [digest] = session.scalars(select(Subscription).where(Subscription.person_id == person.id))
    assert (digest.cadence, digest.interest["countries"]) == (Cadence.WEEKLY, ["MLI"])
    with pytest.raises(HasAnAccount):
        let_in(session, made.id, by=admin, now=now, email="other@example.org")


@ONE_ENGINE
def test_nobody_is_let_in_for_an_organisation_or_after_they_left(session: Session, now: datetime) -> None:
    admin = somebody(session, Role.ADMINISTRATOR, now=now)
    gone = appointed(session, now=now)
    end(session, gone.id, now.date(), by=admin, now=now)

    with pytest.raises(EndedAlready):
        let_in(session, gone.id, by=admin, now=now)
    with pytest.raises(OfNoCountry):
        let_in(session, appointed(session, iso3=None, group="ecowas", now=now).id, by=admin, now=now)


def test_of_two_who_change_it_at_once_one_is_told(database: Database, now: datetime) -> None:
    with database.writing() as session:
        number = appointed(session, now=now).id
        people = [somebody(session, Role.REVIEWER, now=now) for _ in range(2)]

    def write(which: int) -> bool:
        wanted = replace(NAMED, name=f"Name {which}")
        with database.writing() as session:
            marked: dict[str, Any] = {"until": None, "handling": Mark.GREEN, "by": people[which], "now": now}
            change(session, number, wanted, seen=1, **marked)
        return True

    outcomes = at_once(2, write)

    assert outcomes.count(True) == 1
    assert sum(isinstance(one, FocalPointChanged) for one in outcomes) == 1


def test_a_form_that_is_sent_twice_at_once_writes_one_down(database: Database, now: datetime) -> None:
    with database.writing() as session:
        rita = somebody(session, Role.REVIEWER, Role.ANALYST, now=now)

    def write(_which: int) -> int:
        with database.writing() as session:
            handed_in(session, rita, now)
            return appoint(session, "MLI", None, NAMED, handling=Mark.GREEN, by=rita, now=now).id

    outcomes = at_once(2, write)

    with database.writing() as session:
        numbers = list(session.scalars(select(FocalPoint.id)))
        assert outcomes == numbers * 2
        assert len(answers(session)) == 1
