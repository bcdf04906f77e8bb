"""A page of the schema: what is concluded from the evidence, and what people do about it.

Standings and scores are derived: whatever is lost of them can be made again from the evidence. Flags and situations are
not: people have acted on them. What happened to either is a row that only ever grows.
"""

from datetime import date, datetime
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
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from tracker.flag import Change
from tracker.occasion import OccasionKind
from tracker.situation import CloseReason, SituationAct, SituationState, Verdict
from tracker.storage.base import Base, vocabulary

# ---- the method: how evidence becomes a score, and when a score becomes a flag --------------------------------


class MethodVersion(Base):
    """The tree with its weights, whole. Nothing is edited in place: a change is another version."""

    __tablename__ = "method_versions"
    number: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    # Why it differs from the one before.
    reason: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    # None: it came with the product.
    made_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    # It comes into force once its scores are worked out. None: nobody did it, or it came with the product.
    switched_on_at: Mapped[datetime | None]
    switched_on_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    # None: a draft, or on its way. What is in force is what came into force last.
    in_force_since: Mapped[datetime | None]
    discarded_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("in_force_since IS NULL OR discarded_at IS NULL", name="in_force_or_discarded"),
        CheckConstraint("(switched_on_at IS NULL) = (switched_on_by IS NULL)", name="switched_on_by_somebody"),
        CheckConstraint("switched_on_at IS NULL OR discarded_at IS NULL", name="switched_on_or_discarded"),
    )


class RuleVersion(Base):
    """One rule as it was at some time; the newest version that was switched on speaks."""

    __tablename__ = "rule_versions"
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    # False: from this version on the rule is silent.
    speaks: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    # None: it came with the product.
    made_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    # None: nobody did it, or it came with the product.
    switched_on_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    in_force_since: Mapped[datetime | None]
    discarded_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("in_force_since IS NULL OR discarded_at IS NULL", name="in_force_or_discarded"),
        CheckConstraint("switched_on_by IS NULL OR in_force_since IS NOT NULL", name="switched_on_is_in_force"),
    )


# ---- derived from the evidence ---------------------------------------------------------------------------------


