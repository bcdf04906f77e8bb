"""A page of the schema: from warning to response. What was proposed, decided and done, who asked for help and
who is there to be asked, what councils did, and what was learnt of it all.

What happened to a response and what a case study once said are rows that only ever grow.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.assessment import Stage
from tracker.assistance import AssistanceState
from tracker.council import CouncilActKind
from tracker.measure import MeasureKind, Sphere
from tracker.response import ResponseAct, ResponseState
from tracker.storage.base import Base, vocabulary


class Response(Base):
    """One measure in one situation: proposed by somebody, decided or declined, carried out by somebody, ended."""

    __tablename__ = "responses"
    id: Mapped[int] = mapped_column(primary_key=True)
    situation_id: Mapped[int] = mapped_column(ForeignKey("situations.id", ondelete="RESTRICT"), index=True)
    # Of the library of measures. None: in the proposer's own words.
    measure_key: Mapped[str | None] = mapped_column(String(60))
    kind: Mapped[MeasureKind] = mapped_column(vocabulary(MeasureKind, "kind_known"))
    sphere: Mapped[Sphere] = mapped_column(vocabulary(Sphere, "sphere_known"))
    # What exactly is to be done, in a line.
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[ResponseState] = mapped_column(vocabulary(ResponseState, "state_known"))
    # Whoever has not this clearance does not know of it.
    handling: Mapped[int] = mapped_column(SmallInteger)
    # The request for help that it answers. None: nobody asked for it.
    assistance_id: Mapped[int | None] = mapped_column(
        ForeignKey("assistance_requests.id", ondelete="RESTRICT"), index=True
    )
    # Who sees to it, in words: an office need not have an account here.
    owner: Mapped[str] = mapped_column(String(200))
    # Who sees to it or follows it up, of those who have an account. None: nobody has been named.
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    organisation: Mapped[str] = mapped_column(String(200))
    # By when the next step of it is due: the decision, the start, the end. None: nobody has said.
    due_on: Mapped[date | None]
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    # Decided or declined. None: it waits for that.
    decided_at: Mapped[datetime | None]
    # Who decided, in words: a minister, a council.
    decided_by: Mapped[str] = mapped_column(String(200))
    started_at: Mapped[datetime | None]
    # Done or abandoned.
    ended_at: Mapped[datetime | None]
    # The written tests of last resort and of scope. None: it is not force, and needs none.
    tests: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # What spoke against it when it was proposed, by name; it was proposed all the same.
    misgivings: Mapped[list[str]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads a plain attribute)
    __table_args__ = (
        CheckConstraint("handling BETWEEN 0 AND 4", name="handling_known"),
        CheckConstraint("title <> ''", name="has_a_title"),
        CheckConstraint("kind <> 'force' OR tests IS NOT NULL", name="force_is_tested"),
        CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided_at_some_time"),
        CheckConstraint("decided_at IS NULL OR decided_by <> ''", name="decided_by_somebody"),
        CheckConstraint("state NOT IN ('under_way', 'done') OR started_at IS NOT NULL", name="started_at_some_time"),
        CheckConstraint("state <> 'under_way' OR (owner <> '' AND due_on IS NOT NULL)", name="under_way_by_somebody"),
        CheckConstraint("(state IN ('done', 'abandoned')) = (ended_at IS NOT NULL)", name="ended_at_some_time"),
    )


class ResponseEvent(Base):
    """What was done about a response, by whom, in which words. All of it together is its ledger."""

    __tablename__ = "response_events"
    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="RESTRICT"), index=True)
    act: Mapped[ResponseAct] = mapped_column(vocabulary(ResponseAct, "act_known"))
    at: Mapped[datetime] = mapped_column(index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    handling: Mapped[int] = mapped_column(SmallInteger)
    # Why, how far, with what outcome; empty: the act speaks for itself.
    words: Mapped[str] = mapped_column(Text)
    # What was changed, with what it was before.
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    __table_args__ = (
        CheckConstraint("handling BETWEEN 0 AND 4", name="handling_known"),
        CheckConstraint(
            "act NOT IN ('declined', 'reported', 'done', 'abandoned') OR words <> ''", name="says_what_happened"
        ),
    )


class FocalPoint(Base):
    """Who answers for the Responsibility to Protect in a country's government or in an organisation."""

    __tablename__ = "focal_points"
    id: Mapped[int] = mapped_column(primary_key=True)
    # One of the two.
    iso3: Mapped[str | None] = mapped_column(ForeignKey("countries.iso3", ondelete="RESTRICT"), index=True)
    group_key: Mapped[str | None] = mapped_column(ForeignKey("groups.key", ondelete="RESTRICT"))
    office: Mapped[str] = mapped_column(String(200))
    # Who holds the office and how to reach them is for whoever may see the mark; that there is one, for everybody.
    name: Mapped[str] = mapped_column(String(200))
    contact: Mapped[str] = mapped_column(Text)
    handling: Mapped[int] = mapped_column(SmallInteger)
    since: Mapped[date]
    # The last day in office. None: in office.
    until: Mapped[date | None]
    # Where the appointment was made known.
    link: Mapped[str | None] = mapped_column(Text)
    # Their account here. None: they have none.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    entered_by: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    entered_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads a plain attribute)
    __table_args__ = (
        CheckConstraint("(iso3 IS NULL) <> (group_key IS NULL)", name="of_a_country_or_an_organisation"),
        CheckConstraint("office <> ''", name="has_an_office"),
        CheckConstraint("handling BETWEEN 0 AND 4", name="handling_known"),
        CheckConstraint("until IS NULL OR until >= since", name="ends_after_it_began"),
        CheckConstraint("link LIKE 'https://%' OR link LIKE 'http://%'", name="link_is_web"),
    )


