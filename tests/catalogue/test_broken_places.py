"""A broken file of countries or groups is refused with its name, the line, the reason and what to do."""

from pathlib import Path

import pytest

from tracker.catalogue.broken import CatalogueBroken
from tracker.catalogue.places import read_places

HEADER = "iso3,iso2,numeric,un_member,en,fr,es,ar"
NAMIBIA = "NAM,NA,516,yes,Namibia,Namibie,Namibia,ناميبيا"
KOSOVO = "XKX,XK,,no,Kosovo,Kosovo,Kosovo,كوسوفو"

AFRICA = """\
[[group]]
key = "africa"
kind = "un_region"
source = "United Nations"
address = "https://unstats.un.org"
as_of = 2021-12-31
members = ["NAM"]
[group.names]
en = "Africa"
fr = "Afrique"
es = "África"
ar = "أفريقيا"
"""


def broken(folder: Path, countries: str | bytes | None = None, groups: str = AFRICA) -> CatalogueBroken:
    text = "\n".join([HEADER, NAMIBIA, KOSOVO]) if countries is None else countries
    content = text if isinstance(text, bytes) else text.encode()
    (folder / "countries.csv").write_bytes(content)
    (folder / "groups.toml").write_text(groups, encoding="utf-8")
    with pytest.raises(CatalogueBroken) as caught:
        read_places(folder)
    return caught.value


def test_files_without_a_fault_are_accepted(tmp_path: Path) -> None:
    (tmp_path / "countries.csv").write_text("\n".join([HEADER, NAMIBIA, KOSOVO]), encoding="utf-8")
    (tmp_path / "groups.toml").write_text(AFRICA, encoding="utf-8")
    places = read_places(tmp_path)
    assert [country.iso3 for country in places.countries] == ["NAM", "XKX"]
    assert [group.note for group in places.groups] == [None]


def test_a_note_may_run_over_several_lines(tmp_path: Path) -> None:
    (tmp_path / "countries.csv").write_text("\n".join([HEADER, NAMIBIA]), encoding="utf-8")
    noted = AFRICA.replace("[group.names]", 'note = """\nTwo\nlines."""\n[group.names]')
    (tmp_path / "groups.toml").write_text(noted, encoding="utf-8")
    assert read_places(tmp_path).groups[0].note == "Two lines."


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Nam,NB,517,yes,N,N,N,N", "iso3 “Nam” is not a code; write three capital letters."),
        ("NAMI,NB,517,yes,N,N,N,N", "iso3 “NAMI” is not a code; write three capital letters."),
        ("NAB,,517,yes,N,N,N,N", "iso2 “” is not a code; write two capital letters."),
        ("NAB,NB,51,yes,N,N,N,N", "numeric “51” is not a code; write three digits, or nothing where ISO"),
        ("NAM,NB,517,yes,N,N,N,N", "iso3 “NAM” is on line 2 already; remove one of the two."),
        ("NAB,NA,517,yes,N,N,N,N", "iso2 “NA” is on line 2 already; remove one of the two."),
        ("NAB,NB,516,yes,N,N,N,N", "numeric “516” is on line 2 already; remove one of the two."),
        ("NAB,NB,517,yes,N,N,N, ", "NAB has no name in “ar”; add it."),
        ("NAB,NB,517,yes,,N,N,N", "NAB has no name in “en”; add it."),
        ("NAB,NB,517,true,N,N,N,N", "un_member is “true”; write yes or no."),
        ("NAB,NB,517,,N,N,N,N", "un_member is “”; write yes or no."),
        ("NAB,NB,517,yes,N,N,N", "there are 7 cells; give 8, one for each column."),
        ("NAB,NB,517,yes,N,N,N,N,N", "there are 9 cells; give 8, one for each column."),
        ("", "there are 0 cells; give 8, one for each column."),
        ('NAB,NB,517,yes,"N,N,N,N', "this is not CSV"),
    ],
)
def test_a_faulty_row_of_countries_is_refused_with_its_line(tmp_path: Path, row: str, reason: str) -> None:
    error = broken(tmp_path, countries="\n".join([HEADER, NAMIBIA, KOSOVO, row, ""]))
    assert (error.file, error.line) == ("countries.csv", 4)
    assert error.reason.startswith(reason)
    assert str(error) == f"countries.csv, line 4: {error.reason}"


def test_two_countries_without_a_number_do_not_share_one(tmp_path: Path) -> None:
    (tmp_path / "countries.csv").write_text(
        "\n".join([HEADER, NAMIBIA, KOSOVO, KOSOVO.replace("XK", "XZ")]), encoding="utf-8"
    )
    (tmp_path / "groups.toml").write_text(AFRICA, encoding="utf-8")
    assert [country.numeric for country in read_places(tmp_path).countries] == ["516", None, None]


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (f"{HEADER},population", "the column “population” is unknown; use only iso3, iso2, numeric,"),
        (f"\ufeff{HEADER}", "the column “\ufeffiso3” is unknown; use only iso3,"),
        ("iso3,iso2,numeric,un_member,en,fr,es", "a column is missing, doubled or moved; write iso3,iso2,"),
        ("iso3,iso2,numeric,un_member,en,fr,ar,es", "a column is missing, doubled or moved; write iso3,iso2,"),
        (f"{HEADER},ar", "a column is missing, doubled or moved; write iso3,iso2,"),
        ("", "a column is missing, doubled or moved; write iso3,iso2,"),
    ],
)
def test_other_columns_than_ours_are_refused(tmp_path: Path, header: str, reason: str) -> None:
    error = broken(tmp_path, countries=f"{header}\n{NAMIBIA}\n")
    assert (error.file, error.line) == ("countries.csv", 1)
    assert error.reason.startswith(reason)


