from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from tests.digests import DAILY
from tracker.period import Cadence, Timetable
from tracker.rule import Severity
from tracker.subscription import (
    MOST_OF_ONE_PERSON,
    Interest,
    QuietHours,
    SubscriptionUnfit,
    Wanted,
    countries_of,
    is_paused,
    next_due_at,
    periods_due,
    refuse_unfit,
)

FIT = Wanted("Mine", DAILY)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("interest", "expected"),
    [
        (Interest(), None),
        (Interest(countries=frozenset({"MLI"})), frozenset({"MLI"})),
        (Interest(groups=frozenset({"sahel"})), frozenset({"NER", "TCD"})),
        (Interest(countries=frozenset({"MLI"}), own_countries=True), frozenset({"MLI", "KEN"})),
    ],
)
def test_an_interest_adds_up_countries_groups_and_own_ones(interest: Interest, expected: frozenset[str] | None) -> None:
    members = {"NER", "TCD"} if interest.groups else set[str]()
    assert countries_of(interest, {"KEN"}, members, None) == expected


def test_an_interest_never_goes_beyond_the_scope() -> None:
    interest = Interest(countries=frozenset({"MLI", "NER"}))
    assert countries_of(interest, (), (), {"MLI", "KEN"}) == frozenset({"MLI"})
    assert countries_of(Interest(), (), (), {"MLI", "KEN"}) == frozenset({"MLI", "KEN"})


def test_an_interest_comes_back_from_the_database_as_it_was() -> None:
    interest = Interest(frozenset({"MLI"}), frozenset({"sahel"}), True, frozenset({"rule_of_law"}), Severity.ALARM)
    assert Interest.from_kept(interest.as_kept()) == interest


@pytest.mark.parametrize(
    "unfit",
    [
        replace(FIT, name="  "),
        replace(FIT, name="n" * 81),
        replace(FIT, language="tlh"),
        replace(FIT, timetable=replace(DAILY, zone="Europe/Atlantis")),
        replace(FIT, timetable=Timetable(Cadence.WEEKLY, time(7), "UTC", weekday=8)),
        replace(FIT, timetable=Timetable(Cadence.MONTHLY, time(7), "UTC", month_day=0)),
    ],
)
def test_what_cannot_be_is_refused(unfit: Wanted) -> None:
    with pytest.raises(SubscriptionUnfit):
        refuse_unfit(unfit, how_many=0)


def test_what_can_be_is_taken_up_to_a_number() -> None:
    refuse_unfit(replace(FIT, name="n" * 80), how_many=MOST_OF_ONE_PERSON - 1)
    with pytest.raises(SubscriptionUnfit):
        refuse_unfit(FIT, how_many=MOST_OF_ONE_PERSON)


# ---- pauses ----------------------------------------------------------------------------------------------------


def test_a_pause_ends_with_the_first_moment_of_its_day_by_the_clocks_of_the_zone() -> None:
    cairo = replace(DAILY, zone="Africa/Cairo")
    again, before = utc("2026-03-19 22:00"), utc("2026-03-19 21:59")
    assert is_paused(cairo, before, date(2026, 3, 20))
    assert not is_paused(cairo, again, date(2026, 3, 20))
    assert not is_paused(cairo, before, None)


def test_during_a_pause_nothing_falls_due() -> None:
    window = utc("2026-03-16 12:00"), utc("2026-03-20 12:00")
    assert [period.key for period in periods_due(DAILY, *window, date(2026, 3, 19))] == ["2026-03-19", "2026-03-20"]
    assert len(periods_due(DAILY, *window, None)) == 4


def test_after_a_pause_the_first_period_is_that_of_its_last_day() -> None:
    now = utc("2026-03-16 12:00")
    assert next_due_at(DAILY, now, date(2026, 3, 19)) == utc("2026-03-19 07:00")
    assert next_due_at(replace(DAILY, at=time(0)), now, date(2026, 3, 19)) == utc("2026-03-19 00:00")
    assert next_due_at(DAILY, now, date(2026, 3, 1)) == utc("2026-03-17 07:00")


# ---- quiet hours -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "told_at"),
    [
        ("2026-03-16 21:59", "2026-03-16 21:59"),
        ("2026-03-16 22:00", "2026-03-17 06:00"),
        ("2026-03-17 05:59", "2026-03-17 06:00"),
        ("2026-03-17 06:00", "2026-03-17 06:00"),
    ],
)
def test_quiet_hours_go_over_midnight(moment: str, told_at: str) -> None:
    assert QuietHours(time(22), time(6)).hold(utc(moment), "UTC") == utc(told_at)


def test_quiet_hours_go_by_the_clocks_of_the_reader() -> None:
    noon = QuietHours(time(12), time(14))
    assert noon.hold(utc("2026-03-16 06:30"), "Asia/Dhaka") == utc("2026-03-16 08:00")
    assert noon.hold(utc("2026-03-16 12:30"), "Asia/Dhaka") == utc("2026-03-16 12:30")


def test_quiet_hours_that_end_in_a_leap_of_the_clocks_end_with_it() -> None:
    """In Berlin 02:30 does not exist on that day."""
    assert QuietHours(time(22), time(2, 30)).hold(utc("2026-03-28 23:00"), "Europe/Berlin") == utc("2026-03-29 01:00")


def test_quiet_hours_that_are_over_do_not_begin_again_when_the_clocks_go_back() -> None:
    night = QuietHours(time(22), time(2, 45))
    assert night.hold(utc("2026-10-25 00:30"), "Europe/Berlin") == utc("2026-10-25 00:45")
    assert night.hold(utc("2026-10-25 01:30"), "Europe/Berlin") == utc("2026-10-25 01:30")
