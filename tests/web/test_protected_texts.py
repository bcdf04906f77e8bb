"""What must not be told is told nowhere: unique words in every protected field, and every page as everybody."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest
from flask import Flask

from tests import factories
from tests.strict_client import StrictClient, parsed
from tests.web.access_matrix import CAST, Asker
from tests.web.conftest import SignInAs
from tracker.access import Role
from tracker.handling import Mark
from tracker.storage.base import Database
from tracker.storage.models import Source

LAST_MONTH = date(2026, 2, 28)
UNATTRIBUTABLE, RED_SOURCE, AMBER_SOURCE = "CANARYWHO", "CANARYRED", "CANARYAMBER"
NOTE, EVIDENCE = "CANARYNOTE", "CANARYLINK"
RED_VALUE = "3.17"  # levels are whole numbers, so that no other figure looks like it
Reading = Callable[[Asker, Mark], str]


@pytest.fixture
def canaries(database: Database, now: datetime) -> None:
    with database.writing() as session:
        common = {"on": LAST_MONTH, "recorded_at": now, "iso3": "MLI"}
        factories.observation(
            session,
            indicator="independence_of_courts",
            value=2,
            source_name=UNATTRIBUTABLE,
            attributable=False,
            handling=Mark.CLEAR,
            note=NOTE,
            evidence_url=f"https://example.org/{EVIDENCE}",
            **common,  # type: ignore[arg-type]
        )
        factories.observation(
            session,
            indicator="emergency_powers",
            value=float(RED_VALUE),
            source_name=RED_SOURCE,
            handling=Mark.RED,
            **common,  # type: ignore[arg-type]
        )
        factories.observation(
            session,
            indicator="militias",
            value=1,
            source_name=AMBER_SOURCE,
            handling=Mark.AMBER,
            **common,  # type: ignore[arg-type]
        )


# Whoever knows an address need not follow a link to it.
KNOWN_ADDRESSES = (
    *("/", "/countries?who=all", "/no-such-page", "/healthz", "/audit.csv", "/system"),
    *(f"/countries/MLI/{key}.csv" for key in ("independence_of_courts", "emergency_powers", "militias")),
    *(f"/countries/list.csv?measure={key}" for key in ("independence_of_courts", "emergency_powers", "militias")),
    *(f"/countries?measure={key}" for key in ("independence_of_courts", "emergency_powers", "militias")),
)


def everything(client: StrictClient) -> Iterator[tuple[str, str]]:
    """Every page that can be reached by links, as address and text."""
    waiting, seen = [*KNOWN_ADDRESSES], set[str]()
    while waiting and len(seen) < 40:
        url = waiting.pop(0)
        if url in seen:
            continue
        seen.add(url)
        answer = client.get(url, follow_redirects=True)
        yield url, answer.text
        if answer.mimetype == "text/html":
            links = [str(link) for link in parsed(answer).xpath("//a/@href")]
            # one country stands for all: the others differ only in having nothing recorded
            waiting += [link for link in links if link.startswith("/") and _is_worth_a_visit(link)]


def _is_worth_a_visit(link: str) -> bool:
    if link.startswith("/countries"):
        return link.startswith("/countries/MLI") or ("list.csv" in link and "group=" not in link)
    return not link.startswith("/static")


@pytest.fixture
def texts(sign_in_as: SignInAs, canaries: None) -> Reading:
    def read(asker: Asker, clearance: Mark) -> str:
        client = sign_in_as(*(asker.roles or ()), countries=asker.countries, clearance=clearance)
        found = dict(everything(client))
        assert len(found) >= 10, "the crawl went nowhere"
        return "\n".join(found.values())

    return read


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("asker", [asker for asker in CAST if asker.roles and asker.status == "active"], ids=str)
def test_no_role_reads_what_lies_above_its_clearance(texts: Reading, asker: Asker) -> None:
    read = texts(asker, Mark.GREEN)

    for canary in (UNATTRIBUTABLE, RED_SOURCE, AMBER_SOURCE, RED_VALUE, NOTE, EVIDENCE):
        assert canary not in read


def test_a_clearance_opens_what_is_marked_at_it_and_nothing_above(texts: Reading) -> None:
    read = texts(CAST[2], Mark.AMBER)

    assert AMBER_SOURCE in read
    assert RED_SOURCE not in read
    assert RED_VALUE not in read


def test_the_highest_clearance_still_does_not_name_who_must_not_be_named(texts: Reading) -> None:
    read = texts(CAST[5], Mark.RED)

    assert RED_SOURCE in read
    assert RED_VALUE in read
    for canary in (UNATTRIBUTABLE, NOTE, EVIDENCE):
        assert canary not in read


def test_errors_and_logs_hold_none_of_it(
    app: Flask, database: Database, sign_in_as: SignInAs, canaries: None, caplog: pytest.LogCaptureFixture
) -> None:
    """The database refuses a row that carries a canary, half-way through a request."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    whole = app.view_functions["countries.country"]

    def fail(iso3: str) -> str:
        with database.writing() as session:
            session.add(Source(key="x", name=RED_SOURCE, publisher=NOTE, url=EVIDENCE, reliability="Z", credibility=1))
        return str(whole(iso3))

    app.view_functions["countries.country"] = fail
    try:
        answer = sign_in_as(Role.READER, clearance=Mark.RED).get("/countries/MLI")
    finally:
        app.view_functions["countries.country"] = whole

    assert answer.status_code == 500
    assert "IntegrityError" in caplog.text
    assert "CANARY" not in answer.text + caplog.text
