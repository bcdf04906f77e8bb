"""What becomes of a file that was brought: how far it is, how it is taken back, and who sees it."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import insert, select

from tests.importing import CORRUPTION, COURTS, how_many, standing, table
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.browsing import token_on
from tests.web.conftest import BOTH_ENGINES, SignInAs, TestClock
from tests.web.imports.bringing import ONE_ENGINE, RIGHT, WRONG, brought, check, import_of, record
from tracker.access import Role
from tracker.handling import Mark
from tracker.jobs.job import Shift
from tracker.storage.base import Database, Session
from tracker.storage.recording import ImportState, Observation
from tracker.storage.running import JobRun


@ONE_ENGINE
def test_whoever_waits_sees_that_they_may_leave_and_whether_anybody_works(
    analyst: StrictClient, database: Database, now: datetime
) -> None:
    page = brought(analyst, table(*RIGHT))
    analyst.submit_form(analyst.get(page), action=f"{page}/columns")
    waiting = analyst.get(page)
    assert "You can leave this page" in text_of(waiting)
    assert "No worker is running" in text_of(waiting)
    assert parsed(waiting).xpath("//script[contains(@src, 'progress.js')]")

    with database.writing() as session:
        session.add(JobRun(job="heartbeat", started_at=now, finished_at=now))
    assert "No worker is running" not in text_of(analyst.get(page))


@ONE_ENGINE
def test_an_import_can_be_cancelled_and_its_file_is_forgotten(
    analyst: StrictClient, database: Database, shift: Shift
) -> None:
    page = brought(analyst, table(*RIGHT))
    check(analyst, page, shift)
    analyst.submit_form(analyst.get(page), action=f"{page}/cancel")
    row = import_of(database, page)
    assert row.state is ImportState.CANCELLED
    assert "It was cancelled" in text_of(analyst.get(page))
    fields = {"csrf_token": token_on(analyst, "/imports/new"), "seen": str(row.version)}
    assert analyst.post(f"{page}/record", data=fields).status_code == 409


def test_a_page_that_is_out_of_date_starts_nothing(analyst: StrictClient, database: Database, shift: Shift) -> None:
    page = brought(analyst, table(*RIGHT))
    old = check(analyst, page, shift)
    check(analyst, page, shift, fixed_source="A field office")
    answer = analyst.submit_form(old, action=f"{page}/record")
    assert answer.status_code == 409
    assert import_of(database, page).state is ImportState.CHECKED


# ---- taking it back --------------------------------------------------------------------------------------------


@BOTH_ENGINES
def test_everything_from_a_file_is_taken_back_with_a_reason(
    analyst: StrictClient, sign_in_as: SignInAs, database: Database, shift: Shift
) -> None:
    page = brought(analyst, table(*RIGHT))
    check(analyst, page, shift)
    record(analyst, page, shift)
    reviewer = sign_in_as(Role.REVIEWER, name="Rosa")
    assert reviewer.submit(f"{page}/withdraw", reason=" ").status_code == 422
    assert how_many(database, Observation) == [3]

    reviewer.submit(f"{page}/withdraw", reason="The wrong edition")
    assert standing(database) == {}
    said = text_of(reviewer.get(page))
    assert "taken back by Rosa" in said
    assert "The wrong edition" in said


# ---- who sees what ---------------------------------------------------------------------------------------------


@ONE_ENGINE
def test_nobody_else_sees_what_stands_in_a_file(analyst: StrictClient, sign_in_as: SignInAs, shift: Shift) -> None:
    page = brought(analyst, table(*RIGHT, WRONG.replace("-0.5", "-0.53125"), f"MLI,2023,{CORRUPTION},0.53125x,"))
    check(analyst, page, shift)
    assert "0.53125" in text_of(analyst.get(page))
    for role in (Role.REVIEWER, Role.ADMINISTRATOR):
        other = sign_in_as(role)
        said = text_of(other.get(page))
        assert "figures.csv" in said
        assert "2 refused" in said
        assert "0.53125" not in said
        assert "Atlantis" not in said
        assert "figures.csv" in text_of(other.get("/imports"))
        assert other.get(f"{page}/problems.csv").status_code in (403, 404)


def test_another_analyst_does_not_know_of_it(analyst: StrictClient, sign_in_as: SignInAs, shift: Shift) -> None:
    page = brought(analyst, table(*RIGHT))
    other = sign_in_as(Role.ANALYST)
    token = {"csrf_token": token_on(other, "/imports/new")}
    assert "No file yet" in text_of(other.get("/imports"))
    for path in ("", "/problems.csv", "/withdraw"):
        assert other.get(page + path).status_code == 404
    for path in ("/columns", "/record", "/cancel", "/withdraw"):
        assert other.post(page + path, data=token).status_code == 404
    # the same file in other hands tells nothing of the first
    assert "brought before" not in text_of(other.get(brought(other, table(*RIGHT))))


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMINISTRATOR])
@pytest.mark.parametrize(
    ("line", "countries", "seen"),
    [
        (f"TCD,2024,{CORRUPTION},-0.5,0.2", ["MLI", "TCD"], True),
        (f"TCD,2024,{CORRUPTION},-0.5,0.2", ["MLI"], False),
        (f"TCD,2026-02,{COURTS},2,", ["MLI", "TCD"], True),
        (f"TCD,2026-02,{COURTS},2,", ["MLI"], False),
        (f"TCD,2026-02,{COURTS},2,", [], False),
    ],
)
def test_whoever_works_on_some_countries_sees_files_about_these_alone(
    analyst: StrictClient, sign_in_as: SignInAs, shift: Shift, role: Role, line: str, countries: list[str], seen: bool
) -> None:
    page = brought(analyst, table(f"MLI,2024,{CORRUPTION},-0.5,0.2", f"MLI,2023,{CORRUPTION},-0.5,0.2", line))
    check(analyst, page, shift)
    other = sign_in_as(role, countries=countries)
    # before anything is recorded nobody knows what it is about
    assert "figures.csv" not in text_of(other.get("/imports"))
    assert other.get(page).status_code == 404

    record(analyst, page, shift)
    assert ("figures.csv" in text_of(other.get("/imports"))) is seen
    assert other.get(page).status_code == (200 if seen else 404)
    assert "figures.csv" in text_of(analyst.get("/imports"))


@pytest.mark.parametrize("role", [Role.READER, Role.METHODOLOGIST])
@ONE_ENGINE
def test_who_neither_records_nor_reviews_has_no_imports(sign_in_as: SignInAs, role: Role) -> None:
    stranger = sign_in_as(role)
    assert stranger.get("/imports").status_code == 403
    assert "/imports" not in stranger.get("/countries").text


@ONE_ENGINE
def test_the_short_address_leads_to_the_list(analyst: StrictClient) -> None:
    assert analyst.get("/import").headers["Location"] == "/imports"


def test_the_list_says_what_became_of_each(analyst: StrictClient, shift: Shift, clock: TestClock) -> None:
    page = brought(analyst, table(*RIGHT, WRONG), "first.csv")
    check(analyst, page, shift)
    brought(analyst, table(*RIGHT, f"MLI,2022,{CORRUPTION},,"), "second.csv")
    rows = parsed(analyst.get("/imports")).xpath("//main//tbody/tr")
    told = [" ".join(str(row.text_content()).split()) for row in rows]
    assert [line.split(" ")[0] for line in told] == ["second.csv", "first.csv"]
    assert "columns to be chosen" in told[0]
    assert "checked" in told[1]
    assert "Ana" in told[1]


@ONE_ENGINE
def test_files_are_narrowed_to_those_that_say_something_of_a_group_at_a_mark_that_the_reader_may_see(
    analyst: StrictClient, sign_in_as: SignInAs, database: Database, shift: Shift
) -> None:
    page = brought(analyst, table(*RIGHT), name="sahel.csv")
    check(analyst, page, shift)
    record(analyst, page, shift)
    reviewer = sign_in_as(Role.REVIEWER, clearance=Mark.GREEN)

    assert "sahel.csv" in text_of(reviewer.get("/imports?group=african_union"))
    assert "No file about these countries" in text_of(reviewer.get("/imports?group=asean"))
    assert reviewer.get("/imports?group=nowhere").status_code == 404

    with database.writing() as session:
        [batch_id] = session.scalars(select(Observation.batch_id).distinct())
        session.execute(insert(Observation), [_marked(session, batch_id, Mark.RED, iso3="MYS")])
    assert "sahel.csv" not in text_of(reviewer.get("/imports?group=asean"))
    assert "sahel.csv" in text_of(sign_in_as(Role.REVIEWER, clearance=Mark.RED).get("/imports?group=asean"))


def _marked(session: Session, batch_id: int, mark: Mark, iso3: str) -> dict[str, Any]:
    """An observation like the first of the batch, of another country."""
    first = session.scalars(select(Observation).where(Observation.batch_id == batch_id)).first()
    row = {column.key: getattr(first, column.key) for column in Observation.__table__.columns}
    return row | {"iso3": iso3, "handling": int(mark)}
