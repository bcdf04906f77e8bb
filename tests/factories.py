"""The usual case of everything, so that a test says only what differs in it."""

import hashlib
import itertools
import secrets
from collections.abc import Collection
from datetime import date, datetime, timedelta

from tracker.access import PersonStatus, Role
from tracker.coding import CodingAct, CodingState, period_of
from tracker.handling import Mark
from tracker.storage import catalogue, codings
from tracker.storage.admitting import Passkey, Person, PersonRole, ScopeCountry, ScopeGroup, SignIn
from tracker.storage.base import Session
from tracker.storage.recording import Batch, BatchKind, Coding, Observation
from tracker.storage.watching import Source

_numbers = itertools.count(1)

PASSWORD = "correct horse battery staple"
# argon2id of it, with the cheapest parameters there are: tests sign in often.
PASSWORD_HASH = "$argon2id$v=19$m=8,t=1,p=1$rsQfmf+nL4TP4WOMYHAFUw$I+TFz2Bz8PN/dcsOgRjtRzgPs5eSuQbigaqUxj067xc"


def person(
    session: Session,
    *,
    roles: Collection[Role] = (Role.READER,),
    name: str = "",
    email: str = "",
    status: PersonStatus = PersonStatus.ACTIVE,
    countries: Collection[str] | None = None,
    groups: Collection[str] = (),
    clearance: Mark = Mark.GREEN,
    password_hash: str | None = PASSWORD_HASH,
    time_zone: str = "UTC",
    language: str = "en",
    created_at: datetime,
) -> Person:
    """Sees every country, unless some are named."""
    number = next(_numbers)
    made = Person(
        email=email or f"person{number}@example.org",
        name=name or f"Person {number}",
        status=status,
        password_hash=password_hash,
        sees_all=countries is None and not groups,
        clearance=clearance,
        language=language,
        time_zone=time_zone,
        created_at=created_at,
    )
    made.roles = [PersonRole(role=role) for role in roles]
    made.scope_countries = [ScopeCountry(iso3=iso3) for iso3 in countries or ()]
    made.scope_groups = [ScopeGroup(group_key=key) for key in groups]
    session.add(made)
    session.flush()
    return made


def sign_in(session: Session, who: Person, *, now: datetime) -> str:
    """The key that the browser would hold."""
    key = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            key_hash=hashlib.sha256(key.encode()).hexdigest(),
            person_id=who.id,
            started_at=now,
            expires_at=now + timedelta(hours=12),
            address="127.0.0.1",
            browser="a test",
        )
    )
    session.flush()
    return key


def sign_in_id(session: Session, key: str) -> int:
    return session.query(SignIn).filter_by(key_hash=hashlib.sha256(key.encode()).hexdigest()).one().id


def passkey(session: Session, who: Person, *, now: datetime) -> Passkey:
    made = Passkey(
        person_id=who.id,
        credential_id=f"credential-{next(_numbers)}-{secrets.token_hex(8)}",
        public_key="a key",
        sign_count=0,
        name="A phone",
        added_at=now,
    )
    session.add(made)
    session.flush()
    return made


def source(session: Session, *, name: str = "A field office", key: str = "") -> Source:
    made = Source(
        key=key or f"source_{next(_numbers)}",
        name=name,
        publisher=name,
        url="https://example.org/",
        licence="with permission",
        attribution=name,
        reliability="B",
        credibility=2,
    )
    session.add(made)
    session.flush()
    return made


def _source_named(session: Session, name: str) -> Source:
    """The same name is the same source."""
    return session.query(Source).filter_by(name=name).order_by(Source.id).first() or source(session, name=name)


def observation(
    session: Session,
    *,
    indicator: str,
    iso3: str,
    on: date,
    value: float | None,
    recorded_at: datetime,
    by: Person | None = None,
    accepted_by: Person | None = None,
    source_name: str = "A field office",
    revision: int = 1,
    standard_error: float | None = None,
    handling: Mark = Mark.CLEAR,
    attributable: bool = True,
    note: str | None = None,
    evidence_url: str | None = None,
    withdrawn: bool = False,
    reason: str | None = None,
) -> Observation:
    """Coded by an analyst, accepted; without a value it is "don't know". The catalogue must be loaded."""
    newest = catalogue.newest_number(session)
    assert newest is not None, "an observation is recorded under a catalogue: use a stocked database"
    batch = Batch(
        kind=BatchKind.CODED,
        source_id=_source_named(session, source_name).id,
        catalogue_version=newest,
        recorded_by=by.id if by else None,
        recorded_at=recorded_at,
        accepted_by=accepted_by.id if accepted_by else None,
    )
    session.add(batch)
    session.flush()
    made = Observation(
        observed_on=on,
        iso3=iso3,
        indicator_id=catalogue.indicator_ids(session)[indicator],
        revision=revision,
        value=value,
        unknown=value is None,
        standard_error=standard_error,
        handling=handling,
        attributable=attributable,
        note=note,
        evidence_url=evidence_url,
        withdrawn=withdrawn,
        reason=reason,
        batch_id=batch.id,
    )
    session.add(made)
    session.flush()
    return made


def coding(
    session: Session,
    by: Person,
    *,
    indicator: str,
    value: float | None,
    now: datetime,
    iso3: str = "MLI",
    day: date = date(2026, 2, 28),
    state: CodingState = CodingState.SUBMITTED,
    source: str = "A field office",
    grade: str = "B2",
    handling: Mark = Mark.CLEAR,
    attributable: bool = True,
    note: str = "",
    evidence_url: str = "",
    reason: str = "",
    unchanged: bool = False,
) -> Coding:
    """An answer as somebody submitted it; without a value it is "don't know"."""
    place = codings.Place(iso3, catalogue.indicator_ids(session)[indicator], period_of(day))
    cell = codings.locked_cell(session, place)
    cell.version += 1
    made = Coding(
        cell=cell,
        author_id=by.id,
        act=CodingAct.ANSWER,
        state=state,
        cell_version=cell.version,
        typed="?" if value is None else f"{value:g}",
        grade=grade,
        value=value,
        unknown=value is None,
        unchanged=unchanged,
        source=source,
        handling=handling,
        attributable=attributable,
        note=note,
        evidence_url=evidence_url,
        reason=reason,
        confirmed=False,
        observed_on=day,
        started_at=now,
        changed_at=now,
        submitted_at=now,
        settled_why="",
    )
    session.add(made)
    session.flush()
    return made
