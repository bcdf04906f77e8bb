"""Two to five countries side by side, as far as a reader may see them."""

import csv
import io
from datetime import date, datetime, timedelta

import pytest

from tests import factories
from tests.dashboards import scored
from tests.questions import listening
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.conftest import SignInAs
from tracker.access import Role
from tracker.actions.concluding import draw_conclusions
from tracker.storage import catalogue
from tracker.storage.base import Database

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)

RISKS = {"MLI": 70.0, "NER": 69.0, "CHE": 10.0, "TCD": 50.0, "BEN": 40.0, "GHA": 30.0}


@pytest.fixture(autouse=True)
def evidence(database: Database, now: datetime) -> None:
    with database.writing() as session:
        scored(session, RISKS, at=now - timedelta(days=1))


def address(*iso3s: str, **more: str) -> str:
    pairs = [*(f"with={iso3}" for iso3 in iso3s), *(f"{name}={value}" for name, value in more.items())]
    return f"/compare?{'&'.join(pairs)}"


def chosen(client: StrictClient, url: str) -> list[str]:
    return [str(name) for name in parsed(client.get(url)).xpath("//ul[@class='chosen']/li/a[1]/text()")]


def cells(client: StrictClient, url: str, score_of: str) -> list[str]:
    [row] = parsed(client.get(url)).xpath(f"//table[contains(@class, 'compared')]//tr[th/a[.='{score_of}']]")
    return [" ".join(cell.text_content().split()) for cell in row.xpath("td")]


def test_at_first_two_countries_are_asked_for(reader: StrictClient) -> None:
    page = reader.get("/compare")

    assert "Choose two countries" in text_of(page)
    assert len(parsed(page).xpath("//select[@name='with']")) == 2
    assert "Choose a second country" in text_of(reader.get(address("MLI")))


def test_countries_to_add_are_narrowed_to_a_group_and_those_chosen_stay(reader: StrictClient) -> None:
    page = reader.get(address("CHE", group="african_union"))
    offered = parsed(page).xpath("//select[@name='with']/option/@value")

    assert {"MLI", "NER"} <= set(offered)
    assert "FRA" not in offered
    assert chosen(reader, address("CHE", group="african_union")) == ["Switzerland"]
    assert reader.get(address("CHE", group="nowhere")).status_code == 404


def test_scores_stand_side_by_side_with_how_far_they_lie_from_the_first(reader: StrictClient) -> None:
    url = address("MLI", "NER", "CHE")

    mali, niger, switzerland = cells(reader, url, "Risk")

    assert chosen(reader, url) == ["Mali", "Niger", "Switzerland"]
    assert mali.startswith("high 70")
    assert " to " in mali
    assert "·" not in mali
    assert niger.endswith("· −1.0")
    assert switzerland.endswith("· −60.0")
    assert cells(reader, url, "Security sector") == ["not enough evidence"] * 3


def test_those_whose_draws_overlap_are_not_distinguishable(
    reader: StrictClient, database: Database, now: datetime
) -> None:
    """Of three of them everything is known, of the other two so little that it could be anything."""
    with database.writing() as session:
        made = [
            factories.observation(
                session,
                indicator=one.key,
                iso3=iso3,
                on=date(2026, 2, 28),
                value=one.best + share * (one.worst - one.best),
                recorded_at=now,
            )
            for one in catalogue.all_indicators(session)
            for iso3, share in (("MLI", 1.0), ("NER", 1.0), ("CHE", 0.0))
        ]
        draw_conclusions(session, [one.batch_id for one in made], now=now)

    def told(*iso3s: str) -> list[str]:
        items = parsed(reader.get(address(*iso3s))).xpath("//ul[@class='apart']/li")
        return [" ".join(" ".join(item.itertext()).split()) for item in items]

    assert told("MLI", "NER", "CHE") == [
        "Mali not distinguishable from Niger worse than Switzerland",
        "Niger not distinguishable from Mali worse than Switzerland",
        "Switzerland not as bad as Mali, Niger",
    ]
    assert told("TCD", "BEN") == ["Chad not distinguishable from Benin", "Benin not distinguishable from Chad"]


