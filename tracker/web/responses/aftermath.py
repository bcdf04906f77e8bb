"""What the indicators did once it was decided what to do: the risk as a picture, and what moved since, in figures.

That something changed afterwards does not say that the measure did it; and a score that stands still for want of
figures says nothing at all.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _

from tracker.handling import Mark
from tracker.method import ROOT
from tracker.pictures.marks import FlagMark
from tracker.pictures.score_line import ScoreLine, ScorePoint
from tracker.response import ResponseState
from tracker.storage import country_evidence, score_steps
from tracker.storage.base import Session
from tracker.storage.responding import Response
from tracker.web.chart_titles import score_title
from tracker.web.countries.course import score_line
from tracker.web.frame import Frame
from tracker.web.moments import of_today
from tracker.web.responses.words import response_state_word
from tracker.web.score_charts import ScorePicture, score_picture
from tracker.web.words import day, points, signed

# So much of the way before is drawn, to see what it did without the measure.
BEFORE = timedelta(days=365)


@dataclass(frozen=True)
class Since:
    """What one score did since the decision."""

    name: str
    # In the reader's words, each with its interval; empty: not enough evidence.
    then: str
    now: str
    # Empty: one of the two is not known.
    change: str
    # The intervals of then and now lie apart: more than can be put down to uncertainty.
    is_clear: bool
    # Something was observed after that day.
    is_newer: bool


@dataclass(frozen=True)
class Aftermath:
    decided_on: date
    title: str
    picture: ScorePicture
    # What the squares in it stand for, with their days.
    steps: str
    version: int
    # The risk, then each criterion on which the measure works.
    since: Sequence[Since]

    @property
    def is_newer(self) -> bool:
        return any(one.is_newer for one in self.since)


def aftermath(
    session: Session, response: Response, iso3: str, criteria: Collection[str], clearance: Mark, frame: Frame
) -> Aftermath | None:
    """None: nobody has decided yet, or nothing that the reader may see was ever scored."""
    if response.decided_at is None or frame.method is None:
        return None
    number, method = frame.method
    moment, decided_on = of_today(), response.decided_at.date()
    first = decided_on - BEFORE
    steps = score_steps.steps_seen(
        session, number, method.tree, [iso3], clearance, ends=[first], until=moment.day, known=moment.known_at
    )[iso3]
    if not steps:
        return None
    line = score_line(method.tree, steps, ROOT)
    title = _title(_held(line, decided_on), _held(line, moment.day)) or score_title(line, moment.day)
    marks = _steps_of(response)
    picture = score_picture(
        [line],
        identifier="aftermath",
        title=title,
        first=first,
        until=moment.day,
        marks=[FlagMark(on, 0, label) for on, label in marks],
    )
    newer = _newer(session, iso3, clearance, decided_on, moment.day, frame)
    wanted = {one.key: one.name for one in frame.criteria if one.key in criteria and one.key in method.tree.positions}
    named = [(ROOT, str(_("Risk")), bool(newer)), *((key, name, key in newer) for key, name in wanted.items())]
    lines = [(score_line(method.tree, steps, key, name), is_newer) for key, name, is_newer in named]
    since = [_since(one, is_newer, decided_on, moment.day) for one, is_newer in lines]
    told = ", ".join(str(_("%(step)s %(day)s", step=label, day=day(on))) for on, label in marks)
    return Aftermath(decided_on, title, picture, told, number, since)


def _title(then: ScorePoint | None, now: ScorePoint | None) -> str:
    """Since the decision, and not since whenever the picture begins. Empty: one of the two is not known."""
    if then is None or now is None or then.value is None or now.value is None:
        return ""
    told = {"then": points(then.value), "now": points(now.value)}
    return str(_("Risk: %(then)s on the day of the decision, %(now)s today", **told))


def _steps_of(response: Response) -> list[tuple[date, str]]:
    """The days to mark, with what happened on each."""
    declined = response.state is ResponseState.DECLINED
    days = [
        (response.decided_at, ResponseState.DECLINED if declined else ResponseState.DECIDED),
        (response.started_at, ResponseState.UNDER_WAY),
        (response.ended_at, response.state),
    ]
    return [(at.date(), response_state_word(state)) for at, state in days if at is not None]


def _newer(session: Session, iso3: str, clearance: Mark, after: date, today: date, frame: Frame) -> set[str]:
    """The criteria of which something was observed after that day."""
    found = country_evidence.newest_of_each(session, iso3, clearance, on=today)
    newest = {
        number: max((one.observed_on for one in those if not one.is_withdrawn), default=date.min)
        for number, those in found.items()
    }
    return {one.criterion_key for one in frame.every_indicator if newest.get(one.id, date.min) > after}


def _since(line: ScoreLine, is_newer: bool, decided_on: date, today: date) -> Since:
    then, now = _held(line, decided_on), _held(line, today)
    change, is_clear = "", False
    if then and now and then.value is not None and now.value is not None:
        change = signed(now.value - then.value, 1)
        ends = then.interval, now.interval
        is_clear = bool(ends[0] and ends[1] and (ends[0][1] < ends[1][0] or ends[1][1] < ends[0][0]))
    return Since(line.label, _figures(then), _figures(now), change, is_clear, is_newer)


def _held(line: ScoreLine, day: date) -> ScorePoint | None:
    """None: it is before the first score."""
    return max((point for point in line.points if point.on <= day), key=lambda point: point.on, default=None)


def _figures(point: ScorePoint | None) -> str:
    if point is None or point.value is None:
        return ""
    if point.interval is None:
        return points(point.value)
    low, high = point.interval
    return str(_("%(score)s (%(low)s to %(high)s)", score=points(point.value), low=points(low), high=points(high)))
