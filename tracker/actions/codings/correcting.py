"""Proposing that an accepted observation be corrected or withdrawn.

Whatever its voice, and on its own day. A second person accepts the proposal as any other answer; then it becomes the
next revision. Whoever did not record an observation that is not for attribution corrects it without learning whose
word it is: what they leave empty stays as it was.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tracker.access import Principal
from tracker.actions import audit
from tracker.actions.codings.reviewing import ObservationChanged, source_key
from tracker.actions.codings.writing import earlier, levels_of, subject_of, write_down
from tracker.answer import LONGEST_TEXT, UNKNOWN, Answer, Earlier, Field, Trouble, meaning_of, troubles
from tracker.coding import CodingAct, CodingState, period_of
from tracker.handling import Mark
from tracker.observation import Statement
from tracker.refusal import N_, NotThere, OutOfTurn, Refusal
from tracker.storage import codings, revisions
from tracker.storage.base import Session
from tracker.storage.codings import Place
from tracker.storage.recording import Coding
from tracker.storage.revisions import Observed, Revision
from tracker.storage.watching import Indicator


class NoSuchObservation(NotThere):
    def __init__(self) -> None:
        super().__init__(N_("There is no such observation."))


class NotInOrder(Refusal):
    """Something speaks against it; each trouble says at which field."""

    def __init__(self, found: Sequence[Trouble]) -> None:
        super().__init__(N_("This cannot be submitted as it is."))
        self.troubles = found


class WaitsAlready(OutOfTurn):
    def __init__(self) -> None:
        super().__init__(N_("You have proposed something for this observation already. Take that back first."))


class WithdrawnAlready(OutOfTurn):
    def __init__(self) -> None:
        super().__init__(N_("This observation is withdrawn already."))


def newest_seen(session: Session, observed: Observed, reader: Principal) -> list[Revision]:
    """All its revisions, the newest first, for somebody who may see the newest; otherwise it does not exist."""
    found = revisions.revisions(session, observed) if reader.reaches(observed.iso3) else []
    if not found or found[0].said.handling > reader.clearance:
        raise NoSuchObservation
    return found


def answer_before(session: Session, history: Sequence[Revision], reader: Principal) -> Answer:
    """What the observation says now, as the form for its correction shows it to this reader."""
    newest, known = history[0], revisions.knows_source(reader.person_id, history)
    said = newest.said
    return Answer(
        typed=typed(said.value),
        source=revisions.source_named(session, newest.source_id) if known else "",
        grade=newest.own_grade,
        handling=said.handling,
        attributable=said.attributable,
        note=said.note,
        evidence_url=said.evidence_url if known else "",
    )


def typed(value: float | None) -> str:
    """As somebody would type it, with every digit; None: nobody could tell."""
    return UNKNOWN if value is None else repr(value).removesuffix(".0")


def correct(
    session: Session, observed: Observed, answer: Answer, *, based_on: int, by: Principal, now: datetime
) -> Coding:
    """`based_on` is the revision that the form was opened with."""
    history = newest_seen(session, observed, by)
    known = _known(session, observed, by)
    found = _troubles(session, observed, answer, history, known, by)
    if found:
        raise NotInOrder(found)
    answer = replace(answer, typed=typed(meaning_of(answer.typed, known).value))
    return _propose(session, observed, CodingAct.CORRECTION, answer, based_on, by=by, now=now)


def withdraw(
    session: Session, observed: Observed, reason: str, *, based_on: int, by: Principal, now: datetime
) -> Coding:
    """From its acceptance on the observation is as if it had never been made."""
    base = newest_seen(session, observed, by)[0]
    if base.said.withdrawn:
        raise WithdrawnAlready
    if not reason.strip():
        raise NotInOrder([Trouble(Field.REASON, N_("Say why: whoever relied on it has to know."), {})])
    if len(reason) > LONGEST_TEXT:
        sentence = N_("At most %(longest)s characters can be kept here.")
        raise NotInOrder([Trouble(Field.REASON, sentence, {"longest": LONGEST_TEXT})])
    said = base.said
    answer = Answer(
        typed=typed(said.value),
        grade=base.own_grade,
        handling=said.handling,
        attributable=said.attributable,
        note=said.note,
        reason=reason,
    )
    return _propose(session, observed, CodingAct.WITHDRAWAL, answer, based_on, by=by, now=now)


def give_up(session: Session, observed: Observed, *, by: Principal, now: datetime) -> None:
    """One's own proposal is taken back, whether it waits or was returned."""
    cell = codings.locked_cell(session, _place(observed))
    own = revisions.own_proposal(session, cell.id, observed.day, by.person_id)
    if own is None:
        raise OutOfTurn(N_("You have proposed nothing for this observation, or it is settled already."))
    cell.version += 1
    own.state, own.changed_at, own.cell_version = CodingState.DISCARDED, now, cell.version
    audit.record(session, f"{own.act} taken back", subject_of(own), by=by.person_id, now=now)
    session.flush()


