"""Files go in whole or not at all, whatever happens to the worker; and whoever waits can see how far it is."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests import factories
from tests.importing import CORRUPTION, COURTS, ORDER, Desk, codings, how_many, observations, standing, table
from tracker.access import PersonStatus, Role
from tracker.actions.imports import bring, claims, problems, understand
from tracker.actions.imports.claims import LEASE
from tracker.actions.imports.withdraw import withdraw
from tracker.coding import CodingState
from tracker.jobs.imports import Run, anything_to_import, work_on_imports
from tracker.jobs.job import Shift
from tracker.jobs.tidy import tidy
from tracker.settings import Settings
from tracker.storage import audit_entries, import_rows, imports, principals
from tracker.storage.admitting import Person, PersonRole
from tracker.storage.base import Database
from tracker.storage.recording import Batch, BatchKind, Cell, Coding, ImportState, Observation

ROOT = Path(__file__).resolve().parents[2]
RIGHT = f"MLI,2024,{CORRUPTION},-0.5,0.2"
WRONG = f"Atlantis,2024,{CORRUPTION},-0.5,0.2"
EMPTY = f"NER,2024,{CORRUPTION},..,.."
ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def database(stocked_database: Database) -> Database:
    """Stocked: a file speaks of indicators and countries."""
    return stocked_database


@pytest.fixture
def desk(shift: Shift, database: Database, now: datetime) -> Desk:
    return desk_of(shift, now)


def desk_of(shift: Shift, now: datetime, **differing: Any) -> Desk:
    with shift.database.writing() as session:
        return Desk(shift, factories.person(session, roles=[Role.ANALYST], created_at=now, **differing))


def problem_kinds(desk: Desk, import_id: int) -> list[str]:
    with desk.database.reading() as session:
        return [one.kind for one in problems.read(imports.problems_of(session, import_id))]


# ---- all or nothing --------------------------------------------------------------------------------------------


def test_a_check_counts_every_row_and_records_nothing(desk: Desk) -> None:
    before = how_many(desk.database, Observation, Batch, Coding)
    row = desk.check(table(RIGHT, EMPTY, WRONG))

    assert row.state is ImportState.CHECKED
    assert (row.rows_read, row.rows_accepted, row.rows_empty, row.rows_refused) == (3, 1, 1, 1)
    assert problem_kinds(desk, row.id) == ["country_unknown"]
    assert row.findings is not None
    assert {name: found for name, found in row.findings.items() if name not in ("record", "publishers")} == {
        "values": {"new": 1},
        "problems": {"country_unknown": 1},
        "missing_cells": 1,
        "outside": 1,
        "beyond": [],
    }
    assert how_many(desk.database, Observation, Batch, Coding) == before


def test_a_check_says_which_figures_lie_outside_their_scale(desk: Desk) -> None:
    within = desk.check(table(f"MLI,2024,{ORDER},2.5,", f"NER,2024,{ORDER},-2.5,"))
    beyond = desk.check(table(f"MLI,2024,{ORDER},2.6,", f"NER,2024,{ORDER},-9.4,", f"TCD,2024,{ORDER},0,"))

    assert (within.findings or {})["beyond"] == []
    told = {"indicator": ORDER, "count": 2, "low": -2.5, "high": 2.5, "farthest": -9.4}
    assert (beyond.findings or {})["beyond"] == [told]
    assert beyond.rows_refused == 0


def test_published_figures_count_as_soon_as_they_are_recorded(desk: Desk, now: datetime) -> None:
    row = desk.record(table(RIGHT, f"NER,2024,{ORDER},0.25,"))

    assert row.state is ImportState.RECORDED
    assert standing(desk.database) == {("MLI", date(2024, 12, 31)): -0.5}
    assert standing(desk.database, ORDER) == {("NER", date(2024, 12, 31)): 0.25}
    [batch] = batches(desk, row.id)
    assert (batch.kind, batch.recorded_by, batch.recorded_at) == (BatchKind.PUBLISHED, desk.person.id, now)
    assert (batch.file_name, batch.file_fingerprint) == ("figures.csv", row.fingerprint)


def batches(desk: Desk, import_id: int) -> list[Batch]:
    with desk.database.reading() as session:
        return imports.batches_of(session, import_id)


def test_a_file_with_a_wrong_row_is_recorded_only_by_saying_how_many_are_left_out(desk: Desk) -> None:
    checked = desk.check(table(RIGHT, WRONG))
    with pytest.raises(Exception, match="1 rows cannot be recorded"):
        desk.order(checked.id)
    assert observations(desk.database) == []

    desk.order(checked.id, leave_out=1)
    desk.work()

    assert desk.import_(checked.id).state is ImportState.RECORDED
    assert len(observations(desk.database)) == 1


def test_a_failure_after_the_last_row_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f"MLI,20{year}-{month:02},{CORRUPTION},0.1," for year in range(10, 20) for month in range(1, 13)]
    checked = desk.check(table(*lines))
    desk.order(checked.id)
    whole, there = import_rows.add_observations, []

    def break_at_the_end(session: Any, staging: Any, **how: Any) -> None:
        whole(session, staging, **how)
        there.append(session.connection().exec_driver_sql("SELECT count(*) FROM observations").scalar())
        raise MemoryError

    monkeypatch.setattr(import_rows, "add_observations", break_at_the_end)
    with pytest.raises(MemoryError):
        desk.work()

    assert there == [len(lines)]
    assert observations(desk.database) == []
    assert batches(desk, checked.id) == []
    failed = desk.import_(checked.id)
    assert failed.state is ImportState.FAILED
    assert "Something went wrong" in (failed.error or "")


def test_what_was_recorded_since_the_check_is_seen_before_anything_is_recorded(desk: Desk, now: datetime) -> None:
    """A colleague's answer was accepted meanwhile: a row that was right is not right any more."""
    checked = desk.check(table(f"MLI,2026-02,{COURTS},2,"))
    assert (checked.rows_accepted, checked.rows_refused) == (1, 0)
    desk.order(checked.id)
    with desk.database.writing() as session:
        factories.observation(session, indicator=COURTS, iso3="MLI", on=date(2026, 2, 20), value=3, recorded_at=now)
    desk.work()

    again = desk.import_(checked.id)
    assert again.state is ImportState.CHECKED
    assert (again.rows_accepted, again.rows_refused) == (0, 1)
    assert "Since the check something was recorded" in (again.error or "")
    assert codings(desk.database) == []


