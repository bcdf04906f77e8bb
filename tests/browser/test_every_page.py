"""Every page, as a person meets it: on a phone and on a desk, in light and dark, with axe looking on.

With SCREENSHOTS=FOLDER in the environment each page is also kept as a picture, to be looked at.
"""

import os
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import update
from werkzeug.routing import Rule

from tests import case_studies, drafts, factories, focal_points, situations
from tests.browser.conftest import Live
from tests.bundles import FIGURE, kept_bundle
from tests.council_acts import council_act
from tests.deliveries import delivered
from tests.digests import subscribed
from tests.importing import kept_import
from tests.responses import Hand
from tests.style_guide.app import style_guide
from tracker.access import PersonStatus, Role
from tracker.actions import links
from tracker.actions.digests.leaving import leave_token
from tracker.actions.reading import save_view
from tracker.digest import REFUSALS_UNTIL_SUPPRESSED, DeliveryKind, DeliveryState
from tracker.handling import Mark
from tracker.response import ResponseState
from tracker.storage import catalogue, observations, people, refused_addresses
from tracker.storage.admitting import LinkPurpose, Person
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation
from tracker.storage.feeding import Webhook
from tracker.storage.readers import Visit
from tracker.storage.recording import Import, ImportState
from tracker.web.guards import ANYBODY, POLICY
from tracker.web.site_map import BLUEPRINTS

PHONE, DESK = (375, 812), (1440, 900)
# What answers with something else than a page.
THIN = "XAG"  # the demonstration's country with the least evidence: the quickest to look at
BUSY = "XAA"  # where something waits for the reviewer
NO_PAGES = {"health.health", "sharing.download", "dashboard.start", "imports.short_address", "enter.go"}
# Shown in a frame of a page, and looked at there.
MAILS = {"deliveries.mail", "digests.preview_mail", "digests.preview_text"}
RULES_OF_AXE = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


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
            and rule.endpoint not in NO_PAGES | MAILS
            and not rule.rule.endswith((".csv", ".txt", ".toml", ".xlsx", ".pdf", ".atom", ".ics"))
        ),
        key=lambda rule: rule.rule,
    )


def address(live: Live, rule: Rule, visitor: int | None) -> str:
    """A real thing for each part of the address, the visitor's own where it must be theirs."""
    now = datetime.now(UTC)
    with live.database.writing() as session:
        somebody = people.everybody(session)[0]
        invited = factories.person(session, status=PersonStatus.INVITED, password_hash=None, created_at=now)
        known = {
            "iso3": BUSY if rule.endpoint == "review.country" else THIN,
            "key": "rule_of_law",
            "measure_key": "quiet_talks",
            "group_key": "archipelago_community",
            "year": str(now.year),
            "other_iso3": BUSY,
            "person_id": str(somebody.id),
        }
        if rule.arguments & {"focal_point_id"}:
            known["focal_point_id"] = str(focal_points.appointed(session, iso3=THIN, now=now).id)
        if rule.arguments & {"case_study_id"}:
            known["case_study_id"] = str(case_studies.written(session, iso3=THIN, now=now).id)
        if rule.arguments & {"bundle_id"}:
            known["bundle_id"] = str(_bundle(session, visitor or somebody.id, rule.endpoint, now))
        if rule.arguments & {"request_id"}:
            known["request_id"] = str(_asked(session, visitor, now))
        if "key" in rule.arguments and "iso3" in rule.arguments:
            indicators = catalogue.indicator_ids(session)
            newest = observations.of_country(session, THIN, Mark.CLEAR, on=now.date())[-1]
            known["key"] = next(key for key, number in indicators.items() if number == newest.indicator_id)
            known["day"] = newest.observed_on.isoformat()
        if visitor:
            owner = somebody if "person_id" in rule.arguments else session.get_one(Person, visitor)
            known["passkey_id"] = str(factories.passkey(session, owner, now=now).id)
            known["import_id"] = str(_import(session, owner, rule.endpoint, now).id)
        if visitor and rule.endpoint.startswith(("digests.", "deliveries.", "webhooks.")):
            known |= _told(session, session.get_one(Person, visitor), now)
        if visitor and rule.endpoint.startswith(("dashboard.", "own.")):
            # what happened in the last year is new to them, and they keep a view
            session.add(Visit(person_id=visitor, new_since=now - timedelta(days=365)))
            save_view(session, visitor, "All of them", "/?who=all", is_start=False)
        if rule.arguments & {"situation_id"}:
            there = situations.case(session, iso3=THIN, now=now)
            known["situation_id"], known["flag_id"] = str(there.situation_id), str(there.flag_id)
            known["event_id"], known["target"] = str(there.assessment_id), "responding"
            if rule.endpoint == "practice.tell":
                known["situation_id"] = str(situations.closed(session, iso3=THIN, now=now).id)
            if rule.endpoint == "situation_acts.close":
                known["situation_id"] = str(situations.a_part(session, iso3=THIN, now=now).id)
        if "occasion_id" in rule.arguments:
            known["occasion_id"] = str(situations.case(session, iso3=THIN, now=now).occasion_id)
        if rule.endpoint == "council_acts.council_acts":
            council_act(session, somebody.id, iso3=THIN, now=now)
        if "response_id" in rule.arguments:
            known["response_id"] = str(_response(session, rule.endpoint, now))
        if rule.arguments & {"rule_key", "number"}:
            known["rule_key"] = "weak_rule_of_law"
            of_rule = known["rule_key"] if "rule_key" in rule.arguments else None
            known["number"] = str(drafts.a_draft(session, visitor or somebody.id, now=now, of_rule=of_rule))
        if "token" in rule.arguments:
            known["token"] = _token(session, rule.endpoint, invited, now, live.settings.secret)
    path = rule.rule
    for name in rule.arguments:
        path = re.sub(f"<(int:|path:)?{name}>", known[name], path)
    return live.address + path