class Standing(Base):
    """The newest answer that stands, of each country, indicator and handling mark.

    A reader's newest is the newest of those at or below their clearance.
    """

    __tablename__ = "standings"
    iso3: Mapped[str] = mapped_column(ForeignKey("countries.iso3", ondelete="RESTRICT"), primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicators.id", ondelete="RESTRICT"), primary_key=True)
    handling: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    observed_on: Mapped[date]
    revision: Mapped[int] = mapped_column(SmallInteger)
    # None: "don't know".
    value: Mapped[float | None]
    standard_error: Mapped[float | None]
    # Its own Admiralty grade, or else its source's.
    reliability: Mapped[str] = mapped_column(String(1))
    credibility: Mapped[int] = mapped_column(SmallInteger)
    __table_args__ = (CheckConstraint("handling BETWEEN 0 AND 4", name="handling_known"),)


class ScoreNow(Base):
    """What a country's evidence adds up to today, for whoever may see it up to that handling mark.

    There is a row for each mark that the country's evidence bears; a reader's is that of the highest mark at or below
    their clearance.
    """

    __tablename__ = "scores_now"
    method_version: Mapped[int] = mapped_column(
        ForeignKey("method_versions.number", ondelete="RESTRICT"), primary_key=True, autoincrement=False
    )
    iso3: Mapped[str] = mapped_column(ForeignKey("countries.iso3", ondelete="RESTRICT"), primary_key=True)
    handling: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    # The day it speaks of.
    day: Mapped[date]
    # Each node's value, coverage and interval, packed (tracker/workings.py).
    record: Mapped[bytes] = mapped_column(LargeBinary)
    # Of the whole, in single precision: from them ranks are drawn. None: there is not enough evidence for the whole.
    draws: Mapped[bytes | None] = mapped_column(LargeBinary)
    # The day on which something goes stale, if nothing is learnt until then. None: nothing is fresh.
    changes_on: Mapped[date | None]
    # The way here over the last years (tracker/trail.py). None: it has not been followed since trails are kept.
    trail: Mapped[bytes | None] = mapped_column(LargeBinary)
    __table_args__ = (CheckConstraint("handling BETWEEN 0 AND 4", name="handling_known"),)


class ScoreHistory(Base):
    """The same on past days: a row where something changed. It holds from its day to the next row's.

    Of two rows of one day the one that was known later counts. As known on an earlier day, it was not there yet.
    """

    __tablename__ = "score_history"
    method_version: Mapped[int] = mapped_column(
        ForeignKey("method_versions.number", ondelete="RESTRICT"), primary_key=True, autoincrement=False
    )
    iso3: Mapped[str] = mapped_column(ForeignKey("countries.iso3", ondelete="RESTRICT"), primary_key=True)
    handling: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    known_at: Mapped[datetime] = mapped_column(primary_key=True)
    record: Mapped[bytes] = mapped_column(LargeBinary)
    __table_args__ = (CheckConstraint("handling BETWEEN 0 AND 4", name="handling_known"),)


# ---- what needs a person to look at it -------------------------------------------------------------------------


class Flag(Base):
    """One rule that speaks about one subject in one country, from its being raised to its end."""

    __tablename__ = "flags"
    id: Mapped[int] = mapped_column(primary_key=True)
    iso3: Mapped[str] = mapped_column(ForeignKey("countries.iso3", ondelete="RESTRICT"), index=True)
    rule_key: Mapped[str] = mapped_column(String(60))
    # A node of the tree, an indicator, an occasion: what the rule spoke about.
    subject: Mapped[str] = mapped_column(String(120))
    opened_at: Mapped[datetime]
    # None: it is open, for those at least who may see the most.
    closed_at: Mapped[datetime | None]
    # None: nobody has looked at it yet.
    verdict: Mapped[Verdict | None] = mapped_column(vocabulary(Verdict, "verdict_known"))
    verdict_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    verdict_at: Mapped[datetime | None]
    verdict_reason: Mapped[str] = mapped_column(Text, server_default=text("''"))
    # Raised by a person; None: by a rule.
    raised_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    situation_id: Mapped[int | None] = mapped_column(ForeignKey("situations.id", ondelete="RESTRICT"), index=True)
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads a plain attribute)
    __table_args__ = (
        CheckConstraint("(verdict IS NULL) = (verdict_at IS NULL)", name="verdict_has_a_time"),
        CheckConstraint("verdict <> 'discarded' OR verdict_reason <> ''", name="discarded_with_reason"),
        CheckConstraint("verdict <> 'discarded' OR closed_at IS NOT NULL", name="discarded_is_closed"),
        Index(
            "flags_open_unique",
            "iso3",
            "rule_key",
            "subject",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )


class FlagEvent(Base):
    """Raised, worsened, eased, cleared: each a row, for those who see evidence up to that mark.

    What a row of a higher mark says goes before what a lower one says.
    """

    __tablename__ = "flag_events"
    id: Mapped[int] = mapped_column(primary_key=True)
    flag_id: Mapped[int] = mapped_column(ForeignKey("flags.id", ondelete="RESTRICT"), index=True)
    handling: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[Change] = mapped_column(vocabulary(Change, "kind_known"))
    severity: Mapped[int] = mapped_column(SmallInteger)
    day: Mapped[date]
    at: Mapped[datetime] = mapped_column(index=True)
    # Both None: a person said it, and no rule was asked.
    rule_version: Mapped[int | None] = mapped_column(SmallInteger)
    method_version: Mapped[int | None] = mapped_column(ForeignKey("method_versions.number", ondelete="RESTRICT"))
    # What it said then: the sentence's values, what was behind it, and what would clear it.
    explanation: Mapped[dict[str, Any]] = mapped_column(JSON)
    __table_args__ = (
        CheckConstraint("handling BETWEEN 0 AND 4", name="handling_known"),
        CheckConstraint("severity BETWEEN 1 AND 3", name="severity_known"),
        CheckConstraint("(rule_version IS NULL) = (method_version IS NULL)", name="rule_with_its_method"),
    )


class Situation(Base):
    """A country, or a part of it, that needs attention. One is open for each, unless a person splits it."""

    __tablename__ = "situations"
    id: Mapped[int] = mapped_column(primary_key=True)
    iso3: Mapped[str] = mapped_column(ForeignKey("countries.iso3", ondelete="RESTRICT"))
    # Which part of the country, in words; empty: all of it.
    part: Mapped[str] = mapped_column(String(120))
    state: Mapped[SituationState] = mapped_column(vocabulary(SituationState, "state_known"))
    state_since: Mapped[datetime]
    # By when the next step is due; None: nothing is due, because it is closed.
    due_on: Mapped[date | None]
    opened_at: Mapped[datetime]
    # None: the product, when a flag was raised.
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    # Whoever has not this clearance does not know of it.
    handling: Mapped[int] = mapped_column(SmallInteger)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    closed_at: Mapped[datetime | None]
    close_reason: Mapped[CloseReason | None] = mapped_column(vocabulary(CloseReason, "close_reason_known"))
    # The situation it was split from.
    split_from: Mapped[int | None] = mapped_column(ForeignKey("situations.id", ondelete="RESTRICT"))
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads a plain attribute)
    __table_args__ = (
        CheckConstraint("handling BETWEEN 0 AND 4", name="handling_known"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at_some_time"),
        CheckConstraint("(state = 'closed') = (close_reason IS NOT NULL)", name="closed_with_reason"),
        CheckConstraint("(state = 'closed') = (due_on IS NULL)", name="open_has_a_due_day"),
        Index(
            "situations_open_unique",
            "iso3",
            "part",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )


class SituationEvent(Base):
    """What was done about a situation, by whom, in which words. All of it together is its timeline."""

    __tablename__ = "situation_events"
    id: Mapped[int] = mapped_column(primary_key=True)
    situation_id: Mapped[int] = mapped_column(ForeignKey("situations.id", ondelete="RESTRICT"), index=True)
    act: Mapped[SituationAct] = mapped_column(vocabulary(SituationAct, "act_known"))
    at: Mapped[datetime] = mapped_column(index=True)
    # None: the product itself.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    handling: Mapped[int] = mapped_column(SmallInteger)
    # What was said; empty: the act speaks for itself.
    words: Mapped[str] = mapped_column(Text)
    # An assessment's answers, the states before and after, the flag, the person it was given to.
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    __table_args__ = (CheckConstraint("handling BETWEEN 0 AND 4", name="handling_known"),)


class SituationFollower(Base):
    """Who wants to hear of a situation without being in charge of it."""

    __tablename__ = "situation_followers"
    situation_id: Mapped[int] = mapped_column(ForeignKey("situations.id", ondelete="RESTRICT"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), primary_key=True, index=True)
    since: Mapped[datetime]


class Occasion(Base):
    """A day that may set something off, or on which a council or a review takes something up."""

    __tablename__ = "occasions"
    id: Mapped[int] = mapped_column(primary_key=True)
    # None: of no single country.
    iso3: Mapped[str | None] = mapped_column(ForeignKey("countries.iso3", ondelete="RESTRICT"))
    # The organisation whose members it concerns. None: one country, or all of them.
    group_key: Mapped[str | None] = mapped_column(ForeignKey("groups.key", ondelete="RESTRICT"))
    kind: Mapped[OccasionKind] = mapped_column(vocabulary(OccasionKind, "kind_known"))
    name: Mapped[str] = mapped_column(String(200))
    day: Mapped[date]
    # It comes again after so many months. None: once.
    every_months: Mapped[int | None] = mapped_column(SmallInteger)
    # The last day on which it can come again. None: for as long as nobody calls it off.
    until: Mapped[date | None]
    # Days on which it does not come all the same, with a blank between them.
    left_out: Mapped[str] = mapped_column(Text, server_default=text("''"))
    note: Mapped[str] = mapped_column(Text, server_default=text("''"))
    link: Mapped[str | None] = mapped_column(Text)
    # What another calendar calls it, so that it is not entered twice. Not unique: whoever may not know of one of them
    # must not learn of it by being refused. None: it was entered by hand.
    uid: Mapped[str | None] = mapped_column(String(250))
    # How often it was changed there, as far as a file has told.
    sequence: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    handling: Mapped[int] = mapped_column(SmallInteger)
    entered_by: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    entered_at: Mapped[datetime]
    # Called off, put off, or entered by mistake.
    removed: Mapped[bool] = mapped_column(server_default=false())
    # None: it stands, or it was called off before that was written down.
    removed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads a plain attribute)
    __table_args__ = (
        CheckConstraint("handling BETWEEN 0 AND 4", name="handling_known"),
        CheckConstraint("name <> ''", name="has_a_name"),
        CheckConstraint("iso3 IS NULL OR group_key IS NULL", name="of_a_country_or_an_organisation"),
        CheckConstraint("every_months BETWEEN 1 AND 1200", name="comes_again_within_a_century"),
        CheckConstraint("until IS NULL OR every_months IS NOT NULL", name="ends_only_what_comes_again"),
        CheckConstraint("link LIKE 'https://%' OR link LIKE 'http://%'", name="link_is_web"),
        CheckConstraint("removed_at IS NULL OR removed = true", name="removed_at_some_time"),
        CheckConstraint("sequence >= 0", name="sequence_counts_up"),
        CheckConstraint("left_out = '' OR every_months IS NOT NULL", name="leaves_out_of_what_comes_again"),
        Index("occasions_iso3_day_index", "iso3", "day"),
        Index("occasions_uid_index", "uid"),
    )
