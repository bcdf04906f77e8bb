"""The dashboard of a past day: what was to be seen then, or what is known of that day since."""

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.concluding import days_pass, published
from tests.dashboards import WGI, cases, counts, names, news, on_map, ranked, scored
from tests.situations import Desk, raised, said, somebody
from tests.storage.test_scores import heavier, switch_on
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.browsing import browser_of
from tests.web.conftest import SignInAs, TestClock
from tracker.access import Role
from tracker.actions.situations.flagging import clear_flag, raise_flag
from tracker.flag import Change
from tracker.handling import Mark
from tracker.rule import Severity
from tracker.situation import CloseReason, SituationState
from tracker.storage import flags, methods
from tracker.storage.admitting import Person
from tracker.storage.base import Database
from tracker.storage.readers import Visit

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
DAY = timedelta(days=1)
# The databases of tests are stocked on 16 March 2026; today it is 15 May.
BEFORE, FIRST, LATER = "as_of=2026-03-15", "as_of=2026-03-21", "as_of=2026-04-05"
SINCE = "&known_on=2026-05-15"
CURFEW, COUP = "Raised by a person: A curfew.", "Raised by a person: A coup."


@pytest.fixture
def story(database: Database, clock: TestClock, now: datetime) -> None:
    """What was recorded and done when; and at the end the clock stands sixty days on."""
    with database.writing() as session:
        scored(session, {"MLI": 50, "NER": 40}, at=now)
        rita = somebody(session, Role.REVIEWER, now=now)
        marked: dict[str, Any] = {"handling": Mark.CLEAR, "by": rita}
        situation = raise_flag(session, "MLI", "A curfew.", severity=Severity.WARNING, now=now, **marked)
        raise_flag(session, "NER", "A coup.", severity=Severity.ALARM, now=now + 10 * DAY, **marked)
        scored(session, {"MLI": 55}, at=now + 30 * DAY, on=date(2026, 3, 20))
        [one] = flags.in_situation(session, situation.id, Mark.RED)
        grown: dict[str, Any] = {"severity": Severity.ALARM, "sentence": "It grew."}
        said(session, one.flag, Change.WORSENED, now=now + 35 * DAY, **grown)
        clear_flag(session, situation.id, one.flag.id, "It was lifted.", by=rita, now=now + 40 * DAY)
        desk = Desk(session, rita, now + 41 * DAY)
        desk.move(situation, SituationState.VERIFYING)
        desk.move(situation, SituationState.CLOSED, reason=CloseReason.RESOLVED)
        days_pass(session, now=now + 60 * DAY)
    clock.moment = now + 60 * DAY


@pytest.fixture
def who(database: Database, clock: TestClock, story: None) -> Person:
    """They looked last before all of it."""
    with database.writing() as session:
        person = factories.person(session, created_at=clock.moment)
        session.add(Visit(person_id=person.id, new_since=clock.moment - 99 * DAY))
    return person


@pytest.fixture
def reader(app: Flask, database: Database, clock: TestClock, who: Person) -> StrictClient:
    return browser_of(app, database, who, clock.moment)


def scores(client: StrictClient, query: str) -> dict[str, str]:
    return {one.name: one.score for one in ranked(client, f"/?{query}") if one.place}


def test_a_score_is_what_was_known_then_unless_what_is_known_since_is_asked_for(reader: StrictClient) -> None:
    assert scores(reader, FIRST) == {"Mali": "50", "Niger": "40"}
    assert scores(reader, FIRST + SINCE) == {"Mali": "55", "Niger": "40"}
    assert scores(reader, LATER) == {"Mali": "50", "Niger": "40"}
    assert scores(reader, "as_of=2026-03-19" + SINCE) == {"Mali": "50", "Niger": "40"}
    assert scores(reader, "") == {"Mali": "55", "Niger": "40"}


def test_before_anything_was_recorded_nothing_was_known_and_much_is_known_since(reader: StrictClient) -> None:
    words = text_of(reader.get(f"/?{BEFORE}"))

    assert "Nothing was known then" in words
    assert "Mali" not in words
    assert scores(reader, BEFORE + SINCE) == {"Mali": "50", "Niger": "40"}


def test_situations_and_flags_stand_as_they_stood(reader: StrictClient) -> None:
    def seen(query: str) -> list[tuple[str, str]]:
        return [(one.heading, one.sentence) for one in cases(reader, f"/?{query}")]

    mali, niger = ("Mali", f"warning: {CURFEW}"), ("Niger", f"alarm: {COUP}")
    assert seen(FIRST) == [mali]
    assert seen(FIRST + SINCE) == [mali], "what was done later was not done on that day"
    assert seen(LATER) == seen(LATER + SINCE) == [niger, mali]
    assert seen("as_of=2026-04-21") == [("Mali", "alarm: It grew."), niger]
    assert seen("as_of=2026-04-25") == [niger, ("Mali", "No flag is open any more.")]
    assert seen("as_of=2026-05-14") == [niger]


def test_of_a_past_day_nothing_is_new_due_or_read(reader: StrictClient) -> None:
    page = reader.get(f"/?{FIRST}")

    assert news(reader, f"/?{FIRST}") == []
    assert [one.due for one in cases(reader, f"/?{FIRST}")] == [""]
    assert "data-seen-until" not in page.text
    assert "overdue" not in text_of(page)
    assert "data-seen-until" in reader.get("/").text
    assert [one.country for one in news(reader)] != []


