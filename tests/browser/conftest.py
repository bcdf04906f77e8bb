"""A real Chromium, one per test process, and a fresh context in it for every test.

Whatever the browser complains of fails the test: an error on its console, an error of a script, a breach of the
content security policy, a reach for another machine.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, WebError, sync_playwright

from tracker.commands.chromium import MISSING, chromium_path

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
LONGEST_WAIT_MILLISECONDS = 10_000
TELL_OF_BREACHES = """
addEventListener("securitypolicyviolation", (breach) =>
  console.error(`content security policy: ${breach.violatedDirective} blocked ${breach.blockedURI}`))
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = chromium_path(os.environ)
    if found is None:
        pytest.fail(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of. A test that provokes a complaint looks at it here and clears it."""
    return []


@pytest.fixture
def context(browser: Browser, complaints: list[str]) -> Iterator[BrowserContext]:
    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"{message.text} ({message.location['url']})")

    def on_error(error: WebError) -> None:
        complaints.append(f"error in a script: {error.error}")

    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        context.set_default_timeout(LONGEST_WAIT_MILLISECONDS)
        context.add_init_script(TELL_OF_BREACHES)
        context.on("console", on_console)
        context.on("weberror", on_error)
        yield context
    assert complaints == [], "the browser complained"


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
