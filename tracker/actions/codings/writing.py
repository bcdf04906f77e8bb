"""Writing into a cell. Nothing typed is refused, and nothing is overwritten that its writer has not seen."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from tracker.access import Principal
from tracker.actions import audit
from tracker.answer import Answer, Earlier, meaning_of
from tracker.coding import IN_AUTHORS_HANDS, CodingAct, CodingState, has_begun, month_after
from tracker.handling import Mark
from tracker.indicator import Voice
from tracker.refusal import N_, NotThere, OutOfTurn, Refusal
from tracker.storage import codings
from tracker.storage.accepting import Held
from tracker.storage.base import Session
from tracker.storage.codings import Place
from tracker.storage.country_record import Said, country_record, last_said
from tracker.storage.recording import Cell, Coding
from tracker.storage.watching import Indicator

# A country's own history, for what is unusual in it; older values say little about today.
YEARS_OF_HISTORY = 5


class CellChanged(OutOfTurn):
    """Somebody saved into the cell since the form was opened. Both versions are kept apart until one chooses."""

    def __init__(self, cell: Cell, found: Sequence[Coding]) -> None:
        super().__init__(N_("This cell was changed since you opened it. Look at both entries and choose."))
        self.cell_version = cell.version
        self.found = found


class AlreadySubmitted(OutOfTurn):
    def __init__(self) -> None:
        super().__init__(N_("You have submitted this answer already. Take it back to change it."))


def save(session: Session, place: Place, answer: Answer, *, seen: int, by: Principal, now: datetime) -> Coding:
    """Keeps what was typed as the writer's own draft. `seen` is the cell's version that the form was opened with.

    Saving the same once more changes nothing: an answer that got lost on its way back may be sent again.
    """
    _check_place(session, place, now)
    cell = codings.locked_cell(session, place)
    visible = [one for one in codings.live_in_cell(session, cell.id) if sees(by, one)]
    own = next((one for one in visible if one.author_id == by.person_id), None)
    if own is not None and own.state is CodingState.SUBMITTED:
        raise AlreadySubmitted
    if own is not None and answer_of(own) == answer:
        return own
    found = [one for one in visible if one.cell_version > seen]
    if found:
        raise CellChanged(cell, found)
    if own is None:
        own = _new(cell, by.person_id, now)
        session.add(own)
    cell.version += 1
    write_down(own, answer, cell.version, now=now)
    session.flush()
    return own


def drop(session: Session, place: Place, *, seen: int, by: Principal, now: datetime) -> None:
    """Takes the writer's own draft off the cell, for instance because a colleague's says it all."""
    _check_place(session, place, now)
    cell = codings.locked_cell(session, place)
    for own in codings.live_in_cell(session, cell.id):
        if own.author_id != by.person_id or own.state not in IN_AUTHORS_HANDS:
            continue
        if own.cell_version > seen:
            raise CellChanged(cell, [own])
        cell.version += 1
        own.state, own.changed_at, own.cell_version = CodingState.DISCARDED, now, cell.version
    session.flush()


def take_back(session: Session, coding_ids: Collection[int], *, by: Principal, now: datetime) -> int:
    """What one has submitted and nobody has settled becomes a draft again; corrections are discarded."""
    found, taken = codings.locked(session, coding_ids), 0
    if len(found) < len(set(coding_ids)) or any(one.author_id != by.person_id for one in found):
        raise NotThere(N_("There is no such entry of yours."))
    for coding in found:
        if coding.state is not CodingState.SUBMITTED:
            continue
        is_answer = coding.act is CodingAct.ANSWER
        coding.state = CodingState.DRAFT if is_answer else CodingState.DISCARDED
        coding.submitted_at, coding.changed_at = None, now
        coding.cell.version += 1
        coding.cell_version = coding.cell.version
        taken += 1
        audit.record(session, "answer taken back", subject_of(coding), by=by.person_id, now=now)
    return taken


def record_of(
    session: Session, iso3: str, indicator_ids: Collection[int], period: date, by: Principal
) -> dict[int, list[Said]]:
    """By indicator: what stands for the country up to the end of that month, as far as the asker may see it."""
    since, before = _beginning(period), month_after(period).replace(day=1)
    return country_record(session, iso3, indicator_ids, by.clearance, since=since, before=before)


def last_before(session: Session, iso3: str, period: date, by: Principal) -> dict[int, Said]:
    """By indicator: the last of the same that was said before that month."""
    return last_said(session, iso3, by.clearance, since=_beginning(period), before=period.replace(day=1))


def _beginning(period: date) -> date:
    return period.replace(day=1, year=period.year - YEARS_OF_HISTORY)


def earlier(
    session: Session, iso3: str, indicator_ids: Collection[int], period: date, by: Principal
) -> dict[int, Earlier]:
    """By indicator: what the country's record said before that month."""
    record = record_of(session, iso3, indicator_ids, period, by)
    return {indicator_id: earlier_in(rows, period) for indicator_id, rows in record.items()}


def earlier_in(record: Sequence[Said], period: date) -> Earlier:
    """What was said before that month."""
    rows = [row for row in record if row.observed_on < period.replace(day=1)]
    if not rows:
        return Earlier()
    return Earlier(
        value=rows[-1].value,
        unknown=rows[-1].unknown,
        on=rows[-1].observed_on,
        values=[row.value for row in rows if row.value is not None],
    )


def write_down(coding: Coding, answer: Answer, cell_version: int, *, now: datetime) -> None:
    """What can be read without looking at the record is kept as a number at once."""
    meaning = meaning_of(answer.typed, Earlier())
    coding.typed, coding.grade, coding.source = answer.typed.strip(), answer.grade.strip(), answer.source.strip()
    coding.value, coding.unknown, coding.unchanged = meaning.value, meaning.unknown, meaning.unchanged
    coding.handling, coding.attributable = answer.handling, answer.attributable
    coding.note, coding.evidence_url, coding.reason = answer.note, answer.evidence_url.strip(), answer.reason
    coding.confirmed, coding.cell_version, coding.changed_at = answer.confirmed, cell_version, now


def answer_of(coding: Coding) -> Answer:
    return Answer(
        typed=coding.typed,
        source=coding.source,
        grade=coding.grade,
        handling=Mark(coding.handling),
        attributable=coding.attributable,
        note=coding.note,
        evidence_url=coding.evidence_url,
        reason=coding.reason,
        confirmed=coding.confirmed,
    )


def sees(reader: Principal, coding: Coding | Held) -> bool:
    return coding.author_id == reader.person_id or coding.handling <= reader.clearance


def subject_of(coding: Coding | Held) -> str:
    """What the audit log calls it: where, never what it says."""
    cell = coding.cell
    return f"answer {coding.id}: {cell.iso3} indicator {cell.indicator_id} {cell.period:%Y-%m}"


def levels_of(indicator: Indicator) -> list[float]:
    """The numbers that may be chosen; none for what is measured."""
    return [float(level["value"]) for level in indicator.levels]


def _check_place(session: Session, place: Place, now: datetime) -> None:
    indicator = session.get(Indicator, place.indicator_id)
    if indicator is None or indicator.retired or indicator.voice is not Voice.CODED:
        raise NotThere(N_("There is no such question for analysts."))
    if not has_begun(place.period, now.date()):
        raise Refusal(N_("That month has not begun: nothing can be known about it yet."))


def _new(cell: Cell, author_id: int, now: datetime) -> Coding:
    return Coding(
        cell=cell,
        author_id=author_id,
        act=CodingAct.ANSWER,
        state=CodingState.DRAFT,
        settled_why="",
        started_at=now,
    )
