"""Where countries stand by one measure: the list, its filters, its export."""

import csv
import io
import re
from datetime import date, timedelta

import pytest

from tests.questions import questions
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.conftest import BOTH_ENGINES, Record, SignInAs
from tracker.access import Role
from tracker.handling import Mark
from tracker.storage.base import Database

COURTS = "independence_of_courts"
LAST_MONTH = date(2026, 2, 28)


def names_on(client: StrictClient, url: str) -> list[str]:
    return [str(name) for name in parsed(client.get(url)).xpath("//tbody/tr/th//a/text()")]


@BOTH_ENGINES
def test_the_worst_stand_first_and_the_unknown_last(reader: StrictClient, record: Record) -> None:
    record("MLI", 3)
    record("NER", 4)
    record("CHE", 0)

    names = names_on(reader, "/countries")

    assert names[:3] == ["Niger", "Mali", "Switzerland"]
    assert len(names) == 193


def test_a_missing_value_is_never_a_zero(reader: StrictClient, record: Record) -> None:
    record("MLI", 3)

    row = parsed(reader.get("/countries?q=Niger")).xpath("//tr[th/a='Niger']")[0]

    assert "not enough evidence" in row.text_content()
    assert "0" not in row.text_content()


@BOTH_ENGINES
def test_the_list_can_be_in_order_of_names(reader: StrictClient, record: Record) -> None:
    record("NER", 4)

    names = names_on(reader, "/countries?order=name")

    assert names[:2] == ["Afghanistan", "Albania"]


@BOTH_ENGINES
def test_a_search_finds_any_of_a_countrys_names(reader: StrictClient, record: Record) -> None:
    record("NER", 4)

    assert names_on(reader, "/countries?q=cote") == ["Côte d’Ivoire"]
    assert names_on(reader, "/countries?q=Allemagne") == ["Germany"]
    assert names_on(reader, "/countries?q=mli") == ["Mali"]


@pytest.mark.parametrize(
    ("words", "name"), [("DRC", "Congo - Kinshasa"), ("ivory coast", "Côte d’Ivoire"), ("Burma", "Myanmar (Burma)")]
)
def test_a_search_finds_what_a_country_is_also_called(
    reader: StrictClient, record: Record, words: str, name: str
) -> None:
    record("NER", 4)

    assert names_on(reader, f"/countries?q={words}") == [name]


def test_a_search_without_a_match_says_what_to_do(reader: StrictClient, record: Record) -> None:
    record("NER", 4)

    assert "No watched country matches" in text_of(reader.get("/countries?q=Atlantis"))


def test_a_group_narrows_the_list(reader: StrictClient, record: Record) -> None:
    record("NER", 4)

    names = names_on(reader, "/countries?group=ecowas")

    assert len(names) == 12
    assert "Niger" not in names


@pytest.mark.parametrize("query", ["measure=nothing", "group=nothing"])
def test_an_unknown_filter_is_not_found(reader: StrictClient, record: Record, query: str) -> None:
    record("NER", 4)

    assert reader.get(f"/countries?{query}").status_code == 404


def opened_on(client: StrictClient) -> str:
    return text_of(client.get("/countries")).partition("by one measure: ")[2].partition(".")[0]


def test_the_list_opens_on_what_is_fresh_for_most_countries_of_the_leading_criterion(
    reader: StrictClient, record: Record
) -> None:
    """One accepted answer does not make an overview of it, nor does what is stale or of another criterion."""
    record("MLI", 4)
    for iso3 in ("MLI", "NER"):
        record(iso3, 0.5, indicator=RULE_OF_LAW, on=date(2024, 12, 31))
    for iso3 in ("MLI", "NER", "TCD"):
        record(iso3, 2, indicator="emergency_powers", on=date(2024, 12, 31))
        record(iso3, 2, indicator="militias")

    assert opened_on(reader) == "Rule of law (World Bank)"


def test_of_measures_that_are_equally_broad_the_list_opens_on_the_first(reader: StrictClient, record: Record) -> None:
    record("NER", 0.5, indicator=RULE_OF_LAW, on=date(2024, 12, 31))
    record("MLI", 4)

    assert opened_on(reader) == "Independence of the courts"


