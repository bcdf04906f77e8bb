"""The built-in countries and groups say what is so in the world."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from tracker.catalogue.places import Places, read_places
from tracker.country import LANGUAGES, GroupKind, in_order

DIVISIONS = (GroupKind.UN_REGION, GroupKind.UN_SUBREGION)


@pytest.fixture(scope="module")
def places() -> Places:
    return read_places()


def names_of(places: Places, iso3: str) -> Mapping[str, str]:
    return places.by_iso3[iso3].names


def test_there_are_the_249_places_of_iso_3166_and_kosovo(places: Places) -> None:
    assert len(places.countries) == 250
    assert [country.iso3 for country in places.countries if country.numeric is None] == ["XKX"]


def test_the_united_nations_have_193_members(places: Places) -> None:
    assert sum(country.un_member for country in places.countries) == 193


@pytest.mark.parametrize("iso3", ["SSD", "TUV", "MNE", "CHE", "TLS", "LIE"])
def test_small_and_late_members_of_the_united_nations_are_members(places: Places, iso3: str) -> None:
    assert places.by_iso3[iso3].un_member


@pytest.mark.parametrize("iso3", ["XKX", "TWN", "PSE", "VAT", "ESH", "COK", "NIU", "HKG", "GRL", "ATA"])
def test_observers_territories_and_disputed_places_are_not_members(places: Places, iso3: str) -> None:
    assert not places.by_iso3[iso3].un_member


def test_namibia_keeps_its_code_na(places: Places) -> None:
    namibia = places.by_iso3["NAM"]
    assert (namibia.iso2, namibia.numeric) == ("NA", "516")


def test_leading_zeros_of_numeric_codes_survive(places: Places) -> None:
    assert places.by_iso3["AFG"].numeric == "004"


def test_names_come_in_four_languages_and_two_scripts(places: Places) -> None:
    assert dict(names_of(places, "TUR")) == {"en": "Türkiye", "fr": "Turquie", "es": "Turquía", "ar": "تركيا"}
    assert dict(names_of(places, "XKX")) == {"en": "Kosovo", "fr": "Kosovo", "es": "Kosovo", "ar": "كوسوفو"}


def test_no_two_countries_share_a_name(places: Places) -> None:
    for language in LANGUAGES:
        names = Counter(country.names[language] for country in places.countries)
        assert [name for name, count in names.items() if count > 1] == []


def test_arabic_names_are_written_in_arabic(places: Places) -> None:
    latin = [country.iso3 for country in places.countries if any("A" <= x <= "z" for x in country.names["ar"])]
    assert latin == []


def test_aland_stands_among_the_names_with_a(places: Places) -> None:
    names = [country.names["en"] for country in in_order(places.countries, "en")]
    assert names[:4] == ["Afghanistan", "Åland Islands", "Albania", "Algeria"]


@pytest.mark.parametrize("kind", [GroupKind.UN_REGION, GroupKind.UN_SUBREGION])
def test_every_place_but_antarctica_is_in_exactly_one_region_and_subregion(places: Places, kind: GroupKind) -> None:
    times = Counter(member for group in places.groups if group.kind is kind for member in group.members)
    assert {country.iso3 for country in places.countries} - set(times) == {"ATA"}
    assert set(times.values()) == {1}


def test_every_subregion_lies_within_one_region(places: Places) -> None:
    regions = [group.members for group in places.groups if group.kind is GroupKind.UN_REGION]
    for group in places.groups:
        if group.kind is GroupKind.UN_SUBREGION:
            assert [set(group.members) <= set(region) for region in regions].count(True) == 1, group.key


@pytest.mark.parametrize(
    ("iso3", "region", "subregion"),
    [
        ("NAM", "africa", "southern_africa"),
        ("SSD", "africa", "eastern_africa"),
        ("SDN", "africa", "northern_africa"),
        ("MEX", "americas", "central_america"),
        ("TUR", "asia", "western_asia"),
        ("CYP", "asia", "western_asia"),
        ("RUS", "europe", "eastern_europe"),
        ("JEY", "europe", "northern_europe"),
        ("XKX", "europe", "southern_europe"),
        ("TWN", "asia", "eastern_asia"),
        ("TLS", "asia", "south_eastern_asia"),
        ("TUV", "oceania", "polynesia"),
    ],
)
def test_a_country_has_its_region_and_subregion(places: Places, iso3: str, region: str, subregion: str) -> None:
    divisions = [group.key for group in places.groups if iso3 in group.members and group.kind in DIVISIONS]
    assert divisions == [region, subregion]


def test_antarctica_has_no_region(places: Places) -> None:
    assert not any("ATA" in group.members for group in places.groups if group.kind in DIVISIONS)


@pytest.mark.parametrize(("key", "missing"), [("southern_europe", "XKX"), ("eastern_asia", "TWN")])
def test_a_placing_that_the_united_nations_do_not_make_is_explained(places: Places, key: str, missing: str) -> None:
    note = places.by_key[key].note
    assert note is not None
    assert missing in note
    assert "no statement on its status" in note


@pytest.mark.parametrize(
    ("key", "count"),
    [
        ("african_union", 55),
        ("ecowas", 12),
        ("igad", 7),
        ("sadc", 16),
        ("eccas", 11),
        ("eac", 8),
        ("league_of_arab_states", 22),
        ("european_union", 27),
        ("council_of_europe", 46),
        ("osce", 57),
        ("oas", 34),
        ("asean", 11),
        ("pacific_islands_forum", 18),
    ],
)
def test_an_organisation_has_as_many_members_as_it_says(places: Places, key: str, count: int) -> None:
    assert places.by_key[key].kind is GroupKind.ORGANISATION
    assert len(places.by_key[key].members) == count


@pytest.mark.parametrize(
    ("key", "left"),
    [
        ("ecowas", "MLI"),
        ("ecowas", "BFA"),
        ("ecowas", "NER"),
        ("igad", "ERI"),
        ("european_union", "GBR"),
        ("council_of_europe", "RUS"),
        ("oas", "NIC"),
        ("pacific_islands_forum", "TKL"),
    ],
)
def test_who_left_or_never_was_a_full_member_is_not_listed(places: Places, key: str, left: str) -> None:
    assert left not in places.by_key[key].members


@pytest.mark.parametrize(
    ("key", "member"),
    [
        ("african_union", "ESH"),
        ("african_union", "MAR"),
        ("african_union", "MLI"),
        ("ecowas", "GNB"),
        ("eccas", "RWA"),
        ("league_of_arab_states", "SYR"),
        ("league_of_arab_states", "PSE"),
        ("osce", "RUS"),
        ("osce", "MNG"),
        ("oas", "VEN"),
        ("oas", "CUB"),
        ("asean", "TLS"),
        ("asean", "MMR"),
        ("pacific_islands_forum", "NCL"),
    ],
)
def test_who_is_suspended_disputed_or_new_is_listed_all_the_same(places: Places, key: str, member: str) -> None:
    assert member in places.by_key[key].members


@pytest.mark.parametrize(
    ("key", "named"),
    [("ecowas", "Mali"), ("oas", "Venezuela"), ("eccas", "Rwanda"), ("igad", "Eritrea"), ("oas", "Nicaragua")],
)
def test_a_doubtful_membership_is_explained(places: Places, key: str, named: str) -> None:
    assert named in (places.by_key[key].note or "")


def test_every_group_names_its_source_its_address_and_its_day(places: Places) -> None:
    for group in places.groups:
        assert group.source, group.key
        assert group.address.startswith("https://"), group.key
        assert group.as_of > date(2010, 1, 1), group.key


def test_every_group_has_a_name_in_each_language(places: Places) -> None:
    for group in places.groups:
        assert tuple(group.names) == LANGUAGES, group.key


def test_every_african_country_of_the_united_nations_is_in_the_african_union(places: Places) -> None:
    members = set(places.by_key["african_union"].members)
    africa = {iso3 for iso3 in places.by_key["africa"].members if places.by_iso3[iso3].un_member}
    assert members - africa == {"ESH"}
    assert africa - members == set()


def test_kenya_belongs_to_its_region_and_to_three_organisations(places: Places) -> None:
    keys = [group.key for group in places.groups if "KEN" in group.members]
    assert keys == ["africa", "eastern_africa", "african_union", "igad", "eac"]


def test_the_same_places_have_the_same_fingerprint(places: Places) -> None:
    assert places.fingerprint() == read_places().fingerprint()


def test_a_changed_membership_changes_the_fingerprint(places: Places) -> None:
    changed = replace(places.groups[0], members=places.groups[0].members[1:])
    assert Places(places.countries, (changed, *places.groups[1:])).fingerprint() != places.fingerprint()


def test_a_changed_name_changes_the_fingerprint(places: Places) -> None:
    names = MappingProxyType({**places.countries[0].names, "ar": "?"})
    changed = replace(places.countries[0], names=names)
    assert Places((changed, *places.countries[1:]), places.groups).fingerprint() != places.fingerprint()


def test_the_places_can_be_written_as_plain_values(places: Places) -> None:
    plain = places.as_plain()
    assert plain["countries"][0] == {
        "iso3": "ABW",
        "iso2": "AW",
        "numeric": "533",
        "names": {"en": "Aruba", "fr": "Aruba", "es": "Aruba", "ar": "أروبا"},
        "un_member": False,
    }
    assert plain["groups"][0]["key"] == "africa"
    assert plain["groups"][0]["as_of"] == "2021-12-31"
