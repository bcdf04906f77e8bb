"""Answers travel compressed where the browser takes that: a phone on a slow line waits for every byte.

The length of a compressed page tells something about what is in it. Somebody who could make a reader's browser ask for
pages with guessed words in the address, and listen to the line, would learn from it. So each answer carries a file name
of random length that nobody reads.
"""

import secrets
import zlib
from functools import lru_cache

from flask import Flask, request
from werkzeug.wrappers import Response

WORTH_IT_BYTES = 1200
MOST_PADDING = 64
_TEXTS = ("text/", "application/json", "application/javascript", "image/svg+xml")
# magic number, deflate, "a file name follows", no time, no word on effort and system
_BEGIN = b"\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\xff"


def compress_answers(app: Flask) -> None:
    app.after_request(_compress)


def packed(body: bytes, level: int = 6) -> bytes:
    """All but the beginning, which differs from answer to answer."""
    deflating = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    deflated = deflating.compress(body) + deflating.flush()
    return deflated + zlib.crc32(body).to_bytes(4, "little") + (len(body) & 0xFFFFFFFF).to_bytes(4, "little")


def with_beginning(end: bytes) -> bytes:
    name = secrets.token_hex(MOST_PADDING // 2)[: 1 + secrets.randbelow(MOST_PADDING)]
    return b"".join((_BEGIN, name.encode(), b"\x00", end))


def send_packed(response: Response, end: bytes) -> Response:
    response.set_data(with_beginning(end))
    response.headers["Content-Encoding"] = "gzip"
    return response


def takes_packed() -> bool:
    return bool(request.accept_encodings["gzip"] > 0)


def _compress(response: Response) -> Response:
    if not (response.mimetype or "").startswith(_TEXTS):
        return response
    response.vary.add("Accept-Encoding")
    if "Content-Encoding" in response.headers or response.status_code != 200 or not takes_packed():
        return response
    if request.endpoint == "static":
        response.direct_passthrough = False
    elif response.is_streamed:
        return response
    body = response.get_data()
    if len(body) < WORTH_IT_BYTES:
        return response
    return send_packed(response, _of_file(body) if request.endpoint == "static" else packed(body))


@lru_cache(maxsize=64)
def _of_file(body: bytes) -> bytes:
    """Files are few and never change: the best that can be had."""
    return packed(body, 9)
