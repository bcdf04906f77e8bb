"""What may be handed to others, and how much stays behind."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from typing import Any, NamedTuple

from sqlalchemy import and_, func, null, or_, select

from tracker.assessment import Assessment
from tracker.handling import Mark
from tracker.situation import SituationAct
from tracker.storage import flags
from tracker.storage.base import Session
from tracker.storage.conclusions import Flag, Situation, SituationEvent
from tracker.storage.observations import is_newest, stands
from tracker.storage.recording import Batch, Observation
from tracker.storage.sharing import Partner
from tracker.storage.watching import Indicator, Source


@dataclass(frozen=True)
class Asked:
    """What somebody wants to share: of these countries, from one day to another, both included."""

    countries: Collection[str]
    since: date
    until: date
    # Nothing above it is read.
    ceiling: Mark
    # The sources that are partners.
    partners: Collection[int]


def sources_of_partners(session: Session) -> set[int]:
    """By their names. Not told apart by the database: it may take “É” and “é” for two letters."""
    named = select(Source.id, Source.name).union_all(select(null(), Partner.name))
    found = [(number, name.casefold()) for number, name in session.execute(named)]
    partners = {name for number, name in found if number is None}
    return {number for number, name in found if number is not None and name in partners}


class ToShare(NamedTuple):
    """An observation that stands, or that counts no more: whoever was handed it before has no other way to know."""

    iso3: str
    indicator: str
    observed_on: date
    value: float | None
    standard_error: float | None
    reliability: str
    credibility: int
    handling: int
    attributable: bool
    source: str
    note: str | None
    evidence_url: str | None
    withdrawn: bool


def observations_to_share(session: Session, asked: Asked, *, most: int) -> list[ToShare]:
    query = (
        select(
            Observation.iso3,
            Indicator.key,
            Observation.observed_on,
            Observation.value,
            Observation.standard_error,
            func.coalesce(Observation.reliability, Source.reliability),
            func.coalesce(Observation.credibility, Source.credibility),
            Observation.handling,
            Observation.attributable,
            Source.name,
            Observation.note,
            Observation.evidence_url,
            Observation.withdrawn,
        )
        .join(Indicator, Indicator.id == Observation.indicator_id)
        .join(Batch, Batch.id == Observation.batch_id)
        .join(Source, Source.id == Batch.source_id)
        .where(
            is_newest(),
            _is_asked_for(asked),
            Observation.handling <= asked.ceiling,
            ~_is_for_a_partner_to_pass_on(asked),
        )
        .order_by(Observation.iso3, Indicator.key, Observation.observed_on)
        .limit(most)
    )
    return [ToShare._make(row) for row in session.execute(query)]


def _is_for_a_partner_to_pass_on(asked: Asked) -> Any:
    """TLP:AMBER is for the organisation that received it; what it received is not its own to hand on."""
    return and_(Observation.handling >= Mark.AMBER, Batch.source_id.in_(asked.partners))


def observations_staying_behind(session: Session, asked: Asked, clearance: Mark) -> Counter[Mark]:
    """How many bear which mark, of those that somebody of that clearance may know of. What bears none above the chosen
    one is a partner's to pass on."""
    stays = or_(Observation.handling > asked.ceiling, _is_for_a_partner_to_pass_on(asked))
    query = (
        select(Observation.handling, func.count())
        .join(Batch, Batch.id == Observation.batch_id)
        .where(stands(), _is_asked_for(asked), stays, Observation.handling <= clearance)
        .group_by(Observation.handling)
    )
    return Counter({Mark(row[0]): row[1] for row in session.execute(query)})


def _is_asked_for(asked: Asked) -> Any:
    return and_(Observation.iso3.in_(asked.countries), Observation.observed_on.between(asked.since, asked.until))


def flags_to_share(session: Session, asked: Asked, clearance: Mark) -> list[flags.SeenFlag]:
    """Those that stood at some time between the two days, as somebody of that clearance sees them."""
    query = (
        select(Flag)
        .where(
            Flag.iso3.in_(asked.countries),
            Flag.opened_at < _end_of(asked.until),
            or_(Flag.closed_at.is_(None), Flag.closed_at >= _begin_of(asked.since)),
        )
        .order_by(Flag.iso3, Flag.opened_at, Flag.id)
    )
    return flags.as_seen(session, list(session.scalars(query)), clearance)


class Assessed(NamedTuple):
    iso3: str
    part: str
    day: date
    handling: Mark
    said: Assessment


def assessments_to_share(session: Session, asked: Asked, clearance: Mark) -> list[Assessed]:
    """The higher of its own mark and its situation's is its mark: who may not know of the one knows not the other."""
    query = (
        select(Situation.iso3, Situation.part, Situation.handling, SituationEvent)
        .join(Situation, Situation.id == SituationEvent.situation_id)
        .where(
            Situation.iso3.in_(asked.countries),
            Situation.handling <= clearance,
            SituationEvent.handling <= clearance,
            SituationEvent.act == SituationAct.ASSESSED,
            SituationEvent.at >= _begin_of(asked.since),
            SituationEvent.at < _end_of(asked.until),
        )
        .order_by(Situation.iso3, SituationEvent.at, SituationEvent.id)
    )
    return [_assessed(*row) for row in session.execute(query)]


def _assessed(iso3: str, part: str, handling: int, event: SituationEvent) -> Assessed:
    mark = Mark(max(handling, event.handling))
    return Assessed(iso3, part, event.at.date(), mark, Assessment.kept(event.words, event.details))


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time_of_day(), UTC)


def _end_of(day: date) -> datetime:
    return _begin_of(day) + timedelta(days=1)
