"""Making everything derived again, from the evidence alone, as it came in: moment by moment, method by method.

What comes out is what was there before, unless something was wrong with it.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from tracker.actions.concluding import EVER, beginning_of, conclude_from, differences, steps_of, values_of
from tracker.actions.situations.keeping import hold
from tracker.actions.yardstick import Yardstick, yardstick
from tracker.standing import Answer, evidence_of, next_change
from tracker.storage import answers, methods, scores, standings
from tracker.storage.answers import Revision
from tracker.storage.base import Session
from tracker.trail import trail_of


def rebuild_country(session: Session, iso3: str, *, now: datetime) -> None:
    """One at a time: whoever records something about another need not wait, and readers see it before or after."""
    hold(session, [iso3])
    standings.renew_country(session, iso3)
    chosen = methods.ever_in_force(session)
    # of a version on its way into force nothing is forgotten
    scores.forget(session, iso3, [one.number for one in chosen])
    revisions = answers.revisions_of(session, iso3)
    ends: list[datetime | None] = [one.since for one in chosen[1:]]
    for one, end in zip(chosen, [*ends, None], strict=True):
        by = yardstick(session, one.number)
        assert by is not None, "a version that was in force exists"
        within = [known for known in revisions if end is None or known.recorded_at < end]
        _relive(session, by, iso3, within, since=one.since, until=now if end is None else end)


def _relive(
    session: Session, by: Yardstick, iso3: str, revisions: Sequence[Revision], *, since: datetime, until: datetime
) -> None:
    """One method from its coming into force on: what was known then, and everything as it became known."""
    known: dict[tuple[int, date], Revision] = {}
    moments = [since, *sorted({one.recorded_at for one in revisions if one.recorded_at > since})]
    before: datetime | None = None
    for moment in moments:
        _let_time_pass(session, by, iso3, answers.standing_of(known.values(), by.places), until=moment)
        new = [one for one in revisions if one.recorded_at <= moment and (before is None or one.recorded_at > before)]
        known.update(((one.indicator_id, one.observed_on), one) for one in new)
        first = EVER if before is None else min((one.observed_on for one in new), default=EVER)
        evidence = evidence_of(by.method, answers.standing_of(known.values(), by.places))
        if new:
            known_then = partial(_always, moment)
            conclude_from(session, by, iso3, evidence, since=first, today=moment.date(), known=known_then)
        before = moment
    _let_time_pass(session, by, iso3, answers.standing_of(known.values(), by.places), until=until)


def _always(moment: datetime, _day: date) -> datetime:
    return moment


def _let_time_pass(session: Session, by: Yardstick, iso3: str, found: Sequence[Answer], *, until: datetime) -> None:
    waiting = scores.to_renew(session, by.number, until.date(), [iso3])
    if iso3 in waiting:
        evidence, today = evidence_of(by.method, found), until.date()
        conclude_from(session, by, iso3, evidence, since=waiting[iso3], today=today, known=beginning_of)


def what_is_wrong(session: Session) -> list[str]:
    """Where standings or scores are not what the evidence says: in sentences. Nothing is changed."""
    wrong = []
    if standings.everything(session) != standings.everything_as_it_should_be(session):
        wrong.append("The standings are not what the evidence says: rebuild makes them again.")
    by = yardstick(session)
    for iso3 in standings.countries_ever(session) if by is not None else ():
        assert by is not None, "asked in the line above"
        if not _fits(session, by, iso3):
            wrong.append(f"The scores of {iso3} are not what its evidence says: rebuild makes them again.")
    return wrong


def _fits(session: Session, by: Yardstick, iso3: str) -> bool:
    found = answers.answers_of(session, iso3, by.places, since=EVER)
    evidence = evidence_of(by.method, found)
    views = scores.views_of(session, by.number, by.method.tree, iso3)
    if not set(evidence.marks) <= views.keys():
        return not found
    for mark, kept in views.items():
        view = evidence.up_to(mark)
        before = scores.curve(session, by.number, by.method.tree, iso3, mark, since=EVER)
        # Before it has anything of its own to say, a view is the one below it. One whose evidence was all taken back
        # has a past, and nothing that it could be compared with.
        own = [date.fromordinal(int(day)) for day in view.day[view.handling == mark]]
        first = min([*own, *(step.day for step in before[:1])], default=kept.day)
        steps, _placed = steps_of(by.method, view, since=first, today=kept.day)
        if differences(before, steps) or not steps[-1].scores.says_the_same_as(kept.scores):
            return False
        if next_change(view, by.method, kept.day) != kept.changes_on:
            return False
        # None: time passes once a day, and it is followed then
        followed = trail_of(by.method.tree, *values_of(before), kept.day)
        if kept.trail is not None and not kept.trail.says_the_same_as(followed):
            return False
    return True
