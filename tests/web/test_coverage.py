"""Where are we blind? How much is fresh, how old it is, and what was lost."""

import csv
import io
from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from tests.concluding import days_pass, recorded
from tests.questions import questions
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.browsing import browser_of, somebody
from tests.web.conftest import SignInAs, TestClock
from tracker.access import Role
from tracker.country import sort_key
from tracker.handling import Mark
from tracker.storage.base import Database, Session

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
JANUARY, FEBRUARY = date(2026, 1, 31), date(2026, 2, 28)
# One of each dimension: enough for a risk.
WGI = ("wgi_rule_of_law", "wgi_political_stability", "wgi_voice_and_accountability")
# All of the criterion "security sector".
SECURITY_SECTOR = ("civilian_control_of_forces", "militias", "safeguards_in_forces")


def publish(session: Session, iso3: str, at: datetime) -> None:
    for key in WGI:
        recorded(session, key, -1.0, on=date(2024, 12, 31), at=at, iso3=iso3)


@pytest.fixture
def known(database: Database, now: datetime) -> None:
    """Of Mali enough for a risk, and all of its security sector; of Niger one answer alone."""
    with database.writing() as session:
        publish(session, "MLI", now)
        for key in SECURITY_SECTOR:
            recorded(session, key, 2, on=FEBRUARY, at=now)
        recorded(session, "militias", 2, on=JANUARY, at=now, iso3="NER")


@pytest.fixture
def reader(sign_in_as: SignInAs) -> StrictClient:
    return sign_in_as(Role.READER)


def cells(client: StrictClient, address: str, country: str) -> dict[str, str]:
    """By column."""
    page = parsed(client.get(address))
    names = [" ".join(one.text_content().split()) for one in page.xpath("//table//thead//th")][1:]
    [row] = page.xpath(f"//tbody/tr[th[normalize-space(.)='{country}']]")
    return dict(zip(names, (" ".join(one.text_content().split()) for one in row.xpath("td")), strict=True))


def countries(client: StrictClient, address: str) -> list[str]:
    return [str(one.text_content()).strip() for one in parsed(client.get(address)).xpath("//tbody//th")]


def told(client: StrictClient, address: str, term: str) -> str:
    return " ".join(parsed(client.get(address)).xpath(f"string(//dt[.='{term}']/following-sibling::dd)").split())


def test_a_cell_says_how_much_is_fresh_how_old_it_is_and_whether_it_is_enough(
    reader: StrictClient, known: None
) -> None:
    mali, niger = (cells(reader, "/coverage?group=african_union", name) for name in ("Mali", "Niger"))

    assert mali["Security sector"] == "100% 16 d"
    assert niger["Security sector"] == "○ 40% 44 d"
    assert niger["Accountability and impunity"] == "○ 0%"
    assert mali["Rule of law and good governance"].endswith(" 14 mo")
    assert niger["All of it"].startswith("○")


def test_the_page_says_how_many_are_blind_and_what_is_least_known(reader: StrictClient, known: None) -> None:
    everything = text_of(reader.get("/coverage"))

    assert "For 192 of 193 countries the evidence is not enough for a risk." in everything
    assert "Of 191 of them nothing fresh is known at all. For 1 it is thin: less than 60% of" in everything
    least = told(reader, "/coverage?q=MLI&criterion=&voice=coded", "Least known")
    assert least.startswith("Rule of law and good governance: of what is asked 0% is fresh")


def test_least_known_comes_first_unless_another_order_is_asked_for(reader: StrictClient, known: None) -> None:
    africa = "/coverage?group=african_union"
    some = countries(reader, africa)

    assert some.index("Mali") == len(some) - 1
    assert some.index("Niger") == len(some) - 2
    assert countries(reader, f"{africa}&order=name") == sorted(some, key=sort_key)
    assert countries(reader, f"{africa}&order=rule_of_law")[-1] == "Mali"
    assert countries(reader, f"{africa}&order=nonsense") == some


def test_one_criterion_opens_into_its_voices(reader: StrictClient, known: None) -> None:
    opened = cells(reader, "/coverage?q=MLI&criterion=rule_of_law", "Mali")

    assert list(opened) == ["Rule of law and good governance", "coded by analysts", "published"]
    assert opened["coded by analysts"] == "○ 0%"
    assert not opened["published"].startswith("○")
    assert list(cells(reader, "/coverage?q=MLI&criterion=rule_of_law&voice=published", "Mali")) == ["published"]
    assert "Nobody speaks there" in text_of(reader.get("/coverage?criterion=security_sector&voice=published"))
    assert reader.get("/coverage?criterion=nonsense").status_code == 404
    assert reader.get("/coverage?group=nonsense").status_code == 404


