"""A file's way into the record, in a real browser: the page follows the worker by itself."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Live
from tests.browser.test_every_page import DESK, PHONE, keep, looks
from tests.importing import kept_import, table
from tracker.access import Role
from tracker.jobs.imports import work_on_imports
from tracker.jobs.job import Shift
from tracker.storage import job_runs
from tracker.storage.admitting import Person
from tracker.storage.recording import Import, ImportState

PUBLISHED = "wgi_control_of_corruption"


@pytest.fixture
def shift(live: Live) -> Shift:
    return Shift(live.settings, live.database, clock=lambda: datetime.now(UTC), stopping=lambda: False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    places = ("XAA", "XAB", "XAC")
    rows = [f"{iso3},{year},{PUBLISHED},-0.{year % 7},0.2" for year in range(2001, 2021) for iso3 in places]
    wrong = [f"Atlantis,2019,{PUBLISHED},1,", f"XAD,2019,{PUBLISHED},12%,", f"XAE,2019,{PUBLISHED},one half,"]
    path = tmp_path / "figures of the archipelago.csv"
    path.write_bytes(table(*rows, *wrong, f"XAF,2019,{PUBLISHED},..,"))
    return path


def test_the_page_follows_the_worker_from_the_upload_to_the_record(
    live: Live, context: BrowserContext, page: Page, shift: Shift, file: Path
) -> None:
    live.let_in(context, Role.ANALYST, Role.REVIEWER)
    with live.database.writing() as session:
        job_runs.add_first(session, "heartbeat", now=datetime.now(UTC), due_again_at=datetime.now(UTC))
    page.goto(f"{live.address}/imports/new")
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Bring it").click()
    page.get_by_role("button", name="Check every row").click()
    expect(page.get_by_text("Waiting for its turn.")).to_be_visible()
    one = page.url
    assert looks(page, one, "imports.one-waiting") == []

    work_on_imports(shift)
    # nobody presses anything: the script asks again, and opens the page anew
    expect(page.get_by_role("button", name="Record the 60 usable rows and leave out 3")).to_be_visible()
    assert looks(page, one, "imports.one-checked") == []
    with page.expect_navigation():
        page.get_by_role("button", name="Record the 60 usable rows").click()
    work_on_imports(shift)
    expect(page.get_by_text("60 new values recorded")).to_be_visible()
    assert looks(page, one, "imports.one-recorded") == []


def test_without_a_script_a_link_shows_how_far_it_is(live: Live, context: BrowserContext, page: Page) -> None:
    visitor = live.let_in(context, Role.ANALYST)
    now = datetime.now(UTC)
    with live.database.writing() as session:
        who = session.get_one(Person, visitor)
        recording = {"state": ImportState.RECORDING, "rows_read": 1000, "rows_accepted": 1000, "rows_done": 400}
        import_id = kept_import(session, who, now=now, leased_until=now, findings={}, **recording).id
    page.route("**/progress.js*", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(f"{live.address}/imports/{import_id}")
    for width, height in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": height})
        assert keep(page, f"imports.one-recording-{width}") == []
    assert page.get_by_text("400 of 1,000 rows read").is_visible()
    with live.database.writing() as session:
        session.get_one(Import, import_id).rows_done = 900
    page.get_by_role("link", name="See how far it is").click()
    expect(page.get_by_text("900 of 1,000 rows read")).to_be_visible()
