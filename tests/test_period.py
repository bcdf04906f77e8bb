"""When a digest is due, in every zone and through every change of clocks."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.zones import ZONES, around_changes, wrong_in
from tracker.period import Cadence, Period, Timetable, due_at, due_between, next_due

BERLIN = "Europe/Berlin"
DAY = timedelta(days=1)


def daily(at: str = "07:00", zone: str = BERLIN) -> Timetable:
    return Timetable(Cadence.DAILY, time.fromisoformat(at), zone)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_an_hour_is_the_readers_own_in_summer_and_in_winter() -> None:
    assert due_at(date(2026, 7, 1), time(7), BERLIN) == utc("2026-07-01 05:00")
    assert due_at(date(2026, 1, 1), time(7), BERLIN) == utc("2026-01-01 06:00")


def test_an_hour_that_the_clocks_leap_over_is_due_at_the_first_moment_after_the_leap() -> None:
    assert due_at(date(2026, 3, 29), time(2, 30), BERLIN) == utc("2026-03-29 01:00")


def test_an_hour_that_comes_twice_is_due_the_first_time() -> None:
    assert due_at(date(2026, 10, 25), time(2, 30), BERLIN) == utc("2026-10-25 00:30")


def test_a_day_that_a_zone_left_out_is_due_as_the_next_one_begins() -> None:
    left_out = due_at(date(2011, 12, 30), time(12), "Pacific/Apia")
    assert left_out == due_at(date(2011, 12, 31), time(0), "Pacific/Apia")


@pytest.mark.parametrize("letter", sorted({zone[0] for zone in ZONES}))
def test_no_date_is_missed_or_doubled_in_any_zone_at_any_hour(letter: str) -> None:
    zones = [zone for zone in ZONES if zone[0] == letter]
    assert [line for zone in zones for days in around_changes(zone) for line in wrong_in(zone, days)] == []


def test_a_change_of_clocks_is_looked_at() -> None:
    assert any(date(2026, 3, 29) in days and date(2026, 3, 30) in days for days in around_changes(BERLIN))


@pytest.mark.parametrize("zone", [BERLIN, "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Kathmandu"])
def test_every_day_of_a_year_is_planned_once_by_a_worker_that_looks_every_hour(zone: str) -> None:
    table, keys = daily("02:30", zone), Counter[str]()
    now = utc("2026-01-01 00:00")
    for _ in range(365 * 24):
        keys.update(period.key for period in due_between(table, now, now + timedelta(hours=1)))
        now += timedelta(hours=1)
    assert set(keys.values()) == {1}
    assert len(keys) in (364, 365, 366)


@given(
    since=st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: utc("2024-01-01 00:00") + timedelta(minutes=minutes)),
    cuts=st.lists(st.integers(1, 6 * 24 * 60), max_size=6),
    zone=st.sampled_from([BERLIN, "America/St_Johns", "Pacific/Auckland", "Africa/Casablanca", "UTC"]),
    cadence=st.sampled_from(list(Cadence)),
    hour=st.integers(0, 23),
)
def test_however_often_a_worker_looks_it_plans_the_same_periods(
    since: datetime, cuts: list[int], zone: str, cadence: Cadence, hour: int
) -> None:
    table = Timetable(cadence, time(hour), zone, weekday=3, month_day=31)
    now = since + timedelta(days=6)
    moments = sorted({since, now, *(since + timedelta(minutes=cut) for cut in cuts)})
    looked = [period for one, other in pairwise(moments) for period in due_between(table, one, other)]
    assert looked == due_between(table, since, now)


def test_a_week_is_named_by_its_year_and_number_and_due_on_its_weekday() -> None:
    friday = Timetable(Cadence.WEEKLY, time(7), BERLIN, weekday=5)
    assert due_between(friday, utc("2026-12-28 00:00"), utc("2027-01-03 00:00")) == [
        Period(utc("2027-01-01 06:00"), "2026-W53")
    ]


@pytest.mark.parametrize(
    ("month_day", "due"), [(1, "2026-02-01"), (28, "2026-02-28"), (29, "2026-02-28"), (31, "2026-02-28")]
)
def test_a_month_that_is_too_short_is_due_on_its_last_day(month_day: int, due: str) -> None:
    table = Timetable(Cadence.MONTHLY, time(6), "UTC", month_day=month_day)
    found = next_due(table, utc("2026-01-31 12:00"))
    assert found == Period(utc(f"{due} 06:00"), "2026-02")


@pytest.mark.parametrize(("late", "planned"), [(timedelta(days=7), 7), (timedelta(days=30), 7)])
def test_what_is_older_than_a_week_is_not_made_up_for(late: timedelta, planned: int) -> None:
    now = utc("2026-06-15 12:00")
    assert len(due_between(daily(), now - late, now)) == planned


def test_what_falls_due_at_this_very_moment_is_due_and_what_fell_due_when_looked_last_is_not() -> None:
    due = utc("2026-06-15 05:00")
    assert due_between(daily(), due - timedelta(hours=1), due) == [Period(due, "2026-06-15")]
    assert due_between(daily(), due, due + timedelta(hours=1)) == []


def test_the_next_one_lies_after_a_moment_and_never_at_it() -> None:
    due = utc("2026-06-15 05:00")
    assert next_due(daily(), due - timedelta(seconds=1)).due_at == due
    assert next_due(daily(), due).due_at == due + DAY


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "Europe", "../etc/passwd", ""])
def test_where_a_zone_no_longer_exists_the_clocks_of_utc_are_taken(zone: str) -> None:
    window = utc("2026-01-01 00:00"), utc("2026-01-02 00:00")
    assert due_between(daily(zone=zone), *window) == due_between(daily(zone="UTC"), *window) != []
    assert next_due(daily(zone=zone), window[0]) == next_due(daily(zone="UTC"), window[0])
