"""What can be looked for: names and words, as far as somebody's scope and clearance reach. Evidence itself is never
gone through."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import String, and_, cast, func, select

from tracker.assessment import Assessment
from tracker.handling import Mark
from tracker.situation import SituationAct
from tracker.storage.base import Session
from tracker.storage.conclusions import Occasion, Situation, SituationEvent
from tracker.storage.countries import Scope
from tracker.storage.observations import stands
from tracker.storage.occasions import Occurrence, concerning, may_come, nearest
from tracker.storage.recording import Batch, Observation
from tracker.storage.watching import Indicator, Source


@dataclass(frozen=True)
class SpokenOf:
    """A situation with all that was said about it, the newest first."""

    situation: Situation
    words: list[str]


def situations(session: Session, scope: Scope, clearance: Mark, *, known: datetime) -> list[SpokenOf]:
    """The open ones first, then those that were opened last. Only what was known by then."""
    event = SituationEvent
    said = and_(event.situation_id == Situation.id, event.handling <= clearance, event.at <= known, _has_words())
    query = (
        select(Situation, event.act, event.words, event.details)
        .join(event, said, isouter=True)
        .where(Situation.handling <= clearance, Situation.opened_at <= known)
        .order_by(Situation.closed_at.is_not(None), Situation.opened_at.desc(), Situation.id.desc(), event.id.desc())
    )
    if scope is not None:
        query = query.where(Situation.iso3.in_(scope))
    found: dict[int, SpokenOf] = {}
    for row in session.execute(query):
        spoken = found.setdefault(row.Situation.id, SpokenOf(row.Situation, []))
        if row.words:
            spoken.words.extend(_all_words(row))
    return list(found.values())


def occasions(session: Session, scope: Scope, clearance: Mark, *, since: date, known: datetime) -> list[Occurrence]:
    """Of those to come the next day, the nearest first."""
    query = select(Occasion).where(
        may_come(since, date.max),
        Occasion.handling <= clearance,
        Occasion.removed.is_(False),
        Occasion.entered_at <= known,
        concerning(scope),
    )
    return nearest(session.scalars(query), since, date.max)


def names_of_sources(session: Session) -> dict[int, str]:
    """Of all of them: who may know of which is another question."""
    return {row.id: row.name for row in session.execute(select(Source.id, Source.name).order_by(Source.name))}


class Stands(NamedTuple):
    """An answer that may be shown with its source."""

    iso3: str
    # Of its indicator.
    key: str
    observed_on: date


def attributed_to(
    session: Session, source_ids: Collection[int], scope: Scope, clearance: Mark, *, known: datetime
) -> dict[int, Stands]:
    """By source: an answer that stands and names it, of those that were recorded last. Looked for only until one is
    found; where none may be shown, nothing tells that there is such a source."""
    # in one word, because not every engine gives several columns of a row that is looked for so
    one = (
        select(Observation.iso3 + " " + Indicator.key + " " + cast(Observation.observed_on, String))
        .join(Batch, Batch.id == Observation.batch_id)
        .join(Indicator, Indicator.id == Observation.indicator_id)
        .where(Batch.source_id == Source.id, Batch.recorded_at <= known)
        .where(Observation.handling <= clearance, Observation.attributable, stands())
        .order_by(Batch.id.desc())
        .limit(1)
    )
    if scope is not None:
        one = one.where(Observation.iso3.in_(scope))
    query = select(Source.id, one.correlate(Source).scalar_subquery().label("found")).where(Source.id.in_(source_ids))
    found = dict[int, Stands]()
    for row in session.execute(query.order_by(Source.id)):
        if row.found is not None:
            iso3, key, day = row.found.split()
            found[row.id] = Stands(iso3, key, date.fromisoformat(day))
    return found


def _has_words() -> Any:
    return func.length(SituationEvent.words) > 0


def _all_words(row: Any) -> list[str]:
    """Of an assessment, all that its author wrote."""
    if row.act is not SituationAct.ASSESSED:
        return [row.words]
    said = Assessment.kept(row.words, row.details)
    return [words for words in (said.summary, said.population, said.out_of_scope) if words]
