"""Handing one's drafts to a second person: what is in order goes, what is not stays and says why."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tracker.access import Principal
from tracker.actions import audit
from tracker.actions.codings.writing import answer_of, earlier_in, levels_of, record_of, subject_of
from tracker.answer import Earlier, Field, Trouble, meaning_of, troubles
from tracker.coding import IN_AUTHORS_HANDS, CodingState, observed_on
from tracker.indicator import Voice
from tracker.refusal import N_
from tracker.storage import catalogue, codings
from tracker.storage.base import Session
from tracker.storage.country_record import Said
from tracker.storage.recording import Coding
from tracker.storage.watching import Indicator

ACCEPTED_ALREADY = N_("This month has an accepted answer, of %(day)s: correct that one, with a reason, instead.")


@dataclass(frozen=True)
class Outcome:
    submitted: int
    # What stayed behind, by indicator.
    troubles: dict[int, list[Trouble]]


def submit(
    session: Session,
    iso3: str,
    period: date,
    indicator_ids: Collection[int] | None = None,
    *,
    by: Principal,
    now: datetime,
) -> Outcome:
    """The writer's own answers of one country and month; all of them unless some are named."""
    own = codings.own_live(session, by.person_id, iso3, period)
    measures = catalogue.indicators_by_id(session, [one.cell.indicator_id for one in own])
    drafts = [
        one
        for one in own
        if one.state in IN_AUTHORS_HANDS
        and answer_of(one).is_given
        and is_asked(measures[one.cell.indicator_id])
        and (indicator_ids is None or one.cell.indicator_id in indicator_ids)
    ]
    drafts = codings.locked(session, [one.id for one in drafts])
    ids = [one.cell.indicator_id for one in drafts]
    record = record_of(session, iso3, ids, period, by)
    found = judged(drafts, measures, record, period, by=by, today=now.date())
    sent = 0
    for draft in drafts:
        if found.get(draft.cell.indicator_id) or draft.state not in IN_AUTHORS_HANDS:
            continue
        _send(session, draft, earlier_in(record.get(draft.cell.indicator_id, ()), period), by=by, now=now)
        sent += 1
    session.flush()
    return Outcome(sent, {key: left for key, left in found.items() if left})


def troubles_of(
    session: Session, drafts: Sequence[Coding], iso3: str, period: date, *, by: Principal, today: date
) -> dict[int, list[Trouble]]:
    """By indicator: what speaks against submitting each of these answers."""
    indicator_ids = [one.cell.indicator_id for one in drafts]
    measures = catalogue.indicators_by_id(session, indicator_ids)
    return judged(drafts, measures, record_of(session, iso3, indicator_ids, period, by), period, by=by, today=today)


def judged(
    drafts: Sequence[Coding],
    measures: Mapping[int, Indicator],
    record: Mapping[int, Sequence[Said]],
    period: date,
    *,
    by: Principal,
    today: date,
) -> dict[int, list[Trouble]]:
    """The same for who has looked everything up already."""
    found = {}
    for draft in drafts:
        indicator_id = draft.cell.indicator_id
        measure, known = measures[indicator_id], record.get(indicator_id, ())
        taken = [
            Trouble(Field.VALUE, ACCEPTED_ALREADY, {"day": row.observed_on.isoformat()})
            for row in known
            if period.replace(day=1) <= row.observed_on <= period
        ][:1]
        past = earlier_in(known, period)
        found[indicator_id] = taken + troubles(answer_of(draft), measure, levels_of(measure), past, by.clearance)
    return found


def is_asked(indicator: Indicator) -> bool:
    """Whether the grid shows it: what nobody sees is not submitted unseen."""
    return indicator.voice is Voice.CODED and not indicator.retired


def _send(session: Session, draft: Coding, known: Earlier, *, by: Principal, now: datetime) -> None:
    """Unchanged means the value it had: from now on it is written down as that."""
    meaning = meaning_of(draft.typed, known)
    draft.value, draft.unknown, draft.unchanged = meaning.value, meaning.unknown, meaning.unchanged
    if draft.import_id is None or draft.observed_on is None:  # a file says the day itself
        draft.observed_on = observed_on(draft.cell.period, now.date())
    before = {"state": str(draft.state)}
    draft.state, draft.submitted_at, draft.changed_at = CodingState.SUBMITTED, now, now
    draft.cell.version += 1
    draft.cell_version = draft.cell.version
    after = {"state": "submitted"}
    audit.record(session, "answer submitted", subject_of(draft), by=by.person_id, now=now, before=before, after=after)
