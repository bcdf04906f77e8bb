"""Reads countries.csv, or refuses it with the file, the line, the reason and what to do.

Written with the csv module and nothing cleverer: a reader that guesses takes Namibia's "NA" for a missing value.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import MappingProxyType

from tracker.catalogue.broken import CatalogueBroken
from tracker.country import LANGUAGES, Country

COLUMNS = ("iso3", "iso2", "numeric", "un_member", *LANGUAGES)
YES_OR_NO = {"yes": True, "no": False}

_CODES = {
    "iso3": (re.compile(r"[A-Z]{3}"), "three capital letters"),
    "iso2": (re.compile(r"[A-Z]{2}"), "two capital letters"),
    "numeric": (re.compile(r"([0-9]{3})?"), "three digits, or nothing where ISO gives no number"),
}


def read_countries(file: Path) -> tuple[Country, ...]:
    """Every row of the file as a country, in its order; one bad row refuses the whole file."""
    seen: dict[str, dict[str, int]] = {column: {} for column in _CODES}
    countries = []
    for line, row in _rows(file):
        refuse = _refusal(file, line)
        for column in _CODES:
            _check_code(column, row[column], refuse)
            _check_first_use(column, row[column], line, seen[column], refuse)
        countries.append(_country(row, refuse))
    if not countries:
        raise CatalogueBroken(file.name, 1, "no country is in this file; put its rows back.")
    return tuple(countries)


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(_text_of(file), newline=""), strict=True)
    try:
        _check_columns(next(reader, []), _refusal(file, 1))
        for cells in reader:
            refuse = _refusal(file, reader.line_num)
            if len(cells) != len(COLUMNS):
                raise refuse(f"there are {len(cells)} cells; give {len(COLUMNS)}, one for each column.")
            yield reader.line_num, dict(zip(COLUMNS, cells, strict=True))
    except csv.Error as error:
        raise CatalogueBroken(file.name, reader.line_num, f"this is not CSV ({error}); correct it.") from error


def _text_of(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise CatalogueBroken(file.name, 1, "the file is missing; put it back.") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise CatalogueBroken(file.name, line, "this is not UTF-8 text; save the file as UTF-8.") from None


def _check_columns(header: list[str], refuse: Callable[[str], CatalogueBroken]) -> None:
    for name in header:
        if name not in COLUMNS:
            raise refuse(f"the column “{name}” is unknown; use only {', '.join(COLUMNS)}.")
    if tuple(header) != COLUMNS:
        raise refuse(f"a column is missing, doubled or moved; write {','.join(COLUMNS)}.")


def _check_code(column: str, code: str, refuse: Callable[[str], CatalogueBroken]) -> None:
    form, words = _CODES[column]
    if not form.fullmatch(code):
        raise refuse(f"{column} “{code}” is not a code; write {words}.")


def _check_first_use(
    column: str, code: str, line: int, first_seen: dict[str, int], refuse: Callable[[str], CatalogueBroken]
) -> None:
    if code and first_seen.setdefault(code, line) != line:
        raise refuse(f"{column} “{code}” is on line {first_seen[code]} already; remove one of the two.")


def _country(row: dict[str, str], refuse: Callable[[str], CatalogueBroken]) -> Country:
    for language in LANGUAGES:
        if not row[language].strip():
            raise refuse(f"{row['iso3']} has no name in “{language}”; add it.")
    if row["un_member"] not in YES_OR_NO:
        raise refuse(f"un_member is “{row['un_member']}”; write yes or no.")
    return Country(
        iso3=row["iso3"],
        iso2=row["iso2"],
        numeric=row["numeric"] or None,
        names=MappingProxyType({language: row[language] for language in LANGUAGES}),
        un_member=YES_OR_NO[row["un_member"]],
    )


def _refusal(file: Path, line: int) -> Callable[[str], CatalogueBroken]:
    return lambda reason: CatalogueBroken(file.name, line, reason)
