"""What other programs of somebody fetch, at addresses that are the secret."""

from datetime import date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests import situations
from tests.focal_points import asked
from tests.responses import Hand
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.browsing import browser_of, somebody
from tests.web.conftest import TestClock
from tracker.access import PersonStatus, Role
from tracker.actions.occasions import enter
from tracker.actions.situations.flagging import raise_flag
from tracker.exchange.atom import ATOM
from tracker.feed import MOST_OF_ONE_PERSON
from tracker.flag import Change
from tracker.handling import Mark
from tracker.occasion import OccasionKind
from tracker.rule import Severity
from tracker.storage import situations as stored
from tracker.storage.admitting import Person
from tracker.storage.base import Database
from tracker.storage.feeding import Feed

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def ana(database: Database, now: datetime) -> Person:
    return somebody(database, now, name="Ana", clearance=Mark.RED, roles=[Role.REVIEWER])


@pytest.fixture
def client_of_ana(app: Flask, database: Database, ana: Person, now: datetime) -> StrictClient:
    return browser_of(app, database, ana, now)


def address_of_feed(client: StrictClient, kind: str = "news", **differing: str) -> str:
    """Of a new one: it is shown this once."""
    made = client.submit("/digests/feeds", kind=kind, name="On my phone", **differing)
    [shown] = parsed(made).xpath("//p[@class='shown-once']/code/text()")
    return str(shown).removeprefix("http://localhost:8000")


def titles(answer: str) -> list[str]:
    names = {"a": ATOM}
    found = ElementTree.fromstring(answer).findall("a:entry", names)
    return [entry.findtext("a:title", namespaces=names) or "" for entry in found]


def kept(database: Database) -> Feed:
    with database.reading() as session:
        return session.scalars(select(Feed)).one()


@pytest.fixture
def a_day_of_each(database: Database, ana: Person, now: datetime) -> None:
    """Of a flag, a step and a day to come: some marked CLEAR, some RED, some in another country."""
    with database.writing() as session:
        rita = situations.somebody(session, Role.REVIEWER, now=now)
        for iso3, mark in (("MLI", Mark.CLEAR), ("TCD", Mark.RED), ("NER", Mark.CLEAR)):
            name = f"Election in {iso3}"
            raise_flag(session, iso3, "Seen.", severity=Severity.ALARM, handling=mark, by=rita, now=now)
            enter(session, iso3, OccasionKind.ELECTION, name, date(2026, 4, 20), handling=mark, by=rita, now=now)
        for found in stored.listed(session, None, Mark.RED, is_closed=False):
            stored.follow(session, found.id, ana.id, now)


def test_the_address_is_shown_once_and_only_its_hash_is_kept(client_of_ana: StrictClient, database: Database) -> None:
    address = address_of_feed(client_of_ana)

    token = address.removeprefix("/feeds/").removesuffix(".atom")
    assert token not in client_of_ana.get("/digests/feeds").text
    assert token not in str(vars(kept(database)))


def test_news_have_titles_and_links_and_nothing_above_green(
    client: StrictClient, client_of_ana: StrictClient, a_day_of_each: None
) -> None:
    answer = client.get(address_of_feed(client_of_ana))

    assert answer.mimetype == "application/atom+xml"
    assert answer.headers["Cache-Control"] == "no-store"
    raised = "Raised by a person (alarm, new)"
    assert sorted(titles(answer.text)) == [f"Mali: {raised}", f"Niger: {raised}"]
    assert "http://localhost:8000/situations/" in answer.text
    for untold in ("Chad", "TCD", "Seen.", "Ana"):
        assert untold not in answer.text


