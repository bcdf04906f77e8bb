from datetime import date

import pytest

from tracker.criterion import Dimension, Meeting


def test_there_are_three_dimensions_in_the_order_in_which_they_are_told() -> None:
    assert list(Dimension) == ["pressure", "signs", "protection"]


@pytest.mark.parametrize(
    ("year", "held_on"),
    [("2008", date(2008, 9, 25)), ("2009", date(2009, 9, 25)), ("2012", date(2012, 9, 28))],
)
def test_each_meeting_knows_the_day_it_was_held(year: str, held_on: date) -> None:
    assert Meeting(year).held_on == held_on


def test_each_meeting_has_a_title_of_its_own() -> None:
    assert len({meeting.full_title for meeting in Meeting}) == len(Meeting)


def test_the_sections_of_2009_are_numbered_one_to_eight() -> None:
    assert [section.split(".")[0] for section in Meeting.SECOND.sections] == [str(n) for n in range(1, 9)]


@pytest.mark.parametrize("meeting", Meeting)
def test_no_heading_stands_twice_in_one_summary(meeting: Meeting) -> None:
    assert len(set(meeting.sections)) == len(meeting.sections)
