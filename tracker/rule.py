"""When does a country need a person to look at it? A rule is configuration: a kind, its parameters and its lines.

No rule knows a country: the same lines hold for all of them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Any

from tracker.refusal import N_
from tracker.score import HIGHEST_SCORE


class Severity(IntEnum):
    """How urgently a flag asks for a person. Alarms are rare, or nobody listens to them."""

    NOTICE = 1
    WARNING = 2
    ALARM = 3

    @property
    def word(self) -> str:
        """As it stands in files."""
        return self.name.lower()


class Kind(StrEnum):
    LEVEL = "level"
    RISE = "rise"
    BREAKDOWN = "breakdown"
    CONVERGENCE = "convergence"
    SUSTAINED = "sustained"
    NEW_HIGH = "new_high"
    OUTLIER = "outlier"
    CONTRADICTION = "contradiction"
    SILENCE = "silence"
    TRIGGER = "trigger"
    # Raised by a person: nothing is computed.
    MANUAL = "manual"


CRITERIA = "criteria"
"""Among the nodes of a rule: each criterion, whichever there are."""
USUAL_QUIET_DAYS = 90

# How many steps the kind `silence` knows: an observation is missing; a score is.
MISSING_OBSERVATION, MISSING_SCORE = 1, 2


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Beyond its line a rule raises a flag; what each kind measures stands in `tracker.signal`."""

    key: str
    name: str
    # Why it is there, for whoever reads its flags.
    reason: str
    kind: Kind
    # From which strength on it speaks how urgently. In points for scores and differences, in months for a new high,
    # in robust standard deviations for an outlier; otherwise a number of things.
    lines: Mapping[Severity, float]
    # The nodes of the tree that it looks at.
    nodes: tuple[str, ...] = ()
    # How far back it looks.
    months: int = 0
    # How near an occasion or how late an observation must be.
    days: int = 0
    # The least score or severity that counts.
    floor: float = 0.0
    # How many other countries of the region must have a score.
    peers: int = 0
    # How far below its line an open flag still holds; for a new high: how far below the high, in points, and how far
    # above the one before it must lie.
    margin: float
    # For how long a flag that has ended stays quiet, unless it comes back with a higher severity.
    quiet_days: int = USUAL_QUIET_DAYS

    def as_plain(self) -> dict[str, Any]:
        """In JSON's own types, severities by name."""
        lines = {severity.word: line for severity, line in sorted(self.lines.items())}
        return asdict(self) | {"kind": self.kind.value, "nodes": list(self.nodes), "lines": lines}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Rule":
        lines = {Severity[name.upper()]: line for name, line in plain["lines"].items()}
        return cls(**{**plain, "kind": Kind(plain["kind"]), "nodes": tuple(plain["nodes"]), "lines": lines})

    @property
    def lowest_line(self) -> float:
        return min(self.lines.values())

    @property
    def holds_from(self) -> float:
        """The strength below which an open flag clears."""
        return self.lowest_line - self.slack

    @property
    def slack(self) -> float:
        # A new high has its margin in points within it already; months know none.
        return 0.0 if self.kind is Kind.NEW_HIGH else self.margin

    @property
    def history_months(self) -> int:
        """How many months before a day must be known to judge that day."""
        if self.kind is Kind.SUSTAINED:
            return self.months - 1
        if self.kind is Kind.NEW_HIGH:
            return round(max(self.lines.values()) + self.lowest_line)
        return self.months


TAKES: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {
        Kind.LEVEL: ("nodes",),
        Kind.RISE: ("nodes", "months"),
        Kind.BREAKDOWN: ("nodes", "months"),
        Kind.CONVERGENCE: ("months",),
        Kind.SUSTAINED: ("nodes", "floor", "months"),
        Kind.NEW_HIGH: ("floor",),
        Kind.OUTLIER: ("nodes", "peers"),
        Kind.CONTRADICTION: (),
        Kind.SILENCE: ("days", "months"),
        Kind.TRIGGER: ("nodes", "days"),
        Kind.MANUAL: (),
    }
)
"""The parameters of each kind, besides its lines, its margin and its quiet days."""

