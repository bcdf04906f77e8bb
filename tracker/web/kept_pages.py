"""A page that was made a moment ago is given out again for as long as nothing has changed that it shows.

It is found by everything that it depends on: the address, who asks with all their rights, the numbers of the data
(storage/data_versions.py), the day, and what waits for the reader in the rail. If any of it differs, it is another
page. A page that is left open asks from time to time whether it would still look the same (static/live.js).
"""

import hashlib
import re
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any, cast

from flask import Flask, Response, current_app, g, request, session
from werkzeug.wrappers import Response as AnyResponse

from tracker.storage.principals import SignedIn
from tracker.web import compression, navigation
from tracker.web.clock import now
from tracker.web.doorstep import GIVEN, Given
from tracker.web.session import RENEW_AFTER, data_numbers, reader, signed_in

KEPT = {
    "dashboard.dashboard",
    "dashboard.news",
    "countries.countries",
    "countries.country",
    "compare.compare",
    "coverage.coverage",
    "calendar.calendar",
    "network.network",
    "assistance.assistance",
    "situations.situations",
    "responses.responses",
    "response_times.response_times",
    "consistency.consistency",
    "consistency.statement",
    "regions.regions",
    "regions.desk",
    "toolbox.measure",
    "practice.practice",
    "practice.case_study",
}
# Of them, those that show what is on its way to being recorded.
SHOW_THE_DESK = {"coverage.coverage"}
# Stands in a page until it is known what the page says; then its fingerprint stands there.
PLACE_OF_MARK = "fingerprint-of-this-page"
ROOM_BYTES = 64 * 1024 * 1024
# Without what is said once above it.
_MAIN = re.compile(rb"<header class=\"top\".*</main>", re.DOTALL)
# Up to when all that is new to the reader is told: it moves with the clock, whatever the page says.
# Two, because what begins with the same letters is found ten times as soon as what begins with one or the other.
_UNTIL = (re.compile(rb"data-seen-until=\"[^\"]*\""), re.compile(rb"name=\"until\" value=\"[^\"]*\""))


@dataclass(frozen=True)
class Kept:
    body: bytes
    packed: bytes
    mark: str

    @property
    def size(self) -> int:
        return len(self.body) + len(self.packed)


class Shelf:
    """What was asked for last stays; what nobody has asked for since then makes room."""

    def __init__(self, room: int = ROOM_BYTES) -> None:
        self._pages: OrderedDict[Any, Kept] = OrderedDict()
        self._lock, self._room, self._used = Lock(), room, 0

    def find(self, key: Any) -> Kept | None:
        with self._lock:
            found = self._pages.get(key)
            if found is not None:
                self._pages.move_to_end(key)
            return found

    def put(self, key: Any, page: Kept) -> None:
        with self._lock:
            before = self._pages.pop(key, None)
            self._used += page.size - (before.size if before else 0)
            self._pages[key] = page
            while self._used > self._room and self._pages:
                self._used -= self._pages.popitem(last=False)[1].size


def keep_pages(app: Flask) -> None:
    """After the guards: nobody is given a page that they may not see."""
    app.extensions["shelf"] = Shelf()
    app.before_request(_give_out)
    app.after_request(_put_by)


def is_kept() -> bool:
    return request.endpoint in KEPT and request.method in ("GET", "HEAD")


def _give_out() -> Response | None:
    found = signed_in() if is_kept() else None
    if found is None:
        return None
    numbers, waiting = data_numbers(), navigation.waiting(found.principal)
    desk = numbers.desk if request.endpoint in SHOW_THE_DESK else None
    g.page_key = (
        *(request.full_path, found, numbers.content, desk, waiting, now().date()),
        session.get("csrf_token"),
    )
    # what was said to somebody once is said once
    g.is_said_once = "_flashes" in session
    kept = None if g.is_said_once else _shelf().find(g.page_key)
    return None if kept is None else _given(g.page_key, found, kept)


def _put_by(response: AnyResponse) -> AnyResponse:
    key = g.pop("page_key", None)
    if key is None or response.status_code != 200 or response.mimetype != "text/html" or "ETag" in response.headers:
        return response
    if g.is_said_once or session.get("csrf_token") != key[-1]:
        # the first page of a sign-in makes the token of its forms; the next one is kept
        return _sent(_kept(response.get_data()))
    page = _kept(response.get_data())
    _shelf().put(key, page)
    return _given(key, reader(), page)


def _given(key: Any, found: SignedIn, page: Kept) -> Response:
    until = min(session["seen"] + RENEW_AFTER.total_seconds(), found.expires_at.timestamp())
    request.environ[GIVEN] = Given(key, data_numbers(), now().date(), until)
    return _sent(page)


def _kept(body: bytes) -> Kept:
    mark = _mark_of(body)
    whole = body.replace(PLACE_OF_MARK.encode(), mark.encode(), 1)
    return Kept(whole, compression.packed(whole), mark)


def _mark_of(body: bytes) -> str:
    """Of what the page says. Not of the rail, in which counts change, nor of what guards its forms."""
    main = _MAIN.search(body)
    token = str(g.get("csrf_token", "")).encode()
    said = main.group() if main else body
    for until in _UNTIL:
        said = until.sub(b"", said)
    return hashlib.sha256(said.replace(token, b"") if token else said).hexdigest()[:20]


def _sent(page: Kept) -> Response:
    response = Response(page.body, mimetype="text/html")
    response.set_etag(page.mark)
    return cast(Response, compression.send_packed(response, page.packed)) if compression.takes_packed() else response


def _shelf() -> Shelf:
    return cast(Shelf, current_app.extensions["shelf"])
