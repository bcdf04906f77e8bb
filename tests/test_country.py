"""Names and the order in which readers look for them."""

from datetime import date

import pytest

from tracker.country import Country, Group, GroupKind, in_order, name_in, sort_key


def country(iso3: str = "CIV", iso2: str = "CI", **names: str) -> Country:
    return Country(iso3, iso2, numeric="384", names={"en": "Côte d’Ivoire", **names}, un_member=True)


def test_a_country_is_called_by_its_name_in_the_readers_language() -> None:
    assert name_in(country(ar="ساحل العاج"), "ar") == "ساحل العاج"


@pytest.mark.parametrize("language", ["fr-CA", "fr_CA", "FR"])
def test_a_regional_language_gets_the_name_of_its_language(language: str) -> None:
    assert name_in(country(fr="Nom français"), language) == "Nom français"


@pytest.mark.parametrize("language", ["pt", "", "frr"])
def test_a_language_without_a_name_gets_the_english_one(language: str) -> None:
    assert name_in(country(fr="Nom français"), language) == "Côte d’Ivoire"


def test_an_empty_name_counts_as_none() -> None:
    assert name_in(country(fr=""), "fr") == "Côte d’Ivoire"


def test_a_group_is_called_by_its_name_in_the_readers_language() -> None:
    names = {"en": "European Union", "fr": "Union européenne"}
    group = Group("eu", GroupKind.ORGANISATION, names, ("FRA",), "EU", "https://eu.int", date(2020, 2, 1), None)
    assert name_in(group, "fr") == "Union européenne"


@pytest.mark.parametrize(
    ("before", "name", "after"),
    [
        ("Afghanistan", "Åland Islands", "Albania"),
        ("Costa Rica", "Côte d’Ivoire", "Croatia"),
        ("Tunisia", "Türkiye", "Turkmenistan"),
        ("Cuba", "Curaçao", "Cyprus"),
        ("Estonie", "États-Unis", "Éthiopie"),
        ("Oman", "Østland", "Pakistan"),
        ("أذربيجان", "الأردن", "آيسلندا"),
    ],
)
def test_an_accent_does_not_move_a_name_to_the_end_of_the_list(before: str, name: str, after: str) -> None:
    assert sorted([after, name, before], key=sort_key) == [before, name, after]


@pytest.mark.parametrize("written", ["Cote d'Ivoire", "CÔTE D’IVOIRE", "Co\u0302te dIvoire"])
def test_case_accents_and_apostrophes_do_not_count(written: str) -> None:
    assert sort_key(written)[0] == sort_key("Côte d’Ivoire")[0]


def test_a_name_comes_before_the_longer_one_that_begins_with_it() -> None:
    names = ["Guinea-Bissau", "Guinea", "Dominican Republic", "Dominica"]
    assert sorted(names, key=sort_key) == ["Dominica", "Dominican Republic", "Guinea", "Guinea-Bissau"]


def test_names_that_differ_only_in_accents_still_have_an_order() -> None:
    assert sort_key("Peru") != sort_key("Perú")


def test_the_same_countries_stand_in_another_order_in_another_language() -> None:
    germany = country("DEU", "DE", en="Germany", es="Alemania")
    france = country("FRA", "FR", en="France", es="Francia")
    assert in_order([germany, france], "en") == [france, germany]
    assert in_order([germany, france], "es") == [germany, france]


def test_countries_of_one_name_stand_in_the_order_of_their_codes() -> None:
    second, first = country("BBB", "BB", en="Congo"), country("AAA", "AA", en="Congo")
    assert in_order([second, first], "en") == [first, second]
