"""What no part of the product should have to deal with is refused at the door.

PostgreSQL takes no NUL in a text, no encoding takes half a surrogate, and no row has a number beyond 31 bits.
"""

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter

LARGEST_NUMBER = 2**31 - 1


class RowNumber(IntegerConverter):
    """A number in an address: what is too large for any row is an unknown address."""

    def __init__(self, map, *arguments, **options) -> None:  # type: ignore[no-untyped-def]  # noqa: A002
        super().__init__(map, *arguments, **{"max": LARGEST_NUMBER, **options})


def guard_input(app: Flask) -> None:
    app.url_map.converters["int"] = RowNumber
    app.before_request(_refuse_unreadable_text)


def _refuse_unreadable_text() -> None:
    texts = [*request.args.keys(), *request.form.keys()]
    for values in (request.args, request.form):
        texts += [value for _, value in values.items(multi=True)]
    texts += [str(value) for value in (request.view_args or {}).values()]
    if not all(is_readable(text) for text in texts):
        abort(400)


def is_readable(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
