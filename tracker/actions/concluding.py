"""Drawing the conclusions from evidence, in the transaction in which it was recorded: standings, scores, flags.

Only the countries that were touched are looked at, and of their past only what comes after the first touched day. The
passing of time changes scores as well: what goes stale counts no more from that day on, whenever it is noticed.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from tracker.actions.flagging import judge_country
from tracker.actions.yardstick import Yardstick, yardstick
from tracker.handling import Mark
from tracker.index import FloatArray, evaluate
from tracker.method import Method
from tracker.rule import Kind
from tracker.standing import Evidence, Placed, changing_days, evidence_of, next_change, placed_on
from tracker.storage import answers, audit_entries, countries, methods, scores, standings
from tracker.storage.base import Session
from tracker.storage.scores import Now, Step
from tracker.trail import Trail, first_day, trail_of
from tracker.uncertainty import spread
from tracker.workings import Scores

# Rules compare with a year ago and ask how sure it was: intervals are drawn as far back as that, and kept.
DRAWN_DAYS = 400
DAYS_OF_A_MONTH = 31
# Before anything is known of a country.
EVER = date(1800, 1, 1)

Known = Callable[[date], datetime]


def draw_conclusions(session: Session, batch_ids: Collection[int], *, now: datetime) -> None:
    """From what these batches recorded. Last in its transaction, for it takes the last locks."""
    session.flush()
    touched = standings.touched_by(session, batch_ids)
    hold(session, touched)
    by = yardstick(session)
    if by is not None:
        # what went stale before this was recorded went stale before it was known; flags are judged once, at the end
        _let_time_pass(session, by, now=now, only=touched)
    standings.renew(session, batch_ids)
    if by is not None:
        for iso3, since in touched.items():
            _conclude_and_judge(session, by, iso3, since=since, now=now)


def let_time_pass(session: Session, iso3: str, *, now: datetime) -> bool:
    """What went stale since somebody last looked at the country counts no more. False: somebody has looked today."""
    hold(session, [iso3])
    by = yardstick(session)
    if by is None or not _let_time_pass(session, by, now=now, only=[iso3]):
        return False
    _judge(session, by, iso3, _evidence(session, by, iso3, since=now.date()), now=now)
    return True


def countries_to_look_at(session: Session, *, now: datetime) -> list[str]:
    """Those at which nobody has looked today."""
    number = methods.number_in_force(session)
    return [] if number is None else list(scores.to_renew(session, number, now.date()))


def conclude_everything(session: Session, *, now: datetime) -> int:
    """From all evidence by the method in force, as if it were seen for the first time. How many countries there are."""
    found = standings.countries(session)
    hold(session, found)
    by = yardstick(session)
    if by is None:
        return 0
    for iso3 in found:
        _conclude_and_judge(session, by, iso3, since=EVER, now=now)
    return len(found)


def judge_everything(session: Session, *, now: datetime) -> int:
    """The rules as they are now, on the scores of today. How many countries there are."""
    found = standings.countries(session)
    for iso3 in found:
        judge_one(session, iso3, now=now)
    return len(found)


def judge_one(session: Session, iso3: str, *, now: datetime) -> None:
    """When rules, occasions or who is watched have changed, and not the evidence."""
    hold(session, [iso3])
    by = yardstick(session)
    if by is not None:
        _let_time_pass(session, by, now=now, only=[iso3])
        _judge(session, by, iso3, _evidence(session, by, iso3, since=now.date()), now=now)


def time_passes_for_all(session: Session, *, now: datetime) -> None:
    """Before another method comes into force: what went stale until then did so by the old one."""
    by = yardstick(session)
    if by is not None:
        hold(session, standings.countries(session))
        _let_time_pass(session, by, now=now, only=standings.countries(session))


def _let_time_pass(session: Session, by: Yardstick, *, now: datetime, only: Collection[str]) -> int:
    """The scores alone."""
    waiting = scores.to_renew(session, by.number, now.date(), only)
    for iso3, since in waiting.items():
        evidence = _evidence(session, by, iso3, since=since)
        conclude_from(session, by, iso3, evidence, since=since, today=now.date(), known=beginning_of)
    return len(waiting)


def hold(session: Session, iso3s: Collection[str]) -> None:
    """The log of what was done comes first: whoever acts on a situation takes it before the country, too.

    What conclusions are drawn by is read only then: whoever waited here may have waited for a change of it.
    """
    if iso3s:
        audit_entries.locked_head(session)
        countries.hold(session, iso3s)


def beginning_of(day: date) -> datetime:
    """What only time has changed was known from the first moment of the day on."""
    return datetime.combine(day, time(), UTC)


def _conclude_and_judge(session: Session, by: Yardstick, iso3: str, *, since: date, now: datetime) -> None:
    today = now.date()
    evidence = _evidence(session, by, iso3, since=min(since, today))
    if since <= today:
        conclude_from(session, by, iso3, evidence, since=since, today=today, known=lambda _day: now)
    _judge(session, by, iso3, evidence, now=now)


def _evidence(session: Session, by: Yardstick, iso3: str, *, since: date) -> Evidence:
    return evidence_of(by.method, answers.answers_of(session, iso3, by.places, since=since))


def _judge(session: Session, by: Yardstick, iso3: str, evidence: Evidence, *, now: datetime) -> None:
    """Of a country that nobody watches nothing is judged, and what was raised before is over.

    `evidence`: what stands today, or has stood since an earlier day.
    """
    if not countries.is_watched(session, iso3):
        by = replace(by, rules=[])
    marks = scores.marks_of(session, by.number, iso3)
    judge_country(session, by, iso3, evidence, marks, today=now.date(), now=now)


def conclude_from(
    session: Session, by: Yardstick, iso3: str, evidence: Evidence, *, since: date, today: date, known: Known
) -> None:
    """The scores alone. `evidence`: what stands from `since` on, and what stood then. `known`: by day, since when."""
    tree = by.method.tree
    kept = scores.views_of(session, by.number, tree, iso3)
    for mark in sorted({*evidence.marks, *kept}):
        view = evidence.up_to(mark)
        # days before all evidence have nothing to say
        first = since if mark in kept else min(changing_days(view, by.method, since, today), default=today)
        found, placed = steps_of(by.method, view, since=first, today=today)
        before = scores.curve(session, by.number, tree, iso3, mark, since=first)
        changed = differences(before, found)
        # whoever read the clock first need not come first
        newest_known = {step.day: step.known_at for step in before}
        at = {step.day: max(known(step.day), newest_known.get(step.day) or known(step.day)) for step in changed}
        drawn, draws = _draw(by, iso3, found, placed, [step.day for step in changed])
        changed = [Step(step.day, drawn[_place(drawn, step.day)].scores) for step in changed]
        scores.add_steps(session, by.number, iso3, mark, changed, at)
        trail = _trail(session, by, iso3, mark, kept.get(mark), found)
        newest = Now(mark, today, drawn[-1].scores, draws, next_change(view, by.method, today), trail)
        scores.keep(session, by.number, iso3, mark, newest)


def _trail(session: Session, by: Yardstick, iso3: str, mark: Mark, kept: Now | None, found: Sequence[Step]) -> Trail:
    """The way to today as it was found. What came before is known already, unless nobody has followed it that far."""
    tree, today = by.method.tree, found[-1].day
    if kept is None:
        return trail_of(tree, *values_of(found), today)
    # whoever read the clock first need not come first: the older the day, the further back its trail is exact
    if kept.trail is None or kept.day > today:
        whole = scores.curve(session, by.number, tree, iso3, mark, since=first_day(today))
        return trail_of(tree, *values_of(whole), today)
    return kept.trail.continued(tree, *values_of(found), today)


def values_of(steps: Sequence[Step]) -> tuple[list[date], FloatArray]:
    """Of all branches, from each day on."""
    return [step.day for step in steps], np.stack([step.scores.values for step in steps], axis=1)


def steps_of(method: Method, view: Evidence, *, since: date, today: date) -> tuple[list[Step], Placed]:
    """The scores of the first day, of each on which they may have changed, and of today; no interval is drawn yet."""
    days = sorted({since, *changing_days(view, method, since, today), today})
    of_country = placed_on(view, method, days)
    placed = Placed(of_country.severity[:, 0], of_country.deviation[:, 0])
    found = evaluate(method.tree, placed.severity)
    low, high = np.full((2, *found.values.shape), np.nan)
    columns = (array.T for array in (placed.severity, found.values, found.coverage, low, high))
    return [Step(day, Scores(*arrays)) for day, *arrays in zip(days, *columns, strict=True)], placed


def _draw(
    by: Yardstick, iso3: str, found: Sequence[Step], placed: Placed, changed: Collection[date]
) -> tuple[list[Step], FloatArray | None]:
    """The same steps, and the draws of today. Intervals are drawn where they are kept: of today, and of what changed
    as far back as rules ask how sure a score was.
    """
    oldest = _place(found, _drawn_since(by, found[-1].day))
    places = sorted({len(found) - 1, *(place for day in changed if (place := _place(found, day)) >= oldest)})
    some = Placed(placed.severity[:, places], placed.deviation[:, places])
    _days, values = values_of([found[place] for place in places])
    interval = spread(by.method, some, iso3, values)
    has_value = ~np.isnan(values)
    ends = (np.where(has_value, end, np.nan).T for end in (interval.low, interval.high))
    drawn = list(found)
    for place, low, high in zip(places, *ends, strict=True):
        drawn[place] = Step(found[place].day, replace(found[place].scores, low=low, high=high))
    return drawn, interval.whole[-1] if has_value[-1, -1] else None


def _drawn_since(by: Yardstick, today: date) -> date:
    """As far back as rules ask how sure a score was."""
    months = max((one.rule.months for one in by.rules if one.rule.kind is Kind.RISE), default=0)
    return today - timedelta(days=max(DRAWN_DAYS, (months + 1) * DAYS_OF_A_MONTH))


def _place(steps: Sequence[Step], day: date) -> int:
    """Of the step that held on that day; before all of them, of the first."""
    return max(0, bisect_right(steps, day, key=lambda step: step.day) - 1)


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