def test_a_file_without_countries_is_refused(tmp_path: Path) -> None:
    error = broken(tmp_path, countries=f"{HEADER}\n")
    assert str(error) == "countries.csv, line 1: no country is in this file; put its rows back."


def test_countries_in_another_encoding_are_refused_at_the_line(tmp_path: Path) -> None:
    error = broken(tmp_path, countries=f"{HEADER}\n{KOSOVO}\n".encode() + "TUR,TR,792,yes,Türkiye".encode("cp1252"))
    assert str(error) == "countries.csv, line 3: this is not UTF-8 text; save the file as UTF-8."


def test_missing_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueBroken, match=r"^countries.csv, line 1: the file is missing; put it back.$"):
        read_places(tmp_path)
    (tmp_path / "countries.csv").write_text(f"{HEADER}\n{NAMIBIA}", encoding="utf-8")
    with pytest.raises(CatalogueBroken, match=r"^groups.toml, line 1: the file is missing; put it back.$"):
        read_places(tmp_path)


@pytest.mark.parametrize(
    ("written", "instead", "line", "reason"),
    [
        ('key = "africa"', 'key = "Africa"', 2, "“Africa” is no key; use only the letters a-z and underscores."),
        ('kind = "un_region"', 'kind = "alliance"', 3, "“alliance” is an unknown kind; use one of un_region, un"),
        ('source = "United Nations"', 'source = " "', 4, "“source” is empty; write it out."),
        ('source = "United Nations"\n', "", 1, "group “africa” lacks the key “source”; add it."),
        ('address = "https://unstats', 'address = "unstats', 5, "“unstats.un.org” is no address; write the whole"),
        ("as_of = 2021-12-31\n", "", 1, "group “africa” lacks the key “as_of”; add it."),
        ("as_of = 2021-12-31", 'as_of = "2021"', 6, "“as_of” is no day; write it as 2025-01-29, without"),
        ("as_of = 2021-12-31", "as_of = 2021-12-31T10:00:00", 6, "“as_of” is no day; write it as 2025-01-29,"),
        ('["NAM"]', '["NAM", "ZZZ"]', 7, "member “ZZZ” is no country of countries.csv; correct the code."),
        ('["NAM"]', '["NAM", 516]', 7, "member “516” is no country of countries.csv; correct the code."),
        ('["NAM"]', '["NAM", ["XKX"]]', 7, "member “['XKX']” is no country of countries.csv; correct"),
        ('["NAM"]', '["NAM", "XKX", "NAM"]', 7, "member “NAM” is listed twice; remove one of the two."),
        ('["NAM"]', "[]", 7, "“members” is an empty list; give at least one entry."),
        ('["NAM"]', '"NAM"', 7, "“members” must be a list; put it in square brackets."),
        ('ar = "أفريقيا"\n', "", 8, "the names of group “africa” lacks the key “ar”; add it."),
        ('fr = "Afrique"', 'fr = ""', 10, "“fr” is empty; write it out."),
        ('fr = "Afrique"', 'pt = "África"', 10, "the names of group “africa” has the unknown key “pt”; use only"),
        ("[group.names]", "[group.labels]", 8, "group “africa” has the unknown key “labels”; use only key, kind"),
        ("[group.names]", "[other]", 8, "the file has the unknown key “other”; use only group."),
        ("as_of = 2021-12-31", "as_of = yesterday", 6, "this is not valid TOML (Invalid value (at line 6"),
    ],
)
def test_a_faulty_group_is_refused_with_its_line(
    tmp_path: Path, written: str, instead: str, line: int, reason: str
) -> None:
    assert written in AFRICA
    error = broken(tmp_path, groups=AFRICA.replace(written, instead))
    assert error.reason.startswith(reason)
    assert (error.file, error.line) == ("groups.toml", line)


def test_names_that_are_no_table_are_refused(tmp_path: Path) -> None:
    error = broken(tmp_path, groups=AFRICA.split("[group.names]")[0] + 'names = "Africa"\n')
    assert str(error) == "groups.toml, line 8: “names” must be a table; head it with [group.names]."


def test_a_key_used_twice_is_refused_where_it_comes_again(tmp_path: Path) -> None:
    error = broken(tmp_path, groups=AFRICA + AFRICA.replace("un_region", "organisation"))
    assert str(error) == "groups.toml, line 14: the key “africa” is used twice; give one of the two another."


def test_a_country_in_two_regions_is_refused(tmp_path: Path) -> None:
    error = broken(tmp_path, groups=AFRICA + AFRICA.replace('"africa"', '"asia"'))
    assert (error.file, error.line) == ("groups.toml", 19)
    assert error.reason == "NAM is in “africa” too, and both are a un_region; remove it from one."


def test_a_country_may_be_in_two_organisations(tmp_path: Path) -> None:
    (tmp_path / "countries.csv").write_text(f"{HEADER}\n{NAMIBIA}", encoding="utf-8")
    union = AFRICA.replace("un_region", "organisation")
    community = union.replace('"africa"', '"sadc"')
    (tmp_path / "groups.toml").write_text(union + community, encoding="utf-8")
    assert [group.key for group in read_places(tmp_path).groups if "NAM" in group.members] == ["africa", "sadc"]
