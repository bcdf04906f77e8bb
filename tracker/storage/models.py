"""The schema: what is watched, the evidence, the people. What is concluded from it stands in conclusions.py, what is
kept for one reader in readers.py.

Rows of people and of the catalogue change in place and carry a version or an archived text; evidence and the audit
log only ever grow. Every rule that must always hold is a constraint with a name. What a row refers to is loaded with
it by the question that asks for it, or not at all: no page runs a query for each of its lines.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.access import PersonStatus, Role
from tracker.coding import CodingAct, CodingState
from tracker.country import GroupKind
from tracker.criterion import Dimension
from tracker.indicator import Cadence, Transform, Voice

# the other pages, so that whoever knows this one knows all
from tracker.storage import conclusions as conclusions
from tracker.storage import feeding as feeding
from tracker.storage import mailing as mailing
from tracker.storage import readers as readers
from tracker.storage import responding as responding
from tracker.storage import sharing as sharing
from tracker.storage.base import Base, vocabulary


class LinkPurpose(StrEnum):
    FIRST_ADMINISTRATOR = "first_administrator"
    INVITATION = "invitation"
    RESET = "reset"
    SECOND_FACTOR = "second_factor"
    ADDRESS_CHANGE = "address_change"
    NEW_PASSKEY = "new_passkey"
    PASSKEY_SIGN_IN = "passkey_sign_in"


class BatchKind(StrEnum):
    PUBLISHED = "published"
    CODED = "coded"


class ImportState(StrEnum):
    # The file is here; nobody has said yet what its columns mean.
    UPLOADED = "uploaded"
    # Waiting for the worker, or with it.
    CHECKING = "checking"
    # Every row was tried and nothing was written.
    CHECKED = "checked"
    RECORDING = "recording"
    RECORDED = "recorded"
    # It could not be read, or recording stopped half-way and was rolled back.
    FAILED = "failed"
    # Everything that came from it was taken back.
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


# ---- the catalogue: what is watched, by what, on which scale --------------------------------------------------


class CatalogueVersion(Base):
    """Every catalogue that was ever in force, whole, so that an old observation can show the words it was coded by."""

    __tablename__ = "catalogue_versions"
    number: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    loaded_at: Mapped[datetime]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class Source(Base):
    """A publisher of series, or whatever an analyst relies on: a report, a colleague, a conversation."""

    __tablename__ = "sources"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(Text)
    publisher: Mapped[str] = mapped_column(Text)
    # None: it stands nowhere on the web.
    url: Mapped[str | None] = mapped_column(Text)
    licence: Mapped[str] = mapped_column(Text)
    attribution: Mapped[str] = mapped_column(Text)
    reliability: Mapped[str] = mapped_column(String(1))
    credibility: Mapped[int] = mapped_column(SmallInteger)
    __table_args__ = (
        CheckConstraint("reliability IN ('A','B','C','D','E','F')", name="reliability_known"),
        CheckConstraint("credibility BETWEEN 1 AND 6", name="credibility_known"),
        CheckConstraint("url LIKE 'https://%' OR url LIKE 'http://%'", name="url_is_web"),
    )


class Criterion(Base):
    __tablename__ = "criteria"
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    dimension: Mapped[Dimension] = mapped_column(vocabulary(Dimension, "dimension_known"))
    name: Mapped[str] = mapped_column(Text)
    meaning: Mapped[str] = mapped_column(Text)
    weight: Mapped[float]
    leading: Mapped[bool]
    citations: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    position: Mapped[int] = mapped_column(SmallInteger)
    # No longer in the catalogue; kept because evidence was recorded under it.
    retired: Mapped[bool]
    indicators: Mapped[list["Indicator"]] = relationship(order_by="Indicator.position", viewonly=True, lazy="raise")
    __table_args__ = (CheckConstraint("weight > 0", name="weight_positive"),)


class Indicator(Base):
    __tablename__ = "indicators"
    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    criterion_key: Mapped[str] = mapped_column(ForeignKey("criteria.key", ondelete="RESTRICT"))
    name: Mapped[str] = mapped_column(Text)
    question: Mapped[str] = mapped_column(Text)
    voice: Mapped[Voice] = mapped_column(vocabulary(Voice, "voice_known"))
    best: Mapped[float]
    worst: Mapped[float]
    unit: Mapped[str] = mapped_column(Text)
    transform: Mapped[Transform] = mapped_column(vocabulary(Transform, "transform_known"))
    cadence: Mapped[Cadence] = mapped_column(vocabulary(Cadence, "cadence_known"))
    fresh_for_days: Mapped[int]
    weight: Mapped[float]
    guidance: Mapped[str] = mapped_column(Text)
    levels: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    risk_factors: Mapped[list[int]] = mapped_column(JSON)
    citations: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    # The publisher's series; None for what our analysts code.
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id", ondelete="RESTRICT"))
    code: Mapped[str | None] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(SmallInteger)
    retired: Mapped[bool]
    source: Mapped[Source | None] = relationship(viewonly=True, lazy="raise")
    __table_args__ = (
        CheckConstraint("best <> worst", name="scale_has_length"),
        CheckConstraint("weight > 0", name="weight_positive"),
        CheckConstraint("fresh_for_days > 0", name="freshness_positive"),
        CheckConstraint("(voice = 'published') = (source_id IS NOT NULL)", name="published_has_source"),
    )


class Country(Base):
    __tablename__ = "countries"
    iso3: Mapped[str] = mapped_column(String(3), primary_key=True)
    iso2: Mapped[str | None] = mapped_column(String(2), unique=True)
    numeric: Mapped[str | None] = mapped_column(String(3))
    # By language: en, fr, es, ar.
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    un_member: Mapped[bool]
    watched: Mapped[bool]
    __table_args__ = (
        CheckConstraint("length(iso3) = 3 AND iso3 = upper(iso3)", name="iso3_form"),
        CheckConstraint("length(iso2) = 2 AND iso2 = upper(iso2)", name="iso2_form"),
    )


class Group(Base):
    __tablename__ = "groups"
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    kind: Mapped[GroupKind] = mapped_column(vocabulary(GroupKind, "kind_known"))
    # By language: en, fr, es, ar.
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    # By whose word, and where that can be read.
    source: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    as_of: Mapped[date]
    note: Mapped[str | None] = mapped_column(Text)
    members: Mapped[list["GroupMember"]] = relationship(
        order_by="GroupMember.iso3", cascade="all, delete-orphan", lazy="raise"
    )


class GroupMember(Base):
    __tablename__ = "group_members"
    group_key: Mapped[str] = mapped_column(ForeignKey("groups.key", ondelete="RESTRICT"), primary_key=True)
    iso3: Mapped[str] = mapped_column(ForeignKey("countries.iso3", ondelete="RESTRICT"), primary_key=True, index=True)


# ---- evidence: it only ever grows ------------------------------------------------------------------------------


class Batch(Base):
    """One act of recording: one save or one import. Who, when, from which source and file."""

    __tablename__ = "batches"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[BatchKind] = mapped_column(vocabulary(BatchKind, "kind_known"))
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id", ondelete="RESTRICT"), index=True)
    catalogue_version: Mapped[int] = mapped_column(ForeignKey("catalogue_versions.number", ondelete="RESTRICT"))
    # None: the product itself, on first run.
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    recorded_at: Mapped[datetime] = mapped_column(index=True)
    # The second person, for what analysts code; the same as the first where the desk's rules allow that.
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id", ondelete="RESTRICT"), index=True)
    file_name: Mapped[str | None] = mapped_column(Text)
    file_fingerprint: Mapped[str | None] = mapped_column(String(64))
    __table_args__ = (
        CheckConstraint("(file_name IS NULL) = (file_fingerprint IS NULL)", name="file_has_name_and_fingerprint"),
    )


class Observation(Base):
    """One value, one day, one country, one indicator. A correction is a further revision, and so is a withdrawal.

    The day comes first in the key: whole cross-sections are read and written together.
    """

    __tablename__ = "observations"
    observed_on: Mapped[date] = mapped_column(primary_key=True)
    iso3: Mapped[str] = mapped_column(ForeignKey("countries.iso3", ondelete="RESTRICT"), primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicators.id", ondelete="RESTRICT"), primary_key=True)
    revision: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    value: Mapped[float | None]
    # "Don't know": the question was asked on that day, and nobody could tell.
    unknown: Mapped[bool] = mapped_column(server_default=false())
    # One standard deviation in the indicator's own unit, where its publisher says so.
    standard_error: Mapped[float | None]
    # The Admiralty grade; None: the grade of the source.
    reliability: Mapped[str | None] = mapped_column(String(1))
    credibility: Mapped[int | None] = mapped_column(SmallInteger)
    handling: Mapped[int] = mapped_column(SmallInteger)
    # False: what was said may be used, by whom may not be told.
    attributable: Mapped[bool]
    note: Mapped[str | None] = mapped_column(Text)
    evidence_url: Mapped[str | None] = mapped_column(Text)
    # True: from this revision on the observation counts no more, as if it had never been made.
    withdrawn: Mapped[bool] = mapped_column(server_default=false())
    # Why there is a further revision.
    reason: Mapped[str | None] = mapped_column(Text)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id", ondelete="RESTRICT"), index=True)
    __table_args__ = (
        CheckConstraint("withdrawn = false OR reason IS NOT NULL", name="withdrawn_with_reason"),
        # said in two ways, because SQLite takes what is no number for nothing
        CheckConstraint("(value IS NULL) = unknown", name="unknown_has_no_value"),
        CheckConstraint("revision >= 1", name="revision_from_one"),
        CheckConstraint("handling BETWEEN 0 AND 4", name="handling_known"),
        CheckConstraint("reliability IN ('A','B','C','D','E','F')", name="reliability_known"),
        CheckConstraint("credibility BETWEEN 1 AND 6", name="credibility_known"),
        CheckConstraint("standard_error >= 0", name="standard_error_not_negative"),
        # Neither infinite nor NaN, which PostgreSQL takes for greater than every number.
        CheckConstraint("value BETWEEN -1e300 AND 1e300", name="value_finite"),
        CheckConstraint("standard_error <= 1e300", name="standard_error_finite"),
        CheckConstraint("evidence_url LIKE 'https://%' OR evidence_url LIKE 'http://%'", name="evidence_url_is_web"),
        Index("observations_iso3_indicator_id_observed_on_index", "iso3", "indicator_id", "observed_on"),
    )


# ---- on its way to evidence -----------------------------------------------------------------------------------


class Cell(Base):
    """One question about one country in one month. Whoever saves an answer to it raises its version by one.

    So a form that was opened before somebody else saved is noticed, whoever the two are.
    """

    __tablename__ = "cells"
    id: Mapped[int] = mapped_column(primary_key=True)
    iso3: Mapped[str] = mapped_column(ForeignKey("countries.iso3", ondelete="RESTRICT"))
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicators.id", ondelete="RESTRICT"), index=True)
    # The last day of the month.
    period: Mapped[date]
    version: Mapped[int]
    __table_args__ = (UniqueConstraint("iso3", "period", "indicator_id"),)


class Coding(Base):
    """One analyst's answer to a cell. Several analysts may answer the same one; a second person settles it."""

    __tablename__ = "codings"
    id: Mapped[int] = mapped_column(primary_key=True)
    cell_id: Mapped[int] = mapped_column(ForeignKey("cells.id", ondelete="RESTRICT"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    act: Mapped[CodingAct] = mapped_column(vocabulary(CodingAct, "act_known"))
    state: Mapped[CodingState] = mapped_column(vocabulary(CodingState, "state_known"))
    # The cell's version when this was last saved: whoever opened the form before that has not seen it.
    cell_version: Mapped[int]
    # As it was typed; a draft may hold anything.
    typed: Mapped[str] = mapped_column(Text)
    grade: Mapped[str] = mapped_column(Text)
    value: Mapped[float | None]
    # "Don't know": an answer, unlike an empty cell.
    unknown: Mapped[bool]
    # "Unchanged since last time": looked at again, and found as it was.
    unchanged: Mapped[bool]
    source: Mapped[str] = mapped_column(Text)
    handling: Mapped[int] = mapped_column(SmallInteger)
    attributable: Mapped[bool]
    note: Mapped[str] = mapped_column(Text)
    evidence_url: Mapped[str] = mapped_column(Text)
    # Why it jumped, or why it is corrected or withdrawn.
    reason: Mapped[str] = mapped_column(Text)
    # Asked whether so unusual a value is meant, the author said yes.
    confirmed: Mapped[bool]
    # The day it speaks of: set when it is submitted; of a correction and a withdrawal, from the start.
    observed_on: Mapped[date | None]
    # Of a correction and a withdrawal: the revision that its author had before them.
    based_on: Mapped[int | None] = mapped_column(SmallInteger)
    # Of the observation that it became.
    revision: Mapped[int | None] = mapped_column(SmallInteger)
    started_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    # The reviewer's words.
    settled_why: Mapped[str] = mapped_column(Text)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id", ondelete="RESTRICT"), index=True)
    cell: Mapped[Cell] = relationship(lazy="raise")
    author: Mapped["Person"] = relationship(foreign_keys=author_id, viewonly=True, lazy="raise")
    __table_args__ = (
        CheckConstraint("value BETWEEN -1e300 AND 1e300", name="value_finite"),
        CheckConstraint("unknown = false OR value IS NULL", name="unknown_has_no_value"),
        CheckConstraint("handling BETWEEN 0 AND 4", name="handling_known"),
        CheckConstraint(
            "state NOT IN ('submitted', 'accepted', 'set_aside') OR "
            "(submitted_at IS NOT NULL AND observed_on IS NOT NULL)",
            name="submitted_with_day",
        ),
        CheckConstraint(
            "state NOT IN ('submitted', 'accepted', 'set_aside') OR value IS NOT NULL OR unknown = true",
            name="submitted_with_answer",
        ),
        CheckConstraint("(state = 'accepted') = (revision IS NOT NULL)", name="accepted_has_revision"),
        CheckConstraint(
            "state NOT IN ('accepted', 'returned', 'set_aside') OR (settled_at IS NOT NULL AND settled_by IS NOT NULL)",
            name="settled_by_somebody",
        ),
        CheckConstraint("act = 'answer' OR observed_on IS NOT NULL", name="correction_has_day"),
        CheckConstraint("(act = 'answer') = (based_on IS NULL)", name="correction_has_base"),
        # one answer of each analyst at a time, and one correction of each observation
        Index(
            "codings_live_answer_unique",
            "cell_id",
            "author_id",
            unique=True,
            sqlite_where=text("act = 'answer' AND state IN ('draft', 'submitted', 'returned')"),
            postgresql_where=text("act = 'answer' AND state IN ('draft', 'submitted', 'returned')"),
        ),
        Index(
            "codings_live_correction_unique",
            "cell_id",
            "author_id",
            "observed_on",
            unique=True,
            sqlite_where=text("act <> 'answer' AND state IN ('draft', 'submitted', 'returned')"),
            postgresql_where=text("act <> 'answer' AND state IN ('draft', 'submitted', 'returned')"),
        ),
        Index("codings_state_submitted_at_index", "state", "submitted_at"),
        Index("codings_author_id_state_index", "author_id", "state"),
    )


class ParkedForm(Base):
    """What somebody had typed when their session was over: kept for them until they are back. Sealed."""

    __tablename__ = "parked_forms"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    address: Mapped[str] = mapped_column(String(200))
    sealed: Mapped[str] = mapped_column(Text)
    parked_at: Mapped[datetime] = mapped_column(index=True)
    __table_args__ = (UniqueConstraint("person_id", "address"),)


class DeskRule(Base):
    """What this desk allows itself. A rule that has no row does not hold."""

    __tablename__ = "desk_rules"
    rule: Mapped[str] = mapped_column(String(40), primary_key=True)
    holds: Mapped[bool]
    changed_by: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    changed_at: Mapped[datetime]


class Import(Base):
    """A file that somebody brought, how it was understood, and what became of it."""

    __tablename__ = "imports"
    id: Mapped[int] = mapped_column(primary_key=True)
    brought_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    brought_at: Mapped[datetime] = mapped_column(index=True)
    file_name: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    # As it came, compressed; forgotten when it is settled.
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    sheet: Mapped[str | None] = mapped_column(Text)
    # Of the first row with names: the same kind of file is known again by it.
    header_fingerprint: Mapped[str | None] = mapped_column(String(64), index=True)
    mapping: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # For published series: whose they are. None: each row names its own.
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id", ondelete="RESTRICT"))
    state: Mapped[ImportState] = mapped_column(vocabulary(ImportState, "state_known"))
    rows_read: Mapped[int]
    rows_accepted: Mapped[int]
    rows_empty: Mapped[int]
    rows_refused: Mapped[int]
    # How many of the rows the present step has done with, so that whoever comes back sees how far it is.
    rows_done: Mapped[int]
    # What the newest check found, in counts: new values, revisions, drafts, problems by kind. None: no check yet.
    findings: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # Every problem by row and column: JSON lines, gzipped.
    problems: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    error: Mapped[str | None] = mapped_column(Text)
    leased_until: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    withdrawn_why: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads a plain attribute)
    __table_args__ = (
        CheckConstraint("size >= 0", name="size_not_negative"),
        CheckConstraint("state <> 'failed' OR error IS NOT NULL", name="failed_with_error"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_why IS NOT NULL)", name="withdrawn_with_reason"),
        # no row is dropped in silence
        CheckConstraint(
            "state NOT IN ('checked', 'recording', 'recorded') OR "
            "rows_read = rows_accepted + rows_empty + rows_refused",
            name="every_row_accounted_for",
        ),
    )


# ---- people and how they get in --------------------------------------------------------------------------------


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    status: Mapped[PersonStatus] = mapped_column(vocabulary(PersonStatus, "status_known"))
    # None until the invitation is accepted.
    password_hash: Mapped[str | None] = mapped_column(Text)
    # Sealed with the installation's secret; None: no one-time codes.
    totp_secret: Mapped[str | None] = mapped_column(Text)
    # The newest time step whose code was used, so that no code works twice.
    totp_last_step: Mapped[int | None]
    sees_all: Mapped[bool]
    clearance: Mapped[int] = mapped_column(SmallInteger)
    language: Mapped[str] = mapped_column(String(10))
    time_zone: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    roles: Mapped[list["PersonRole"]] = relationship(
        order_by="PersonRole.role", cascade="all, delete-orphan", lazy="selectin"
    )
    scope_countries: Mapped[list["ScopeCountry"]] = relationship(
        order_by="ScopeCountry.iso3", cascade="all, delete-orphan", lazy="selectin"
    )
    scope_groups: Mapped[list["ScopeGroup"]] = relationship(
        order_by="ScopeGroup.group_key", cascade="all, delete-orphan", lazy="selectin"
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads a plain attribute)
    __table_args__ = (
        CheckConstraint("email = lower(email) AND email LIKE '%_@_%'", name="email_form"),
        CheckConstraint("clearance BETWEEN 0 AND 4", name="clearance_known"),
        CheckConstraint("status <> 'active' OR password_hash IS NOT NULL", name="active_has_password"),
    )


class PersonRole(Base):
    __tablename__ = "person_roles"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), primary_key=True)
    role: Mapped[Role] = mapped_column(vocabulary(Role, "role_known"), primary_key=True)


