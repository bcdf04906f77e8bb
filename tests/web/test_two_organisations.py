"""Two organisations, each with an installation of its own and on the other engine: one hands over, one takes in."""

import io
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests import factories, importing, situations
from tests.bundles import CORRUPTION, COURTS
from tests.conftest import usual_settings
from tests.databases import ENGINES, STOCKED, Databases
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.browsing import browser_of, somebody
from tests.web.conftest import BOTH_ENGINES, TestClock
from tests.web.test_enter import press
from tests.web.test_review import followed, settle
from tracker.access import Role
from tracker.handling import Mark
from tracker.jobs.imports import work_on_imports
from tracker.jobs.job import Shift
from tracker.settings import Settings
from tracker.storage.base import Database
from tracker.web.app import create_app

FEBRUARY, YEAR_END = date(2026, 2, 28), date(2024, 12, 31)
WISH = (
    "/sharing/new?countries=MLI&since=2020-01-01&until=2026-03-16"
    "&parts=observations&parts=flags&parts=assessments&ceiling=1"
)
BOTH = [Role.ADMINISTRATOR, Role.ANALYST]


@pytest.fixture
def other_database(databases: Databases, engine_name: str) -> Iterator[Database]:
    [other] = [name for name in ENGINES if name != engine_name]
    with databases.lent(other, STOCKED) as lent:
        yield lent


@pytest.fixture
def other_app(other_database: Database, tmp_path: Path, clock: TestClock) -> Flask:
    folder = tmp_path / "other"
    folder.mkdir()
    app = create_app(usual_settings(folder), other_database)
    app.test_client_class = StrictClient
    app.extensions["clock"] = clock
    return app


def key_of(client: StrictClient) -> str:
    """Made, and read from the page to be handed over."""
    client.submit_form(client.get("/sharing"), action="/sharing/key")
    return str(parsed(client.get("/sharing")).xpath("string(//code[@class='sharing-key'])"))


def know(client: StrictClient, name: str, key: str) -> None:
    entered = client.submit_form(client.get("/sharing"), action="/sharing/partners", name=name, public_key=key)
    followed(client, entered)


def hand_over(client: StrictClient, recipient: str) -> bytes:
    made = client.submit_form(client.get(WISH), action="/sharing/new", recipient=recipient)
    return client.get(f"{made.headers['Location']}/bundle.json").get_data()


def bring(client: StrictClient, file: bytes) -> str:
    """The address of its page."""
    answer = client.submit("/sharing/receive", file=(io.BytesIO(file), "bundle.json"))
    assert answer.status_code == 302, text_of(answer)
    return str(answer.headers["Location"])


def a_record(database: Database, now: datetime) -> None:
    with database.writing() as session:
        common: dict[str, Any] = {"iso3": "MLI", "handling": Mark.GREEN, "recorded_at": now}
        factories.observation(
            session, indicator=CORRUPTION, on=YEAR_END, value=-0.5, source_name="The World Bank", **common
        )
        factories.observation(
            session,
            indicator=COURTS,
            on=FEBRUARY,
            value=3,
            note="Two judges left.",
            source_name="An observer",
            **common,
        )
        situations.case(session, handling=Mark.GREEN, now=now)


@BOTH_ENGINES
def test_what_one_hands_over_the_other_reviews_counts_and_hands_back(
    app: Flask,
    other_app: Flask,
    database: Database,
    other_database: Database,
    settings: Settings,
    now: datetime,
) -> None:
    a_record(other_database, now)
    theirs = browser_of(other_app, other_database, somebody(other_database, now, name="Ana", roles=BOTH), now)
    ours = browser_of(app, database, somebody(database, now, name="Ben", roles=BOTH), now)
    reviewer = browser_of(app, database, somebody(database, now, name="Rita", roles=[Role.REVIEWER]), now)
    know(ours, "Desk A", key_of(theirs))
    know(theirs, "Desk B", key_of(ours))

    address = bring(ours, hand_over(theirs, "Desk B"))
    looked = text_of(ours.get(address))
    assert "2 observations are new." in looked
    assert "3 flags and assessments are shown as what they see" in looked
    followed(ours, ours.submit_form(ours.get(address), action=f"{address}/take-in"))
    work_on_imports(Shift(settings, database, clock=lambda: now, stopping=lambda: False))
    assert "recorded" in text_of(ours.get(address))

    # the figure counts at once; the answer waits in the grid of whoever took it in, and then for a second person
    assert importing.standing(database) == {("MLI", YEAR_END): -0.5}
    assert "Desk A" in text_of(ours.get(f"/countries/MLI/{CORRUPTION}"))
    grid = ours.get("/enter/MLI?period=2026-02")
    assert "Two judges left. According to: An observer" in " ".join(
        str(one) for one in parsed(grid).xpath("//textarea/text()")
    ).replace("\n", " ")
    followed(ours, press(ours, grid, "submit"))
    waiting = text_of(reviewer.get("/review/MLI"))
    assert "Desk A" in waiting
    followed(reviewer, settle(reviewer, "accept", *importing.codings(database)))
    assert importing.standing(database, COURTS) == {("MLI", FEBRUARY): 3.0}
    country = text_of(ours.get("/countries/MLI"))
    assert "What others see Desk A" in country

    # what comes back to whoever said it first changes nothing there
    address = bring(theirs, hand_over(ours, "Desk A"))
    looked = text_of(theirs.get(address))
    assert "2 observations are recorded here already" in looked
    assert "are new" not in looked
