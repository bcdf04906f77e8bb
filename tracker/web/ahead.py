"""What readers asked for lately is made again before they ask, as soon as what it shows has changed.

It is asked in the reader's own words, with their own cookie: so all guards apply, and for whoever may not see it any
more nothing is made. A question changes nothing, and what the answer would set in a browser goes nowhere: nobody is
signed in for longer by it. It waits until the data have been still for a moment, rests three times as long as each page
took, and begins anew when the data move on.
"""

import io
import sys
import time
from collections.abc import Callable
from threading import Event, Thread
from typing import cast

from flask import Flask

from tracker.storage.base import Database
from tracker.web.doorstep import Asked, Doorstep, as_asked

LATELY_SECONDS = 15 * 60
LOOK_EVERY_SECONDS = 0.25
MOST_PAGES = 16
REST = 3
LAST_MOMENT_SECONDS = 1


class Ahead:
    def __init__(self, app: Flask, *, moment: Callable[[], float] = time.monotonic) -> None:
        self._step, self._database = cast(Doorstep, app.wsgi_app), cast(Database, app.extensions["database"])
        self._moment = moment
        # The numbers of what readers see: those at the last look, and those that all was made at.
        self._seen: object = None
        self._made: object = None
        self._end = Event()
        self._thread = Thread(target=self._run, name="ahead of readers", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> bool:
        """Whether nothing is being made any more: what takes long is not waited for."""
        self._end.set()
        self._thread.join(LAST_MOMENT_SECONDS)
        return not self._thread.is_alive()

    def look(self) -> None:
        """What is to be made is made once two looks have seen the same."""
        lately = self._lately()
        number = self._number() if lately else None
        if number is None or number == self._made:
            return
        if number != self._seen:
            self._seen = number
            return
        for asked in lately:
            begun = self._moment()
            self._ask(asked)
            if self._end.wait(REST * (self._moment() - begun)) or self._number() != number:
                return
        self._made = number

    def _run(self) -> None:
        while not self._end.wait(LOOK_EVERY_SECONDS):
            self.look()

    def _lately(self) -> list[Asked]:
        """What was asked for last comes first."""
        asked_at, since = self._step.asked_at, self._moment() - LATELY_SECONDS
        found = sorted(((at, asked) for asked, at in asked_at.copy().items() if at > since), reverse=True)
        return [asked for _at, asked in found[:MOST_PAGES]]

    def _number(self) -> int | None:
        """Whatever of it changes, pages look otherwise; drafts and sign-ins change a few counts beside them."""
        numbers = self._database.numbers()
        return numbers.content if numbers else None

    def _ask(self, asked: Asked) -> None:
        environ = as_asked(asked) | {"wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr}
        given = self._step.inside(environ, lambda *_answer: lambda _part: None, by_reader=False)
        for _part in given:
            pass
        if hasattr(given, "close"):
            given.close()
