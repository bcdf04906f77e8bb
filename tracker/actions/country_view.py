"""A country as rules look at it: its last months, of one view, as the arrays that they are judged on."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from tracker.actions.yardstick import Yardstick
from tracker.handling import Mark
from tracker.index import FloatArray
from tracker.indicator import Cadence, Voice
from tracker.panel import Occasion, Panel
from tracker.rule import Rule
from tracker.signal import nodes_of
from tracker.standing import Evidence
from tracker.storage import flag_states, scores
from tracker.storage.base import Session
from tracker.storage.scores import Step
from tracker.workings import quickest_way

# How many days after an answer the next one is due.
DUE_AFTER = {Cadence.MONTHLY: 31, Cadence.QUARTERLY: 92, Cadence.YEARLY: 366}


class CountryView:
    """One country, as whoever may see evidence up to one mark sees it."""

    def __init__(self, session: Session, by: Yardstick, iso3: str, mark: Mark, days: tuple[date, ...]) -> None:
        self._session, self._by, self._method, self._iso3, self._mark = session, by, by.method, iso3, mark
        self._days, self._questions = days, [one for one in by.questions if not one.retired]

    def panel(self, steps: Sequence[Step | None], evidence: Evidence, coming: Sequence[flag_states.Ahead]) -> Panel:
        tree, nothing = self._method.tree, np.full(len(self._days), np.nan)
        severity = _columns([None if step is None else step.scores.severity for step in steps], len(tree.leaves))
        values = _columns([None if step is None else step.scores.values for step in steps], len(tree.branches))
        low = _columns([None if step is None else step.scores.low for step in steps], len(tree.branches))
        high = _columns([None if step is None else step.scores.high for step in steps], len(tree.branches))
        keys = [branch.key for branch in tree.branches]
        half = (high - low) / 2
        criteria: dict[str, tuple[str, ...]] = {}
        for one in self._questions:
            criteria[one.criterion] = (*criteria.get(one.criterion, ()), one.key)
        today = self._days[-1]
        pairs = flag_states.from_different_sources(self._session, self._iso3, self._mark, today=today)
        answers = {pair.indicator: (pair.newer_on, pair.older_on) for pair in pairs}
        return Panel(
            days=self._days,
            countries=(self._iso3,),
            regions=("",),
            scores={key: row[None] for key, row in zip(keys, values, strict=True)},
            indicators=criteria,
            severities={key: row[None] for key, row in zip(tree.leaves, severity, strict=True)},
            spread={key: row[None] for key, row in zip(keys, half, strict=True)},
            overdue={key: _last(nothing, days) for key, days in self._overdue(evidence).items()},
            disagreements={key: _last(nothing, points) for key, points in self._apart(pairs).items()},
            sides=self._voices(evidence, severity[:, -1]) | answers,
            occasions=tuple(Occasion(str(one.id), self._iso3, one.day) for one in coming),
        )

    def with_its_region(self, panel: Panel, rule: Rule) -> Panel:
        """The country among its neighbours, today."""
        tree = self._method.tree
        region, members = flag_states.region_of(self._session, self._iso3)
        others = scores.alone(self._session, self._by.number, tree, self._mark, set(members) - {self._iso3})
        rows = [self._iso3, *others]
        return Panel(
            days=self._days[-1:],
            countries=tuple(rows),
            regions=tuple(region for _ in rows),
            scores={
                node: np.array(
                    [
                        [panel.scores[node][0, -1]],
                        *([float(one.values[tree.positions[node]])] for one in others.values()),
                    ]
                )
                for node in nodes_of(rule, panel)
            },
            indicators=panel.indicators,
            severities={},
        )

    def quickest_way(self, panel: Panel, rule: Rule, node: str) -> list[dict[str, object]]:
        """The few measures whose fall would clear the flag."""
        severity = np.array([panel.severities[key][0, -1] for key in self._method.tree.leaves])
        return [vars(fall) for fall in quickest_way(self._method.tree, severity, node, rule.holds_from)]

    def _overdue(self, evidence: Evidence) -> dict[str, float]:
        """By indicator that was ever answered: for how many days the next answer has been due."""
        today = self._days[-1].toordinal()
        # publishers are late by habit, and nobody here can help it
        due_after = {one.key: DUE_AFTER.get(one.cadence) for one in self._questions if one.voice is Voice.CODED}
        found = {}
        for key, day in self._newest(evidence).items():
            after = due_after.get(key)
            if day and after is not None:
                found[key] = float(max(0, today - day - after))
        return found

    def _voices(self, evidence: Evidence, severity: FloatArray) -> dict[str, tuple[date | None, date | None]]:
        """By criterion: up to which day what counts of each of its voices goes, what is published first."""
        newest = self._newest(evidence)
        counts = {key for key, value in zip(self._method.tree.leaves, severity, strict=True) if not np.isnan(value)}
        found: dict[tuple[str, Voice], date] = {}
        for one in self._questions:
            if one.key in counts:
                day, place = date.fromordinal(newest[one.key]), (one.criterion, one.voice)
                found[place] = max(day, found.get(place, day))
        criteria = {one.criterion for one in self._questions}
        return {key: (found.get((key, Voice.PUBLISHED)), found.get((key, Voice.CODED))) for key in criteria}

    def _newest(self, evidence: Evidence) -> dict[str, int]:
        """By indicator: the newest day on which it was answered, counted as days are; 0: it never was."""
        newest = np.zeros(len(self._method.measures), dtype=np.int64)
        np.maximum.at(newest, evidence.measure, evidence.day)
        return {measure.key: day for measure, day in zip(self._method.measures, newest.tolist(), strict=True)}

    def _apart(self, pairs: Sequence[flag_states.Pair]) -> dict[str, float]:
        places = {measure.key: measure for measure in self._method.measures}
        found = {}
        for pair in pairs:
            if measure := places.get(pair.indicator):
                width = abs(measure.worst - measure.best)
                found[pair.indicator] = min(abs(pair.newer - pair.older) / width, 1.0) * self._method.tree.scale
        return found


def _columns(arrays: Sequence[FloatArray | None], rows: int) -> FloatArray:
    nothing = np.full(rows, np.nan)
    return np.stack([nothing if one is None else one for one in arrays], axis=1)


def _last(nothing: FloatArray, value: float) -> FloatArray:
    row = nothing.copy()
    row[-1] = value
    return row[None]
