"""What was handed to others, what came from them, and who they are."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, delete, select

from tracker.bundle import BundleDirection
from tracker.handling import Mark
from tracker.storage.base import Session
from tracker.storage.countries import Scope
from tracker.storage.observations import is_newest, stands
from tracker.storage.recording import Batch, Observation
from tracker.storage.sharing import Bundle, Partner, SigningKey
from tracker.storage.watching import Indicator, Source

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


def is_publisher(session: Session, name: str) -> bool:
    """What a partner of that name hands over would pass for the publisher's own figures."""
    names = session.scalars(select(Source.name).where(Source.publisher != ""))
    # not by the database: it may take “É” and “é” for two letters
    return name.casefold() in {one.casefold() for one in names}


def partner(session: Session, partner_id: int) -> Partner | None:
    """As it is now, and nobody else's to change."""
    return session.get(Partner, partner_id, with_for_update=True, populate_existing=True)


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


def newest_sent(session: Session, recipient: str) -> Bundle | None:
    query = select(Bundle).where(Bundle.direction == BundleDirection.SENT, Bundle.recipient == recipient)
    return session.scalar(query.order_by(Bundle.id.desc()).limit(1))


def newest_entered(session: Session, partner: str, *, besides: int) -> datetime | None:
    """When the newest bundle of that partner was made, of those that count. None: there is none."""
    query = (
        select(Bundle.summary)
        .join(Partner, Partner.id == Bundle.partner_id)
        .where(
            Partner.name == partner,
            Bundle.id != besides,
            Bundle.entered_at.is_not(None),
            Bundle.withdrawn_at.is_(None),
        )
    )
    return max((datetime.fromisoformat(one["made_at"]) for one in session.scalars(query)), default=None)


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


# ---- against what is recorded here ------------------------------------------------------------------------------


class Recorded(NamedTuple):
    value: float | None
    standard_error: float | None
    # Answers of our own analysts.
    is_coded: bool
    handling: int
    # Who said it.
    source: str
    revision: int


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
            Observation.handling,
            Source.name,
            Observation.revision,
        )
        .join(Indicator, Indicator.id == Observation.indicator_id)
        .join(Batch, Batch.id == Observation.batch_id)
        .join(Source, Source.id == Batch.source_id)
        .where(
            stands(),
            Observation.iso3.in_(iso3s),
            Observation.observed_on.between(since, until),
            Observation.handling <= clearance,
        )
    )
    return {(row[0], row[1], row[2]): Recorded._make(row[3:]) for row in session.execute(query)}


class MarkNow(NamedTuple):
    handling: Mark
    withdrawn: bool


def as_marked_now(
    session: Session, iso3s: Collection[str], *, since: date, until: date
) -> Mapping[tuple[str, str, date], MarkNow]:
    """By country, indicator's key and day: which mark the newest revision bears, whoever may see it."""
    query = (
        select(Observation.iso3, Indicator.key, Observation.observed_on, Observation.handling, Observation.withdrawn)
        .join(Indicator, Indicator.id == Observation.indicator_id)
        .where(is_newest(), Observation.iso3.in_(iso3s), Observation.observed_on.between(since, until))
    )
    return {(row[0], row[1], row[2]): MarkNow(Mark(row[3]), row[4]) for row in session.execute(query)}
