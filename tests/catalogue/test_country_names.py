"""Countries are found by whatever people write, never by a guess; a broken file of names is refused by its line."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.catalogue.broken import CatalogueBroken
from tracker.catalogue.countries import read_countries
from tracker.catalogue.country_names import FILE, FOLDER, read_aliases, read_country_names
from tracker.entry import Fault
from tracker.naming import CountryNames, folded

COUNTRIES = read_countries(FOLDER / "countries.csv")
ALIASES = read_aliases(FOLDER / FILE, COUNTRIES)
NAMES = CountryNames(COUNTRIES, ALIASES)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Paraguya", "Paraguay"),
        ("Venezuella", "Venezuela"),
        ("Guinnea Bissau", "Guinea-Bissau"),
        ("Nigerr", None),  # Niger, and nearly Nigeria
        ("Atlantis", None),
        ("QQQ", None),
        ("x" * 201, None),
    ],
)
def test_a_misspelt_country_is_named_where_one_alone_is_near(written: str, name: str | None) -> None:
    fault = NAMES.iso3_of(written)
    assert isinstance(fault, Fault)
    assert (f"if {name}" in fault.text) is (name is not None)
    assert "is no country that is known here" in fault.text


def test_no_country_is_suggested_that_is_not_known_to_the_reader() -> None:
    few = CountryNames([one for one in COUNTRIES if one.iso3 != "PRY"], ALIASES)
    fault = few.iso3_of("Paraguya")
    assert isinstance(fault, Fault)
    assert "Paraguay" not in fault.text


@pytest.mark.parametrize(
    ("written", "iso3"),
    [
        ("Ivory Coast", "CIV"),
        ("Cote d'Ivoire", "CIV"),
        ("Côte d’Ivoire", "CIV"),
        ("DRC", "COD"),
        ("DR Congo", "COD"),
        ("Congo, Dem. Rep.", "COD"),
        ("Congo, Democratic Republic of the", "COD"),
        ("République démocratique du Congo", "COD"),
        ("Congo, Rep.", "COG"),
        ("Burma", "MMR"),
        ("Burma/Myanmar", "MMR"),
        ("Swaziland", "SWZ"),
        ("Macedonia", "MKD"),
        ("Macedonia, FYR", "MKD"),
        ("Cabo Verde", "CPV"),
        ("Viet Nam", "VNM"),
        ("Korea, Rep.", "KOR"),
        ("Korea, South", "KOR"),
        ("Korea, Dem. People's Rep.", "PRK"),
        ("West Bank and Gaza", "PSE"),
        ("Kosovo", "XKX"),
        ("The Gambia", "GMB"),
        ("Gambia, The", "GMB"),
        ("St Kitts and Nevis", "KNA"),
        ("SAINT KITTS & NEVIS", "KNA"),
        ("Sao Tome and Principe", "STP"),
        ("Iran (Islamic Republic of)", "IRN"),
        ("Bolivia (Plurinational State of)", "BOL"),
        ("Lao PDR", "LAO"),
        ("Hong Kong SAR, China", "HKG"),
        ("Alemania", "DEU"),
        ("Guinée équatoriale", "GNQ"),
        ("تركيا", "TUR"),
        ("uk", "GBR"),
    ],
)
def test_a_country_is_found_by_what_people_write(written: str, iso3: str) -> None:
    assert NAMES.meant_by(written).iso3 == iso3


@pytest.mark.parametrize(
    ("written", "iso3"),
    [
        *[("MLI", "MLI"), ("mli", "MLI"), (" MLI ", "MLI"), ("ML", "MLI"), ("466", "MLI"), ("NA", "NAM")],
        *[("004", "AFG"), ("4", "AFG"), ("ZAR", "COD"), ("ROM", "ROU"), ("TMP", "TLS"), ("KSV", "XKX"), ("ADO", "AND")],
    ],
)
def test_a_country_is_found_by_its_codes_of_today_and_of_yesterday(written: str, iso3: str) -> None:
    assert NAMES.meant_by(written).iso3 == iso3


@pytest.mark.parametrize("written", ["", "the", "na", "n/a", "N/A", "#N/A", "..", "x", "ml", "999", "1234", "World"])
def test_what_says_that_nothing_is_there_is_no_country(written: str) -> None:
    assert NAMES.meant_by(written).candidates == ()


def test_a_name_is_looked_up_at_most_200_characters_long() -> None:
    assert NAMES.meant_by("the " * 49 + "Mali").iso3 == "MLI"
    assert NAMES.meant_by("the " * 50 + "Mali").iso3 is None


@pytest.mark.parametrize(
    ("written", "candidates"),
    [
        ("Congo", {"COG", "COD"}),
        ("Korea", {"KOR", "PRK"}),
        ("Serbia and Montenegro", {"SRB", "MNE"}),
        ("SCG", {"SRB", "MNE"}),
        ("Sudan (former)", {"SDN", "SSD"}),
        ("Czechoslovakia", {"CZE", "SVK"}),
        ("German Democratic Republic", {"DEU"}),
        ("Palestine/Gaza", {"PSE"}),
    ],
)
def test_a_name_that_no_one_country_answers_to_is_left_to_people(written: str, candidates: set[str]) -> None:
    meant = NAMES.meant_by(written)
    assert meant.iso3 is None
    assert set(meant.candidates) == candidates
    assert meant.reason


def test_yugoslavia_may_be_any_of_those_that_it_fell_into() -> None:
    assert len(NAMES.meant_by("Yugoslavia").candidates) == 7


def test_every_country_is_found_by_every_code_and_name_of_the_catalogue() -> None:
    for country in COUNTRIES:
        for written in (country.iso3, country.iso2, country.numeric or country.iso3, *country.names.values()):
            meant = NAMES.meant_by(written)
            assert meant.iso3 == country.iso3 or (meant.reason and country.iso3 in meant.candidates), written


def test_only_congo_is_the_name_of_a_country_and_unclear_all_the_same() -> None:
    all_names = {name for country in COUNTRIES for name in country.names.values()}
    assert {name for name in all_names if NAMES.meant_by(name).iso3 is None} == {"Congo"}


def test_every_alias_finds_its_country() -> None:
    assert len(ALIASES.names) >= 150
    for iso3, names in ALIASES.names.items():
        assert [name for name in names if NAMES.meant_by(name).iso3 != iso3] == []
        assert [code for code in ALIASES.codes[iso3] if NAMES.meant_by(code).iso3 != iso3] == []


def test_the_aliases_of_a_country_can_be_shown_and_searched() -> None:
    assert {"DRC", "Zaire", "ZAR"} <= set(NAMES.aliases_of("COD"))
    assert NAMES.aliases_of("ABW") == ()


def test_the_countries_stand_in_the_order_of_their_codes() -> None:
    assert list(ALIASES.names) == sorted(ALIASES.names)


@given(st.text(max_size=60))
def test_whatever_is_written_means_one_country_or_several_or_none(written: str) -> None:
    meant = NAMES.meant_by(written)
    assert (meant.iso3 is None) == (len(meant.candidates) != 1 or meant.reason is not None)


@given(st.sampled_from([name for names in ALIASES.names.values() for name in names]), st.randoms(use_true_random=False))
def test_neither_case_nor_the_order_of_words_nor_commas_count(name: str, chance: object) -> None:
    words = name.split()
    chance.shuffle(words)  # type: ignore[attr-defined]
    assert NAMES.meant_by(", ".join(words).upper()).candidates == NAMES.meant_by(name).candidates


def test_words_that_count_are_kept_apart_from_those_that_do_not() -> None:
    assert folded("Republic of the Congo") == folded("Congo, Republic") != folded("Republic of Dominica")


@pytest.fixture
def broken(tmp_path: Path) -> Callable[[str], CatalogueBroken]:
    def read(text: str) -> CatalogueBroken:
        shutil.copy(FOLDER / "countries.csv", tmp_path)
        (tmp_path / FILE).write_text(text, encoding="utf-8")
        with pytest.raises(CatalogueBroken) as caught:
            read_country_names(tmp_path)
        return caught.value

    return read


MALI = '[[country]]\nkey = "MLI"\nnames = ["French Sudan"]\n'
KOREA = '[[unclear]]\nkey = "Korea"\ncandidates = ["KOR", "PRK"]\nreason = "There are two."\n'


def test_the_example_that_is_broken_below_is_sound(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "countries.csv", tmp_path)
    (tmp_path / FILE).write_text(MALI + KOREA, encoding="utf-8")
    names = read_country_names(tmp_path)
    assert names.meant_by("Sudan, French").iso3 == "MLI"
    assert names.meant_by("korea").candidates == ("KOR", "PRK")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (MALI.replace("MLI", "MLX") + KOREA, 2, "is no country"),
        (MALI + MALI + KOREA, 5, "there twice"),
        (MALI.replace("French Sudan", "Niger") + KOREA, 3, "the name of NER"),
        (MALI + MALI.replace("MLI", "SDN") + KOREA, 6, "a name of MLI"),
        (MALI.replace("French Sudan", ", ,") + KOREA, 3, "is no name"),
        (MALI.replace('"French Sudan"', "7") + KOREA, 3, "is no name"),
        (MALI + 'codes = ["mal"]\n' + KOREA, 4, "three capital letters"),
        (MALI + 'codes = ["NER"]\n' + KOREA, 4, "of today"),
        (MALI + 'nicknames = ["x"]\n' + KOREA, 4, "unknown key"),
        (MALI + KOREA.replace('"PRK"', '"PRX"'), 6, "is no country"),
        (MALI + KOREA.replace('"Korea"', '"Mali"'), 4, "the name of MLI"),
        (MALI + KOREA.replace('"Korea"', '"French Sudan"'), 4, "a name of MLI"),
        (MALI + KOREA.replace('reason = "There are two."', ""), 4, "lacks the key"),
        (MALI, 1, "lacks the key"),
        (MALI + "names = [\n" + KOREA, 5, "not valid TOML"),
    ],
)
def test_a_broken_file_of_names_is_refused_with_its_line(
    broken: Callable[[str], CatalogueBroken], text: str, line: int, said: str
) -> None:
    refusal = broken(text)
    assert said in refusal.reason
    assert refusal.file == FILE
    assert refusal.line == line


def test_one_code_for_two_countries_is_refused(broken: Callable[[str], CatalogueBroken]) -> None:
    two = MALI + 'codes = ["OLD"]\n[[country]]\nkey = "NER"\nnames = ["Nigerland"]\ncodes = ["OLD"]\n' + KOREA
    assert "OLD" in broken(two).reason
