"""What every country's evidence adds up to: today, and on any day, as it was known on any later one.

A reader's scores are those of the highest mark at or below their clearance; where a country's evidence bears no such
mark, those of the next lower one.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Select, and_, delete, func, select

from tracker.handling import Mark
from tracker.index import FloatArray, Tree
from tracker.storage import methods, score_statements
from tracker.storage.base import Session
from tracker.storage.conclusions import ScoreHistory, ScoreNow
from tracker.storage.countries import Scope
from tracker.storage.prepared import Row
from tracker.trail import Trail
from tracker.workings import Scores


@dataclass(frozen=True)
class Now:
    handling: Mark
    day: date
    scores: Scores
    # Of the whole; None: there is not enough evidence.
    draws: FloatArray | None
    changes_on: date | None
    # The way here. None: it has not been followed since trails are kept.
    trail: Trail | None


class Step(NamedTuple):
    """Scores that hold from that day on, until the next step."""

    day: date
    scores: Scores
    # None: it is not written down yet.
    known_at: datetime | None = None


class _Kept(NamedTuple):
    """A row of the scores of today."""

    method_version: int
    iso3: str
    handling: int
    day: date
    record: bytes
    draws: bytes | None
    changes_on: date | None
    trail: bytes | None


def now(session: Session, version: int, tree: Tree, clearance: Mark, scope: Scope = None) -> dict[str, Now]:
    """By country, as that clearance sees it."""
    asked = {"version": version, "clearance": int(clearance)}
    if scope is None:
        rows = session.connection().execute(score_statements.now_everywhere(), asked)
    else:
        rows = session.connection().execute(score_statements.now_within(), {**asked, "scope": sorted(scope)})
    # the highest mark comes last, and stays
    seen: dict[str, Any] = {}
    trails: dict[str, Trail] = {}
    for row in rows:
        seen[row.iso3] = row
        if row.trail is not None:
            own, below = Trail.unpacked(row.trail), trails.get(row.iso3)
            trails[row.iso3] = own if below is None else own.after(below)
    return {iso3: _now(row, tree, trails.get(iso3)) for iso3, row in seen.items()}


def alone(session: Session, version: int, tree: Tree, clearance: Mark, iso3s: Collection[str]) -> dict[str, Scores]:
    """By country, as that clearance sees it: the scores of today without what goes with them."""
    asked = {"version": version, "clearance": int(clearance), "scope": sorted(iso3s)}
    # the highest mark comes last, and stays
    found: dict[str, bytes] = dict(score_statements.RECORDS_WITHIN.rows(session, asked))
    return {iso3: Scores.unpacked(tree, record) for iso3, record in found.items()}


def marks_of(session: Session, version: int, iso3: str) -> set[Mark]:
    """Those of a country's views."""
    found = score_statements.MARKS.rows(session, {"version": version, "iso3": iso3})
    return {Mark(mark) for (mark,) in found}


def views_of(session: Session, version: int, tree: Tree, iso3: str) -> dict[Mark, Now]:
    """By mark: one country's scores for whoever may see up to it."""
    rows = map(_Kept._make, score_statements.VIEWS.rows(session, {"version": version, "iso3": iso3}))
    return {Mark(row.handling): _now(row, tree, _trail(row)) for row in rows}


def curve(
    session: Session,
    version: int,
    tree: Tree,
    iso3: str,
    mark: Mark,
    *,
    since: date,
    until: date = date.max,
    known: datetime | None = None,
) -> list[Step]:
    """One view of a country between two days, and the step that held on the first, as it is or was known; in order."""
    asked: dict[str, Any] = {"version": version, "iso3": iso3, "mark": int(mark), "since": since, "until": until}
    if known is None:
        rows = score_statements.CURVE.rows(session, asked)
    else:
        rows = score_statements.CURVE_AS_KNOWN.rows(session, {**asked, "known": known})
    return [Step(day, Scores.unpacked(tree, record), known_at) for day, record, known_at in _newest(rows)]


def held_on(session: Session, version: int, iso3: str, mark: Mark, days: Sequence[date]) -> list[bytes | None]:
    """The record of one view of a country that held on each of these days, which are in order. None: it had none."""
    asked = {"version": version, "iso3": iso3, "mark": int(mark), "since": days[0], "until": days[-1]}
    # of one day the newest known comes last, and stays
    found: dict[date, bytes] = dict(score_statements.RECORDS_OF_CURVE.rows(session, asked))
    begin, records = list(found), list(found.values())
    return [records[place - 1] if (place := bisect_right(begin, day)) else None for day in days]


