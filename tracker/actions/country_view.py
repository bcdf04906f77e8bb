"""A country as rules look at it: its last months, of one view, as the arrays that they are judged on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from tracker.actions.yardstick import Yardstick
from tracker.explanation import Explanation, Sentence, explain
from tracker.flag import Change, Event
from tracker.handling import Mark
from tracker.index import FloatArray
from tracker.indicator import Cadence, Voice
from tracker.panel import Occasion, Panel
from tracker.rule import Kind, Rule
from tracker.signal import nodes_of
from tracker.standing import Evidence
from tracker.storage import flag_states, scores
from tracker.storage.base import Session
from tracker.workings import Scores, quickest_way

# How many days after an answer the next one is due.
DUE_AFTER = {Cadence.MONTHLY: 31, Cadence.QUARTERLY: 92, Cadence.YEARLY: 366}


class CountryView:
    """One country, as whoever may see evidence up to one mark sees it."""

    def __init__(
        self,
        session: Session,
        by: Yardstick,
        iso3: str,
        mark: Mark,
        days: tuple[date, ...],
        over_days: Scores,
        evidence: Evidence,
    ) -> None:
        self._session, self._by, self._method, self._iso3, self._mark = session, by, by.method, iso3, mark
        self._days, self._scores, self._evidence = days, over_days, evidence

    def panel(self, coming: Sequence[flag_states.Ahead]) -> Panel:
        tree, found, nothing = self._method.tree, self._scores, np.full(len(self._days), np.nan)
        keys = [branch.key for branch in tree.branches]
        half = (found.high - found.low) / 2
        return Panel(
            days=self._days,
            countries=(self._iso3,),
            regions=("",),
            scores=dict(zip(keys, found.values[:, None], strict=True)),
            indicators=self._by.criteria,
            severities=dict(zip(tree.leaves, found.severity[:, None], strict=True)),
            spread=dict(zip(keys, half[:, None], strict=True)),
            overdue={key: _last(nothing, days) for key, days in self._overdue().items()},
            disagreements={key: _last(nothing, points) for key, points in self._apart().items()},
            occasions=tuple(Occasion(str(one.id), self._iso3, one.day) for one in coming),
        )

    def with_its_region(self, panel: Panel, rule: Rule) -> Panel:
        """The country among its neighbours, today."""
        tree = self._method.tree
        neighbours = self._by.neighbours(self._iso3)
        others = scores.alone(self._session, self._by.number, tree, self._mark, neighbours)
        rows, nodes = [self._iso3, *others], nodes_of(rule, panel)
        places = [tree.positions[node] for node in nodes]
        values = np.stack([self._scores.values[places, -1], *(one.values[places] for one in others.values())], axis=1)
        return Panel(
            days=self._days[-1:],
            countries=tuple(rows),
            regions=tuple(self._by.regions.get(self._iso3, "") for _ in rows),
            scores=dict(zip(nodes, values[:, :, None], strict=True)),
            indicators=panel.indicators,
            severities={},
        )

    def told(self, panel: Panel, rule: Rule, event: Event) -> dict[str, Any]:
        """What a flag says when that happens to it."""
        if rule.kind is Kind.CONTRADICTION:
            panel = replace(panel, sides=self._sides())
        told = in_plain(explain(rule, panel, self._iso3, event.subject))
        if rule.kind is Kind.LEVEL and event.change is not Change.CLEARED:
            now = self._scores.severity[:, -1]
            falls = quickest_way(self._method.tree, now, event.subject, rule.holds_from)
            told["quickest"] = [vars(fall) for fall in falls]
        return told

    def _overdue(self) -> dict[str, float]:
        """By indicator that was ever answered: for how many days the next answer has been due."""
        today = self._days[-1].toordinal()
        found = {}
        for one in self._by.asked:
            # publishers are late by habit, and nobody here can help it
            after = DUE_AFTER.get(one.cadence) if one.voice is Voice.CODED else None
            day = self._newest.get(one.key)
            if day and after is not None:
                found[one.key] = float(max(0, today - day - after))
        return found

    def _sides(self) -> dict[str, tuple[date | None, date | None]]:
        """By indicator: the days of the two answers that disagree. By criterion: up to which day what counts of each
        of its voices goes, what is published first."""
        leaves, severity = self._method.tree.leaves, self._scores.severity[:, -1]
        counts = {key for key, value in zip(leaves, severity, strict=True) if not np.isnan(value)}
        found: dict[tuple[str, Voice], date] = {}
        for one in self._by.asked:
            if one.key in counts:
                day, place = date.fromordinal(self._newest[one.key]), (one.criterion, one.voice)
                found[place] = max(day, found.get(place, day))
        voices = {key: (found.get((key, Voice.PUBLISHED)), found.get((key, Voice.CODED))) for key in self._by.criteria}
        return voices | {pair.indicator: (pair.newer_on, pair.older_on) for pair in self._pairs}

    @cached_property
    def _newest(self) -> dict[str, int]:
        """By indicator: the newest day on which it was answered, counted as days are; 0: it never was."""
        newest = np.zeros(len(self._method.measures), dtype=np.int64)
        np.maximum.at(newest, self._evidence.measure, self._evidence.day)
        return {measure.key: day for measure, day in zip(self._method.measures, newest.tolist(), strict=True)}

    @cached_property
    def _pairs(self) -> Sequence[flag_states.Pair]:
        return flag_states.from_different_sources(self._session, self._iso3, self._mark, today=self._days[-1])

    def _apart(self) -> dict[str, float]:
        measures, found = {one.key: one for one in self._method.measures}, {}
        for pair in self._pairs:
            if measure := measures.get(pair.indicator):
                width = abs(measure.worst - measure.best)
                found[pair.indicator] = min(abs(pair.newer - pair.older) / width, 1.0) * self._method.tree.scale
        return found


def _last(nothing: FloatArray, value: float) -> FloatArray:
    row = nothing.copy()
    row[-1] = value
    return row[None]


def in_plain(told: Explanation) -> dict[str, Any]:
    """In JSON's own types: days as they are written, numbers as numbers, keys as keys."""
    return {
        **_sentence("sentence", told.sentence),
        "values": _plain(told.sentence.values),
        **_sentence("clears", told.clears_when),
        "clears_values": _plain(told.clears_when.values),
        "behind": [_plain(vars(one)) for one in told.behind],
    }


def _sentence(name: str, sentence: Sentence) -> dict[str, str]:
    bends = {f"{name}_of_many": sentence.about_many, f"{name}_counts": sentence.counted} if sentence.about_many else {}
    return {name: sentence.template, **bends}


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
