"""How much a page may be sent: little, but for the pages that take large files, and there only from those who may.

Asked before anything looks into what was sent, because looking means reading all of it.
"""

from flask import Flask, request

from tracker.access import Right
from tracker.actions.imports.bring import LARGEST_FILE_BYTES
from tracker.exchange.bundles import LARGEST_BYTES as LARGEST_BUNDLE_BYTES
from tracker.exchange.occasion_files import LARGEST_BYTES as LARGEST_CALENDAR_BYTES
from tracker.web.session import principal

# The right that it takes to send a larger one there than any page takes.
TAKES_LARGE_FILES = {"imports.new": Right.RECORD, "sharing.receive": Right.SHARE}
LARGEST = {
    "imports.new": LARGEST_FILE_BYTES,
    "sharing.receive": LARGEST_BUNDLE_BYTES,
    "calendar.bring": LARGEST_CALENDAR_BYTES,
}
"""How many bytes a file may have, by the page that takes it."""
# The other fields of the form, and what separates the parts from one another.
AROUND_THE_FILE = 64 * 1024
# Of any body. What is larger the web server does not even take.
LARGEST_BODY_BYTES = max(LARGEST.values()) + AROUND_THE_FILE
MOST_PARTS = 10


def limit(app: Flask) -> None:
    app.before_request(_make_room)


def _make_room() -> None:
    if request.endpoint not in TAKES_LARGE_FILES or request.method != "POST":
        return
    asking = principal()
    if asking is not None and asking.may(TAKES_LARGE_FILES[request.endpoint]):
        request.max_content_length = LARGEST[request.endpoint] + AROUND_THE_FILE
        request.max_form_parts = MOST_PARTS
