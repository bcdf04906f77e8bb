"""How much a page may be sent: little, but for the pages that take files, and there only from those who may.

Asked before anything looks into what was sent, because looking means reading all of it.
"""

from flask import Flask, request

from tracker.access import Right
from tracker.actions.imports.bring import LARGEST_FILE_BYTES
from tracker.exchange.bundles import LARGEST_BYTES as LARGEST_BUNDLE_BYTES
from tracker.web.session import principal

# The right that it takes to send one there.
TAKES_FILES = {"imports.new": Right.RECORD, "sharing.receive": Right.SHARE}
LARGEST_MEGABYTES = {
    "imports.new": LARGEST_FILE_BYTES // 1_000_000,
    "sharing.receive": LARGEST_BUNDLE_BYTES // 1_000_000,
}
# The other fields of the form, and what separates the parts from one another.
AROUND_THE_FILE = 64 * 1024
MOST_PARTS = 10


def limit(app: Flask) -> None:
    app.before_request(_make_room)


def _make_room() -> None:
    if request.endpoint not in TAKES_FILES or request.method != "POST":
        return
    asking = principal()
    if asking is not None and asking.may(TAKES_FILES[request.endpoint]):
        largest = LARGEST_FILE_BYTES if request.endpoint == "imports.new" else LARGEST_BUNDLE_BYTES
        request.max_content_length = largest + AROUND_THE_FILE
        request.max_form_parts = MOST_PARTS
