"""A table that is taken away says of which day it is, wherever it ends up."""

import csv
import io
from datetime import datetime, timedelta

import pytest

from tests.actions.test_concluding import FEBRUARY
from tests.concluding import recorded
from tests.web.conftest import SignInAs
from tracker.access import Role
from tracker.handling import Mark
from tracker.storage.base import Database

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)

OF_A_DAY = {
    "/dashboard.csv": "dashboard",
    "/countries/MLI.csv": "MLI",
    "/countries/MLI/militias.csv": "MLI-militias",
    "/coverage.csv": "coverage",
    "/calendar.csv": "calendar",
    "/compare.csv": "compare",
}
OF_TODAY = {"/countries/list.csv": "countries", "/coverage/due.csv": "due", "/situations/list.csv": "situations"}
THEN = "as_of=2026-03-12&known_on=2026-03-14"


@pytest.mark.parametrize(("address", "subject"), [*OF_A_DAY.items(), *OF_TODAY.items()])
def test_a_file_of_today_is_named_after_it(sign_in_as: SignInAs, address: str, subject: str) -> None:
    answer = sign_in_as(Role.READER).get(address)

    assert answer.headers["Content-Disposition"] == f'attachment; filename="{subject}-2026-03-16.csv"'


@pytest.mark.parametrize(("address", "subject"), OF_A_DAY.items())
def test_a_file_of_a_past_day_is_named_after_both_days(sign_in_as: SignInAs, address: str, subject: str) -> None:
    answer = sign_in_as(Role.READER).get(f"{address}?{THEN}")

    assert answer.headers["Content-Disposition"].endswith(f'"{subject}-2026-03-12-known-2026-03-14.csv"')


@pytest.mark.parametrize("address", OF_TODAY)
def test_a_file_that_knows_no_past_claims_none(sign_in_as: SignInAs, address: str) -> None:
    assert '2026-03-16.csv"' in sign_in_as(Role.READER).get(f"{address}?{THEN}").headers["Content-Disposition"]


def test_each_line_says_of_when_it_is_and_how_far_it_may_travel(
    sign_in_as: SignInAs, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        recorded(session, "militias", 2, on=FEBRUARY, at=now - timedelta(days=9))

    text = sign_in_as(Role.READER, clearance=Mark.GREEN).get(f"/countries/MLI/militias.csv?{THEN}").text

    [line] = csv.DictReader(io.StringIO(text))
    assert (line["as_of"], line["known_on"], line["marked_up_to"]) == ("2026-03-12", "2026-03-14", "TLP:GREEN")
