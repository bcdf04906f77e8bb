"""Between the server, one loop that waits for everybody at once (patience.py), and the application, whose pages each
take a thread while they are made.

What can be given again at the door is answered on the loop itself, which nobody may hold up: the door is asked only
where it never waits. Everything else takes one of a few threads, and for nothing but making the answer. What a browser
sends is there in full before a thread is taken, in memory while it is small and else on disk; and the answer is whole
before its first byte leaves, as all of ours are anyway, so that who reads slowly is waited for by the loop alone.

A file of the largest size may come over the slowest of lines. So a body has no fixed time: it may pause for a minute,
and must bring as much as would come over a line of the slowest kind, of 16,000 bits a second. It holds a connection and
a file until then, and nobody else waits for it. Who sends it is not known yet: so there are never more than a few on
disk, however many connections there are.
"""

import asyncio
import sys
import threading
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO, Any, TypeAlias
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication, WSGIEnvironment

THREADS = 8
IN_MEMORY_BYTES = 256 * 1024
# Each may be of the largest size.
MOST_ON_DISK = 50
LONGEST_PAUSE_SECONDS = 60
LEAST_BYTES_A_SECOND = 2000
# Whoever is told that it is too much is let go on sending for so long: many read no answer before they are done.
LEAVING_SECONDS = 30
LAST_MOMENT_SECONDS = 0.1
# What only a proxy may say; from anybody else it is a lie.
WORD_OF_A_PROXY = frozenset(
    ("x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port", "x-forwarded-by", "forwarded")
)
_REFUSED_MIDWAY = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.SERVICE_UNAVAILABLE)
_HAVE_NO_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Headers: TypeAlias = list[tuple[str, str]]
Answer: TypeAlias = tuple[int, Headers, bytes]
# What can be answered without waiting for anything; None: it must be asked inside.
Door: TypeAlias = Callable[[WSGIEnvironment], Answer | None]


class Refused(Exception):
    def __init__(self, status: HTTPStatus) -> None:
        self.status = status


class Gone(Exception):
    """Nobody is there any more who could be answered."""