def _newest(rows: Iterable[Row]) -> list[Row]:
    """Of one day the newest known comes last, and stays."""
    return list({row[0]: row for row in rows}.values())


def seen_curve(session: Session, version: int, tree: Tree, iso3: str, clearance: Mark, *, since: date) -> list[Step]:
    """The same as that clearance sees it: before a view has anything to say, the one below it."""
    asked = {"version": version, "iso3": iso3, "clearance": int(clearance), "since": since}
    views: dict[int, dict[date, Any]] = {}
    for row in session.connection().execute(score_statements.curves(), asked):
        views.setdefault(row.handling, {})[row.day] = row
    seen: dict[date, Any] = {}
    for own in views.values():
        begins = min(own)
        seen = {day: row for day, row in seen.items() if day < begins} | own
    return [Step(row.day, Scores.unpacked(tree, row.record), row.known_at) for row in seen.values()]


def on_day(
    session: Session,
    version: int,
    tree: Tree,
    clearance: Mark,
    scope: Scope = None,
    *,
    day: date,
    known: datetime,
) -> dict[str, Scores]:
    """By country: its scores of that day, as they were known at that moment."""
    views = (
        select(ScoreNow.iso3, ScoreNow.handling)
        .where(ScoreNow.method_version == version, ScoreNow.handling <= clearance)
        .subquery()
    )
    rows = ScoreHistory
    within = and_(rows.method_version == version, rows.iso3 == views.c.iso3, rows.handling == views.c.handling)
    record = (
        select(rows.record)
        .where(within, rows.day <= day, rows.known_at <= known)
        .order_by(rows.day.desc(), rows.known_at.desc())
        .limit(1)
        .correlate(views)
        .scalar_subquery()
    )
    query = select(views.c.iso3, record.label("record")).order_by(views.c.iso3, views.c.handling)
    if scope is not None:
        query = query.where(views.c.iso3.in_(scope))
    # the highest mark that had anything to say then comes last, and stays
    found = {row.iso3: row.record for row in session.execute(query) if row.record is not None}
    return {iso3: Scores.unpacked(tree, packed) for iso3, packed in found.items()}


def looked_at_until() -> Select[date | None]:
    """By the method in force: the day up to which the passing of time counts in the scores of every country."""
    in_force = methods.number_alone().scalar_subquery()
    return select(func.min(ScoreNow.day)).where(ScoreNow.method_version == in_force)


def to_renew(session: Session, version: int, today: date, only: Collection[str] | None = None) -> dict[str, date]:
    """The countries that were last looked at before today, and the day from which something may have changed.

    One whose way has not been followed yet was not looked at either.
    """
    asked: dict[str, Any] = {"version": version, "today": today}
    if only is None:
        rows = score_statements.WAITING.rows(session, asked)
    else:
        rows = score_statements.WAITING_WITHIN.rows(session, {**asked, "scope": sorted(only)})
    return {row[0]: min(row[1] or today, today) for row in rows}


def keep(session: Session, version: int, iso3: str, mark: Mark, found: Now) -> None:
    row = {
        "method_version": version,
        "iso3": iso3,
        "handling": mark,
        "day": found.day,
        "record": found.scores.packed(),
        "draws": None if found.draws is None else found.draws.astype("<f4").tobytes(),
        "changes_on": found.changes_on,
        "trail": None if found.trail is None else found.trail.packed(),
    }
    score_statements.KEEPING.change(session, row)


def add_steps(
    session: Session, version: int, iso3: str, mark: Mark, steps: Iterable[Step], known: Mapping[date, datetime]
) -> None:
    rows = [
        {
            "method_version": version,
            "iso3": iso3,
            "handling": mark,
            "day": step.day,
            "known_at": known[step.day],
            "record": step.scores.packed(),
        }
        for step in steps
    ]
    score_statements.ADDING.change_each(session, rows)


def forget(session: Session, iso3: str, versions: Collection[int]) -> None:
    """So that it can be made again."""
    for table in (ScoreNow, ScoreHistory):
        session.execute(delete(table).where(table.iso3 == iso3, table.method_version.in_(versions)))
    session.expunge_all()


def _now(row: Any, tree: Tree, trail: Trail | None) -> Now:
    draws = None if row.draws is None else np.frombuffer(row.draws, dtype="<f4").astype(np.float64)
    return Now(Mark(row.handling), row.day, Scores.unpacked(tree, row.record), draws, row.changes_on, trail)


def _trail(row: Any) -> Trail | None:
    return None if row.trail is None else Trail.unpacked(row.trail)
