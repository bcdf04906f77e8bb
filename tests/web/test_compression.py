"""Answers travel compressed where the browser takes that, and their length tells nothing."""

import gzip

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.strict_client import StrictClient
from tests.web.conftest import SignInAs
from tracker.access import Role
from tracker.web.compression import MOST_PADDING, WORTH_IT_BYTES

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def reader(sign_in_as: SignInAs) -> StrictClient:
    """Who has opened a page already, so that its forms have their token."""
    client = sign_in_as(Role.READER)
    client.get("/")
    return client


def fetched(client: StrictClient, address: str, takes: str | None = "gzip, deflate, br, zstd") -> TestResponse:
    return client.get(address, headers={} if takes is None else {"Accept-Encoding": takes})


@pytest.mark.parametrize("address", ["/", "/criteria", "/dashboard.csv", "/static/look.css", "/static/world.svg"])
def test_what_is_unpacked_is_what_would_have_been_sent(reader: StrictClient, address: str) -> None:
    whole = fetched(reader, address, None)
    packed = fetched(reader, address)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in whole.headers
    assert len(gzip.decompress(packed.data)) == len(whole.data)
    if address != "/criteria":  # which is made anew, with another token in its forms
        assert gzip.decompress(packed.data) == whole.data
    assert len(packed.data) < len(whole.data) / 2
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    assert packed.mimetype == whole.mimetype


@pytest.mark.parametrize("takes", [None, "", "identity", "br", "gzip;q=0", "deflate, gzip;q=0.0"])
def test_whoever_does_not_take_it_is_sent_the_whole(reader: StrictClient, takes: str | None) -> None:
    for address in ("/", "/static/look.css"):
        assert "Content-Encoding" not in fetched(reader, address, takes).headers


def test_caches_are_told_that_the_answer_depends_on_what_is_taken(reader: StrictClient) -> None:
    for address in ("/", "/criteria", "/dashboard.csv", "/static/look.css"):
        for takes in (None, "gzip"):
            assert "Accept-Encoding" in fetched(reader, address, takes).vary, (address, takes)


def test_the_same_page_has_another_length_each_time(reader: StrictClient) -> None:
    """Kept or made anew, page or file: who listens to the line learns nothing from guesses."""
    for address in ("/", "/dashboard.csv", "/static/look.css"):
        lengths = {len(fetched(reader, address).data) for _again in range(40)}
        assert 10 < len(lengths) <= MOST_PADDING, address
        assert max(lengths) - min(lengths) < MOST_PADDING


@pytest.mark.parametrize(("size", "is_packed"), [(WORTH_IT_BYTES - 1, False), (WORTH_IT_BYTES, True)])
def test_what_is_small_is_left_alone(app: Flask, reader: StrictClient, size: int, is_packed: bool) -> None:
    """The answer to the question whether the server is well is the shortest; here it is lengthened."""
    usual = app.view_functions["health.health"]
    app.view_functions["health.health"] = lambda: ("x" * size, {"Content-Type": "text/plain"})
    try:
        answer = fetched(reader, "/healthz")
    finally:
        app.view_functions["health.health"] = usual

    assert ("Content-Encoding" in answer.headers) is is_packed


@pytest.mark.parametrize(("address", "status"), [("/no-such-page", 404), ("/start", 302), ("/review", 403)])
def test_what_is_no_page_is_left_alone(reader: StrictClient, address: str, status: int) -> None:
    answer = fetched(reader, address)

    assert answer.status_code == status
    assert "Content-Encoding" not in answer.headers


def test_a_file_that_is_there_already_is_not_sent_again(reader: StrictClient) -> None:
    file = fetched(reader, "/static/look.css")
    mark = file.headers["ETag"]

    again = reader.get("/static/look.css", headers={"Accept-Encoding": "gzip", "If-None-Match": mark})

    assert (again.status_code, again.data) == (304, b"")
    assert "Content-Encoding" not in again.headers


def test_a_page_that_only_asks_is_told_the_same_mark_whatever_it_takes(reader: StrictClient) -> None:
    marks = {
        reader.open("/", method=method, headers={"Accept-Encoding": takes}).get_etag()
        for method in ("GET", "HEAD")
        for takes in ("gzip", "identity")
    }

    assert len(marks) == 1
    assert None not in next(iter(marks))