def test_without_anything_fresh_in_the_leading_criterion_the_list_opens_on_the_broadest_of_all(
    reader: StrictClient, record: Record
) -> None:
    record("MLI", 4, on=date(2024, 12, 31))
    record("MLI", 2, indicator="discriminatory_law")
    for iso3 in ("MLI", "NER"):
        record(iso3, 2, indicator="militias")

    assert opened_on(reader) == "Militias beside the State"


@BOTH_ENGINES
@pytest.mark.parametrize(("day", "is_broader"), [(date(2026, 2, 1), True), (date(2025, 2, 1), False)])
def test_a_fresh_value_counts_for_where_the_list_opens_though_another_answer_came_after_it(
    reader: StrictClient, record: Record, day: date, is_broader: bool
) -> None:
    """Nobody could tell since, in one country; the other answer is of a day to come."""
    record("TCD", 4)
    for iso3 in ("MLI", "NER"):
        record(iso3, 2, indicator="emergency_powers", on=day)
    record("MLI", None, indicator="emergency_powers")
    record("NER", 2, indicator="emergency_powers", on=date(2026, 3, 17))

    assert (opened_on(reader) == "Emergency powers") is is_broader


def test_only_what_a_reader_may_see_counts_for_where_the_list_opens(sign_in_as: SignInAs, record: Record) -> None:
    record("MLI", 4)
    record("MLI", 2, indicator="emergency_powers")
    record("NER", 2, indicator="emergency_powers")
    record("TCD", 2, indicator="emergency_powers", handling=Mark.RED)

    assert opened_on(sign_in_as(Role.READER, countries=["MLI"])) == "Independence of the courts"
    assert opened_on(sign_in_as(Role.READER, countries=["MLI", "TCD"])) == "Independence of the courts"
    assert opened_on(sign_in_as(Role.READER)) == "Emergency powers"


def test_the_list_needs_no_more_than_twelve_questions(reader: StrictClient, database: Database, record: Record) -> None:
    for number, iso3 in enumerate(("MLI", "NER", "TCD")):
        record(iso3, 3, on=LAST_MONTH - timedelta(days=31 * number))
    reader.get("/countries")

    assert len(questions(reader, database, "/countries")) <= 12


def test_without_any_evidence_the_list_says_so(reader: StrictClient) -> None:
    assert "Nothing is recorded yet" in text_of(reader.get("/countries"))


def test_what_is_stale_counts_no_more_and_stands_behind_what_is_fresh(reader: StrictClient, record: Record) -> None:
    record("MLI", 4, on=LAST_MONTH - timedelta(days=60))
    record("NER", 1)

    assert names_on(reader, "/countries")[:2] == ["Niger", "Mali"]
    words = text_of(reader.get("/countries?q=Mali"))
    assert "was critical" in words
    assert "stale" in words


@pytest.mark.parametrize(("day", "shown"), [(date(2026, 3, 16), True), (date(2026, 3, 17), False)])
def test_what_was_observed_after_today_is_neither_listed_drawn_nor_exported(
    reader: StrictClient, record: Record, day: date, shown: bool
) -> None:
    """Today is 16 March 2026."""
    record("MLI", 1)
    record("MLI", 4, on=day)

    assert ("critical" in text_of(reader.get("/countries?q=Mali"))) is shown
    assert ("highest 4" in reader.get(f"/countries/MLI/{COURTS}").text) is shown
    assert (str(day) in reader.get(f"/countries/MLI/{COURTS}.csv").text) is shown


RULE_OF_LAW = "wgi_rule_of_law"
YEARS = (date(2024, 12, 31), date(2025, 12, 31))


@pytest.mark.parametrize(("newest", "rose"), [(-1.23, False), (-1.24, True), (-0.5, False)])
def test_a_change_is_marked_only_where_the_errors_of_both_values_do_not_explain_it(
    reader: StrictClient, record: Record, newest: float, rose: bool
) -> None:
    """1.645 times the root of 0.1² + 0.1² is 0.2326; lower values are worse."""
    for day, value in zip(YEARS, (-1.0, newest), strict=True):
        record("MLI", value, indicator=RULE_OF_LAW, on=day, standard_error=0.1)

    row = parsed(reader.get(f"/countries?measure={RULE_OF_LAW}&q=Mali")).xpath("//tr[th/a='Mali']")[0]

    assert bool(row.xpath(".//td[contains(@class, 'rose')]")) is rose