class Front:
    """An application for any WSGI server as one for ASGI."""

    def __init__(
        self, app: WSGIApplication, *, largest_body: int, believes_proxies: bool = False, door: Door | None = None
    ) -> None:
        self._app, self._door, self._largest = app, door, largest_body
        self._unheard = frozenset() if believes_proxies else WORD_OF_A_PROXY
        self._name = f"pages of {id(self)}"
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix=self._name)
        self._on_disk = set[IO[bytes]]()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        environ = _environ(scope, self._unheard)
        # a body is taken first, whatever the answer: a proxy might send it after, where a request is expected
        answer = self._door(environ) if self._door and not _brings_body(environ) else None
        if answer is not None:
            await _give(answer, scope, send)
            return
        try:
            body = await self._body(environ, receive)
        except Gone:
            return
        except Refused as refused:
            await _refuse(refused.status, receive, send)
            return
        environ["wsgi.input"] = body
        try:
            answer = await asyncio.get_running_loop().run_in_executor(self._threads, _made, self._app, environ, body)
        finally:
            self._on_disk.discard(body)
        await _give(answer, scope, send)

    def close(self) -> bool:
        """Whether nothing is under way any more."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        mine = [thread for thread in threading.enumerate() if thread.name.startswith(self._name)]
        for thread in mine:
            thread.join(LAST_MOMENT_SECONDS)
        return not any(thread.is_alive() for thread in mine)

    async def _body(self, environ: WSGIEnvironment, receive: Receive) -> IO[bytes]:
        body: IO[bytes] = SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 (closed where it has been read)
        if not _brings_body(environ):
            return body
        named = environ.get("CONTENT_LENGTH")
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        try:
            if int(named or 0) > self._largest:
                raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            brought = await self._bring(receive, body)
            if named is not None and int(named) != brought:
                raise Refused(HTTPStatus.BAD_REQUEST)
        except BaseException:
            self._on_disk.discard(body)
            body.close()
            raise
        environ["CONTENT_LENGTH"] = str(brought)
        body.seek(0)
        return body

    async def _bring(self, receive: Receive, body: IO[bytes]) -> int:
        """How many bytes there are."""
        brought, begun = 0, asyncio.get_running_loop().time()
        while True:
            piece, is_all = await _piece(receive, until=begun + LONGEST_PAUSE_SECONDS + brought / LEAST_BYTES_A_SECOND)
            brought += len(piece)
            if brought > self._largest:
                raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            if brought > IN_MEMORY_BYTES:  # from here on it is on disk, for which the loop does not wait
                if body not in self._on_disk and len(self._on_disk) >= MOST_ON_DISK:
                    raise Refused(HTTPStatus.SERVICE_UNAVAILABLE)
                self._on_disk.add(body)
                await asyncio.to_thread(body.write, piece)
            else:
                body.write(piece)
            if is_all:
                return brought


async def _piece(receive: Receive, *, until: float) -> tuple[bytes, bool]:
    """And whether it was the last."""
    left = until - asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout(min(LONGEST_PAUSE_SECONDS, left)):
            message = await receive()
    except TimeoutError:
        raise Refused(HTTPStatus.REQUEST_TIMEOUT) from None
    if message["type"] == "http.disconnect":
        raise Gone
    return message.get("body", b""), not message.get("more_body")


def _made(app: WSGIApplication, environ: WSGIEnvironment, body: IO[bytes]) -> Answer:
    """In a thread. By the rules of WSGI, with the answer put together."""
    begun: list[tuple[str, Headers]] = []
    parts: list[bytes] = []

    def start_response(status: str, headers: Headers, _problem: Any = None) -> Callable[[bytes], object]:
        begun[:] = [(status, headers)]
        return parts.append

    with body:
        given: Iterable[bytes] = app(environ, start_response)
        try:
            parts.extend(given)
        finally:
            if hasattr(given, "close"):
                given.close()
    status, headers = begun[0]
    return int(status[:3]), headers, b"".join(parts)


async def _give(answer: Answer, scope: Message, send: Send) -> None:
    status, headers, body = answer
    sent = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    if status in _HAVE_NO_BODY:
        body, sent = b"", [header for header in sent if header[0] != b"content-length"]
    elif scope["method"] != "HEAD" and not any(name == b"content-length" for name, _value in sent):
        sent.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": status, "headers": sent})
    await send({"type": "http.response.body", "body": body})


async def _refuse(status: HTTPStatus, receive: Receive, send: Send) -> None:
    """Answers at once, and goes on taking what is sent for a while without keeping any of it."""
    said = f"{status.phrase}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(said))]
    await send({"type": "http.response.start", "status": int(status), "headers": [*headers, (b"connection", b"close")]})
    await send({"type": "http.response.body", "body": said, "more_body": True})
    with suppress(TimeoutError):
        async with asyncio.timeout(LEAVING_SECONDS if status in _REFUSED_MIDWAY else 0):
            while (await receive()).get("more_body"):
                pass
    await send({"type": "http.response.body"})


def _brings_body(environ: WSGIEnvironment) -> bool:
    return "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ


def _environ(scope: Message, unheard: frozenset[str]) -> WSGIEnvironment:
    host, port = scope["server"] or ("", 0)
    address, port_there = scope["client"] or ("", 0)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        # more than one slash at the beginning would be taken for the name of another machine
        "PATH_INFO": "/" + unquote_to_bytes(scope["raw_path"]).decode("latin-1").lstrip("/"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "REMOTE_ADDR": address,
        "REMOTE_PORT": str(port_there),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }
    for name, value in scope["headers"]:
        key = _key(name, unheard)
        if key is not None:
            before, said = environ.get(key), value.decode("latin-1")
            environ[key] = said if before is None else f"{before}{'; ' if key == 'HTTP_COOKIE' else ', '}{said}"
    return environ


@lru_cache(maxsize=1000)
def _key(name: bytes, unheard: frozenset[str]) -> str | None:
    """None: it is not heard. With a low line a name would be taken for the one with a hyphen, which proxies watch."""
    told = name.decode("latin-1")
    if "_" in told or told in unheard:
        return None
    key = told.upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
