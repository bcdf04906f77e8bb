"""Where to go after signing in: to a page of ours, whatever the address says.

Browsers read more into an address than its letters show: `//evil`, `/\\evil` and tabs lead to other hosts. So only
what our own map of pages knows is followed.
"""

from urllib.parse import unquote, urlsplit

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from tracker.web.guards import POLICY

LONGEST = 2000


def next_page(wanted: str | None) -> str:
    """The page that was wanted before signing in, or else the start."""
    return wanted if wanted and is_ours(wanted) else url_for("dashboard.start")


def is_ours(wanted: str) -> bool:
    """Whether it is the address of a page for people who are signed in."""
    return bool(_endpoint_of(wanted))


def can_be_kept(wanted: str) -> bool:
    """As a view. The start leads to a view itself: kept as one, it would lead in a circle."""
    return _endpoint_of(wanted) not in ("", "dashboard.start")


def _endpoint_of(wanted: str) -> str:
    """Empty: it is no address of ours, or open to anybody: nobody asks for that by way of signing in."""
    if len(wanted) > LONGEST or not wanted.startswith("/") or wanted.startswith("//") or "\\" in wanted:
        return ""
    if not wanted.isascii() or any(letter <= " " or letter == "\x7f" for letter in wanted):
        return ""
    pages = current_app.create_url_adapter(request)
    assert pages is not None
    try:
        endpoint, _values = pages.match(unquote(urlsplit(wanted).path), method="GET")
    except (HTTPException, RequestRedirect):
        return ""
    return str(endpoint) if POLICY[endpoint].needs_sign_in else ""
