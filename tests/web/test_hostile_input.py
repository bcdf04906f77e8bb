"""Whatever is sent, the answer is a page with a 4xx at worst, and nothing is lost."""

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.access_matrix import address_of, tries
from tests.web.conftest import SignInAs
from tracker.access import Role
from tracker.web.input import is_readable

HOSTILE = [
    "\x00",
    "%00",
    "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "'; DROP TABLE people; --",
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "${7*7}",
    "../../../../etc/passwd",
    "a" * 20_000,
    "=cmd|' /C calc'!A0",
    "\r\nSet-Cookie: a=b",
    "﷽" * 500,
    "‮abc",
    "-1",
    "99999999999999999999",
    "1e999",
    "NaN",
    "2026-02-30",
    "9999-12-31",
    "0001-01-01",
]


@pytest.fixture
def everywhere(app: Flask, sign_in_as: SignInAs) -> tuple[Flask, list[tuple[str, str]]]:
    app.config["WTF_CSRF_ENABLED"] = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    addresses = [(address_of(app, rule, person_id=1), method) for rule, method in tries(app)]
    assert len(addresses) > 20
    return app, [address for address in addresses if not address[0].startswith(("/sign-out", "/static"))]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:24])
def test_a_hostile_text_in_any_field_of_any_page_breaks_nothing(
    everywhere: tuple[Flask, list[tuple[str, str]]], sign_in_as: SignInAs, text: str
) -> None:
    _, addresses = everywhere
    fields = [
        *("email", "password", "name", "next", "code", "token", "measure", "group", "q", "who", "order", "watched"),
        *("roles", "countries", "groups", "clearance", "time_zone", "language", "words", "action", "page", "version"),
        *("first_day", "last_day", "since", "until", "status", "reason", "new_password", "current_password"),
    ]
    client = sign_in_as(*Role)

    for url, method in addresses:
        sent = dict.fromkeys(fields, text)
        answer = client.open(url, method=method, **{"query_string" if method == "GET" else "data": sent})
        assert answer.status_code < 500, f"{method} {url}"
        assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    "text", ["/countries/\x00", "/countries/MLI/..%2f.csv", "/people/99999999999999999999", "/%ff%fe"]
)
def test_a_hostile_address_is_an_unknown_page(sign_in_as: SignInAs, text: str) -> None:
    assert sign_in_as(*Role).get(text).status_code in (400, 404)


@pytest.mark.parametrize(
    "body",
    [
        b"[",
        b"[" * 100_000,
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b"\xff",
        b'{"answer": "\\ud800"}',
        b"null",
        b'"text"',
        b"[]",
    ],
    ids=lambda body: ascii(body)[:20],
)
def test_bad_json_is_answered_with_a_clear_400_or_422(app: Flask, sign_in_as: SignInAs, body: bytes) -> None:
    app.config["WTF_CSRF_ENABLED"] = False

    answer = sign_in_as(Role.READER).post("/sign-in/passkey", data=body, content_type="application/json")

    assert answer.status_code in (400, 422)


@given(text=st.text(st.characters(exclude_categories=[]), max_size=40))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_search_is_answered(app: Flask, sign_in_as: SignInAs, text: str) -> None:
    client = sign_in_as(Role.READER)

    answer = client.get("/countries", query_string={"q": text.encode("utf-8", "surrogatepass")})

    assert answer.status_code == (200 if is_readable(text) else 400) or "�" in answer.text
