"""What is going on in a country, since when, how sure, and what now: of today and of a past day."""

import csv
import io
from datetime import date, datetime, timedelta

import pytest

from tests import situations
from tests.actions.test_concluding import code_rule_of_law
from tests.dashboards import scored
from tests.questions import listening
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.conftest import SignInAs
from tracker.access import Role
from tracker.actions.occasions import enter
from tracker.actions.situations.attending import assign
from tracker.flag import Change
from tracker.handling import Mark
from tracker.occasion import OccasionKind
from tracker.rule import Severity
from tracker.situation import SituationState
from tracker.storage.base import Database

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)

MALI = "/countries/MLI"
RISKS = {"MLI": 50.0, "NER": 49.0, "GHA": 30.0, "CHE": 10.0}


@pytest.fixture(autouse=True)
def evidence(database: Database, now: datetime) -> None:
    """So that no rule speaks."""
    with database.writing() as session:
        scored(session, RISKS, at=now)


def words_of(client: StrictClient, path: str, url: str = MALI) -> list[str]:
    found = parsed(client.get(url)).xpath(path)
    return [" ".join(" ".join(one.itertext()).split()) for one in found]


def test_the_page_answers_in_the_order_of_the_questions(reader: StrictClient) -> None:
    """How bad, why, since when, what now, and only then what it is made of: so it stands on a phone."""
    text = reader.get(MALI).text
    places = [text.index(part) for part in ('id="risk"', 'id="course"', 'id="other-flags"', 'id="made-of"')]

    assert places == sorted(places)


