"""Who was not treated alike? What was asked for in the address, and what answers it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tracker.access import Principal
from tracker.consistency import Apart, Circle, Pair, Treatment, Unlike, circles, standing_apart
from tracker.exchange.sheets import Cell
from tracker.storage.base import Session
from tracker.storage.watching import Country
from tracker.web.clock import now
from tracker.web.consistency.material import Material, material_of
from tracker.web.consistency.telling import Told, told, verdicts_in
from tracker.web.country_choice import Wanted, chosen_countries
from tracker.web.csv_file import sheet
from tracker.web.frame import frame
from tracker.web.words import country_name

MOST_SHOWN = 50
MOST_APART = 8
# So many circles, and of each so many countries and pairs.
MOST_CIRCLES, MOST_MEMBERS, MOST_OF_CIRCLE = 6, 12, 4
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
    # Several beside each other instead of two.
    circles: bool = False

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "Asked":
        kind, year, this_year = arguments.get("kind", ""), arguments.get("year", ""), now().date().year
        is_year = year.isascii() and year.isdecimal() and len(year) <= _LONGEST_YEAR and 0 < int(year) <= this_year
        return cls(
            Wanted.read(arguments),
            int(year) if is_year else this_year,
            Unlike(kind) if kind in set(Unlike) else None,
            arguments.get("only", "") == "unexplained",
            arguments.get("as", "") == "groups",
        )

    def as_arguments(self) -> dict[str, str]:
        asked = {
            "year": "" if self.year == now().date().year else str(self.year),
            "kind": self.kind.value if self.kind else "",
            "only": "unexplained" if self.unexplained else "",
            "as": "groups" if self.circles else "",
        }
        return self.places.as_arguments() | {name: value for name, value in asked.items() if value}


@dataclass(frozen=True)
class ToldCircle:
    circle: Circle
    # Its pairs, the most unlike first.
    pairs: Sequence[Told]
    # By country, with how many of the others it was not treated alike.
    unlike: Mapping[str, int]
    # What flags were confirmed for whom alone, and discarded for whom.
    verdicts: Sequence[str]

    @property
    def members(self) -> Sequence[Treatment]:
        """Of many, those that were treated unlike the most others."""
        furthest = sorted(self.circle.members, key=lambda one: -self.unlike.get(one.iso3, 0))[:MOST_MEMBERS]
        return [one for one in self.circle.members if one in furthest]

    @property
    def shown(self) -> Sequence[Told]:
        return self.pairs[:MOST_OF_CIRCLE]

    @property
    def unexplained(self) -> int:
        return sum(not one.is_explained for one in self.pairs)


@dataclass(frozen=True)
class KnownUnevenly:
    """A country of which much more is known than of others that cannot be told from it."""

    iso3: str
    # The share of what is asked.
    share: float
    # Of how many, and how much is known of the best known of them.
    others: int
    most_of_others: float


@dataclass(frozen=True)
class ConsistencyPage:
    asked: Asked
    material: Material
    # The reader has been given no country at all.
    reaches_nothing: bool
    # As many as there are, whatever was asked for.
    unexplained: int
    # Those asked for, the most unlike first.
    pairs: Sequence[Told]
    # Of them, those that are told: much may be known of few countries, and little of all others. Such pairs are
    # counted, unless they are asked for.
    told_singly: Sequence[Told]
    # Those of which several cannot be told apart; the most unlike first.
    circles: Sequence[Circle]
    # Those that were treated otherwise than most that are like them.
    apart: Sequence[Apart]
    countries: Mapping[str, Country]

    @cached_property
    def known_unevenly(self) -> Sequence[KnownUnevenly]:
        """Those of which much more is known than of the most others."""
        others: dict[str, list[Treatment]] = defaultdict(list)
        shares: dict[str, float] = {}
        for one in self.pairs if self.asked.kind is not Unlike.COVERAGE else ():
            less, more = sorted((one.pair.one, one.pair.other), key=lambda treated: treated.coverage)
            if _is_of_coverage_alone(one.pair):
                others[more.iso3].append(less)
                shares[more.iso3] = more.coverage
        found = [
            KnownUnevenly(iso3, shares[iso3], len(those), max(one.coverage for one in those))
            for iso3, those in others.items()
        ]
        return sorted(found, key=lambda one: (-one.others, one.iso3))

    @property
    def shown(self) -> Sequence[Told]:
        return self.told_singly[:MOST_SHOWN]

    @property
    def most_unevenly(self) -> Sequence[KnownUnevenly]:
        return self.known_unevenly[:MOST_APART]

    @property
    def shown_circles(self) -> Sequence[ToldCircle]:
        return self.told_circles(MOST_CIRCLES)

    @property
    def furthest(self) -> Sequence[Apart]:
        return self.apart[:MOST_APART]

    @property
    def years(self) -> Sequence[int]:
        this_year = now().date().year
        return sorted({self.asked.year, *range(this_year - YEARS_BACK, this_year + 1)}, reverse=True)

    def told_circles(self, most: int) -> Sequence[ToldCircle]:
        of_codes = {(one.pair.one.iso3, one.pair.other.iso3): one for one in self.pairs}
        return [_told_circle(circle, of_codes) for circle in self.circles[:most]]


def consistency_page(session: Session, asked: Asked, reader: Principal) -> ConsistencyPage:
    chosen = {one.iso3: one for one in chosen_countries(asked.places, reader)}
    material = material_of(session, asked.year, chosen.keys(), reader)
    every = told(session, material.pairs, material, reader)
    wanted = [one for one in every if _is_wanted(one, asked)]
    pairs = [one.pair for one in wanted]
    singly = [one for one in wanted if asked.kind is Unlike.COVERAGE or not _is_of_coverage_alone(one.pair)]
    return ConsistencyPage(
        asked=asked,
        material=material,
        reaches_nothing=reader.scope == frozenset(),
        unexplained=sum(not one.is_explained for one in every),
        pairs=wanted,
        told_singly=singly,
        circles=circles(material.treatments, material.alike, pairs),
        apart=standing_apart(material.treatments, material.alike, [one.pair for one in singly]),
        countries=frame().countries,
    )


def _is_of_coverage_alone(pair: Pair) -> bool:
    return pair.kinds == (Unlike.COVERAGE,)


def _is_wanted(one: Told, asked: Asked) -> bool:
    if asked.kind is not None and asked.kind not in one.pair.kinds:
        return False
    return not asked.unexplained or (asked.kind in one.unexplained if asked.kind else not one.is_explained)


def _told_circle(circle: Circle, of_codes: Mapping[tuple[str, str], Told]) -> ToldCircle:
    pairs = [of_codes[pair.one.iso3, pair.other.iso3] for pair in circle.pairs]
    unlike = Counter(iso3 for pair in circle.pairs for iso3 in (pair.one.iso3, pair.other.iso3))
    return ToldCircle(circle, pairs, unlike, verdicts_in(circle, pairs[0].written.names))


def pairs_as_csv(page: ConsistencyPage) -> str:
    """All of them, in the order of the page."""
    return sheet(CSV_COLUMNS, [_cells(one, page.asked.year) for one in page.pairs], page.material.moment)


def _cells(one: Told, year: int) -> list[Cell]:
    pair = one.pair
    named: list[Cell] = [year, pair.one.iso3, country_name(one.one), pair.other.iso3, country_name(one.other)]
    what: list[Cell] = [round(pair.unlikeness, 4), "; ".join(pair.kinds), " ".join(one.sentences)]
    reasons = "; ".join(f"{reason.about}: {reason.words}" for reason in one.reasons)
    return [*named, *what, reasons, "; ".join(noted.note.words for noted in one.notes)]
