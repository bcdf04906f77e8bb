"""Reads country_names.toml, or refuses it with the file, the line, the reason and what to do.

A name that stands for two countries would silently give one country's figures to the other, so each name may be there
once, whatever its spelling.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from tracker.catalogue.countries import read_countries
from tracker.catalogue.located import Table, read_tables
from tracker.country import Country
from tracker.naming import Aliases, CountryNames, Unclear, folded

FOLDER = Path(__file__).resolve().parent
FILE = "country_names.toml"

_CODE = re.compile(r"[A-Z]{3}")

# folded name or code -> what it is already, and where
_Taken = dict[tuple[str, ...], tuple[str, str]]


def read_country_names(folder: Path | None = None) -> CountryNames:
    """The names of that folder, or else the built-in ones; a broken file raises CatalogueBroken."""
    folder = folder or FOLDER
    countries = read_countries(folder / "countries.csv")
    return CountryNames(countries, read_aliases(folder / FILE, countries))


@cache
def aliases() -> Aliases:
    """The built-in ones; the file is part of the product and does not change while it runs."""
    return read_aliases(FOLDER / FILE, read_countries(FOLDER / "countries.csv"))


def read_aliases(file: Path, countries: Iterable[Country]) -> Aliases:
    """Each name and each code must be free: of no other country, and there only once."""
    by_iso3 = {country.iso3: country for country in countries}
    taken = _names_of_the_catalogue(by_iso3.values())
    names: dict[str, tuple[str, ...]] = {}
    codes: dict[str, tuple[str, ...]] = {}
    unclear: list[Unclear] = []
    for table in read_tables(file, file.name, single=(), repeated=("country", "unclear")):
        if table.name == "unclear":
            unclear.append(_unclear(table, by_iso3, taken))
            continue
        iso3 = _country(table, by_iso3, names)
        names[iso3] = _names(table, iso3, taken)
        codes[iso3] = _codes(table, by_iso3) if "codes" in table.values else ()
    _check_codes_differ(table, codes)
    return Aliases(names, codes, tuple(unclear))


def _names_of_the_catalogue(countries: Iterable[Country]) -> _Taken:
    return {
        folded(name): (country.iso3, f"the name of {country.iso3} in countries.csv")
        for country in countries
        for name in country.names.values()
    }


def _country(table: Table, countries: Mapping[str, Country], before: Mapping[str, object]) -> str:
    table.require(("key", "names"), optional=("codes",))
    iso3 = table.text("key")
    if iso3 not in countries:
        raise table.broken(f"“{iso3}” is no country of countries.csv; correct the code.", "key")
    if iso3 in before:
        raise table.broken(f"{iso3} is there twice; put its names together.", "key")
    return iso3


def _names(table: Table, iso3: str, taken: _Taken) -> tuple[str, ...]:
    names = tuple(_word(table, "names", name) for name in table.entries("names"))
    for name in names:
        owner, where = taken.setdefault(folded(name), (iso3, f"a name of {iso3}"))
        if owner != iso3:
            raise table.broken(f"“{name}” is already {where}; put it under [[unclear]].", "names")
    return names


def _codes(table: Table, countries: Mapping[str, Country]) -> tuple[str, ...]:
    codes = tuple(_word(table, "codes", code) for code in table.entries("codes"))
    for code in codes:
        if not _CODE.fullmatch(code):
            raise table.broken(f"“{code}” is no code; write three capital letters.", "codes")
        if code in countries:
            raise table.broken(f"“{code}” is the code of a country of today; remove it.", "codes")
    return codes


def _check_codes_differ(table: Table, codes: Mapping[str, tuple[str, ...]]) -> None:
    seen: dict[str, str] = {}
    for iso3, its_codes in codes.items():
        for code in its_codes:
            if seen.setdefault(code, iso3) != iso3:
                raise table.broken(f"the code “{code}” stands under {seen[code]} and {iso3}; remove one of the two.")


def _unclear(table: Table, countries: Mapping[str, Country], taken: _Taken) -> Unclear:
    table.require(("key", "candidates", "reason"), optional=("names",))
    given = table.entries("names") if "names" in table.values else []
    names = (table.text("key"), *(_word(table, "names", name) for name in given))
    candidates = tuple(_word(table, "candidates", candidate) for candidate in table.entries("candidates"))
    for candidate in candidates:
        if candidate not in countries:
            raise table.broken(f"“{candidate}” is no country of countries.csv; correct the code.", "candidates")
    for name in names:
        _check_is_free(table, name, candidates, taken)
    return Unclear(names, candidates, table.text("reason"))


def _check_is_free(table: Table, name: str, candidates: tuple[str, ...], taken: _Taken) -> None:
    """A language may give one of the candidates this name; an alias, or another country's name, may not be unclear."""
    owner, where = taken.setdefault(folded(name), ("unclear", "under [[unclear]]"))
    if owner == "unclear" or (owner in candidates and where.endswith("countries.csv")):
        return
    raise table.broken(f"“{name}” is already {where}; remove one of the two.", "names")


def _word(table: Table, key: str, value: object) -> str:
    if not isinstance(value, str) or not folded(value):
        raise table.broken(f"{value!r} in “{key}” is no name; write words in quotation marks.", key)
    return value
