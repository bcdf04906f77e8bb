"""Where one country stands among all that a reader may see, without working out where all the others stand."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import numpy as np
from sqlalchemy import Select, bindparam, select

from tracker.handling import Mark
from tracker.index import Tree
from tracker.storage import scores
from tracker.storage.base import Session
from tracker.storage.conclusions import ScoreNow
from tracker.storage.countries import Scope
from tracker.uncertainty import Place, place_of
from tracker.workings import Scores


@dataclass(frozen=True)
class Among:
    """One country's scores of a day, and its place in the ranking."""

    day: date
    scores: Scores
    # None: it has not enough evidence to be ranked.
    place: Place | None
    # The scores of all that are ranked, its own among them.
    ranked: dict[str, float]


def now(session: Session, version: int, tree: Tree, iso3: str, clearance: Mark, scope: Scope = None) -> Among | None:
    """None: nothing of it that may be seen was ever scored."""
    asked = {"version": version, "clearance": int(clearance)}
    everywhere = _everywhere() if scope is None else _within()
    rows = session.connection().execute(everywhere, asked if scope is None else {**asked, "scope": sorted(scope)})
    # the highest mark comes last, and stays
    seen = {row.iso3: row for row in rows}
    if iso3 not in seen:
        return None
    ranked = {one: row for one, row in seen.items() if row.draws is not None}
    values = np.array([Scores.whole_of(tree, row.record) for row in ranked.values()])
    place = None
    if iso3 in ranked:
        drawn = np.stack([np.frombuffer(row.draws, dtype="<f4") for row in ranked.values()])
        place = place_of(drawn, values, list(ranked).index(iso3))
    own = Scores.unpacked(tree, seen[iso3].record)
    return Among(seen[iso3].day, own, place, dict(zip(ranked, values.tolist(), strict=True)))


def then(
    session: Session,
    version: int,
    tree: Tree,
    iso3: str,
    clearance: Mark,
    scope: Scope = None,
    *,
    day: date,
    known: datetime,
) -> Among | None:
    """Of a past day: between which places it lay then is not kept, so its own place is all that is said."""
    found = scores.on_day(session, version, tree, clearance, scope, day=day, known=known)
    if iso3 not in found:
        return None
    ranked = {one: value for one, its in found.items() if not np.isnan(value := float(its.values[-1]))}
    place = None
    if iso3 in ranked:
        own = 1 + sum(value > ranked[iso3] for value in ranked.values())
        place = Place(own, len(ranked))
    return Among(day, found[iso3], place, ranked)


@cache
def _everywhere() -> Select[*tuple[Any, ...]]:
    columns = (ScoreNow.iso3, ScoreNow.day, ScoreNow.record, ScoreNow.draws)
    query = select(*columns).where(
        ScoreNow.method_version == bindparam("version"), ScoreNow.handling <= bindparam("clearance")
    )
    return query.order_by(ScoreNow.iso3, ScoreNow.handling)


@cache
def _within() -> Select[*tuple[Any, ...]]:
    return _everywhere().where(ScoreNow.iso3.in_(bindparam("scope", expanding=True)))
