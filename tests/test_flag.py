"""A flag is raised once, worsens and eases, holds within its margin, and comes back only after a while or worse."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.panels import HERE, NAN, TODAY, a_panel, a_rule, any_panel, of_days
from tracker.flag import NEVER, Change, Event, State, judge, step, walk
from tracker.panel import Occasion, Panel, of_countries
from tracker.rule import Kind, Rule, Severity
from tracker.signal import signal_of

NOTICE, WARNING, ALARM = Severity
RAISED, WORSENED, EASED, CLEARED = Change
# Warning from 60, alarm from 80; an open flag holds down to 55, an alarm down to 75.
RULE = a_rule(Kind.LEVEL)

strengths = st.lists(
    st.one_of(st.just(NAN), st.sampled_from([0, 54.9, 55, 59, 60, 74.9, 75, 79, 80, 100])), max_size=30
)


def stepped(rule: Rule, series: Sequence[float], state: State = NEVER, begin: date = TODAY) -> list[Change | None]:
    """What happens on each of some days that follow one another."""
    found = []
    for number, strength in enumerate(series):
        state, change = step(state, strength, begin + timedelta(number), rule)
        found.append(change)
    return found


@pytest.mark.parametrize(
    ("series", "changes"),
    [
        ((59.9,), [None]),
        ((60,), [RAISED]),
        ((60, 60, 61), [RAISED, None, None]),
        ((60, 55, 54.9), [RAISED, None, CLEARED]),
        ((60, 79.9, 80), [RAISED, None, WORSENED]),
        ((80, 75, 74.9, 55, 54.9), [RAISED, None, EASED, None, CLEARED]),
        ((80, 0), [RAISED, CLEARED]),
        ((57, 59), [None, None]),
    ],
)
def test_a_flag_changes_at_its_lines_and_eases_below_them_by_the_margin(
    series: Sequence[float], changes: list[Change | None]
) -> None:
    assert stepped(RULE, series) == changes


@pytest.mark.parametrize("state", [NEVER, State(WARNING), State(ALARM), State(None, TODAY, WARNING)])
def test_where_nothing_is_known_a_flag_stays_as_it_was(state: State) -> None:
    assert step(state, NAN, TODAY, RULE) == (state, None)


@given(strength=st.floats(0, 100), state=st.sampled_from([NEVER, State(NOTICE), State(WARNING), State(ALARM)]))
def test_the_same_again_changes_nothing(strength: float, state: State) -> None:
    after, _change = step(state, strength, TODAY, RULE)
    assert step(after, strength, TODAY + timedelta(1), RULE) == (after, None)


@pytest.mark.parametrize(("days", "change"), [(0, None), (89, None), (90, RAISED)])
def test_what_has_ended_stays_quiet_for_a_while(days: int, change: Change | None) -> None:
    ended = State(None, TODAY, WARNING)
    assert step(ended, 70, TODAY + timedelta(days), RULE)[1] == change


@pytest.mark.parametrize(
    ("ended_with", "strength", "change"), [(WARNING, 79, None), (WARNING, 80, RAISED), (ALARM, 80, None)]
)
def test_what_has_ended_comes_back_at_once_only_if_it_is_worse(
    ended_with: Severity, strength: float, change: Change | None
) -> None:
    assert step(State(None, TODAY, ended_with), strength, TODAY + timedelta(1), RULE)[1] == change


def test_what_came_back_worse_is_as_severe_as_it_is_now() -> None:
    assert step(State(None, TODAY, WARNING), 80, TODAY, RULE)[0] == State(ALARM)


def test_without_a_quiet_time_a_flag_comes_back_the_same_day() -> None:
    assert step(State(None, TODAY, WARNING), 70, TODAY, a_rule(quiet_days=0))[1] is RAISED


def test_a_cleared_flag_remembers_when_and_how_severe_it_was() -> None:
    assert step(State(WARNING), 0, TODAY, RULE)[0] == State(None, TODAY, WARNING)


def test_a_rise_speaks_above_its_line_and_holds_at_it() -> None:
    assert stepped(a_rule(Kind.RISE, margin=0), (10, 10.1, 10, 9.9)) == [None, RAISED, None, CLEARED]


def test_an_open_alarm_eases_when_its_rule_gives_only_warnings_any_more() -> None:
    milder = replace(RULE, lines={WARNING: 60})
    assert step(State(ALARM), 90, TODAY, milder) == (State(WARNING), EASED)


@given(strengths)
def test_a_flag_does_not_flap(series: list[float]) -> None:
    """It gets worse only at a line, and better only below that line by the margin."""
    state = NEVER
    for number, strength in enumerate(series):
        after, change = step(state, strength, TODAY + timedelta(number), RULE)
        if change in (RAISED, WORSENED):
            assert strength >= RULE.lines[after.severity or ALARM]
        if change in (EASED, CLEARED):
            assert strength < RULE.lines[state.severity or WARNING] - RULE.margin
        state = after


@given(st.lists(st.floats(55, 59.99), max_size=30))
def test_within_its_margin_nothing_happens_to_an_open_flag(series: list[float]) -> None:
    assert stepped(RULE, series, State(WARNING)) == [None] * len(series)


@given(strengths)
def test_silence_between_two_days_is_as_if_they_followed_one_another(series: list[float]) -> None:
    patient = replace(RULE, quiet_days=0)
    heard = [strength for strength in series if not np.isnan(strength)]
    told = [change for change in stepped(patient, series) if change]
    assert told == [change for change in stepped(patient, heard) if change]


# ---- many flags at once


def in_turn(rule: Rule, panel: Panel) -> list[Event]:
    """The same as a walk, one row and one day at a time."""
    signal = signal_of(rule, panel)
    states = dict.fromkeys(signal.rows, NEVER)
    events = []
    for column, day in enumerate(panel.days):
        for row, (country, subject) in enumerate(signal.rows):
            strength, before = float(signal.strength[row, column]), states[country, subject]
            states[country, subject], change = step(before, strength, day, rule)
            if change:
                severity = states[country, subject].severity or before.severity
                assert severity is not None
                events.append(Event(country, rule.key, subject, day, change, severity, strength))
    return events


@pytest.mark.parametrize("kind", Kind)
@given(seed=st.integers(0, 10**6), quiet_days=st.sampled_from([0, 59, 90]))
def test_a_walk_is_one_step_after_another(kind: Kind, seed: int, quiet_days: int) -> None:
    rule = a_rule(kind, quiet_days=quiet_days, **({"peers": 1} if kind is Kind.OUTLIER else {}))
    panel = any_panel(seed)
    assert walk(rule, panel) == in_turn(rule, panel)


def state_after(event: Event) -> State:
    if event.change is Change.CLEARED:
        return State(None, event.day, event.severity)
    return State(event.severity)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.OUTLIER])
@given(seed=st.integers(0, 10**6))
def test_judging_one_country_day_by_day_tells_the_same_as_a_walk_over_all_years(kind: Kind, seed: int) -> None:
    rule, panel = a_rule(kind), any_panel(seed)
    states: dict[tuple[str, str], State] = {}
    told: list[Event] = []
    for column in range(len(panel.days)):
        new = judge(rule, of_days(of_countries(panel, {HERE}), slice(column + 1)), states)
        states |= {(event.country, event.subject): state_after(event) for event in new}
        told += new
    assert told == [event for event in walk(rule, panel) if event.country == HERE]


@given(seed=st.integers(0, 10**6))
def test_an_open_flag_is_not_raised_twice(seed: int) -> None:
    open_flags: set[tuple[str, str]] = set()
    for event in walk(RULE, any_panel(seed, months=30)):
        assert (event.change is RAISED) is ((event.country, event.subject) not in open_flags)
        if event.change is CLEARED:
            open_flags.remove((event.country, event.subject))
        else:
            open_flags.add((event.country, event.subject))


def test_a_walk_tells_country_subject_day_severity_and_strength() -> None:
    panel = a_panel(scores={"risk": [[0, 0, 0], [60, 85, 50]]})
    first, second, third = panel.days
    assert walk(RULE, panel) == [
        Event("XAB", "a_level", "risk", first, RAISED, WARNING, 60),
        Event("XAB", "a_level", "risk", second, WORSENED, ALARM, 85),
        Event("XAB", "a_level", "risk", third, CLEARED, ALARM, 50),
    ]


def test_a_walk_goes_on_from_where_flags_stood() -> None:
    panel = a_panel(scores={"risk": [57, 57, 50]})
    assert [event.change for event in walk(RULE, panel)] == []
    assert [event.change for event in walk(RULE, panel, {(HERE, "risk"): State(WARNING)})] == [CLEARED]


def test_a_judgement_is_about_the_last_day_alone() -> None:
    panel = a_panel(scores={"risk": [90, 0]})
    assert judge(RULE, panel) == []
    assert [event.day for event in judge(RULE, of_days(panel, slice(1)))] == [panel.days[0]]


def test_the_flag_of_a_cancelled_occasion_clears() -> None:
    rule, key = a_rule(Kind.TRIGGER), (HERE, "vote")
    vote = Occasion("vote", HERE, TODAY + timedelta(10))
    assert judge(rule, a_panel(scores={"risk": [70]}, occasions=[vote]), {key: State(WARNING)}) == []
    [event] = judge(rule, a_panel(scores={"risk": [70]}), {key: State(WARNING)})
    assert (event.change, event.subject, event.severity) == (CLEARED, "vote", WARNING)


def test_of_a_country_that_is_not_looked_at_nothing_is_told() -> None:
    assert judge(RULE, a_panel(scores={"risk": [0]}), {("XZZ", "risk"): State(WARNING)}) == []


def test_what_ended_long_ago_does_not_clear_again_when_its_subject_is_gone() -> None:
    ended = State(None, TODAY, WARNING)
    assert judge(a_rule(Kind.TRIGGER), a_panel(scores={"risk": [70]}), {(HERE, "vote"): ended}) == []


def test_no_rule_touches_what_a_person_raised() -> None:
    panel, states = a_panel(scores={"risk": [0]}), {(HERE, "risk"): State(ALARM)}
    assert (judge(a_rule(Kind.MANUAL), panel, states), walk(a_rule(Kind.MANUAL), panel, states)) == ([], [])
