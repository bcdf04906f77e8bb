"""What may be handed to others, what was, what came from them, and who they are."""

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from typing import Any, NamedTuple

from sqlalchemy import Select, Text, and_, cast, delete, func, or_, select

from tracker.assessment import Assessment
from tracker.handling import Mark
from tracker.situation import SituationAct
from tracker.storage import flags
from tracker.storage.base import Session
from tracker.storage.conclusions import Flag, Situation, SituationEvent
from tracker.storage.countries import Scope
from tracker.storage.models import Batch, Indicator, Observation, Source
from tracker.storage.observations import stands
from tracker.storage.sharing import Bundle, Partner, ReceivedStatement, SigningKey

# ---- keys and partners ------------------------------------------------------------------------------------------


def signing_key(session: Session) -> SigningKey | None:
    """The one that is signed with. None: nobody has made one yet."""
    return session.scalar(select(SigningKey).order_by(SigningKey.id.desc()).limit(1))


def is_our_key(session: Session, public_key: str) -> bool:
    """Former ones too."""
    return session.scalar(select(SigningKey.id).where(SigningKey.public_key == public_key)) is not None


def partners(session: Session) -> list[Partner]:
    """Those that were revoked come last."""
    return list(session.scalars(select(Partner).order_by(Partner.revoked_at.is_not(None), Partner.name, Partner.id)))


def partner_by_key(session: Session, public_key: str) -> Partner | None:
    return session.scalar(select(Partner).where(Partner.public_key == public_key))


def partner(session: Session, partner_id: int) -> Partner | None:
    """As it is now, and nobody else's to change."""
    return session.get(Partner, partner_id, with_for_update=True, populate_existing=True)


# ---- what may be handed to others -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """What somebody wants to share: of these countries, from one day to another, both included."""

    countries: Collection[str]
    since: date
    until: date
    # Nothing above it is read.
    ceiling: Mark


class ToShare(NamedTuple):
    """An observation that stands."""

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
        )
        .join(Indicator, Indicator.id == Observation.indicator_id)
        .join(Batch, Batch.id == Observation.batch_id)
        .join(Source, Source.id == Batch.source_id)
        .where(_is_observed(asked), Observation.handling <= asked.ceiling)
        .order_by(Observation.iso3, Indicator.key, Observation.observed_on)
        .limit(most)
    )
    return [ToShare._make(row) for row in session.execute(query)]


def marks_of_observations(session: Session, asked: Asked, clearance: Mark) -> Counter[Mark]:
    """How many bear which mark, of those that stay behind and that somebody of that clearance may know of."""
    query = (
        select(Observation.handling, func.count())
        .where(_is_observed(asked), Observation.handling > asked.ceiling, Observation.handling <= clearance)
        .group_by(Observation.handling)
    )
    return Counter({Mark(row[0]): row[1] for row in session.execute(query)})


def _is_observed(asked: Asked) -> Any:
    return and_(
        stands(),
        Observation.iso3.in_(asked.countries),
        Observation.observed_on.between(asked.since, asked.until),
    )


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


# ---- bundles that were made or taken in -------------------------------------------------------------------------


class Listed(NamedTuple):
    bundle: Bundle
    # None: it was made here.
    partner: str | None


def bundles(session: Session, scope: Scope, clearance: Mark) -> list[Listed]:
    """The newest first: those of which the asker may know every word."""
    query = _bundles().where(Bundle.handling <= clearance).order_by(Bundle.at.desc(), Bundle.id.desc())
    return [one for row in session.execute(query) if _lies_within((one := Listed._make(row)).bundle, scope)]


def bundle(session: Session, bundle_id: int, scope: Scope, clearance: Mark) -> Listed | None:
    row = session.execute(_bundles().where(Bundle.id == bundle_id, Bundle.handling <= clearance)).first()
    return Listed._make(row) if row is not None and _lies_within(row.Bundle, scope) else None


def locked_bundle(session: Session, bundle_id: int) -> Bundle | None:
    return session.get(Bundle, bundle_id, with_for_update=True, populate_existing=True)


def by_fingerprint(session: Session, fingerprint: str) -> Bundle | None:
    return session.scalar(select(Bundle).where(Bundle.fingerprint == fingerprint))


def content_of(session: Session, bundle_id: int) -> bytes:
    return session.execute(select(Bundle.content).where(Bundle.id == bundle_id)).scalar_one()


def forget(session: Session, bundle_id: int) -> None:
    """One that was only looked at: it leaves nothing."""
    session.execute(delete(Bundle).where(Bundle.id == bundle_id))


def _bundles() -> Select[*tuple[Any, ...]]:
    return select(Bundle, Partner.name).outerjoin(Partner, Partner.id == Bundle.partner_id)


def _lies_within(one: Bundle, scope: Scope) -> bool:
    return scope is None or set(one.summary["countries"]) <= set(scope)


# ---- what others concluded --------------------------------------------------------------------------------------


class Statement(NamedTuple):
    """A flag or an assessment, as it stood in its bundle."""

    day: str
    id: int
    partner: str
    content: Mapping[str, Any]

    @classmethod
    def read(cls, number: int, partner: str, content: str) -> "Statement":
        said = json.loads(content)
        return cls(said["day"], number, partner, said)


def statements_about(iso3: Any, clearance: Any) -> Select[*tuple[Any, ...]]:
    """Of others, and not taken back. A part of another question: pages that show them show much else."""
    return (
        select(ReceivedStatement.id, Partner.name, cast(ReceivedStatement.content, Text))
        .join(Bundle, Bundle.id == ReceivedStatement.bundle_id)
        .join(Partner, Partner.id == Bundle.partner_id)
        .where(
            ReceivedStatement.iso3 == iso3,
            ReceivedStatement.handling <= clearance,
            Bundle.entered_at.is_not(None),
            Bundle.withdrawn_at.is_(None),
        )
    )


# ---- against what is recorded here ------------------------------------------------------------------------------


class Recorded(NamedTuple):
    value: float | None
    standard_error: float | None
    # Answers of our own analysts.
    is_coded: bool


def recorded_about(
    session: Session, iso3s: Collection[str], clearance: Mark, *, since: date, until: date
) -> Mapping[tuple[str, str, date], Recorded]:
    """By country, indicator's key and day: what stands, as far as somebody of that clearance may see it."""
    query = (
        select(
            Observation.iso3,
            Indicator.key,
            Observation.observed_on,
            Observation.value,
            Observation.standard_error,
            Indicator.source_id.is_(None),
        )
        .join(Indicator, Indicator.id == Observation.indicator_id)
        .where(
            stands(),
            Observation.iso3.in_(iso3s),
            Observation.observed_on.between(since, until),
            Observation.handling <= clearance,
        )
    )
    return {(row[0], row[1], row[2]): Recorded._make(row[3:]) for row in session.execute(query)}
