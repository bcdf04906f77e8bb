"""How strongly does a rule speak, of which subject, in which country, on which day?

One small function for each kind, over whole arrays. NaN: too little is known to say anything. Such a day neither
raises a flag nor clears one, because silence is no good news; that there is silence is a signal of its own.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tracker.index import FloatArray
from tracker.indicator import Voice
from tracker.method import ROOT, voice_key
from tracker.panel import Panel
from tracker.rule import CRITERIA, MISSING_OBSERVATION, MISSING_SCORE, Kind, Rule
from tracker.score import CUT_OFFS

BoolArray: TypeAlias = NDArray[np.bool_]

# Of a normal distribution: its standard deviation in median absolute deviations.
DEVIATIONS = 1.4826
# In a region where all are alike, nobody would be far enough from the others to be alike; points.
LEAST_DEVIATION = 5.0
# Few enough that what is computed on the way stays in the processor's cache.
ROWS_AT_ONCE = 256


@dataclass(frozen=True)
class Signal:
    """One row for each country and subject, one column for each day."""

    rows: tuple[tuple[str, str], ...]
    strength: FloatArray


def signal_of(rule: Rule, panel: Panel) -> Signal:
    return _KINDS[rule.kind](rule, panel)


def nodes_of(rule: Rule, panel: Panel) -> list[str]:
    """The nodes that the rule looks at, as far as the tree has them."""
    named = [each for node in rule.nodes for each in (panel.indicators if node == CRITERIA else (node,))]
    return [node for node in dict.fromkeys(named) if node in panel.scores]


def before(values: FloatArray, months: int) -> FloatArray:
    """What stood there so many months earlier; NaN where the panel does not reach."""
    earlier = np.full_like(values, np.nan)
    earlier[..., months:] = values[..., : max(0, values.shape[-1] - months)]
    return earlier


def is_a_level_worse(now: FloatArray, then: FloatArray) -> BoolArray:
    """Whether the level is a worse one. What is not known on both days is compared with nothing."""
    worse = np.zeros(now.shape, dtype=np.bool_)
    for cut_off in CUT_OFFS:
        worse |= (now >= cut_off) & (then < cut_off)
    return worse


def new_highs(values: FloatArray, months: int, rule: Rule) -> BoolArray:
    """Where a value tops by more than the margin all that is known of so many months before, and their first is known.

    By less, the estimates of a publisher reach a new high somewhere every year without anything having happened.
    """
    found = np.zeros(values.shape, dtype=np.bool_)
    highest = _highest_within(np.fmax(values, -np.inf), months)
    now = values[:, months:]
    reaches = ~np.isnan(values[:, : now.shape[1]])
    found[:, months:] = (now > highest[:, months - 1 : -1] + rule.margin) & (now >= rule.floor) & reaches
    return found


def deviations(values: FloatArray, regions: tuple[str, ...], peers: int) -> FloatArray:
    """How many robust standard deviations each lies above the median of its region."""
    found = np.full_like(values, np.nan)
    for region in sorted(set(regions) - {""}):
        rows = [row for row, its in enumerate(regions) if its == region]
        here = values[rows]
        distance = here - median(here)
        width = np.maximum(DEVIATIONS * median(np.abs(distance)), LEAST_DEVIATION)
        others = np.count_nonzero(~np.isnan(here), axis=0) - 1
        found[rows] = np.where(others >= peers, distance / width, np.nan)
    return found


def median(values: FloatArray) -> FloatArray:
    """Of each column, what is unknown left out."""
    ordered = np.sort(values, axis=0)  # puts what is unknown last
    known = np.count_nonzero(~np.isnan(values), axis=0)[np.newaxis]
    lower = np.take_along_axis(ordered, np.maximum(known - 1, 0) // 2, axis=0)
    upper = np.take_along_axis(ordered, known // 2, axis=0)
    middle: FloatArray = (lower[0] + upper[0]) / 2
    return middle


def _level(rule: Rule, panel: Panel) -> Signal:
    return _by_subject(panel, {node: panel.scores[node] for node in nodes_of(rule, panel)})


def _rise(rule: Rule, panel: Panel) -> Signal:
    """A rise that its own intervals explain says nothing: it raises no flag, and it clears none either."""
    exact = np.zeros((len(panel.countries), len(panel.days)))
    nodes = nodes_of(rule, panel)
    now = _by_subject(panel, {node: panel.scores[node] for node in nodes})
    spread = _by_subject(panel, {node: panel.spread.get(node, exact) for node in nodes})
    strength = np.empty_like(now.strength)
    for some in _few(len(strength)):
        rise = now.strength[some] - before(now.strength[some], rule.months)
        noise = np.hypot(spread.strength[some], before(spread.strength[some], rule.months))
        strength[some] = np.where((rise > noise) | (rise < rule.holds_from), rise, np.nan)
    return Signal(now.rows, strength)


def _breakdown(rule: Rule, panel: Panel) -> Signal:
    strengths = {}
    for criterion in nodes_of(rule, panel):
        known = [panel.severities[key] for key in panel.indicators[criterion] if key in panel.severities]
        strengths[criterion] = _number_of_worse(rule, panel, known)
    return _by_subject(panel, strengths)


def _convergence(rule: Rule, panel: Panel) -> Signal:
    known = [panel.scores[criterion] for criterion in panel.indicators if criterion in panel.scores]
    return _by_subject(panel, {ROOT: _number_of_worse(rule, panel, known)})


def _number_of_worse(rule: Rule, panel: Panel, series: Sequence[FloatArray]) -> FloatArray:
    """How many got worse by a level; NaN where too few can be compared to reach the line."""
    shape = (len(panel.countries), len(panel.days))
    worse, comparable = np.zeros(shape), np.zeros(shape)
    for some in _few(len(series), rows_of_each=len(panel.countries)):
        values = np.stack(series[some])
        then = before(values, rule.months)
        worse += is_a_level_worse(values, then).sum(axis=0)
        comparable += (~np.isnan(values - then)).sum(axis=0)
    return _unless_too_few(worse, comparable, rule)


def _unless_too_few(count: FloatArray, known: FloatArray, rule: Rule) -> FloatArray:
    """What falls below its line only because people fell silent has not become better."""
    return np.where(known >= rule.lowest_line, count, np.nan)


def _sustained(rule: Rule, panel: Panel) -> Signal:
    scores = _by_subject(panel, {node: panel.scores[node] for node in nodes_of(rule, panel)})
    strength = np.empty_like(scores.strength)
    for some in _few(len(strength)):
        count = _number_within(scores.strength[some] >= rule.floor, rule.months)
        known = _number_within(~np.isnan(scores.strength[some]), rule.months)
        strength[some] = _unless_too_few(count, known, rule)
    return Signal(scores.rows, strength)


def _new_high(rule: Rule, panel: Panel) -> Signal:
    """How long ago it was as high: the longest of the rule's spans. It stays news for the shortest of them."""
    values = _by_subject(panel, panel.severities)
    strength = np.where(np.isnan(values.strength), np.nan, 0.0)
    for some in _few(len(strength)):
        for months in sorted(rule.lines.values()):
            high = standing_high(rule, values.strength[some], round(months))
            strength[some][values.strength[some] >= high - rule.margin] = months
    return Signal(values.rows, strength)


