"""What a reader keeps for themselves: their countries, their views, and how far they have read."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests import factories
from tests.dashboards import news
from tests.questions import listening
from tests.situations import raised
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.browsing import browser_of, token_on
from tests.web.conftest import SignInAs
from tracker.access import Role
from tracker.actions.reading import LONGEST_NAME, save_view
from tracker.news import WRITTEN_WITHIN
from tracker.storage import own_things
from tracker.storage.admitting import Person
from tracker.storage.base import Database
from tracker.storage.own_things import Own
from tracker.storage.readers import Visit

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
DAY = timedelta(days=1)


@pytest.fixture
def ana(database: Database, now: datetime) -> Person:
    with database.writing() as session:
        return factories.person(session, countries=["MLI", "NER", "CIV"], created_at=now)


@pytest.fixture
def client(app: Flask, database: Database, ana: Person, now: datetime) -> StrictClient:
    return browser_of(app, database, ana, now)


def own(database: Database, person: Person) -> Own:
    with database.reading() as session:
        return own_things.of_person(session, person.id, None)


def visit(database: Database, person: Person) -> Visit | None:
    with database.reading() as session:
        return session.get(Visit, person.id)


def sent(client: StrictClient, path: str, fields: Mapping[str, object] | None = None) -> TestResponse:
    return client.post(path, data={"csrf_token": token_on(client, "/own"), **(fields or {})})


# Countries


def test_countries_are_chosen_among_those_that_one_works_on(
    client: StrictClient, database: Database, ana: Person
) -> None:
    assert parsed(client.get("/own")).xpath("//input[@name='shown']/@value") == ["CIV", "MLI", "NER"]

    answer = sent(client, "/own/countries", {"shown": ["CIV", "MLI", "NER"], "own": ["MLI", "NER"]})

    assert answer.headers["Location"] == "/?who=mine"
    assert own(database, ana).countries == {"MLI", "NER"}
    assert "These are your countries now." in text_of(client.get("/?who=mine"))
    assert parsed(client.get("/own")).xpath("//input[@name='own'][@checked]/@value") == ["MLI", "NER"]
    sent(client, "/own/countries", {"shown": ["MLI", "CIV"], "own": ["CIV"]})
    assert own(database, ana).countries == {"CIV", "NER"}, "what the page did not show stays as it is"


def test_many_countries_are_chosen_in_as_few_questions_as_one(
    client: StrictClient, database: Database, ana: Person
) -> None:
    asked = []
    for shown in (["CIV"], ["CIV", "MLI", "NER"]):
        client.get("/own")
        with listening(database) as said:
            sent(client, "/own/countries", {"shown": shown, "own": shown})
        asked.append(len(said))
    assert own(database, ana).countries == {"CIV", "MLI", "NER"}
    assert asked[0] == asked[1]


def test_one_country_is_chosen_on_its_own_page(client: StrictClient, database: Database, ana: Person) -> None:
    for wanted, sentence, expected in (
        ("yes", "It is one of your countries now.", {"MLI"}),
        ("no", "It is none of your countries any more.", set()),
    ):
        answer = sent(client, "/own/countries/MLI", {"own": wanted})
        assert answer.headers["Location"] == "/countries/MLI"
        assert own(database, ana).countries == expected
        assert sentence in text_of(client.get("/countries/MLI"))
    assert sent(client, "/own/countries/MLI", {"own": "perhaps"}).status_code == 400


@pytest.mark.parametrize("iso3", ["GHA", "XXX"])
def test_what_lies_outside_a_scope_is_not_there_to_be_chosen(
    client: StrictClient, database: Database, ana: Person, iso3: str
) -> None:
    assert sent(client, f"/own/countries/{iso3}", {"own": "yes"}).status_code == 404
    assert sent(client, "/own/countries", {"shown": ["MLI", iso3], "own": ["MLI"]}).status_code == 404
    assert sent(client, "/own/countries", {"shown": ["MLI"], "own": ["MLI", iso3]}).status_code == 404
    assert own(database, ana).countries == set()


def test_whoever_was_given_no_country_has_none_to_choose(sign_in_as: SignInAs) -> None:
    assert "No countries are yours yet" in text_of(sign_in_as(Role.READER, countries=[]).get("/own"))


# Views


def test_a_view_is_saved_from_the_page_that_it_shows(client: StrictClient, database: Database, ana: Person) -> None:
    address = "/?group=ecowas&order=name"
    [link] = parsed(client.get(address)).xpath("//a[.='Save this view']/@href")

    answer = client.submit(str(link), name="ECOWAS by name", start="yes")

    assert answer.headers["Location"] == address
    assert [(one.name, one.address, one.is_start) for one in own(database, ana).views] == [
        ("ECOWAS by name", address, True)
    ]
    assert "The view is saved." in text_of(client.get(address))
    assert client.get("/start").headers["Location"] == address
    page = client.get("/own/views")
    assert parsed(page).xpath("//ul[@class='list']//a/@href") == [address]
    assert "you begin here" in text_of(page)


def test_whoever_wants_to_begin_with_a_region_needs_only_to_save_it(client: StrictClient) -> None:
    [link] = parsed(client.get("/regions/ecowas")).xpath("//a[.='Begin with this page']/@href")
    client.submit(str(link))
    assert client.get("/start").headers["Location"] == "/regions/ecowas"


def test_one_begins_with_another_view_or_at_the_dashboard_again(
    client: StrictClient, database: Database, ana: Person
) -> None:
    with database.writing() as session:
        first, second = (
            save_view(session, ana.id, name, f"/?q={name}", is_start=name == "A").id for name in ("A", "B")
        )

    client.submit_form(client.get("/own/views"), action=f"/own/views/{second}/start")
    assert [one.is_start for one in own(database, ana).views] == [False, True]
    assert first != second

    client.submit_form(client.get("/own/views"), action="/own/views/no-start")
    assert own(database, ana).start is None
    assert "You begin at the dashboard again." in text_of(client.get("/own/views"))


def test_a_view_that_is_saved_has_a_name_already_of_what_it_is_narrowed_to(sign_in_as: SignInAs) -> None:
    client = sign_in_as(Role.READER)

    [link] = parsed(client.get("/?by=rule_of_law&group=western_africa&who=mine")).xpath("//a[@data-saves]/@href")

    [name] = parsed(client.get(link)).xpath("//input[@id='name']/@value")
    assert name == "Western Africa, My countries, Rule of law and good governance"


def test_what_was_removed_can_be_saved_again(client: StrictClient, database: Database, ana: Person) -> None:
    with database.writing() as session:
        number = save_view(session, ana.id, "A & B", "/?q=a", is_start=False).id

    answer = client.submit_form(client.get("/own/views"), action=f"/own/views/{number}/remove")
    assert own(database, ana).views == ()

    page = client.get(answer.headers["Location"])
    assert "“A & B” is removed. To have it back, save it again." in text_of(page)
    client.submit(answer.headers["Location"])
    assert [(one.name, one.address) for one in own(database, ana).views] == [("A & B", "/?q=a")]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [(" ", "Give the view a name."), ("x" * (LONGEST_NAME + 1), "A name has at most 80 characters.")],
)
def test_what_cannot_be_saved_is_said_and_what_was_typed_is_kept(
    client: StrictClient, database: Database, ana: Person, name: str, sentence: str
) -> None:
    answer = sent(client, "/own/views", {"name": name, "address": "/?q=a"})

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert parsed(answer).xpath("//input[@name='address']/@value") == ["/?q=a"]
    assert parsed(answer).xpath("//input[@name='name']/@value") == [name[:LONGEST_NAME]]
    assert own(database, ana).views == ()


@pytest.mark.parametrize(
    "address",
    [
        *("https://example.org/", "//example.org", "/no-such-page", "/sign-in", "javascript:alert(1)", ""),
        *("/start", "/%73tart?who=all"),
    ],
)
def test_no_page_of_somebody_else_is_kept_or_offered(
    client: StrictClient, database: Database, ana: Person, address: str
) -> None:
    answer = sent(client, "/own/views", {"name": "A", "address": address})

    assert answer.status_code == 422
    assert "Only a page of this product can be kept as a view." in text_of(answer)
    assert "example.org" not in answer.text + client.get(f"/own/views?name=A&address={quote(address)}").text
    assert own(database, ana).views == ()


def test_nobody_sees_or_changes_the_views_of_others(
    client: StrictClient, database: Database, ana: Person, now: datetime
) -> None:
    with database.writing() as session:
        ben = factories.person(session, created_at=now)
        number = save_view(session, ben.id, "What Ben looks at", "/?q=ben", is_start=True).id

    assert "Ben" not in client.get("/own/views").text
    assert client.get("/start").headers["Location"] == "/"
    for act in ("start", "remove"):
        assert sent(client, f"/own/views/{number}/{act}").status_code == 404
    sent(client, "/own/views/no-start")
    assert own(database, ben).start is not None


# How far somebody has read


def test_what_a_page_shows_is_seen_when_it_is_left(
    client: StrictClient, database: Database, ana: Person, now: datetime
) -> None:
    with database.writing() as session:
        raised(session, now=now - DAY)
    page = parsed(client.get("/"))
    [until] = page.xpath("//@data-seen-until")
    [address] = page.xpath("//script/@data-seen")

    answer = sent(client, str(address), {"until": until})

    assert (answer.status_code, answer.data) == (204, b"")
    kept = visit(database, ana)
    assert kept is not None
    assert kept.seen_until == now - WRITTEN_WITHIN


@pytest.mark.parametrize("path", ["/own/seen", "/own/nothing-new", "/own/new-again"])
@pytest.mark.parametrize("moment", ["", "yesterday", "2026-03-16T12:00:00", "2026-03-16"])
def test_a_moment_is_one_in_the_world(
    client: StrictClient, database: Database, ana: Person, path: str, moment: str
) -> None:
    """Without a zone it is none."""
    assert sent(client, path, {"until": moment, "since": moment}).status_code == 400
    assert visit(database, ana) is None


def test_all_that_is_new_can_be_put_aside_and_taken_up_again(
    returning: SignInAs, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        raised(session, now=now - DAY / 2)
    client = returning()
    assert [one.country for one in news(client)] == ["Mali"]

    answer = client.submit_form(client.get("/"), action="/own/nothing-new")
    page = client.get(answer.headers["Location"])
    assert "You have seen it all." in text_of(page)
    assert news(client) == []
    with database.writing() as session:
        raised(session, iso3="NER", now=now)
    assert [one.country for one in news(client)] == ["Niger"]

    client.submit_form(page, action="/own/new-again")
    assert [one.country for one in news(client)] == ["Niger", "Mali"]


def test_nothing_of_it_is_done_without_the_token_of_a_form(
    client: StrictClient, database: Database, ana: Person, now: datetime
) -> None:
    with database.writing() as session:
        number = save_view(session, ana.id, "A", "/?q=a", is_start=False).id
    sendings: dict[str, dict[str, object]] = {
        "/own/countries": {"shown": "MLI", "own": "MLI"},
        "/own/countries/MLI": {"own": "yes"},
        "/own/views": {"name": "B", "address": "/?q=b"},
        f"/own/views/{number}/start": {},
        f"/own/views/{number}/remove": {},
        "/own/views/no-start": {},
        "/own/seen": {"until": now.isoformat()},
        "/own/nothing-new": {"until": now.isoformat()},
        "/own/new-again": {"since": now.isoformat()},
    }
    before = own(database, ana)

    for path, fields in sendings.items():
        assert client.post(path, data=fields).status_code == 400, path
    assert own(database, ana) == before
    assert visit(database, ana) is None