def test_a_feed_of_a_group_tells_of_its_members_alone(
    client: StrictClient, client_of_ana: StrictClient, database: Database, a_day_of_each: None, now: datetime
) -> None:
    with database.writing() as session:
        rita = situations.somebody(session, Role.REVIEWER, now=now)
        raise_flag(session, "PRY", "Seen.", severity=Severity.ALARM, handling=Mark.CLEAR, by=rita, now=now)
        for iso3 in ("MLI", "PRY"):
            asked(session, iso3=iso3, title=f"Help for {iso3}", now=now)

    news = client.get(address_of_feed(client_of_ana, group="african_union")).text
    assert ("Mali: " in news, "Help for MLI" in news, "Paraguay" in news, "PRY" in news) == (True, True, False, False)
    assert "<title>African Union (AU): What is new" in news
    days = client.get(address_of_feed(client_of_ana, "calendar", group="african_union")).text
    assert "Election in MLI" in days
    elsewhere = client.get(address_of_feed(client_of_ana, "calendar", group="asean")).text
    assert ("Election" in elsewhere, "situation" in elsewhere) == (False, False)
    assert "African Union (AU)" in text_of(client_of_ana.get("/digests/feeds"))
    refused = client_of_ana.submit("/digests/feeds", kind="news", name="A", group="no_such_group")
    assert (refused.status_code, "Choose only what is listed" in text_of(refused)) == (422, True)


def test_of_a_group_a_feed_tells_no_more_than_its_person_may_see(
    app: Flask, client: StrictClient, database: Database, a_day_of_each: None, now: datetime
) -> None:
    malian = browser_of(app, database, somebody(database, now, name="M", countries=["MLI"]), now)

    news = client.get(address_of_feed(malian, group="african_union")).text

    assert ("Mali: " in news, "Niger" in news) == (True, False)
    assert malian.submit("/digests/feeds", kind="news", name="A", group="asean").status_code == 422


def test_what_is_overdue_and_what_states_ask_for_is_told_up_to_green(
    client: StrictClient, client_of_ana: StrictClient, database: Database, clock: TestClock, now: datetime
) -> None:
    with database.writing() as session:
        by = situations.somebody(session, Role.REVIEWER, now=now)
        _, situation = situations.raised(session, iso3="MLI", now=now)
        for mark, title in ((Mark.GREEN, "Send mediators"), (Mark.AMBER, "Secret talks")):
            made = Hand(session, by, now).propose(situation, mark, title=title)
            Hand(session, by, now).decide(made)
            made.due_on = now.date() + 2 * DAY
            asked(session, iso3="NER", title=f"Help beside “{title}”", handling=mark, now=now)
        situation.due_on = now.date() + 3 * DAY
    address = address_of_feed(client_of_ana)
    asks = "Niger asks for help: Help beside “Send mediators”"
    clock.moment = now + 2 * DAY
    first = titles(client.get(address).text)
    clock.moment = now + 4 * DAY
    after = titles(client.get(address).text)

    assert [one for one in first if "overdue" in one or "help" in one] == [asks]
    told = [one for one in after if "overdue" in one or "help" in one]
    assert told == ["Mali: situation to be verified (overdue)", "Mali: Send mediators (overdue)", asks]


def test_an_entry_stays_the_same_while_the_month_goes_by(
    client: StrictClient, client_of_ana: StrictClient, database: Database, clock: TestClock, now: datetime
) -> None:
    """What got worse after it was raised is new at first, and worse once its beginning is a month ago."""
    with database.writing() as session:
        made = situations.flag(session, now=now)
        situations.said(session, made, severity=Severity.NOTICE, now=now - 20 * DAY)
        situations.said(session, made, Change.WORSENED, severity=Severity.ALARM, now=now - 10 * DAY)
    address = address_of_feed(client_of_ana)

    def told() -> tuple[list[str], list[str]]:
        answer = client.get(address).text
        entries = ElementTree.fromstring(answer).findall("a:entry", {"a": ATOM})
        return titles(answer), [entry.findtext("a:id", namespaces={"a": ATOM}) or "" for entry in entries]

    first, was = told()
    clock.moment = now + 12 * DAY
    then, same = told()

    assert was == same
    assert len(was) == 1
    assert first != then


def test_the_calendar_has_days_to_come_and_the_steps_of_what_they_follow(
    client: StrictClient, client_of_ana: StrictClient, a_day_of_each: None
) -> None:
    answer = client.get(address_of_feed(client_of_ana, "calendar"))

    assert answer.mimetype == "text/calendar"
    summaries = sorted(line for line in answer.text.split("\r\n") if line.startswith("SUMMARY"))
    assert summaries == [
        "SUMMARY:Mali: Election in MLI",
        "SUMMARY:Mali: situation to be verified",
        "SUMMARY:Niger: Election in NER",
        "SUMMARY:Niger: situation to be verified",
    ]


