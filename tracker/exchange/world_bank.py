"""Reads the bundled Worldwide Governance Indicators of the World Bank.

They are estimates from about -2.5 (worst) to 2.5 (best) for a calendar year, each with its standard error. Source,
licence and what was changed: bundled/README.md.
"""

import csv
import gzip
import hashlib
import math
import re
import zlib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from tracker.exchange.published import PublishedFileBroken, PublishedValue

BUNDLED = Path(__file__).resolve().parent / "bundled" / "wgi_1996_2023.csv.gz"

# The World Bank's short names, as they head the columns of the file, and the indicators of the catalogue they feed.
INDICATORS = {
    "cc": "wgi_control_of_corruption",
    "ge": "wgi_government_effectiveness",
    "pv": "wgi_political_stability",
    "rl": "wgi_rule_of_law",
    "rq": "wgi_regulatory_quality",
    "va": "wgi_voice_and_accountability",
}
COLUMNS = ("iso3", "year", *(column for name in INDICATORS for column in (name, f"{name}_se")))


def read_governance_indicators(file: Path = BUNDLED) -> Iterator[PublishedValue]:
    """Every value in the file, by country, then year; a value that was not published is left out, never zero.

    An estimate speaks of a whole year, so it is observed on its last day.
    """
    with gzip.open(file, "rt", encoding="utf-8", newline="") as text:
        reader = csv.reader(text, strict=True)
        try:
            _check_columns(file, next(reader, []))
            for cells in reader:
                yield from _values(file, reader.line_num, cells)
        except (csv.Error, UnicodeDecodeError, EOFError, OSError, zlib.error) as error:
            reason = f"this is no gzipped CSV in UTF-8 ({error}); put the original file back."
            raise PublishedFileBroken(file.name, reader.line_num + 1, reason) from error


def fingerprint(file: Path = BUNDLED) -> str:
    """SHA-256 of the file, which tells one edition from another."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _check_columns(file: Path, header: Sequence[str]) -> None:
    if tuple(header) != COLUMNS:
        raise PublishedFileBroken(file.name, 1, f"the columns differ; they must be {','.join(COLUMNS)}.")


def _values(file: Path, line: int, cells: Sequence[str]) -> Iterator[PublishedValue]:
    if len(cells) != len(COLUMNS):
        reason = f"there are {len(cells)} cells; there must be {len(COLUMNS)}, one for each column."
        raise PublishedFileBroken(file.name, line, reason)
    row = dict(zip(COLUMNS, cells, strict=True))
    if not re.fullmatch(r"[A-Z]{3}", row["iso3"]) or not re.fullmatch(r"[12][0-9]{3}", row["year"]):
        reason = f"“{row['iso3']}, {row['year']}” is no country code and year; put the original file back."
        raise PublishedFileBroken(file.name, line, reason)
    for name, indicator in INDICATORS.items():
        value = _number(file, line, name, row[name])
        standard_error = _number(file, line, f"{name}_se", row[f"{name}_se"])
        if value is not None:
            year_end = date(int(row["year"]), 12, 31)
            yield PublishedValue(row["iso3"], indicator, year_end, value, standard_error)


def _number(file: Path, line: int, column: str, text: str) -> float | None:
    """The number; None for an empty cell, where nothing was published."""
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        reason = f"{column} “{text}” is no number; put the original file back."
        raise PublishedFileBroken(file.name, line, reason)
    return number
