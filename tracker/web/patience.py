"""The server, and how long it waits for whom.

uvicorn reads requests by httptools, as many at once as there are connections, and has no limits for what is sent before
a request is there: neither of time nor of size. They are set here. Its own loop of asyncio is used and no quicker one,
so that it is the same on every system.
"""

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from http import HTTPStatus

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tracker.web.front import Front

LARGEST_HEAD_BYTES = 32 * 1024
HEAD_SECONDS = 30
# Without a word, or without reading any of what it is sent.
IDLE_SECONDS = 60
CONNECTIONS = 500
# Of those that are told that there are too many; whoever comes then is not even told.
MOST_TOLD = 100
# Of answers that wait in memory until somebody reads them.
MOST_UNREAD_BYTES = 256 * 1024 * 1024
# Asked for before the first of them is answered.
MOST_QUEUED = 50


class TooMuch(Exception):
    pass


class Connection(HttpToolsProtocol):
    # How many bytes came since a head or a piece of a body was last complete.
    _loose = 0
    _in_head = False
    _requests = 0
    _refused: HTTPStatus | None = None
    _seen: object = None
    _seconds = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > CONNECTIONS + MOST_TOLD:
            transport.abort()
        elif len(self.connections) > CONNECTIONS:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        self._loose += len(data)
        super().data_received(data)
        if self._loose > LARGEST_HEAD_BYTES and not self._refused:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        if len(self.pipeline) >= MOST_QUEUED:
            raise TooMuch
        self._in_head = True
        self._requests += 1
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > LARGEST_HEAD_BYTES:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            raise TooMuch
        self._in_head, self._loose = False, 0
        super().on_headers_complete()
        # what follows a body is no header, whatever it is called
        self.headers = []
        if self.parser.should_upgrade():
            self.cycle.keep_alive = False

    def on_body(self, body: bytes) -> None:
        self._loose = 0
        super().on_body(body)

    def send_400_response(self, msg: str) -> None:
        """Called for whatever cannot be understood."""
        self._refuse(HTTPStatus.BAD_REQUEST)

    def _refuse(self, status: HTTPStatus) -> None:
        """From here on nothing is heard. What was asked for before is answered first."""
        if self._refused:
            return
        self._refused = status
        cycle = self.cycle
        if cycle is not None and not cycle.response_complete and not cycle.more_body:
            cycle.keep_alive = False
            return
        if cycle is None or cycle.response_complete or not (cycle.response_started or self.pipeline):
            said = f"{status.phrase}\n"
            lines = f"content-type: text/plain; charset=utf-8\r\ncontent-length: {len(said)}\r\nconnection: close"
            self.transport.write(f"HTTP/1.1 {status} {status.phrase}\r\n{lines}\r\n\r\n{said}".encode())
        self.transport.close()

    def shutdown(self) -> None:
        """What is still being sent is not under way yet, and may never be."""
        if self.cycle is not None and self.cycle.more_body and not self.pipeline:
            self.transport.close()
        else:
            super().shutdown()

    @property
    def unread(self) -> int:
        """How many bytes of an answer wait to be read."""
        return self.transport.get_write_buffer_size()

    def let_go(self) -> None:
        """What it was not sent yet it will not get."""
        self.transport.abort()

    def look(self) -> None:
        """Once a second: is it time to give up?"""
        unsent = self.unread
        is_ours = self.cycle is not None and not self.cycle.response_complete and not unsent
        seen = (self._requests, self._in_head, unsent)
        if is_ours or seen != self._seen:
            self._seen, self._seconds = seen, 0
            return
        self._seconds += 1
        if self._in_head and not unsent and self._seconds >= HEAD_SECONDS:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        elif self._seconds >= IDLE_SECONDS:
            self.let_go()


class Server(uvicorn.Server):
    """Whoever runs it says when it is to end: signals are not its affair."""

    def end(self) -> None:
        """Soon; what is under way is finished first."""
        self.should_exit = True

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def on_tick(self, counter: int) -> bool:
        if counter % 10 == 0:
            connections = [one for one in self.server_state.connections if isinstance(one, Connection)]
            for connection in connections:
                connection.look()
            _make_room(connections)
        return await super().on_tick(counter)


def _make_room(connections: Sequence[Connection]) -> None:
    """Whoever reads the most too slowly goes first, until the others have room."""
    unread = sum(connection.unread for connection in connections)
    for connection in sorted(connections, key=lambda one: one.unread, reverse=True):
        if unread <= MOST_UNREAD_BYTES:
            return
        unread -= connection.unread
        connection.let_go()


def server_for(front: Front, *, finishing_seconds: int) -> Server:
    """`finishing_seconds`: for what is under way when it is asked to end."""
    config = uvicorn.Config(
        front,
        loop="asyncio",
        http=Connection,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level="error",  # else it tells of everybody who sends what cannot be understood
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=finishing_seconds,
    )
    return Server(config)
