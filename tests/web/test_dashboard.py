"""Where must I look today? Situations, what is new, the ranking and the map, as far as somebody may see them."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from tests import factories
from tests.dashboards import cases, counts, names, news, on_map, ranked, scored
from tests.questions import questions
from tests.situations import raised
from tests.strict_client import StrictClient, text_of
from tests.web.browsing import browser_of
from tests.web.conftest import SignInAs
from tracker.access import Role
from tracker.actions.countries import watch
from tracker.actions.reading import call_own, save_view
from tracker.handling import Mark
from tracker.rule import Severity
from tracker.storage.base import Database, Session
from tracker.storage.watching import Criterion

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
DAY = timedelta(days=1)
AFRICA = (
    *("AGO", "BDI", "BEN", "BFA", "BWA", "CAF", "CIV", "CMR", "COD", "COG", "COM", "CPV", "DJI", "DZA", "EGY", "ERI"),
    *("ETH", "GAB", "GHA", "GIN", "GMB", "GNB", "GNQ", "KEN", "LBR", "LBY", "LSO", "MAR", "MDG", "MLI", "MOZ", "MRT"),
)


@pytest.fixture
def some_scores(database: Database, now: datetime) -> None:
    """Four countries of which enough is known: critical, high, elevated and guarded."""
    with database.writing() as session:
        scored(session, {"MLI": 85, "NER": 70, "CIV": 45, "CHE": 25}, at=now)


# The situations


@pytest.mark.parametrize(("query", "is_said"), [("level=high", True), ("", False)])
def test_a_level_puts_no_situation_out_of_sight_and_the_page_says_so(
    reader: StrictClient, database: Database, some_scores: None, now: datetime, query: str, is_said: bool
) -> None:
    with database.writing() as session:
        raised(session, iso3="CHE", now=now)

    assert "Switzerland" in [case.heading for case in cases(reader, f"/?{query}")]
    assert ("Of countries at every level" in text_of(reader.get(f"/?{query}"))) is is_said


@pytest.mark.parametrize(("query", "is_said"), [("by=rule_of_law", True), ("", False)])
def test_a_score_of_one_criterion_beside_a_situation_is_told_as_that(
    reader: StrictClient, database: Database, some_scores: None, now: datetime, query: str, is_said: bool
) -> None:
    with database.writing() as session:
        raised(session, iso3="CHE", now=now)

    told = "Beside each country stands where it is in: Rule of law and good governance."
    assert (told in text_of(reader.get(f"/?{query}"))) is is_said


# The ranking


def test_the_worst_country_stands_first_and_the_unknown_last(reader: StrictClient, some_scores: None) -> None:
    found = ranked(reader)

    assert [(one.name, one.score, one.level) for one in found[:5]] == [
        *(("Mali", "85", "critical"), ("Niger", "70", "high"), ("Côte d’Ivoire", "45", "elevated")),
        *(("Switzerland", "25", "guarded"), ("Afghanistan", "–not known", "not enough evidence")),
    ]
    assert len(found) == 193
    assert (found[4].place, found[4].interval, found[4].known) == ("", "", "0%")


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("", "1 critical and 1 high, of 4 with a score"),
        ("q=niger", "1 high and none critical, of 1 with a score"),
        ("q=cote", "None of 1 with a score is high or critical"),
    ],
)
def test_the_map_says_first_how_many_stand_worst(
    reader: StrictClient, some_scores: None, query: str, title: str
) -> None:
    assert title in text_of(reader.get(f"/?{query}"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=Ivory+Coast", ["Côte d’Ivoire"]),
        ("q=cote", ["Côte d’Ivoire"]),
        ("q=mli", ["Mali"]),
        ("level=critical", ["Mali"]),
        ("level=high", ["Mali", "Niger"]),
        ("level=guarded", ["Mali", "Niger", "Côte d’Ivoire", "Switzerland"]),
        ("group=ecowas&level=guarded", ["Côte d’Ivoire"]),
        ("group=western_africa&level=elevated&q=niger", ["Niger"]),
        ("level=guarded&order=name", ["Côte d’Ivoire", "Mali", "Niger", "Switzerland"]),
        ("by=rule_of_law&level=high", ["Mali", "Niger"]),
        ("by=crisis_response&level=guarded", []),
        ("who=mine", ["Niger", "Switzerland"]),
        ("who=mine&level=unknown", []),
    ],
)
def test_filters_narrow_ranking_map_and_export_alike(
    app: Flask, database: Database, some_scores: None, now: datetime, query: str, expected: list[str]
) -> None:
    with database.writing() as session:
        who = factories.person(session, created_at=now)
        for iso3 in ("NER", "CHE"):
            call_own(session, who.id, iso3, True)
    client = browser_of(app, database, who, now)

    assert names(client, f"/?{query}") == expected
    assert {one.partition(":")[0] for one in on_map(client, f"/?{query}")} == set(expected)
    # how many stand at which level is told of all levels, whichever is looked at
    of_any_level = "&".join(part for part in query.split("&") if not part.startswith("level="))
    assert sum(counts(client, f"/?{query}").values()) == len(names(client, f"/?{of_any_level}"))
    exported = csv.DictReader(io.StringIO(client.get(f"/dashboard.csv?{query}").text))
    assert [one["country"] for one in exported] == expected


def test_everybody_is_shown_who_is_watched_unless_all_are_asked_for(
    reader: StrictClient, database: Database, some_scores: None, now: datetime
) -> None:
    with database.writing() as session:
        by = factories.person(session, roles=[Role.ADMINISTRATOR], created_at=now)
        watch(session, "CHE", False, by=by.id, now=now)

    assert "Switzerland" not in names(reader)
    assert "Switzerland" in names(reader, "/?who=all")
    assert len(names(reader)) == 192
    assert len(names(reader, "/?who=all")) > 193
    assert counts(reader) == {"critical": 1, "high": 1, "elevated": 1, "not enough evidence": 189}


def test_what_is_no_choice_narrows_nothing(reader: StrictClient, some_scores: None) -> None:
    everything = ranked(reader)

    for query in ("by=nonsense", "by=pressure", "level=nonsense", "who=nonsense", "order=nonsense"):
        assert ranked(reader, f"/?{query}") == everything, query


@pytest.mark.parametrize("then", ["", "&as_of=2026-03-15&known_on=2026-03-16"])
def test_what_is_asked_and_not_yet_counted_by_the_method_has_no_score(
    reader: StrictClient, database: Database, some_scores: None, then: str
) -> None:
    with database.writing() as session:
        asked = session.get_one(Criterion, "rule_of_law")
        columns = {column.name: getattr(asked, column.name) for column in Criterion.__table__.columns}
        session.add(Criterion(**{**columns, "key": "a_new_one", "name": "A new one"}))

    assert {one.score for one in ranked(reader, f"/?by=a_new_one{then}")} == {"–not known"}
    assert {one.score for one in ranked(reader, f"/?by=rule_of_law&level=guarded{then}")} == {"85", "70", "45", "25"}


def test_a_group_that_is_none_is_not_found(reader: StrictClient, some_scores: None) -> None:
    assert reader.get("/?group=nonsense").status_code == 404


def test_situations_and_news_follow_the_filters_too(returning: SignInAs, database: Database, now: datetime) -> None:
    with database.writing() as session:
        for iso3 in ("MLI", "CIV"):
            raised(session, iso3=iso3, now=now)
    client = returning()

    assert [one.heading for one in cases(client, "/?group=ecowas")] == ["Côte d’Ivoire new"]
    assert [one.country for one in news(client, "/?q=mali")] == ["Mali"]


def test_the_ranking_can_be_put_into_other_orders(reader: StrictClient, database: Database, now: datetime) -> None:
    """Of those of which enough is known, four."""
    with database.writing() as session:
        scored(session, {"MLI": 30, "NER": 50, "CHE": 20}, at=now, on=date(2024, 12, 31))
        scored(session, {"MLI": 40, "NER": 45}, at=now, on=date(2026, 3, 10))
        scored(session, {"CIV": 35}, at=now)

    def first(order: str) -> list[str]:
        return names(reader, f"/?order={order}&level=guarded")

    assert first("worst") == ["Niger", "Mali", "Côte d’Ivoire", "Switzerland"]
    assert first("year") == ["Mali", "Switzerland", "Niger", "Côte d’Ivoire"]
    assert first("month") == ["Mali", "Côte d’Ivoire", "Switzerland", "Niger"]
    assert first("name") == ["Côte d’Ivoire", "Mali", "Niger", "Switzerland"]
    assert names(reader, "/?order=known")[-4:] == sorted(first("name"))


def test_the_export_says_what_the_page_says(reader: StrictClient, some_scores: None) -> None:
    exported = list(csv.DictReader(io.StringIO(reader.get("/dashboard.csv").text)))
    shown = ranked(reader)

    assert [one["country"] for one in exported] == [one.name for one in shown]
    mali, unknown = exported[0], exported[-1]
    assert {key: mali[key] for key in ("iso3", "region", "score", "level", "place", "known", "thin")} == {
        "iso3": "MLI",
        "region": "Western Africa",
        "score": "85.0",
        "level": "critical",
        "place": "1",
        "known": mali["known"],
        "thin": "yes",
    }
    assert shown[0].known == f"{float(mali['known']):.0%}, thin"
    assert shown[0].place == f"1 ({mali['place_from']} to {mali['place_to']})"
    assert {unknown[key] for key in ("score", "level", "low", "high", "place", "change_1_month")} == {""}


# Who may see what


def test_what_lies_outside_a_scope_or_above_a_clearance_leaves_no_trace(
    returning: SignInAs, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        scored(session, {"NER": 90, "MLI": 50}, at=now)
        raised(session, iso3="CIV", severity=Severity.ALARM, sentence="Niger is not theirs.", now=now - 5 * DAY)
        raised(session, severity=Severity.ALARM, handling=Mark.AMBER, sentence="Above a clearance.", now=now)
        raised(session, iso3="GHA", sentence="As it is known.", now=now)
    narrow = returning(countries=["MLI", "GHA"])

    pages = [narrow.get(path).text for path in ("/", "/?who=all", "/news", "/dashboard.csv", "/dashboard.csv?who=all")]
    for text in pages:
        assert not any(word in text for word in ("Niger", "NER", "Ivoire", "CIV", "Above a clearance", "theirs"))
    assert [one.heading for one in cases(narrow)] == ["Ghana new"]
    assert [one.country for one in news(narrow)] == ["Ghana"]
    assert counts(narrow, "/?who=all") == {"elevated": 1, "not enough evidence": 1}
    assert [(one.name, one.place) for one in ranked(narrow)] == [("Mali", "1 (1 to 1)"), ("Ghana", "")]
    assert "1 situation needs attention, 1 of them new" in text_of(narrow.get("/"))
    assert "Above a clearance." in text_of(returning(countries=["MLI"], clearance=Mark.AMBER).get("/"))


def test_a_score_rests_on_what_its_reader_may_see(sign_in_as: SignInAs, database: Database, now: datetime) -> None:
    with database.writing() as session:
        scored(session, {"MLI": 50}, at=now)
        scored(session, {"MLI": 80}, at=now, on=date(2026, 1, 31), handling=Mark.RED)

    seen = {mark: ranked(sign_in_as(Role.READER, clearance=mark))[0].score for mark in (Mark.AMBER, Mark.RED)}

    assert seen == {Mark.AMBER: "50", Mark.RED: "80"}


# Where nothing is to be seen


def test_where_nothing_is_recorded_it_is_said_what_to_do(sign_in_as: SignInAs) -> None:
    reader, analyst = sign_in_as(Role.READER), sign_in_as(Role.ANALYST)

    assert "As soon as something is recorded for a country that you work on, it stands here." in text_of(
        reader.get("/")
    )
    assert "Enter the first answers about a country" in text_of(analyst.get("/"))
    assert reader.get("/dashboard.csv").text.count("\n") == 194, "the countries are there"


def test_whoever_was_given_no_country_is_told_whom_to_ask(sign_in_as: SignInAs, some_scores: None) -> None:
    client = sign_in_as(Role.READER, countries=[])

    words = text_of(client.get("/"))

    assert "No countries are yours yet" in words
    assert "Mali" not in words
    assert client.get("/dashboard.csv?who=all").text.count("\n") == 1


def test_empty_lists_say_what_to_do(reader: StrictClient, some_scores: None) -> None:
    assert "You have no countries of your own yet" in text_of(reader.get("/?who=mine"))
    assert "No country matches" in text_of(reader.get("/?q=Atlantis"))
    assert "No country matches" in text_of(reader.get("/?who=mine&q=Mali"))


# Where one begins


@pytest.mark.parametrize(
    ("address", "from_start", "from_root"),
    [
        ("/?group=ecowas&order=name", "/?group=ecowas&order=name", "/?group=ecowas&order=name"),
        ("/calendar?who=all", "/calendar?who=all", None),
        ("/", "/", None),
        ("/?&", "/?&", "/?&"),
    ],
)
def test_whoever_chose_a_view_to_begin_with_begins_there(
    app: Flask, database: Database, now: datetime, address: str, from_start: str, from_root: str | None
) -> None:
    with database.writing() as session:
        who = factories.person(session, created_at=now)
        save_view(session, who.id, "Mine", address, is_start=True)
    client = browser_of(app, database, who, now)

    assert client.get("/start").headers["Location"] == from_start
    assert client.get("/").headers.get("Location") == from_root
    assert client.get("/?who=watched").status_code == client.get("/?&").status_code == 200


def test_everybody_else_begins_at_the_dashboard(reader: StrictClient) -> None:
    assert reader.get("/start").headers["Location"] == "/"
    assert reader.get("/").status_code == 200


# How much it asks


def much(session: Session, iso3s: Sequence[str], now: datetime) -> None:
    """Of each country a score, a situation, and two flags of which one is new."""
    scored(session, {iso3: 50 - number for number, iso3 in enumerate(iso3s)}, at=now - DAY / 2)
    for iso3 in iso3s:
        raised(session, iso3=iso3, now=now)
        raised(session, iso3=iso3, rule="rising_risk", now=now - 5 * DAY)


def test_few_questions_are_asked_however_much_there_is(returning: SignInAs, database: Database, now: datetime) -> None:
    client = returning(roles=list(Role), clearance=Mark.RED, language="fr")
    addresses = ("/", "/?who=mine&by=rule_of_law", "/news", "/dashboard.csv?group=africa", "/?as_of=2026-03-15")
    # what all pages stand in is asked for once, by whichever page comes first
    client.get("/")
    asked = []
    for iso3s in (AFRICA[:2], AFRICA[2:]):
        with database.writing() as session:
            much(session, iso3s, now)
        asked.append({address: len(questions(client, database, address)) for address in addresses})

    assert len(cases(client)) == 6
    assert asked[0] == asked[1]
    assert max(asked[0].values()) <= 12
