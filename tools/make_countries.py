"""Writes tracker/catalogue/countries.csv: every country and area of ISO 3166-1, and Kosovo.

Codes come from ISO 3166-1 as pycountry carries it, names from Unicode CLDR as Babel carries it. pycountry is not needed
to run the tracker, so it is not among its requirements:

    python3 -m venv /tmp/countries && /tmp/countries/bin/pip install pycountry Babel
    /tmp/countries/bin/python -m tools.make_countries

Run it from the top of the repository; then read the difference before committing it. Last run with pycountry 26.2.16
and Babel 2.18.0.
"""

import csv
import importlib
import sys
from pathlib import Path
from typing import Any

from babel import Locale

from tracker.country import LANGUAGES

TARGET = Path(__file__).resolve().parent.parent / "tracker" / "catalogue" / "countries.csv"
EXPECTED_UN_MEMBERS = 193

# Not in ISO 3166-1: XK and XKX are user-assigned codes, used for Kosovo by the European Union and the World Bank.
KOSOVO = ("XKX", "XK", "")

# Listing who is not a member keeps the list short; the count below catches a new ISO entry that belongs in it.
NOT_UN_MEMBERS = """
ABW AIA ALA ASM ATA ATF BES BLM BMU BVT CCK COK CUW CXR CYM ESH FLK FRO GGY GIB GLP GRL GUF GUM HKG HMD IMN IOT JEY
MAC MAF MNP MSR MTQ MYT NCL NFK NIU PCN PRI PSE PYF REU SGS SHN SJM SPM SXM TCA TKL TWN UMI VAT VGB VIR WLF XKX
"""


def main() -> None:
    rows = [row_of(*codes) for codes in sorted([*iso_codes(), KOSOVO])]
    members = sum(row["un_member"] == "yes" for row in rows)
    if members != EXPECTED_UN_MEMBERS:
        sys.exit(f"{members} UN members instead of {EXPECTED_UN_MEMBERS}: bring NOT_UN_MEMBERS up to date first.")
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(rows)} countries and areas, {members} of them UN members, written to {TARGET}")


def iso_codes() -> list[tuple[str, str, str]]:
    # Imported by name: type checking must not need a package that the tracker does without.
    pycountry: Any = importlib.import_module("pycountry")
    return [(entry.alpha_3, entry.alpha_2, entry.numeric) for entry in pycountry.countries]


def row_of(iso3: str, iso2: str, numeric: str) -> dict[str, str]:
    member = "no" if iso3 in NOT_UN_MEMBERS.split() else "yes"
    names = {language: Locale.parse(language).territories[iso2] for language in LANGUAGES}
    return {"iso3": iso3, "iso2": iso2, "numeric": numeric, "un_member": member, **names}


if __name__ == "__main__":
    main()
