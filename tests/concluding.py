"""Evidence as it comes in, with what is concluded from it in the same breath."""

import math
from datetime import UTC, date, datetime, time
from typing import Any

from tests import factories
from tracker.actions.concluding import countries_to_look_at, draw_conclusions, let_time_pass
from tracker.actions.rebuilding import rebuild_country
from tracker.handling import Mark
from tracker.storage import methods, scores, standings
from tracker.storage.base import Session
from tracker.storage.recording import Batch, BatchKind, Observation
from tracker.workings import Scores, value_of

# When the tests' databases were stocked: since then the method is in force.
STOCKED_ON = date(2026, 3, 16)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def recorded(
    session: Session, indicator: str, value: float | None, *, on: date, at: datetime, **rest: Any
) -> Observation:
    """Of Mali, unless another country is named."""
    made = factories.observation(
        session, **{"iso3": "MLI", **rest}, indicator=indicator, on=on, value=value, recorded_at=at
    )
    draw_conclusions(session, [made.batch_id], now=at)
    return made


def published(session: Session, indicator: str, *figures: tuple[date, float], at: datetime, **rest: Any) -> None:
    """Of Mali, as an import brings them: in one act."""
    made = [
        factories.observation(
            session, **{"iso3": "MLI", **rest}, indicator=indicator, on=day, value=figure, recorded_at=at
        )
        for day, figure in figures
    ]
    for one in made:
        session.get_one(Batch, one.batch_id).kind = BatchKind.PUBLISHED
    draw_conclusions(session, [one.batch_id for one in made], now=at)


def days_pass(session: Session, *, now: datetime) -> int:
    """As the worker sees to it; at how many countries it had to look."""
    return sum(let_time_pass(session, iso3, now=now) for iso3 in countries_to_look_at(session, now=now))


def rebuilt(session: Session, *, now: datetime) -> int:
    found = standings.countries_ever(session)
    for iso3 in found:
        rebuild_country(session, iso3, now=now)
    return len(found)


def now_of(session: Session, iso3: str = "MLI", clearance: Mark = Mark.RED) -> Scores:
    number, method = _in_force(session)
    return scores.now(session, number, method.tree, clearance)[iso3].scores


def then_of(
    session: Session, day: date, known: datetime, iso3: str = "MLI", clearance: Mark = Mark.RED
) -> Scores | None:
    chosen = methods.in_force(session, known)
    if chosen is None:
        return None
    number, method = chosen
    return scores.on_day(session, number, method.tree, clearance, day=day, known=known).get(iso3)


def value(session: Session, found: Scores | None, node: str) -> float | None:
    """Rounded, as pages show it. None: there is no such value."""
    if found is None:
        return None
    _number, method = _in_force(session)
    exact = value_of(method.tree, found, node)
    return None if math.isnan(exact) else round(exact, 1)


def _in_force(session: Session) -> Any:
    chosen = methods.in_force(session)
    assert chosen is not None, "a stocked database has a method"
    return chosen
