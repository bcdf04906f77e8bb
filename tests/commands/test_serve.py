"""The web server: what it lets through to the application, and what it tells of itself."""

import gc
import http.client
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPResponse

from tracker.actions.imports.bring import LARGEST_FILE_BYTES
from tracker.commands import serve
from tracker.settings import Settings

Headers = dict[str, str]


def tell_who_asks(environ: dict[str, str], start_response: Callable[..., object]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ.get("HTTP_X_FORWARDED_FOR", "nobody in between").encode()]


@contextmanager
def asked(settings: Settings, body: bytes | None = None, headers: Headers | None = None) -> Iterator[HTTPResponse]:
    server = serve._listen(tell_who_asks, "127.0.0.1", 0, settings)
    thread = threading.Thread(target=server.run)
    thread.start()
    connection = http.client.HTTPConnection("127.0.0.1", server.effective_port, timeout=60)
    try:
        connection.request("POST", "/", body, headers or {})
        yield connection.getresponse()
    finally:
        connection.close()
        server.trigger.pull_trigger(server.close)
        server.task_dispatcher.shutdown()
        thread.join(60)


def test_it_does_not_tell_what_it_is_made_of(settings: Settings) -> None:
    with asked(settings) as response:
        assert response.status == 200
        assert response.getheader("Server") is None


def test_nobody_can_pretend_to_be_a_proxy(settings: Settings) -> None:
    with asked(settings, headers={"X-Forwarded-For": "203.0.113.9"}) as response:
        assert response.read() == b"nobody in between"


def test_a_proxy_that_was_named_is_heard(settings: Settings) -> None:
    behind_one = replace(settings, trusted_proxies=1)
    with asked(behind_one, headers={"X-Forwarded-For": "203.0.113.9"}) as response:
        assert response.read() == b"203.0.113.9"


def test_a_body_of_the_largest_size_is_taken(settings: Settings) -> None:
    with asked(settings, body=b"x" * serve.LARGEST_BODY_BYTES) as response:
        assert response.status == 200


def test_a_larger_body_is_refused_before_it_is_sent(settings: Settings) -> None:
    with asked(settings, headers={"Content-Length": str(serve.LARGEST_BODY_BYTES + 1)}) as response:
        assert response.status == 413


def test_a_file_of_the_largest_size_can_be_brought() -> None:
    assert serve.LARGEST_BODY_BYTES > LARGEST_FILE_BYTES


def test_what_the_application_is_made_of_is_not_searched_for_garbage() -> None:
    gc.unfreeze()
    serve.leave_what_is_here_uncollected()

    assert gc.get_freeze_count() > 10_000
