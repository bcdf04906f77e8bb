"""What can be done about a situation, who can take it, and what speaks against it?

The kinds are those that the meetings spoke of. What the State itself can do comes first; force is the last resort,
is never suggested, and is proposed only with a written test.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from tracker.assessment import LONGEST_TEXT, Crime, Fault, Stage
from tracker.criterion import Citation
from tracker.refusal import N_
from tracker.score import CUT_OFFS, Level, level_of

# What presses most: so many criteria.
MOST_PRESSING = 3
# So many suggestions are enough to think about: of what the State itself can do, and of what is left to others.
MOST_BY_THE_STATE, MOST_BY_OTHERS = 3, 2


class MeasureKind(StrEnum):
    """From talking to force, in the order in which they are thought of; force is the last resort."""

    DIPLOMATIC = "diplomatic"
    POLITICAL = "political"
    MEDIATION = "mediation"
    MONITORING = "monitoring"
    ASSISTANCE = "assistance"
    SECURITY_SECTOR = "security_sector"
    ACCOUNTABILITY = "accountability"
    ECONOMIC = "economic"
    PEACE_OPERATION = "peace_operation"
    FORCE = "force"


class Sphere(StrEnum):
    """Who takes a measure; the State itself comes first."""

    NATIONAL = "national"
    BILATERAL = "bilateral"
    REGIONAL = "regional"
    UNITED_NATIONS = "united_nations"


@dataclass(frozen=True)
class Measure:
    """One entry of the toolbox."""

    key: str
    name: str
    kind: MeasureKind
    # Who can take it, the State itself first.
    spheres: tuple[Sphere, ...]
    stages: tuple[Stage, ...]
    # The keys of the criteria that it works on.
    criteria: tuple[str, ...]
    what: str
    # What must be true for it to be sensible: each can be checked.
    sensible_when: tuple[str, ...]
    # What can go wrong, and when it harms.
    cautions: tuple[str, ...]
    citations: tuple[Citation, ...]

    @property
    def is_national(self) -> bool:
        return Sphere.NATIONAL in self.spheres


@dataclass(frozen=True)
class Tried:
    """A measure that was decided, is under way or done."""

    kind: MeasureKind
    sphere: Sphere
    # Of the toolbox. None: in the proposer's own words.
    key: str | None = None


@dataclass(frozen=True)
class Circumstances:
    """What is known of a situation when a measure is looked for."""

    # By key, in points; None: not enough evidence.
    criteria: Mapping[str, float | None]
    # None: nobody has assessed it.
    stage: Stage | None = None
    # At risk, as the newest assessment says. Empty: none was named.
    crimes: tuple[Crime, ...] = ()
    tried: Collection[Tried] = ()
    # Keys of criteria of which a flag is open.
    flagged: Collection[str] = ()

    def pressure(self, criterion: str) -> float:
        """Its points where it is elevated or worse; an open flag weighs as much as elevated at least. 0: none."""
        points, elevated = self.criteria.get(criterion) or 0.0, CUT_OFFS[Level.ELEVATED - 1]
        if criterion in self.flagged:
            return max(points, elevated)
        return points if points >= elevated else 0.0

    def presses(self, criterion: str) -> bool:
        return self.pressure(criterion) > 0

    @property
    def most_pressing(self) -> frozenset[str]:
        """The worst, and whatever is as bad as the last of them."""
        pressing = {key: pressure for key in self.criteria if (pressure := self.pressure(key))}
        least = min(sorted(pressing.values(), reverse=True)[:MOST_PRESSING], default=0.0)
        return frozenset(key for key, pressure in pressing.items() if pressure >= least)


@dataclass(frozen=True)
class Reason:
    """Why a measure is suggested.

    `values` may hold stages, or the points of criteria by key, None where a flag alone makes it press: whoever shows it
    has the words for them.
    """

    sentence: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Suggestion:
    measure: Measure
    reasons: tuple[Reason, ...]


_BY_THE_STATE = N_("The State itself can do it.")
_PRESSING = N_("It works on what presses: %(criteria)s.")
_STAGE = N_("It suits the stage, %(stage)s.")
_STAGES = N_("It is for %(stages)s.")


def suggestions(measures: Iterable[Measure], circumstances: Circumstances) -> list[Suggestion]:
    """The few that suit the stage, have not been decided yet and work on what presses most: what the State can do
    first, then what works on the worst. Nobody is pressed before something gentler was decided, and force is never
    among them."""
    tried, most_pressing = {one.key for one in circumstances.tried}, circumstances.most_pressing
    fitting = [
        measure
        for measure in measures
        if measure.kind is not MeasureKind.FORCE
        and not (measure.kind in PRESSURE and _nothing_gentler(circumstances))
        and measure.key not in tried
        and circumstances.stage in (None, *measure.stages)
        and not most_pressing.isdisjoint(measure.criteria)
    ]
    kinds = list(MeasureKind)

    def place(measure: Measure) -> tuple[float, float, int, str]:
        worst = sum(circumstances.pressure(one) for one in measure.criteria if one in most_pressing)
        all_in_all = sum(map(circumstances.pressure, measure.criteria))
        return -worst, -all_in_all, kinds.index(measure.kind), measure.key

    in_order = sorted(fitting, key=place)
    by_the_state = [one for one in in_order if one.is_national][:MOST_BY_THE_STATE]
    by_others = [one for one in in_order if not one.is_national][:MOST_BY_OTHERS]
    return [Suggestion(one, tuple(_reasons(one, circumstances))) for one in by_the_state + by_others]


def _works_on(measure: Measure, circumstances: Circumstances) -> list[str]:
    """The worst first."""
    return sorted(filter(circumstances.presses, measure.criteria), key=circumstances.pressure, reverse=True)


def _reasons(measure: Measure, circumstances: Circumstances) -> Iterable[Reason]:
    if measure.is_national:
        yield Reason(_BY_THE_STATE, {})
    points: dict[str, float | None] = {}
    for criterion in _works_on(measure, circumstances):
        at = circumstances.criteria.get(criterion)
        points[criterion] = at if at is not None and level_of(at) >= Level.ELEVATED else None
    yield Reason(_PRESSING, {"criteria": points})
    if circumstances.stage is not None:
        yield Reason(_STAGE, {"stage": circumstances.stage})
    else:
        yield Reason(_STAGES, {"stages": measure.stages})


@dataclass(frozen=True)
class ForceTests:
    """The five tests of last resort, each answered in words, and the test of scope. Nobody proposes force without."""

    seriousness: str
    purpose: str
    last_resort: str
    proportion: str
    balance: str
    # Which of the four are being committed or about to be.
    crimes: tuple[Crime, ...]

    def details(self) -> dict[str, Any]:
        """As a response keeps them."""
        return asdict(self) | {"crimes": sorted(self.crimes)}

    @classmethod
    def kept(cls, details: Mapping[str, Any]) -> "ForceTests":
        return cls(**{**details, "crimes": tuple(Crime(crime) for crime in details["crimes"])})


FORCE_QUESTIONS: Mapping[str, str] = MappingProxyType(
    {
        "seriousness": N_("Seriousness: who is being killed or about to be, how many, by whom, and how is that known?"),
        "purpose": N_("Purpose: how will protecting people be the one aim, and who keeps it so?"),
        "last_resort": N_("Last resort: what short of force was tried, or would fail, and why?"),
        "proportion": N_("Proportional means: why is this the least scale, time and strength that protects them?"),
        "balance": N_("Balance of consequences: why will those people not be worse off than without it?"),
    }
)
"""What each test asks, by field; the answers are written, kept and shown."""

SHORTEST_ANSWER = 40

_NO_CRIME = N_("Name which of the four crimes is being committed or about to be: for nothing else is force thinkable.")
_TOO_SHORT = N_("Answer in at least a sentence: this is read when it is decided, and for long after.")
_TOO_LONG = N_("Enter at most 4000 characters.")


def faults(tests: ForceTests) -> list[Fault]:
    """What keeps force from being proposed, and at which field; none: all six tests are answered."""
    found = [Fault(field, sentence) for field in FORCE_QUESTIONS if (sentence := _fault_of(getattr(tests, field)))]
    return found if tests.crimes else [*found, Fault("crimes", _NO_CRIME)]


def _fault_of(answer: str) -> str:
    if len(answer.strip()) < SHORTEST_ANSWER:
        return _TOO_SHORT
    return _TOO_LONG if len(answer) > LONGEST_TEXT else ""


class Misgiving(StrEnum):
    """What makes a proposal look like misuse. It can be made all the same; the misgiving is kept with it and shown."""

    NO_CRIME_NAMED = "no_crime_named"
    NATIONAL_NOT_TRIED = "national_not_tried"
    NO_PREVENTION_TRIED = "no_prevention_tried"
    ONE_STATE_ALONE = "one_state_alone"
    NO_VIOLENCE_YET = "no_violence_yet"


MISGIVINGS: Mapping[Misgiving, str] = MappingProxyType(
    {
        Misgiving.NO_CRIME_NAMED: N_(
            "No assessment names which of the four crimes is at risk. The Responsibility to Protect reaches no further,"
            " and whoever is asked to act from outside will want to know."
        ),
        Misgiving.NATIONAL_NOT_TRIED: N_(
            "Nothing that the State itself can do has been decided. Its responsibility comes first: say why it cannot"
            " or will not meet it."
        ),
        Misgiving.NO_PREVENTION_TRIED: N_(
            "Nothing short of pressure has been decided. Talks, mediation, monitoring and help come before it: say why"
            " they cannot wait for an answer, or were refused."
        ),
        Misgiving.ONE_STATE_ALONE: N_(
            "One State alone would send its forces. The meetings warned of unilateral action under the name of"
            " protection: say under whose mandate."
        ),
        Misgiving.NO_VIOLENCE_YET: N_(
            "No assessment says that there is violence. Before there is any, other measures still have their time."
        ),
    }
)

# What presses somebody rather than helping or asking them.
PRESSURE = frozenset({MeasureKind.ECONOMIC, MeasureKind.FORCE})
# These ask the State to act, or help it to; all others do something in its stead.
_WITH_THE_STATE = frozenset(
    {MeasureKind.DIPLOMATIC, MeasureKind.MEDIATION, MeasureKind.ASSISTANCE, MeasureKind.SECURITY_SECTOR}
)
_SENDS_FORCES = frozenset({MeasureKind.PEACE_OPERATION, MeasureKind.FORCE})
_BEFORE_VIOLENCE = (None, Stage.EARLY_PREVENTION)


def misgivings(kind: MeasureKind, sphere: Sphere, circumstances: Circumstances) -> tuple[Misgiving, ...]:
    """In the order in which they are told; none where the State acts on its own and without pressure."""
    from_outside = sphere is not Sphere.NATIONAL
    tried = circumstances.tried
    speaks = {
        Misgiving.NO_CRIME_NAMED: from_outside and not circumstances.crimes,
        Misgiving.NATIONAL_NOT_TRIED: from_outside
        and kind not in _WITH_THE_STATE
        and not any(one.sphere is Sphere.NATIONAL for one in tried),
        Misgiving.NO_PREVENTION_TRIED: kind in PRESSURE and _nothing_gentler(circumstances),
        Misgiving.ONE_STATE_ALONE: kind in _SENDS_FORCES and sphere is Sphere.BILATERAL,
        Misgiving.NO_VIOLENCE_YET: kind is MeasureKind.FORCE and circumstances.stage in _BEFORE_VIOLENCE,
    }
    return tuple(misgiving for misgiving in Misgiving if speaks[misgiving])


def _nothing_gentler(circumstances: Circumstances) -> bool:
    return all(one.kind in PRESSURE for one in circumstances.tried)
