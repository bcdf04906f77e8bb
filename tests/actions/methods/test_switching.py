"""A version comes into force by a second act; what was said under the one before stays as it was said."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.actions.test_concluding import code_rule_of_law
from tests.concluding import now_of, recorded, then_of, value
from tracker.actions.methods import editing, switching
from tracker.actions.methods.built_in import load_method
from tracker.actions.methods.editing import ChangedMeanwhile, NoDraft, NoSuchVersion
from tracker.actions.methods.switching import OneAtATime
from tracker.actions.rebuilding import what_is_wrong
from tracker.catalogue.reading import read_catalogue
from tracker.flag import Change
from tracker.handling import Mark
from tracker.refusal import Refusal
from tracker.rule import Rule, Severity
from tracker.storage import audit_entries, methods, rules, scores, versions
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.storage.conclusions import Flag, FlagEvent, MethodVersion, RuleVersion, ScoreHistory

ON = date(2026, 3, 15)
LAW, CODED, FIRST = "rule_of_law", "rule_of_law.coded", "independence_of_courts"


@pytest.fixture
def lighter(session: Session, methodologist: Person, now: datetime) -> MethodVersion:
    """A draft in which the independence of courts hardly counts."""
    return editing.save_method(
        session,
        {(CODED, FIRST): 0.001},
        {CODED: 0.01},
        "Tried on history.",
        shown=editing.shown_of_method(session),
        by=methodologist.id,
        now=now,
    )


@pytest.fixture
def switch_on(session: Session, methodologist: Person, now: datetime) -> Callable[..., MethodVersion]:
    def switched(number: int = 2, **differs: Any) -> MethodVersion:
        usual: dict[str, Any] = {"shown": 1, "by": methodologist.id, "now": now}
        return switching.switch_on_method(session, number, **(usual | differs))

    return switched


def a_draft(session: Session, by: Person, now: datetime, *, speaks: bool = True, line: float = 70) -> RuleVersion:
    rule = Rule.from_plain(editing.base_of_rule(session, "weak_rule_of_law").content)
    shown = editing.shown_of_rule(session, "weak_rule_of_law")
    changed = replace(rule, lines={Severity.WARNING: line}, quiet_days=30)
    return editing.save_rule(session, changed, speaks, "Tried.", shown=shown, by=by.id, now=now)


def events(session: Session) -> list[tuple[Change, int | None]]:
    """Of the flags of the rule on the rule of law."""
    query = select(FlagEvent).join(Flag, Flag.id == FlagEvent.flag_id).where(Flag.rule_key == "weak_rule_of_law")
    return [(row.kind, row.rule_version) for row in session.scalars(query.order_by(FlagEvent.id))]


# ---- the method ----


def test_a_version_that_is_switched_on_is_on_its_way_until_its_scores_are_there(
    session: Session,
    lighter: MethodVersion,
    switch_on: Callable[..., MethodVersion],
    methodologist: Person,
    now: datetime,
) -> None:
    recorded(session, FIRST, 4.0, on=ON, at=now)
    switch_on()

    assert (lighter.switched_on_at, lighter.switched_on_by, lighter.in_force_since) == (now, methodologist.id, None)
    assert versions.method_on_its_way(session) is lighter
    assert methods.number_in_force(session) == 1
    entry = audit_entries.found(session, audit_entries.Search(), limit=1)[0]
    assert (entry.action, entry.before, entry.after) == ("method switched on", {"version": 1}, {"version": 2})


def test_scores_are_worked_out_beside_those_in_force(session: Session, lighter: MethodVersion, now: datetime) -> None:
    code_rule_of_law(session, 2.0, on=ON, at=now)
    recorded(session, FIRST, 4.0, on=ON, at=now, revision=2)
    before = value(session, now_of(session), LAW)
    known = switching.work_out(session, lighter.number, "MLI", now=now)

    assert known == 6
    assert value(session, now_of(session), LAW) == before != 50.0
    assert versions.how_many_scored(session, lighter.number) == 1


def test_in_force_it_says_what_it_says_and_the_one_before_what_it_said(
    session: Session, lighter: MethodVersion, switch_on: Callable[..., MethodVersion], now: datetime
) -> None:
    code_rule_of_law(session, 2.0, on=ON, at=now)
    recorded(session, FIRST, 4.0, on=ON, at=now, revision=2)
    before = value(session, now_of(session), LAW)
    old_tree = methods.method_of(session, 1).tree
    kept = scores.now(session, 1, old_tree, Mark.RED)["MLI"].scores.packed()
    switch_on()
    later = now + timedelta(hours=1)
    switching.come_into_force(session, 2, {}, now=later)

    assert methods.number_in_force(session) == 2
    assert lighter.in_force_since == later
    assert value(session, now_of(session), LAW) == 50.0
    assert value(session, then_of(session, ON, now), LAW) == before
    assert scores.now(session, 1, old_tree, Mark.RED)["MLI"].scores.packed() == kept
    assert what_is_wrong(session) == []


def test_what_was_recorded_on_the_way_counts(
    session: Session, lighter: MethodVersion, switch_on: Callable[..., MethodVersion], now: datetime
) -> None:
    recorded(session, FIRST, 4.0, on=ON, at=now)
    switch_on()
    worked_out = {"MLI": switching.work_out(session, 2, "MLI", now=now)}
    recorded(session, FIRST, 1.0, on=ON, at=now, revision=2)
    recorded(session, FIRST, 3.0, on=ON, at=now, iso3="NER")
    switching.come_into_force(session, 2, worked_out, now=now)

    assert value(session, now_of(session), FIRST) == 25.0
    assert value(session, now_of(session, "NER"), FIRST) == 75.0


def test_what_was_worked_out_already_is_not_worked_out_again(
    session: Session, lighter: MethodVersion, switch_on: Callable[..., MethodVersion], now: datetime
) -> None:
    recorded(session, FIRST, 4.0, on=ON, at=now)
    recorded(session, FIRST, 4.0, on=ON, at=now, iso3="NER")
    switch_on()
    worked_out = {"MLI": switching.work_out(session, 2, "MLI", now=now)}
    # of Niger somebody says so, and yet there is nothing
    switching.come_into_force(session, 2, worked_out | {"NER": 1}, now=now + timedelta(days=1))

    first_known = select(ScoreHistory.iso3, func.min(ScoreHistory.known_at)).where(ScoreHistory.method_version == 2)
    found = {row[0]: row[1] - now for row in session.execute(first_known.group_by(ScoreHistory.iso3))}
    assert found == {"MLI": timedelta(), "NER": timedelta(days=1)}


def test_flags_are_judged_by_the_new_scores(
    session: Session, lighter: MethodVersion, switch_on: Callable[..., MethodVersion], now: datetime
) -> None:
    code_rule_of_law(session, 2.0, on=ON, at=now)
    recorded(session, FIRST, 4.0, on=ON, at=now, revision=2)
    assert events(session) == [(Change.RAISED, 1)]
    switch_on()
    switching.come_into_force(session, 2, {}, now=now)

    assert events(session) == [(Change.RAISED, 1), (Change.CLEARED, 1)]


def test_a_version_comes_into_force_once(
    session: Session, lighter: MethodVersion, switch_on: Callable[..., MethodVersion], now: datetime
) -> None:
    switch_on()
    switching.come_into_force(session, 2, {}, now=now)
    switching.come_into_force(session, 2, {}, now=now + timedelta(days=1))

    assert lighter.in_force_since == now


@pytest.mark.parametrize(
    ("number", "differs", "refusal"),
    [
        (1, {}, NoDraft),
        (9, {}, NoSuchVersion),
        (2, {"shown": 2}, ChangedMeanwhile),
        (2, {"shown": 0}, ChangedMeanwhile),
    ],
)
def test_what_cannot_be_switched_on_is_refused(
    session: Session,
    lighter: MethodVersion,
    switch_on: Callable[..., MethodVersion],
    number: int,
    differs: dict[str, Any],
    refusal: type[Refusal],
) -> None:
    with pytest.raises(refusal):
        switch_on(number, **differs)
    assert lighter.switched_on_at is None


def test_one_version_is_on_its_way_at_a_time(
    session: Session,
    lighter: MethodVersion,
    switch_on: Callable[..., MethodVersion],
    methodologist: Person,
    now: datetime,
) -> None:
    switch_on()
    shown = editing.shown_of_method(session)
    editing.save_method(session, {(CODED, FIRST): 5.0}, {}, "Tried.", shown=shown, by=methodologist.id, now=now)

    with pytest.raises(OneAtATime):
        switch_on(3)
    with pytest.raises(NoDraft):
        switch_on(2)


def test_what_is_on_its_way_can_be_called_off(
    session: Session,
    lighter: MethodVersion,
    switch_on: Callable[..., MethodVersion],
    methodologist: Person,
    now: datetime,
) -> None:
    recorded(session, FIRST, 4.0, on=ON, at=now)
    switch_on()
    switching.work_out(session, 2, "MLI", now=now)
    editing.discard_method(session, 2, by=methodologist.id, now=now)
    switching.come_into_force(session, 2, {}, now=now)

    assert (lighter.discarded_at, lighter.switched_on_at, lighter.in_force_since) == (now, None, None)
    assert versions.method_on_its_way(session) is None
    assert (versions.how_many_scored(session, 2), versions.how_many_scored(session, 1)) == (0, 1)


def test_what_people_switched_on_stays_when_the_product_brings_another(
    session: Session, lighter: MethodVersion, switch_on: Callable[..., MethodVersion], now: datetime
) -> None:
    switch_on()
    switching.come_into_force(session, 2, {}, now=now)
    catalogue = read_catalogue()
    changed = replace(catalogue, indicators=(replace(catalogue.indicators[0], weight=9.0), *catalogue.indicators[1:]))

    assert load_method(session, changed, now=now) is False
    assert methods.number_in_force(session) == 2
    assert [row.number for row in versions.drafts_of_method(session)] == [3]


# ---- rules ----


def test_a_rule_that_is_switched_on_is_asked_about_every_country_at_once(
    session: Session, methodologist: Person, now: datetime
) -> None:
    code_rule_of_law(session, 3.0, on=ON, at=now)
    a_draft(session, methodologist, now, line=80)
    assert events(session) == [(Change.RAISED, 1)]
    switching.switch_on_rule(session, "weak_rule_of_law", 2, shown=1, by=methodologist.id, now=now)

    # at 75 it holds no more: with the new line from 75 on only
    assert [one.number for one in rules.in_force(session) if one.rule.key == "weak_rule_of_law"] == [2]
    assert events(session) == [(Change.RAISED, 1)]
    recorded(session, FIRST, 2.0, on=ON, at=now, revision=2)
    assert events(session) == [(Change.RAISED, 1), (Change.CLEARED, 2)]


def test_a_rule_that_is_switched_off_clears_its_flags(session: Session, methodologist: Person, now: datetime) -> None:
    code_rule_of_law(session, 3.0, on=ON, at=now)
    a_draft(session, methodologist, now, speaks=False)
    switching.switch_on_rule(session, "weak_rule_of_law", 2, shown=1, by=methodologist.id, now=now)

    assert [kind for kind, _version in events(session)] == [Change.RAISED, Change.CLEARED]
    assert "weak_rule_of_law" not in {one.rule.key for one in rules.in_force(session)}


def test_who_switched_a_rule_on_and_why_is_kept(session: Session, methodologist: Person, now: datetime) -> None:
    row = a_draft(session, methodologist, now)
    switching.switch_on_rule(session, "weak_rule_of_law", 2, shown=1, by=methodologist.id, now=now)
    entries = audit_entries.found(session, audit_entries.Search(action="rule switched on"), limit=5)

    assert (row.switched_on_by, row.in_force_since) == (methodologist.id, now)
    assert [(entry.subject, entry.reason) for entry in entries] == [("rule weak_rule_of_law, version 2", "Tried.")]
    assert entries[0].before is not None
    assert (entries[0].before["version"], entries[0].after["rule"]) == (1, row.content)  # type: ignore[index]


@pytest.mark.parametrize(
    ("number", "shown", "refusal"), [(1, 1, NoDraft), (9, 1, NoSuchVersion), (2, 2, ChangedMeanwhile)]
)
def test_a_rule_that_cannot_be_switched_on_is_refused(
    session: Session, methodologist: Person, now: datetime, number: int, shown: int, refusal: type[Refusal]
) -> None:
    a_draft(session, methodologist, now)
    with pytest.raises(refusal):
        switching.switch_on_rule(session, "weak_rule_of_law", number, shown=shown, by=methodologist.id, now=now)


def test_an_older_draft_cannot_be_switched_on_after_a_newer_one(
    session: Session, methodologist: Person, now: datetime
) -> None:
    """Of the versions that were ever in force the highest number counts."""
    older = a_draft(session, methodologist, now)
    newer = RuleVersion(key=older.key, number=3, content=older.content, speaks=False, reason="It came.", made_at=now)
    session.add(newer)
    session.flush()
    switching.switch_on_rule(session, older.key, 3, shown=1, by=methodologist.id, now=now)

    assert older.discarded_at == now
    with pytest.raises(NoDraft):
        switching.switch_on_rule(session, older.key, 2, shown=3, by=methodologist.id, now=now)
