"""Who is a focal point, and who is missing, as far as a reader may know."""

import csv
import io
from datetime import datetime

import pytest
from sqlalchemy import func, select

from tests import situations
from tests.focal_points import LINK, appointed
from tests.questions import questions
from tests.responses import Hand
from tests.situations import somebody
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.conftest import SignInAs
from tracker.access import Role
from tracker.actions.focal_points import end
from tracker.handling import Mark
from tracker.measure import Misgiving, Sphere
from tracker.storage.admitting import Person
from tracker.storage.base import Database

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
WEST = "/network?group=western_africa&who=all"


@pytest.fixture
def named(database: Database, now: datetime) -> None:
    """In Mali by name for the few, in Ghana for many, in ECOWAS for many; Niger's left."""
    with database.writing() as session:
        appointed(session, iso3="MLI", office="Bamako office", name="Hidden holder", handling=Mark.AMBER, now=now)
        appointed(session, iso3="GHA", office="Accra office", name="Open holder", now=now)
        appointed(session, iso3=None, group="ecowas", office="Commission desk", now=now)
        gone = appointed(session, iso3="NER", office="Niamey office", now=now)
        end(session, gone.id, now.date(), by=somebody(session, Role.REVIEWER, now=now), now=now)


def offices(client: StrictClient, address: str) -> list[str]:
    return [str(name) for name in parsed(client.get(address)).xpath("//tbody/tr/td[1]/a/text()")]


def missing(client: StrictClient, address: str) -> list[str]:
    return [str(name) for name in parsed(client.get(address)).xpath("//ul[@class='shares']//p/a/text()")]


def rows(client: StrictClient, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(address).get_data().decode("utf-8-sig"))))


def test_it_shows_who_is_there_who_is_missing_and_who_left(reader: StrictClient, named: None) -> None:
    page = reader.get(WEST)

    assert offices(reader, WEST) == ["Accra office", "Bamako office"]
    assert "2 of 17 countries have a focal point" in text_of(page)
    assert "15 countries miss one" in text_of(page)
    assert "Niger" in missing(reader, WEST)
    assert not {"Ghana", "Mali"} & set(missing(reader, WEST))
    assert "1 focal point left office" in text_of(page)


def test_organisations_stand_among_them_and_who_is_missing_can_be_shown_alone(
    reader: StrictClient, named: None
) -> None:
    assert "Commission desk" in offices(reader, "/network?group=ecowas&who=all")
    assert "Commission desk" not in offices(reader, WEST)
    assert offices(reader, f"{WEST}&show=missing") == []
    assert missing(reader, f"{WEST}&show=there") == []


def test_names_are_for_whoever_may_see_the_mark(sign_in_as: SignInAs, named: None) -> None:
    below, at_it = sign_in_as(Role.READER), sign_in_as(Role.READER, clearance=Mark.AMBER)

    for address in (WEST, "/network/1", "/network/list.csv?who=all", "/search?q=bamako+office", "/countries/MLI"):
        assert "Bamako" in below.get(address).text
        assert "Hidden holder" not in below.get(address).text
        assert "Hidden holder" in at_it.get(address).text
    assert text_of(below.get("/search?q=hidden+holder")).count("Bamako") == 0
    assert "Bamako office" in text_of(at_it.get("/search?q=hidden+holder"))


def test_whose_scope_is_one_country_sees_no_other(sign_in_as: SignInAs, named: None) -> None:
    mali = sign_in_as(Role.FOCAL_POINT, countries=["MLI"])

    assert offices(mali, "/network?who=all") == ["Bamako office"]
    assert "1 of 1 country has a focal point" in text_of(mali.get("/network?who=all"))
    for address in ("/network?who=all", "/network/list.csv?who=all", "/search?q=office"):
        assert "Accra" not in mali.get(address).text
        assert "Ghana" not in mali.get(address).text
    assert mali.get("/network/2").status_code == 404
    assert mali.get("/network/country/GHA").status_code == 404


def test_the_table_to_take_away_has_who_is_there_missing_and_gone(reader: StrictClient, named: None) -> None:
    found = rows(reader, "/network/list.csv?group=western_africa&who=all")

    by_place = {row["iso3"]: row for row in found}
    assert (by_place["GHA"]["name"], by_place["GHA"]["link"], by_place["GHA"]["handling"]) == (
        "Open holder",
        LINK,
        "TLP:GREEN",
    )
    assert (by_place["MLI"]["office"], by_place["MLI"]["name"], by_place["MLI"]["handling"]) == (
        "Bamako office",
        "",
        "",
    )
    assert by_place["TGO"]["has_a_focal_point"] == "no" or by_place["TGO"]["has_a_focal_point"].lower() == "false"
    assert sum(row["iso3"] == "NER" for row in found) == 2


def test_of_a_state_is_asked_what_it_would_do_itself_and_of_a_reader_what_they_follow_up(
    sign_in_as: SignInAs, database: Database, now: datetime
) -> None:
    ana = sign_in_as(Role.ANALYST)
    with database.writing() as session:
        number = session.scalar(select(func.max(Person.id)))
        rita = somebody(session, Role.REVIEWER, now=now)
        _flag, situation = situations.raised(session, now=now)
        for title, sphere in (("Own", Sphere.NATIONAL), ("Theirs", Sphere.REGIONAL), ("Elsewhere", Sphere.BILATERAL)):
            made = Hand(session, rita, now).propose(situation, title=title, sphere=sphere, noted=tuple(Misgiving))
            made.owner_id = number if title == "Theirs" else None

    def asked_of(client: StrictClient) -> list[str]:
        page = parsed(client.get("/network/country/MLI"))
        return [str(one) for one in page.xpath("//section[@aria-labelledby='asked-of']//li//a/text()")]

    assert asked_of(ana) == ["Own", "Theirs"]
    assert asked_of(sign_in_as(Role.FOCAL_POINT, countries=["MLI"])) == ["Own"]


@pytest.mark.parametrize("address", ["/network?who=all", "/network/1", "/network/country/MLI"])
def test_no_page_of_the_network_needs_more_than_twelve_questions(
    reader: StrictClient, database: Database, named: None, address: str
) -> None:
    reader.get(address)

    assert len(questions(reader, database, address)) <= 12