def test_a_figure_leads_whoever_may_answer_to_the_questions_and_others_to_what_is_known(
    sign_in_as: SignInAs, known: None
) -> None:
    def leads(client: StrictClient, query: str) -> str:
        return str(parsed(client.get(f"/coverage?q=MLI&{query}")).xpath("//tbody//td[last()]/a/@href")[0])

    reader, analyst = sign_in_as(Role.READER), sign_in_as(Role.ANALYST)
    assert leads(reader, "criterion=security_sector") == "/countries/MLI#of-security_sector"
    assert leads(analyst, "criterion=security_sector") == "/enter/MLI#security_sector"
    assert leads(analyst, "criterion=rule_of_law") == "/countries/MLI#of-rule_of_law"
    then = "as_of=2026-03-10&known_on=2026-03-16"
    there = f"/countries/MLI?{then}#of-security_sector"
    assert leads(analyst, f"criterion=security_sector&{then}") == there


def test_a_past_day_is_shown_as_it_was_known_then_and_says_what_it_does_not_show(
    reader: StrictClient, known: None
) -> None:
    then = "as_of=2026-03-10"
    assert "No method was in force yet" in text_of(reader.get(f"/coverage?{then}"))
    assert reader.get(f"/coverage.csv?{then}").text.count("\n") == 1

    with_hindsight = f"/coverage?q=MLI&{then}&known_on=2026-03-16"
    assert cells(reader, with_hindsight, "Mali")["Security sector"] == "100%"
    words = text_of(reader.get(with_hindsight))
    assert "How old the newest answers were is told of today only." in words
    assert "Due from analysts" not in words


@pytest.mark.parametrize(("days", "is_told"), [(30, True), (31, False)])
def test_what_went_blind_is_told_for_thirty_days(
    app: Flask, database: Database, clock: TestClock, now: datetime, known: None, days: int, is_told: bool
) -> None:
    last = datetime.combine(FEBRUARY + timedelta(days=120), now.timetz())  # of the second of its three answers
    clock.moment = last + timedelta(days=days)
    with database.writing() as session:
        days_pass(session, now=clock.moment)
    client = browser_of(app, database, somebody(database, clock.moment), clock.moment)

    lost = told(client, "/coverage", "Went blind within 30 days")

    assert lost == ("Mali (Security sector)" if is_told else "nothing of what is looked at here")


def test_nobody_is_told_of_what_they_may_not_see(
    sign_in_as: SignInAs, database: Database, now: datetime, known: None
) -> None:
    focal_point = sign_in_as(Role.READER, countries=["MLI"])
    with database.writing() as session:
        for key in SECURITY_SECTOR:
            recorded(session, key, 3, on=FEBRUARY, at=now, iso3="NER", handling=Mark.AMBER)

    assert countries(focal_point, "/coverage?who=all") == ["Mali"]
    told_of = text_of(focal_point.get("/coverage"))
    assert "For the one country here the evidence is enough for a risk. It is thin: less than 60%" in told_of
    assert "NER" not in focal_point.get("/coverage.csv?who=all").text
    assert countries(focal_point, "/coverage/due") == []
    green, amber = sign_in_as(Role.READER), sign_in_as(Role.READER, clearance=Mark.AMBER)
    assert cells(green, "/coverage?q=NER", "Niger")["Security sector"] == "○ 40% 44 d"
    assert cells(amber, "/coverage?q=NER", "Niger")["Security sector"] == "100% 16 d"
    assert "No countries are yours yet" in text_of(sign_in_as(Role.READER, countries=[]).get("/coverage"))


def test_the_export_is_what_is_seen(reader: StrictClient, known: None) -> None:
    rows = list(csv.DictReader(io.StringIO(reader.get("/coverage.csv?q=MLI&criterion=security_sector").text)))

    assert [(row["iso3"], row["criterion"], row["voice"], row["share_fresh"]) for row in rows] == [
        ("MLI", "security_sector", "", "1.0"),
        ("MLI", "security_sector", "coded", "1.0"),
    ]
    assert (rows[0]["enough_for_a_score"], rows[0]["newest_answer_on"]) == ("yes", "2026-02-28")


@pytest.mark.parametrize(
    "address",
    ["/coverage?group=african_union", "/coverage?as_of=2026-03-16", "/coverage/due?group=african_union", "/calendar"],
)
def test_no_page_of_these_asks_more_than_twelve_questions(
    sign_in_as: SignInAs, database: Database, known: None, address: str
) -> None:
    sign_in_as(Role.READER).get("/calendar")  # what changes seldom is asked for once, by the first page of all

    assert 6 < len(questions(sign_in_as(*Role), database, address)) <= 12
