"""A page is given out again for as long as nothing has changed that it shows, and to nobody else."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import cast

import pytest
from flask import Flask, template_rendered
from jinja2 import Template
from sqlalchemy import delete, event, update

from tests import factories
from tests.case_studies import written
from tests.concluding import recorded
from tests.dashboards import names, scored
from tests.situations import Desk, case, raised, somebody
from tests.strict_client import StrictClient, text_of
from tests.web.browsing import browser_of, token_on
from tests.web.conftest import SignInAs, TestClock
from tracker.access import Role
from tracker.actions.countries import watch
from tracker.actions.reading import call_own, have_seen, save_view
from tracker.handling import Mark
from tracker.situation import SituationState, Verdict
from tracker.storage.admitting import Person, PersonRole, ScopeCountry, SignIn
from tracker.storage.base import Base, Database, Session
from tracker.storage.data_versions import realms_of
from tracker.storage.readers import Visit
from tracker.storage.watching import Criterion
from tracker.web.kept_pages import KEPT, PLACE_OF_MARK, SHOW_THE_DESK, Kept, Shelf

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
DAY = timedelta(days=1)
AFRICA = "/?group=ecowas"


@pytest.fixture
def ana(database: Database, now: datetime) -> Person:
    with database.writing() as session:
        scored(session, {"CIV": 50}, at=now)
        raised(session, iso3="CIV", now=now)
        return factories.person(session, name="Ana", roles=[Role.REVIEWER], created_at=now)


@pytest.fixture
def client(app: Flask, database: Database, ana: Person, now: datetime) -> StrictClient:
    """Ana, who has opened a page already: the first one of a sign-in makes the token of its forms."""
    client = browser_of(app, database, ana, now)
    client.get(AFRICA)
    return client


def asked(client: StrictClient, database: Database, address: str = AFRICA) -> int:
    """Of the database, for one page, besides whether anything has changed: that is asked of the driver itself."""
    questions: list[str] = []

    def note(*told: object) -> None:
        questions.append(str(told[2]))

    event.listen(database.engine, "before_cursor_execute", note)
    assert client.get(address).status_code == 200
    event.remove(database.engine, "before_cursor_execute", note)
    return len([one for one in questions if one.startswith(("SELECT", "WITH"))])


def is_made(client: StrictClient, address: str = AFRICA) -> bool:
    """Anew, and not given out again."""
    made: list[str] = []

    def note(_app: Flask, template: Template, **_rest: object) -> None:
        made.append(str(template.name))

    with template_rendered.connected_to(note, client.application):
        assert client.get(address).status_code == 200
    return "dashboard/one.html" in made


def mark(client: StrictClient, address: str = AFRICA) -> str | None:
    return client.get(address).get_etag()[0]


@pytest.mark.parametrize("address", [AFRICA, "/news", "/countries", "/countries/MLI", "/situations"])
def test_a_page_that_has_not_changed_is_given_out_again_without_a_question(
    client: StrictClient, database: Database, address: str
) -> None:
    first = client.get(address)

    assert asked(client, database, address) == 0
    assert client.get(address).data == first.data
    assert asked(client, database, f"{address}{'&' if '?' in address else '?'}by=militias") > 1


Change = Callable[[Session, Person, datetime], object]
CHANGES: dict[str, Change] = {
    "evidence": lambda session, _ana, now: scored(session, {"GHA": 40}, at=now),
    "a situation": lambda session, _ana, now: raised(session, iso3="GHA", now=now),
    "a verdict": lambda session, _ana, now: discard(session, now),
    "who is watched": lambda session, ana, now: watch(session, "GHA", False, by=ana.id, now=now),
    "a view of one's own": lambda session, ana, _now: save_view(session, ana.id, "A", "/?who=all", is_start=False),
    "a country of one's own": lambda session, ana, _now: call_own(session, ana.id, "CIV", True),
    "a role": lambda session, ana, _now: session.add(PersonRole(person_id=ana.id, role=Role.ANALYST)),
    "a scope": lambda session, ana, _now: narrow(session, ana),
    "a clearance": lambda session, ana, _now: alter(session, ana, clearance=Mark.CLEAR),
    "a language": lambda session, ana, _now: alter(session, ana, language="fr"),
    "a time zone": lambda session, ana, _now: alter(session, ana, time_zone="Asia/Tokyo"),
}


def discard(session: Session, now: datetime) -> None:
    made, situation = raised(session, iso3="CIV", rule="another", now=now)
    desk = Desk(session, somebody(session, Role.REVIEWER, now=now), now)
    desk.move(situation, SituationState.VERIFYING)
    desk.judge(made, Verdict.DISCARDED)


def alter(session: Session, ana: Person, **columns: object) -> None:
    session.execute(update(Person).where(Person.id == ana.id).values(**columns))


def narrow(session: Session, ana: Person) -> None:
    alter(session, ana, sees_all=False)
    session.add(ScopeCountry(person_id=ana.id, iso3="GHA"))


@pytest.mark.parametrize("change", CHANGES)
def test_it_is_made_anew_when_something_has_changed(
    client: StrictClient, database: Database, ana: Person, now: datetime, change: str
) -> None:
    assert not [is_made(client) for _again in range(2)][1]
    with database.writing() as session:
        CHANGES[change](session, ana, now)

    assert is_made(client)
    assert not is_made(client)


def test_what_all_pages_stand_in_is_read_anew_when_it_changes(
    client: StrictClient, database: Database, ana: Person, now: datetime
) -> None:
    """Countries, groups, criteria and the method are remembered for everybody."""
    assert "Ghana" in names(client, AFRICA)
    with database.writing() as session:
        watch(session, "GHA", False, by=ana.id, now=now)
    assert "Ghana" not in names(client, AFRICA)

    with database.writing() as session:
        session.execute(update(Criterion).where(Criterion.key == "incitement").values(name="Words before deeds"))
    assert "Countries by Words before deeds" in text_of(client.get("/?by=incitement"))


KEPT_ADDRESSES = {
    "dashboard.dashboard": AFRICA,
    "dashboard.news": "/news",
    "countries.countries": "/countries",
    "countries.country": "/countries/CIV",
    "compare.compare": "/compare?with=CIV&with=GHA",
    "coverage.coverage": "/coverage",
    "calendar.calendar": "/calendar",
    "situations.situations": "/situations",
    "toolbox.measure": "/toolbox/quiet_talks",
    "responses.responses": "/responses",
    "assistance.assistance": "/assistance",
    "network.network": "/network",
    "practice.practice": "/practice",
    "practice.case_study": "/practice/1",
    "response_times.response_times": "/response-times",
    "consistency.consistency": "/consistency",
    "consistency.statement": "/consistency/2026",
    "regions.regions": "/regions",
    "regions.desk": "/regions/ecowas",
}


@pytest.mark.parametrize("endpoint", sorted(KEPT))
@pytest.mark.parametrize("past", ["", "as_of=2026-03-15&known_on=2026-03-16"])
def test_whatever_a_kept_page_reads_makes_it_old_when_it_changes(
    app: Flask, database: Database, now: datetime, endpoint: str, past: str
) -> None:
    with database.writing() as session:
        case(session, now=now)
        written(session, now=now)
        who = factories.person(session, roles=list(Role), clearance=Mark.RED, created_at=now)
        session.add(Visit(person_id=who.id, new_since=now - DAY))
    client, read = browser_of(app, database, who, now), set[str]()
    address = KEPT_ADDRESSES[endpoint]
    address += ("&" if "?" in address else "?") + past
    client.get(address)
    # who asks and what waits for them is remembered by numbers of its own, which stand beside the page's
    app.extensions["shelf"] = Shelf()

    def note(*told: object) -> None:
        read.update(re.findall(r'\b(?:FROM|JOIN)\s+"?(\w+)', str(told[2])))

    event.listen(database.engine, "before_cursor_execute", note)
    assert client.get(address).status_code == 200
    event.remove(database.engine, "before_cursor_execute", note)

    tables = read & Base.metadata.tables.keys() - {"data_versions"}
    enough = {"content", "desk"} if endpoint in SHOW_THE_DESK else {"content"}
    assert tables, "the page was not made"
    assert {table for table in tables if not enough & set(realms_of(f"UPDATE {table} SET"))} == set()


def test_what_is_on_its_way_makes_old_what_says_so(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        recorded(session, "militias", 2, on=date(2025, 1, 31), at=now)
        ana = factories.person(session, roles=[Role.ANALYST], created_at=now)
    client = browser_of(app, database, ana, now)
    for _again in range(2):
        assert "1 answer in 1 country: stale" in text_of(client.get("/coverage"))
    with database.writing() as session:
        factories.coding(session, ana, indicator="militias", value=2, now=now)

    assert "1 answer in 1 country: stale" not in text_of(client.get("/coverage"))


def test_whoever_may_read_no_more_is_given_no_page_that_was_kept(
    client: StrictClient, database: Database, ana: Person
) -> None:
    client.get(AFRICA)
    with database.writing() as session:
        session.execute(delete(PersonRole).where(PersonRole.person_id == ana.id))

    assert client.get(AFRICA).status_code == client.head(AFRICA).status_code == 403


def test_what_changes_no_page_makes_none_old(
    client: StrictClient, database: Database, ana: Person, now: datetime
) -> None:
    client.get(AFRICA)
    with database.writing() as session:
        other = factories.person(session, created_at=now)
    client.get(AFRICA)
    with database.writing() as session:
        factories.sign_in(session, session.merge(other), now=now)
        have_seen(session, ana.id, now, now=now)

    assert not is_made(client)


def test_another_day_is_another_page(client: StrictClient, database: Database, clock: TestClock) -> None:
    with database.writing() as session:
        session.execute(update(SignIn).values(expires_at=clock.moment + DAY))
    client.get(AFRICA)
    clock.moment += timedelta(hours=11, minutes=59)
    with client.session_transaction() as cookie:
        cookie["seen"] = clock.moment.timestamp()
    assert not is_made(client)

    clock.moment += timedelta(minutes=1)
    assert is_made(client)


def test_no_page_outlasts_its_sign_in(
    client: StrictClient, database: Database, clock: TestClock, now: datetime
) -> None:
    client.get(AFRICA)
    clock.moment = now + timedelta(hours=12)
    with client.session_transaction() as cookie:
        cookie["seen"] = clock.moment.timestamp()

    assert client.get(AFRICA).headers["Location"].startswith("/sign-in")


def test_nobody_is_given_the_page_of_somebody_else(
    client: StrictClient, app: Flask, database: Database, ana: Person, sign_in_as: SignInAs, now: datetime
) -> None:
    assert "Ana" in client.get(AFRICA).text

    other, again = sign_in_as(Role.REVIEWER, name="Ben"), browser_of(app, database, ana, now)
    for somebody_else in (other, again):
        assert [is_made(somebody_else) for _again in range(3)] == [True, True, False]
    assert "Ana" not in other.get(AFRICA).text
    assert "Côte d’Ivoire" not in sign_in_as(Role.READER, countries=["GHA"]).get(AFRICA).text
    assert cast(StrictClient, app.test_client()).get(AFRICA).headers["Location"].startswith("/sign-in")
    assert token_on(again, AFRICA) != token_on(client, AFRICA), "the forms of each sign-in are its own"


def test_the_forms_of_a_page_that_was_given_out_again_work(client: StrictClient) -> None:
    client.get(AFRICA)
    assert not is_made(client)

    answer = client.post("/sign-out", data={"csrf_token": token_on(client, AFRICA)})

    assert answer.status_code == 302
    assert client.get(AFRICA).headers["Location"].startswith("/sign-in")


def test_what_was_done_is_said_once(client: StrictClient) -> None:
    before = mark(client, "/?who=mine")
    token = token_on(client, "/own")
    client.post("/own/countries", data={"csrf_token": token, "shown": "CIV"})

    told, again = client.get("/?who=mine"), client.get("/?who=mine")

    assert "These are your countries now." in text_of(told)
    assert "These are your countries now." not in text_of(again)
    assert told.get_etag() == again.get_etag() == (before, False), "what the page says besides is the same"
    assert PLACE_OF_MARK not in told.text


def marked(client: StrictClient, address: str) -> str:
    found = re.search(r'<body data-mark="([0-9a-f]{20})">', client.get(address).text)
    assert found, "an open page could not know whether it is still right"
    return found[1]


@pytest.mark.parametrize("address", ["/", "/news"])
def test_what_a_reader_may_not_see_changes_no_mark_whenever_it_happens(
    returning: SignInAs, database: Database, clock: TestClock, now: datetime, address: str
) -> None:
    with database.writing() as session:
        raised(session, iso3="GHA", now=now - timedelta(hours=1))
    client = returning()
    before = mark(client, address)

    with database.writing() as session:
        raised(session, iso3="NER", now=now, handling=Mark.RED)
    clock.moment = now + timedelta(minutes=1)

    assert mark(client, address) == before


def test_a_page_carries_the_mark_by_which_it_is_compared(client: StrictClient) -> None:
    for _again in range(2):
        assert marked(client, AFRICA) == mark(client) == client.head(AFRICA).get_etag()[0]
    assert mark(client, "/?group=eccas") != mark(client)


def test_a_mark_is_that_of_what_the_page_says_and_not_of_what_waits_beside_it(
    client: StrictClient, database: Database, ana: Person, now: datetime
) -> None:
    with database.writing() as session:
        by = factories.person(session, roles=[Role.ANALYST], created_at=now)
    before, page = mark(client), client.get(AFRICA).data
    with database.writing() as session:
        factories.coding(session, by, indicator="militias", value=2, now=now)
    assert client.get(AFRICA).data != page, "the rail counts what waits for a reviewer"
    assert mark(client) == before

    with database.writing() as session:
        raised(session, iso3="GHA", now=now)
    assert mark(client) != before


def test_a_mark_is_not_that_of_what_guards_the_forms_of_one_sign_in(
    app: Flask, database: Database, ana: Person, now: datetime
) -> None:
    with database.writing() as session:
        session.add(Visit(person_id=ana.id, new_since=now - DAY))
    first, second = (browser_of(app, database, ana, now) for _browser in range(2))

    assert "I have seen all this" in text_of(first.get(AFRICA))
    assert mark(first) == mark(second)
    assert first.get(AFRICA).data != second.get(AFRICA).data


def test_a_page_that_only_asks_keeps_nobody_signed_in(client: StrictClient, clock: TestClock) -> None:
    def last_used() -> float:
        with client.session_transaction() as cookie:
            return float(cookie["seen"])

    before = last_used()
    clock.moment += timedelta(minutes=20)
    assert client.head(AFRICA).status_code == 200
    assert client.head(AFRICA).data == b""
    assert last_used() == before
    client.get(AFRICA)
    assert last_used() == clock.moment.timestamp()

    clock.moment += timedelta(minutes=31)
    assert client.head(AFRICA).headers["Location"].startswith("/sign-in")


def test_what_ends_elsewhere_ends_at_once(client: StrictClient, database: Database, ana: Person, now: datetime) -> None:
    client.get(AFRICA)
    assert client.head(AFRICA).status_code == 200
    with database.writing() as session:
        session.execute(update(SignIn).where(SignIn.person_id == ana.id).values(ended_at=now))

    assert client.head(AFRICA).headers["Location"].startswith("/sign-in")
    assert client.get(AFRICA).headers["Location"].startswith("/sign-in")


def test_only_whole_pages_are_kept(client: StrictClient, app: Flask) -> None:
    app.extensions["shelf"] = Shelf()
    for address in ("/countries/XXX", "/?as_of=nonsense", "/?group=nonsense", "/dashboard.csv", "/own", "/account"):
        assert "ETag" not in client.get(address).headers, address
    assert app.extensions["shelf"]._used == 0


# The shelf


def kept(size: int) -> Kept:
    return Kept(b"x" * (size - 1), b"y", "mark")


def test_a_shelf_holds_as_much_as_it_has_room_for(engine_name: str) -> None:
    shelf = Shelf(room=300)
    for number in range(3):
        shelf.put(number, kept(100))
    assert all(shelf.find(number) for number in range(3))

    shelf.put(3, kept(1))
    assert [number for number in range(4) if shelf.find(number)] == [1, 2, 3]


def test_what_was_asked_for_last_stays(engine_name: str) -> None:
    shelf = Shelf(room=300)
    for number in range(3):
        shelf.put(number, kept(100))
    shelf.find(0)
    shelf.put(3, kept(100))

    assert [number for number in range(4) if shelf.find(number)] == [0, 2, 3]


def test_a_page_takes_its_room_once_and_none_that_is_larger_than_all_of_it(engine_name: str) -> None:
    shelf = Shelf(room=300)
    for _again in range(5):
        shelf.put("a", kept(150))
    shelf.put("b", kept(150))
    assert shelf.find("a")

    shelf.put("c", kept(301))
    assert shelf.find("c") is None