def _bundle(session: Session, visitor: int, endpoint: str, now: datetime) -> int:
    about = replace(FIGURE, country=THIN, day=now.date())
    return kept_bundle(session, session.get_one(Person, visitor), endpoint, now=now, observation=about).id


def _asked(session: Session, visitor: int | None, now: datetime) -> int:
    """In the visitor's name: they may withdraw it."""
    made = focal_points.asked(session, iso3=THIN, now=now)
    made.asked_by = visitor or made.asked_by
    return made.id


def _response(session: Session, endpoint: str, now: datetime) -> int:
    """In the state in which it takes that step; its page shows all that a page can."""
    there = situations.case(session, iso3=THIN, now=now)
    by = situations.somebody(session, Role.REVIEWER, now=now)
    states = {
        "responses.response": ResponseState.DONE,
        "response_acts.start": ResponseState.DECIDED,
        **dict.fromkeys(("response_acts.report", "response_acts.done"), ResponseState.UNDER_WAY),
        "response_acts.abandon": ResponseState.UNDER_WAY,
    }
    hand = Hand(session, by, now)
    one = hand.propose(session.get_one(Situation, there.situation_id), title=f"A step for {endpoint}")
    return hand.bring(one, states.get(endpoint, ResponseState.PROPOSED)).id


def _import(session: Session, who: Person, endpoint: str, now: datetime) -> Import:
    """Recorded where it is about taking it back; else in need of columns."""
    counts = {"rows_read": 3, "rows_accepted": 3, "findings": {"values": {"new": 3}, "problems": {}}}
    recorded = {"state": ImportState.RECORDED, "content": None, **counts}
    return kept_import(session, who, now=now, **(recorded if endpoint == "imports.withdraw" else {}))


def _told(session: Session, visitor: Person, now: datetime) -> dict[str, str]:
    """A digest of theirs, told to a chat too; what was sent, what was given up, and an address that takes nothing."""
    digest = subscribed(session, person=visitor, now=now, name="What is new in the archipelago")
    session.add(Webhook(subscription_id=digest.id, host="chat.example.org", sealed="sealed", made_at=now))
    given_up = delivered(session, visitor, subscription=digest, state=DeliveryState.DEAD, now=now)
    delivered(session, visitor, now=now)
    for _ in range(REFUSALS_UNTIL_SUPPRESSED):
        refused_addresses.count(session, "gone@example.org", "550 5.1.1 No such user here", now=now)
    return {"subscription_id": str(digest.id), "delivery_id": str(given_up.id)}


def _token(session: Session, endpoint: str, invited: Person, now: datetime, secret: str) -> str:
    """A link that works, so that the form behind it is looked at and not the refusal."""
    if endpoint == "leaving.leave":
        return leave_token(secret, DeliveryKind.DIGEST, subscribed(session, person=invited, now=now).id)
    if endpoint == "joining.first_administrator":
        session.execute(update(Person).values(status=PersonStatus.DEACTIVATED))
        return links.first_administrator_link(session, now=now) or ""
    purpose = {
        "joining.accept": LinkPurpose.INVITATION,
        "reset.choose": LinkPurpose.RESET,
        "account.confirm_address": LinkPurpose.ADDRESS_CHANGE,
    }[endpoint]
    who = invited.id if purpose is LinkPurpose.INVITATION else people.everybody(session)[0].id
    day = timedelta(days=1)
    return links.make(session, purpose, person_id=who, lifetime=day, now=now, details="new@example.org")


