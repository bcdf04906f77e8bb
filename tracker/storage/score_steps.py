"""How countries came to stand where they stand, as somebody sees it, for a picture of many years.

Near the day that is looked at every step is read. Before that only what held on some days, such as the ends of
quarters: so a picture of thirty years reads no more rows than one of three.
"""

import json
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    Date,
    Select,
    String,
    and_,
    bindparam,
    column,
    func,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from tracker.handling import Mark
from tracker.index import Tree
from tracker.storage.base import Instant, Session
from tracker.storage.conclusions import ScoreHistory, ScoreNow
from tracker.storage.scores import Step
from tracker.workings import Scores

# By day, in order: the row that was known last.
_View: TypeAlias = Mapping[date, Any]


def steps_seen(
    session: Session,
    version: int,
    tree: Tree,
    iso3s: Collection[str],
    clearance: Mark,
    *,
    ends: Sequence[date],
    until: date,
    known: datetime,
) -> dict[str, list[Step]]:
    """By country: what held on each of the `ends`, and every step after the last of them up to `until`, oldest first.

    As it was known at that moment. Before a view has anything to say, it is the one below it that is seen.
    """
    views: dict[str, dict[int, dict[date, Any]]] = {iso3: {} for iso3 in iso3s}
    dialect = session.get_bind().dialect.name
    asked = {"version": version, "iso3s": list(iso3s), "clearance": int(clearance), "known": known}
    asked |= {"ends": _as_array(ends, dialect), "last": ends[-1], "until": until}
    # put in order here: asked for it in order, SQLite goes through the history of every country
    for row in sorted(session.connection().execute(_question(dialect), asked), key=_order):
        views[row.iso3].setdefault(row.handling, {})[row.day] = row
    seen = {iso3: _seen([its[mark] for mark in sorted(its, reverse=True)], ends) for iso3, its in views.items()}
    return {
        iso3: [Step(row.day, Scores.unpacked(tree, row.record), row.known_at) for row in rows]
        for iso3, rows in seen.items()
    }


def _order(row: Any) -> tuple[date, datetime]:
    """Of one day the newest known comes last, and stays."""
    return row.day, row.known_at


def _seen(highest_first: Sequence[_View], ends: Sequence[date]) -> list[Any]:
    found = {row.day: row for end in ends if (row := _held(highest_first, end)) is not None}
    later = sorted({day for view in highest_first for day in view if day > ends[-1]})
    found |= {day: row for day in later if (row := _held(highest_first, day)) is not None and row.day == day}
    return list(found.values())


def _held(highest_first: Sequence[_View], day: date) -> Any:
    """The row that held on that day, of the highest view that had one."""
    for view in highest_first:
        days = list(view)
        place = bisect_right(days, day)
        if place:
            return view[days[place - 1]]
    return None


def _as_array(days: Sequence[date], dialect: str) -> Any:
    return list(days) if dialect == "postgresql" else json.dumps([day.isoformat() for day in days])


@cache
def _question(dialect: str) -> Select[*tuple[Any, ...]]:
    rows, view = ScoreHistory, ScoreNow
    may_be_seen = and_(
        view.method_version == bindparam("version"),
        view.iso3.in_(bindparam("iso3s", expanding=True)),
        view.handling <= bindparam("clearance"),
    )
    # worked out first: otherwise SQLite begins with the history of every country
    views = select(view.method_version, view.iso3, view.handling).where(may_be_seen).cte("views")
    views = views.prefix_with("MATERIALIZED")
    told = (rows.iso3, rows.handling, rows.day, rows.known_at, rows.record)
    wanted = _wanted(dialect)
    held = select(views, _last_day(views, wanted).label("day")).join(wanted, true()).distinct().subquery()
    on_ends = select(*told).join(held, and_(_is_of(rows, held.c), rows.day == held.c.day))
    last, until = bindparam("last", type_=Date()), bindparam("until", type_=Date())
    afterwards = select(*told).join(views, _is_of(rows, views.c)).where(rows.day > last, rows.day <= until)
    return select(union_all(*(half.where(rows.known_at <= _known()) for half in (on_ends, afterwards))).subquery())


def _wanted(dialect: str) -> CTE:
    """The ends as rows: each engine has its own way to take a whole list at once."""
    if dialect == "postgresql":
        listed = (
            func.unnest(bindparam("ends", type_=ARRAY(Date()))).table_valued(column("day", Date())).render_derived()
        )
    else:
        listed = func.json_each(bindparam("ends", type_=String())).table_valued(column("value", Date()))
    return select(listed.c[0].label("day")).cte("wanted")


def _last_day(views: CTE, wanted: CTE) -> Any:
    before = aliased(ScoreHistory)
    return (
        select(func.max(before.day))
        .where(_is_of(before, views.c), before.day <= wanted.c.day, before.known_at <= _known())
        .correlate(views, wanted)
        .scalar_subquery()
    )


def _known() -> Any:
    return bindparam("known", type_=Instant())


def _is_of(rows: Any, view: Any) -> ColumnElement[bool]:
    return and_(rows.method_version == view.method_version, rows.iso3 == view.iso3, rows.handling == view.handling)
