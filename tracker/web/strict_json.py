"""The JSON that scripts of our pages send: one object, of moderate size and depth, of text that can be kept."""

import json
from typing import Any, NoReturn

from flask import abort, request

from tracker.text import tidy

LARGEST_BYTES = 64 * 1024


def json_object() -> dict[str, Any]:
    """What was sent; anything else is answered with 400 or 413."""
    if request.mimetype != "application/json":
        abort(400)
    if (request.content_length or 0) > LARGEST_BYTES:
        abort(413)
    try:
        sent = json.loads(request.get_data(), parse_constant=_refuse)
        # what cannot be written as UTF-8, or holds a NUL, can be neither kept nor looked for
        written = json.dumps(sent, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        abort(400)
    if not isinstance(sent, dict) or b"\\u0000" in written:
        abort(400)
    return sent


def text_in(sent: dict[str, Any], name: str, *, longest: int) -> str:
    value = sent.get(name)
    if not isinstance(value, str) or len(value) > longest:
        abort(400)
    return tidy(value)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
