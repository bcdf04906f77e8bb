"""Two countries beside each other: what was done about each in a year, and why not the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.access import Principal
from tracker.consistency import Matter, Pair, Treatment
from tracker.storage.base import Session
from tracker.storage.watching import Country
from tracker.web.consistency.material import Material
from tracker.web.consistency.telling import Told, names_of_matters, told
from tracker.web.frame import frame


@dataclass(frozen=True)
class Side:
    country: Country
    # None: too little is known of it to compare it.
    treated: Treatment | None
    # By name, what flags got that verdict.
    confirmed: Sequence[str]
    discarded: Sequence[str]
    # How many situations were open at some time of the year.
    situations: int


@dataclass(frozen=True)
class PairPage:
    told: Told
    sides: Sequence[Side]
    # Their risks are known, and cannot be told apart.
    is_alike: bool

    @property
    def is_unlike(self) -> bool:
        return bool(self.told.pair.degrees)


def pair_page(session: Session, material: Material, iso3: str, other_iso3: str, reader: Principal) -> PairPage:
    """Of two that were treated alike there is nothing to tell but what was done, and what was noted."""
    treated = {one.iso3: one for one in material.treatments}
    one, other = (treated.get(code, Treatment(code, calls=False)) for code in (iso3, other_iso3))
    pair = next(iter(material.pairs), Pair(one, other, degrees=()))
    [said] = told(session, [pair], material, reader)
    return PairPage(
        told=said,
        sides=[_side(code, treated.get(code), len(material.cases.get(code, ()))) for code in (iso3, other_iso3)],
        is_alike=len(treated) == 2 and bool(material.alike[0, 1]),
    )


def _side(iso3: str, treated: Treatment | None, situations: int) -> Side:
    verdicts = (treated.confirmed, treated.discarded) if treated else (frozenset[Matter](), frozenset[Matter]())
    names = names_of_matters()
    confirmed, discarded = (sorted(names.title_of(*matter) for matter in matters) for matters in verdicts)
    return Side(frame().countries[iso3], treated, confirmed, discarded, situations)