def standing_high(rule: Rule, values: FloatArray, months: int) -> FloatArray:
    """The new high of so many months that is news on each day; infinite where there is none."""
    highs = np.where(new_highs(values, months, rule), values, -np.inf)
    newest = _highest_within(highs, round(rule.lowest_line))
    newest[np.isneginf(newest)] = np.inf
    return newest


def _outlier(rule: Rule, panel: Panel) -> Signal:
    """Of all nodes at once, side by side: one by one the calls would take all the time."""
    nodes = nodes_of(rule, panel)
    if not nodes:
        return _by_subject(panel, {})
    beside = np.concatenate([panel.scores[node] for node in nodes], axis=1)
    found = np.split(deviations(beside, panel.regions, rule.peers), len(nodes), axis=1)
    return _by_subject(panel, dict(zip(nodes, found, strict=True)))


def _contradiction(_rule: Rule, panel: Panel) -> Signal:
    strengths = dict(panel.disagreements)
    for criterion in panel.indicators:
        published, coded = (panel.scores.get(voice_key(criterion, voice)) for voice in (Voice.PUBLISHED, Voice.CODED))
        if published is not None and coded is not None:
            strengths[criterion] = np.abs(published - coded)
    return _by_subject(panel, strengths)


def _silence(rule: Rule, panel: Panel) -> Signal:
    """A criterion that had a score and lost it, or one of whose observations is late. NaN: none was ever expected."""
    unknown = np.full((len(panel.countries), len(panel.days)), np.nan)
    scores = _by_subject(panel, {criterion: panel.scores.get(criterion, unknown) for criterion in panel.indicators})
    late = np.empty_like(scores.strength)
    for place, indicators in enumerate(panel.indicators.values()):
        own = slice(place * len(unknown), (place + 1) * len(unknown))
        late[own] = np.fmax.reduce([unknown, *(panel.overdue[key] for key in indicators if key in panel.overdue)])
    strength = np.empty_like(late)
    for some in _few(len(strength)):
        is_known = ~np.isnan(scores.strength[some])
        strength[some] = np.where(is_known | ~np.isnan(late[some]), 0.0, np.nan)
        strength[some][late[some] >= rule.days] = MISSING_OBSERVATION
        strength[some][(_number_within(is_known, rule.months + 1) > 0) & ~is_known] = MISSING_SCORE
    return Signal(scores.rows, strength)


