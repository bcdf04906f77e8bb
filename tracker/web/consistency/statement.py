"""The statement of a year: who was not treated alike and why, how soon was decided, what was known, and what was left
undecided; to be printed and laid before whoever asks."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from flask_babel import gettext as _

from tracker.consistency import Unlike
from tracker.country import GroupKind
from tracker.response_time import Spent, Step, Wait, longest_waiting, spent_on
from tracker.web.consistency.page import ConsistencyPage, ToldCircle
from tracker.web.consistency.telling import Told
from tracker.web.response_times.page import groups_among
from tracker.web.words import country_name

# So many pairs, and so many situations, stand in the statement: it is read at a table.
MOST, MOST_CIRCLES = 10, 3


@dataclass(frozen=True)
class RegionLine:
    name: str
    countries: int
    # Until something was decided.
    spent: Spent
    # The share of what is asked that is fresh, on the average.
    coverage: float


@dataclass(frozen=True)
class Statement:
    page: ConsistencyPage
    # How many pairs are unlike in what.
    kinds: Mapping[Unlike, int]
    regions: Sequence[RegionLine]
    whole: RegionLine
    # Situations of which nothing was decided, the oldest first.
    undecided: Sequence[Wait]

    @property
    def shown(self) -> Sequence[Told]:
        return self.page.told_singly[:MOST]

    @property
    def circles(self) -> Sequence[ToldCircle]:
        return self.page.told_circles(MOST_CIRCLES)

    @property
    def longest(self) -> Sequence[Wait]:
        return self.undecided[:MOST]


def statement_of(page: ConsistencyPage) -> Statement:
    material, chosen = page.material, page.material.coverage.keys()
    decisions = [wait for wait in material.waits if wait.step is Step.DECIDED]
    found = Counter(kind for one in page.pairs for kind in one.pair.kinds)
    # where nobody divides the countries into regions, their organisations stand
    groups = groups_among(chosen, GroupKind.UN_SUBREGION) or groups_among(chosen, GroupKind.ORGANISATION)
    places = [(country_name(group), those) for group, those in groups]
    return Statement(
        page=page,
        kinds={kind: found[kind] for kind in Unlike},
        regions=[_line(name, those, decisions, page) for name, those in places],
        whole=_line(str(_("All of them")), chosen, decisions, page),
        undecided=longest_waiting(decisions),
    )


def _line(name: str, members: Collection[str], decisions: Sequence[Wait], page: ConsistencyPage) -> RegionLine:
    material = page.material
    return RegionLine(
        name=name,
        countries=len(members),
        spent=spent_on((wait for wait in decisions if wait.iso3 in members), Step.DECIDED, material.moment.day),
        coverage=fmean(material.coverage[iso3] for iso3 in members) if members else 0.0,
    )
