"""What reaches the application of what is sent, and what is sent of its answer: over real lines."""

import json
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection, HTTPResponse
from select import select
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from tests.served import LONGEST_WAIT_SECONDS, served
from tracker.web import front, patience
from tracker.web.front import Front

LARGEST = 3 * 1024 * 1024
HEAD = b"Host: here\r\nConnection: close\r\n"
KEPT = ("CONTENT_LENGTH", "QUERY_STRING", "PATH_INFO", "REQUEST_METHOD", "REMOTE_ADDR", "SERVER_PROTOCOL")


class Application:
    """Tells what it was asked. /slow waits until it may go on."""

    def __init__(self) -> None:
        self.reached, self.go_on = threading.Semaphore(0), threading.Event()
        self.asked: list[str] = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.asked.append(environ["PATH_INFO"])
        if environ["PATH_INFO"] == "/slow":
            self.reached.release()
            assert self.go_on.wait(LONGEST_WAIT_SECONDS)
        if environ["PATH_INFO"] == "/broken":
            raise RuntimeError("it broke")
        if environ["PATH_INFO"] == "/nothing":
            start_response("304 Not Modified", [("Content-Length", "7")])
            return [b"nothing"]
        if environ["PATH_INFO"] == "/long":
            start_response("200 OK", [])
            return [b"x" * (16 * 1024 * 1024)]
        body = environ["wsgi.input"].read()
        heard = {name: value for name, value in environ.items() if name.startswith("HTTP_") or name in KEPT}
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps({**heard, "sent": len(body)}).encode()]


@pytest.fixture
def application() -> Application:
    return Application()


@pytest.fixture
def port(application: Application) -> Iterator[int]:
    with served(Front(application, largest_body=LARGEST)) as port:
        yield port
        application.go_on.set()


@contextmanager
def line(port: int, *said: bytes) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=LONGEST_WAIT_SECONDS) as there:
        for one in said:
            there.sendall(one)
        yield there


def all_of(there: socket.socket) -> bytes:
    """Until the other side hangs up."""
    found = []
    try:
        while piece := there.recv(65536):
            found.append(piece)
    except ConnectionResetError:
        pass
    return b"".join(found)


def said_to(port: int, *said: bytes) -> bytes:
    with line(port, *said) as there:
        return all_of(there)


def status(answer: bytes) -> int:
    return int(answer.split(b" ")[1])


def told(answer: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer.partition(b"\r\n\r\n")[2])
    return found


def asked(port: int, method: str, path: str, **more: Any) -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", port, timeout=LONGEST_WAIT_SECONDS)
    connection.request(method, path, **more)
    return connection.getresponse()


def test_the_application_hears_the_address_as_it_was_sent(port: int) -> None:
    heard = told(said_to(port, b"GET //a%2Fb/%ff%00?q=%ff&r=%C3%A9 HTTP/1.1\r\n" + HEAD + b"\r\n"))

    assert heard["PATH_INFO"] == "/a/b/\xff\x00"
    assert heard["QUERY_STRING"] == "q=%ff&r=%C3%A9"
    assert heard["REMOTE_ADDR"] == "127.0.0.1"


def test_what_is_said_twice_is_heard_together(port: int) -> None:
    twice = b"Cookie: a=1\r\nAccept: text/html\r\nCookie: b=2\r\nAccept: text/plain\r\n"
    heard = told(said_to(port, b"GET / HTTP/1.1\r\n" + HEAD + twice + b"\r\n"))

    assert (heard["HTTP_COOKIE"], heard["HTTP_ACCEPT"]) == ("a=1; b=2", "text/html, text/plain")


def test_no_name_with_a_low_line_is_taken_for_one_with_a_hyphen(port: int) -> None:
    heard = told(said_to(port, b"GET / HTTP/1.1\r\n" + HEAD + b"X_Forwarded_Proto: https\r\nContent_Length: 9\r\n\r\n"))

    assert "HTTP_X_FORWARDED_PROTO" not in heard
    assert "CONTENT_LENGTH" not in heard


