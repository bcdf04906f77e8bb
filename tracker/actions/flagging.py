"""Raising, worsening, easing and clearing flags, as the scores of a country have just been found.

Every view of a country is judged by itself, from the lowest mark to the highest. What a view says is written down only
where it differs from what the views below it say already: so a flag is one, whoever looks at it, and nobody learns from
it what they may not know.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from tracker.actions.country_view import CountryView, in_plain
from tracker.actions.situations.gathering import join, worsened
from tracker.actions.yardstick import Yardstick
from tracker.explanation import Explanation, Sentence
from tracker.flag import Change, Event, State, judge
from tracker.handling import Mark
from tracker.panel import months_up_to
from tracker.refusal import N_
from tracker.rule import Kind, Severity
from tracker.standing import Evidence
from tracker.storage import flag_states, scores, situations
from tracker.storage.base import Session
from tracker.storage.flag_states import Remembered
from tracker.storage.rules import RuleInForce
from tracker.workings import Scores

# A notice is worth knowing; a situation is somebody's work.
OPENS_FROM = Severity.WARNING
_SWITCHED_OFF = N_("The rule was switched off.")
_WITHDRAWN = N_("Everything that it rested on was withdrawn.")
# The country did not become better: if it is raised again, that is told at once.
STARTS_NO_QUIET = (_SWITCHED_OFF, _WITHDRAWN)


def judge_country(
    session: Session,
    by: Yardstick,
    iso3: str,
    evidence: Evidence,
    marks: Collection[Mark],
    *,
    today: date,
    now: datetime,
) -> None:
    """`marks`: those of the country's scores. Occasions and earlier flags may bear others: each is a view as well."""
    days, tree = months_up_to(today, by.history_months), by.method.tree
    remembered = flag_states.of_country(session, iso3, ended_since=now - timedelta(days=by.longest_quiet + 1))
    coming = flag_states.occasions_ahead(session, iso3, today)
    views = sorted({*marks, *(Mark(one.handling) for one in coming), *flag_states.marks_of(remembered)})
    records: Sequence[bytes | None] = [None] * len(days)
    for mark in views:
        own = scores.held_on(session, by.number, iso3, mark, days)
        # before a view has any, they are those of the view below it
        records = [one or other for one, other in zip(own, records, strict=True)]
        seen_evidence = evidence.up_to(mark)
        view = CountryView(session, by, iso3, mark, days, Scores.side_by_side(tree, records), seen_evidence)
        panel = view.panel([one for one in coming if one.handling <= mark])
        known: dict[str, dict[tuple[str, str], State]] = defaultdict(dict)
        for (rule_key, subject), past in remembered.items():
            known[rule_key][iso3, subject] = _state(past, mark)
        for one in by.rules:
            seen = view.with_its_region(panel, one.rule) if one.rule.kind is Kind.OUTLIER else panel
            for event in judge(one.rule, seen, known[one.rule.key]):
                if event.country == iso3:
                    told = view.told(seen, one.rule, event)
                    _write_down(session, remembered, event, told, mark, one, by.number, now=now)
        _end_unfounded(session, remembered, by, mark, seen_evidence, today=today, now=now)
    _fall_silent(session, remembered, by, today=today, now=now)
    _join(session, remembered, iso3, views, now=now)
    _close(session, remembered, views, now=now)


def _state(past: Remembered | None, mark: Mark) -> State:
    """As the view of that mark left it. What it says nothing of was so in the flag before it."""
    said = past.said_at(mark) if past is not None else None
    if past is None or said is None:
        return State() if past is None else _state(past.before, mark)
    if said.kind == Change.CLEARED and said.why in STARTS_NO_QUIET:
        return State()
    severity = Severity(said.severity)
    if said.kind == Change.CLEARED:
        return State(None, said.day, severity)
    # discarded by a person, or closed when nobody saw it any more
    return State(severity) if past.flag.closed_at is None else State(None, past.flag.closed_at.date(), severity)


