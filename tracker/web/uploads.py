"""How much a page may be sent: little, but for the one page that takes files, and there only from those who may.

Asked before anything looks into what was sent, because looking means reading all of it.
"""

from flask import Flask, request

from tracker.access import Right
from tracker.actions.imports.bring import LARGEST_FILE_BYTES
from tracker.web.session import principal

TAKES_FILES = "imports.new"
LARGEST_MEGABYTES = LARGEST_FILE_BYTES // 1_000_000
# The other fields of the form, and what separates the parts from one another.
AROUND_THE_FILE = 64 * 1024
MOST_PARTS = 10


def limit(app: Flask) -> None:
    app.before_request(_make_room)


def _make_room() -> None:
    if request.endpoint != TAKES_FILES or request.method != "POST":
        return
    asking = principal()
    if asking is not None and asking.may(Right.RECORD):
        request.max_content_length = LARGEST_FILE_BYTES + AROUND_THE_FILE
        request.max_form_parts = MOST_PARTS