_COUNTS = (Kind.BREAKDOWN, Kind.CONVERGENCE, Kind.SUSTAINED)


def usual_margin(kind: Kind) -> float:
    """Wide enough that a flag does not flap: 5 points, one of a count, half a deviation."""
    if kind in _COUNTS:
        return 1.0
    if kind is Kind.OUTLIER:
        return 0.5
    return 0.0 if kind in (Kind.SILENCE, Kind.MANUAL) else 5.0


@dataclass(frozen=True)
class Subjects:
    """What rules can speak of: the nodes of the tree, and the criteria with the indicators of each."""

    nodes: tuple[str, ...]
    indicators: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Fault:
    """What is wrong with which parameter of a rule."""

    parameter: str
    sentence: str
    values: Mapping[str, object]


@dataclass(frozen=True)
class _Range:
    least: float
    most: float
    whole: bool


_KEY_SHAPE = re.compile(r"[a-z][a-z0-9_]*")
_LONGEST = 600  # months: fifty years

_RANGES: Mapping[str, _Range] = MappingProxyType(
    {
        "months": _Range(1, _LONGEST, whole=True),
        "days": _Range(1, 3650, whole=True),
        "floor": _Range(0, HIGHEST_SCORE, whole=False),
        "peers": _Range(2, 200, whole=True),
    }
)
_EVERYWHERE: Mapping[str, _Range] = MappingProxyType(
    {"margin": _Range(0, HIGHEST_SCORE, whole=False), "quiet_days": _Range(0, 3650, whole=True)}
)

_MALFORMED = N_("“key” is “%(value)s”; use small letters, digits and underscores, a letter first.")
_EMPTY = N_("“%(parameter)s” is empty; write it out.")
_NOT_TAKEN = N_("“%(parameter)s” says nothing to a rule of the kind “%(kind)s”; leave it out.")
_OUTSIDE = N_("“%(parameter)s” is %(value)s; give a number from %(least)s to %(most)s.")
_NOT_WHOLE = N_("“%(parameter)s” is %(value)s; give a whole number from %(least)s to %(most)s.")
_NO_LINE = N_("There is no line; say from where on the rule gives a notice, a warning or an alarm.")
_LINE_TOO_LOW = N_("“%(parameter)s” is %(value)s; a line must lie above 0.")
_LINE_TOO_HIGH = N_("“%(parameter)s” is %(value)s; this rule reaches no further than %(most)s.")
_LINE_NOT_WHOLE = N_("“%(parameter)s” is %(value)s; this rule counts, so give a whole number.")
_DISORDER = N_("“%(parameter)s” is %(value)s; raise it above the line of the milder severity, %(before)s.")
_NEVER_CLEARS = N_(
    "“margin” is %(value)s; with that, nothing would ever clear: keep it below the lowest line, %(line)s."
)
_NO_NODE = N_("“nodes” is empty; name what the rule looks at.")
_UNKNOWN_NODE = N_("“nodes” names “%(value)s”, which does not exist; correct it or leave it out.")
_TWICE = N_("“nodes” names “%(value)s” twice; leave one out.")
_ONE_NODE = N_("“nodes” names several; a rule of the kind “%(kind)s” looks at one.")
_NO_CRITERION = N_("“nodes” names “%(value)s”, which is no criterion; a breakdown is counted among its indicators.")
_ONE_MONTH = N_("“months” is %(value)s; what lasts needs at least two.")


def faults(rule: Rule, subjects: Subjects) -> list[Fault]:
    """Everything that keeps the rule from being used; none: it is sound."""
    return [fault for check in _CHECKS for fault in check(rule, subjects)]


def _words(rule: Rule, _subjects: Subjects) -> Iterator[Fault]:
    if not _KEY_SHAPE.fullmatch(rule.key):
        yield Fault("key", _MALFORMED, {"value": rule.key})
    for parameter in ("name", "reason"):
        if not getattr(rule, parameter).strip():
            yield Fault(parameter, _EMPTY, {"parameter": parameter})


