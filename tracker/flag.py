"""What a flag goes through: it is raised, worsens, eases and clears.

There is one open flag for a country, a rule and a subject. What is recorded are the events; the state of a flag is what
its last event left behind.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tracker.index import FloatArray
from tracker.panel import Panel
from tracker.rule import Kind, Rule, Severity
from tracker.signal import Signal, signal_of

SeverityArray: TypeAlias = NDArray[np.int8]


class Change(StrEnum):
    RAISED = "raised"
    WORSENED = "worsened"
    EASED = "eased"
    CLEARED = "cleared"


@dataclass(frozen=True)
class Event:
    """What happened to the flag of a country, a rule and a subject on a day."""

    country: str
    rule: str
    subject: str
    day: date
    change: Change
    # The one that it has from now on; where it ends, the last that it had.
    severity: Severity
    strength: float


@dataclass(frozen=True)
class State:
    """An open flag, or how long ago the last one ended. The usual case: there never was one."""

    # None: no flag is open.
    severity: Severity | None = None
    # When the last one was cleared, or discarded by a person, and which severity it had then. None: none has ended.
    ended_on: date | None = None
    ended_with: Severity | None = None


NEVER = State()

BEYOND_THEIR_LINE = (Kind.RISE, Kind.CONTRADICTION)
"""What these measure must be more than their line; everything else speaks from its line on."""


def is_quiet(state: State, severity: Severity, day: date, rule: Rule) -> bool:
    """What has ended comes back at once only if it is worse than it was."""
    if state.ended_on is None or state.ended_with is None:
        return False
    return severity <= state.ended_with and (day - state.ended_on).days < rule.quiet_days


def step(state: State, strength: float, day: date, rule: Rule) -> tuple[State, Change | None]:
    """What a day does to a flag. None: nothing happens, and its raising is not repeated."""
    reached, kept = (int(bound) for bound in bounds(rule, np.asarray(strength)))
    had = state.severity or 0
    has = min(max(had, reached), kept)
    if has == had or (had == 0 and is_quiet(state, Severity(has), day, rule)):
        return state, None
    after = State(Severity(has)) if has else State(None, day, state.severity)
    return after, change_between(had, has)


def change_between(had: int, has: int) -> Change:
    """What a severity that differs is called; 0: no flag."""
    if has == 0:
        return Change.CLEARED
    if had == 0:
        return Change.RAISED
    return Change.WORSENED if has > had else Change.EASED


def bounds(rule: Rule, strength: FloatArray) -> tuple[SeverityArray, SeverityArray]:
    """The severity that the strength asks for, and the highest that it lets an open flag keep.

    Between the two a flag stays as it is: it worsens, and eases, no more than it must. 0: no flag.
    """
    reached = np.zeros(strength.shape, dtype=np.int8)
    kept = np.where(np.isnan(strength), np.int8(max(Severity)), np.int8(0))
    for severity, line in sorted(rule.lines.items()):
        reached[strength > line if rule.kind in BEYOND_THEIR_LINE else strength >= line] = severity
        kept[strength >= line - rule.slack] = severity
    return reached, kept


def walk(rule: Rule, panel: Panel, states: Mapping[tuple[str, str], State] = MappingProxyType({})) -> list[Event]:
    """All that happens over the days of the panel; states are those before its first day, by country and subject."""
    return list(_events(rule, signal_of(rule, panel), panel.days, states))


def judge(rule: Rule, panel: Panel, states: Mapping[tuple[str, str], State] = MappingProxyType({})) -> list[Event]:
    """What happens on the last day of the panel. A flag clears if its subject is gone, as a cancelled occasion is."""
    signal = signal_of(rule, panel)
    there, known = set(signal.rows), set(panel.countries)
    gone = [row for row in states if row not in there and row[0] in known]
    strength = np.concatenate([signal.strength[:, -1:], np.zeros((len(gone), 1))])
    return list(_events(rule, Signal((*signal.rows, *gone), strength), panel.days[-1:], states))


def _events(
    rule: Rule, signal: Signal, days: tuple[date, ...], states: Mapping[tuple[str, str], State]
) -> Iterator[Event]:
    """The same as `step`, for all rows at once and day by day."""
    if not rule.lines:
        return
    moving = _moving(rule, signal, states)
    if not moving.size:
        return
    rows = [signal.rows[row] for row in moving]
    reached, kept = (np.ascontiguousarray(bound.T) for bound in bounds(rule, signal.strength[moving]))
    before = [states.get(row, NEVER) for row in rows]
    had = np.array([state.severity or 0 for state in before], dtype=np.int8)
    ended_with = np.array([state.ended_with or 0 for state in before], dtype=np.int8)
    ended_on = np.array([state.ended_on.toordinal() if state.ended_on else 0 for state in before], dtype=np.int64)
    for column, day in enumerate(days):
        has = np.minimum(np.maximum(had, reached[column]), kept[column])
        is_recent = day.toordinal() - ended_on < rule.quiet_days
        has[(had == 0) & (has <= ended_with) & is_recent] = 0
        changed = np.flatnonzero(has != had)
        if not changed.size:
            continue
        for row in changed:
            change = change_between(had[row], has[row])
            strength = float(signal.strength[moving[row], column])
            country, subject = rows[row]
            yield Event(country, rule.key, subject, day, change, Severity(has[row] or had[row]), strength)
        ending = changed[has[changed] == 0]
        ended_on[ending], ended_with[ending] = day.toordinal(), had[ending]
        had = has


def _moving(rule: Rule, signal: Signal, states: Mapping[tuple[str, str], State]) -> NDArray[np.intp]:
    """The rows in which anything can happen: a flag is open already, or a line is reached."""
    is_open = np.array([row in states for row in signal.rows], dtype=np.bool_)
    reaches = (signal.strength >= rule.lowest_line).any(axis=1)
    return np.flatnonzero(is_open | reaches)