def statement_of(coding: Coding, history: Sequence[Revision]) -> Statement:
    """What the observation would say, for comparing. Nothing in it tells a source that is not for attribution."""
    base = history[0]
    keeps = not coding.source.strip() or (
        base.said.source is not None and source_key(base.said.source) == source_key(coding.source)
    )
    kept_grade = base.said.grade if base.own_grade == coding.grade.strip().upper() else base.source_grade
    return Statement(
        value=coding.value,
        unknown=coding.unknown,
        withdrawn=coding.act is CodingAct.WITHDRAWAL,
        source=(base.said.source if keeps else coding.source) if coding.attributable else None,
        source_key=base.said.source_key if keeps else "another",
        grade=coding.grade.strip().upper() or kept_grade,
        handling=Mark(coding.handling),
        attributable=coding.attributable,
        note=coding.note,
        evidence_url=base.said.evidence_url if revisions.keeps_link(coding, history) else coding.evidence_url,
    )


def _known(session: Session, observed: Observed, by: Principal) -> Earlier:
    """What the record said before that month."""
    of_indicators = earlier(session, observed.iso3, [observed.indicator_id], period_of(observed.day), by)
    return of_indicators.get(observed.indicator_id, Earlier())


def _troubles(
    session: Session, observed: Observed, answer: Answer, history: Sequence[Revision], known: Earlier, by: Principal
) -> list[Trouble]:
    measure, base = session.get_one(Indicator, observed.indicator_id), history[0]
    kept = revisions.source_named(session, base.source_id)
    named = answer if answer.source.strip() else replace(answer, source=kept)
    found = troubles(named, measure, levels_of(measure), known, by.clearance)
    if not answer.reason.strip():
        found = [one for one in found if one.field not in (Field.REASON, Field.CONFIRMED)]
        found.append(Trouble(Field.REASON, N_("Say why it is corrected: it stands in the observation's history."), {}))
    if answer.attributable and not base.said.attributable and not answer.source.strip():
        sentence = N_("The source kept here is not for attribution. Name the source if it may be told now.")
        found.append(Trouble(Field.SOURCE, sentence, {}))
    if not found and _changes_nothing(session, answer, history, known, by):
        found.append(Trouble(Field.VALUE, N_("Nothing would be different: correct what is wrong."), {}))
    return found


def _changes_nothing(
    session: Session, answer: Answer, history: Sequence[Revision], known: Earlier, by: Principal
) -> bool:
    before, meaning, said = answer_before(session, history, by), meaning_of(answer.typed, known), history[0].said
    if said.withdrawn or (meaning.value, meaning.unknown) != (said.value, said.unknown):
        return False
    same_source = not answer.source.strip() or source_key(answer.source) == source_key(before.source)
    unlike = replace(answer, typed=before.typed, source=before.source, reason="", confirmed=False)
    return same_source and replace(unlike, grade=answer.grade.strip().upper()) == before


def _propose(
    session: Session,
    observed: Observed,
    act: CodingAct,
    answer: Answer,
    based_on: int,
    *,
    by: Principal,
    now: datetime,
) -> Coding:
    cell = codings.locked_cell(session, _place(observed))
    if revisions.revisions(session, observed)[0].number != based_on:
        raise ObservationChanged(observed.day)
    own = revisions.own_proposal(session, cell.id, observed.day, by.person_id)
    if own is None:
        own = Coding(cell=cell, author_id=by.person_id, settled_why="", started_at=now)
        session.add(own)
    elif own.state is CodingState.SUBMITTED:
        raise WaitsAlready
    cell.version += 1
    own.act, own.observed_on, own.based_on = act, observed.day, based_on
    own.state, own.submitted_at = CodingState.SUBMITTED, now
    write_down(own, answer, cell.version, now=now)
    session.flush()
    audit.record(session, f"{act} proposed", subject_of(own), by=by.person_id, now=now, after={"state": "submitted"})
    return own


def _place(observed: Observed) -> Place:
    return Place(observed.iso3, observed.indicator_id, period_of(observed.day))
