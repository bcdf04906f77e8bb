"""What a picture shows, in one sentence: put together from its numbers, and saying nothing that they do not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from flask_babel import gettext as _

from tracker.pictures.score_line import ScoreLine, ScorePoint
from tracker.score import in_points, level_of
from tracker.web.words import day, figure, month_name, points, points_beside

YEAR = timedelta(days=365)
# In points; less is nothing that anybody would speak of.
LEAST_TOLD = 3.0
# Whatever a score did so lately is told before what it did in the year, where that went the other way.
LATELY = timedelta(days=31)
# What has not changed is worth a year in the title only after so long.
A_WHILE = 2 * YEAR


def score_title(line: ScoreLine, until: date, name: str = "") -> str:
    """How one score went: against a year before, or since when it has hardly changed. Without a name: the risk.

    What rises gets worse, whatever its name: a rule of law that “rose” would be read the wrong way round.
    """
    said = name or str(_("Risk"))
    seen = line.within(date.min, until).points
    if all(point.value is None for point in seen):
        return str(_("%(name)s: never enough evidence for a score", name=said))
    if seen[-1].value is None:
        return str(_("%(name)s: not enough evidence since %(day)s", name=said, day=day(seen[-1].on)))
    now, year_ago = seen[-1].value, line.on_day(until - YEAR)
    if year_ago is None:
        return _since_known(seen, now, name)
    if _apart(now, year_ago) or level_of(now) is not level_of(year_ago):
        last = _last_move(seen)
        if last and until - last.on <= LATELY and (now > last.before) is not (now > year_ago):
            return _turned_lately(last, year_ago, now, name)
        return _within_a_year(year_ago, now, name)
    since = _alike_since(seen, now)
    if until - since >= A_WHILE:
        return str(_("%(name)s has hardly changed since %(year)s", name=said, year=since.year))
    return str(_("%(name)s has hardly changed in twelve months", name=said))


def unmoved_title(line: ScoreLine, until: date, newest: str) -> str:
    """Of a risk of which nothing was heard for a year: a line that does not move is no sign that nothing did."""
    told = {"now": points(line.on_day(until) or 0.0), "newest": newest}
    return str(_("Risk is %(now)s by evidence of %(newest)s; nobody can tell whether it has changed since", **told))


def several_scores_title(lines: Sequence[ScoreLine], until: date, name: str = "") -> str:
    """Where the scores of several countries lie on a day; who is not known is not spoken of."""
    said = name or str(_("Risk"))
    now = [(value, line.label) for line in lines if (value := line.on_day(until)) is not None]
    if not now:
        return str(_("%(name)s: not enough evidence for any of them", name=said))
    (lowest, its_name), (highest, other) = min(now), max(now)
    if len(now) == 1:
        return str(_("%(name)s is %(score)s: %(country)s", name=said, score=points(highest), country=other))
    if points(lowest) == points(highest):
        return str(_("%(name)s is %(score)s in each of them", name=said, score=points(highest)))
    return str(
        _(
            "%(name)s lies between %(low)s (%(one)s) and %(high)s (%(other)s)",
            name=said,
            low=points(lowest),
            one=its_name,
            high=points(highest),
            other=other,
        )
    )


def series_title(name: str, values: Sequence[tuple[date, float]], *, best: float, worst: float, yearly: bool) -> str:
    """How a measure went from its first figure to its newest, in its own unit: better or worse, as its scale says."""
    (first_on, first), (last_on, last) = min(values), max(values)
    if first_on == last_on:
        return name
    told = {"name": name, "first": figure(first), "last": figure(last)}
    told |= {"then": _when(first_on, yearly), "now": _when(last_on, yearly)}
    if told["first"] == told["last"]:
        return str(_("%(name)s: %(last)s in %(now)s, as in %(then)s", **told))
    if (last > first) == (worst > best):
        return str(_("%(name)s: worse, from %(first)s in %(then)s to %(last)s in %(now)s", **told))
    return str(_("%(name)s: better, from %(first)s in %(then)s to %(last)s in %(now)s", **told))


def _within_a_year(before: float, now: float, name: str) -> str:
    told = {"name": name, "before": points_beside(before, now), "now": points_beside(now, before)}
    if not name:
        if now > before:
            return str(_("Risk rose from %(before)s to %(now)s in twelve months", **told))
        return str(_("Risk fell from %(before)s to %(now)s in twelve months", **told))
    if now > before:
        return str(_("%(name)s: worse, from %(before)s to %(now)s in twelve months", **told))
    return str(_("%(name)s: better, from %(before)s to %(now)s in twelve months", **told))


@dataclass(frozen=True)
class _Move:
    """The last time that a score became another one, by what is shown of it."""

    on: date
    before: float


def _last_move(seen: Sequence[ScorePoint]) -> _Move | None:
    """None: it was never another one, as far back as it was known all the time."""
    for earlier, later in pairwise(reversed(seen)):
        if earlier.value is None or later.value is None:
            return None
        if in_points(earlier.value) != in_points(later.value):
            return _Move(earlier.on, later.value)
    return None


def _turned_lately(last: _Move, year_ago: float, now: float, name: str) -> str:
    told = {"name": name, "before": points_beside(last.before, now), "now": points_beside(now, last.before)}
    told |= {"day": day(last.on), "year_ago": points_beside(year_ago, now)}
    if not name:
        if now > last.before:
            return str(_("Risk rose from %(before)s to %(now)s on %(day)s; a year ago it was %(year_ago)s", **told))
        return str(_("Risk fell from %(before)s to %(now)s on %(day)s; a year ago it was %(year_ago)s", **told))
    if now > last.before:
        return str(_("%(name)s: worse, from %(before)s to %(now)s on %(day)s; a year ago it was %(year_ago)s", **told))
    return str(_("%(name)s: better, from %(before)s to %(now)s on %(day)s; a year ago it was %(year_ago)s", **told))


def _since_known(seen: Sequence[ScorePoint], now: float, name: str) -> str:
    """Nothing is known of a year before: from the first score since there has been one all the time."""
    begun = seen[0]
    for earlier, point in pairwise(seen):
        if earlier.value is None:
            begun = point
    before = begun.value or 0.0
    told = {"name": name or _("Risk"), "now": points(now), "day": day(begun.on)}
    if not _apart(now, before) and level_of(now) is level_of(before):
        return str(_("%(name)s is %(now)s; before %(day)s there was not enough evidence", **told))
    told |= {"before": points_beside(before, now), "now": points_beside(now, before)}
    if now > before:
        return str(_("%(name)s: worse, from %(before)s on %(day)s to %(now)s", **told))
    return str(_("%(name)s: better, from %(before)s on %(day)s to %(now)s", **told))


def _alike_since(seen: Sequence[ScorePoint], now: float) -> date:
    """As far back as every score was much the same as the last."""
    since = seen[-1].on
    for point in reversed(seen):
        if point.value is None or _apart(point.value, now):
            break
        since = point.on
    return since


def _apart(one: float, other: float) -> bool:
    """By what is shown of them, or the title would say something else than the picture."""
    return abs(in_points(one) - in_points(other)) >= LEAST_TOLD


def _when(on: date, yearly: bool) -> str:
    return str(on.year) if yearly else month_name(on)