def _strangers(rule: Rule, _subjects: Subjects) -> Iterator[Fault]:
    for parameter in ("nodes", *_RANGES):
        if parameter not in TAKES[rule.kind] and getattr(rule, parameter):
            yield Fault(parameter, _NOT_TAKEN, {"parameter": parameter, "kind": rule.kind.value})
    if rule.kind is Kind.MANUAL and rule.lines:
        yield Fault("lines", _NOT_TAKEN, {"parameter": "lines", "kind": rule.kind.value})


def _numbers(rule: Rule, _subjects: Subjects) -> Iterator[Fault]:
    taken = {parameter: _RANGES[parameter] for parameter in TAKES[rule.kind] if parameter in _RANGES}
    for parameter, allowed in (taken | dict(_EVERYWHERE)).items():
        value = getattr(rule, parameter)
        sentence = _NOT_WHOLE if allowed.whole else _OUTSIDE
        if not allowed.least <= value <= allowed.most or (allowed.whole and value != round(value)):
            values = {"parameter": parameter, "value": value, "least": allowed.least, "most": allowed.most}
            yield Fault(parameter, sentence, values)
    if rule.kind is Kind.SUSTAINED and rule.months == 1:
        yield Fault("months", _ONE_MONTH, {"value": rule.months})


def _lines(rule: Rule, subjects: Subjects) -> Iterator[Fault]:
    if rule.kind is Kind.MANUAL:
        return
    if not rule.lines:
        yield Fault("lines", _NO_LINE, {})
    counts = rule.kind in (*_COUNTS, Kind.NEW_HIGH, Kind.SILENCE)
    most, before = _most(rule, subjects), 0.0
    for severity, line in sorted(rule.lines.items()):
        values = {"parameter": severity.word, "value": line, "most": most, "before": before}
        # Written so that what is no number fails as well.
        if not line > 0:
            yield Fault(severity.word, _LINE_TOO_LOW, values)
        elif not line <= most:
            yield Fault(severity.word, _LINE_TOO_HIGH, values)
        elif counts and line != round(line):
            yield Fault(severity.word, _LINE_NOT_WHOLE, values)
        elif line <= before:
            yield Fault(severity.word, _DISORDER, values)
        before = line
    if rule.lines and rule.holds_from <= 0 < rule.lowest_line:
        yield Fault("margin", _NEVER_CLEARS, {"value": rule.margin, "line": rule.lowest_line})


def _most(rule: Rule, subjects: Subjects) -> float:
    """The highest line that can be reached."""
    if rule.kind is Kind.BREAKDOWN:
        numbers = [len(subjects.indicators[node]) for node in rule.nodes if node in subjects.indicators]
        return min(numbers, default=HIGHEST_SCORE)
    most = {
        Kind.CONVERGENCE: len(subjects.indicators),
        Kind.SUSTAINED: rule.months,
        Kind.NEW_HIGH: _LONGEST,
        Kind.SILENCE: MISSING_SCORE,
    }
    return most.get(rule.kind, HIGHEST_SCORE)


def _nodes(rule: Rule, subjects: Subjects) -> Iterator[Fault]:
    if "nodes" not in TAKES[rule.kind]:
        return
    if not rule.nodes:
        yield Fault("nodes", _NO_NODE, {})
    if rule.kind is Kind.TRIGGER and len(rule.nodes) > 1:
        yield Fault("nodes", _ONE_NODE, {"kind": rule.kind.value})
    for position, node in enumerate(rule.nodes):
        if node in rule.nodes[:position]:
            yield Fault("nodes", _TWICE, {"value": node})
        elif rule.kind is Kind.BREAKDOWN and node not in subjects.indicators:
            yield Fault("nodes", _NO_CRITERION, {"value": node})
        elif node not in subjects.nodes and (node != CRITERIA or rule.kind is Kind.TRIGGER):
            yield Fault("nodes", _UNKNOWN_NODE, {"value": node})


_CHECKS: tuple[Callable[[Rule, Subjects], Iterator[Fault]], ...] = (_words, _strangers, _nodes, _numbers, _lines)