class ScopeCountry(Base):
    __tablename__ = "scope_countries"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), primary_key=True)
    iso3: Mapped[str] = mapped_column(ForeignKey("countries.iso3", ondelete="RESTRICT"), primary_key=True)


class ScopeGroup(Base):
    __tablename__ = "scope_groups"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), primary_key=True)
    group_key: Mapped[str] = mapped_column(ForeignKey("groups.key", ondelete="RESTRICT"), primary_key=True)


class SignIn(Base):
    """A session: whoever holds its key is that person until it ends. Only the key's hash is kept."""

    __tablename__ = "sign_ins"
    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    started_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(60))
    browser: Mapped[str] = mapped_column(String(200))


class Passkey(Base):
    __tablename__ = "passkeys"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[str] = mapped_column(Text)
    sign_count: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    added_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    __tablename__ = "recovery_codes"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[datetime | None]


class OneTimeLink(Base):
    """A secret that was handed out to be used once: only its hash is kept."""

    __tablename__ = "one_time_links"
    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[LinkPurpose] = mapped_column(vocabulary(LinkPurpose, "purpose_known"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    # None only where nobody is known yet: the first administrator, and whoever signs in with a passkey.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    # What the purpose needs besides: a new address, the page to go on to.
    details: Mapped[str | None] = mapped_column(Text)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    person: Mapped[Person | None] = relationship(lazy="raise")
    __table_args__ = (
        CheckConstraint(
            "(purpose IN ('first_administrator', 'passkey_sign_in')) = (person_id IS NULL)", name="person_named"
        ),
    )


class SignInAttempt(Base):
    """Wrong passwords and codes, by account, so that guessing has to wait. The account need not exist."""

    __tablename__ = "sign_in_attempts"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(index=True)
    __table_args__ = (Index("sign_in_attempts_account_hash_at_index", "account_hash", "at"),)


# ---- what was done, and what leaves the house ------------------------------------------------------------------


class AuditEntry(Base):
    """One change, chained to the one before. The database refuses to alter or remove it."""

    __tablename__ = "audit_entries"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    # None: the product itself, or somebody who has not signed in.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    action: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str] = mapped_column(String(120), index=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    reason: Mapped[str | None] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    by: Mapped[Person | None] = relationship(viewonly=True, lazy="raise")


class OutgoingMail(Base):
    """Mail waiting for the worker. The text is forgotten once it is settled: it may hold a one-time link.

    One that carries a delivery has no text of its own: it is kept there, whole.
    """

    __tablename__ = "outgoing_mails"
    id: Mapped[int] = mapped_column(primary_key=True)
    # What stands before the @ of the Message-ID. It never changes, so that a mail sent twice is recognised.
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    # None: a letter.
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id", ondelete="RESTRICT"))
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str | None] = mapped_column(Text)
    queued_at: Mapped[datetime]
    # Counted when a worker takes it, so that an attempt that ended in a crash counts too.
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime] = mapped_column(index=True)
    # When what it carries works no more; None: it can always be read with profit.
    useless_after: Mapped[datetime | None]
    # Set while a worker holds it; another may take it over afterwards.
    owner: Mapped[str | None] = mapped_column(String(60))
    leased_until: Mapped[datetime | None]
    # From just before the relay gets the text until it answers: if that is never written down, nobody can tell
    # whether it was taken. None: it has certainly not left.
    transmitting_at: Mapped[datetime | None]
    # Settled is either of these two; neither: it still waits.
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (
        CheckConstraint(
            "delivery_id IS NOT NULL OR (body IS NULL) = (sent_at IS NOT NULL OR given_up_at IS NOT NULL)",
            name="body_kept_until_settled",
        ),
        CheckConstraint("sent_at IS NULL OR given_up_at IS NULL", name="settled_one_way"),
        CheckConstraint("(owner IS NULL) = (leased_until IS NULL)", name="lease_has_an_owner"),
        Index("outgoing_mails_delivery_id_unique", "delivery_id", unique=True),
    )


class JobRun(Base):
    """The last run of each job of the worker: a tick that is old means that the worker is gone."""

    __tablename__ = "job_runs"
    job: Mapped[str] = mapped_column(String(60), primary_key=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    # Of that run. None: it went well, or is under way for the first time.
    error: Mapped[str | None] = mapped_column(Text)
    # None: not since that is written down.
    due_again_at: Mapped[datetime | None]
    # Somebody wants it at once, whether or not it is due. None: nobody has yet.
    wanted_at: Mapped[datetime | None]
    # The last run that failed, however many went well since. Both None: none did.
    failed_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(Text)


class DataVersion(Base):
    """How often something has changed: a page that was made at the same numbers says the same.

    Raised at the end of every transaction that changes what pages show (base.py).
    """

    __tablename__ = "data_versions"
    realm: Mapped[str] = mapped_column(String(20), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