def test_the_page_says_which_day_it_shows_and_leads_back(reader: StrictClient) -> None:
    then, since = reader.get(f"/?group=ecowas&{FIRST}"), reader.get(f"/?{FIRST}{SINCE}")

    assert "This is what held on 21 March 2026, as it was known on that day." in text_of(then)
    assert "as it is known from what was recorded up to 15 May 2026." in text_of(since)
    assert parsed(then).xpath("//a[.='Back to today']/@href") == ["/?group=ecowas"]
    [known_today] = parsed(then).xpath("//a[.='That day as it is known today']/@href")
    [known_then] = parsed(reader.get(known_today)).xpath("//a[.='That day as it was known then']/@href")
    assert known_today == f"{known_then}&known_on=2026-05-15"
    assert "Back to today" not in text_of(reader.get("/?as_of=2026-05-15"))


def test_whatever_the_page_leads_to_is_of_the_same_day(reader: StrictClient) -> None:
    page = parsed(reader.get(f"/?{FIRST}{SINCE}"))

    links = [
        *page.xpath("//table[@data-filter]/tbody//th/a/@href"),
        *page.xpath("//thead//a/@href"),
        *page.xpath("//ul[@class='level-counts']//a/@href"),
        *page.xpath("//a[contains(@href, 'dashboard.csv')]/@href"),
    ]
    assert len(links) > 200
    assert {link for link in links if "as_of=2026-03-21&known_on=2026-05-15" not in str(link)} == set()


def test_map_counts_and_export_are_of_the_same_day(reader: StrictClient) -> None:
    address = f"?{FIRST}{SINCE}&level=guarded"

    exported = list(csv.DictReader(io.StringIO(reader.get(f"/dashboard.csv{address}").text)))

    assert names(reader, f"/{address}") == [one["country"] for one in exported] == ["Mali", "Niger"]
    assert [float(one["score"]) for one in exported] == pytest.approx([55, 40], abs=0.001)
    assert on_map(reader, f"/{address}") == [
        "Mali: elevated, 55, on thin evidence",
        "Niger: elevated, 40, on thin evidence",
    ]
    assert counts(reader, f"/{address}")["elevated"] == 2


@pytest.mark.parametrize(
    ("day", "expected"), [("04-14", "0.0"), ("04-15", "+5.0"), ("04-18", "+5.0"), ("04-19", "0.0")]
)
def test_a_change_leads_up_to_the_day(reader: StrictClient, day: str, expected: str) -> None:
    """From 15 April on it was known that from 20 March on it had been five points more."""
    months = {one.name: one.month for one in ranked(reader, f"/?as_of=2026-{day}&q=mali")}

    assert months["Mali"] == expected


def test_a_past_day_too_shows_only_what_its_reader_may_see(
    sign_in_as: SignInAs, app: Flask, database: Database, clock: TestClock, story: None
) -> None:
    with database.writing() as session:
        narrow = factories.person(session, countries=["MLI"], created_at=clock.moment)
    client = browser_of(app, database, narrow, clock.moment)

    for query in (LATER, LATER + SINCE):
        assert names(client, f"/?{query}&who=all") == ["Mali"]
        assert [one.heading for one in cases(client, f"/?{query}")] == ["Mali"]
        assert "Niger" not in client.get(f"/?{query}").text + client.get(f"/dashboard.csv?{query}").text


def test_a_past_day_is_judged_by_the_method_of_that_time(
    app: Flask, database: Database, clock: TestClock, now: datetime
) -> None:
    with database.writing() as session:
        for key, value in zip(WGI, (-2.0, 0.0, 1.0), strict=True):
            published(session, key, (date(2025, 12, 31), value), at=now)
        chosen = methods.in_force(session)
        assert chosen is not None
        switch_on(session, heavier(chosen[1], "risk", 5.0), now + 2 * DAY)
        person = factories.person(session, created_at=now)
    clock.moment = now + 4 * DAY
    client = browser_of(app, database, person, clock.moment)

    def seen(query: str) -> tuple[str, str]:
        words = text_of(client.get(f"/?{query}"))
        return scores(client, query)["Mali"], words.partition("By version ")[2].partition(" ")[0]

    before, after = seen("as_of=2026-03-17"), seen("as_of=2026-03-18")
    assert (before[1], after[1]) == ("1", "2")
    assert before[0] != after[0]
    assert seen("as_of=2026-03-17&known_on=2026-03-20") == after == seen("")


@pytest.mark.parametrize("mark", [Mark.GREEN, Mark.RED])
def test_what_was_marked_higher_then_is_seen_by_whoever_is_cleared_for_it(
    app: Flask, database: Database, clock: TestClock, now: datetime, mark: Mark
) -> None:
    with database.writing() as session:
        scored(session, {"MLI": 30}, at=now)
        scored(session, {"MLI": 50}, at=now, on=date(2026, 2, 1), handling=Mark.RED)
        raised(session, iso3="NER", handling=Mark.RED, now=now)
        person = factories.person(session, clearance=mark, created_at=now)
    clock.moment = now + 2 * DAY
    client = browser_of(app, database, person, clock.moment)

    assert scores(client, "as_of=2026-03-17") == {"Mali": "50" if mark is Mark.RED else "30"}
    assert len(cases(client, "/?as_of=2026-03-17")) == (mark is Mark.RED)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("as_of=2026-05-16", "That day is still to come."),
        ("known_on=2026-05-16", "That day is still to come."),
        ("as_of=2026-03-21&known_on=2026-03-20", "could not be known on 20 March 2026"),
        ("as_of=yesterday", "“yesterday” is no day."),
    ],
)
def test_a_day_that_makes_no_sense_is_refused(reader: StrictClient, query: str, sentence: str) -> None:
    for path in ("/", "/dashboard.csv", "/news"):
        answer = reader.get(f"{path}?{query}")
        assert answer.status_code == 400
        assert sentence in text_of(answer)