@pytest.mark.parametrize("pieces", [[b"abc"], [b"a" * 1_000_000, b"b" * 1_000_000]], ids=["small", "on disk"])
def test_a_body_in_chunks_is_whole_and_what_follows_it_is_no_header(
    application: Application, port: int, pieces: list[bytes]
) -> None:
    chunks = b"".join(b"%x;ext=1\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    trailer = b"Cookie: forged\r\nX-Forwarded-For: forged\r\n"
    request = (
        b"POST / HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n" + trailer + b"\r\n"
    )
    heard = told(said_to(port, request))

    assert heard["sent"] == int(heard["CONTENT_LENGTH"]) == sum(map(len, pieces))
    assert {"HTTP_COOKIE", "HTTP_TRANSFER_ENCODING", "HTTP_X_FORWARDED_FOR"}.isdisjoint(heard)


def test_a_body_of_the_largest_size_is_taken_and_not_one_byte_more(application: Application, port: int) -> None:
    assert json.load(asked(port, "POST", "/", body=b"x" * LARGEST))["sent"] == LARGEST
    assert asked(port, "POST", "/", body=b"x" * (LARGEST + 1)).status == 413
    chunks = (b"x" * 65_536 for _ in range(LARGEST // 65_536 + 1))
    assert asked(port, "POST", "/", body=chunks, encode_chunked=True).status == 413
    assert application.asked == ["/"]


def test_who_asks_first_whether_to_send_is_told(port: int) -> None:
    expects = HEAD + b"Expect: 100-continue\r\n"
    with line(port, b"POST / HTTP/1.1\r\n" + expects + b"Content-Length: 3\r\n\r\n") as there:
        assert there.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        there.sendall(b"abc")
        assert told(all_of(there))["sent"] == 3
    with line(port, b"POST / HTTP/1.1\r\n" + expects + b"Content-Length: %d\r\n\r\n" % (LARGEST + 1)) as there:
        assert status(there.recv(1000)) == 413


def test_nobody_who_stalls_keeps_others_from_being_answered(port: int) -> None:
    """Half of a body, or half of a head."""
    halves = [b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\nabc", b"GET / HTTP/1.1\r\nHost: he"]
    stalling = [socket.create_connection(("127.0.0.1", port)) for _ in range(80)]
    try:
        for number, one in enumerate(stalling):
            one.sendall(halves[number % 2])
        assert [asked(port, "GET", "/").status for _ in range(8)] == [200] * 8
    finally:
        for one in stalling:
            one.close()


def test_who_reads_slowly_takes_no_thread(port: int) -> None:
    unread = [socket.create_connection(("127.0.0.1", port)) for _ in range(2 * front.THREADS)]
    try:
        for one in unread:
            one.sendall(b"GET /long HTTP/1.1\r\n" + HEAD + b"\r\n")
        assert asked(port, "GET", "/").status == 200
    finally:
        for one in unread:
            one.close()


def test_a_body_that_stalls_too_long_is_given_up(
    application: Application, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "LONGEST_PAUSE_SECONDS", 0.2)
    assert status(said_to(port, b"POST / HTTP/1.1\r\n" + HEAD + b"Content-Length: 9\r\n\r\nabc")) == 408
    assert application.asked == []


def test_no_more_than_a_few_bodies_lie_on_the_disk_at_once(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "MOST_ON_DISK", 1)
    large = b"x" * (front.IN_MEMORY_BYTES + 1)
    almost = b"POST / HTTP/1.1\r\n" + HEAD + b"Content-Length: %d\r\n\r\n" % (len(large) + 1) + large
    with line(port, almost) as one, line(port, almost) as other:
        [refused] = select([one, other], [], [], LONGEST_WAIT_SECONDS)[0]  # whichever was read last
        assert status(refused.recv(1000)) == 503
        assert asked(port, "POST", "/", body=large[1:]).status == 200
        held = other if refused is one else one
        held.sendall(b"x")
        assert status(all_of(held)) == 200
    assert asked(port, "POST", "/", body=large).status == 200


def test_what_is_under_way_when_the_server_ends_is_finished(application: Application) -> None:
    with served(Front(application, largest_body=LARGEST)) as port:
        there = socket.create_connection(("127.0.0.1", port))
        there.sendall(b"GET /slow HTTP/1.1\r\nHost: here\r\n\r\n")
        assert application.reached.acquire(timeout=LONGEST_WAIT_SECONDS)
        threading.Thread(target=go_on_once_nobody_listens, args=(application, port)).start()
    with there:
        assert status(all_of(there)) == 200


def go_on_once_nobody_listens(application: Application, port: int) -> None:
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            application.go_on.set()
            return


def test_what_is_still_being_sent_when_the_server_ends_is_not_waited_for(application: Application) -> None:
    with served(Front(application, largest_body=LARGEST)) as port:
        there = socket.create_connection(("127.0.0.1", port))
        there.sendall(b"POST / HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        assert there.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
    with there:
        assert all_of(there) == b""


def test_a_server_knows_what_it_leaves_unfinished(application: Application) -> None:
    front = Front(application, largest_body=LARGEST)
    with served(front) as port, line(port, b"GET /slow HTTP/1.1\r\n" + HEAD + b"\r\n"):
        assert application.reached.acquire(timeout=LONGEST_WAIT_SECONDS)
        assert not front.close()
        application.go_on.set()


def test_what_can_be_given_at_the_door_waits_for_no_thread(application: Application) -> None:
    def door(environ: WSGIEnvironment) -> front.Answer | None:
        return (200, [("Content-Length", "4")], b"kept") if environ["PATH_INFO"] == "/kept" else None

    with ExitStack() as opened:
        port = opened.enter_context(served(Front(application, largest_body=LARGEST, door=door)))
        opened.callback(application.go_on.set)
        for _ in range(2 * front.THREADS):
            opened.enter_context(line(port, b"GET /slow HTTP/1.1\r\n" + HEAD + b"\r\n"))
        for _ in range(front.THREADS):
            assert application.reached.acquire(timeout=LONGEST_WAIT_SECONDS)
        assert asked(port, "GET", "/kept").read() == b"kept"


def test_what_brings_a_body_is_not_answered_before_it_is_there(application: Application) -> None:
    """What comes after an answer would be read as a request of its own."""
    with served(Front(application, largest_body=LARGEST, door=lambda _environ: (200, [], b"kept"))) as port:
        for body in (b"Content-Length: 3\r\n\r\nabc", b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"):
            assert told(said_to(port, b"GET / HTTP/1.1\r\n" + HEAD + body))["sent"] == 3
        assert asked(port, "GET", "/").read() == b"kept"


def test_who_hangs_up_while_sending_has_asked_nothing(application: Application, port: int) -> None:
    with line(port, b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\nabc"):
        pass
    assert asked(port, "GET", "/after").status == 200
    assert application.asked == ["/after"]


def test_who_hangs_up_before_the_answer_disturbs_nobody(application: Application, port: int) -> None:
    for _ in range(2 * front.THREADS):
        with line(port, b"GET /slow HTTP/1.1\r\n" + HEAD + b"\r\n"):
            pass
    for _ in range(front.THREADS):
        assert application.reached.acquire(timeout=LONGEST_WAIT_SECONDS)
    application.go_on.set()
    assert asked(port, "GET", "/").status == 200


def test_what_is_asked_at_once_is_answered_in_turn(application: Application, port: int) -> None:
    """And what was asked before nonsense came is answered all the same."""
    several = b"".join(b"GET /%d HTTP/1.1\r\nHost: here\r\n\r\n" % number for number in range(5))
    with line(port, b"GET /slow HTTP/1.1\r\nHost: here\r\n\r\n" + several + b"no request\r\n\r\n") as there:
        application.go_on.set()
        answers = all_of(there)

    assert application.asked == ["/slow", "/0", "/1", "/2", "/3", "/4"]
    assert answers.count(b"HTTP/1.1 200 OK") == 6


def test_answers_without_a_body_have_none(port: int) -> None:
    head = said_to(port, b"HEAD / HTTP/1.1\r\n" + HEAD + b"\r\n")
    assert status(head) == 200
    assert head.endswith(b"\r\n\r\n")
    nothing = said_to(port, b"GET /nothing HTTP/1.1\r\n" + HEAD + b"\r\n")
    assert status(nothing) == 304
    assert nothing.endswith(b"\r\n\r\n")
    assert b"content-length" not in nothing


def test_an_application_that_breaks_breaks_no_server(port: int, caplog: pytest.LogCaptureFixture) -> None:
    assert status(said_to(port, b"GET /broken HTTP/1.1\r\n" + HEAD + b"\r\n")) == 500
    assert "it broke" in caplog.text
    assert asked(port, "GET", "/").status == 200


CHUNKED = b"Transfer-Encoding: chunked\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        b"POST / HTTP/1.1\r\n" + HEAD + CHUNKED + b"Content-Length: 3\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\n" + HEAD + b"Content-Length: 3\r\n" + CHUNKED + b"\r\nabc",
        b"POST / HTTP/1.1\r\n" + HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        b"POST / HTTP/1.1\r\n" + HEAD + b"Content-Length: -3\r\n\r\nabc",
        b"POST / HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\n" + HEAD + CHUNKED + b"\r\nzz\r\nabc\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\n" + HEAD + CHUNKED + b"\r\n3\r\nabcdef\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\n" + HEAD + b"Upgrade: h2c\r\nConnection: upgrade\r\nContent-Length: 3\r\n\r\nabc",
        b"GET / HTTP/1.1\r\n" + HEAD + b"X: a\x00b\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + HEAD + b"X: a\rb\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + HEAD + b"X : a\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + HEAD + b"X: a\r\n folded\r\n\r\n",
        b"GET / HTTP/1.1\nHost: here\n\n",
        b"GET /?q=\xc3\xa9 HTTP/1.1\r\n" + HEAD + b"\r\n",
        b"CONNECT here:1 HTTP/1.1\r\n" + HEAD + b"\r\n",
        b"\x16\x03\x01\x02\x00\x01",
    ],
    ids=lambda sent: ascii(sent.replace(HEAD, b""))[2:-1],
)
def test_what_could_be_read_in_two_ways_is_refused(application: Application, port: int, sent: bytes) -> None:
    assert status(said_to(port, sent)) == 400
    assert application.asked == []


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET http://elsewhere/ HTTP/1.1\r\n" + HEAD + b"\r\n",
        b"\r\n\r\nGET / HTTP/1.0\r\n\r\n",
    ],
)
def test_old_and_odd_ways_of_asking_are_answered(port: int, sent: bytes) -> None:
    answer = said_to(port, sent)
    assert status(answer) == 200
    assert told(answer)["PATH_INFO"] == "/"
    assert b"chunked" not in answer


@pytest.mark.parametrize(
    "filler",
    [b"X: " + b"x" * patience.LARGEST_HEAD_BYTES, b"X: y\r\n" * 10_000, b"X: " + b"x" * 500_000],
    ids=["a long one", "many", "longer than what is read at once"],
)
@pytest.mark.parametrize("end", [b"", b"\r\n\r\n"], ids=["unfinished", "finished"])
def test_a_head_that_is_too_large_is_refused(application: Application, port: int, filler: bytes, end: bytes) -> None:
    with line(port) as there:
        with suppress(ConnectionResetError, BrokenPipeError):
            there.sendall(b"GET / HTTP/1.1\r\n" + HEAD + filler + end)
        answer = all_of(there)
    assert answer == b"" or status(answer) == 431
    assert application.asked == []
    assert told(said_to(port, b"GET / HTTP/1.1\r\n" + HEAD + b"X: y\r\n" * 1000 + b"\r\n"))["PATH_INFO"] == "/"


def test_a_head_that_never_ends_is_given_up(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "HEAD_SECONDS", 1)
    assert status(said_to(port, b"GET / HTTP/1.1\r\nHost: he")) == 408


def test_who_says_nothing_at_all_is_hung_up_on(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "IDLE_SECONDS", 1)
    assert said_to(port) == b""
    assert said_to(port, b"\r\n") == b""


@pytest.mark.parametrize("limit", ["IDLE_SECONDS", "MOST_UNREAD_BYTES"])
def test_an_answer_that_nobody_reads_is_given_up(port: int, limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Soon, where it waits with too many others."""
    monkeypatch.setattr(patience, limit, 1)
    # asked for twice at once: the first is not read, so the second is not even begun
    with line(port, b"GET /long HTTP/1.1\r\nHost: here\r\n\r\n" * 2) as there:
        ended = threading.Event()
        while not ended.wait(0.1):
            try:
                there.sendall(b"\r\n")
            except OSError:
                ended.set()


def test_one_connection_too_many_is_told_and_the_others_go_on(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "CONNECTIONS", 3)
    first = HTTPConnection("127.0.0.1", port, timeout=LONGEST_WAIT_SECONDS)
    first.connect()
    with line(port), line(port):
        assert status(said_to(port)) == 503
        for _ in range(2):
            first.request("GET", "/")
            answer = first.getresponse()
            assert (answer.status, len(answer.read()) > 0) == (200, True)
    first.close()
    # as soon as one of them has left
    while not said_to(port, b"GET / HTTP/1.1\r\n" + HEAD + b"\r\n").startswith(b"HTTP/1.1 200"):
        pass
