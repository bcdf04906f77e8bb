"""One field finds whatever has a name, and nothing that the reader may not know of."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests import factories, situations
from tests.case_studies import written
from tests.questions import questions
from tests.responses import Hand
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.conftest import BOTH_ENGINES, SignInAs
from tracker.access import Role
from tracker.actions.case_studies import withdraw
from tracker.actions.occasions import call_off, enter
from tracker.actions.situations.attending import note
from tracker.case_study import Part
from tracker.handling import Mark
from tracker.occasion import OccasionKind
from tracker.storage.base import Database

ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
LAST_MONTH = date(2026, 2, 28)
NOTHING = "Nothing that you may see answers to that"
Record = Callable[..., None]


def hits(client: StrictClient, query: str, among: str = "") -> dict[str, str]:
    """By what is found: where it leads, in the order of the page; of one group, or of all."""
    section = f"section[h2/@id='{among}']" if among else "section"
    links = parsed(client.get(f"/search?q={query}")).xpath(f"//{section}//*[@data-rows]/li/p/a")
    return {link.text_content(): str(link.get("href")) for link in links}


@pytest.fixture
def reader(sign_in_as: SignInAs) -> StrictClient:
    return sign_in_as(Role.READER)


@pytest.fixture
def record(database: Database, now: datetime) -> Record:
    def recorded(source_name: str, **differing: Any) -> None:
        usual: dict[str, Any] = {"indicator": "militias", "iso3": "MLI", "on": LAST_MONTH, "value": 2}
        with database.writing() as session:
            factories.observation(session, source_name=source_name, recorded_at=now, **(usual | differing))

    return recorded


@ON_SQLITE
@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("ivory coast", "Côte d’Ivoire"),
        ("mli", "Mali"),
        ("NE", "Niger"),
        ("cote", "Côte d’Ivoire"),
        ("guinée", "Guinea"),
    ],
)
def test_the_country_that_is_meant_comes_first(reader: StrictClient, query: str, first: str) -> None:
    found = hits(reader, query)

    assert next(iter(found)) == first
    assert found[first].startswith("/countries/")


@ON_SQLITE
def test_a_country_that_is_called_otherwise_says_how(reader: StrictClient) -> None:
    page = parsed(reader.get("/search?q=burma"))

    assert page.xpath("//li[p/a[@href='/countries/MMR']]//mark/text()") == ["Burma"]


@ON_SQLITE
def test_an_organisation_leads_to_its_countries(reader: StrictClient) -> None:
    assert list(hits(reader, "ecowas", "groups").values()) == ["/?group=ecowas"]


@ON_SQLITE
def test_an_indicator_is_found_by_the_words_of_its_levels_and_leads_to_them(reader: StrictClient) -> None:
    found = hits(reader, "settlers weapons")

    assert found == {"Militias beside the State": "/criteria/security_sector#militias"}


@ON_SQLITE
def test_a_name_comes_before_what_is_said_of_something(reader: StrictClient) -> None:
    found = list(hits(reader, "police"))

    assert found[0] == "Police answerable to the law"
    assert len(found) > 5


@ON_SQLITE
def test_what_is_found_is_marked_as_it_is_written(reader: StrictClient) -> None:
    assert parsed(reader.get("/search?q=COTE")).xpath("//a[@href='/countries/CIV']/mark/text()") == ["Côte"]


@BOTH_ENGINES
def test_a_situation_is_found_by_what_was_written_about_it_up_to_the_clearance(
    sign_in_as: SignInAs, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        by = situations.somebody(session, Role.REVIEWER, now=now)
        _flag, situation = situations.raised(session, now=now)
        note(session, situation.id, "An envoy went to Ségou.", handling=Mark.GREEN, by=by, now=now)
        note(session, situation.id, "The envoy met a deserter.", handling=Mark.RED, by=by, now=now)
        number = situation.id

    low, high = sign_in_as(Role.READER), sign_in_as(Role.READER, clearance=Mark.RED)

    assert hits(low, "mali segou envoy") == {"Mali": f"/situations/{number}"}
    assert hits(high, "deserter") == {"Mali": f"/situations/{number}"}
    assert NOTHING in text_of(low.get("/search?q=deserter"))


@ON_SQLITE
def test_a_situation_above_the_clearance_is_not_found_at_all(
    sign_in_as: SignInAs, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        situations.raised(session, handling=Mark.AMBER, now=now)

    assert hits(sign_in_as(Role.READER), "mali", "situations") == {}
    assert len(hits(sign_in_as(Role.READER, clearance=Mark.AMBER), "mali", "situations")) == 1


@ON_SQLITE
def test_a_measure_is_found_by_what_is_to_be_done_and_where_by_whoever_may_know_of_it(
    sign_in_as: SignInAs, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        _flag, situation = situations.raised(session, now=now - timedelta(days=9))
        hand = Hand(session, situations.somebody(session, Role.REVIEWER, now=now), now)
        shown, _hidden = (
            hand.propose(situation, title=f"An envoy meets {whom}", handling=mark)
            for whom, mark in (("the council", Mark.GREEN), ("the deserters", Mark.AMBER))
        )
        number = shown.id
    reader = sign_in_as(Role.READER)

    for query in ("envoy council", "mali envoy"):
        assert hits(reader, query, "responses") == {"An envoy meets the council": f"/responses/{number}"}
    assert hits(reader, "envoy&as_of=2026-03-10", "responses") == {}
    assert len(hits(sign_in_as(Role.READER, clearance=Mark.AMBER), "envoy", "responses")) == 2
    assert hits(sign_in_as(Role.FOCAL_POINT, countries=["NER"]), "envoy", "responses") == {}


@ON_SQLITE
def test_a_case_study_is_found_by_all_that_it_tells_by_whoever_may_read_it(
    sign_in_as: SignInAs, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        by = situations.somebody(session, Role.REVIEWER, now=now)
        texts = {Part.SEEN: "Ferries were burnt.", Part.LEARNT: "Ask the pilots first."}
        written(session, by=by, title="Open", texts=texts, now=now)
        written(session, by=by, title="Hidden", texts=texts, handling=Mark.RED, now=now)
        gone = written(session, by=by, title="Withdrawn", texts=texts, now=now)
        withdraw(session, gone.id, "It names somebody.", by=by, now=now)

    for query in ("pilots", "burnt ferries", "pilots mali"):
        assert list(hits(sign_in_as(Role.READER), query, "case_studies")) == ["Open"], query
    assert len(hits(sign_in_as(Role.READER, clearance=Mark.RED), "pilots", "case_studies")) == 2
    assert hits(sign_in_as(Role.FOCAL_POINT, countries=["NER"]), "pilots") == {}


@ON_SQLITE
def test_what_lies_outside_the_scope_leaves_no_trace(
    sign_in_as: SignInAs, database: Database, record: Record, now: datetime
) -> None:
    with database.writing() as session:
        situations.case(session, now=now)
    record("Radio Mali")
    elsewhere = sign_in_as(Role.READER, countries=["PRY"])

    for query in ("mali", "election", "radio", "curfew"):
        page = elsewhere.get(f"/search?q={query}")
        assert not parsed(page).xpath("//a[contains(@href, 'MLI') or contains(@href, '/situations/')]"), query
        assert not parsed(page).xpath("//h2[@id='sources' or @id='occasions' or @id='countries']"), query
    assert len(hits(sign_in_as(Role.READER, countries=["MLI"]), "mali")) >= 2


@BOTH_ENGINES
@pytest.mark.parametrize(
    ("differing", "is_found"),
    [
        ({}, True),
        ({"handling": Mark.GREEN}, True),
        ({"handling": Mark.AMBER}, False),
        ({"attributable": False}, False),
    ],
)
def test_a_source_is_found_by_whoever_may_hear_of_it(
    reader: StrictClient, record: Record, differing: dict[str, Any], is_found: bool
) -> None:
    record("Radio Kidal", **differing)
    record("Radio Gao", iso3="NER", attributable=False)

    found = hits(reader, "radio", "sources")

    assert found == ({"Radio Kidal": "/countries/MLI/militias/2026-02-28"} if is_found else {})


@ON_SQLITE
def test_a_source_that_may_no_longer_be_named_is_not_found(reader: StrictClient, record: Record) -> None:
    record("Radio Kidal")
    record("Radio Kidal", revision=2, attributable=False, reason="Asked us to.")

    assert NOTHING in text_of(reader.get("/search?q=kidal"))


@ON_SQLITE
def test_a_publisher_is_found_by_everybody_beside_what_it_answers(reader: StrictClient) -> None:
    found = hits(reader, "worldwide governance indicators")

    assert any(url.startswith("/criteria/") and "#" in url for url in found.values())


@ON_SQLITE
def test_days_to_come_are_found_and_those_called_off_are_not(
    reader: StrictClient, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        by = situations.somebody(session, Role.ANALYST, now=now)
        usual: dict[str, Any] = {"handling": Mark.CLEAR, "by": by, "now": now}
        for number, name in enumerate(("Election of judges", "Election of mayors"), start=1):
            day = now.date() + timedelta(days=number)
            one = enter(session, "MLI", OccasionKind.ELECTION, name, day, **usual)
        call_off(session, one.id, by=by, now=now)

    assert hits(reader, "election of judges")["Election of judges"] == "/countries/MLI/occasions"
    assert "Election of mayors" not in hits(reader, "election")


@ON_SQLITE
def test_twenty_of_a_group_are_shown_and_the_rest_is_counted(reader: StrictClient) -> None:
    page = parsed(reader.get("/search?q=ia"))
    [section] = page.xpath("//section[h2/@id='countries']")
    number = int(section.xpath("string(h2/span)"))

    assert len(section.xpath(".//li")) == 20
    assert f"And {number - 20} more" in section.text_content()


@ON_SQLITE
def test_an_empty_search_says_what_can_be_found(reader: StrictClient) -> None:
    assert "by any of their names, former ones too" in text_of(reader.get("/search?q=+"))


@ON_SQLITE
def test_a_search_without_an_answer_says_what_to_try(reader: StrictClient) -> None:
    assert "Try fewer words" in text_of(reader.get("/search?q=atlantis"))


@ON_SQLITE
@pytest.mark.parametrize("query", ["%3Cscript%3E", "%00", "%25(words)s", "((((", "%D9%91", "a" * 5000])
def test_whatever_is_typed_is_answered_by_a_page(reader: StrictClient, query: str) -> None:
    assert reader.get(f"/search?q={query}").status_code == 200


@ON_SQLITE
def test_a_past_day_finds_what_was_written_by_then_and_leads_there(
    sign_in_as: SignInAs, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        by = situations.somebody(session, Role.REVIEWER, now=now)
        _flag, situation = situations.raised(session, now=now - timedelta(days=9))
        for days, words in ((8, "An early word."), (2, "A late word.")):
            note(session, situation.id, words, handling=Mark.CLEAR, by=by, now=now - timedelta(days=days))
    reader = sign_in_as(Role.READER)

    then = "as_of=2026-03-10"
    assert hits(reader, f"early word&{then}", "situations") == {"Mali": "/situations/1"}
    assert hits(reader, f"mli&{then}", "countries")["Mali"] == f"/countries/MLI?{then}"
    assert list(hits(reader, f"ecowas&{then}", "groups").values()) == [f"/?group=ecowas&{then}"]
    assert hits(reader, "late word&as_of=2026-03-10", "situations") == {}
    assert hits(reader, "mali&as_of=2026-03-01", "situations") == {}
    assert hits(reader, "late word", "situations") == {"Mali": "/situations/1"}


@ON_SQLITE
def test_a_search_asks_the_database_few_questions_however_much_there_is(
    sign_in_as: SignInAs, database: Database, record: Record, now: datetime
) -> None:
    with database.writing() as session:
        for iso3 in ("MLI", "NER", "TCD"):
            situations.case(session, iso3=iso3, now=now)
    for number in range(30):
        record(f"Radio {number}", on=LAST_MONTH - timedelta(days=number))
    client = sign_in_as(*Role)
    assert len(hits(client, "a")) > 20

    assert len(questions(client, database, "/search?q=a")) <= 12


@ON_SQLITE
def test_what_stands_inside_of_other_words_comes_behind_what_was_meant(reader: StrictClient) -> None:
    found = list(hits(reader, "law"))

    assert found.index("Rule of law and good governance") < found.index("Malawi")
