"""The bundled governance indicators say what the World Bank published."""

import gzip
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tracker.catalogue.places import read_places
from tracker.exchange.published import PublishedFileBroken, PublishedValue
from tracker.exchange.world_bank import BUNDLED, COLUMNS, fingerprint, read_governance_indicators

HEADER = ",".join(COLUMNS)
NAMIBIA = "NAM,2023,0.11,0.17,0.03,0.24,0.54,0.23,0.45,0.17,-0.06,0.23,0.58,0.12"


@pytest.fixture(scope="module")
def values() -> list[PublishedValue]:
    return list(read_governance_indicators())


def cell(values: list[PublishedValue], iso3: str, indicator: str, year: int) -> tuple[float, float | None]:
    found = [
        value for value in values if (value.iso3, value.indicator, value.observed_on.year) == (iso3, indicator, year)
    ]
    assert len(found) == 1
    return found[0].value, found[0].standard_error


def written(folder: Path, *rows: str) -> Path:
    file = folder / "wgi.csv.gz"
    file.write_bytes(gzip.compress("\n".join([*rows, ""]).encode()))
    return file


def test_every_published_estimate_is_read_once(values: list[PublishedValue]) -> None:
    assert Counter(value.indicator for value in values) == {
        "wgi_control_of_corruption": 5133,
        "wgi_government_effectiveness": 5109,
        "wgi_political_stability": 5168,
        "wgi_regulatory_quality": 5111,
        "wgi_rule_of_law": 5223,
        "wgi_voice_and_accountability": 5170,
    }
    assert len({(value.iso3, value.indicator, value.observed_on) for value in values}) == len(values) == 30914


# Looked up by hand in the long table from which the bundle is made, each indicator at least once.
@pytest.mark.parametrize(
    ("iso3", "indicator", "year", "value", "standard_error"),
    [
        ("NAM", "wgi_rule_of_law", 2023, 0.45, 0.17),
        ("NAM", "wgi_regulatory_quality", 2004, 0.23, 0.2),
        ("SSD", "wgi_government_effectiveness", 2023, -2.33, 0.25),
        ("SSD", "wgi_voice_and_accountability", 2023, -1.68, 0.16),
        ("AFG", "wgi_control_of_corruption", 1996, -1.29, 0.34),
        ("SOM", "wgi_political_stability", 2009, -3.31, 0.28),
        ("JEY", "wgi_political_stability", 2023, 1.74, 0.45),
    ],
)
def test_a_value_is_the_published_one(
    values: list[PublishedValue], iso3: str, indicator: str, year: int, value: float, standard_error: float
) -> None:
    assert cell(values, iso3, indicator, year) == (value, standard_error)


def test_a_yearly_estimate_is_observed_on_the_last_day_of_its_year(values: list[PublishedValue]) -> None:
    assert {(value.observed_on.month, value.observed_on.day) for value in values} == {(12, 31)}
    assert min(value.observed_on for value in values) == date(1996, 12, 31)
    assert max(value.observed_on for value in values) == date(2023, 12, 31)


def test_the_first_years_were_published_every_other_year(values: list[PublishedValue]) -> None:
    years = {value.observed_on.year for value in values}
    assert years == {1996, 1998, 2000, *range(2002, 2024)}


def test_every_estimate_comes_with_its_standard_error(values: list[PublishedValue]) -> None:
    assert [value for value in values if value.standard_error is None or value.standard_error <= 0] == []


def test_every_country_in_the_file_is_one_of_ours(values: list[PublishedValue]) -> None:
    codes = {value.iso3 for value in values}
    assert len(codes) == 213
    assert codes - read_places().by_iso3.keys() == set()


def test_nearly_every_member_of_the_united_nations_has_a_rule_of_law_estimate(
    values: list[PublishedValue],
) -> None:
    rule_of_law = {v.iso3 for v in values if v.indicator == "wgi_rule_of_law" and v.observed_on.year == 2023}
    members = {country.iso3 for country in read_places().countries if country.un_member}
    assert members - rule_of_law == set()


def test_a_country_that_is_no_more_is_not_given_to_an_heir(values: list[PublishedValue]) -> None:
    assert {"ANT", "CUW", "SXM", "BES"} & {value.iso3 for value in values} == set()


def test_what_was_not_published_is_left_out_and_not_zero(values: list[PublishedValue]) -> None:
    indicators = {v.indicator for v in values if v.iso3 == "NIU" and v.observed_on.year == 2018}
    assert indicators == {"wgi_political_stability", "wgi_voice_and_accountability"}


def test_an_estimate_without_a_standard_error_is_still_read(tmp_path: Path) -> None:
    file = written(tmp_path, HEADER, "NAM,2023,0.11,,,,,,,,,,,")
    assert list(read_governance_indicators(file)) == [
        PublishedValue("NAM", "wgi_control_of_corruption", date(2023, 12, 31), 0.11, None)
    ]


def test_an_estimate_of_zero_is_a_value(tmp_path: Path) -> None:
    file = written(tmp_path, HEADER, "NAM,2023,0.0,0.17,,,,,,,,,,")
    assert [value.value for value in read_governance_indicators(file)] == [0.0]


def test_the_bundled_file_stays_small() -> None:
    assert BUNDLED.stat().st_size < 250_000


def test_the_bundled_file_carries_no_time_of_its_making() -> None:
    # Bytes 4-7 of a gzip file are the time; a file that differs each time it is made cannot be compared.
    assert BUNDLED.read_bytes()[4:8] == b"\0\0\0\0"


def test_a_fingerprint_tells_editions_apart(tmp_path: Path) -> None:
    first = fingerprint(written(tmp_path, HEADER, NAMIBIA))
    second = fingerprint(written(tmp_path, HEADER, NAMIBIA.replace("0.45", "0.46")))
    assert len({first, second, fingerprint()}) == 3
    assert fingerprint() == fingerprint(BUNDLED)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (NAMIBIA.replace("0.45", ".."), "rl “..” is no number; put the original file back."),
        (NAMIBIA.replace("0.45", "nan"), "rl “nan” is no number; put the original file back."),
        (NAMIBIA.replace("0.12", "inf"), "va_se “inf” is no number; put the original file back."),
        (NAMIBIA.replace("NAM", "NA"), "“NA, 2023” is no country code and year; put the original file back."),
        (NAMIBIA.replace("2023", "23"), "“NAM, 23” is no country code and year; put the original file back."),
        (NAMIBIA + ",1", "there are 15 cells; there must be 14, one for each column."),
        (NAMIBIA[:-5], "there are 13 cells; there must be 14, one for each column."),
    ],
)
def test_a_faulty_row_is_refused_with_its_line(tmp_path: Path, row: str, reason: str) -> None:
    with pytest.raises(PublishedFileBroken) as caught:
        list(read_governance_indicators(written(tmp_path, HEADER, NAMIBIA, row)))
    assert str(caught.value) == f"wgi.csv.gz, line 3: {reason}"


def test_other_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PublishedFileBroken, match=r"^wgi\.csv\.gz, line 1: the columns differ"):
        list(read_governance_indicators(written(tmp_path, HEADER.replace("rl", "rule"), NAMIBIA)))


@pytest.mark.parametrize("content", [b"iso3,year\n", b"", gzip.compress(HEADER.encode())[:-9]])
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "wgi.csv.gz"
    file.write_bytes(content)
    with pytest.raises(PublishedFileBroken, match=r"^wgi\.csv\.gz, line 1: "):
        list(read_governance_indicators(file))