class AssistanceRequest(Base):
    """A State asks for help. Measures that answer it refer to it."""

    __tablename__ = "assistance_requests"
    id: Mapped[int] = mapped_column(primary_key=True)
    iso3: Mapped[str] = mapped_column(ForeignKey("countries.iso3", ondelete="RESTRICT"), index=True)
    # The kind of help.
    kind: Mapped[MeasureKind] = mapped_column(vocabulary(MeasureKind, "kind_known"))
    title: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text)
    # Whose request it is, in words; empty: of who wrote it down.
    on_behalf_of: Mapped[str] = mapped_column(String(200))
    # By when it is needed. None: nobody has said.
    needed_by: Mapped[date | None]
    handling: Mapped[int] = mapped_column(SmallInteger)
    asked_at: Mapped[datetime]
    asked_by: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    state: Mapped[AssistanceState] = mapped_column(vocabulary(AssistanceState, "state_known"))
    # All of these while it is open: none.
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    answer: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads a plain attribute)
    __table_args__ = (
        CheckConstraint("title <> ''", name="has_a_title"),
        CheckConstraint("handling BETWEEN 0 AND 4", name="handling_known"),
        CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answered_at_some_time"),
        CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name="answered_by_somebody"),
        CheckConstraint("state = 'open' OR answer <> ''", name="answered_in_words"),
    )


