"""A score holds from its day until the next one; what was not known is never filled in."""

from datetime import date

import pytest

from tracker.pictures.score_line import ScoreLine, ScorePoint, gaps, newest, stretches

FIRST, UNTIL = date(2026, 1, 1), date(2026, 12, 31)


def line(*points: tuple[date, float | None]) -> ScoreLine:
    return ScoreLine("Veyra", tuple(ScorePoint(on, value) for on, value in points))


def test_a_score_holds_until_the_next_and_the_last_until_the_end() -> None:
    seen = line((FIRST, 40), (date(2026, 5, 1), 60)).within(FIRST, UNTIL)
    ((one, other),) = stretches(seen, UNTIL)
    assert (one.value, one.until) == (40, date(2026, 5, 1))
    assert (other.value, other.until) == (60, UNTIL)


def test_without_enough_evidence_there_is_a_gap_until_the_next_score() -> None:
    seen = line((FIRST, 40), (date(2026, 3, 1), None), (date(2026, 5, 1), 60)).within(FIRST, UNTIL)
    assert len(list(stretches(seen, UNTIL))) == 2
    assert gaps(seen, FIRST, UNTIL) == [(date(2026, 3, 1), date(2026, 5, 1))]


def test_before_the_first_score_and_after_the_last_there_are_gaps() -> None:
    seen = line((date(2026, 2, 1), 40), (date(2026, 3, 1), None)).within(FIRST, UNTIL)
    assert gaps(seen, FIRST, UNTIL) == [(FIRST, date(2026, 2, 1)), (date(2026, 3, 1), UNTIL)]


def test_a_line_without_scores_is_one_gap() -> None:
    assert gaps(line(), FIRST, UNTIL) == [(FIRST, UNTIL)]
    assert newest(line(), UNTIL) is None


def test_what_held_when_the_picture_begins_is_seen_from_its_beginning() -> None:
    seen = line((date(2020, 1, 1), 10), (date(2025, 6, 1), 20), (date(2026, 5, 1), 60)).within(FIRST, UNTIL)
    assert [(point.on, point.value) for point in seen.points] == [(FIRST, 20), (date(2026, 5, 1), 60)]


def test_what_comes_after_the_picture_is_not_seen() -> None:
    seen = line((FIRST, 10), (UNTIL, 20), (date(2027, 1, 1), 90)).within(FIRST, UNTIL)
    assert [point.value for point in seen.points] == [10, 20]


def test_a_score_that_is_stated_anew_is_no_other_score() -> None:
    seen = line((FIRST, 10), (date(2026, 2, 1), 10), (date(2026, 3, 1), 11)).within(FIRST, UNTIL)
    assert [point.on for point in seen.points] == [FIRST, date(2026, 3, 1)]


@pytest.mark.parametrize(
    ("day", "score"), [(date(2025, 12, 31), None), (FIRST, 40), (date(2026, 2, 28), 40), (date(2026, 3, 1), None)]
)
def test_the_score_of_a_day_is_the_one_that_held(day: date, score: float | None) -> None:
    assert line((date(2026, 3, 1), None), (FIRST, 40)).on_day(day) == score


def test_two_scores_from_one_day_on_are_refused() -> None:
    with pytest.raises(ValueError, match="Two scores"):
        list(stretches(line((FIRST, 10), (FIRST, 20)), UNTIL))


@pytest.mark.parametrize(
    ("value", "low", "high"), [(50, 51, 60), (50, 40, 49), (101, None, None), (float("nan"), None, None)]
)
def test_what_is_no_score_is_refused(value: float, low: float | None, high: float | None) -> None:
    with pytest.raises(ValueError, match="score"):
        ScorePoint(FIRST, value, low, high)
