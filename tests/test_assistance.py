"""What a State may ask for, and how it ends."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tracker.assistance import (
    ENDS,
    KINDS_OF_HELP,
    LONGEST_LINE,
    LONGEST_TEXT,
    AssistanceState,
    EndedAlready,
    RequestUnfit,
    Wish,
    days_open,
    is_late,
    refuse_end,
    refuse_unfit,
)
from tracker.measure import MeasureKind

TODAY = date(2026, 3, 16)
DAY = timedelta(days=1)
ASKED = datetime(2026, 3, 16, 23, 50, tzinfo=UTC)
WISH = Wish(MeasureKind.SECURITY_SECTOR, "Trainers", "Ten, for the north.", TODAY, "Ministry of the Interior")


def test_what_is_in_order_is_asked_for_up_to_the_longest_words_and_from_today_on() -> None:
    refuse_unfit(WISH, TODAY, speaks_for_itself=False)
    refuse_unfit(replace(WISH, needed_by=None), TODAY, speaks_for_itself=False)
    longest = replace(WISH, title="x" * LONGEST_LINE, words="x" * LONGEST_TEXT, on_behalf_of="x" * LONGEST_LINE)
    refuse_unfit(longest, TODAY, speaks_for_itself=False)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (replace(WISH, title=""), "title"),
        (replace(WISH, title="x" * (LONGEST_LINE + 1)), "title"),
        (replace(WISH, words=""), "words"),
        (replace(WISH, words="x" * (LONGEST_TEXT + 1)), "words"),
        (replace(WISH, needed_by=TODAY - DAY), "needed_by"),
        (replace(WISH, on_behalf_of=""), "on_behalf_of"),
        (replace(WISH, on_behalf_of="x" * (LONGEST_LINE + 1)), "on_behalf_of"),
        (replace(WISH, kind=MeasureKind.FORCE), "kind"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_is_not_in_order_is_said_beside_its_field(wish: Wish, field: str) -> None:
    with pytest.raises(RequestUnfit) as refused:
        refuse_unfit(wish, TODAY, speaks_for_itself=False)

    assert refused.value.field == field


def test_a_focal_point_need_not_say_whose_request_it_is() -> None:
    refuse_unfit(replace(WISH, on_behalf_of=""), TODAY, speaks_for_itself=True)


def test_every_kind_of_measure_but_force_can_be_asked_for() -> None:
    assert set(MeasureKind) - set(KINDS_OF_HELP) == {MeasureKind.FORCE}


@pytest.mark.parametrize("state", ENDS)
def test_what_has_ended_ends_no_more(state: AssistanceState) -> None:
    with pytest.raises(EndedAlready):
        refuse_end(state, "Ten trainers go.")


@pytest.mark.parametrize("words", ["", "x" * (LONGEST_TEXT + 1)])
def test_it_ends_in_words_of_bearable_length(words: str) -> None:
    refuse_end(AssistanceState.OPEN, "x" * LONGEST_TEXT)
    with pytest.raises(RequestUnfit):
        refuse_end(AssistanceState.OPEN, words)


def test_days_are_counted_by_the_calendar_until_it_ends() -> None:
    assert days_open(ASKED, None, TODAY) == 0
    assert days_open(ASKED, None, TODAY + DAY) == 1
    assert days_open(ASKED, ASKED + 3 * DAY, TODAY + 40 * DAY) == 3


def test_it_is_late_from_the_day_after_it_was_needed_unless_it_ended() -> None:
    assert not is_late(TODAY, None, TODAY)
    assert is_late(TODAY, None, TODAY + DAY)
    assert not is_late(TODAY, ASKED, TODAY + DAY)
    assert not is_late(None, None, TODAY + DAY)
