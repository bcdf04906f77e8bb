"""Which answers are due, since when, and from whom."""

import csv
import io
from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from tests import factories
from tests.concluding import recorded
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.browsing import browser_of, somebody
from tests.web.conftest import SignInAs, TestClock
from tracker.access import Role
from tracker.coding import CodingState
from tracker.handling import Mark
from tracker.storage.base import Database

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
DUE = "/coverage/due"
# Coded monthly, and fresh for 62 days.
MONTHLY = 62


def rows(client: StrictClient, address: str = DUE) -> list[list[str]]:
    """Country, due, stale already, submitted, since, from whom."""
    found = parsed(client.get(address)).xpath("//tbody/tr")
    return [
        [str(row.xpath("string(th/a)")), *(" ".join(cell.text_content().split()) for cell in row.xpath("td"))][:6]
        for row in found
    ]


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (MONTHLY - 14, None),
        (MONTHLY - 13, ["Mali", "1", "0", "0", "from 30 March 2026 on"]),
        (MONTHLY, ["Mali", "1", "0", "0", "from 17 March 2026 on"]),
        (MONTHLY + 1, ["Mali", "1", "1", "0", "16 March 2026"]),
    ],
)
def test_an_answer_is_due_from_fourteen_days_before_it_counts_no_more(
    sign_in_as: SignInAs, database: Database, now: datetime, age: int, expected: list[str] | None
) -> None:
    with database.writing() as session:
        recorded(session, "militias", 2, on=now.date() - timedelta(days=age), at=now)
        recorded(session, "wgi_rule_of_law", -1.0, on=date(2020, 12, 31), at=now)

    found = rows(sign_in_as(Role.READER))

    assert [row[:5] for row in found] == ([expected] if expected else [])


def test_whoever_has_the_country_in_their_scope_answers_for_it_or_else_whoever_has_all(
    sign_in_as: SignInAs, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        for iso3 in ("MLI", "NER", "PRY"):
            recorded(session, "militias", 2, on=date(2025, 12, 31), at=now, iso3=iso3)
    reader = sign_in_as(Role.READER)
    assert {row[0]: row[5] for row in rows(reader)} == {"Mali": "nobody", "Niger": "nobody", "Paraguay": "nobody"}
    assert "For 3 countries nobody answers." in text_of(reader.get(DUE))

    bea = sign_in_as(Role.ANALYST, name="Bea", countries=["MLI"])
    gus = sign_in_as(Role.ANALYST, name="Gus", groups=["african_union"])
    ana = sign_in_as(Role.ANALYST, name="Ana")

    assert {row[0]: row[5] for row in rows(reader)} == {
        "Mali": "Bea, Gus",
        "Niger": "Gus",
        "Paraguay": "whoever works on all countries: Ana",
    }
    for client, theirs in ((bea, ["Mali"]), (gus, ["Mali", "Niger"]), (ana, ["Paraguay"])):
        assert [row[0] for row in rows(client, f"{DUE}?whose=mine")] == theirs


def test_what_is_submitted_is_due_no_more_and_told_to_those_who_may_know_of_it(
    sign_in_as: SignInAs, database: Database, now: datetime
) -> None:
    analyst, reader = sign_in_as(Role.ANALYST), sign_in_as(Role.READER)
    with database.writing() as session:
        author = factories.person(session, roles=[Role.ANALYST], countries=["NER"], created_at=now)
        for key in ("militias", "independence_of_courts"):
            recorded(session, key, 2, on=date(2025, 12, 31), at=now)
        recorded(session, "militias", 2, on=date(2025, 11, 30), at=now, iso3="NER")
        factories.coding(session, author, indicator="militias", value=2, now=now)
        factories.coding(session, author, indicator="militias", value=2, now=now, iso3="NER")
        factories.coding(session, author, indicator="independence_of_courts", value=2, now=now, state=CodingState.DRAFT)

    assert [row[:5] for row in rows(analyst)] == [
        ["Mali", "1", "1", "1", "4 March 2026"],
        ["Niger", "0", "0", "1", "all submitted"],
    ]
    assert "Besides, 2 are submitted" in text_of(analyst.get(DUE))
    assert [row[:4] for row in rows(reader)] == [["Niger", "1", "1", "0"], ["Mali", "2", "2", "0"]]


def test_nothing_due_teaches_what_would_stand_there(sign_in_as: SignInAs, database: Database, now: datetime) -> None:
    reader = sign_in_as(Role.READER, countries=["MLI"])
    with database.writing() as session:
        recorded(session, "militias", 2, on=date(2025, 12, 31), at=now, iso3="NER")
        recorded(session, "militias", 2, on=date(2025, 12, 31), at=now, handling=Mark.AMBER)

    assert "Nothing is due" in text_of(reader.get(DUE))
    assert "Nothing of that is due" in text_of(reader.get(f"{DUE}?q=MLI"))


def test_the_map_tells_how_much_is_due_and_the_export_is_what_is_seen(
    app: Flask, database: Database, clock: TestClock, now: datetime
) -> None:
    with database.writing() as session:
        factories.person(session, roles=[Role.ANALYST], name="=Ana", countries=["MLI"], created_at=now)
        recorded(session, "militias", 2, on=now.date(), at=now)
        recorded(session, "civilian_control_of_forces", 2, on=now.date(), at=now)
    clock.moment = now + timedelta(days=MONTHLY + 30)
    client = browser_of(app, database, somebody(database, clock.moment), clock.moment)

    assert "1 answer in 1 country: stale, or so within 14 days." in text_of(client.get("/coverage"))
    [row] = csv.DictReader(io.StringIO(client.get(f"{DUE}.csv").text))
    assert (row["iso3"], row["due"], row["stale"], row["first_stale_on"]) == ("MLI", "1", "1", "2026-05-18")
    assert (row["from_whom"], row["from_everybody"]) == ("'=Ana", "no")
