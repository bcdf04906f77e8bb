"""Taking back a file is as if it had never come, and nothing is deleted by it."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests import factories
from tests.importing import CORRUPTION, COURTS, ORDER, Desk, codings, observations, standing, table
from tracker.access import Principal, Role
from tracker.actions.codings import reviewing
from tracker.actions.imports.permission import NoSuchImport, NotNow
from tracker.actions.imports.withdraw import (
    LONGEST_REASON,
    BeyondScope,
    NeedsReviewer,
    NoReason,
    ReasonTooLong,
    TakenBack,
    withdraw,
)
from tracker.coding import CodingState
from tracker.handling import Mark
from tracker.storage import principals
from tracker.storage.codings import ACCEPTS_OWN
from tracker.storage.recording import Batch, Coding, DeskRule, ImportState
from tracker.storage.watching import Source

LAST = date(2024, 12, 31)
LINE = f"MLI,2024,{CORRUPTION},-0.5,0.2"


def principal_of(desk: Desk) -> Principal:
    with desk.database.reading() as session:
        return principals.principal_of(session, session.merge(desk.person, load=False))


def take_back(desk: Desk, import_id: int, reason: str = "The wrong edition", by: Principal | None = None) -> TakenBack:
    with desk.database.writing() as session:
        return withdraw(session, import_id, reason, seen=None, by=by or principal_of(desk), now=desk.now)


def somebody(desk: Desk, *roles: Role, **differing: Any) -> Principal:
    with desk.database.writing() as session:
        made = factories.person(session, roles=roles, created_at=desk.now, **differing)
        return principals.principal_of(session, made)


def test_what_the_file_brought_first_counts_no_more_and_stays_in_the_history(desk: Desk) -> None:
    row = desk.record(table(LINE, f"NER,2024,{ORDER},0.1,"))
    assert take_back(desk, row.id) == TakenBack(withdrawn=2, restored=0, discarded=0)
    assert standing(desk.database) == standing(desk.database, ORDER) == {}
    assert [(one.revision, one.value, one.withdrawn, one.reason) for one in observations(desk.database, ORDER)] == [
        (1, 0.1, False, None),
        (2, 0.1, True, "The wrong edition"),
    ]
    settled = desk.import_(row.id)
    assert (settled.state, settled.withdrawn_by) == (ImportState.WITHDRAWN, desk.person.id)


def test_a_value_that_the_file_had_replaced_stands_again_under_its_own_source(desk: Desk) -> None:
    with desk.database.writing() as session:
        usual = {"indicator": CORRUPTION, "iso3": "MLI", "on": LAST, "recorded_at": desk.now}
        factories.observation(session, value=0.9, handling=Mark.GREEN, source_name="The first", **usual)  # type: ignore[arg-type]
    row = desk.record(table(LINE))
    assert take_back(desk, row.id) == TakenBack(withdrawn=0, restored=1, discarded=0)
    newest = observations(desk.database)[-1]
    assert (newest.revision, newest.value, newest.withdrawn, newest.handling) == (3, 0.9, False, Mark.GREEN)
    with desk.database.reading() as session:
        source = session.get_one(Source, session.get_one(Batch, newest.batch_id).source_id)
        assert source.name == "The first"


def test_what_came_later_stays(desk: Desk) -> None:
    first = desk.record(table(LINE, f"NER,2024,{CORRUPTION},0.1,"))
    desk.record(table(LINE.replace("-0.5", "-0.7")), "later.csv")
    assert take_back(desk, first.id) == TakenBack(withdrawn=1, restored=0, discarded=0)
    assert standing(desk.database) == {("MLI", LAST): -0.7}


def test_two_files_can_be_taken_back_in_either_order(desk: Desk) -> None:
    first = desk.record(table(LINE))
    second = desk.record(table(LINE.replace("-0.5", "-0.7")), "later.csv")
    take_back(desk, first.id)
    assert take_back(desk, second.id) == TakenBack(withdrawn=1, restored=0, discarded=0)
    assert standing(desk.database) == {}


def test_the_same_file_can_come_again_after_it_was_taken_back(desk: Desk) -> None:
    row = desk.record(table(LINE))
    take_back(desk, row.id)
    again = desk.record(table(LINE), "again.csv")
    assert (again.findings or {})["values"] == {"new": 1}
    assert standing(desk.database) == {("MLI", LAST): -0.5}


def test_drafts_that_nobody_settled_are_discarded(desk: Desk) -> None:
    row = desk.record(table(f"MLI,2026-02,{COURTS},2,", f"NER,2026-02,{COURTS},2,"))
    assert take_back(desk, row.id) == TakenBack(withdrawn=0, restored=0, discarded=2)
    assert {(one.state, one.settled_why) for one in codings(desk.database)} == {
        (CodingState.DISCARDED, "The wrong edition")
    }


def test_what_its_author_made_of_a_draft_since_stays(desk: Desk) -> None:
    row = desk.record(table(*(f"{iso3},2026-02,{COURTS},2," for iso3 in ("MLI", "NER", "TCD"))))
    left, changed, submitted = codings(desk.database)
    later = desk.now + timedelta(seconds=1)
    with desk.database.writing() as session:
        session.get_one(Coding, changed.id).changed_at = later
        sent = session.get_one(Coding, submitted.id)
        sent.state, sent.submitted_at, sent.changed_at = CodingState.SUBMITTED, later, later
    assert take_back(desk, row.id) == TakenBack(withdrawn=0, restored=0, discarded=1)
    assert [one.state for one in codings(desk.database)] == [
        *(CodingState.DISCARDED, CodingState.DRAFT, CodingState.SUBMITTED)
    ]
    assert codings(desk.database)[0].id == left.id


def test_drafts_out_of_reach_stay(desk: Desk) -> None:
    """Whose scope was narrowed since."""
    row = desk.record(table(*(f"{iso3},2026-02,{COURTS},2," for iso3 in ("MLI", "NER"))))
    narrowed = replace(principal_of(desk), scope=frozenset({"MLI"}))
    assert take_back(desk, row.id, by=narrowed) == TakenBack(withdrawn=0, restored=0, discarded=1)
    assert [one.state for one in codings(desk.database)] == [CodingState.DISCARDED, CodingState.DRAFT]


def accepted(desk: Desk) -> tuple[int, Principal]:
    """A file of one answer that a second person accepted, and that person."""
    row, reviewer = desk.record(table(f"MLI,2026-02,{COURTS},2,")), somebody(desk, Role.REVIEWER)
    with desk.database.writing() as session:
        [draft] = codings(desk.database)
        submitted = session.get_one(Coding, draft.id)
        submitted.state, submitted.submitted_at = CodingState.SUBMITTED, desk.now
        reviewing.accept(session, [draft.id], by=reviewer, now=desk.now)
    return row.id, reviewer


@pytest.mark.parametrize("roles", [{Role.ANALYST}, {Role.ANALYST, Role.REVIEWER}])
def test_what_a_second_person_accepted_is_not_taken_back_by_the_importer(desk: Desk, roles: set[Role]) -> None:
    import_id, reviewer = accepted(desk)
    with pytest.raises(NeedsReviewer):
        take_back(desk, import_id, by=replace(principal_of(desk), roles=frozenset(roles)))
    assert take_back(desk, import_id, by=reviewer) == TakenBack(withdrawn=1, restored=0, discarded=0)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_where_people_accept_their_own_answers_they_take_their_own_back(desk: Desk) -> None:
    import_id, _reviewer = accepted(desk)
    with desk.database.writing() as session:
        session.add(DeskRule(rule=ACCEPTS_OWN, holds=True, changed_by=desk.person.id, changed_at=desk.now))
    one_person = replace(principal_of(desk), roles=frozenset({Role.ANALYST, Role.REVIEWER}))
    assert take_back(desk, import_id, by=one_person).withdrawn == 1


def test_it_is_done_once(desk: Desk) -> None:
    row = desk.record(table(LINE))
    take_back(desk, row.id)
    with pytest.raises(NotNow):
        take_back(desk, row.id)


@pytest.mark.parametrize(
    ("reason", "refusal"),
    [(" \n", NoReason), ("x" * LONGEST_REASON, None), ("x" * (LONGEST_REASON + 1), ReasonTooLong)],
)
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_reason_is_needed(desk: Desk, reason: str, refusal: type[Exception] | None) -> None:
    row = desk.record(table(LINE))
    if refusal is None:
        take_back(desk, row.id, reason)
    else:
        with pytest.raises(refusal):
            take_back(desk, row.id, reason)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_only_who_brought_it_and_reviewers_in_scope_take_it_back(desk: Desk, now: datetime) -> None:
    row = desk.record(table(LINE, f"NER,2024,{CORRUPTION},0.1,"))
    for stranger in (somebody(desk, Role.ANALYST), somebody(desk, Role.ADMINISTRATOR), somebody(desk, Role.READER)):
        with pytest.raises(NoSuchImport):
            take_back(desk, row.id, by=stranger)
    with pytest.raises(NoSuchImport):
        take_back(desk, row.id, by=somebody(desk, Role.REVIEWER, countries=["MLI"]))
    # whose scope was narrowed since: they know of their own file
    with pytest.raises(BeyondScope):
        take_back(desk, row.id, by=replace(principal_of(desk), scope=frozenset({"MLI"})))
    # whoever lost the right to record is a stranger to their own file
    with pytest.raises(NoSuchImport):
        take_back(desk, row.id, by=replace(principal_of(desk), roles=frozenset({Role.READER})))
    assert take_back(desk, row.id, by=somebody(desk, Role.REVIEWER, countries=["MLI", "NER"])).withdrawn == 2
