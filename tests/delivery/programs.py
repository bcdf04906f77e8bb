"""A program that digests are told to, on this machine: it remembers what it was sent, and answers as it likes."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread


@dataclass
class Program:
    status: int = 200
    # Where it sends whoever calls. Empty: nowhere.
    elsewhere: str = ""
    # A byte of the answer every so many seconds. 0: all at once.
    drips: float = 0
    port: int = 0
    # Each call: its path, its headers and its body.
    heard: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def program(answering: Program, context: ssl.SSLContext | None = None) -> Iterator[Program]:
    """Listens until the end of the block."""
    is_over = Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answering.heard.append((self.path, {name.lower(): text for name, text in self.headers.items()}, body))
            if answering.drips:
                self._drip()
                return
            self.send_response(answering.status)
            if answering.elsewhere:
                self.send_header("Location", answering.elsewhere)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _drip(self) -> None:
            for letter in b"HTTP/1.1 200 " + b"a" * 60_000:
                if is_over.wait(answering.drips):
                    return
                try:
                    self.wfile.write(bytes([letter]))
                except OSError:
                    return

        def log_message(self, *_told: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    answering.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield answering
    finally:
        is_over.set()
        server.shutdown()
        server.server_close()
        thread.join(10)
