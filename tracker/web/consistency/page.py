"""Who was not treated alike? What was asked for in the address, and what answers it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.access import Principal
from tracker.consistency import Apart, Unlike, standing_apart
from tracker.exchange.sheets import Cell
from tracker.storage.base import Session
from tracker.storage.models import Country
from tracker.web.clock import now
from tracker.web.consistency.material import Material, material_of
from tracker.web.consistency.telling import Told, told
from tracker.web.country_choice import Wanted, chosen_countries
from tracker.web.csv_file import sheet
from tracker.web.frame import frame
from tracker.web.words import country_name

MOST_SHOWN = 50
MOST_APART = 8
# So many years back can be chosen; an older one can be written into the address.
YEARS_BACK = 5
_LONGEST_YEAR = 4
CSV_COLUMNS = (
    *("year", "iso3", "country", "other_iso3", "other_country", "unlikeness", "unlike_in", "sentences"),
    *("reasons", "notes"),
)


@dataclass(frozen=True)
class Asked:
    """All of it stands in the address. What cannot be understood narrows nothing."""

    places: Wanted
    year: int
    # None: in anything.
    kind: Unlike | None = None
    # Those alone of which nobody has written a reason.
    unexplained: bool = False

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "Asked":
        kind, year, this_year = arguments.get("kind", ""), arguments.get("year", ""), now().date().year
        is_year = year.isascii() and year.isdecimal() and len(year) <= _LONGEST_YEAR and 0 < int(year) <= this_year
        return cls(
            Wanted.read(arguments),
            int(year) if is_year else this_year,
            Unlike(kind) if kind in set(Unlike) else None,
            arguments.get("only", "") == "unexplained",
        )

    def as_arguments(self) -> dict[str, str]:
        asked = {
            "year": "" if self.year == now().date().year else str(self.year),
            "kind": self.kind.value if self.kind else "",
            "only": "unexplained" if self.unexplained else "",
        }
        return self.places.as_arguments() | {name: value for name, value in asked.items() if value}


@dataclass(frozen=True)
class ConsistencyPage:
    asked: Asked
    material: Material
    # The reader has been given no country at all.
    reaches_nothing: bool
    # The most unlike first.
    pairs: Sequence[Told]
    # Those that were treated otherwise than most that are like them.
    apart: Sequence[Apart]
    countries: Mapping[str, Country]

    @property
    def shown(self) -> Sequence[Told]:
        return self.pairs[:MOST_SHOWN]

    @property
    def furthest(self) -> Sequence[Apart]:
        return self.apart[:MOST_APART]

    @property
    def unexplained(self) -> int:
        return sum(not one.is_explained for one in self.pairs)

    @property
    def years(self) -> Sequence[int]:
        this_year = now().date().year
        return sorted({self.asked.year, *range(this_year - YEARS_BACK, this_year + 1)}, reverse=True)


def consistency_page(session: Session, asked: Asked, reader: Principal) -> ConsistencyPage:
    chosen = {one.iso3: one for one in chosen_countries(asked.places, reader)}
    material = material_of(session, asked.year, chosen.keys(), reader)
    wanted = [pair for pair in material.pairs if asked.kind is None or asked.kind in pair.kinds]
    pairs = told(session, wanted, material, reader)
    return ConsistencyPage(
        asked=asked,
        material=material,
        reaches_nothing=reader.scope == frozenset(),
        pairs=[one for one in pairs if not (asked.unexplained and one.is_explained)],
        apart=standing_apart(material.treatments, material.alike, wanted),
        countries=frame().countries,
    )


def pairs_as_csv(page: ConsistencyPage) -> str:
    """All of them, in the order of the page."""
    return sheet(CSV_COLUMNS, [_cells(one, page.asked.year) for one in page.pairs], page.material.moment)


def _cells(one: Told, year: int) -> list[Cell]:
    pair = one.pair
    named: list[Cell] = [year, pair.one.iso3, country_name(one.one), pair.other.iso3, country_name(one.other)]
    what: list[Cell] = [round(pair.unlikeness, 4), "; ".join(pair.kinds), " ".join(one.sentences)]
    reasons = "; ".join(f"{reason.about}: {reason.words}" for reason in one.reasons)
    return [*named, *what, reasons, "; ".join(noted.note.words for noted in one.notes)]
