"""The one boundary at which text from outside is made fit for use; nothing behind it has to deal with the rest.

PostgreSQL takes no NUL in a text, no page may hold a control character, and no row has a number beyond 31 bits.
"""

from flask import Flask, abort, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import IntegerConverter, Map

from tracker.text import tidy

LARGEST_NUMBER = 2**31 - 1


class RowNumber(IntegerConverter):
    """A number in an address: what is too large for any row is an unknown address."""

    def __init__(self, map: Map) -> None:  # noqa: A002 (werkzeug's own name for it)
        super().__init__(map, max=LARGEST_NUMBER)


def row_number(typed: str) -> int:
    """As it stands in an address or a form. 0, which no row has: it is none."""
    is_number = typed.isascii() and typed.isdecimal() and len(typed) <= len(str(LARGEST_NUMBER))
    return int(typed) if is_number and int(typed) <= LARGEST_NUMBER else 0


def guard(app: Flask) -> None:
    app.url_map.converters["int"] = RowNumber
    app.before_request(_tidy)


def _tidy() -> None:
    if any(isinstance(value, str) and tidy(value) != value for value in (request.view_args or {}).values()):
        abort(404)  # nothing of ours has such an address
    request.args = _tidied(request.args)
    request.form = _tidied(request.form)


def _tidied(fields: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    return ImmutableMultiDict((tidy(name), tidy(value)) for name, value in fields.items(multi=True))
