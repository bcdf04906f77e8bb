"""However much is recorded: no page goes through the record, nor through the history of scores, to find what it shows.

SQLite is asked how it would find it. It must be led by its index: of the record to the days of one measure, of the
history to days.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from tests import factories
from tests.concluding import recorded
from tests.questions import questions
from tests.web.conftest import SignInAs
from tracker.access import Role
from tracker.handling import Mark
from tracker.storage.base import Database

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
COURTS, SINCE = "independence_of_courts", "as_of=2026-02-20&known_on=2026-03-16"
PAGES = (
    *("/", f"/?{SINCE}", "/news", "/countries", "/countries/MLI", f"/countries/MLI?{SINCE}", "/compare?with=MLI"),
    *("/compare?with=MLI&with=NER&with=TCD&with=FRA", "/coverage", "/coverage/due", "/search?q=mali", "/situations"),
    *("/enter", "/enter/MLI", "/review", "/review/MLI", "/criteria", "/method", f"/countries/MLI/{COURTS}"),
)
_TABLES = re.compile(r"(?:FROM|JOIN) (\w+)(?: AS (\w+))?")
_STEP = re.compile(r"(?:SCAN|SEARCH) (\w+)(?:.*\((.*)\))?")
# By table that grows with every answer: by what its rows must be found at least.
FOUND_BY = {"observations": ("indicator_id=?", "rowid=?", "batch_id=?"), "score_history": ("day=?", "day<?", "day>?")}


@pytest.fixture
def somebody_works(database: Database, now: datetime) -> None:
    with database.writing() as session:
        ana = factories.person(session, roles=[Role.ANALYST], created_at=now)
        for iso3 in ("MLI", "NER", "TCD", "FRA"):
            recorded(session, COURTS, 3, on=date(2026, 1, 31), at=now - timedelta(days=30), iso3=iso3)
            factories.coding(session, ana, indicator=COURTS, iso3=iso3, value=2.0, day=now.date(), now=now)


def test_every_page_is_led_to_what_it_shows(database: Database, somebody_works: None, sign_in_as: SignInAs) -> None:
    browser = sign_in_as(*Role, clearance=Mark.RED)

    wandering = [
        f"{page}: {step}"
        for page in PAGES
        for asked in questions(browser, database, page)
        for step in _long_ways(database, asked)
    ]

    assert wandering == []


def test_a_question_that_goes_through_the_record_is_found(database: Database) -> None:
    of_a_country = "SELECT value FROM observations WHERE iso3 = 'MLI' AND observed_on > '2026-01-01'"
    of_a_measure = "SELECT value FROM observations AS one WHERE one.iso3 = 'MLI' AND one.indicator_id = 1"
    of_a_method = "SELECT record FROM score_history WHERE method_version = 1"

    assert list(_long_ways(database, of_a_measure)) == []
    assert [len(list(_long_ways(database, asked))) for asked in (of_a_country, of_a_method)] == [1, 1]


def _long_ways(database: Database, asked: str) -> Iterator[str]:
    names = {alias or table: table for table, alias in _TABLES.findall(asked)}
    with database.reading() as session:
        nothing = (None,) * asked.count("?")
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", nothing).scalars("detail").all()
    for step in plan:
        name, by = found.groups("") if (found := _STEP.match(step)) else ("", "")
        wanted = FOUND_BY.get(names.get(name, name), ("",))
        if not any(one in by for one in wanted):
            yield f"{step}: {asked}"
