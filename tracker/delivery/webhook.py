"""Calls a program of somebody's choice, and no machine that it should not reach.

Whose name it is given is asked once, each address that answers is judged, and the call goes to one that was judged:
asked a second time, a name server could say something else. Nobody is followed elsewhere.
"""

import contextlib
import http.client
import socket
import ssl
import threading
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from tracker.delivery.failures import RefusedForGood, RefusedForNow
from tracker.text import one_line
from tracker.webhook import Reach, signature

# For all of it: a program that answers byte by byte must not keep the worker.
LONGEST_CALL_SECONDS = 10.0
LONGEST_REASON = 200
GONE = 410


@dataclass(frozen=True)
class Message:
    id: str
    body: str
    secret: str
    # Seconds since 1970, of this attempt: a call that somebody kept and sends again is seen to be old.
    timestamp: int


def call(address: str, message: Message, reach: Reach, *, seconds: float = LONGEST_CALL_SECONDS) -> str:
    """What was answered, in short; whatever went wrong is one of delivery/failures.py."""
    parts = urlsplit(address)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    number = _judged(parts.hostname or "", port, reach)
    connection = _connection(parts, number, port, seconds)
    end = threading.Timer(seconds, _cut, [connection])
    end.daemon = True
    try:
        # each of its steps has an end of its own; what comes afterwards has not
        connection.connect()
        end.start()
        return _answer(connection, parts, message)
    except (OSError, http.client.HTTPException, ValueError) as problem:
        raise RefusedForNow(f"{parts.hostname} could not be called: {_words(problem)}") from problem
    finally:
        end.cancel()
        connection.close()


def _judged(host: str, port: int, reach: Reach) -> str:
    """One of the host's addresses; refused where any of them is none that may be called."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as problem:
        raise RefusedForNow(f"{host} is not known: {_words(problem)}") from problem
    numbers = [str(address[0]) for _family, _type, _protocol, _name, address in found]
    if not numbers or not all(reach.allows(ip_address(number)) for number in numbers):
        # for now: names are moved, and the administrator may allow more
        raise RefusedForNow(f"{host} is a machine that may not be called from here.")
    return numbers[0]


def _connection(parts: SplitResult, number: str, port: int, seconds: float) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "http":
        return _Plain(host, number, port, seconds)
    return _Encrypted(host, number, port, seconds)


class _Plain(http.client.HTTPConnection):
    """To an address that was judged, whatever the name means by now."""

    def __init__(self, host: str, number: str, port: int, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self._number = number

    def connect(self) -> None:
        self.sock = socket.create_connection((self._number, self.port), self.timeout)


class _Encrypted(_Plain):
    def __init__(self, host: str, number: str, port: int, seconds: float) -> None:
        super().__init__(host, number, port, seconds)
        self._trusted = ssl.create_default_context()

    def connect(self) -> None:
        super().connect()
        self.sock = self._trusted.wrap_socket(self.sock, server_hostname=self.host)


def _answer(connection: http.client.HTTPConnection, parts: SplitResult, message: Message) -> str:
    body = message.body.encode()
    headers = {
        "Host": parts.netloc,
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "early-warning-indicator-tracker",
        "webhook-id": message.id,
        "webhook-timestamp": str(message.timestamp),
        "webhook-signature": signature(message.secret, message.id, message.timestamp, body),
    }
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    connection.request("POST", target, body, headers)
    answer = connection.getresponse()
    told = f"{answer.status} {one_line(answer.reason, LONGEST_REASON)}".strip()
    if 200 <= answer.status < 300:
        return f"{parts.hostname}: {told}"
    sentence = f"{parts.hostname} answered {told}"
    raise RefusedForGood(sentence) if answer.status == GONE else RefusedForNow(sentence)


def _cut(connection: http.client.HTTPConnection) -> None:
    with contextlib.suppress(OSError):
        connection.sock.shutdown(socket.SHUT_RDWR)


def _words(problem: Exception) -> str:
    return one_line(f"{type(problem).__name__}: {problem}", LONGEST_REASON)
