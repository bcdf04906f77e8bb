"""What a browser was given a moment ago it is given again at the door, without waking the application.

Whoever asks the same with the very same cookie was let in when they were given the page. Since then nothing has changed
in the data, nor about people and what they may see, and the cookie need not be renewed yet: so the answer would be the
same. The page is looked for where it is kept (kept_pages.py). Whatever is in doubt is asked inside.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask

from tracker.storage.data_versions import Numbers
from tracker.web.compression import with_beginning

MOST_REMEMBERED = 1000
# Where kept_pages.py leaves word of what it gives out.
GIVEN = "tracker.given"
# All of a question that its answer may depend on.
_ASKED = (
    *("wsgi.url_scheme", "HTTP_HOST", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING"),
    *("HTTP_COOKIE", "HTTP_ACCEPT_ENCODING"),
)

Headers: TypeAlias = list[tuple[str, str]]
Asked: TypeAlias = tuple[str, ...]


@dataclass(frozen=True)
class Given:
    """A page that is kept, and what must still be true for it to be given again."""

    key: Any
    numbers: Numbers
    day: date
    # As a time stamp: the cookie is due to be renewed, or the sign-in ends.
    until: float


class Doorstep:
    def __init__(self, app: Flask) -> None:
        self._inside: WSGIApplication = app.wsgi_app
        self._has = app.extensions
        self._remembered: dict[Asked, tuple[Given, Headers]] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET" or "HTTP_COOKIE" not in environ:
            return self._inside(environ, start_response)
        asked = tuple(environ.get(name, "") for name in _ASKED)
        answer = self._again(asked)
        if answer is None:
            return self._inside(environ, self._remembering(asked, environ, start_response))
        headers, body = answer
        start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def _again(self, asked: Asked) -> tuple[Headers, bytes] | None:
        given, headers = self._remembered.get(asked, (None, []))
        if given is None:
            return None
        moment = self._has["clock"]()
        if moment.timestamp() >= given.until or moment.date() != given.day:
            return None
        page = self._has["shelf"].find(given.key)
        if page is None or self._has["database"].numbers() != given.numbers:
            return None
        return headers, with_beginning(page.packed) if ("Content-Encoding", "gzip") in headers else page.body

    def _remembering(self, asked: Asked, environ: WSGIEnvironment, start_response: StartResponse) -> StartResponse:
        def note(status: str, headers: Headers, *problem: Any) -> Any:
            given = environ.get(GIVEN)
            if given and not any(name == "Set-Cookie" for name, _value in headers):
                if len(self._remembered) >= MOST_REMEMBERED:
                    self._remembered.clear()
                kept = [(name, value) for name, value in headers if name != "Content-Length"]
                self._remembered[asked] = given, kept
            return start_response(status, headers, *problem)

        return note
