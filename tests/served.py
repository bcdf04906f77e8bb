"""A server as the product's, in a thread of the tests."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from tracker.commands.checking import listen
from tracker.web.front import Front
from tracker.web.patience import server_for

# On a machine that does much else at the same time; what comes sooner costs nothing.
LONGEST_WAIT_SECONDS = 60


@contextmanager
def served(front: Front, listening: socket.socket | None = None) -> Iterator[int]:
    """The port."""
    # held from the start: a port found free and named later may be gone by then
    listening = listening or listen("127.0.0.1", 0)[0]
    port: int = listening.getsockname()[1]
    server = server_for(front, finishing_seconds=LONGEST_WAIT_SECONDS)
    thread = Thread(target=server.run, args=[[listening]], daemon=True)
    thread.start()
    try:
        yield port
    finally:
        server.end()
        thread.join(2 * LONGEST_WAIT_SECONDS)
        assert not thread.is_alive()
        assert front.close(), "a page is still being made"
