"""A mail stands in a frame that may do nothing but be looked at, and a form asks only what is still open."""

from datetime import UTC, datetime

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Live, wait_until
from tests.deliveries import delivered
from tracker.access import Role
from tracker.storage.admitting import Person

HOSTILE = '<p>Mali</p><script>parent.document.title = "taken over"</script><a href="/digests/told">Elsewhere</a>'


def test_a_mail_is_shown_in_its_frame_runs_nothing_and_its_links_leave_it(
    shown: Live, context: BrowserContext, page: Page, complaints: list[str]
) -> None:
    visitor = shown.let_in(context, Role.READER)
    with shown.database.writing() as session:
        number = delivered(session, session.get_one(Person, visitor), words=HOSTILE, now=datetime.now(UTC)).id
    page.goto(f"{shown.address}/digests/told/{number}")
    frame = page.frame_locator("iframe")

    expect(frame.get_by_text("Mali")).to_be_visible()
    assert page.title().startswith("Mali: alarm")
    # it was tried, and the browser refused it
    wait_until(page, lambda: any("script" in complaint.lower() for complaint in complaints))
    complaints.clear()
    frame.get_by_text("Elsewhere").click()
    page.wait_for_url("**/digests/told")


def test_the_form_asks_for_the_day_that_the_cadence_needs(shown: Live, context: BrowserContext, page: Page) -> None:
    shown.let_in(context, Role.READER)
    page.goto(f"{shown.address}/digests/new")
    weekday, day = page.get_by_label("On which day of the week?"), page.get_by_label("On which day of the month?")

    assert (weekday.is_visible(), day.is_visible()) == (True, False)
    page.get_by_label("Every month").check()
    assert (weekday.is_visible(), day.is_visible()) == (False, True)
    page.get_by_label("Every day").check()
    assert (weekday.is_visible(), day.is_visible()) == (False, False)
    assert not page.get_by_text("Choose countries").is_visible()
    page.get_by_label("Only those chosen below").check()
    assert page.get_by_text("Choose countries").is_visible()
