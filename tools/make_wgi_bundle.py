"""Writes tracker/exchange/bundled/wgi_1996_2023.csv.gz from a long table of the Worldwide Governance Indicators.

    .venv/bin/python -m tools.make_wgi_bundle SOURCE

SOURCE is a gzipped CSV with the columns iso3,year,variable,value, where a variable is wgi_ and one of cc, ge, pv, rl,
rq, va, alone for the estimate, with _se for its standard error or with _pctrank for its percentile rank. Run it from
the top of the repository.

Estimates and standard errors are copied digit by digit; percentile ranks are left out. Codes that are no country of
countries.csv are left out too, and named: who inherits the values of a country that is no more is not ours to say.
The same source always gives the same bytes.
"""

import csv
import gzip
import io
import sys
from collections import Counter
from collections.abc import Collection
from pathlib import Path

from tracker.catalogue.places import read_places
from tracker.exchange.world_bank import BUNDLED, COLUMNS

LEFT_OUT = "_pctrank"

Rows = dict[tuple[str, str], dict[str, str]]


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("Say which file to read: python -m tools.make_wgi_bundle SOURCE")
    rows, unknown = read_long(Path(sys.argv[1]), known=read_places().by_iso3.keys())
    BUNDLED.write_bytes(packed(rows))
    for iso3, count in sorted(unknown.items()):
        print(f"left out: {iso3}, no country of countries.csv, {count} values")
    cells = sum(len(row) for row in rows.values())
    print(f"{len(rows)} rows with {cells} values, {BUNDLED.stat().st_size} bytes, written to {BUNDLED}")


def read_long(source: Path, known: Collection[str]) -> tuple[Rows, Counter[str]]:
    """Wide rows by country and year, and how many values were left out of each unknown country."""
    rows: Rows = {}
    unknown: Counter[str] = Counter()
    with gzip.open(source, "rt", encoding="utf-8", newline="") as text:
        for line in csv.DictReader(text):
            column = line["variable"].removeprefix("wgi_")
            if column.endswith(LEFT_OUT):
                continue
            if column not in COLUMNS:
                sys.exit(f"unknown variable {line['variable']!r}: this is not the table this script was made for.")
            if line["iso3"] not in known:
                unknown[line["iso3"]] += 1
                continue
            row = rows.setdefault((line["iso3"], line["year"]), {})
            if column in row:
                sys.exit(f"{line['iso3']} {line['year']} has two values of {column}: correct the source.")
            row[column] = line["value"]
    return rows, unknown


def packed(rows: Rows) -> bytes:
    """The rows as gzipped CSV, by country and year, without a time or a name in the gzip header."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for (iso3, year), row in sorted(rows.items()):
        writer.writerow({"iso3": iso3, "year": year, **row})
    target = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=target, mode="wb", compresslevel=9, mtime=0) as file:
        file.write(text.getvalue().encode())
    return target.getvalue()


if __name__ == "__main__":
    main()
