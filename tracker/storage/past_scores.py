"""What was to be seen of every country on some days, as it was known at one moment, or of situations when they were
opened: each in one question."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import CompoundSelect, Date, Integer, ScalarSelect, and_, literal, select, union_all

from tracker.handling import Mark
from tracker.index import Tree
from tracker.storage.base import Session
from tracker.storage.conclusions import ScoreHistory, ScoreNow, Situation
from tracker.storage.countries import Scope
from tracker.workings import Scores


def on_days(
    session: Session,
    version: int,
    tree: Tree,
    clearance: Mark,
    scope: Scope = None,
    *,
    days: Sequence[date],
    known: datetime,
) -> dict[str, list[Scores | None]]:
    """By country, its scores on each of the days; None: nothing was known of it then."""
    views = select(ScoreNow.iso3, ScoreNow.handling).where(
        ScoreNow.method_version == version, ScoreNow.handling <= clearance
    )
    if scope is not None:
        views = views.where(ScoreNow.iso3.in_(scope))
    seen, asked = views.subquery("seen"), _numbered(days).subquery("asked")
    rows = ScoreHistory
    within = and_(rows.method_version == version, rows.iso3 == seen.c.iso3, rows.handling == seen.c.handling)
    record = (
        select(rows.record)
        .where(within, rows.day <= asked.c.day, rows.known_at <= known)
        .order_by(rows.day.desc(), rows.known_at.desc())
        .limit(1)
        .correlate(seen, asked)
        .scalar_subquery()
    )
    query = select(seen.c.iso3, asked.c.number, record.label("record")).select_from(seen.join(asked, literal(True)))
    found: dict[str, list[Scores | None]] = {}
    # the highest mark that had anything to say then comes last, and stays
    for iso3, number, packed in session.execute(query.order_by(seen.c.iso3, seen.c.handling)):
        of_country = found.setdefault(iso3, [None] * len(days))
        if packed is not None:
            of_country[number] = Scores.unpacked(tree, packed)
    return found


def at_opening(version: int, clearance: Mark) -> ScalarSelect[bytes]:
    """Of the situation of the question around it: how its country stood when it was opened, as it was known then."""
    rows = ScoreHistory
    known_then = and_(
        rows.method_version == version,
        rows.iso3 == Situation.iso3,
        rows.handling <= clearance,
        rows.known_at <= Situation.opened_at,
    )
    # who may see more has more to see
    latest = (rows.handling.desc(), rows.day.desc(), rows.known_at.desc())
    return select(rows.record).where(known_then).order_by(*latest).limit(1).correlate(Situation).scalar_subquery()


def _numbered(days: Sequence[date]) -> CompoundSelect[int, date]:
    rows = [
        select(literal(number, Integer()).label("number"), literal(day, Date()).label("day"))
        for number, day in enumerate(days)
    ]
    return union_all(*rows)
