"""What titles of pictures say: what their numbers show, and nothing else."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from flask_babel import Babel

from tracker.pictures.score_line import ScoreLine, ScorePoint
from tracker.web.chart_titles import score_title, series_title, several_scores_title

TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    app = Flask("titles")
    Babel(app)
    with app.test_request_context():
        yield


def line(*points: tuple[date, float | None], label: str = "") -> ScoreLine:
    return ScoreLine(label, tuple(ScorePoint(on, value) for on, value in points))


OLD = date(2019, 3, 1)
LATELY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("before", "now", "title"),
    [
        (52, 58, "Risk rose from 52 to 58 in twelve months"),
        (58, 52, "Risk fell from 58 to 52 in twelve months"),
        (52, 55, "Risk rose from 52 to 55 in twelve months"),
        (52, 54, "Risk has hardly changed since 2019"),
        (52, 49, "Risk fell from 52 to 49 in twelve months"),
    ],
)
def test_a_score_is_held_against_a_year_before(before: float, now: float, title: str) -> None:
    assert score_title(line((OLD, before), (LATELY, now)), TODAY) == title


@pytest.mark.parametrize(
    ("before", "now", "title"),
    [
        (59, 61, "Risk rose from 59 (elevated) to 61 (high) in twelve months"),
        (60, 59.9, "Risk fell from 60 (high) to 59.9 (elevated) in twelve months"),
        (60, 61, "Risk has hardly changed since 2019"),
    ],
)
def test_a_change_of_level_is_told_however_small_it_is(before: float, now: float, title: str) -> None:
    assert score_title(line((OLD, before), (LATELY, now)), TODAY) == title


@pytest.mark.parametrize(
    ("on", "title"),
    [
        (date(2026, 10, 20), "Risk rose from 45 to 48 on 20 October 2026; a year ago it was 58"),
        (date(2026, 10, 19), "Risk fell from 58 to 48 in twelve months"),
    ],
)
def test_what_a_score_did_lately_is_told_before_what_it_did_in_the_year(on: date, title: str) -> None:
    assert score_title(line((OLD, 58), (LATELY, 45), (on, 48), (TODAY, 48.2)), TODAY) == title


def test_what_a_score_did_lately_is_told_with_its_levels() -> None:
    turned = line((OLD, 20), (LATELY, 65), (TODAY, 55))
    assert score_title(turned, TODAY) == (
        "Risk fell from 65 (high) to 55 (elevated) on 20 November 2026; a year ago it was 20 (guarded)"
    )
    assert score_title(turned, TODAY, "Rule of law") == (
        "Rule of law: better, from 65 (high) to 55 (elevated) on 20 November 2026; a year ago it was 20 (guarded)"
    )


def test_a_criterion_gets_worse_or_better_and_does_not_rise() -> None:
    """“Rule of law rose” would be read as good news."""
    assert score_title(line((OLD, 52), (LATELY, 58)), TODAY, "Rule of law") == (
        "Rule of law: worse, from 52 to 58 in twelve months"
    )
    assert score_title(line((OLD, 58), (LATELY, 52)), TODAY, "Rule of law") == (
        "Rule of law: better, from 58 to 52 in twelve months"
    )


def test_hardly_changed_goes_as_far_back_as_every_score_was_much_the_same() -> None:
    swung = line((OLD, 52), (date(2021, 1, 1), 60), (date(2022, 5, 1), 53), (LATELY, 54))
    assert score_title(swung, TODAY) == "Risk has hardly changed since 2022"


@pytest.mark.parametrize(
    ("since", "title"),
    [
        (date(2024, 11, 20), "Risk has hardly changed since 2024"),
        (date(2024, 11, 21), "Risk has hardly changed in twelve months"),
    ],
)
def test_a_year_is_named_only_after_two_of_them(since: date, title: str) -> None:
    assert score_title(line((OLD, 90), (since, 52)), TODAY) == title


def test_a_score_that_is_younger_than_a_year_is_held_against_its_first() -> None:
    begun = date(2026, 2, 3)
    assert (
        score_title(line((begun, 52), (LATELY, 71)), TODAY)
        == "Risk: worse, from 52 (elevated) on 3 February 2026 to 71 (high)"
    )
    assert score_title(line((begun, 52)), TODAY) == ("Risk is 52; before 3 February 2026 there was not enough evidence")


def test_what_was_known_before_a_gap_is_not_held_against_what_is_known_now() -> None:
    gap = line((OLD, 20), (date(2025, 10, 1), None), (LATELY, 71))
    assert score_title(gap, TODAY) == "Risk is 71; before 1 June 2026 there was not enough evidence"


def test_a_score_that_ended_says_since_when() -> None:
    assert score_title(line((OLD, 52), (LATELY, None)), TODAY) == "Risk: not enough evidence since 1 June 2026"
    assert score_title(line(), TODAY) == "Risk: never enough evidence for a score"
    assert score_title(line((OLD, None)), TODAY) == "Risk: never enough evidence for a score"


def test_what_came_after_the_day_is_not_told() -> None:
    assert score_title(line((OLD, 52), (LATELY, 71)), date(2026, 5, 31)) == "Risk has hardly changed since 2019"


def test_several_scores_are_told_by_their_ends() -> None:
    veyra, ree, cays = (line((OLD, score), label=name) for score, name in ((71, "Veyra"), (20, "Ree"), (None, "Cays")))
    assert several_scores_title([veyra, ree, cays], TODAY) == "Risk lies between 20 (Ree) and 71 (Veyra)"
    assert several_scores_title([veyra, cays], TODAY, "Rule of law") == "Rule of law is 71: Veyra"
    assert several_scores_title([cays], TODAY) == "Risk: not enough evidence for any of them"
    assert several_scores_title([veyra, line((OLD, 71.2), label="Ree")], TODAY) == "Risk is 71 in each of them"


@pytest.mark.parametrize(
    ("last", "best", "worst", "title"),
    [
        (-1.06, 2.5, -2.5, "Rule of law: worse, from −0.71 in 2018 to −1.06 in 2023"),
        (-0.2, 2.5, -2.5, "Rule of law: better, from −0.71 in 2018 to −0.2 in 2023"),
        (-0.2, 0, 1, "Rule of law: worse, from −0.71 in 2018 to −0.2 in 2023"),
        (-0.7101, 2.5, -2.5, "Rule of law: −0.71 in 2023, as in 2018"),
    ],
)
def test_a_measure_is_told_in_its_own_unit_and_direction(last: float, best: float, worst: float, title: str) -> None:
    values = [(date(2023, 12, 31), last), (date(2018, 12, 31), -0.71)]
    assert series_title("Rule of law", values, best=best, worst=worst, yearly=True) == title


def test_a_single_figure_went_nowhere() -> None:
    assert series_title("Rule of law", [(OLD, 3)], best=0, worst=4, yearly=False) == "Rule of law"
