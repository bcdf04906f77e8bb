"""What am I told, and when? Digests as their readers and those who look after people see and change them."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests import factories
from tests.deliveries import delivered
from tests.digests import subscribed
from tests.questions import questions
from tests.strict_client import StrictClient, form_on, parsed, text_of
from tests.web.browsing import browser_of, somebody, token_on
from tests.web.conftest import SignInAs
from tracker.access import Role
from tracker.actions.reading import call_own
from tracker.period import Cadence, Timetable
from tracker.rule import Severity
from tracker.storage import subscriptions
from tracker.storage.admitting import Person
from tracker.storage.base import Database
from tracker.storage.mailing import Subscription
from tracker.subscription import Interest
from tracker.web.digests.subscription_words import due_words, rhythm

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
SUGGESTED = Timetable(Cadence.WEEKLY, time(7), "Europe/Berlin", 1, 1)


@pytest.fixture
def ana(database: Database, now: datetime) -> Person:
    return somebody(database, now, name="Ana", time_zone="Europe/Berlin", language="fr")


@pytest.fixture
def client_of_ana(app: Flask, database: Database, ana: Person, now: datetime) -> StrictClient:
    return browser_of(app, database, ana, now)


def digests_of(database: Database, person: Person) -> list[Subscription]:
    with database.reading() as session:
        return subscriptions.of_person(session, person.id)


def only_digest_of(database: Database, person: Person) -> Subscription:
    [found] = digests_of(database, person)
    return found


def errors_on(page: Any) -> dict[str, str]:
    """By field, the words beside it."""
    found = parsed(page).xpath("//*[contains(@class, 'error-words') and @id]")
    return {str(one.get("id")).removesuffix("-error"): " ".join(one.text_content().split()) for one in found}


# ---- in words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("timetable", "expected"),
    [
        (Timetable(Cadence.DAILY, time(7, 30), "UTC"), "Every day at 07:30, UTC"),
        (Timetable(Cadence.WEEKLY, time(7), "Europe/Berlin", 5), "Every Friday at 07:00, Europe/Berlin"),
        (Timetable(Cadence.MONTHLY, time(7), "UTC", 1, 30), "On day 30 of every month at 07:00, UTC"),
        (Timetable(Cadence.MONTHLY, time(7), "UTC", 1, 31), "On the last day of every month at 07:00, UTC"),
        (Timetable(Cadence.DAILY, time(7), "Mars/Base"), "at 07:00, UTC (“Mars/Base” is no time zone any more)"),
    ],
)
def test_when_a_digest_comes_is_said_in_words(app: Flask, timetable: Timetable, expected: str) -> None:
    with app.test_request_context():
        assert expected in rhythm(timetable)


def test_the_next_one_is_said_by_the_clocks_of_its_zone_with_the_year_when_it_is_another(app: Flask) -> None:
    now = datetime.fromisoformat("2026-11-20T12:00+00:00")
    with app.test_request_context():
        assert (
            due_words(now + timedelta(days=7), "Europe/Berlin", now) == "on Friday 27 November at 13:00, Europe/Berlin"
        )
        assert due_words(now + timedelta(days=60), "UTC", now) == "on Tuesday 19 January 2027 at 12:00, UTC"


# ---- one's own -----------------------------------------------------------------------------------------------------


def test_somebody_without_a_digest_learns_what_one_is_and_has_it_by_two_clicks(
    client_of_ana: StrictClient, database: Database, ana: Person
) -> None:
    page = client_of_ana.get("/digests")
    assert "No digest comes to you yet" in text_of(page)
    assert "/digests/new" in parsed(page).xpath("//main//a/@href")

    assert client_of_ana.submit("/digests/new").status_code == 302

    found = only_digest_of(database, ana)
    assert subscriptions.timetable_of(found) == SUGGESTED
    assert Interest.from_kept(found.interest) == Interest(least_severity=Severity.WARNING)
    assert (found.language, found.also_when_nothing_is_new) == ("fr", False)
    assert "Next: on lundi 23 mars at 07:00, Europe/Berlin" in text_of(client_of_ana.get("/digests"))


def test_whatever_can_be_asked_for_is_kept_and_shown_again(
    client_of_ana: StrictClient, database: Database, ana: Person
) -> None:
    asked: dict[str, Any] = {
        "name": "Sahel",
        "cadence": "monthly",
        "month_day": "31",
        "at": "16:30",
        "zone": "Africa/Bamako",
        "scope": "named",
        "own_countries": "y",
        "groups": "ecowas",
        "countries": "MLI",
        "criteria": "rule_of_law",
        "least_severity": "3",
        "also_when_nothing_is_new": "y",
        "language": "en",
    }
    assert client_of_ana.submit("/digests/new", **asked).status_code == 302

    found = only_digest_of(database, ana)
    assert subscriptions.timetable_of(found) == Timetable(Cadence.MONTHLY, time(16, 30), "Africa/Bamako", 1, 31)
    assert Interest.from_kept(found.interest) == Interest(
        frozenset({"MLI"}), frozenset({"ecowas"}), True, frozenset({"rule_of_law"}), Severity.ALARM
    )
    shown = dict(form_on(client_of_ana.get(f"/digests/{found.id}"), None).form_values())
    assert {name: shown[name] for name in asked} == asked


@pytest.mark.parametrize(
    ("differing", "field", "said"),
    [
        ({"name": ""}, "name", "Give the digest a name"),
        ({"name": "a" * 81}, "name", "at most 80 characters"),
        ({"cadence": "hourly"}, "cadence", "Choose only what is listed."),
        ({"at": ""}, "at", "Enter a time, such as 07:30."),
        ({"at": "25:00"}, "at", "Enter a time, such as 07:30."),
        ({"zone": "Mars/Base"}, "zone", "Choose only what is listed."),
        ({"month_day": "32"}, "month_day", "Choose only what is listed."),
        ({"scope": "named"}, "scope", "Choose at least one country or group below"),
        ({"countries": "MLI"}, "scope", "You chose countries or groups below"),
        ({"scope": "named", "countries": "XXX"}, "countries", "Choose only what is listed."),
        ({"least_severity": "0"}, "least_severity", "Choose only what is listed."),
        ({"language": "tlh"}, "language", "Choose only what is listed."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_above_the_form(
    client_of_ana: StrictClient, database: Database, ana: Person, differing: dict[str, str], field: str, said: str
) -> None:
    page = client_of_ana.get("/digests/new")
    sent = dict(form_on(page, None).form_values()) | differing

    answer = client_of_ana.post("/digests/new", data=sent)

    assert answer.status_code == 422
    assert said in errors_on(answer)[field]
    assert any(said in str(line) for line in parsed(answer).xpath("//*[@role='alert']//li//text()"))
    assert digests_of(database, ana) == []


def test_who_chose_no_country_yet_sees_where_they_are_chosen(client_of_ana: StrictClient) -> None:
    def opened(page: TestResponse) -> list[str]:
        return [str(one) for one in parsed(page).xpath("//details[@open]/summary/text()")]

    page = client_of_ana.get("/digests/new")
    sent = dict(form_on(page, None).form_values()) | {"scope": "named"}

    assert opened(page) == []
    assert opened(client_of_ana.post("/digests/new", data=sent)) == ["Choose groups"]


def test_nobody_has_more_digests_than_can_be_told_apart(
    client_of_ana: StrictClient, database: Database, ana: Person, now: datetime
) -> None:
    with database.writing() as session:
        for number in range(20):
            subscribed(session, person=ana, now=now, name=f"Digest {number}")

    assert "20 digests for one person are enough." in text_of(client_of_ana.submit("/digests/new"))


def test_of_two_who_change_one_digest_the_second_sees_both_and_decides(
    app: Flask, client_of_ana: StrictClient, database: Database, ana: Person, now: datetime
) -> None:
    client_of_ana.submit("/digests/new", name="First")
    address = f"/digests/{only_digest_of(database, ana).id}"
    opened = client_of_ana.get(address)
    client_of_ana.submit(address, name="Meanwhile")

    conflict = client_of_ana.submit_form(opened, action=None, name="Mine", cadence="daily")

    assert conflict.status_code == 409
    rows = [[cell.text_content() for cell in row] for row in parsed(conflict).xpath("//main//tbody/tr")]
    assert ["Name", "Meanwhile", "Mine"] in rows
    assert [row[0] for row in rows] == ["Name", "When"]
    assert only_digest_of(database, ana).name == "Meanwhile"
    assert client_of_ana.submit_form(conflict, action=None).status_code == 302
    assert only_digest_of(database, ana).name == "Mine"


def test_a_pause_has_a_day_on_which_it_ends_and_can_be_ended_before(
    client_of_ana: StrictClient, database: Database, ana: Person
) -> None:
    client_of_ana.submit("/digests/new")
    address = f"/digests/{only_digest_of(database, ana).id}"

    assert client_of_ana.submit(f"{address}/pause", until="2026-03-16").status_code == 422
    assert client_of_ana.submit(f"{address}/pause", until="2026-05-01").status_code == 302
    assert only_digest_of(database, ana).paused_until == date(2026, 5, 1)
    page = client_of_ana.get("/digests")
    assert "Paused until 1 mai 2026. Next: on lundi 4 mai at 07:00" in text_of(page)
    client_of_ana.submit_form(page, action=f"{address}/resume")

    assert only_digest_of(database, ana).paused_until is None


def test_an_end_can_be_undone(client_of_ana: StrictClient, database: Database, ana: Person) -> None:
    client_of_ana.submit("/digests/new", name="Weekly")
    address = f"/digests/{only_digest_of(database, ana).id}"

    ended = client_of_ana.submit_form(client_of_ana.get("/digests"), action=f"{address}/end")
    assert digests_of(database, ana) == []
    page = client_of_ana.get(ended.headers["Location"])
    assert "“Weekly” is ended." in text_of(page)
    assert client_of_ana.get(address).status_code == 404
    client_of_ana.submit_form(page, action=f"{address}/take-up-again")

    assert only_digest_of(database, ana).next_due_at is not None


def test_urgent_notices_have_quiet_hours_and_can_be_ended(
    client_of_ana: StrictClient, database: Database, ana: Person
) -> None:
    client_of_ana.submit("/digests/urgent", wanted="yes", quiet="y", quiet_from="22:00", quiet_until="06:30")

    with database.reading() as session:
        wish = subscriptions.urgent_wish(session, ana.id)
    assert wish is not None
    assert (wish.quiet_from, wish.quiet_until) == (time(22), time(6, 30))
    assert "Not from 22:00 to 06:30, Europe/Berlin." in text_of(client_of_ana.get("/digests"))
    client_of_ana.submit("/digests/urgent", wanted="no")
    with database.reading() as session:
        assert subscriptions.urgent_wish(session, ana.id) is None


def test_quiet_hours_that_never_begin_are_refused(client_of_ana: StrictClient) -> None:
    answer = client_of_ana.submit("/digests/urgent", wanted="yes", quiet="y", quiet_from="22:00", quiet_until="22:00")

    assert answer.status_code == 422
    assert "They begin and end at the same time" in errors_on(answer)["quiet_until"]


# ---- whose -----------------------------------------------------------------------------------------------------------


def test_somebody_elses_digest_does_not_exist(
    sign_in_as: SignInAs, database: Database, ana: Person, now: datetime
) -> None:
    with database.writing() as session:
        number = subscribed(session, person=ana, now=now, name="Of Ana").id
    stranger = sign_in_as(Role.ANALYST, Role.REVIEWER)
    token = token_on(stranger, "/account")

    for path in ("", "/pause", "/preview", "/preview/mail", "/preview/text", "/webhook"):
        assert stranger.get(f"/digests/{number}{path}").status_code == 404
    for act in ("", "/pause", "/resume", "/end", "/take-up-again", "/webhook", "/webhook/try", "/webhook/remove"):
        sent = {"csrf_token": token, "until": "2026-05-01", "name": "Mine", "address": "http://localhost:1/"}
        assert stranger.post(f"/digests/{number}{act}", data=sent).status_code in (404, 422)
    assert stranger.get(f"/digests/new?person={ana.id}").status_code == 404
    assert "Of Ana" not in stranger.get("/digests").text
    assert only_digest_of(database, ana).name == "Of Ana"


def test_an_administrator_subscribes_others_who_see_by_whom_and_can_leave(
    sign_in_as: SignInAs, client_of_ana: StrictClient, database: Database, ana: Person
) -> None:
    kofi = sign_in_as(Role.ADMINISTRATOR, name="Kofi")
    assert "Ana" in text_of(kofi.get("/digests/everybody"))
    page = kofi.get(f"/digests/new?person={ana.id}")
    assert form_on(page, None).fields["zone"] == "Europe/Berlin"
    filled = dict(form_on(page, None).form_values()) | {"name": "For the desk"}
    kofi.post(f"/digests/new?person={ana.id}", data=filled)

    found = only_digest_of(database, ana)
    said = text_of(client_of_ana.get("/digests"))
    assert "For the desk" in said
    assert "Kofi subscribed you to it." in said
    assert "For the desk" in text_of(kofi.get("/digests/everybody"))
    client_of_ana.submit_form(client_of_ana.get("/digests"), action=f"/digests/{found.id}/end")
    assert digests_of(database, ana) == []


def test_what_others_are_told_no_administrator_reads(
    sign_in_as: SignInAs, database: Database, ana: Person, now: datetime
) -> None:
    with database.writing() as session:
        number = subscribed(session, person=ana, now=now).id
    kofi = sign_in_as(Role.ADMINISTRATOR)

    assert kofi.get(f"/digests/{number}").status_code == 200
    for path in ("/preview", "/preview/mail", "/preview/text", "/webhook"):
        assert kofi.get(f"/digests/{number}{path}").status_code == 404


def test_countries_out_of_sight_are_neither_offered_nor_lost(app: Flask, database: Database, now: datetime) -> None:
    focal_point = somebody(database, now, countries=["MLI"])
    with database.writing() as session:
        interest = Interest(frozenset({"MLI", "NER"}))
        number = subscribed(session, person=focal_point, now=now, interest=interest).id
    client = browser_of(app, database, focal_point, now)

    page = client.get(f"/digests/{number}")
    assert parsed(page).xpath("//input[@name='countries']/@value") == ["MLI"]
    assert "Niger" not in page.text + client.get("/digests").text
    client.submit_form(page, action=None, name="Renamed")

    assert Interest.from_kept(only_digest_of(database, focal_point).interest) == interest


def test_who_chooses_every_country_gets_every_country_whatever_was_out_of_sight(
    app: Flask, database: Database, now: datetime
) -> None:
    """Kept besides, a country that they reach no more would be all that the digest is about."""
    reader = somebody(database, now, countries=["MLI"])
    with database.writing() as session:
        number = subscribed(session, person=reader, now=now, interest=Interest(frozenset({"NER"}))).id
    client = browser_of(app, database, reader, now)

    client.submit_form(client.get(f"/digests/{number}"), action=None, scope="all")

    assert Interest.from_kept(only_digest_of(database, reader).interest).is_everywhere()


# ---- a look at it now ------------------------------------------------------------------------------------------------


def test_a_look_at_it_now_shows_the_very_mail_and_keeps_nothing(
    client_of_ana: StrictClient, database: Database, ana: Person, now: datetime
) -> None:
    with database.writing() as session:
        number = subscribed(session, person=ana, now=now, name="Sahel").id
        call_own(session, ana.id, "MLI", True)

    page, mail, text = (client_of_ana.get(f"/digests/{number}/preview{path}") for path in ("", "/mail", "/text"))

    assert "“Sahel” as it would be now" in text_of(page)
    frames = parsed(page).xpath("//iframe")
    assert [frame.get("src") for frame in frames] == [mail.request.path, text.request.path]
    for frame in frames:
        assert "allow-scripts" not in frame.get("sandbox")
        assert "allow-same-origin" not in frame.get("sandbox")
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in mail.headers["Content-Security-Policy"]
    assert "Sahel" in mail.text
    [subject] = parsed(mail).xpath("//p[@class='subject']/text()")
    assert subject == text.text.partition("\n")[0]
    assert text.mimetype == "text/plain"
    assert text.text.startswith("Subject: [TLP:")
    # the page around it goes on in its own language and by its own clocks
    assert parsed(page).get("lang") == "en"
    with database.reading() as session:
        assert session.get_one(Subscription, number).planned_until == now


def test_no_page_of_digests_asks_more_than_twelve_questions(
    sign_in_as: SignInAs, database: Database, now: datetime
) -> None:
    client = sign_in_as(*Role, name="Ana")
    with database.writing() as session:
        ana = session.query(Person).filter_by(name="Ana").one()
        others = [factories.person(session, created_at=now) for _ in range(5)]
        for person in (ana, *others):
            for name in ("One", "Two", "Three"):
                digest = subscribed(session, person=person, now=now, name=name)
                number = delivered(session, person, subscription=digest, now=now).id
    client.get("/digests")
    with database.reading() as session:
        first = subscriptions.of_person(session, ana.id)[0].id
        own = min(one.id for one in session.query(Subscription).filter_by(person_id=ana.id))

    pages = ["/digests", "/digests/everybody", "/digests/new", f"/digests/{first}", "/digests/urgent", "/digests/told"]
    pages += [
        f"/digests/{own}/preview",
        "/digests/deliveries",
        f"/digests/deliveries/{number}",
        "/digests/feeds",
        f"/digests/{own}/webhook",
    ]
    asked = {page: len(questions(client, database, page)) for page in [*pages, "/system/jobs"]}
    assert {page: count for page, count in asked.items() if count > 12} == {}