def _write_down(
    session: Session,
    remembered: dict[tuple[str, str], Remembered],
    event: Event,
    told: dict[str, Any],
    mark: Mark,
    chosen: RuleInForce,
    method_version: int,
    *,
    now: datetime,
) -> None:
    key = (event.rule, event.subject)
    past = remembered.get(key)
    if past is None or past.flag.closed_at is not None:
        flag = flag_states.raised(session, event.country, event.rule, event.subject, at=now)
        past = remembered[key] = Remembered(flag, [], before=past)
    said = flag_states.say(
        session,
        past.flag.id,
        event.change,
        told,
        handling=mark,
        severity=event.severity,
        day=event.day,
        at=now,
        rule_version=chosen.number,
        method_version=method_version,
    )
    past.events.append(said)
    if event.severity >= OPENS_FROM and event.change in (Change.RAISED, Change.WORSENED):
        had = past.flag.situation_id
        worsened(session, past.flag, handling=mark, severity=event.severity, now=now)
        if past.flag.situation_id != had:
            flag_states.keep(session, past.flag)


def _end_unfounded(
    session: Session,
    remembered: Mapping[tuple[str, str], Remembered],
    by: Yardstick,
    mark: Mark,
    evidence: Evidence,
    *,
    today: date,
    now: datetime,
) -> None:
    """What was withdrawn is as if it had never been: a flag that rests on nothing any more is over.

    Silence is something else: what went stale still stands.
    """
    answered = {by.method.measures[place].key for place in set(evidence.measure.tolist())}
    kinds = {one.rule.key: one.rule.kind for one in by.rules}
    for (rule_key, subject), past in remembered.items():
        if kinds.get(rule_key) in (None, Kind.SILENCE, Kind.TRIGGER, Kind.MANUAL) or past.flag.closed_at is not None:
            continue
        if _state(past, mark).severity and not answered & by.method.tree.leaves_of(subject):
            _clear(session, past, mark, _WITHDRAWN, by.number, today=today, now=now)


def _fall_silent(
    session: Session, remembered: Mapping[tuple[str, str], Remembered], by: Yardstick, *, today: date, now: datetime
) -> None:
    """A rule that speaks no more has nothing to say for its flags; people's own flags rest on no rule."""
    speaking = {one.rule.key for one in by.rules}
    for (rule_key, _subject), past in remembered.items():
        if past.flag.closed_at is None and rule_key not in speaking and past.flag.raised_by is None:
            for mark in sorted({Mark(event.handling) for event in past.events}):
                if _state(past, mark).severity:
                    _clear(session, past, mark, _SWITCHED_OFF, by.number, today=today, now=now)


def _clear(
    session: Session, past: Remembered, mark: Mark, why: str, method_version: int, *, today: date, now: datetime
) -> None:
    said = past.said_at(mark)
    assert said is not None, "only what is open is cleared"
    told = in_plain(Explanation(Sentence(why, {}), Sentence(why, {})))
    cleared = flag_states.say(
        session,
        past.flag.id,
        Change.CLEARED,
        told,
        handling=mark,
        severity=said.severity,
        day=today,
        at=now,
        rule_version=said.rule_version,
        method_version=None if said.rule_version is None else method_version,
    )
    past.events.append(cleared)


def _join(
    session: Session,
    remembered: Mapping[tuple[str, str], Remembered],
    iso3: str,
    marks: Sequence[Mark],
    *,
    now: datetime,
) -> None:
    """A notice opens no situation; it joins the one that is open, and lets nobody know of it who did not know."""
    alone = [past for past in remembered.values() if past.flag.closed_at is None and past.flag.situation_id is None]
    situation = situations.number_of_open(session, iso3) if alone else None
    for past in alone if situation is not None else ():
        open_at = [mark for mark in marks if _state(past, mark).severity]
        if situation is not None and open_at:
            join(session, situation, past.flag, handling=Mark(max(open_at[0], situation.handling)), now=now)
            flag_states.keep(session, past.flag)


def _close(
    session: Session, remembered: Mapping[tuple[str, str], Remembered], marks: Sequence[Mark], *, now: datetime
) -> None:
    """A flag that is cleared in every view is over."""
    for past in remembered.values():
        is_of_a_rule = past.flag.raised_by is None
        if past.flag.closed_at is None and is_of_a_rule and not any(_state(past, mark).severity for mark in marks):
            past.flag.closed_at = now
            flag_states.keep(session, past.flag)
