"""A digest as a mail program shows it: on a phone and on a desk, in the light and in the dark."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Live
from tests.browser.test_every_page import DESK, PHONE, findings, keep
from tests.web.digests import reader_of
from tracker.access import Role
from tracker.handling import Mark
from tracker.web.app import create_app
from tracker.web.digests.mail import with_pictures_inside


@pytest.fixture(scope="module")
def mail(shown: Live) -> str:
    """Of the last month of the archipelago."""
    now = datetime.now(UTC)
    app, since = create_app(shown.settings, shown.database), now - timedelta(days=25)
    reader = reader_of(app, shown.database, since=since, roles=tuple(Role), clearance=Mark.RED, name="A colleague")
    made = reader.told(now)
    assert made is not None
    assert len(made.images) > 1
    return with_pictures_inside(made.html, made.images)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_digest_has_no_findings_and_fits_the_screen(
    page: Page, mail: str, size: tuple[int, int], scheme: str
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.set_content(mail)

    assert keep(page, f"digest-{size[0]}-{scheme}") == []
    assert findings(page) == []
    assert [url for url in asked if not url.startswith("data:image/png")] == []
    widths = page.evaluate("[...document.images].map(image => image.naturalWidth)")
    assert min(widths) >= 720
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(22, 20, 18)" if scheme == "dark" else "rgb(250, 248, 245)")
