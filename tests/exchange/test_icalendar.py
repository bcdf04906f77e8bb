from datetime import UTC, date, datetime
from typing import Any

import pytest

from tracker.exchange.icalendar import Day, icalendar

NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)


def lines_of(**differing: Any) -> list[str]:
    """Of a calendar with one day, as they stand in the file."""
    usual: dict[str, Any] = {
        "on": date(2026, 4, 20),
        "title": "Mali: Election",
        "url": "https://t.example.org/",
        "at": NOON,
    }
    content = icalendar("Tracker", [Day("occasion-1@t", **(usual | differing))])
    assert content.endswith(b"END:VCALENDAR\r\n")
    return content.decode().split("\r\n")


def unfolded(lines: list[str]) -> str:
    return "\n".join(lines).replace("\n ", "")


def test_a_day_is_a_whole_day_that_blocks_nobody() -> None:
    found = lines_of()

    assert found[0] == "BEGIN:VCALENDAR"
    for line in (
        "UID:occasion-1@t",
        "DTSTAMP:20260316T120000Z",
        "DTSTART;VALUE=DATE:20260420",
        "DTEND;VALUE=DATE:20260421",
        "SUMMARY:Mali: Election",
        "URL:https://t.example.org/",
        "TRANSP:TRANSPARENT",
    ):
        assert line in found


def test_what_means_something_in_a_calendar_is_escaped() -> None:
    hostile = "Vote; perhaps, or\\not\r\nEND:VEVENT"

    found = unfolded(lines_of(title=hostile))

    assert "SUMMARY:Vote\\; perhaps\\, or\\\\not END:VEVENT\n" in found
    assert found.count("\nEND:VEVENT") == 1


@pytest.mark.parametrize("letter", ["a", "é", "ل", "𐍈"])
def test_no_line_is_longer_than_75_bytes_and_no_letter_is_torn(letter: str) -> None:
    found = lines_of(title=letter * 200)

    assert max(len(line.encode()) for line in found) in range(72, 76)
    assert f"SUMMARY:{letter * 200}\n" in unfolded(found)


def test_a_line_of_just_75_bytes_is_left_alone() -> None:
    assert "SUMMARY:" + "a" * 67 in lines_of(title="a" * 67)
    assert "SUMMARY:" + "a" * 67 in lines_of(title="a" * 68)


def test_the_last_day_there_is_has_no_day_after_it() -> None:
    assert not any(line.startswith("DTEND") for line in lines_of(on=date.max))


def test_an_empty_calendar_is_a_calendar() -> None:
    assert icalendar("Tracker", []).decode().count("BEGIN:") == 1
