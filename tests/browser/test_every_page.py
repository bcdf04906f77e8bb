"""Every page, as a person meets it: on a phone and on a desk, in light and dark, with axe looking on.

With SCREENSHOTS=FOLDER in the environment each page is also kept as a picture, to be looked at.
"""

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import BrowserContext, Page
from werkzeug.routing import Rule

from tests.browser.conftest import Live
from tests.style_guide.app import style_guide
from tracker.access import Role
from tracker.storage import people
from tracker.web.guards import ANYBODY, POLICY
from tracker.web.site_map import BLUEPRINTS

PHONE, DESK = (375, 812), (1440, 900)
# What answers with something else than a page.
NO_PAGES = {"health.health", "home.home"}
RULES_OF_AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def rules() -> list[Rule]:
    """All that can be opened by address: the routes that answer GET with a page."""
    app = Flask("site map", static_folder=None)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return sorted(
        (
            rule
            for rule in app.url_map.iter_rules()
            if "GET" in (rule.methods or ())
            and rule.endpoint not in NO_PAGES
            and not rule.rule.endswith((".csv", ".txt"))
        ),
        key=lambda rule: rule.rule,
    )


def address(live: Live, rule: Rule) -> str:
    with live.database.reading() as session:
        person_id = people.everybody(session)[0].id
    known: dict[str, Any] = {"iso3": "XAA", "key": "rule_of_law", "person_id": person_id, "token": "unknown"}
    path = rule.rule
    for name in rule.arguments:
        for written in (f"<{name}>", f"<int:{name}>", f"<path:{name}>"):
            path = path.replace(written, str(known[name]))
    return live.address + path


def findings(page: Page) -> list[str]:
    response = Axe().run(page, options=RULES_OF_AXE).response
    return [
        f"{violation['id']}: {violation['help']} at {[node['target'] for node in violation['nodes']][:3]}"
        for violation in response["violations"]
    ]


def look(page: Page, name: str) -> list[str]:
    """What is wrong with the page as it is now."""
    folder = os.environ.get("SCREENSHOTS", "")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    wrong = [f"{name}: {too_wide} px wider than the screen"] if too_wide > 0 else []
    return wrong + [f"{name}: {finding}" for finding in findings(page)]


def looks(page: Page, url: str, name: str) -> list[str]:
    """The same page on a phone in dark and on a desk in light, and the other way round for the colours."""
    wrong = []
    for size, where in ((PHONE, "375"), (DESK, "1440")):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.goto(url)
            wrong += look(page, f"{name}-{where}-{scheme}")
    return wrong


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.endpoint)
def test_a_page_has_no_findings_and_fits_every_screen(
    live: Live, context: BrowserContext, page: Page, rule: Rule
) -> None:
    if POLICY[rule.endpoint] != ANYBODY:
        live.let_in(context, *Role)

    assert looks(page, address(live, rule), rule.endpoint) == []


def test_a_page_that_does_not_exist_has_no_findings(live: Live, page: Page, complaints: list[str]) -> None:
    wrong = looks(page, f"{live.address}/no-such-page", "not-found")

    assert wrong == []
    assert len(complaints) == 4, "the browser tells of each 404"
    complaints.clear()


def test_a_bad_page_would_be_found(live: Live, page: Page) -> None:
    page.goto(live.address + "/sign-in")
    page.evaluate("document.querySelector('h1').remove()")
    page.evaluate("document.querySelector('label').remove()")

    assert len(findings(page)) >= 2


def test_the_style_guide_has_no_findings_from_right_to_left(live: Live, page: Page) -> None:
    with style_guide(live.settings, live.database, language="ar") as guide:
        assert looks(page, guide, "style-guide-rtl") == []


def test_the_style_guide_has_no_findings(live: Live, page: Page) -> None:
    with style_guide(live.settings, live.database, language="en") as guide:
        assert looks(page, guide, "style-guide") == []
