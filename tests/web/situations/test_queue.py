"""Which situations need somebody: the queue, its filters, its export."""

import csv
import io
from datetime import datetime, timedelta

from flask import Flask

from tests import situations
from tests.questions import questions
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.browsing import browser_of, somebody
from tests.web.conftest import BOTH_ENGINES, SignInAs
from tests.web.situations.desk import ASSESSED, ONE_ENGINE, Raise, beside, page_of, rows
from tracker.access import Role
from tracker.handling import Mark
from tracker.rule import Severity
from tracker.storage import countries
from tracker.storage.base import Database
from tracker.web.paging import PER_PAGE


def test_an_empty_queue_teaches_what_will_stand_there(reviewer: StrictClient) -> None:
    words = text_of(reviewer.get("/situations"))

    assert "No situation is open" in words
    assert "When a rule raises a flag" in words


@BOTH_ENGINES
def test_what_is_overdue_comes_first_and_then_the_worst(
    reviewer: StrictClient, raise_one: Raise, now: datetime
) -> None:
    day = timedelta(days=1)
    raise_one(iso3="NER", now=now)
    raise_one(iso3="TCD", severity=Severity.ALARM, now=now)
    raise_one(iso3="MLI", now=now - day)
    raise_one(iso3="SEN", now=now - 2 * day)
    raise_one(iso3="GHA", severity=Severity.NOTICE, now=now - 3 * day)

    page = reviewer.get("/situations")

    assert rows(page) == ["Ghana", "Chad", "Senegal", "Mali", "Niger"]
    assert "5 situations are open. For 1 of them the next step is overdue." in text_of(page)
    headings = parsed(page).xpath("//main//h2")
    assert [" ".join(one.text_content().split()) for one in headings] == [
        "The next step is overdue 1",
        "Due within seven days 4",
    ]
    assert "1 day late" in text_of(page)
    assert "to be verified by 15 March 2026" in text_of(page)


@ONE_ENGINE
def test_a_long_queue_is_read_page_by_page_and_exported_whole(
    reviewer: StrictClient, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        for country in countries.all_countries(session, None)[: PER_PAGE + 1]:
            situations.raised(session, iso3=country.iso3, now=now)

    first, second = (reviewer.get(f"/situations?page={page}") for page in (1, 2))

    assert "51 situations are open." in text_of(second)
    assert "1 to 50 of 51" in text_of(first)
    assert "Due within seven days 51" in text_of(second)
    assert len(set(rows(first) + rows(second))) == PER_PAGE + 1
    assert len(rows(second)) == 1
    assert reviewer.get("/situations/list.csv?page=2").text.count("\n") == PER_PAGE + 2


@ONE_ENGINE
def test_the_queue_is_narrowed_by_its_address(app: Flask, database: Database, raise_one: Raise, now: datetime) -> None:
    rita = somebody(database, now, name="Rita", roles=[Role.REVIEWER])
    client = browser_of(app, database, rita, now)
    _, mali = raise_one(ASSESSED)
    _, niger = raise_one(iso3="NER")
    raise_one(iso3="PRY")
    beside(client, page_of(mali), "follow", followed="yes")
    beside(client, page_of(niger), "assign")

    def shown(query: str) -> list[str]:
        return sorted(rows(client.get(f"/situations?{query}")))

    assert shown("state=assessed") == ["Mali"]
    assert shown("place=NER") == ["Niger"]
    assert shown("place=african_union") == ["Mali", "Niger"]
    assert shown("who=mine") == ["Niger"]
    assert shown("who=followed") == ["Mali"]
    assert shown("who=followed&place=NER") == []
    assert shown("state=nonsense&who=nonsense") == ["Mali", "Niger", "Paraguay"]
    assert shown("state=closed") == []


def test_the_export_is_what_is_seen(reviewer: StrictClient, raise_one: Raise) -> None:
    _, mali = raise_one(severity=Severity.ALARM)
    raise_one(ASSESSED, iso3="NER")

    seen = list(csv.DictReader(io.StringIO(reviewer.get("/situations/list.csv?state=new").text)))

    assert [(row["situation"], row["iso3"], row["worst_open_flag"]) for row in seen] == [(str(mali.id), "MLI", "3")]
    assert (seen[0]["due_on"], seen[0]["overdue"], seen[0]["without_verdict"]) == ("2026-03-18", "no", "1")


def test_the_navigation_counts_what_is_overdue(
    reviewer: StrictClient, sign_in_as: SignInAs, raise_one: Raise, now: datetime
) -> None:
    raise_one(now=now - timedelta(days=3))
    raise_one(iso3="NER", handling=Mark.RED, now=now - timedelta(days=3))

    def counted(client: StrictClient) -> list[str]:
        found = parsed(client.get("/countries")).xpath("//nav//a[@href='/situations']/span/text()")
        return [str(one) for one in found]

    assert counted(reviewer) == ["1"]
    assert counted(sign_in_as(Role.READER)) == []


@BOTH_ENGINES
def test_the_queue_needs_no_more_questions_for_more_situations(
    reviewer: StrictClient, raise_one: Raise, database: Database
) -> None:
    raise_one()
    one = len(questions(reviewer, database, "/situations"))
    for iso3 in ("NER", "TCD", "SEN"):
        raise_one(iso3=iso3)

    assert len(questions(reviewer, database, "/situations")) == one <= 12


@ONE_ENGINE
def test_the_dashboard_begins_with_what_the_queue_begins_with(
    reviewer: StrictClient, raise_one: Raise, now: datetime
) -> None:
    day = timedelta(days=1)
    raise_one(iso3="NER", severity=Severity.ALARM, now=now)
    raise_one(iso3="TCD", now=now - day)
    raise_one(iso3="SEN", now=now)
    raise_one(iso3="GHA", severity=Severity.NOTICE, now=now - 5 * day)

    headings = parsed(reviewer.get("/")).xpath("//section[@aria-labelledby='attention']//h3/a/text()")

    assert headings == rows(reviewer.get("/situations")) == ["Ghana", "Niger", "Chad", "Senegal"]
