"""A page of the schema: what is watched, by what, on which scale."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.country import GroupKind
from tracker.criterion import Dimension
from tracker.indicator import Cadence, Transform, Voice
from tracker.storage.base import Base, vocabulary


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
