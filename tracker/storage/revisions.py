"""One observation with everything that was ever said of it, and what is proposed about it.

The newest revision's handling mark decides who sees the observation at all. Whose word may not be told now is not told
of earlier revisions either, that rest on the same source.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, ScalarSelect, select, tuple_
from sqlalchemy.orm import aliased, contains_eager, joinedload

from tracker.coding import LIVE, CodingAct, CodingState, period_of
from tracker.handling import Mark
from tracker.observation import Statement
from tracker.storage.accepting import Held
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.storage.recording import Batch, Cell, Coding, Observation
from tracker.storage.watching import Source


@dataclass(frozen=True)
class Observed:
    """Which observation: its country, its indicator, its day."""

    iso3: str
    indicator_id: int
    day: date


@dataclass(frozen=True)
class Revision:
    day: date
    number: int
    said: Statement
    # Its own Admiralty grade; empty: it has that of its source.
    own_grade: str
    source_grade: str
    standard_error: float | None
    # Why there is this revision; None for the first.
    reason: str | None
    source_id: int
    recorded_by_id: int | None
    # None: the product itself, on first run.
    recorded_by: str | None
    # When that person submitted it; None: nothing is known of a submission.
    submitted_at: datetime | None
    # When it was accepted; of what nobody had to accept, when it came in.
    recorded_at: datetime
    accepted_by_id: int | None
    # None: nobody had to accept it, because it was published or imported so.
    accepted_by: str | None

    @property
    def accepted_by_its_author(self) -> bool:
        return self.accepted_by_id is not None and self.accepted_by_id == self.recorded_by_id


def revisions(session: Session, observed: Observed) -> list[Revision]:
    """Whatever their marks, the newest first. Sources are named only as far as that may be told to anybody."""
    return histories(session, [observed]).get(observed, [])


def histories(session: Session, wanted: Collection[Observed]) -> dict[Observed, list[Revision]]:
    """The same for several observations at once."""
    author, second = aliased(Person), aliased(Person)
    query = (
        select(
            Observation,
            Batch,
            Source,
            author.name.label("author"),
            second.name.label("second"),
            _submitted_at({period_of(one.day) for one in wanted}).label("submitted_at"),
        )
        .join(Batch, Batch.id == Observation.batch_id)
        .join(Source, Source.id == Batch.source_id)
        .outerjoin(author, author.id == Batch.recorded_by)
        .outerjoin(second, second.id == Batch.accepted_by)
        # SQLite is not led by a list of threes: so it is told as well where each of the three may be
        .where(
            Observation.observed_on.in_({one.day for one in wanted}),
            Observation.iso3.in_({one.iso3 for one in wanted}),
            Observation.indicator_id.in_({one.indicator_id for one in wanted}),
            tuple_(Observation.observed_on, Observation.iso3, Observation.indicator_id).in_(
                [(one.day, one.iso3, one.indicator_id) for one in wanted]
            ),
        )
        .order_by(Observation.iso3, Observation.indicator_id, Observation.observed_on, Observation.revision.desc())
    )
    found: dict[Observed, list[Revision]] = defaultdict(list)
    untold = set[tuple[Observed, int]]()
    for row in session.execute(query) if wanted else ():
        said = row.Observation
        observed = Observed(said.iso3, said.indicator_id, said.observed_on)
        if not said.attributable:
            untold.add((observed, row.Batch.source_id))
        told = (observed, row.Batch.source_id) not in untold
        found[observed].append(_revision(row, told))
    return found


def _submitted_at(periods: Collection[date]) -> ScalarSelect[datetime | None]:
    """Of the answer or correction that became the revision; the periods only make it quick to find."""
    return (
        select(Coding.submitted_at)
        .join(Coding.cell)
        .where(
            Cell.iso3 == Observation.iso3,
            Cell.indicator_id == Observation.indicator_id,
            Cell.period.in_(periods),
            Coding.observed_on == Observation.observed_on,
            Coding.revision == Observation.revision,
        )
        .correlate(Observation)
        .scalar_subquery()
    )


def _revision(found: Row[*tuple[Any, ...]], told: bool) -> Revision:
    row: Observation = found.Observation
    batch: Batch = found.Batch
    source: Source = found.Source
    own_grade = f"{row.reliability}{row.credibility}" if row.reliability and row.credibility else ""
    source_grade = f"{source.reliability}{source.credibility}"
    return Revision(
        day=row.observed_on,
        number=row.revision,
        said=Statement(
            value=row.value,
            unknown=row.unknown,
            withdrawn=row.withdrawn,
            source=source.name if told else None,
            source_key=str(batch.source_id),
            grade=own_grade or source_grade,
            handling=Mark(row.handling),
            attributable=row.attributable,
            note=row.note or "",
            evidence_url=row.evidence_url or "",
        ),
        own_grade=own_grade,
        source_grade=source_grade,
        standard_error=row.standard_error,
        reason=row.reason,
        source_id=batch.source_id,
        recorded_by_id=batch.recorded_by,
        recorded_by=found.author,
        submitted_at=found.submitted_at,
        recorded_at=batch.recorded_at,
        accepted_by_id=batch.accepted_by,
        accepted_by=found.second,
    )


def knows_source(person_id: int, history: Sequence[Revision]) -> bool:
    """A source that is not for attribution is told to nobody but whoever named it first."""
    named = [one for one in history if one.source_id == history[0].source_id]
    return history[0].said.source is not None or named[-1].recorded_by_id == person_id


def keeps_link(coding: Coding | Held, history: Sequence[Revision]) -> bool:
    """Whether it leaves the link to the evidence as it was: it is not copied, for its author may not know it."""
    if coding.act is CodingAct.WITHDRAWAL:
        return True
    left_empty = not coding.evidence_url and not coding.source.strip()
    return left_empty and not knows_source(coding.author_id, history)


def source_named(session: Session, source_id: int) -> str:
    """Whether it may be told is the caller's affair."""
    return session.get_one(Source, source_id).name


def proposed(session: Session, observed: Observed) -> list[Coding]:
    """Corrections and withdrawals of it that are on their way, the earliest first, with cell and author."""
    return _codings(session, observed, LIVE, corrections=True)


def dissent(session: Session, observed: Observed) -> list[Coding]:
    """Answers that were set aside when another was accepted, the earliest first, with cell and author."""
    return _codings(session, observed, (CodingState.SET_ASIDE,), corrections=False)


def _codings(session: Session, observed: Observed, states: Sequence[CodingState], *, corrections: bool) -> list[Coding]:
    query = (
        select(Coding)
        .join(Coding.cell)
        .where(
            Cell.iso3 == observed.iso3,
            Cell.indicator_id == observed.indicator_id,
            Coding.observed_on == observed.day,
            Coding.state.in_(states),
            Coding.act != CodingAct.ANSWER if corrections else Coding.act == CodingAct.ANSWER,
        )
        .options(contains_eager(Coding.cell), joinedload(Coding.author).raiseload("*"))
        .order_by(Coding.started_at, Coding.id)
    )
    return list(session.scalars(query))


def own_proposal(session: Session, cell_id: int, day: date, author_id: int) -> Coding | None:
    """The correction or withdrawal of that day that an author has on its way."""
    query = (
        select(Coding)
        .join(Coding.cell)
        .options(contains_eager(Coding.cell))
        .where(
            Coding.cell_id == cell_id,
            Coding.author_id == author_id,
            Coding.observed_on == day,
            Coding.act != CodingAct.ANSWER,
            Coding.state.in_(LIVE),
        )
        .execution_options(populate_existing=True)
    )
    return session.scalar(query)
