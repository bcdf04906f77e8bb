"""Which day a page shows, and from which records."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tracker.moment import FIRST_DAY, Moment, NoSuchMoment, moment_asked_for

NOW = datetime(2026, 3, 16, 9, 30, tzinfo=UTC)
TODAY, YESTERDAY = NOW.date(), NOW.date() - timedelta(days=1)


@pytest.mark.parametrize(("as_of", "known_on"), [("", ""), ("2026-03-16", ""), ("2026-03-16", "2026-03-16")])
def test_a_page_shows_today_with_all_that_is_known_unless_asked_for_another_day(as_of: str, known_on: str) -> None:
    assert moment_asked_for(as_of, known_on, NOW) == Moment(TODAY, NOW, is_now=True)


def test_a_past_day_is_shown_as_it_was_known_at_its_end() -> None:
    found = moment_asked_for("2026-03-15", "", NOW)
    assert (found.day, found.known_at) == (YESTERDAY, datetime(2026, 3, 15, 23, 59, 59, 999999, tzinfo=UTC))
    assert not found.is_hindsight


def test_a_past_day_may_be_seen_with_all_that_was_learnt_since() -> None:
    found = moment_asked_for("2025-12-31", "2026-03-16", NOW)
    assert (found.day, found.known_at, found.is_hindsight) == (date(2025, 12, 31), NOW, True)
    assert found.done_by == datetime(2025, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)


def test_what_was_known_on_a_day_is_what_was_to_be_seen_on_it() -> None:
    assert moment_asked_for("", "2026-02-01", NOW) == moment_asked_for("2026-02-01", "", NOW)


@pytest.mark.parametrize("asked", [("2026-03-17", ""), ("2026-03-01", "2026-03-17")])
def test_no_page_shows_a_day_that_is_still_to_come(asked: tuple[str, str]) -> None:
    with pytest.raises(NoSuchMoment, match="still to come"):
        moment_asked_for(*asked, NOW)


def test_nothing_was_known_of_a_day_before_it_came() -> None:
    with pytest.raises(NoSuchMoment, match="could not be known"):
        moment_asked_for("2026-02-02", "2026-02-01", NOW)


@pytest.mark.parametrize("words", ["yesterday", "2026-02-30", "31.12.2025", "２"])
def test_what_is_no_day_is_refused_rather_than_taken_for_today(words: str) -> None:
    with pytest.raises(NoSuchMoment, match="no day"):
        moment_asked_for(words, "", NOW)


@pytest.mark.parametrize("asked", [("", ""), ("2026-02-01", ""), ("2026-02-01", "2026-02-03")])
def test_an_address_brings_the_same_moment_back(asked: tuple[str, str]) -> None:
    found = moment_asked_for(*asked, NOW)
    arguments = found.as_arguments()
    assert moment_asked_for(arguments.get("as_of", ""), arguments.get("known_on", ""), NOW) == found


def test_a_day_from_which_no_page_can_look_back_is_refused() -> None:
    assert moment_asked_for(FIRST_DAY.isoformat(), "", NOW).day == FIRST_DAY
    with pytest.raises(NoSuchMoment):
        moment_asked_for((FIRST_DAY - timedelta(days=1)).isoformat(), "", NOW)
