"""A page of the schema: the evidence, which only ever grows, and what is on its way to it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
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

from tracker.coding import CodingAct, CodingState
from tracker.storage.admitting import Person
from tracker.storage.base import Base, vocabulary


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