def row_of(client: StrictClient, name: str, **wanted: str) -> dict[str, str]:
    exported = client.get("/countries/list.csv", query_string=wanted).text
    return next(row for row in csv.DictReader(io.StringIO(exported)) if row["country"] == name)


@BOTH_ENGINES
@pytest.mark.parametrize(
    ("days", "change"),
    [
        ((date(2025, 1, 31), date(2025, 3, 1)), ""),
        ((date(2025, 2, 1),), "50.0"),
        ((date(2025, 2, 28),), "50.0"),
        ((date(2024, 2, 28),), ""),
    ],
)
def test_a_change_over_one_year_is_against_the_same_month(
    reader: StrictClient, record: Record, days: tuple[date, ...], change: str
) -> None:
    record("MLI", 3)
    record("NER", 3, on=date(2026, 1, 31))
    for day in days:
        record("MLI", 1, on=day)

    assert row_of(reader, "Mali")["change_in_one_year"] == change
    assert row_of(reader, "Niger")["change_in_one_year"] == ""


def test_a_change_is_against_the_last_value_of_that_month_that_a_reader_may_see(
    sign_in_as: SignInAs, record: Record
) -> None:
    record("MLI", 3)
    record("MLI", 0, on=date(2025, 2, 10))
    record("MLI", 1, on=date(2025, 2, 20))
    record("MLI", 2, on=date(2025, 2, 25), handling=Mark.RED)
    record("MLI", None, on=date(2025, 2, 26))
    record("MLI", 4, on=date(2025, 2, 27))
    record("MLI", 4, on=date(2025, 2, 27), revision=2, withdrawn=True, reason="It was another country.")

    def change(clearance: Mark) -> str:
        return row_of(sign_in_as(Role.READER, clearance=clearance), "Mali")["change_in_one_year"]

    assert (change(Mark.AMBER), change(Mark.RED)) == ("50.0", "25.0")


@BOTH_ENGINES
def test_a_sparkline_shows_the_last_value_of_each_of_ten_years(reader: StrictClient, record: Record) -> None:
    for year in range(2016, 2026):
        record("MLI", 2, on=date(year, 6, 30))
        record("NER", 2, on=date(year, 6, 30))
    for iso3 in ("MLI", "NER"):
        record(iso3, 2)
    usual = spark_of(reader, "Mali")

    assert spark_of(reader, "Niger") == usual
    record("NER", 0, on=date(2016, 12, 31))
    assert spark_of(reader, "Niger") == usual, "that is eleven years ago"
    record("NER", 4, on=date(2026, 12, 31))
    assert spark_of(reader, "Niger") == usual, "that is to come"
    record("NER", 0, on=date(2017, 1, 1))
    assert spark_of(reader, "Niger") == usual, "a later one of that year is known"
    record("NER", 0, on=date(2017, 12, 31))
    assert spark_of(reader, "Niger") != usual


def spark_of(client: StrictClient, name: str) -> str:
    page = parsed(client.get("/countries"))
    return " ".join(page.xpath(f"//tr[th/a='{name}']//svg[contains(@class, 'spark')]//@d"))


def test_every_sparkline_has_the_same_scale_and_ends_with_the_same_year(reader: StrictClient, record: Record) -> None:
    for day in YEARS:
        record("MLI", 0.0, indicator=RULE_OF_LAW, on=day)
        record("NER", 2.4, indicator=RULE_OF_LAW, on=day)
    record("TCD", 0.0, indicator=RULE_OF_LAW, on=date(2016, 12, 31))

    page = parsed(reader.get(f"/countries?measure={RULE_OF_LAW}"))

    def drawn(name: str) -> list[float]:
        path = page.xpath(f"//tr[th/a='{name}']//svg[contains(@class, 'spark')]//@d|//tr[th/a='{name}']//svg//@cx")
        return [float(number) for number in re.findall(r"[\d.]+", " ".join(path))]

    assert drawn("Mali")[0] == drawn("Niger")[0], "both begin with the same year"
    assert drawn("Mali") != drawn("Niger"), "and stand at heights of one scale"
    assert drawn("Chad") != drawn("Mali"), "what ended long ago does not reach the present"


