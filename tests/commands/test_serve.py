"""The web server: what it lets through to the application, and what it tells of itself."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection, HTTPResponse

import pytest

from tests.served import LONGEST_WAIT_SECONDS, served
from tracker.actions.imports.bring import LARGEST_FILE_BYTES
from tracker.commands import ending, serve
from tracker.settings import Settings
from tracker.storage.base import Database
from tracker.web.app import create_app
from tracker.web.doorstep import front_of
from tracker.web.uploads import LARGEST_BODY_BYTES

ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
OVER_TLS = {"X-Forwarded-Proto": "https"}


@contextmanager
def asked(
    settings: Settings, database: Database, method: str = "GET", headers: dict[str, str] | None = None
) -> Iterator[HTTPResponse]:
    with served(front_of(create_app(settings, database))) as port:
        connection = HTTPConnection("127.0.0.1", port, timeout=LONGEST_WAIT_SECONDS)
        connection.request(method, "/healthz", headers=headers or {})
        yield connection.getresponse()
        connection.close()


@ON_SQLITE
def test_it_does_not_tell_what_it_is_made_of(settings: Settings, empty_database: Database) -> None:
    with asked(settings, empty_database) as response:
        assert response.getheader("Content-Security-Policy") is not None
        assert response.getheader("Server") is None


@ON_SQLITE
def test_nobody_can_pretend_to_be_a_proxy(settings: Settings, empty_database: Database) -> None:
    with asked(settings, empty_database, headers=OVER_TLS) as response:
        assert response.getheader("Strict-Transport-Security") is None


@ON_SQLITE
def test_a_proxy_that_was_named_is_heard(settings: Settings, empty_database: Database) -> None:
    with asked(replace(settings, trusted_proxies=1), empty_database, headers=OVER_TLS) as response:
        assert response.getheader("Strict-Transport-Security") is not None


@ON_SQLITE
def test_a_larger_body_than_any_is_refused_before_it_is_sent(settings: Settings, empty_database: Database) -> None:
    too_much = {"Content-Length": str(LARGEST_BODY_BYTES + 1)}
    with asked(settings, empty_database, "POST", too_much) as response:
        assert response.status == 413


def test_a_file_of_the_largest_size_can_be_brought() -> None:
    assert LARGEST_BODY_BYTES > LARGEST_FILE_BYTES


def test_it_has_ended_before_whoever_asked_it_to_loses_patience() -> None:
    assert 0 < serve.FINISHING_SECONDS < ending.PATIENCE_SECONDS


def test_what_the_application_is_made_of_is_not_searched_for_garbage() -> None:
    gc.unfreeze()
    serve.leave_what_is_here_uncollected()

    assert gc.get_freeze_count() > 10_000
