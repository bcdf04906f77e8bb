"""Before a draft counts, it is shown what it would have done: on a small invented history."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from tests import factories
from tests.actions.test_concluding import FIRST_HALF
from tracker.access import PersonStatus, Principal, Role
from tracker.actions.methods import editing
from tracker.actions.methods.editing import NoSuchVersion
from tracker.actions.methods.preview import Preview, preview_of_method, preview_of_rule
from tracker.handling import Mark
from tracker.rule import Rule, Severity
from tracker.score import Level
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.storage.conclusions import Flag, MethodVersion
from tracker.storage.watching import Country

TODAY = date(2026, 3, 16)
MONTHS = (date(2025, 11, 30), date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28))
RULE = "weak_rule_of_law"
CODED, FIRST = "rule_of_law.coded", FIRST_HALF[0]


@pytest.fixture(autouse=True)
def history(session: Session, now: datetime) -> None:
    """The rule of law in two countries: in Mali it went from good to bad, in Niger it stayed in the middle."""
    for day, level in zip(MONTHS, (1.0, 1.0, 3.0, 3.0), strict=True):
        tell(session, now, "MLI", day, level)
        tell(session, now, "NER", day, 2.0)


def tell(session: Session, now: datetime, iso3: str, day: date, level: float, handling: Mark = Mark.GREEN) -> None:
    for indicator in FIRST_HALF:
        factories.observation(
            session, indicator=indicator, iso3=iso3, on=day, value=level, recorded_at=now, handling=handling
        )


def asker(clearance: Mark = Mark.GREEN, scope: frozenset[str] | None = None) -> Principal:
    return Principal(1, "A methodologist", frozenset({Role.METHODOLOGIST}), scope, clearance)


@pytest.fixture
def of_rule(session: Session, methodologist: Person, now: datetime) -> Callable[..., Preview]:
    """Of another line for a weak rule of law."""

    def found(line: float = 80, speaks: bool = True, by: Principal | None = None) -> Preview:
        rule = Rule.from_plain(editing.base_of_rule(session, RULE).content)
        shown = editing.shown_of_rule(session, RULE)
        wanted = replace(rule, lines={Severity.WARNING: line})
        draft = editing.save_rule(session, wanted, speaks, "Tried.", shown=shown, by=methodologist.id, now=now)
        return preview_of_rule(session, RULE, draft.number, by or asker(), today=TODAY)

    return found


def raised(preview: Preview, key: str = RULE) -> tuple[int | None, int | None]:
    [found] = [one for one in preview.rules if one.key == key]
    return tuple(None if flags is None else flags.all_raised for flags in (found.before, found.after))  # type: ignore[return-value]


def test_what_a_line_would_have_raised_stands_beside_what_the_present_one_did(
    of_rule: Callable[..., Preview],
) -> None:
    preview = of_rule(50)

    assert raised(preview) == (1, 2)
    assert (preview.since, preview.until) == (date(2021, 3, 16), TODAY)
    assert preview.after.all_raised - preview.before.all_raised == 1


def test_severities_are_told_apart(of_rule: Callable[..., Preview]) -> None:
    [found] = [one for one in of_rule(50).rules if one.key == RULE]

    assert found.after is not None
    assert found.after.raised == {Severity.NOTICE: 0, Severity.WARNING: 2, Severity.ALARM: 0}


def test_where_it_would_differ_is_told_by_country(of_rule: Callable[..., Preview]) -> None:
    [country] = of_rule(50).countries

    assert (country.iso3, country.after.all_raised - country.before.all_raised) == ("NER", 1)


def test_a_rule_that_falls_silent_raises_nothing_and_the_others_are_as_they_were(
    of_rule: Callable[..., Preview],
) -> None:
    preview = of_rule(60, speaks=False)

    assert raised(preview) == (1, None)
    assert all(one.before == one.after for one in preview.rules if one.key != RULE)
    assert sum(one.before.all_raised for one in preview.rules if one.before) == preview.before.all_raised == 1


def test_another_line_moves_no_country_to_another_level(of_rule: Callable[..., Preview]) -> None:
    assert of_rule(50).moved == ()


@pytest.mark.parametrize(("clearance", "expected"), [(Mark.AMBER, 1), (Mark.AMBER_STRICT, 2)])
def test_only_what_the_asker_may_see_is_looked_at(
    session: Session, now: datetime, of_rule: Callable[..., Preview], clearance: Mark, expected: int
) -> None:
    for day in MONTHS:
        tell(session, now, "TCD", day, 4.0, handling=Mark.AMBER_STRICT)
    assert raised(of_rule(by=asker(clearance)))[0] == expected


@pytest.mark.parametrize(("scope", "expected"), [({"MLI"}, 1), ({"NER"}, 0), (set(), 0)])
def test_only_countries_of_the_asker_are_looked_at(
    of_rule: Callable[..., Preview], scope: set[str], expected: int
) -> None:
    preview = of_rule(by=asker(scope=frozenset(scope)))
    assert raised(preview)[0] == expected
    assert preview.watched == len(scope)


def test_countries_that_are_not_watched_have_no_flags(session: Session, of_rule: Callable[..., Preview]) -> None:
    session.get_one(Country, "MLI").watched = False
    session.flush()
    assert raised(of_rule())[0] == 0


def test_flags_are_shared_among_the_analysts_who_are_active(
    session: Session, now: datetime, of_rule: Callable[..., Preview]
) -> None:
    alone = of_rule(50)
    for status in (PersonStatus.ACTIVE, PersonStatus.ACTIVE, PersonStatus.DEACTIVATED):
        factories.person(session, roles=[Role.ANALYST], status=status, created_at=now)
    shared = of_rule(55)

    assert (alone.analysts, shared.analysts) == (1, 2)
    weeks = (alone.until - alone.since).days / 7
    assert alone.each_week(alone.after) == pytest.approx(alone.after.all_raised / weeks)
    assert shared.each_week(alone.after) == pytest.approx(alone.each_week(alone.after) / 2)


# ---- the method ----


def draft(session: Session, by: Person, now: datetime, weights: Any, needs: Any) -> MethodVersion:
    shown = editing.shown_of_method(session)
    return editing.save_method(session, weights, needs, "Tried.", shown=shown, by=by.id, now=now)


def test_another_weight_raises_other_flags(session: Session, methodologist: Person, now: datetime) -> None:
    factories.observation(session, indicator=FIRST, iso3="NER", on=TODAY, value=3, recorded_at=now)
    made = draft(session, methodologist, now, {(CODED, FIRST): 100.0}, {})
    preview = preview_of_method(session, made.number, asker(), today=TODAY)

    assert raised(preview) == (1, 2)
    assert [one.iso3 for one in preview.countries] == ["NER"]


def test_countries_whose_level_would_be_another_are_named(
    session: Session, methodologist: Person, now: datetime
) -> None:
    needs = {"risk": 0.1, "pressure": 0.01}
    made = draft(session, methodologist, now, {}, needs)
    preview = preview_of_method(session, made.number, asker(), today=TODAY)

    found = [(one.iso3, one.before, one.after) for one in preview.moved]
    assert found == [("MLI", None, Level.HIGH), ("NER", None, Level.ELEVATED)]


def test_looking_raises_nothing(session: Session, of_rule: Callable[..., Preview]) -> None:
    of_rule()
    assert session.query(Flag).count() == 0


def test_there_is_no_preview_of_what_does_not_exist(session: Session) -> None:
    with pytest.raises(NoSuchVersion):
        preview_of_rule(session, RULE, 9, asker(), today=TODAY)
    with pytest.raises(NoSuchVersion):
        preview_of_method(session, 9, asker(), today=TODAY)
