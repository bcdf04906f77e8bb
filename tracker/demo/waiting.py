"""What the invented analysts have submitted and nobody has looked at yet, through the same doors as real ones."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from tracker.access import Principal
from tracker.actions.codings import correcting, submitting, writing
from tracker.answer import UNCHANGED, UNKNOWN, Answer
from tracker.coding import period_of
from tracker.demo.archipelago import Archipelago, Isle, Submitted
from tracker.demo.coding import MONTHS
from tracker.storage import catalogue, observations
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.storage.codings import Place
from tracker.storage.principals import principal_of
from tracker.storage.revisions import Observed


def submit_what_waits(
    session: Session, archipelago: Archipelago, person_ids: Mapping[str, int], *, now: datetime
) -> None:
    """Answers of the month of loading, and a correction of the newest that stands."""
    isles = {isle.iso3: isle for isle in archipelago.isles}
    indicator_ids = catalogue.indicator_ids(session)
    people = {key: principal_of(session, session.get_one(Person, number)) for key, number in person_ids.items()}
    for one in archipelago.submitted:
        place = Place(one.iso3, indicator_ids[one.indicator], period_of(now.date()))
        _submit(session, place, _answer(archipelago, one, isles[one.iso3]), by=people[one.by], now=now)
    for one in archipelago.corrected:
        _correct(session, one, indicator_ids[one.indicator], by=people[one.by], now=now)


def _submit(session: Session, place: Place, answer: Answer, *, by: Principal, now: datetime) -> None:
    # the version that the form was opened with: whatever colleagues wrote into the cell has been seen
    seen = 1_000
    writing.save(session, place, answer, seen=seen, by=by, now=now)
    outcome = submitting.submit(session, place.iso3, place.period, [place.indicator_id], by=by, now=now)
    assert outcome.submitted == 1, outcome.troubles


def _correct(session: Session, one: Submitted, indicator_id: int, *, by: Principal, now: datetime) -> None:
    standing = observations.of_country(session, one.iso3, by.clearance, on=now.date())
    newest = [seen for seen in standing if seen.indicator_id == indicator_id][-1]
    observed = Observed(one.iso3, indicator_id, newest.observed_on)
    history = correcting.newest_seen(session, observed, by)
    answer = correcting.answer_before(session, history, by)
    corrected = replace(answer, typed=f"{newest.value + (one.moves or 0):g}", reason=one.reason)
    correcting.correct(session, observed, corrected, based_on=history[0].number, by=by, now=now)


def _answer(archipelago: Archipelago, one: Submitted, isle: Isle) -> Answer:
    source = next(source for source in archipelago.sources if source.key == one.source)
    return Answer(
        typed=_typed(one, isle),
        source=source.name,
        grade=f"{source.reliability}{source.credibility}",
        handling=source.handling,
        attributable=source.attributable,
        note=one.note,
        reason=one.reason,
        confirmed=True,
    )


def _typed(one: Submitted, isle: Isle) -> str:
    if one.moves is None:
        return UNKNOWN
    return str(isle.level(one.indicator, MONTHS) + one.moves) if one.moves else UNCHANGED