def test_a_country_is_added_by_a_list_and_removed_by_a_link(reader: StrictClient) -> None:
    page = parsed(reader.get(address("MLI", "NER")))
    offered = [str(value) for value in page.xpath("//select[@name='with']/option/@value")]
    kept = [str(value) for value in page.xpath("//input[@name='with']/@value")]
    [remove] = page.xpath("//li[a[.='Niger']]/a[@class='remove']/@href")

    assert "CHE" in offered
    assert not {"MLI", "NER"} & set(offered)
    assert kept == ["MLI", "NER"]
    assert chosen(reader, str(remove)) == ["Mali"]


def test_no_more_than_five_are_read_side_by_side(reader: StrictClient) -> None:
    page = reader.get(address(*RISKS))

    assert len(chosen(reader, address(*RISKS))) == 5
    assert "Left out: Ghana" in text_of(page)
    assert parsed(page).xpath("//select[@name='with']") == []


@pytest.mark.parametrize("code", ["XYZ", "NER", "%3Cb%3E"])
def test_what_lies_outside_is_no_country_and_leaves_no_trace(sign_in_as: SignInAs, code: str) -> None:
    """One that exists but is not theirs is told in the very words of one that does not."""
    focal_point = sign_in_as(Role.READER, countries=["MLI", "CHE"])

    page = focal_point.get(address("MLI", "CHE", code))

    assert "There is no such country: " in text_of(page)
    assert "Niger" not in page.text
    assert chosen(focal_point, address("MLI", "CHE", code)) == ["Mali", "Switzerland"]
    assert len(parsed(page).xpath("//select[@name='with']/option")) == 1
    assert "NER" not in focal_point.get(address("MLI", "CHE", code).replace("/compare", "/compare.csv")).text


def test_any_criterion_can_be_drawn(reader: StrictClient) -> None:
    page = parsed(reader.get(address("MLI", "CHE", criterion="rule_of_law", window="1")))

    assert page.xpath("string(//figcaption)").startswith("Rule of law and good governance lies between 10")
    assert page.xpath("//select[@name='criterion']/option[@selected]/@value") == ["rule_of_law"]
    assert len(page.xpath("//div[@class='picture-wide']//*[contains(@class, 'line line-1')]")) > 0
    assert parsed(reader.get(address("MLI", "CHE", criterion="none"))).xpath("string(//figcaption)").startswith("Risk")


def test_a_past_day_shows_what_was_known_then(reader: StrictClient, database: Database, now: datetime) -> None:
    with database.writing() as session:
        scored(session, {"MLI": 20.0}, at=now, on=date(2026, 1, 31))
    past = {"as_of": "2026-01-15", "known_on": now.date().isoformat()}

    today, then = (cells(reader, address("MLI", "CHE", **asked), "Risk")[0] for asked in ({}, past))

    assert today.startswith("guarded 20")
    assert then.startswith("high 70")
    assert "is drawn for today alone" in text_of(reader.get(address("MLI", "CHE", **past)))
    assert "Nothing was scored by then" in text_of(reader.get(address("MLI", "CHE", as_of="2020-01-01")))


def test_the_export_says_what_is_seen(reader: StrictClient) -> None:
    text = reader.get(address("MLI", "CHE").replace("/compare", "/compare.csv")).text
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["score_of"] == "risk"]

    assert [(row["iso3"], row["points"], row["points_above_the_first"]) for row in rows[:2]] == [
        ("MLI", "70.0", ""),
        ("CHE", "10.0", "-60.0"),
    ]
    assert {row["from_day"] for row in rows[2:]} >= {"2025-12-31"}


def test_five_countries_need_no_more_than_twelve_questions(reader: StrictClient, database: Database) -> None:
    reader.get("/countries")
    with listening(database) as asked:
        reader.get(address(*RISKS))

    questions = [statement for statement in asked if not statement.startswith(("PRAGMA", "BEGIN"))]
    assert 0 < len(questions) <= 12
