"""What a browser was given a moment ago it is given again at the door, without waking the application.

Whoever asks the same with the very same cookie was let in when they were given the page. Since then nothing has changed
in the data, nor about people and what they may see, and the cookie need not be renewed yet: so the answer would be the
same. The page is looked for where it is kept (kept_pages.py). Whatever is in doubt is asked inside.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, TypeAlias, cast
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask

from tracker.storage.data_versions import Numbers
from tracker.web.compression import with_beginning
from tracker.web.front import Answer, Front, Headers
from tracker.web.uploads import LARGEST_BODY_BYTES

MOST_REMEMBERED = 1000
# Where kept_pages.py leaves word of what it gives out.
GIVEN = "tracker.given"
# All of a question that its answer may depend on.
_ASKED = (
    *("wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO", "HTTP_HOST", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING"),
    *("HTTP_COOKIE", "HTTP_ACCEPT_ENCODING"),
)

Asked: TypeAlias = tuple[str, ...]
Ask: TypeAlias = Callable[[], Numbers | None]


@dataclass(frozen=True)
class Given:
    """A page that is kept, and what must still be true for it to be given again."""

    key: Any
    numbers: Numbers
    day: date
    # As a time stamp: the cookie is due to be renewed, or the sign-in ends.
    until: float


class Doorstep:
    """Of any WSGI server, in the thread that asks. A server with a loop asks `again` first, of itself."""

    def __init__(self, app: Flask) -> None:
        self._inside: WSGIApplication = app.wsgi_app
        self._has = app.extensions
        self._remembered: dict[Asked, tuple[Given, Headers]] = {}
        # When a reader last asked for what is kept, by a clock that only goes forward.
        self.asked_at: dict[Asked, float] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = self.again(environ, self._has["database"].numbers)
        if answer is None:
            return self.inside(environ, start_response)
        _status, headers, body = answer
        start_response("200 OK", headers)
        return [body]

    def inside(
        self, environ: WSGIEnvironment, start_response: StartResponse, *, by_reader: bool = True
    ) -> Iterable[bytes]:
        """Where it was not given at the door. `by_reader`: not by who makes pages before they are asked for."""
        if _may_be_given(environ):
            start_response = self._remembering(_asked(environ), environ, start_response, by_reader)
        return self._inside(environ, start_response)

    def again(self, environ: WSGIEnvironment, numbers: Ask) -> Answer | None:
        """`numbers`: how they are asked for, which is all that is asked of the database."""
        if not _may_be_given(environ):
            return None
        asked = _asked(environ)
        given, headers = self._remembered.get(asked, (None, []))
        if given is None:
            return None
        moment = self._has["clock"]()
        if moment.timestamp() >= given.until or moment.date() != given.day:
            return None
        page = self._has["shelf"].find(given.key)
        if page is None or numbers() != given.numbers:
            return None
        self.asked_at[asked] = time.monotonic()
        body = with_beginning(page.packed) if ("Content-Encoding", "gzip") in headers else page.body
        return 200, [*headers, ("Content-Length", str(len(body)))], body

    def _remembering(
        self, asked: Asked, environ: WSGIEnvironment, start_response: StartResponse, by_reader: bool
    ) -> StartResponse:
        def note(status: str, headers: Headers, *problem: Any) -> Any:
            given = environ.get(GIVEN)
            if given and by_reader:
                if len(self.asked_at) >= MOST_REMEMBERED:
                    self.asked_at.clear()
                self.asked_at[asked] = time.monotonic()
            if given and not any(name == "Set-Cookie" for name, _value in headers):
                if len(self._remembered) >= MOST_REMEMBERED:
                    self._remembered.clear()
                kept = [(name, value) for name, value in headers if name != "Content-Length"]
                self._remembered[asked] = given, kept
            return start_response(status, headers, *problem)

        return note


def front_of(app: Flask) -> Front:
    """The application, for a server that has a loop.

    Where the database is a file, what is kept is given out on that loop: the one question that this takes never waits.
    Where it is a line away, everybody would wait for that question, so it is asked in a thread, as all else.
    """
    step, numbers = cast(Doorstep, app.wsgi_app), app.extensions["database"].numbers_at_once()
    believes_proxies = app.extensions["settings"].trusted_proxies > 0
    door = None if numbers is None else partial(step.again, numbers=numbers)
    inside = step if door is None else step.inside
    return Front(inside, largest_body=LARGEST_BODY_BYTES, believes_proxies=believes_proxies, door=door)


def _may_be_given(environ: WSGIEnvironment) -> bool:
    return environ["REQUEST_METHOD"] == "GET" and "HTTP_COOKIE" in environ


def _asked(environ: WSGIEnvironment) -> Asked:
    return tuple(environ.get(name, "") for name in _ASKED)


def as_asked(asked: Asked) -> WSGIEnvironment:
    """The question, as far as an answer depends on it."""
    environ = {name: value for name, value in zip(_ASKED, asked, strict=True) if value}
    needed = {"REQUEST_METHOD": "GET", "SERVER_NAME": "", "SERVER_PORT": "", "SERVER_PROTOCOL": "HTTP/1.1"}
    return {**needed, "SCRIPT_NAME": "", "PATH_INFO": "", "QUERY_STRING": "", "wsgi.version": (1, 0), **environ}
