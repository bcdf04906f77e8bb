"""How long does it take until somebody acts? The page, and what it must not tell."""

from datetime import datetime, timedelta

import pytest

from tests import situations
from tests.dashboards import scored
from tests.questions import questions
from tests.responses import Hand
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.conftest import SignInAs
from tracker.access import Role
from tracker.handling import Mark
from tracker.pictures.land import whole_world
from tracker.situation import SituationState
from tracker.storage.base import Database

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
PAGE = "/response-times"


@pytest.fixture
def told(database: Database, now: datetime) -> None:
    """Mali: raised twenty days ago, decided after five. Niger: raised nine days ago, and nobody has done anything."""
    with database.writing() as session:
        by = situations.somebody(session, Role.REVIEWER, now=now)
        _flag, mali = situations.raised(session, iso3="MLI", now=now - timedelta(days=20))
        hand = Hand(session, by, now - timedelta(days=15))
        hand.decide(hand.propose(mali))
        situations.raised(session, iso3="NER", now=now - timedelta(days=9))


@pytest.mark.usefixtures("told")
def test_what_was_decided_and_what_still_waits_stand_beside_each_other(sign_in_as: SignInAs) -> None:
    page = parsed(sign_in_as(Role.READER).get(f"{PAGE}?by=country&who=all"))
    rows = {
        row.xpath("string(th)"): row.text_content()
        for row in page.xpath("//table[contains(@class,'response-times')]//tr")
    }

    assert "5 days of 1" in " ".join(rows["Mali"].split())
    assert "9 days or more of 1, 1 still waits" in " ".join(rows["Niger"].split())
    assert "5 days of 2, 1 still waits" in " ".join(rows["All of them"].split())


@pytest.mark.usefixtures("told")
def test_the_same_stands_in_the_file_to_take_away(sign_in_as: SignInAs) -> None:
    lines = sign_in_as(Role.READER).get(f"{PAGE}.csv?by=country&who=all").get_data(as_text=True).splitlines()

    [mali] = [line for line in lines if line.startswith("Mali,MLI,decided")]
    assert ",1,0,0,5,no,5,5," in mali or ",1,0,0,5,false,5,5," in mali.lower()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?group=african_union&who=all", True),
        ("?group=asean&who=all", False),
        ("?q=Mali&who=all", True),
        ("?window=1&who=all", True),
    ],
)
@pytest.mark.usefixtures("told")
def test_the_page_is_narrowed_by_its_address(sign_in_as: SignInAs, query: str, shown: bool) -> None:
    said = text_of(sign_in_as(Role.READER).get(f"{PAGE}{query}&by=country"))

    assert ("Mali" in said) == shown


@pytest.mark.usefixtures("told")
def test_a_past_day_knows_nothing_of_what_came_later(sign_in_as: SignInAs, now: datetime) -> None:
    then = (now - timedelta(days=17)).date().isoformat()

    said = " ".join(text_of(sign_in_as(Role.READER).get(f"{PAGE}?by=country&who=all&as_of={then}")).split())

    assert "3 days or more" in said
    assert "Niger" not in said


def test_what_lies_above_a_clearance_or_outside_a_scope_leaves_no_trace(
    sign_in_as: SignInAs, database: Database, now: datetime
) -> None:
    pages = (PAGE, f"{PAGE}.csv", "/regions", "/regions/african_union", "/consistency", "/consistency/2026")
    low, elsewhere = sign_in_as(Role.READER, clearance=Mark.GREEN), sign_in_as(Role.READER, countries=["SEN"])
    before = {(who, page): who.get(page).data for who in (low, elsewhere) for page in pages}
    with database.writing() as session:
        situations.raised(session, iso3="MLI", handling=Mark.RED, now=now - timedelta(days=5))

    for (who, page), was in before.items():
        assert text_without_marks(who.get(page).data) == text_without_marks(was), page


def text_without_marks(page: bytes) -> list[bytes]:
    return [line for line in page.splitlines() if b"csrf" not in line and b"data-mark" not in line]


@pytest.mark.usefixtures("told")
def test_the_pages_need_no_more_than_twelve_questions(sign_in_as: SignInAs, database: Database) -> None:
    reader = sign_in_as(*Role)
    # the countries, the catalogue and the method are remembered from any page
    reader.get("/countries")

    asked = {page: len(questions(reader, database, page)) for page in PAGES}

    assert max(asked.values()) <= 12, asked