def findings(page: Page) -> list[str]:
    response = Axe().run(page, options=RULES_OF_AXE).response
    return [
        f"{violation['id']}: {violation['help']} at {[node['target'] for node in violation['nodes']][:3]}"
        for violation in response["violations"]
    ]


def keep(page: Page, name: str) -> list[str]:
    """Keeps a picture of the page where that was asked for, and says whether it is wider than the screen."""
    folder = os.environ.get("SCREENSHOTS", "")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"{name}: {too_wide} px wider than the screen"] if too_wide > 0 else []


def looks(page: Page, url: str, name: str, status: int = 200) -> list[str]:
    """The page on a phone in light, with axe looking on, and on a desk in dark; for pictures the other two as well.

    axe would say the same of the second look but for the colours, and those are held by the tests of the stylesheet
    and by the style guide, at which it looks in both schemes, from left to right: no colour knows a direction.
    """
    seen = [(PHONE, "light"), (DESK, "dark")]
    if os.environ.get("SCREENSHOTS"):
        seen += [(PHONE, "dark"), (DESK, "light")]
    answer = page.goto(url)
    assert answer is not None
    assert answer.status == status
    wrong = []
    for (width, height), scheme in seen:
        page.set_viewport_size({"width": width, "height": height})
        # without motion: a colour on its way to another is neither
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        found = keep(page, f"{name}-{width}-{scheme}")
        if (width, scheme) == (PHONE[0], "light") or name == "style-guide":
            found += findings(page)
        wrong += [f"{width} {scheme}: {finding}" for finding in found]
    return wrong


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.endpoint)
def test_a_page_has_no_findings_and_fits_every_screen(shown: Live, lasting_page: Page, rule: Rule) -> None:
    visitor = shown.let_in(lasting_page.context, *Role) if POLICY[rule.endpoint] != ANYBODY else None

    assert looks(lasting_page, address(shown, rule, visitor), rule.endpoint) == []


def test_a_country_with_much_evidence_fits_every_screen(shown: Live, context: BrowserContext, page: Page) -> None:
    shown.let_in(context, *Role)
    for width, height in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{shown.address}/countries/{BUSY}")
        page.evaluate("document.querySelectorAll('.tree details').forEach(criterion => criterion.open = true)")

        assert page.locator(".tree-inside tbody tr:visible").count() > 40
        assert keep(page, f"countries.country-full-{width}") == []
    assert findings(page) == []


def test_countries_side_by_side_have_no_findings_and_fit_every_screen(
    shown: Live, context: BrowserContext, page: Page
) -> None:
    shown.let_in(context, *Role)

    assert looks(page, f"{shown.address}/compare?with={BUSY}&with={THIN}", "compare.compare-two") == []


@pytest.mark.parametrize(("path", "status"), [("/no-such-page", 404), ("/invitation/unknown", 410)])
def test_an_error_page_has_no_findings(shown: Live, page: Page, complaints: list[str], path: str, status: int) -> None:
    assert looks(page, shown.address + path, f"error-{status}", status) == []

    assert complaints, "the browser tells of each answer that is an error"
    assert all(f"status of {status}" in complaint for complaint in complaints)
    complaints.clear()


def test_a_bad_page_would_be_found(shown: Live, page: Page) -> None:
    page.goto(shown.address + "/sign-in")
    page.evaluate("document.querySelector('h1').remove()")
    page.evaluate("document.querySelector('label').remove()")

    assert len(findings(page)) >= 2


def test_the_style_guide_has_no_findings_from_right_to_left(shown: Live, page: Page) -> None:
    with style_guide(shown.settings, shown.database, language="ar") as guide:
        assert looks(page, guide, "style-guide-rtl") == []


def test_the_style_guide_has_no_findings(shown: Live, page: Page) -> None:
    with style_guide(shown.settings, shown.database, language="en") as guide:
        assert looks(page, guide, "style-guide") == []


def test_the_demonstration_says_on_every_page_that_nothing_in_it_is_real(
    shown: Live, context: BrowserContext, page: Page
) -> None:
    shown.let_in(context, Role.READER)

    for path in ("/countries", "/countries/XAA", "/criteria", "/account"):
        page.goto(shown.address + path)
        assert page.get_by_text("No country, person or figure in it is real.").is_visible(), path
