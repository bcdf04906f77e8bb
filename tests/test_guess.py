"""A first guess at what columns mean: from headings in several languages, from indicators, and from the rows below."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.catalogue.country_names import read_country_names
from tracker.catalogue.reading import read_catalogue
from tracker.guess import Guess, guess_mapping
from tracker.indicator import Level, Voice
from tracker.mapping import Cell, Part, Shape

NAMES = read_country_names()


@dataclass(frozen=True)
class Indicator:
    key: str
    name: str
    code: str | None = None
    best: float = 2.5
    worst: float = -2.5
    levels: Sequence[Level] = ()
    voice: Voice = Voice.PUBLISHED


INDICATORS = (
    Indicator("rule", "Rule of law", "wgi_rl"),
    Indicator("corruption", "Control of corruption", "wgi_cc"),
    Indicator("terror", "Political terror", "PTS_S"),
    Indicator("courts", "Independence of courts"),
)


def guess(*rows: Sequence[Cell], header_row: int | None = None) -> Guess:
    return guess_mapping(list(enumerate(rows, start=1)), INDICATORS, NAMES, header_row=header_row)


def test_a_long_table_with_plain_headings() -> None:
    found = guess(
        ["iso3", "date", "indicator", "value", "source", "grade", "tlp"], ["MLI", "2024", "rule", 1, "x", "B2", "green"]
    )
    assert found.mapping.shape is Shape.LONG
    assert found.mapping.columns == {
        Part.COUNTRY: "iso3",
        Part.DATE: "date",
        Part.INDICATOR: "indicator",
        Part.VALUE: "value",
        Part.SOURCE: "source",
        Part.GRADE: "grade",
        Part.HANDLING: "tlp",
    }
    assert (found.unmapped, found.unresolved) == ((), ())


@pytest.mark.parametrize(
    "header",
    [
        ["Pays", "Année", "Indicateur", "Valeur"],
        ["País", "Año", "Indicador", "Valor"],
        ["COUNTRY_NAME", "Year", "Series Code", "obs_value"],
    ],
)
def test_headings_are_known_in_several_languages_and_spellings(header: list[Cell]) -> None:
    found = guess(header, ["Mali", "2024", "rule", "1"])
    assert set(found.mapping.columns) == {Part.COUNTRY, Part.YEAR, Part.INDICATOR, Part.VALUE}
    assert found.unmapped == ()


def test_the_column_of_countries_is_the_one_with_countries_in_it() -> None:
    found = guess(["code", "country", "year", "rule"], ["a-17", "Mali", 2024, 1], ["a-18", "Niger", 2024, 1])
    assert found.mapping.columns[Part.COUNTRY] == "country"
    assert found.unmapped == ("code",)


def test_codes_are_better_than_names_where_both_are_countries() -> None:
    found = guess(["Country Name", "Country Code", "year", "rule"], ["Mali", "MLI", 2024, 1])
    assert found.mapping.columns[Part.COUNTRY] == "Country Code"


def test_countries_are_found_under_a_strange_heading() -> None:
    assert guess(["where", "year", "rule"], ["Mali", 2024, 1]).mapping.columns[Part.COUNTRY] == "where"


def test_a_column_for_each_indicator_is_known_by_key_name_and_code() -> None:
    found = guess(["Country", "Year", "PTS_S", "Rule of Law", "courts", "Region"], ["Mali", 2024, 3, 1, 2, "W"])
    assert found.mapping.shape is Shape.WIDE_INDICATORS
    assert found.mapping.indicators == {"PTS_S": "terror", "Rule of Law": "rule", "courts": "courts"}
    assert found.unmapped == ("Region",)


def test_the_ends_of_a_publishers_codes_are_known_with_their_standard_errors() -> None:
    found = guess(["iso3", "year", "cc", "cc_se", "rl", "rl_se"], ["MLI", 2024, 1, 1, 1, 1])
    assert found.mapping.indicators == {"cc": "corruption", "rl": "rule"}
    assert found.mapping.standard_errors == {"cc_se": "corruption", "rl_se": "rule"}


def test_the_long_names_of_the_world_bank_are_known_and_no_other_publishers_are_taken_for_them() -> None:
    names = ["Rule of Law: Estimate", "Rule of Law: Standard Error", "Control of Corruption: Estimate"]
    found = guess(["Country Name", "Year", *names], ["Mali", 2024, 1, 1, 1])
    assert found.mapping.indicators == {names[0]: "rule", names[2]: "corruption"}
    assert found.mapping.standard_errors == {names[1]: "rule"}
    assert (
        guess(["Country Name", "Year", "Absence of Corruption: Estimate"], ["Mali", 2024, 1]).mapping.indicators == {}
    )


def test_the_other_words_of_a_publisher_are_chosen_before_they_are_met() -> None:
    found = guess(["code", "year", "indicator", "estimate", "stddev"], ["MLI", 2024, "cc", "0.5", "0.1"])
    assert found.mapping.indicators == {"cc": "corruption", "rl": "rule"}
    assert found.mapping.columns[Part.STANDARD_ERROR] == "stddev"
    assert found.unresolved == ()


def test_words_that_mean_no_indicator_are_listed() -> None:
    found = guess(["iso3", "year", "variable", "value"], ["MLI", 2024, "rule", 1], ["MLI", 2024, "weather", 1])
    assert found.unresolved == ("weather",)


def test_a_column_for_each_year() -> None:
    found = guess(["Country Name", "Series Code", "2023 [YR2023]", "2024 [YR2024]"], ["Mali", "wgi_rl", "..", -1.5])
    assert found.mapping.shape is Shape.WIDE_YEARS
    assert found.mapping.days == ("2023 [YR2023]", "2024 [YR2024]")
    assert set(found.mapping.columns) == {Part.COUNTRY, Part.INDICATOR}


def test_headings_may_stand_below_titles_and_blank_rows() -> None:
    found = guess(["Report on the rule of law, 2024"], [], ["iso3", "year", "rule"], ["MLI", 2024, 1])
    assert found.mapping.header_row == 3


def test_a_person_may_say_where_the_headings_are() -> None:
    rows: list[list[Cell]] = [["iso3", "year", "rule"], ["where", "when", "courts"], ["MLI", 2024, 1]]
    assert guess(*rows).mapping.header_row == 1
    assert guess(*rows, header_row=2).mapping.indicators == {"courts": "courts"}


@pytest.mark.parametrize(
    ("cells", "sign"),
    [
        *[(["1,5", "2,25"], ","), (["0,125"], ","), (["1.5"], "."), (["1,234"], None), (["15"], None)],
        (["1,5", "1.5"], None),
    ],
)
def test_the_decimal_sign_is_guessed_only_where_it_shows(cells: list[Cell], sign: str | None) -> None:
    rows = [["MLI", 2024, cell] for cell in cells]
    assert guess(["iso3", "year", "rule"], *rows).mapping.decimal_sign == sign


def test_a_column_without_a_heading_is_listed_where_something_stands_in_it() -> None:
    found = guess(["iso3", "year", "rule", "", ""], ["MLI", 2024, 1, "stray", ""])
    assert found.unmapped == ("(D)",)


def test_nothing_can_be_guessed_from_nothing() -> None:
    assert guess([], ["", None]).mapping.columns == {}


def test_the_built_in_catalogue_is_recognised_by_its_publishers_codes() -> None:
    indicators = read_catalogue().indicators
    codes = [indicator.code for indicator in indicators if indicator.code]
    assert len(codes) > 10
    rows: list[tuple[int, list[Cell]]] = [(1, ["iso3", "year", *codes]), (2, ["MLI", 2020, *([1] * len(codes))])]
    assert guess_mapping(rows, indicators, NAMES).unmapped == ()


CELLS = (
    st.none() | st.text(max_size=8) | st.floats() | st.sampled_from(["iso3", "year", "value", "rule", "2024", "MLI"])
)


@given(st.lists(st.lists(CELLS, max_size=8), max_size=8))
def test_whatever_the_rows_a_guess_is_made_and_can_be_kept(rows: list[list[Cell]]) -> None:
    found = guess(*rows)
    assert found.mapping.as_plain()
