"""What is written down of a focal point, and how much of a place is covered."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tracker.focal_point import (
    LONGEST_CONTACT,
    LONGEST_LINE,
    Appointment,
    AppointmentUnfit,
    EndedAlready,
    Share,
    refuse_end,
    refuse_unfit,
    shares,
)

TODAY = date(2026, 3, 16)
DAY = timedelta(days=1)
NAMED = Appointment("Ministry of Justice", "The director", "+223 00", TODAY, "https://example.org/named")


def test_an_office_and_a_day_are_enough() -> None:
    refuse_unfit(Appointment("x" * LONGEST_LINE, "", "x" * LONGEST_CONTACT, TODAY), TODAY)


@pytest.mark.parametrize(
    ("appointment", "field"),
    [
        (replace(NAMED, office=""), "office"),
        (replace(NAMED, office="x" * (LONGEST_LINE + 1)), "office"),
        (replace(NAMED, name="x" * (LONGEST_LINE + 1)), "name"),
        (replace(NAMED, contact="x" * (LONGEST_CONTACT + 1)), "contact"),
        (replace(NAMED, since=TODAY + DAY), "since"),
        (replace(NAMED, link="javascript:alert(1)"), "link"),
        (replace(NAMED, link="HTTPS://example.org/"), "link"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_is_not_in_order_is_said_beside_its_field(appointment: Appointment, field: str) -> None:
    with pytest.raises(AppointmentUnfit) as refused:
        refuse_unfit(appointment, TODAY)

    assert refused.value.field == field


@pytest.mark.parametrize("last", [TODAY - 10 * DAY, TODAY])
def test_the_last_day_lies_between_the_appointment_and_today(last: date) -> None:
    refuse_end(TODAY - 10 * DAY, None, last, TODAY)


@pytest.mark.parametrize("last", [TODAY - 11 * DAY, TODAY + DAY])
def test_no_other_day_is_the_last_one(last: date) -> None:
    with pytest.raises(AppointmentUnfit):
        refuse_end(TODAY - 10 * DAY, None, last, TODAY)


def test_who_has_left_leaves_no_more() -> None:
    with pytest.raises(EndedAlready):
        refuse_end(TODAY - 10 * DAY, TODAY - DAY, TODAY, TODAY)


def test_shares_begin_where_the_most_are_missing_and_leave_out_what_is_empty() -> None:
    places = {"north": ["AAA", "BBB"], "south": ["CCC", "DDD", "EEE"], "sea": []}

    assert shares(places, {"AAA", "CCC", "XXX"}) == [Share("south", 1, 3), Share("north", 1, 2)]
    assert Share("north", 1, 2).part == 0.5
    assert Share("sea", 0, 0).part == 0
