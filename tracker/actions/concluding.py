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
from tracker.actions.situations.keeping import hold
from tracker.actions.yardstick import Yardstick, yardstick
from tracker.handling import Mark
from tracker.index import FloatArray, evaluate
from tracker.method import Method
from tracker.panel import months_up_to
from tracker.standing import Evidence, Placed, changing_days, evidence_of, next_change, placed_on
from tracker.storage import answers, methods, scores, standings
from tracker.storage.base import Session
from tracker.storage.scores import Now, Step
from tracker.storage.standings import Touched
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
    """From what these batches recorded. Last in its transaction, for it takes the last locks.

    What conclusions are drawn by is read only then: whoever waited may have waited for a change of it.
    """
    session.flush()
    touched = standings.touched_by(session, batch_ids)
    hold(session, touched)
    by = yardstick(session)
    if by is not None:
        # what went stale before this was recorded went stale before it was known; flags are judged once, at the end
        looked_at = _let_time_pass(session, by, now=now, only=touched)
    nothing_revised = all(days.adds_figures for days in touched.values())
    standings.renew(session, batch_ids, nothing_revised=nothing_revised)
    if by is not None:
        for iso3, days in touched.items():
            if iso3 in looked_at or not _add_to_the_past(session, by, iso3, days, now=now):
                _conclude_and_judge(session, by, iso3, since=days.first, now=now)


def let_time_pass(session: Session, iso3: str, *, now: datetime) -> bool:
    """What went stale since somebody last looked at the country counts no more. False: somebody has looked today."""
    hold(session, [iso3])
    by = yardstick(session)
    if by is None or not _let_time_pass(session, by, now=now, only=[iso3]):
        return False
    _judge_as_of_today(session, by, iso3, now=now)
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
    _judge_all(session, found, now=now)
    return len(found)


def judge_one(session: Session, iso3: str, *, now: datetime) -> None:
    """When rules, occasions or who is watched have changed, and not the evidence."""
    _judge_all(session, [iso3], now=now)


def _judge_all(session: Session, iso3s: Collection[str], *, now: datetime) -> None:
    hold(session, iso3s)
    by = yardstick(session)
    if by is not None:
        _let_time_pass(session, by, now=now, only=iso3s)
        for iso3 in iso3s:
            _judge_as_of_today(session, by, iso3, now=now)


def time_passes_for_all(session: Session, *, now: datetime) -> None:
    """Before another method comes into force: what went stale until then did so by the old one."""
    by = yardstick(session)
    if by is not None:
        hold(session, standings.countries(session))
        _let_time_pass(session, by, now=now, only=standings.countries(session))


def _let_time_pass(session: Session, by: Yardstick, *, now: datetime, only: Collection[str]) -> Collection[str]:
    """The scores alone, of the countries at which nobody has looked today: which they were."""
    waiting = scores.to_renew(session, by.number, now.date(), only)
    for iso3, since in waiting.items():
        evidence = _evidence(session, by, iso3, since=since)
        conclude_from(session, by, iso3, evidence, since=since, today=now.date(), known=beginning_of)
    return waiting.keys()


def beginning_of(day: date) -> datetime:
    """What only time has changed was known from the first moment of the day on."""
    return datetime.combine(day, time(), UTC)


def _conclude_and_judge(session: Session, by: Yardstick, iso3: str, *, since: date, now: datetime) -> None:
    today = now.date()
    evidence = _evidence(session, by, iso3, since=min(since, today))
    if since <= today:
        marks = conclude_from(session, by, iso3, evidence, since=since, today=today, known=lambda _day: now)
    else:
        marks = scores.marks_of(session, by.number, iso3)
    _judge(session, by, iso3, evidence, marks, now=now)


def _evidence(session: Session, by: Yardstick, iso3: str, *, since: date, until: date = date.max) -> Evidence:
    return evidence_of(by.method, answers.answers_of(session, iso3, by.places, since=since, until=until))


def _add_to_the_past(session: Session, by: Yardstick, iso3: str, days: Touched, *, now: datetime) -> bool:
    """What was stale before everything that is looked back at changes the history alone. False: it is not like that.

    Nothing is judged: rules ask of published figures nothing but what they do to scores.
    """
    over = days.last + timedelta(days=int(by.method.limits.fresh_for.max()) + 1)
    if not days.adds_figures or over > _looked_back_to(by, now.date()):
        return False
    tree, since = by.method.tree, days.first
    evidence = _evidence(session, by, iso3, since=since, until=over)
    views = scores.views_of(session, by.number, tree, iso3)
    curves = {mark: scores.curve(session, by.number, tree, iso3, mark, since=since, until=over) for mark in views}
    # a view of a higher mark that begins later goes on from the one below it
    if not views.keys() >= set(evidence.marks) or not all(curves[mark] or mark is Mark.CLEAR for mark in views):
        return False
    for mark, view in views.items():
        found, _placed = steps_of(by.method, evidence.up_to(mark), since=since, today=over)
        _write_down(session, by, iso3, mark, differences(curves[mark], found), curves[mark], known=lambda _day: now)
        if not curves[mark] and view.trail is not None:
            # it began later, and begins by then
            trail = view.trail.after(trail_of(tree, *values_of(found), view.day))
            scores.keep(session, by.number, iso3, mark, replace(view, trail=trail))
    return True


