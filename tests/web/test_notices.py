"""What is said before anything else on a page, because it puts all the rest in doubt."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from tests.concluding import days_pass
from tests.dashboards import scored
from tests.strict_client import parsed, text_of
from tests.web.browsing import browser_of, somebody
from tests.web.conftest import TestClock
from tracker.access import Role
from tracker.storage.base import Database

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
DAY = timedelta(days=1)
STALE = "Whatever went stale since 16 March 2026 still counts in the scores"
WITH_SCORES = ("/", "/countries/MLI", "/compare?with=MLI&with=NER", "/coverage", "/calendar", "/situations")


@pytest.mark.parametrize(("days", "is_told"), [(1, False), (2, True)])
def test_scores_at_which_nobody_looked_for_days_are_not_taken_for_those_of_today(
    app: Flask, database: Database, clock: TestClock, now: datetime, days: int, is_told: bool
) -> None:
    with database.writing() as session:
        scored(session, {"MLI": 50, "NER": 40}, at=now)
    who = somebody(database, now)
    clock.moment = now + days * DAY
    client = browser_of(app, database, who, clock.moment)

    assert {address: STALE in text_of(client.get(address)) for address in WITH_SCORES} == dict.fromkeys(
        WITH_SCORES, is_told
    )
    assert STALE not in text_of(client.get("/criteria"))
    with database.writing() as session:
        days_pass(session, now=clock.moment)
    assert STALE not in text_of(client.get("/"))


def test_whoever_runs_the_system_is_led_to_the_worker(
    app: Flask, database: Database, clock: TestClock, now: datetime
) -> None:
    with database.writing() as session:
        scored(session, {"MLI": 50}, at=now)
    clock.moment = now + 9 * DAY
    who = somebody(database, now, roles=[Role.ADMINISTRATOR, Role.READER])

    page = parsed(browser_of(app, database, who, clock.moment).get("/"))

    assert page.xpath("//*[contains(@class, 'is-warning')]/a/@href") == ["/system"]
