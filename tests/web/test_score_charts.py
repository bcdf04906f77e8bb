"""Pictures of scores in the reader's words, and what stands beneath them."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from flask_babel import Babel

from tracker.pictures.marks import FlagMark
from tracker.pictures.score_line import ScoreLine, ScorePoint
from tracker.score import Level
from tracker.web.charts import heat_steps
from tracker.web.score_charts import score_picture, small_scores

FIRST, UNTIL = date(2026, 1, 1), date(2026, 12, 31)
MARCH, MAY = date(2026, 3, 1), date(2026, 5, 1)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    app = Flask("charts")
    Babel(app)
    with app.test_request_context():
        yield


def test_the_table_has_every_score_the_newest_first() -> None:
    points = (ScorePoint(FIRST, 40, 31, 52.2), ScorePoint(MARCH, 79.96), ScorePoint(MAY, None))
    shown = score_picture([ScoreLine("", points)], identifier="risk", title="Risk", until=UNTIL)
    assert [(row.day, row.score, row.interval, row.level) for row in shown.rows] == [
        ("1 May 2026", "", "", None),
        ("1 Mar 2026", "79.9", "", Level.HIGH),
        ("1 Jan 2026", "40", "31 to 52", Level.ELEVATED),
    ]


def test_what_reads_the_same_as_the_row_before_is_no_row_of_its_own() -> None:
    points = (ScorePoint(FIRST, 40.1), ScorePoint(MARCH, 40.2), ScorePoint(MAY, 41))
    shown = score_picture([ScoreLine("", points)], identifier="risk", title="Risk", until=UNTIL)
    assert [row.day for row in shown.rows] == ["1 May 2026", "1 Jan 2026"]


def test_each_flag_stands_in_words_below_the_picture_and_each_shape_is_explained() -> None:
    marks = (
        FlagMark(MARCH, 3, "risk at 60"),
        FlagMark(MAY, 3, "risk at 60", ended=True),
        FlagMark(UNTIL, 1, "silence"),
    )
    line = ScoreLine("", (ScorePoint(FIRST, 40),))
    shown = score_picture([line], identifier="risk", title="Risk", until=UNTIL, marks=marks)
    assert [(flag.day, flag.flag, flag.words) for flag in shown.flags] == [
        ("31 Dec 2026", "notice", "silence"),
        ("1 May 2026", "alarm cleared", "risk at 60"),
        ("1 Mar 2026", "alarm", "risk at 60"),
    ]
    assert [word for _symbol, word in shown.key] == ["alarm", "notice", "hollow: cleared"]


def test_a_small_picture_tells_the_score_of_the_last_day_and_leads_further() -> None:
    lines = [
        ScoreLine("Law", (ScorePoint(FIRST, 40),)),
        ScoreLine("Signs", (ScorePoint(FIRST, 40), ScorePoint(MAY, None))),
    ]
    shown = small_scores(lines, identifier="small", first=FIRST, until=UNTIL, urls=["/law", "/signs"])
    assert [(one.name, one.url, one.score, one.level) for one in shown.pictures] == [
        ("Law", "/law", "40", Level.ELEVATED),
        ("Signs", "/signs", "", None),
    ]


def test_every_shade_is_explained() -> None:
    assert [step for step, _words in heat_steps()] == list(range(6))
