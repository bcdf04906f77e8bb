"""What is understood of other calendars, and what is refused by its name and line."""

from datetime import UTC, date, datetime

import pytest

from tracker.exchange.icalendar import Day, icalendar
from tracker.exchange.icalendar_events import Event, LineUnreadable, NoCalendar, NotClosed, events
from tracker.exchange.icalendar_rules import ComesOtherwise, DayUnreadable


def one(*lines: str) -> Event:
    [event] = events(calendar(*lines))
    return event


def calendar(*lines: str) -> str:
    whole = ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", ""]
    return "\r\n".join(whole)


def test_an_event_is_told_with_its_line() -> None:
    event = one("UID:1@example.org", "DTSTART;VALUE=DATE:20260407", "SUMMARY:Election")

    assert (event.line, event.day(), event.words("SUMMARY")) == (3, date(2026, 4, 7), "Election")
    assert event.recurrence() == (None, None)


def test_folded_escaped_and_quoted_lines_are_read_as_they_were_meant() -> None:
    event = one(
        'DTSTART;TZID="A zone: of, its; own":20260407T100000',
        "SUMMARY:Vote\\; perhaps\\, or",
        "  not\\nat all\\\\",
    )

    assert event.day() == date(2026, 4, 7)
    assert event.words("SUMMARY") == "Vote; perhaps, or not\nat all\\"


def test_alarms_within_an_event_and_other_parts_say_nothing_of_it() -> None:
    text = calendar("SUMMARY:Election", "BEGIN:VALARM", "SUMMARY:Wake up", "DTSTART:20200101", "END:VALARM")
    text = text.replace("BEGIN:VEVENT", "BEGIN:VTIMEZONE\r\nDTSTART:19700101T000000\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT")

    [event] = events(text)

    assert event.words("SUMMARY") == "Election"
    with pytest.raises(DayUnreadable):
        event.day()


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("FREQ=YEARLY", (12, None)),
        ("FREQ=MONTHLY;INTERVAL=3;WKST=MO", (3, None)),
        ("FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=7", (12, None)),
        ("FREQ=YEARLY;INTERVAL=2;COUNT=3", (24, date(2030, 4, 7))),
        ("FREQ=MONTHLY;COUNT=1", (1, date(2026, 4, 7))),
        ("FREQ=MONTHLY;UNTIL=20271231T235959Z", (1, date(2027, 12, 31))),
        ("freq=yearly;count=9999;interval=9999", (119_988, None)),
    ],
)
def test_so_many_months_or_years_are_understood(rule: str, found: tuple[int, date | None]) -> None:
    assert one("DTSTART:20260407", f"RRULE:{rule}").recurrence() == found


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("RRULE:FREQ=WEEKLY", "FREQ=WEEKLY"),
        ("RRULE:FREQ=MONTHLY;BYDAY=2TU", "BYDAY"),
        ("RRULE:FREQ=YEARLY;BYMONTH=5", "BYMONTH"),
        ("RRULE:FREQ=MONTHLY;BYMONTH=4", "BYMONTH"),
        ("RRULE:FREQ=YEARLY;BYMONTHDAY=7", "BYMONTHDAY"),
        ("RRULE:FREQ=YEARLY;INTERVAL=0", "INTERVAL=0"),
        ("RRULE:INTERVAL=2", "FREQ="),
        ("RDATE:20260501", "RDATE"),
        ("RRULE:FREQ=YEARLY\r\nRRULE:FREQ=YEARLY;INTERVAL=2", "RRULE, RRULE"),
        ("RRULE:FREQ=MONTHLY;BYMONTHDAY=-1", "BYMONTHDAY"),
        ("RECURRENCE-ID:20260501", "RECURRENCE-ID"),
    ],
)
def test_other_ways_to_come_again_are_refused_by_name(line: str, named: str) -> None:
    with pytest.raises(ComesOtherwise) as refused:
        one("DTSTART:20260407", line).recurrence()

    assert refused.value.values["name"] == named