@BOTH_ENGINES
def test_a_correction_replaces_what_it_corrects(reader: StrictClient, record: Record) -> None:
    record("MLI", 4)
    record("MLI", 1, revision=2)

    row = parsed(reader.get("/countries?q=Mali")).xpath("//tr[th/a='Mali']")[0]

    assert "guarded" in row.text_content()


@BOTH_ENGINES
def test_what_lies_above_a_clearance_is_not_there(sign_in_as: SignInAs, record: Record) -> None:
    record("MLI", 4, handling=Mark.RED)
    record("NER", 1)
    cleared, not_cleared = sign_in_as(Role.READER, clearance=Mark.RED), sign_in_as(Role.READER, clearance=Mark.AMBER)

    assert "critical" in text_of(cleared.get("/countries?q=Mali"))
    assert "critical" not in text_of(not_cleared.get("/countries?q=Mali"))


@BOTH_ENGINES
def test_a_red_correction_does_not_let_the_older_value_show(sign_in_as: SignInAs, record: Record) -> None:
    record("MLI", 4)
    record("MLI", 1, revision=2, handling=Mark.RED)

    assert "Nothing is recorded yet" in text_of(sign_in_as(Role.READER, clearance=Mark.AMBER).get("/countries"))


def test_the_list_holds_only_countries_in_scope(sign_in_as: SignInAs, record: Record) -> None:
    record("MLI", 3)
    record("NER", 4)

    focal_point = sign_in_as(Role.READER, countries=["MLI"])

    assert names_on(focal_point, "/countries?who=all") == ["Mali"]
    assert "NER" not in focal_point.get("/countries/list.csv?who=all").text


def test_a_scope_given_by_group_reaches_its_members(sign_in_as: SignInAs, record: Record) -> None:
    record("MLI", 3)
    desk = sign_in_as(Role.READER, groups=["ecowas"])

    assert desk.get("/countries/GHA").status_code == 200
    assert desk.get("/countries/MLI").status_code == 404


def test_the_export_shows_what_the_list_shows(reader: StrictClient, record: Record) -> None:
    record("MLI", 3)

    lines = reader.get("/countries/list.csv?group=african_union").text.splitlines()

    assert lines[0].startswith(
        "iso3,country,measure,observed_on,value,standard_error,severity,level,fresh,severity_low"
    )
    assert lines[1].startswith(f"MLI,Mali,{COURTS},2026-02-28,3.0,,75.0,high,yes,,,,,A field office,")
    assert len(lines) == 1 + len(names_on(reader, "/countries?group=african_union"))


def test_whoever_was_given_no_country_is_told_whom_to_ask(sign_in_as: SignInAs, record: Record) -> None:
    record("MLI", 3)

    words = text_of(sign_in_as(Role.ANALYST, countries=[]).get("/countries"))

    assert "No countries are yours yet" in words
    assert "Mali" not in words


def test_everybody_can_see_what_they_may_see(sign_in_as: SignInAs) -> None:
    words = text_of(sign_in_as(Role.ANALYST, groups=["ecowas"], clearance=Mark.AMBER).get("/account"))

    assert "Roles Analyst Countries 12 countries Clearance TLP:AMBER" in words


def test_where_nobody_could_tell_the_list_says_so_behind_what_is_known(reader: StrictClient, record: Record) -> None:
    record("MLI", 4, on=date(2026, 1, 31))
    record("MLI", None)
    record("NER", 1)

    assert names_on(reader, "/countries")[:2] == ["Niger", "Mali"]
    row = parsed(reader.get("/countries?q=Mali")).xpath("//tr[th/a='Mali']")[0].text_content()
    assert "could not be told" in row
    assert "4" not in row
    assert f"MLI,Mali,{COURTS},2026-02-28,,,,unknown,no,,,,," in reader.get("/countries/list.csv").text