def test_the_record_may_change_between_the_comparison_and_the_recording(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else's file gets in between: that is found out under the lock, and what was shown is not done."""
    late, early = desk.check(table(RIGHT)), table(f"MLI,2024,{CORRUPTION},0.75,0.2")
    desk.order(late.id)
    whole, passed = understand.result_of, list[dict[str, int]]()

    def overtaken(*known: Any) -> Any:
        found = whole(*known)
        if not passed:
            passed.append(found.findings["values"])
            assert desk_of(desk.shift, desk.now).record(early).state is ImportState.RECORDED
        return found

    monkeypatch.setattr(understand, "result_of", overtaken)
    desk.work()

    assert passed == [{"new": 1}]
    again = desk.import_(late.id)
    assert (again.state, (again.findings or {})["values"]) == (ImportState.CHECKED, {"revised": 1})
    assert "Since the check something was recorded" in (again.error or "")

    desk.order(late.id)
    desk.work()
    assert [(one.revision, one.value) for one in observations(desk.database)] == [(1, 0.75), (2, -0.5)]


def test_what_was_to_change_nothing_is_shown_again_when_it_would_be_recorded(desk: Desk) -> None:
    """The earlier import of the same file was taken back meanwhile."""
    first = desk.record(table(RIGHT))
    again = desk.check(table(RIGHT), "again.csv")
    assert (again.findings or {})["values"] == {"there": 1}
    desk.order(again.id)
    take_back(desk, first.id)
    desk.work()

    shown = desk.import_(again.id)
    assert (shown.state, (shown.findings or {})["values"]) == (ImportState.CHECKED, {"new": 1})
    assert standing(desk.database) == {}


def take_back(desk: Desk, import_id: int) -> None:
    with desk.database.writing() as session:
        by = principals.principal_of(session, session.merge(desk.person, load=False))
        withdraw(session, import_id, "The wrong edition", seen=None, by=by, now=desk.now)


# ---- who holds what --------------------------------------------------------------------------------------------


def test_one_import_is_taken_by_one_worker_until_its_lease_is_over(desk: Desk, now: datetime) -> None:
    import_id = desk.bring(table(RIGHT))
    with desk.database.writing() as session:
        first = claims.claim_next(session, now=now)
    assert first is not None
    for moment, expected in ((now + LEASE - timedelta(seconds=1), None), (now + LEASE, import_id)):
        with desk.database.writing() as session:
            assert anything_to_import(session, moment) is (expected is not None)
            taken = claims.claim_next(session, now=moment)
        assert (taken.import_id if taken else None) == expected


def test_a_worker_that_was_overtaken_settles_nothing(desk: Desk, now: datetime) -> None:
    import_id = desk.bring(table(RIGHT))
    with desk.database.writing() as session:
        slow = claims.claim_next(session, now=now)
    assert slow is not None
    later = now + LEASE
    assert desk.at(later).work() == f"Import {import_id}: checking done."
    settled = desk.import_(import_id)

    with pytest.raises(claims.ClaimLost):
        Run(desk.database, desk.shift.settings.data_folder, lambda: later, slow).go()
    assert desk.import_(import_id).version == settled.version


def test_a_cancelled_import_is_let_go_of(desk: Desk, now: datetime) -> None:
    checked = desk.check(table(RIGHT))
    desk.order(checked.id)
    with desk.database.writing() as session:
        claimed = claims.claim_next(session, now=now)
    assert claimed is not None
    with desk.database.writing() as session:
        bring.cancel(session, checked.id, seen=None, by=desk.person.id, now=now)

    with pytest.raises(claims.ClaimLost):
        Run(desk.database, desk.shift.settings.data_folder, lambda: now, claimed).go()
    assert observations(desk.database) == []
    assert desk.import_(checked.id).state is ImportState.CANCELLED


def test_a_worker_that_is_asked_to_end_hands_the_import_on_at_once(desk: Desk, now: datetime) -> None:
    import_id = desk.bring(table(RIGHT))
    assert work_on_imports(replace(desk.shift, stopping=lambda: True)) == ""
    assert desk.import_(import_id).leased_until is None
    assert desk.work() == f"Import {import_id}: checking done."


WORKER = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from tracker.storage import import_rows
from tracker.jobs.imports import work_on_imports
from tracker.jobs.job import Shift
from tracker.jobs.tidy import tidy
from tracker.settings import Mode, Settings
from tracker.storage.base import Database

url, folder, instant = sys.argv[1:]
settings = Settings(Mode.LOCAL, Path(folder), url, "", "http://localhost:8000", None, "tracker@localhost")
now = datetime.fromisoformat(instant)
whole = import_rows.add_observations


def die(session, staging, **how):
    whole(session, staging, **how)
    os.kill(os.getpid(), signal.SIGKILL)


import_rows.add_observations = die
work_on_imports(Shift(settings, Database(url), clock=lambda: now, stopping=lambda: False))
"""


def test_a_worker_that_is_killed_while_it_records_is_followed_by_another_and_all_is_recorded_once(
    desk: Desk, settings: Settings, now: datetime
) -> None:
    checked = desk.check(table(RIGHT))
    desk.order(checked.id)
    url = desk.database.engine.url.render_as_string(hide_password=False)
    words = [sys.executable, "-c", WORKER, url, str(settings.data_folder), now.isoformat()]
    killed = subprocess.run(words, cwd=ROOT, timeout=300, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert observations(desk.database) == []
    assert desk.work() == "", "the lease of the one that was killed is not over"

    later = desk.at(now + LEASE)
    assert later.work() == f"Import {checked.id}: recording done."
    assert later.work() == ""
    assert len(observations(desk.database)) == 1
    assert [batch.recorded_at for batch in batches(desk, checked.id)] == [now + LEASE]


# ---- how far it is ---------------------------------------------------------------------------------------------


@pytest.fixture
def reports_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.jobs.imports.SECONDS_BETWEEN_REPORTS", 0.0)
    monkeypatch.setattr("tracker.sheet.ROWS_TOGETHER", 10)
    monkeypatch.setattr("tracker.storage.staging.ROWS_AT_ONCE", 15)


def test_whoever_waits_sees_how_many_rows_are_read_and_the_lease_is_renewed(
    desk: Desk, now: datetime, reports_at_once: None
) -> None:
    import_id = desk.bring(table(*(f"MLI,{year},{CORRUPTION},0.1," for year in range(1990, 2020))))
    seen = []

    def watch(_rows: int) -> None:
        row = desk.import_(import_id)
        seen.append((row.rows_done, row.leased_until))

    moments = iter(now + timedelta(seconds=number) for number in range(20))
    with desk.database.writing() as session:
        claimed = claims.claim_next(session, now=now)
    assert claimed is not None
    Run(desk.database, desk.shift.settings.data_folder, lambda: next(moments), claimed, watching=watch).go()

    # three pieces are read, and then two are compared with the record
    assert [rows for rows, _until in seen] == [10, 20, 30, 30, 30]
    untils = [until for _rows, until in seen if until]
    assert untils == sorted(set(untils))
    assert len(untils) == 5


def test_a_form_does_not_grow_old_because_the_file_is_being_read(desk: Desk, now: datetime) -> None:
    import_id = desk.bring(table(RIGHT))
    version = desk.import_(import_id).version
    with desk.database.writing() as session:
        claimed = claims.claim_next(session, now=now)
        assert claimed is not None
        claims.renew(session, claimed, rows_done=7, now=now)
    assert (desk.import_(import_id).version, desk.import_(import_id).rows_done) == (version, 7)


# ---- files and people that are not as they should be -----------------------------------------------------------


def test_somebody_who_may_record_no_more_has_nothing_recorded(desk: Desk) -> None:
    checked = desk.check(table(RIGHT))
    desk.order(checked.id)
    with desk.database.writing() as session:
        session.get_one(Person, desk.person.id).status = PersonStatus.DEACTIVATED
    desk.work()
    assert desk.import_(checked.id).state is ImportState.FAILED
    assert observations(desk.database) == []


def test_rights_are_those_of_the_moment_and_not_of_the_upload(desk: Desk) -> None:
    checked = desk.check(table(RIGHT))
    desk.order(checked.id)
    with desk.database.writing() as session:
        session.get_one(Person, desk.person.id).roles = [PersonRole(role=Role.READER)]
    desk.work()
    assert desk.import_(checked.id).state is ImportState.FAILED


def test_a_country_out_of_scope_is_refused_in_the_words_of_one_that_does_not_exist(
    shift: Shift, database: Database, now: datetime
) -> None:
    stranger = desk_of(shift, now, countries=["PRY"])
    row = stranger.check(table(RIGHT, f"QQQ,2024,{CORRUPTION},-0.5,0.2", f"PRY,2024,{CORRUPTION},-0.5,0.2"))
    assert (row.rows_accepted, row.rows_refused) == (1, 2)
    with database.reading() as session:
        outside, unknown = problems.read(imports.problems_of(session, row.id))
    assert (outside.kind, outside.sentence) == (unknown.kind, unknown.sentence)
    assert (outside.cell, unknown.cell) == ("MLI", "QQQ")


def test_a_file_that_does_not_go_with_its_mapping_fails_in_a_sentence(desk: Desk, now: datetime) -> None:
    import_id = desk.bring(table(RIGHT))
    with desk.database.writing() as session:
        row = imports.locked(session, import_id)
        assert row is not None
        row.mapping = {**(row.mapping or {}), "header_row": 9}
    desk.work()
    assert "row 9" in (desk.import_(import_id).error or "")


# ---- answers of our own analysts -------------------------------------------------------------------------------


def test_answers_become_drafts_of_the_importer_and_no_evidence(desk: Desk, now: datetime) -> None:
    headings = "iso3,month,indicator,value,source,grade,handling,note,evidence"
    line = f"MLI,2026-02,{COURTS},3,A field office,B2,TLP:AMBER,Two judges,https://example.org/a"
    row = desk.record(table(line, headings=headings.replace("month", "date")))

    assert row.state is ImportState.RECORDED, row.error
    assert (row.findings or {})["values"] == {"draft": 1}
    assert observations(desk.database) == []
    [draft] = codings(desk.database)
    assert (draft.author_id, draft.state, draft.import_id) == (desk.person.id, CodingState.DRAFT, row.id)
    assert (draft.typed, draft.value, draft.source, draft.grade, draft.handling) == ("3", 3, "A field office", "B2", 2)
    assert draft.observed_on == date(2026, 2, 28)
    assert how_many(desk.database, Cell) == [1]


def test_an_answer_with_one_wrong_level_takes_its_row_with_it_and_no_other(desk: Desk) -> None:
    row = desk.check(table(f"MLI,2026-02,{COURTS},9,", f"NER,2026-02,{COURTS},1,"))
    assert (row.rows_accepted, row.rows_refused) == (1, 1)
    assert problem_kinds(desk, row.id) == ["no_such_level"]


@ONE_ENGINE
def test_each_step_stands_in_the_audit_log_without_what_the_file_says(desk: Desk) -> None:
    row = desk.record(table(f"MLI,2024,{CORRUPTION},-0.53125,0.2", "Secretland,2024,x,1,"), leave_out=1)
    with desk.database.reading() as session:
        entries = audit_entries.found(session, audit_entries.Search(words=f"import {row.id}"), limit=20)
        told = str([(entry.action, entry.before, entry.after, entry.reason) for entry in entries])
    actions = [entry.action for entry in reversed(entries)]
    assert actions == ["file brought", "import mapped", "import checked", "import ordered", "import recorded"]
    assert "figures.csv" in told
    assert "0.53125" not in told
    assert "Secretland" not in told


# ---- what nobody took any further ------------------------------------------------------------------------------


@ONE_ENGINE
@pytest.mark.parametrize(("days", "state"), [(30, ImportState.CHECKED), (31, ImportState.CANCELLED)])
def test_a_file_that_nobody_took_any_further_is_forgotten_after_thirty_days(
    desk: Desk, now: datetime, days: int, state: ImportState
) -> None:
    row = desk.check(table(RIGHT))
    told = tidy(desk.at(now + timedelta(days=days)).shift)
    assert ("1 files brought" in told) is (state is ImportState.CANCELLED)
    assert desk.import_(row.id).state is state


@ONE_ENGINE
def test_what_a_killed_worker_left_behind_is_removed_after_a_day(desk: Desk) -> None:
    folder = desk.shift.settings.data_folder / "imports"
    for name, hours in (("import-old", 25), ("import-new", 23)):
        (folder / name).mkdir(parents=True)
        (folder / name / "file").write_bytes(b"a")
        os.utime(folder / name / "file", (time.time() - hours * 3600,) * 2)
    desk.work()
    assert [one.name for one in folder.iterdir()] == ["import-new"]