@pytest.mark.parametrize(
    ("day", "rule", "is_understood"),
    [
        ("20260128", "FREQ=MONTHLY", True),
        ("20260129", "FREQ=MONTHLY", False),
        ("20260131", "FREQ=MONTHLY;INTERVAL=12", True),
        ("20260531", "FREQ=YEARLY", True),
        ("20280229", "FREQ=YEARLY", False),
        ("20270228", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28", True),
    ],
)
def test_what_other_calendars_leave_out_in_a_shorter_month_is_not_moved_to_its_last_day(
    day: str, rule: str, is_understood: bool
) -> None:
    event = one(f"DTSTART:{day}", f"RRULE:{rule}")

    if is_understood:
        assert event.recurrence() == (12 if "YEARLY" in rule or "12" in rule else 1, None)
        return
    with pytest.raises(ComesOtherwise) as refused:
        event.recurrence()
    assert refused.value.values["name"] == f"BYMONTHDAY={day[-2:]}"


OUTLOOK = """BEGIN:VTIMEZONE\r\nTZID:Far east\r\nBEGIN:STANDARD\r\nTZOFFSETTO:+1200\r\nEND:STANDARD\r\n\
BEGIN:DAYLIGHT\r\nTZOFFSETTO:+1300\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"""


@pytest.mark.parametrize(
    ("begins", "until", "last"),
    [
        # nine in the morning there is nine in the evening before, in UTC
        ("DTSTART;TZID=Pacific/Auckland:20260407T090000", "20280406T210000Z", date(2028, 4, 7)),
        ("DTSTART;TZID=Pacific/Auckland:20260407T090000", "20280406T205959Z", date(2028, 4, 6)),
        ("DTSTART;TZID=Far east:20260407T090000", "20280406T210000Z", date(2028, 4, 7)),
        ("DTSTART;TZID=America/Lima:20260407T220000", "20280408T030000Z", date(2028, 4, 7)),
        ("DTSTART;TZID=Europe/Paris:20260407T100000", "20280407T000000", date(2028, 4, 6)),
        ("DTSTART:20260407T100000Z", "20280407T100000Z", date(2028, 4, 7)),
        ("DTSTART:20260407T100000Z", "20280407T095959Z", date(2028, 4, 6)),
        ("DTSTART:20260407T100000", "20280407", date(2028, 4, 7)),
        ("DTSTART;TZID=Pacific/Auckland:20260407T090000", "99991231T235959Z", date(9999, 12, 31)),
        # the first day is one, whatever its end
        ("DTSTART:20260407", "20200101", date(2026, 4, 7)),
    ],
)
def test_the_last_day_is_found_by_the_clocks_of_the_event(begins: str, until: str, last: date) -> None:
    text = calendar(begins, f"RRULE:FREQ=YEARLY;UNTIL={until}").replace("BEGIN:VEVENT", f"{OUTLOOK}BEGIN:VEVENT")

    [event] = events(text)

    assert (event.day(), event.recurrence()) == (date(2026, 4, 7), (12, last))


def test_clocks_that_nobody_knows_are_asked_only_of_what_comes_again() -> None:
    begins = "DTSTART;TZID=Nowhere:20260407T090000"

    assert (one(begins).day(), one(begins).recurrence()) == (date(2026, 4, 7), (None, None))
    with pytest.raises(ComesOtherwise) as refused:
        one(begins, "RRULE:FREQ=YEARLY;UNTIL=20280406T210000Z").recurrence()
    assert refused.value.values["name"] == "TZID=Nowhere"


@pytest.mark.parametrize(("zone", "day"), [("Pacific/Auckland", 8), ("America/Lima", 7), ("Nowhere", 7), ("", 7)])
def test_a_moment_in_utc_is_of_the_day_that_the_clocks_of_its_calendar_show(zone: str, day: int) -> None:
    text = calendar("DTSTART:20260407T200000Z").replace("VERSION:2.0", f"X-WR-TIMEZONE:{zone}")

    assert events(text)[0].day() == date(2026, 4, day)


def test_one_day_that_is_called_off_does_not_call_off_all() -> None:
    assert one("DTSTART:20260407", "STATUS:CANCELLED").is_called_off
    assert not one("DTSTART:20260407", "STATUS:CANCELLED", "RECURRENCE-ID:20260407").is_called_off
    assert events(calendar("UID:1").replace("VERSION:2.0", "METHOD:CANCEL"))[0].is_called_off


def test_an_event_within_something_else_says_nothing_of_the_one_before() -> None:
    text = calendar("UID:1").replace(
        "END:VCALENDAR", "BEGIN:X\r\nBEGIN:VEVENT\r\nSUMMARY:x\r\nEND:VEVENT\r\nEND:X\r\nEND:VCALENDAR"
    )

    assert [event.words("SUMMARY") for event in events(text)] == [""]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", None),
        ("Day,Name", NoCalendar),
        ("BEGIN:VEVENT\nEND:VEVENT", NoCalendar),
        ("BEGIN:VCALENDAR\nnothing", LineUnreadable),
        ("BEGIN:VCALENDAR\nEND:VEVENT", LineUnreadable),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x", NotClosed),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\nSUMMARY:x", NoCalendar),
    ],
)
def test_what_is_no_calendar_is_refused(text: str, refusal: type[Exception] | None) -> None:
    if refusal is None:
        assert events(text) == []
        return
    with pytest.raises(refusal):
        events(text)


@pytest.mark.parametrize("typed", ["20260230", "2026-04-07", "20260407T1000", "20260407T250000", "tomorrow", ""])
def test_what_names_no_day_is_refused(typed: str) -> None:
    with pytest.raises(DayUnreadable):
        one(f"DTSTART:{typed}").day()


def test_our_own_calendar_is_understood() -> None:
    hostile = "Vote; perhaps, or\\not " + "é" * 200
    day = Day("1@t", date(2026, 4, 20), hostile, "https://t.example.org/", datetime(2026, 3, 16, tzinfo=UTC))

    [event] = events(icalendar("Tracker", [day]).decode())

    assert (event.words("SUMMARY"), event.day(), event.words("UID")) == (hostile, date(2026, 4, 20), "1@t")