def test_a_desk_says_whose_it_is(sign_in_as: SignInAs) -> None:
    somebody = sign_in_as(Role.READER, groups=["ecowas"])

    for page in ("/", "/response-times", "/regions"):
        assert "Desk: " in text_of(somebody.get(page)), page
    assert "Your desk: " in text_of(somebody.get("/regions/ecowas"))
    assert "Desk: " not in text_of(sign_in_as(Role.READER).get("/"))


def test_a_desk_can_be_the_page_to_begin_with(sign_in_as: SignInAs) -> None:
    reader = sign_in_as(Role.READER)

    reader.submit("/own/views?address=/regions/ecowas", name="Our desk", start="yes")

    assert reader.get("/start").headers["Location"].endswith("/regions/ecowas")


@pytest.mark.parametrize("key", ["nowhere", "asean"])
def test_a_desk_of_countries_that_are_not_theirs_does_not_exist(sign_in_as: SignInAs, key: str) -> None:
    assert sign_in_as(Role.READER, countries=["MLI"]).get(f"/regions/{key}").status_code == 404


PAGES = (
    *(PAGE, "/regions", "/regions/african_union", "/enter", "/imports", "/consistency?who=all"),
    *("/consistency?who=all&as=groups", "/consistency/2026", "/consistency/2026/MLI/NER"),
)
LISTS = (
    *("/?who=all&group={}", "/countries?who=all&group={}", "/coverage?who=all&group={}", "/news?who=all&group={}"),
    *("/situations?place={}", "/search?q=mali&group={}", "/response-times?by=country&who=all&group={}"),
    *("/network?who=all&group={}", "/consistency?who=all&group={}", "/consistency?who=all&as=groups&group={}"),
    *("/responses?place={}", "/assistance?group={}", "/practice?place={}", "/calendar?group={}"),
    *("/coverage/due?group={}", "/compare?group={}", "/enter?group={}", "/review?group={}", "/imports?group={}"),
)


@pytest.mark.usefixtures("told")
def test_every_list_can_be_narrowed_to_the_countries_of_a_desk(sign_in_as: SignInAs) -> None:
    """By its address, so that a desk keeps it as a view."""
    reader = sign_in_as(*Role)
    for address in LISTS:
        page = parsed(reader.get(address.format("asean")))
        rows = page.xpath("//main//table//th | //main//table//td | //main//ul[@class='hits']//a | //main//ol//h3")
        rows += page.xpath("//main//select[@name='iso3' or @name='with']/option")
        assert not [row for row in rows if row.text_content().strip() in ("Mali", "Niger")], address
        choices = page.xpath("//select[@name='group' or @name='place']//option[@selected]/@value")
        # without any score there is nothing to narrow on the dashboard
        assert "asean" in choices or address.startswith(("/?", "/news")), address


def test_a_situation_that_is_only_monitored_waits_and_the_page_says_so(
    sign_in_as: SignInAs, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        flag, situation = situations.raised(session, iso3="MLI", now=now - timedelta(days=9))
        by = situations.somebody(session, Role.REVIEWER, now=now)
        desk = situations.Desk(session, by, now - timedelta(days=3))
        desk.bring(flag, situation, SituationState.ASSESSED)
        desk.move(situation, SituationState.MONITORING)

    said = " ".join(text_of(sign_in_as(Role.READER).get(f"{PAGE}?who=all")).split())

    assert "1 situation waits for a first decision on a measure, since" in said
    assert "a situation that is only monitored still waits for a decision" in said


def view_of(client: StrictClient, url: str) -> str:
    [box] = parsed(client.get(url)).xpath(
        "//svg[contains(@class, 'map-shapes')]/@viewbox | //*[@class='map-shapes']/@viewBox"
    )
    return str(box)


def test_the_map_comes_close_to_the_countries_of_a_desk_and_stays_where_it_is(
    sign_in_as: SignInAs, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        scored(session, {"MLI": 70.0, "CPV": 20.0, "CHE": 10.0}, at=now - timedelta(days=1))
    reader, desk = sign_in_as(Role.READER), sign_in_as(Role.READER, groups=["ecowas"])

    close = view_of(reader, "/regions/ecowas")

    assert close != view_of(reader, "/?who=all") == whole_world().box
    for url in ("/?who=all&group=ecowas", "/?who=all&group=ecowas&level=critical", "/?who=all&group=ecowas&q=mali"):
        assert view_of(reader, url) == close, url
    assert view_of(desk, "/?who=all") == close
