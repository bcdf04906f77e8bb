"""How a country came to stand where it stands: its risk with the flags on it, its criteria, its indicators."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from tracker.index import Tree
from tracker.method import ROOT
from tracker.pictures.marks import FlagMark
from tracker.pictures.score_line import ScoreLine, ScorePoint
from tracker.pictures.score_spark import MOST, score_spark
from tracker.score import level_of
from tracker.storage.scores import Step
from tracker.web.chart_titles import score_title, unmoved_title
from tracker.web.countries.scores import CountryScores, known
from tracker.web.score_charts import ScorePicture, SmallScores, score_picture, small_scores
from tracker.web.windows import Window, first_day
from tracker.workings import Scores


@dataclass(frozen=True)
class Course:
    first: date
    # The risk and each criterion, by key, in the order of the tree; all of them, also from before the first day.
    lines: Mapping[str, ScoreLine]
    title: str
    picture: ScorePicture
    criteria: SmallScores
    # By indicator: how bad it was, in the space of a word.
    sparks: Mapping[str, str]


def country_course(
    scores: CountryScores,
    steps: Sequence[Step],
    window: Window,
    until: date,
    marks: Sequence[FlagMark],
    urls: Mapping[str, str],
    newest: str = "",
) -> Course:
    """`urls`: by criterion, where its way is drawn large, with its figures. `newest`: of when the newest evidence is,
    where nothing newer is known, so that nobody can tell whether the risk has changed.
    """
    tree, first = scores.tree, first_shown(steps, window, until)
    criteria = [node.line for limb in scores.whole.parts for node in limb.parts]
    named = {ROOT: "", **{criterion.key: criterion.name for criterion in criteria}}
    lines = {key: score_line(tree, steps, key, name) for key, name in named.items()}
    title = unmoved_title(lines[ROOT], until, newest) if newest else score_title(lines[ROOT], until)
    return Course(
        first,
        lines,
        title,
        score_picture([lines[ROOT]], identifier="risk", title=title, first=first, until=until, marks=marks),
        small_scores(
            [lines[criterion.key] for criterion in criteria],
            identifier="criteria",
            first=first,
            until=until,
            urls=[urls[criterion.key] for criterion in criteria],
            with_rows=False,
        ),
        _sparks(scores, steps, first, until),
    )


def score_line(tree: Tree, steps: Sequence[Step], key: str, label: str = "") -> ScoreLine:
    place = tree.positions[key]
    return ScoreLine(label, tuple(_point(step.day, step.scores, place) for step in steps))


def _point(day: date, found: Scores, place: int) -> ScorePoint:
    value, low, high = (known(float(one[place])) for one in (found.values, found.low, found.high))
    return ScorePoint(day, value, low, high)


def first_shown(steps: Sequence[Step], window: Window, until: date) -> date:
    """Where the window begins, or the first day of which anything is known."""
    begins = first_day(window, until)
    if begins is not None:
        return begins
    return next((step.day for step in steps if not np.isnan(step.scores.severity).all()), until)


def _sparks(scores: CountryScores, steps: Sequence[Step], first: date, until: date) -> dict[str, str]:
    """Of every indicator that was known at one of the points, and may be told."""
    tree, days = scores.tree, [step.day for step in steps]
    span = (until - first) / (MOST - 1)
    held = [bisect_right(days, first + number * span) - 1 for number in range(MOST - 1)] + [len(days) - 1]
    nothing = np.full(len(tree.leaves), np.nan)
    severities = np.stack([steps[place].scores.severity if place >= 0 else nothing for place in held], axis=1)
    return {
        key: _spark(values)
        for key, values, is_unknown in zip(
            tree.leaves, severities.tolist(), np.isnan(severities).all(axis=1), strict=True
        )
        if not is_unknown and key not in scores.hidden
    }


def _spark(values: Sequence[float]) -> str:
    last = known(values[-1])
    return score_spark([known(value) for value in values], None if last is None else int(level_of(last)))