class CouncilAct(Base):
    """What a council did about a country on a day."""

    __tablename__ = "council_acts"
    id: Mapped[int] = mapped_column(primary_key=True)
    iso3: Mapped[str] = mapped_column(ForeignKey("countries.iso3", ondelete="RESTRICT"))
    # The session at which it happened. None: none that stands in the calendar.
    occasion_id: Mapped[int | None] = mapped_column(ForeignKey("occasions.id", ondelete="RESTRICT"))
    council: Mapped[str] = mapped_column(String(120))
    kind: Mapped[CouncilActKind] = mapped_column(vocabulary(CouncilActKind, "kind_known"))
    day: Mapped[date]
    words: Mapped[str] = mapped_column(Text)
    # Whose veto it was, by country code.
    vetoed_by: Mapped[list[str]] = mapped_column(JSON)
    link: Mapped[str | None] = mapped_column(Text)
    handling: Mapped[int] = mapped_column(SmallInteger)
    entered_by: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    entered_at: Mapped[datetime]
    # Entered by mistake. None: it stands.
    removed_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("council <> ''", name="has_a_council"),
        CheckConstraint("words <> ''", name="says_what_happened"),
        CheckConstraint("handling BETWEEN 0 AND 4", name="handling_known"),
        CheckConstraint("link LIKE 'https://%' OR link LIKE 'http://%'", name="link_is_web"),
        Index("council_acts_iso3_day_index", "iso3", "day"),
    )


class CaseStudy(Base):
    """What was seen, decided and done in a case, what followed and what was learnt, for whoever faces the next one."""

    __tablename__ = "case_studies"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    # None: a case of no country of today.
    iso3: Mapped[str | None] = mapped_column(ForeignKey("countries.iso3", ondelete="RESTRICT"), index=True)
    # The situation that it was made from. None: a case of the past, written by hand.
    situation_id: Mapped[int | None] = mapped_column(ForeignKey("situations.id", ondelete="RESTRICT"), index=True)
    began_on: Mapped[date]
    # None: nobody can say when it was over.
    ended_on: Mapped[date | None]
    # None: nobody said.
    stage: Mapped[Stage | None] = mapped_column(vocabulary(Stage, "stage_known"))
    # Keys of criteria, kinds of measures.
    criteria: Mapped[list[str]] = mapped_column(JSON)
    kinds: Mapped[list[str]] = mapped_column(JSON)
    # What was seen, known, decided, done, what followed, what was learnt (tracker/case_study.py).
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    # How the criteria stood when it began, as far as its mark allows to know. None: nothing was scored.
    profile: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    handling: Mapped[int] = mapped_column(SmallInteger)
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    # None: it stands.
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads a plain attribute)
    __table_args__ = (
        CheckConstraint("title <> ''", name="has_a_title"),
        CheckConstraint("handling BETWEEN 0 AND 4", name="handling_known"),
        CheckConstraint("ended_on IS NULL OR ended_on >= began_on", name="ends_after_it_began"),
    )


class CaseStudyRevision(Base):
    """What a case study said after each time that it was written."""

    __tablename__ = "case_study_revisions"
    case_study_id: Mapped[int] = mapped_column(
        ForeignKey("case_studies.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    # All that can be written of it, also its title, days and mark.
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    # Of that revision.
    handling: Mapped[int] = mapped_column(SmallInteger)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    # Why it was changed; empty: it is the first.
    reason: Mapped[str] = mapped_column(Text)
    __table_args__ = (
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("handling BETWEEN 0 AND 4", name="handling_known"),
        CheckConstraint("number = 1 OR reason <> ''", name="changed_with_reason"),
    )


class ConsistencyNote(Base):
    """Why two countries that look alike were not treated alike, as somebody explained it."""

    __tablename__ = "consistency_notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    iso3: Mapped[str] = mapped_column(ForeignKey("countries.iso3", ondelete="RESTRICT"))
    other_iso3: Mapped[str] = mapped_column(ForeignKey("countries.iso3", ondelete="RESTRICT"))
    year: Mapped[int] = mapped_column(SmallInteger)
    words: Mapped[str] = mapped_column(Text)
    handling: Mapped[int] = mapped_column(SmallInteger)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    __table_args__ = (
        # a pair is one, whichever is named first
        CheckConstraint("iso3 <= other_iso3", name="pair_in_order"),
        CheckConstraint("words <> ''", name="says_why"),
        CheckConstraint("handling BETWEEN 0 AND 4", name="handling_known"),
        Index("consistency_notes_year_iso3_other_iso3_index", "year", "iso3", "other_iso3"),
    )
