"""Writing into cells: nothing typed is refused, nothing unseen is overwritten."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from time import sleep

import pytest

from tests import factories
from tests.at_once import at_once
from tracker.access import Principal, Role
from tracker.actions.codings import writing
from tracker.answer import Answer
from tracker.coding import CodingState
from tracker.handling import Mark
from tracker.refusal import NotThere, Refusal
from tracker.storage import catalogue, codings
from tracker.storage.base import Database, Session
from tracker.storage.codings import Place
from tracker.storage.principals import principal_of
from tracker.storage.recording import Coding

FEBRUARY = date(2026, 2, 28)
TWO = Answer(typed="2", source="A report")
Writer = Callable[..., Principal]


@pytest.fixture
def writer(session: Session, now: datetime) -> Writer:
    def make(**differing: object) -> Principal:
        person = factories.person(session, roles=[Role.ANALYST], created_at=now, **differing)  # type: ignore[arg-type]
        return principal_of(session, person)

    return make


@pytest.fixture
def place(session: Session) -> Place:
    return Place("MLI", catalogue.indicator_ids(session)["independence_of_courts"], FEBRUARY)


def live(session: Session, place: Place) -> list[Coding]:
    return codings.live_in_cell(session, codings.locked_cell(session, place).id)


def test_what_is_typed_is_kept_as_a_draft(session: Session, place: Place, writer: Writer, now: datetime) -> None:
    ana = writer()
    writing.save(session, place, TWO, seen=0, by=ana, now=now)

    [kept] = live(session, place)
    assert (kept.state, kept.author_id, kept.value) == (CodingState.DRAFT, ana.person_id, 2.0)
    assert writing.answer_of(kept) == TWO


def test_a_draft_may_hold_anything(session: Session, place: Place, writer: Writer, now: datetime) -> None:
    odd = Answer(typed="many", source="", grade="Z", evidence_url="javascript:alert(1)", note="'; DROP TABLE x")
    writing.save(session, place, odd, seen=0, by=writer(), now=now)

    [kept] = live(session, place)
    assert writing.answer_of(kept) == odd
    assert kept.value is None


def test_one_who_knows_the_cell_as_it_is_changes_their_draft(
    session: Session, place: Place, writer: Writer, now: datetime
) -> None:
    ana = writer()
    first = writing.save(session, place, TWO, seen=0, by=ana, now=now)
    writing.save(session, place, replace(TWO, typed="3"), seen=first.cell_version, by=ana, now=now)

    assert [one.typed for one in live(session, place)] == ["3"]


def test_a_draft_changed_in_another_window_is_not_overwritten(
    session: Session, place: Place, writer: Writer, now: datetime
) -> None:
    ana = writer()
    opened = writing.save(session, place, TWO, seen=0, by=ana, now=now).cell_version
    writing.save(session, place, replace(TWO, typed="3"), seen=opened, by=ana, now=now)

    with pytest.raises(writing.CellChanged) as caught:
        writing.save(session, place, replace(TWO, typed="4"), seen=opened, by=ana, now=now)

    assert [one.typed for one in caught.value.found] == ["3"]
    assert [one.typed for one in live(session, place)] == ["3"]


def test_a_colleagues_entry_that_was_not_seen_is_shown_first(
    session: Session, place: Place, writer: Writer, now: datetime
) -> None:
    ana, ben = writer(), writer()
    writing.save(session, place, TWO, seen=0, by=ana, now=now)

    with pytest.raises(writing.CellChanged) as caught:
        writing.save(session, place, replace(TWO, typed="4"), seen=0, by=ben, now=now)

    assert [one.author_id for one in caught.value.found] == [ana.person_id]


def test_whoever_has_seen_both_keeps_theirs_beside_it(
    session: Session, place: Place, writer: Writer, now: datetime
) -> None:
    ana, ben = writer(), writer()
    first = writing.save(session, place, TWO, seen=0, by=ana, now=now)
    writing.save(session, place, replace(TWO, typed="4"), seen=first.cell_version, by=ben, now=now)

    assert [one.typed for one in live(session, place)] == ["2", "4"]


def test_an_entry_above_ones_clearance_leaves_no_trace(
    session: Session, place: Place, writer: Writer, now: datetime
) -> None:
    high, low = writer(clearance=Mark.RED), writer(clearance=Mark.GREEN)
    writing.save(session, place, replace(TWO, handling=Mark.RED), seen=0, by=high, now=now)

    writing.save(session, place, TWO, seen=0, by=low, now=now)

    assert len(live(session, place)) == 2


def test_saving_the_same_twice_changes_nothing(session: Session, place: Place, writer: Writer, now: datetime) -> None:
    ana = writer()
    first = writing.save(session, place, TWO, seen=0, by=ana, now=now).cell_version
    again = writing.save(session, place, TWO, seen=0, by=ana, now=now + timedelta(minutes=1))

    assert (again.cell_version, again.changed_at) == (first, now)


def test_a_month_that_has_not_begun_takes_no_answer(
    session: Session, place: Place, writer: Writer, now: datetime
) -> None:
    with pytest.raises(Refusal, match="not begun"):
        writing.save(session, replace(place, period=date(2026, 4, 30)), TWO, seen=0, by=writer(), now=now)


def test_an_indicator_that_is_not_there_takes_no_answer(
    session: Session, place: Place, writer: Writer, now: datetime
) -> None:
    with pytest.raises(NotThere):
        writing.save(session, replace(place, indicator_id=9999), TWO, seen=0, by=writer(), now=now)


def test_a_draft_that_gives_way_is_gone_and_the_others_stay(
    session: Session, place: Place, writer: Writer, now: datetime
) -> None:
    ana, ben = writer(), writer()
    first = writing.save(session, place, TWO, seen=0, by=ana, now=now)
    second = writing.save(session, place, replace(TWO, typed="4"), seen=first.cell_version, by=ben, now=now)

    writing.drop(session, place, seen=second.cell_version, by=ben, now=now)

    assert [one.author_id for one in live(session, place)] == [ana.person_id]


EDITORS, SAVES = 16, 25


def test_sixteen_editors_of_one_cell_lose_no_save(database: Database, now: datetime) -> None:
    with database.writing() as session:
        place = Place("MLI", catalogue.indicator_ids(session)["independence_of_courts"], FEBRUARY)
        people = [
            principal_of(session, factories.person(session, roles=[Role.ANALYST], created_at=now))
            for _editor in range(EDITORS)
        ]

    def edit(editor: int) -> int:
        seen = conflicts = saved = 0
        while saved < SAVES:
            answer = Answer(typed=str(saved), source=f"editor {editor}")
            with database.writing() as session:
                try:
                    seen = writing.save(session, place, answer, seen=seen, by=people[editor], now=now).cell_version
                    saved += 1
                    continue
                except writing.CellChanged as changed:
                    # it has now seen the others' entries, and keeps its own beside them
                    seen, conflicts = changed.cell_version, conflicts + 1
            sleep(random.random() / 100)
        return conflicts

    told = at_once(EDITORS, edit)

    assert [one for one in told if isinstance(one, Exception)] == []
    assert sum(int(str(one)) for one in told) > 0, "nobody got in anybody's way: nothing was tried"
    with database.writing() as session:
        cell = codings.locked_cell(session, place)
        kept = {one.author_id: (one.typed, one.source) for one in codings.live_in_cell(session, cell.id)}
        assert cell.version == EDITORS * SAVES
    assert kept == {person.person_id: (str(SAVES - 1), f"editor {editor}") for editor, person in enumerate(people)}