def _trigger(rule: Rule, panel: Panel) -> Signal:
    """The score while the occasion is near; nothing when it is far off or past.

    One that comes again is one and the same, however near its days are to each other.
    """
    place = {country: row for row, country in enumerate(panel.countries)}
    node = next(iter(nodes_of(rule, panel)), None)
    occasions = [one for one in panel.occasions if one.country in place and node is not None]
    number = {row: number for number, row in enumerate(dict.fromkeys((one.country, one.key) for one in occasions))}
    strength = np.zeros((len(number), len(panel.days)))
    if node is not None and occasions:
        on_day = np.array([one.day.toordinal() for one in occasions])[:, np.newaxis]
        ahead = on_day - np.array([day.toordinal() for day in panel.days])
        near, columns = np.nonzero((ahead >= 0) & (ahead <= rule.days))
        own = np.array([number[one.country, one.key] for one in occasions])
        countries = np.array([place[one.country] for one in occasions])
        strength[own[near], columns] = panel.scores[node][countries[near], columns]
    return Signal(tuple(number), strength)


def _manual(_rule: Rule, panel: Panel) -> Signal:
    return _by_subject(panel, {})


def _by_subject(panel: Panel, strengths: Mapping[str, FloatArray]) -> Signal:
    rows = tuple((country, subject) for subject in strengths for country in panel.countries)
    return Signal(rows, np.concatenate([np.empty((0, len(panel.days))), *strengths.values()]))


def _few(number: int, rows_of_each: int = 1) -> Iterator[slice]:
    """All of them in portions: of one country all at once, because one by one the calls would take all the time."""
    at_once = max(1, ROWS_AT_ONCE // max(1, rows_of_each))
    return (slice(first, first + at_once) for first in range(0, number, at_once))


def _number_within(statements: BoolArray, months: int) -> FloatArray:
    """On how many of the last so many days, this one included, it was so."""
    running = np.cumsum(statements, axis=1, dtype=np.float64)
    number = running.copy()
    number[:, months:] -= running[:, : max(0, running.shape[1] - months)]
    return number


def _highest_within(values: FloatArray, months: int) -> FloatArray:
    """The highest of the last so many days, this one included: each pass doubles how far it looks.

    Day by day, for what lies together is compared in half the time.
    """
    highest, span = np.ascontiguousarray(values.T), 1
    while span < months:
        step = min(span, months - span)
        further = highest.copy()
        np.maximum(highest[step:], highest[:-step], out=further[step:])
        highest, span = further, span + step
    return highest.T


_KINDS: Mapping[Kind, Callable[[Rule, Panel], Signal]] = MappingProxyType(
    {
        Kind.LEVEL: _level,
        Kind.RISE: _rise,
        Kind.BREAKDOWN: _breakdown,
        Kind.CONVERGENCE: _convergence,
        Kind.SUSTAINED: _sustained,
        Kind.NEW_HIGH: _new_high,
        Kind.OUTLIER: _outlier,
        Kind.CONTRADICTION: _contradiction,
        Kind.SILENCE: _silence,
        Kind.TRIGGER: _trigger,
        Kind.MANUAL: _manual,
    }
)
