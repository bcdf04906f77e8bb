"""Drawing the conclusions from evidence, in the transaction in which it was recorded: standings, scores, flags.

Only the countries that were touched are looked at, and of their past only what comes after the first touched day. The
passing of time changes scores as well: what goes stale counts no more from that day on, whenever it is noticed.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from tracker.actions.flagging import judge_country
from tracker.actions.yardstick import Yardstick, yardstick
from tracker.handling import Mark
from tracker.index import FloatArray, evaluate
from tracker.method import Method
from tracker.standing import Evidence, Placed, changing_days, evidence_of, next_change, placed_on
from tracker.storage import answers, audit_entries, countries, methods, scores, standings
from tracker.storage.base import Session
from tracker.storage.scores import Now, Step
from tracker.uncertainty import spread
from tracker.workings import Scores

# Rules compare with a year ago and ask how sure it was: intervals are drawn as far back as that, and kept.
DRAWN_DAYS = 400
# Before anything is known of a country.
EVER = date(1800, 1, 1)

Known = Callable[[date], datetime]


def draw_conclusions(session: Session, batch_ids: Collection[int], *, now: datetime) -> None:
    """From what these batches recorded. Last in its transaction, for it takes the last locks."""
    session.flush()
    touched = standings.touched_by(session, batch_ids)
    _hold(session, touched)
    by = yardstick(session)
    if by is not None:
        # what went stale before this was recorded went stale before it was known
        _let_time_pass(session, by, now=now, only=touched)
    standings.renew(session, batch_ids)
    if by is not None:
        for iso3, since in touched.items():
            _conclude(session, by, iso3, since=since, now=now, known=lambda _day: now)


def let_time_pass(session: Session, *, now: datetime, at_most: int | None = None) -> int:
    """What went stale since somebody last looked counts no more. How many countries were looked at."""
    by = yardstick(session)
    if by is None:
        return 0
    waiting = list(scores.to_renew(session, by.number, now.date()))
    return _let_time_pass(session, by, now=now, only=waiting[:at_most])


def is_time_waiting(session: Session, *, now: datetime) -> bool:
    number = methods.number_in_force(session)
    return number is not None and bool(scores.to_renew(session, number, now.date()))


def conclude_everything(session: Session, *, now: datetime) -> int:
    """From all evidence by the method in force, as if it were seen for the first time. How many countries there are."""
    by = yardstick(session)
    if by is None:
        return 0
    found = standings.countries(session)
    _hold(session, found)
    for iso3 in found:
        _conclude(session, by, iso3, since=EVER, now=now, known=lambda _day: now)
    return len(found)


def judge_everything(session: Session, *, now: datetime) -> int:
    """The rules as they are now, on the scores as they are. How many countries there are."""
    by = yardstick(session)
    if by is None:
        return 0
    found = [iso3 for iso3 in standings.countries(session) if countries.is_watched(session, iso3)]
    _hold(session, found)
    for iso3 in found:
        evidence = evidence_of(by.method, answers.answers_of(session, iso3, by.places, since=now.date()))
        marks = sorted(scores.marks_of(session, by.number, iso3))
        judge_country(session, by, iso3, evidence, marks, today=now.date(), now=now)
    return len(found)


def _let_time_pass(session: Session, by: Yardstick, *, now: datetime, only: Collection[str]) -> int:
    waiting = scores.to_renew(session, by.number, now.date(), only)
    _hold(session, waiting)
    for iso3, since in waiting.items():
        _conclude(session, by, iso3, since=since, now=now, known=beginning_of)
    return len(waiting)


def _hold(session: Session, iso3s: Collection[str]) -> None:
    """The log of what was done comes first: whoever acts on a situation takes it before the country, too."""
    if iso3s:
        audit_entries.locked_head(session)
        countries.hold(session, iso3s)


def beginning_of(day: date) -> datetime:
    """What only time has changed was known from the first moment of the day on."""
    return datetime.combine(day, time(), UTC)


def _conclude(session: Session, by: Yardstick, iso3: str, *, since: date, now: datetime, known: Known) -> None:
    today = now.date()
    if since > today:
        return
    evidence = evidence_of(by.method, answers.answers_of(session, iso3, by.places, since=since))
    marks = conclude_from(session, by, iso3, evidence, since=since, today=today, known=known)
    if countries.is_watched(session, iso3):
        judge_country(session, by, iso3, evidence, marks, today=today, now=now)


def conclude_from(
    session: Session, by: Yardstick, iso3: str, evidence: Evidence, *, since: date, today: date, known: Known
) -> list[Mark]:
    """The scores alone. `evidence`: what stands from `since` on, and what stood then. `known`: by day, since when.

    The marks of all views of the country, the lowest first.
    """
    kept = scores.marks_of(session, by.number, iso3)
    marks = sorted({*evidence.marks, *kept})
    for mark in marks:
        view = evidence.up_to(mark)
        # days before all evidence have nothing to say
        first = since if mark in kept else min(changing_days(view, by.method, since, today), default=today)
        found, draws = steps_of(by.method, iso3, view, since=first, today=today)
        before = scores.curve(session, by.number, by.method.tree, iso3, mark, since=first)
        changed = differences(before, found)
        scores.add_steps(session, by.number, iso3, mark, changed, {step.day: known(step.day) for step in changed})
        newest = Now(mark, today, found[-1].scores, draws, next_change(view, by.method, today))
        scores.keep(session, by.number, iso3, mark, newest)
    return marks


def steps_of(
    method: Method, iso3: str, view: Evidence, *, since: date, today: date
) -> tuple[list[Step], FloatArray | None]:
    """The scores of the first day, of each on which they may have changed, and of today, which is drawn as well."""
    days = sorted({since, *changing_days(view, method, since, today), today})
    placed = placed_on(view, method, days)
    found = evaluate(method.tree, placed.severity[:, 0])
    recent = next(place for place, day in enumerate(days) if day > today - timedelta(days=DRAWN_DAYS))
    drawn = Placed(placed.severity[:, 0, recent:], placed.deviation[:, 0, recent:])
    interval = spread(method, drawn, iso3, found.values[:, recent:])
    low, high = np.full((2, *found.values.shape), np.nan)
    has_value = ~np.isnan(found.values[:, recent:])
    low[:, recent:] = np.where(has_value, interval.low, np.nan)
    high[:, recent:] = np.where(has_value, interval.high, np.nan)
    severity = placed.severity[:, 0]
    columns = zip(days, *(array.T for array in (severity, found.values, found.coverage, low, high)), strict=True)
    steps = [Step(day, Scores(*arrays)) for day, *arrays in columns]
    return steps, interval.whole[-1] if has_value[-1, -1] else None


def differences(before: Sequence[Step], found: Sequence[Step]) -> list[Step]:
    """The steps that have to be written down so that the curve reads as it was found."""
    old, new = {step.day: step.scores for step in before}, {step.day: step.scores for step in found}
    told: Scores | None = None
    wanted: Scores | None = None
    changed = []
    for day in sorted({*old, *new}):
        told, wanted = old.get(day, told), new.get(day, wanted)
        if wanted is None or (told is not None and told.says_the_same_as(wanted)):
            continue
        changed.append(Step(day, wanted))
        told = wanted
    return changed
