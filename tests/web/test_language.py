"""Every text can be translated: with a made-up language of brackets, whatever has none is found.

The made-up language is written from right to left, so that the pages' direction is seen to follow.
"""

from datetime import datetime
from pathlib import Path
from typing import cast

import pytest
from flask import Flask
from lxml.html import HtmlElement

from tests import factories
from tests.strict_client import StrictClient, parsed
from tests.web.access_matrix import TARGET, address_of, sample_for, tries
from tests.web.conftest import TestClock
from tracker.access import Role
from tracker.settings import Settings
from tracker.storage.base import Database
from tracker.web.app import create_app
from tracker.web.guards import ANYBODY, POLICY
from tracker.web.words import figure, signed

WORDS_OF_PAGES = "//h1|//h2|//label|//legend|//button|//th[@scope='col']|//summary|//nav//a|//p[@class='lede']"
# Where the words are data, which has a language of its own: names and the catalogue's texts.
DATA = {
    "criteria.criterion": ("h1", "h2", "p"),
    "criteria.criteria": ("h2",),
    "toolbox.measure": ("h1", "p"),
    **dict.fromkeys(("practice.change", "practice.tell", "practice.write"), ("label",)),
    "practice.practice": ("h2", "p"),
    "practice.case_study": ("h1", "p"),
    "coverage.coverage": ("th",),
    "countries.country": ("h1", "h2", "h3", "summary", "th"),
    "countries.measure": ("h1", "p", "th"),
    "assistance.one": ("h1",),
    "network.desk": ("h1",),
    "network.one": ("p",),
    "network.network": ("th",),
    "observations.observation": ("p",),
    "calendar.occasion": ("h1",),
    "council_acts.council_acts": ("h1",),
    "occasions.occasions": ("h1",),
    # what people wrote, and measures of the toolbox
    "situations.situation": ("h1", "h3"),
    "responses.response": ("h1",),
    "response_acts.propose": ("h2",),
    "enter.grid": ("h2",),
    "imports.one": ("h1",),
    "method.method": ("summary",),
    "method_editing.weights": ("label", "summary"),
    "method_editing.rule": ("label",),
    "digests.change": ("h1", "label"),
    "digests.digests": ("h2",),
    "digests.everybody": ("h2",),
    "digests.new": ("label",),
    "deliveries.one": ("h1",),
    "sharing.new": ("label",),
    "sharing.one": ("h1", "th"),
    "people.person": ("h1",),
    "people_acts.codes_off": ("h1",),
}


@pytest.fixture
def reader_of_brackets(
    settings: Settings, database: Database, clock: TestClock, now: datetime, bracketed: Path
) -> StrictClient:
    app = create_app(settings, database, clock=clock, translations=str(bracketed))
    app.test_client_class = StrictClient
    with database.writing() as session:
        who = factories.person(session, roles=tuple(Role), language="ar", name="⟦A colleague⟧", created_at=now)
        key = factories.sign_in(session, who, now=now)
        factories.observation(
            session, indicator="militias", iso3="MLI", on=now.date(), value=2, recorded_at=now, source_name="⟦A source⟧"
        )
    client = cast(StrictClient, app.test_client())
    with client.session_transaction() as cookie:
        cookie.update(key=key, seen=now.timestamp())
    return client


def untranslated(page: HtmlElement, endpoint: str) -> list[str]:
    found = [element for element in page.xpath(WORDS_OF_PAGES) if element.tag not in DATA.get(endpoint, ())]
    texts = [(element.tag, " ".join(element.text_content().split())) for element in found]
    return [f"{tag}: {text}" for tag, text in texts if "⟦" not in text and _is_english(text)]


def _is_english(text: str) -> bool:
    """Arabic letters are names of places and groups, in the reader's language already."""
    return any("a" <= letter.lower() <= "z" for letter in text) and not any("؀" <= letter <= "ۿ" for letter in text)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_every_page_speaks_the_readers_language_in_its_direction(
    reader_of_brackets: StrictClient, database: Database, now: datetime
) -> None:
    app = reader_of_brackets.application
    sample = sample_for(database, TARGET, now)
    left_over, looked_at = {}, 0
    for rule, method in tries(app):
        if method != "GET" or POLICY[rule.endpoint] == ANYBODY:
            continue  # where nobody is known yet, the pages are in English
        answer = reader_of_brackets.get(address_of(app, rule, sample), follow_redirects=True)
        if answer.mimetype != "text/html":
            continue
        looked_at += 1
        page = parsed(answer)
        assert (page.get("lang"), page.get("dir")) == ("ar", "rtl"), rule.endpoint
        missing = untranslated(page, rule.endpoint)
        if missing:
            left_over[rule.endpoint] = missing

    assert looked_at > 15
    assert left_over == {}


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_country_names_come_in_the_readers_language(reader_of_brackets: StrictClient) -> None:
    assert "مالي" in reader_of_brackets.get("/countries/MLI").text


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_numbers_have_a_true_minus_and_no_minus_zero(reader_of_brackets: StrictClient) -> None:
    with reader_of_brackets.application.test_request_context():
        assert figure(-2.5) == "−2.5"
        assert figure(-0.001) == "0"
        assert figure(1234.5) == "1,234.5"
        assert [signed(change, 1) for change in (1, -1, 0.04, -0.04)] == ["+1.0", "−1.0", "0.0", "0.0"]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_page_that_is_not_translated_does_not_call_itself_arabic(
    app: Flask, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        key = factories.sign_in(session, factories.person(session, language="ar", created_at=now), now=now)
    client = cast(StrictClient, app.test_client())
    with client.session_transaction() as cookie:
        cookie.update(key=key, seen=now.timestamp())

    page = parsed(client.get("/countries/MLI"))

    assert (page.get("lang"), page.get("dir")) == ("en", "ltr")
    assert "مالي" in page.text_content()