def _looked_back_to(by: Yardstick, today: date) -> date:
    """Before that day no rule looks, no trail leads and no interval is drawn."""
    return min(first_day(today), months_up_to(today, by.history_months)[0], _drawn_since(by, today))


def _judge_as_of_today(session: Session, by: Yardstick, iso3: str, *, now: datetime) -> None:
    evidence, marks = _evidence(session, by, iso3, since=now.date()), scores.marks_of(session, by.number, iso3)
    _judge(session, by, iso3, evidence, marks, now=now)


def _judge(
    session: Session, by: Yardstick, iso3: str, evidence: Evidence, marks: Collection[Mark], *, now: datetime
) -> None:
    """Of a country that nobody watches nothing is judged, and what was raised before is over.

    `evidence`: what stands today, or has stood since an earlier day. `marks`: those of its scores.
    """
    if iso3 not in by.watched:
        by = replace(by, rules=[])
    judge_country(session, by, iso3, evidence, marks, today=now.date(), now=now)


def conclude_from(
    session: Session, by: Yardstick, iso3: str, evidence: Evidence, *, since: date, today: date, known: Known
) -> Collection[Mark]:
    """The scores alone: at which marks there are any. `evidence`: what stands from `since` on, and what stood then.

    `known`: by day, since when.
    """
    tree = by.method.tree
    kept = scores.views_of(session, by.number, tree, iso3)
    marks = sorted({*evidence.marks, *kept})
    for mark in marks:
        view = evidence.up_to(mark)
        # days before all evidence have nothing to say
        first = since if mark in kept else min(changing_days(view, by.method, since, today), default=today)
        found, placed = steps_of(by.method, view, since=first, today=today)
        before = scores.curve(session, by.number, tree, iso3, mark, since=first)
        changed = differences(before, found)
        drawn, draws = _draw(by, iso3, found, placed, [step.day for step in changed])
        changed = [Step(step.day, drawn[_place(drawn, step.day)].scores) for step in changed]
        _write_down(session, by, iso3, mark, changed, before, known=known)
        trail = _trail(session, by, iso3, mark, kept.get(mark), found)
        newest = Now(mark, today, drawn[-1].scores, draws, next_change(view, by.method, today), trail)
        scores.keep(session, by.number, iso3, mark, newest)
    return marks


def _write_down(
    session: Session,
    by: Yardstick,
    iso3: str,
    mark: Mark,
    changed: Sequence[Step],
    before: Sequence[Step],
    *,
    known: Known,
) -> None:
    """In the history, after what is known of the same days: whoever read the clock first need not come first."""
    newest_known = {step.day: step.known_at for step in before}
    at = {step.day: max(known(step.day), newest_known.get(step.day) or known(step.day)) for step in changed}
    scores.add_steps(session, by.number, iso3, mark, changed, at)


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
    return today - timedelta(days=max(DRAWN_DAYS, (by.sure_months + 1) * DAYS_OF_A_MONTH))


def _place(steps: Sequence[Step], day: date) -> int:
    """Of the step that held on that day; before all of them, of the first."""
    return max(0, bisect_right(steps, day, key=lambda step: step.day) - 1)


def differences(before: Sequence[Step], found: Sequence[Step]) -> list[Step]:
    """The steps that have to be written down so that the curve reads as it was found."""
    old = {step.day: says for step, says in zip(before, _said(before), strict=True)}
    new = {step.day: (says, step.scores) for step, says in zip(found, _said(found), strict=True)}
    told: bytes | None = None
    wanted: tuple[bytes, Scores] | None = None
    changed = []
    for day in sorted({*old, *new}):
        told, wanted = old.get(day, told), new.get(day, wanted)
        if wanted is not None and told != wanted[0]:
            told = wanted[0]
            changed.append(Step(day, wanted[1]))
    return changed


def _said(steps: Sequence[Step]) -> list[bytes]:
    """Of each step the same bytes if it says the same. An interval may be drawn later: nothing has changed by that."""
    if not steps:
        return []
    found = [step.scores for step in steps]
    arrays = ([one.severity for one in found], [one.values for one in found], [one.coverage for one in found])
    rows = np.concatenate([np.stack(array) for array in arrays], axis=1).astype(np.float32)
    rows[np.isnan(rows)] = np.nan  # there are many that are not a number, and a zero below zero
    rows += 0.0
    return [row.tobytes() for row in rows]