def test_a_change_of_level_is_told_wherever_the_score_is_told_beside_another(
    reader: StrictClient, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        scored(session, {"MLI": 38.0}, at=now, on=date(2025, 1, 31))
        scored(session, {"MLI": 62.0}, at=now, on=date(2026, 3, 1))
    told = text_of(reader.get(MALI))

    assert "+24.0 in twelve months from 38 (guarded)" in told
    assert "Risk rose from 38 (guarded) to 62 (high) in twelve months" in told
    assert "on 1 March 2026 it went from 50 (elevated) to 62 (high)." in told
    assert "Why it rose in twelve months: most of that came through " in told


def test_the_newest_evidence_of_each_voice_is_named_with_its_day_beside_the_score(
    reader: StrictClient, database: Database, now: datetime
) -> None:
    [standing] = words_of(reader, "//section[@aria-labelledby='risk']")
    assert "The newest published figure is of 2025." in standing
    assert "our analysts coded" not in standing

    with database.writing() as session:
        code_rule_of_law(session, 2.0, on=date(2026, 2, 28), at=now)

    [standing] = words_of(reader, "//section[@aria-labelledby='risk']")
    assert "The newest that our analysts coded is of Feb 2026. The newest published figure is of 2025." in standing


@pytest.mark.parametrize(("on", "is_told"), [(date(2025, 3, 15), True), (date(2025, 3, 16), False)])
def test_a_criterion_of_which_nothing_is_newer_than_a_year_says_how_old_the_newest_is(
    reader: StrictClient, database: Database, now: datetime, on: date, is_told: bool
) -> None:
    with database.writing() as session:
        scored(session, {"SEN": 50.0}, at=now, on=on)

    for summary in words_of(reader, "//*[@class='tree']//summary", "/countries/SEN"):
        assert ("fresh, newest 2025" in summary) is (is_told and " 1 of " in summary), summary


@pytest.mark.parametrize(("on", "is_told"), [(date(2025, 3, 16), True), (date(2025, 3, 17), False)])
def test_where_nothing_newer_is_known_than_a_year_ago_no_calm_zero_is_told(
    reader: StrictClient, database: Database, now: datetime, on: date, is_told: bool
) -> None:
    with database.writing() as session:
        scored(session, {"SEN": 50.0}, at=now, on=date(2024, 12, 31))
        scored(session, {"SEN": 50.0}, at=now, on=on)

    [standing] = words_of(reader, "//section[@aria-labelledby='risk']", "/countries/SEN")
    [course] = words_of(reader, "//section[@id='course']", "/countries/SEN")

    assert ("Risk is 50 by evidence of 2025; nobody can tell whether it has changed since" in course) is is_told
    assert ("Risk has hardly changed" in course) is not is_told
    assert ("No newer figures since 2025" in standing) is is_told
    assert ("0.0 in twelve months" in standing) is not is_told


def test_its_place_is_told_with_how_sure_it_is_among_what_may_be_seen(
    reader: StrictClient, sign_in_as: SignInAs
) -> None:
    [everywhere] = words_of(reader, "//section[@aria-labelledby='risk']")
    [within] = words_of(sign_in_as(Role.READER, countries=["MLI", "CHE"]), "//section[@aria-labelledby='risk']")

    assert "place 1 (1 to " in everywhere
    assert ") of 4" in everywhere
    assert ") of 2" in within


def test_neighbours_are_those_of_its_region_that_a_reader_may_see(reader: StrictClient, sign_in_as: SignInAs) -> None:
    def compared(client: StrictClient) -> list[str]:
        return [words for words in words_of(client, "//section[@aria-labelledby='further']//a") if "Compare" in words]

    assert compared(reader) == ["Compare with Ghana, Niger", "Compare with other countries"]
    assert compared(sign_in_as(Role.READER, countries=["MLI", "CHE"])) == ["Compare with other countries"]


@pytest.mark.parametrize(
    ("window", "current", "first"),
    [("", "3 years", "17 Mar 2023"), ("?window=1", "1 year", "16 Mar 2025"), ("?window=no", "3 years", "17 Mar 2023")],
)
def test_how_far_back_the_pictures_go_stands_in_the_address(
    reader: StrictClient, window: str, current: str, first: str
) -> None:
    page = parsed(reader.get(MALI + window))

    assert page.xpath("//nav[@class='windows']/a[@aria-current]/text()") == [current]
    assert first in page.xpath("string(//*[@id='course']//div[@class='picture-wide'])")


def test_everything_begins_where_anything_is_known(reader: StrictClient) -> None:
    assert "31 Dec 2025" in parsed(reader.get(f"{MALI}?window=all")).xpath("string(//*[@id='course']//figure)")


def test_open_situations_say_who_when_and_what_would_clear_their_flags(
    reader: StrictClient, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        rita = situations.somebody(session, Role.REVIEWER, now=now, name="Rita")
        _flag, situation = situations.raised(session, now=now, severity=Severity.ALARM)
        situations.Desk(session, rita, now).move(situation, SituationState.VERIFYING)
        seen = situations.newest(session, situation, rita)
        assign(session, situation.id, rita.person_id, seen=seen, by=rita, now=now)
        situations.raised(session, now=now, handling=Mark.RED, rule="rising_risk", subject="risk")

    [told] = words_of(reader, "//section[starts-with(@aria-labelledby, 'situation-')]")

    assert told.startswith("Situation: being verified In charge: Rita · next step due on 23 March 2026")
    assert "Weak rule of law: Rule of law and good governance" in told
    assert (
        "The score of Rule of law and good governance was 64 on 16 March 2026; the rule speaks at 60 or more." in told
    )
    assert "It clears when the score of Rule of law and good governance falls below 55." in told
    assert "Rita is in charge." in told
    assert "Rising risk" not in told


def test_flags_that_are_as_severe_are_told_one_of_each_rule_first_and_of_the_whole_before_its_parts(
    reader: StrictClient, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        for rule, subject in (
            ("weak_rule_of_law", "militias"),
            ("weak_rule_of_law", "rule_of_law"),
            ("new_high", "emergency_powers"),
            ("rising_risk", "risk"),
        ):
            situations.raised(session, now=now, rule=rule, subject=subject)

    titles = words_of(reader, "//section[starts-with(@aria-labelledby, 'situation-')]//ul[@class='flags-now']//h3")

    assert [title.split(": ")[1] for title in titles] == [
        "the risk as a whole",
        "Militias beside the State",
        "Emergency powers",
        "Rule of law and good governance",
    ]


def test_a_flag_in_no_situation_is_told_beside(reader: StrictClient, database: Database, now: datetime) -> None:
    assert words_of(reader, "//section[@aria-labelledby='other-flags']") == [
        "Situation No situation that you may see is open."
    ]
    with database.writing() as session:
        situations.said(session, situations.flag(session, now=now), severity=Severity.NOTICE, now=now)

    [told] = words_of(reader, "//section[@aria-labelledby='other-flags']")
    assert told.startswith("Flags in no situation No situation that you may see is open. Weak rule of law")


@pytest.mark.parametrize(("after_days", "shown"), [(0, True), (365, True), (366, False)])
def test_the_days_of_a_year_are_coming(
    reader: StrictClient, database: Database, now: datetime, after_days: int, shown: bool
) -> None:
    with database.writing() as session:
        by = situations.somebody(session, Role.REVIEWER, now=now)
        day = now.date() + timedelta(days=after_days)
        enter(session, "MLI", OccasionKind.ELECTION, "An election", day, handling=Mark.CLEAR, by=by, now=now)
        enter(session, "MLI", OccasionKind.VERDICT, "A verdict", now.date(), handling=Mark.RED, by=by, now=now)

    [told] = words_of(reader, "//section[@aria-labelledby='coming']")

    assert ("An election" in told) is shown
    assert "A verdict" not in told


def test_a_past_day_shows_what_held_then(reader: StrictClient, database: Database, now: datetime) -> None:
    with database.writing() as session:
        scored(session, {"MLI": 20.0}, at=now, on=date(2026, 3, 1))
        code_rule_of_law(session, 4.0, on=date(2026, 3, 1), at=now)
    then = f"{MALI}?as_of=2026-02-01&known_on={now.date()}"

    [standing] = words_of(reader, "//section[@aria-labelledby='risk']", then)
    links = {str(link) for link in parsed(reader.get(then)).xpath("//*[@class='tree']//th/a/@href")}

    assert "This is what held on 1 February 2026" in text_of(reader.get(then))
    assert standing.startswith("Risk 50 elevated")
    assert "place 1 of 4, 1 being the worst (how sure that is, is drawn for today alone)" in standing
    assert "1 March 2026" not in text_of(reader.get(then))
    assert "/countries/MLI/wgi_rule_of_law?as_of=2026-02-01&known_on=2026-03-16" in links


def test_before_anything_was_recorded_the_page_names_the_first_day(reader: StrictClient) -> None:
    words = text_of(reader.get(f"{MALI}?as_of=2020-05-01"))

    assert "Nothing that you may see was recorded about this country by 1 May 2020" in words
    assert "The first of it was recorded on 16 March 2026." in words
    assert "1 May 2020 as it is known today" in words


def test_flags_and_situations_of_a_past_day_are_those_of_then(
    reader: StrictClient, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        situations.raised(session, now=now - timedelta(days=10))
        situations.raised(session, now=now, rule="rising_risk", subject="risk")
    then = f"{MALI}?as_of={(now - timedelta(days=5)).date()}"

    [today] = words_of(reader, "//section[starts-with(@aria-labelledby, 'situation-')]")
    [before] = words_of(reader, "//section[starts-with(@aria-labelledby, 'situation-')]", then)

    assert "Rising risk" in today
    assert "Rising risk" not in before
    assert "Weak rule of law" in before
    assert "next step due on 8 March 2026" in before


def test_what_was_done_later_was_not_done_on_a_past_day_however_much_is_known_since(
    reader: StrictClient, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        made, situation = situations.raised(session, now=now - timedelta(days=10))
        situations.said(session, made, Change.CLEARED, now=now - timedelta(days=4))
        situations.Desk(session, situations.somebody(session, Role.REVIEWER, now=now), now).move(
            situation, SituationState.VERIFYING
        )
        situations.a_part(session, now=now)
    then = f"{MALI}?as_of={(now - timedelta(days=5)).date()}&known_on={now.date()}"

    found = words_of(reader, "//section[starts-with(@aria-labelledby, 'situation-')]", then)
    rows = list(csv.DictReader(io.StringIO(reader.get(then.replace(MALI, f"{MALI}.csv")).text)))

    assert len(found) == 1
    assert found[0].startswith("Situation: new")
    assert "Weak rule of law: Rule of law and good governance" in found[0]
    assert [row["key"] for row in rows if row["what"] == "flag"] == ["weak_rule_of_law"]


def test_the_export_holds_everything_that_is_shown(reader: StrictClient, database: Database, now: datetime) -> None:
    with database.writing() as session:
        situations.raised(session, now=now)
        situations.case(session, iso3="MLI", now=now)

    rows = list(csv.DictReader(io.StringIO(reader.get(f"{MALI}.csv").text)))
    [risk] = [row for row in rows if (row["what"], row["key"]) == ("score", "risk")]
    [answer] = [row for row in rows if (row["what"], row["key"]) == ("answer", "wgi_rule_of_law")]

    kinds = {"score", "place", "score then", "answer", "not answered", "situation", "flag", "coming"}
    assert {row["what"] for row in rows} == kinds
    assert (risk["points"], risk["level"], risk["day"]) == ("50.0", "elevated", "2026-03-16")
    assert (answer["value"], answer["day"]) == ("0.0", "2025-12-31")
    assert "World Bank" in answer["source"]


def test_the_way_of_a_criterion_is_drawn_large_with_its_flags(
    reader: StrictClient, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        situations.raised(session, now=now)
        situations.raised(session, now=now, rule="rising_risk", subject="risk")
    [small] = parsed(reader.get(MALI)).xpath("//a[.='Rule of law and good governance' and contains(@href, 'course')]")

    page = parsed(reader.get(str(small.get("href"))))

    assert page.xpath("string(//h1)") == "Rule of law and good governance"
    assert [page.xpath(f"string(//tbody/tr[1]/*[{place}])") for place in (1, 2)] == ["31 Dec 2025", "50"]
    [flag] = page.xpath("//ul[contains(@class, 'flag-list')]/li")
    assert "Weak rule of law" in flag.text_content()
    assert "Nothing was scored yet" in text_of(reader.get("/countries/FRA/course"))


@pytest.mark.parametrize("past", ["", "?as_of=2026-03-15&known_on=2026-03-16"])
@pytest.mark.parametrize("address", [MALI, f"{MALI}?window=all", f"{MALI}/wgi_rule_of_law", f"{MALI}/course"])
def test_no_page_of_a_country_needs_more_than_twelve_questions(
    sign_in_as: SignInAs, database: Database, now: datetime, address: str, past: str
) -> None:
    client = sign_in_as(*Role, clearance=Mark.RED)
    client.get("/countries")
    with database.writing() as session:
        situations.case(session, iso3="MLI", now=now)
        situations.a_part(session, iso3="MLI", now=now)
    with listening(database) as asked:
        client.get(address + (past.replace("?", "&") if "?" in address else past))

    questions = [statement for statement in asked if not statement.startswith(("PRAGMA", "BEGIN"))]
    assert 0 < len(questions) <= 12
