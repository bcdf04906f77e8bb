"""What was to be seen on any day, as it was known on any later one: from the evidence itself, intervals and ranks too.

The history of scores answers most of it at once (scores.on_day); here is what it leaves out, and what proves it.
"""

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from tracker.handling import Mark
from tracker.index import FloatArray, evaluate
from tracker.method import Method
from tracker.standing import Placed, evidence_of, placed_on
from tracker.storage import answers, methods, standings
from tracker.storage.answers import Question
from tracker.storage.base import Session
from tracker.storage.countries import Scope
from tracker.uncertainty import rank_intervals, spread
from tracker.workings import Scores


@dataclass(frozen=True)
class Then:
    scores: Scores
    # Of the whole; None: there was not enough evidence.
    draws: FloatArray | None


@dataclass(frozen=True)
class Ranked:
    scores: Scores
    # Between which places of the ranking it lay, the first being the worst.
    highest_place: int
    lowest_place: int


def country_then(session: Session, iso3: str, clearance: Mark, *, day: date, known: datetime) -> Then | None:
    """By the method that was in force then. None: there was no method, or nothing known."""
    chosen = methods.in_force(session, known)
    if chosen is None:
        return None
    return _then(session, chosen[1], answers.questions(session), iso3, clearance, day, known)


def ranking_then(
    session: Session, clearance: Mark, scope: Scope = None, *, day: date, known: datetime
) -> dict[str, Ranked]:
    """By country, among those that somebody could see and that had enough evidence."""
    chosen = methods.in_force(session, known)
    if chosen is None:
        return {}
    asked = answers.questions(session)
    found: dict[str, Then] = {}
    # those too of which everything was withdrawn since
    for iso3 in standings.countries_ever(session):
        if scope is not None and iso3 not in scope:
            continue
        then = _then(session, chosen[1], asked, iso3, clearance, day, known)
        if then is not None and then.draws is not None:
            found[iso3] = then
    if not found:
        return {}
    whole = np.stack([one.draws for one in found.values() if one.draws is not None])
    highest, lowest = rank_intervals(whole, np.array([one.scores.values[-1] for one in found.values()]))
    return {
        iso3: Ranked(then.scores, int(first), int(last))
        for (iso3, then), first, last in zip(found.items(), highest, lowest, strict=True)
    }


def _then(
    session: Session,
    method: Method,
    asked: list[Question],
    iso3: str,
    clearance: Mark,
    day: date,
    known: datetime,
) -> Then | None:
    said = answers.revisions_of(session, iso3, known=known)
    evidence = evidence_of(method, answers.standing_of(said, answers.places_of(method, asked))).up_to(clearance)
    placed = placed_on(evidence, method, [day])
    if np.isnan(placed.severity).all():
        return None
    of_country = Placed(placed.severity[:, 0], placed.deviation[:, 0])
    found = evaluate(method.tree, of_country.severity)
    interval = spread(method, of_country, iso3, found.values)
    has_value = ~np.isnan(found.values[:, 0])
    scores = Scores(
        of_country.severity[:, 0],
        found.values[:, 0],
        found.coverage[:, 0],
        np.where(has_value, interval.low[:, 0], np.nan),
        np.where(has_value, interval.high[:, 0], np.nan),
    )
    return Then(scores, interval.whole[0] if has_value[-1] else None)
