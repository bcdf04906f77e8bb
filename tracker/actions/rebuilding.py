"""Making everything derived again, from the evidence alone, as it came in: moment by moment, method by method.

What comes out is what was there before, unless something was wrong with it.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from tracker.actions.concluding import EVER, beginning_of, conclude_from, differences, steps_of
from tracker.handling import Mark
from tracker.method import Method
from tracker.standing import Answer, Evidence, evidence_of
from tracker.storage import methods, scores, standings
from tracker.storage.base import Session
from tracker.storage.standings import Revision

Told = Callable[[int, int], None]


def rebuild(session: Session, *, now: datetime, told: Told = lambda _done, _of: None) -> int:
    """How many countries there are. `told` hears how many are done."""
    standings.renew_all(session)
    scores.forget_everything(session)
    found = standings.countries_ever(session)
    for done, iso3 in enumerate(found, start=1):
        _rebuild_country(session, iso3, now=now)
        told(done, len(found))
    return len(found)


def _rebuild_country(session: Session, iso3: str, *, now: datetime) -> None:
    revisions = standings.revisions_of(session, iso3)
    chosen = methods.ever_in_force(session)
    ends: list[datetime | None] = [since for _, since in chosen[1:]]
    for (number, since), end in zip(chosen, [*ends, None], strict=True):
        method = methods.method_of(session, number)
        within = [one for one in revisions if end is None or one.recorded_at < end]
        _relive(session, number, method, iso3, within, since=since, until=now if end is None else end)


def _relive(
    session: Session,
    number: int,
    method: Method,
    iso3: str,
    revisions: Sequence[Revision],
    *,
    since: datetime,
    until: datetime,
) -> None:
    """One method from its coming into force on: what was known then, and everything as it became known."""
    measures = standings.measures_by_indicator(session, method)
    known: dict[tuple[int, date], Revision] = {}
    moments = [since, *sorted({one.recorded_at for one in revisions if one.recorded_at > since})]
    before: datetime | None = None
    for moment in moments:
        _let_time_pass(session, number, method, iso3, _answers(known, measures), until=moment)
        new = [one for one in revisions if one.recorded_at <= moment and (before is None or one.recorded_at > before)]
        known.update(((one.indicator_id, one.observed_on), one) for one in new)
        first = EVER if before is None else min((one.observed_on for one in new), default=EVER)
        evidence = evidence_of(method, _answers(known, measures))
        if new:
            _conclude(session, number, method, iso3, evidence, since=first, at=moment)
        before = moment
    _let_time_pass(session, number, method, iso3, _answers(known, measures), until=until)


def _conclude(
    session: Session, number: int, method: Method, iso3: str, evidence: Evidence, *, since: date, at: datetime
) -> None:
    conclude_from(session, number, method, iso3, evidence, since=since, today=at.date(), known=lambda _day: at)


def _let_time_pass(
    session: Session, number: int, method: Method, iso3: str, answers: Sequence[Answer], *, until: datetime
) -> None:
    waiting = scores.to_renew(session, number, until.date(), iso3=iso3)
    if iso3 in waiting:
        evidence = evidence_of(method, answers)
        conclude_from(
            *(session, number, method, iso3, evidence), since=waiting[iso3], today=until.date(), known=beginning_of
        )


def _answers(known: dict[tuple[int, date], Revision], measures: dict[int, int]) -> list[Answer]:
    return [
        one.answer._replace(measure=measures[one.indicator_id])
        for one in known.values()
        if not one.withdrawn and one.indicator_id in measures
    ]


def what_is_wrong(session: Session) -> list[str]:
    """Where standings or scores are not what the evidence says: in sentences. Nothing is changed."""
    wrong = []
    if standings.everything(session) != standings.everything_as_it_should_be(session):
        wrong.append("The standings are not what the evidence says: rebuild makes them again.")
    chosen = methods.in_force(session)
    if chosen is None:
        return wrong
    number, method = chosen
    measures = standings.measures_by_indicator(session, method)
    for iso3 in standings.countries_ever(session):
        views = scores.views_of(session, number, method.tree, iso3)
        answers = standings.answers_of(session, iso3, measures, since=EVER)
        if not _fits(session, number, method, iso3, views, answers):
            wrong.append(f"The scores of {iso3} are not what its evidence says: rebuild makes them again.")
    return wrong


def _fits(
    session: Session,
    number: int,
    method: Method,
    iso3: str,
    views: dict[Mark, scores.Now],
    answers: Sequence[Answer],
) -> bool:
    evidence = evidence_of(method, answers)
    if not set(evidence.marks) <= views.keys():
        return not answers
    for mark, kept in views.items():
        before = scores.curve(session, number, method.tree, iso3, mark, since=EVER)
        first = before[0].day if before else kept.day
        found, _draws = steps_of(method, iso3, evidence.up_to(mark), since=first, today=kept.day)
        if differences(before, found) or not found[-1].scores.says_the_same_as(kept.scores):
            return False
    return True