def test_a_feed_follows_the_scope_of_its_person(
    client: StrictClient, client_of_ana: StrictClient, database: Database, ana: Person, a_day_of_each: None
) -> None:
    addresses = [address_of_feed(client_of_ana, kind) for kind in ("news", "calendar")]
    with database.writing() as session:
        session.get_one(Person, ana.id).sees_all = False

    assert titles(client.get(addresses[0]).text) == []
    assert "SUMMARY" not in client.get(addresses[1]).text


def test_a_feed_is_in_the_language_of_its_person(
    client: StrictClient, client_of_ana: StrictClient, database: Database, ana: Person, a_day_of_each: None
) -> None:
    address = address_of_feed(client_of_ana)
    with database.writing() as session:
        session.get_one(Person, ana.id).language = "fr"
        raise_flag(
            *(session, "CIV", "Seen."),
            severity=Severity.ALARM,
            handling=Mark.CLEAR,
            by=situations.somebody(session, Role.REVIEWER, now=ana.created_at),
            now=ana.created_at,
        )

    assert any(title.startswith("Côte d’Ivoire") for title in titles(client.get(address).text))


def test_its_use_is_noted_once_an_hour_and_shown(
    client: StrictClient, client_of_ana: StrictClient, database: Database, clock: TestClock, now: datetime
) -> None:
    address = address_of_feed(client_of_ana)
    seen = []
    for later in (timedelta(), HOUR - timedelta(seconds=1), HOUR):
        clock.moment = now + later
        assert client.get(address).status_code == 200
        seen.append(kept(database).last_used_at)

    assert seen == [now, now, now + HOUR]


def test_a_feed_that_was_revoked_answers_nobody(client: StrictClient, client_of_ana: StrictClient) -> None:
    address = address_of_feed(client_of_ana)
    page = client_of_ana.get("/digests/feeds")
    [form] = [form for form in parsed(page).forms if form.get("action", "").endswith("/revoke")]

    client_of_ana.submit_form(page, action=form.get("action"))

    assert client.get(address).status_code == 404
    assert "On my phone" not in client_of_ana.get("/digests/feeds").text


def test_a_feed_of_somebody_who_was_deactivated_answers_nobody(
    client: StrictClient, client_of_ana: StrictClient, database: Database, ana: Person
) -> None:
    address = address_of_feed(client_of_ana)
    with database.writing() as session:
        session.execute(update(Person).where(Person.id == ana.id).values(status=PersonStatus.DEACTIVATED))

    assert client.get(address).status_code == 404


def test_an_address_of_one_kind_opens_no_other(client: StrictClient, client_of_ana: StrictClient) -> None:
    address = address_of_feed(client_of_ana)

    assert client.get(address.replace(".atom", ".ics")).status_code == 404
    assert client.get("/feeds/unknown.atom").status_code == 404


def test_a_feed_lets_nobody_into_a_page(client: StrictClient, client_of_ana: StrictClient) -> None:
    client.get(address_of_feed(client_of_ana))

    assert client.get("/").headers["Location"] == "/sign-in"


def test_nobody_revokes_the_feed_of_another(
    app: Flask, client_of_ana: StrictClient, database: Database, now: datetime
) -> None:
    address_of_feed(client_of_ana)
    stranger = browser_of(app, database, somebody(database, now), now)
    page = stranger.get("/digests/feeds")
    sent = {"csrf_token": parsed(page).xpath("//input[@name='csrf_token']/@value")[0]}

    assert stranger.post(f"/digests/feeds/{kept(database).id}/revoke", data=sent).status_code == 404
    assert kept(database).revoked_at is None


def test_nobody_has_more_feeds_than_they_can_look_after(
    client_of_ana: StrictClient, database: Database, ana: Person, now: datetime
) -> None:
    for _ in range(MOST_OF_ONE_PERSON):
        address_of_feed(client_of_ana)

    answer = client_of_ana.submit("/digests/feeds", kind="news", name="One more")

    assert answer.status_code == 422
    assert "You have 10 feeds already." in text_of(answer)
