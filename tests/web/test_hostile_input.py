"""Whatever is sent, the answer is a page with a 4xx at worst, and nothing is lost."""

import re
from collections import defaultdict
from datetime import datetime
from itertools import cycle
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.strict_client import StrictClient, parsed, text_of
from tests.web.access_matrix import TARGET, address_of, sample_for, tries
from tests.web.conftest import BOTH_ENGINES, SignInAs
from tracker.access import Role
from tracker.storage.base import Database
from tracker.text import tidy

# What one engine takes and the other does not comes first; the rest is the same for both.
HARD_FOR_DATABASES = ["a\x00b", "99999999999999999999", "0001-01-01", "a" * 20_000]
HARD_FOR_PAGES = [
    "'; DROP TABLE people; --",
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "../../../../etc/passwd",
    "=cmd|' /C calc'!A0",
    "\r\nSet-Cookie: a=b",
    "﷽" * 500,
    "‮\x1b[2Jabc\ufffe",
    "1e999",
    "2026-02-30",
]
NOT_TRIED = {"static", "sign_in.sign_out", "health.health"}
# Longer than anything that is looked for; web servers refuse an address with much more in each of its fields.
LONGEST_IN_AN_ADDRESS = 2_000
BODIES = [b"[", b"[" * 100_000, b'{"a": NaN}', b'{"a": 1e999}', b"\xff", b'{"a": "\\ud800"}', b"null", b"[]"]


@pytest.fixture
def everywhere(app: Flask, database: Database, now: datetime) -> list[tuple[str, str]]:
    """Every address, with its method."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    sample = sample_for(database, TARGET, now)
    tried = [(rule, method) for rule, method in tries(app) if rule.endpoint not in NOT_TRIED]
    assert len(tried) > 20
    return [(address_of(app, rule, sample), method) for rule, method in tried]


Fields = defaultdict[str, set[str]]


@pytest.fixture(scope="module")
def fields() -> Fields:
    """Once they were looked for: empty before. The same for every text and engine."""
    return defaultdict(set)


def section(url: str) -> str:
    return urlsplit(url).path.split("/")[1]


def look_for_fields(client: FlaskClient, everywhere: list[tuple[str, str]], fields: Fields) -> None:
    """Their names, by section of the site: of all its forms, of those that lead there, and of its links."""
    for url, method in everywhere:
        answer = client.get(url) if method == "GET" else None
        if answer and answer.mimetype == "text/html" and answer.status_code == 200:
            page = parsed(answer)
            for form in page.forms:
                names = {str(name) for name in form.xpath(".//*[@name]/@name")} - {"csrf_token"}
                fields[section(url)] |= names
                fields[section(urljoin(url, form.get("action") or ""))] |= names
            for link in page.xpath("//a/@href[contains(., '?')]"):
                fields[section(urljoin(url, link))] |= set(parse_qs(urlsplit(link).query))
    for names in fields.values():
        numbered = {name: re.sub(r"-\d+$", "", name) for name in names}
        # of the fields that a page repeats for each of its rows, those of one row stand for all
        names &= {min(name for name in names if numbered[name] == plain) for plain in numbered.values()}


def send_everywhere(client: StrictClient, everywhere: list[tuple[str, str]], fields: Fields, texts: list[str]) -> None:
    """Every field of every section of the site gets one of the texts."""
    if not fields:
        look_for_fields(client, everywhere, fields)
    found = set().union(*fields.values())
    assert {"email", "q", "current_password", "clearance", "from"} <= found, "forms of all kinds were found"
    token = parsed(client.get("/account")).xpath("//input[@name='csrf_token']/@value")[0]
    for url, method in everywhere:
        sent = dict(zip(sorted(fields[section(url)]), cycle(texts), strict=False))
        if method == "GET":
            answer = client.get(url, query_string={name: text[:LONGEST_IN_AN_ADDRESS] for name, text in sent.items()})
        else:
            answer = client.open(url, method=method, data=sent | {"csrf_token": token})
        assert answer.status_code < 500, f"{method} {url}"
        assert "too old" not in answer.text, f"{method} {url}: the form itself was not reached"
        assert "<script>alert" not in answer.text


@BOTH_ENGINES
@pytest.mark.parametrize("turn", range(0, len(HARD_FOR_DATABASES), 2))
def test_texts_that_databases_refuse_break_nothing(
    everywhere: list[tuple[str, str]], fields: Fields, sign_in_as: SignInAs, turn: int
) -> None:
    send_everywhere(sign_in_as(*Role), everywhere, fields, HARD_FOR_DATABASES[turn:] + HARD_FOR_DATABASES[:turn])


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("turn", range(0, len(HARD_FOR_PAGES), 5))
def test_texts_that_could_break_a_page_break_none(
    everywhere: list[tuple[str, str]], fields: Fields, sign_in_as: SignInAs, turn: int
) -> None:
    send_everywhere(sign_in_as(*Role), everywhere, fields, HARD_FOR_PAGES[turn:] + HARD_FOR_PAGES[:turn])


@BOTH_ENGINES
@pytest.mark.parametrize("url", ["/countries/%00", "/countries/M%00I", "/people/99999999999999999999", "/%ff%fe"])
def test_a_hostile_address_is_an_unknown_page(sign_in_as: SignInAs, url: str) -> None:
    assert sign_in_as(*Role).get(url).status_code == 404


@pytest.mark.parametrize("body", BODIES, ids=lambda body: ascii(body)[:20])
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_bad_json_is_answered_with_a_clear_4xx(sign_in_as: SignInAs, body: bytes) -> None:
    client = sign_in_as(Role.READER)
    token = parsed(client.get("/account")).xpath("//input[@name='csrf_token']/@value")[0]

    answer = client.post("/sign-in/passkey", data=body, content_type="application/json", headers={"X-CSRFToken": token})

    assert answer.status_code in (400, 413, 422)
    assert "too old" not in answer.text


@BOTH_ENGINES
def test_a_stray_control_character_costs_nobody_a_form(sign_in_as: SignInAs) -> None:
    client = sign_in_as(Role.READER)

    answer = client.submit("/account", name="A\x0bnna\x00")

    assert answer.status_code == 302
    assert "Anna" in text_of(client.get("/account"))


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@given(text=st.text(max_size=40))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_search_is_answered(sign_in_as: SignInAs, text: str) -> None:
    assert sign_in_as(Role.READER).get("/countries", query_string={"q": text}).status_code == 200


@given(text=st.text(st.characters(exclude_categories=[])))
def test_tidy_text_is_fit_for_any_page_and_any_database(text: str) -> None:
    tidied = tidy(text)

    tidied.encode()  # raises for half a surrogate
    assert "\x00" not in tidied
    assert tidy(tidied) == tidied


def test_what_people_type_is_left_as_it_is() -> None:
    typed = "Côte d’Ivoire\r\n\tالصومال 🕊 e\u0301"

    assert tidy(typed) == typed
