"""A real Chromium, one per test process, and a fresh context in it for every test.

Whatever the browser complains of fails the test: an error on its console, an error of a script, a breach of the
content security policy, a reach for another machine.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, WebError, expect, sync_playwright

from tests import factories
from tests.conftest import usual_settings
from tests.databases import open_database
from tests.served import served
from tracker.access import Role
from tracker.commands.checking import listen
from tracker.commands.chromium import MISSING, chromium_path
from tracker.demo.loading import load_demo
from tracker.handling import Mark
from tracker.settings import Settings
from tracker.storage.base import Database
from tracker.storage.migrating import upgrade
from tracker.web.app import create_app
from tracker.web.doorstep import front_of

HERE = Path(__file__).parent
ARGUMENTS = [
    "--no-sandbox",  # as root, in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
# On a machine that does much else at the same time; what comes sooner costs nothing.
LONGEST_WAIT_MILLISECONDS = 60_000
expect.set_options(timeout=LONGEST_WAIT_MILLISECONDS)
TELL_OF_BREACHES = """
addEventListener("securitypolicyviolation", (breach) =>
  console.error(`content security policy: ${breach.violatedDirective} blocked ${breach.blockedURI}`))
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


def chromium_found() -> Path:
    found = chromium_path(os.environ)
    if found is None:
        pytest.fail(MISSING)
    return found


@pytest.fixture(scope="session")
def launch() -> Iterator[Callable[[], Browser]]:
    """Starts a browser; a test that kills one takes one of its own."""
    with sync_playwright() as playwright:
        yield lambda: playwright.chromium.launch(executable_path=chromium_found(), args=ARGUMENTS)


@pytest.fixture(scope="session")
def browser(launch: Callable[[], Browser]) -> Iterator[Browser]:
    browser = launch()
    yield browser
    browser.close()


def wait_until(page: Page, true: Callable[[], bool]) -> None:
    """What a page does by itself is done when it is done: the world is asked for it, and no time is counted on."""
    deadline = time.monotonic() + LONGEST_WAIT_MILLISECONDS / 1000
    while not true():
        assert time.monotonic() < deadline, "it never came to that"
        page.wait_for_timeout(50)


@contextmanager
def watched_context(browser: Browser, complaints: list[str], **options: Any) -> Iterator[BrowserContext]:
    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"{message.text} ({message.location['url']})")

    def on_error(error: WebError) -> None:
        complaints.append(f"error in a script: {error.error}")

    with browser.new_context(viewport={"width": 1440, "height": 900}, **options) as context:
        context.set_default_timeout(LONGEST_WAIT_MILLISECONDS)
        context.add_init_script(TELL_OF_BREACHES)
        context.on("console", on_console)
        context.on("weberror", on_error)
        yield context


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of. A test that provokes a complaint looks at it here and clears it."""
    return []


@pytest.fixture
def context(browser: Browser, complaints: list[str]) -> Iterator[BrowserContext]:
    with watched_context(browser, complaints) as context:
        yield context
    assert complaints == [], "the browser complained"


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture(scope="session")
def _lasting_page(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    complaints: list[str] = []
    with watched_context(browser, complaints) as context:
        yield context.new_page(), complaints


@pytest.fixture
def lasting_page(_lasting_page: tuple[Page, list[str]]) -> Iterator[Page]:
    """For tests that only look: opening a window for each takes longer than the look. Whoever was signed in is not."""
    page, complaints = _lasting_page
    page.context.clear_cookies()
    complaints.clear()
    yield page
    assert complaints == [], "the browser complained"


@dataclass(frozen=True)
class Live:
    """The product, served as in real life, on the demonstration's invented archipelago."""

    address: str
    database: Database
    settings: Settings
    app: Flask

    def let_in(self, context: BrowserContext, *roles: Role, now: datetime | None = None) -> int:
        """Gives this browser the session of somebody with these roles, without the way through the form."""
        moment = now or datetime.now(UTC)
        with self.database.writing() as session:
            who = factories.person(session, name="A colleague", roles=roles, clearance=Mark.RED, created_at=moment)
            key = factories.sign_in(session, who, now=moment)
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie.update(key=key, seen=moment.timestamp())
        value = client.get_cookie("tracker")
        assert value is not None
        context.add_cookies([{"name": "tracker", "value": value.value, "url": self.address}])
        return who.id


@pytest.fixture(scope="session")
def archipelago(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the demonstration in it, made once per test process and copied for every test."""
    file = tmp_path_factory.mktemp("archipelago") / "tracker.sqlite3"
    upgrade(f"sqlite:///{file}")
    database = open_database(f"sqlite:///{file}")
    with database.writing() as session:
        load_demo(session, now=datetime.now(UTC))
    database.dispose()
    assert not Path(f"{file}-wal").exists(), "copying the file alone is right only while nothing is left in the log"
    return file


@pytest.fixture
def live(archipelago: Path, settings: Settings) -> Iterator[Live]:
    """For a test that changes things: an installation of its own."""
    with serving(archipelago, settings) as live:
        yield live


@pytest.fixture(scope="session")
def shown(archipelago: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """For tests that only look: one for all of them, because starting it takes longer than a look."""
    with serving(archipelago, usual_settings(tmp_path_factory.mktemp("shown"))) as live:
        yield live


@contextmanager
def serving(archipelago: Path, settings: Settings) -> Iterator[Live]:
    shutil.copyfile(archipelago, settings.data_folder / "tracker.sqlite3")
    database = open_database(settings.database_url)
    # held from the start: a port found free and named later may be gone by then
    (listening,) = listen("127.0.0.1", 0)
    addressed = replace(settings, public_url=f"http://localhost:{listening.getsockname()[1]}")
    app = create_app(addressed, database)
    with served(front_of(app), listening):
        yield Live(addressed.public_url, database, addressed, app)
    database.dispose()
