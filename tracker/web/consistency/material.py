"""What was done in a year about countries, brought together so that they can be compared."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import numpy as np

from tracker.access import Principal
from tracker.actions.consistency import NoSuchPair
from tracker.consistency import (
    BoolArray,
    Pair,
    Treatment,
    not_told_apart,
    overlapping,
    unlike_pairs,
)
from tracker.handling import Mark
from tracker.method import ROOT, Method
from tracker.moment import Moment, moment_asked_for
from tracker.response_time import Step, Wait, spent_on
from tracker.score import Level, level_of
from tracker.situation import Verdict
from tracker.storage import past_scores, response_times, scores
from tracker.storage.base import Session
from tracker.storage.flags import MANUAL
from tracker.storage.response_times import Case, LookedInto, Within
from tracker.web.clock import now
from tracker.web.frame import frame
from tracker.workings import Scores

Of = TypeVar("Of", LookedInto, Case)


@dataclass(frozen=True)
class Material:
    """As things stood at the end of the year, or today."""

    year: int
    moment: Moment
    # Of those that can be compared: their risk is known, and how sure it is.
    treatments: Sequence[Treatment]
    # Which of them cannot be told apart.
    alike: BoolArray
    # The most unlike first.
    pairs: Sequence[Pair]
    # By country: flags and situations that were open at some time of the year.
    flags: Mapping[str, Sequence[LookedInto]]
    cases: Mapping[str, Sequence[Case]]
    # Of those situations.
    waits: Sequence[Wait]
    # By country, of all that were asked for: the share of what is asked that is fresh.
    coverage: Mapping[str, float]

    @property
    def compared(self) -> int:
        """How many pairs call for attention and cannot be told apart."""
        calls = np.array([one.calls for one in self.treatments], dtype=np.bool_)
        return int(np.triu(self.alike & calls[:, None] & calls[None, :], k=1).sum())

    @property
    def highest_mark(self) -> Mark:
        """Of the situations: whatever is written of them bears no lower one."""
        return Mark(max((case.handling for those in self.cases.values() for case in those), default=Mark.CLEAR))

    @property
    def calling(self) -> int:
        return sum(one.calls for one in self.treatments)


@dataclass(frozen=True)
class _Risk:
    value: float
    coverage: float
    low: float = math.nan
    high: float = math.nan


def moment_of(year: int) -> Moment:
    """Its last day, as it was known then; of this year: today."""
    today = now().date()
    if not date.min.year <= year <= today.year:
        raise NoSuchPair
    return moment_asked_for("" if year == today.year else f"{year:04}-12-31", "", now())


def material_of(session: Session, year: int, chosen: Collection[str], reader: Principal) -> Material:
    moment, first = moment_of(year), date(year, 1, 1)
    risks, alike = _risks(session, chosen, reader, moment)
    asked = chosen, reader.clearance, moment.done_by, Within(lasting_to=first)
    looked_into = response_times.looked_into(session, *asked)
    # who sees less may see it cleared before it is closed
    flags = [one for one in looked_into if one.over_on is None or one.over_on >= first]
    cases = response_times.cases(session, *asked)
    flags_of, cases_of = _of_countries(flags), _of_countries(cases)
    treatments = [
        _treatment(iso3, risk, flags_of.get(iso3, ()), cases_of.get(iso3, ()), moment.day)
        for iso3, risk in risks.items()
        if not math.isnan(risk.value)
    ]
    return Material(
        year=year,
        moment=moment,
        treatments=treatments,
        alike=alike,
        pairs=unlike_pairs(treatments, alike),
        flags=flags_of,
        cases=cases_of,
        waits=response_times.waits(flags, cases),
        coverage={iso3: risks[iso3].coverage if iso3 in risks else 0.0 for iso3 in chosen},
    )


def _of_countries(found: Iterable[Of]) -> dict[str, list[Of]]:
    grouped: dict[str, list[Of]] = {}
    for one in found:
        grouped.setdefault(one.iso3, []).append(one)
    return grouped


def _treatment(iso3: str, risk: _Risk, flags: Sequence[LookedInto], cases: Sequence[Case], today: date) -> Treatment:
    # what a person or an occasion raised is about this country alone
    judged = [(one.verdict, (one.rule_key, one.subject)) for one in flags if not _is_of_its_own(one)]
    return Treatment(
        iso3=iso3,
        calls=bool(cases) or level_of(risk.value) >= Level.ELEVATED,
        confirmed=frozenset(matter for verdict, matter in judged if verdict is Verdict.CONFIRMED),
        discarded=frozenset(matter for verdict, matter in judged if verdict is Verdict.DISCARDED),
        days=spent_on(response_times.waits((), cases), Step.DECIDED, today).median,
        proposed=sum(len(case.measures) for case in cases),
        decided=sum(case.decided for case in cases),
        coverage=risk.coverage,
        risk=risk.value,
        low=risk.low,
        high=risk.high,
    )


def _is_of_its_own(flag: LookedInto) -> bool:
    return flag.rule_key == MANUAL or flag.subject.isdecimal()


def _risks(
    session: Session, chosen: Collection[str], reader: Principal, moment: Moment
) -> tuple[dict[str, _Risk], BoolArray]:
    """By country, those that can be compared first; and which of those cannot be told apart.

    Of today by their draws; of a past day, of which no draws are kept, by their intervals.
    """
    chosen_method = frame().method_at(session, moment)
    if chosen_method is None or not chosen:
        return {}, np.ones((0, 0), dtype=np.bool_)
    number, method = chosen_method
    if not moment.is_now:
        return _risks_then(session, number, method, chosen, reader, moment)
    found = scores.now(session, number, method.tree, reader.clearance, chosen)
    root = method.tree.positions[ROOT]
    risks = {iso3: _risk(one.scores, root) for iso3, one in found.items()}
    drawn = {iso3: one.draws for iso3, one in found.items() if one.draws is not None}
    known = {iso3: risks[iso3] for iso3 in drawn if not math.isnan(risks[iso3].value)}
    whole = [drawn[iso3] for iso3 in known]
    alike = not_told_apart(np.stack(whole)) if whole else np.ones((0, 0), dtype=np.bool_)
    return _with_unknown(known, risks), alike


def _risks_then(
    session: Session, number: int, method: Method, chosen: Collection[str], reader: Principal, moment: Moment
) -> tuple[dict[str, _Risk], BoolArray]:
    then = past_scores.on_days(
        session, number, method.tree, reader.clearance, chosen, days=[moment.day], known=moment.known_at
    )
    root = method.tree.positions[ROOT]
    found = {iso3: seen[0] for iso3, seen in then.items() if seen[0] is not None}
    risks = {iso3: _risk(one, root) for iso3, one in found.items()}
    known = {iso3: one for iso3, one in risks.items() if not np.isnan([one.value, one.low, one.high]).any()}
    low, high = (np.array([getattr(one, end) for one in known.values()], dtype=np.float64) for end in ("low", "high"))
    return _with_unknown(known, risks), overlapping(low, high)


def _risk(found: Scores, root: int) -> _Risk:
    whole = (found.values, found.coverage, found.low, found.high)
    return _Risk(*(float(figures[root]) for figures in whole))


def _with_unknown(known: Mapping[str, _Risk], risks: Mapping[str, _Risk]) -> dict[str, _Risk]:
    """Of those that cannot be compared the coverage alone is told."""
    return {**known, **{iso3: _Risk(math.nan, one.coverage) for iso3, one in risks.items() if iso3 not in known}}
