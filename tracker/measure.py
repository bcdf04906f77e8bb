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
from tracker.score import Level, level_of


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

    def presses(self, criterion: str) -> bool:
        """It is elevated or worse, or a flag of it is open."""
        points = self.criteria.get(criterion)
        return criterion in self.flagged or (points is not None and level_of(points) >= Level.ELEVATED)


@dataclass(frozen=True)
class Reason:
    """Why a measure is suggested.

    `values` may hold a stage, or the points of criteria by key, None where a flag is open: whoever shows it has the
    words for them.
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


def suggestions(measures: Iterable[Measure], circumstances: Circumstances) -> list[Suggestion]:
    """What suits the stage and works on what presses, and has not been decided yet: what the State can do first, then
    what works on most. Force is never among them."""
    tried = {one.key for one in circumstances.tried}
    fitting = [
        measure
        for measure in measures
        if measure.kind is not MeasureKind.FORCE
        and measure.key not in tried
        and circumstances.stage in (None, *measure.stages)
        and _works_on(measure, circumstances)
    ]
    kinds = list(MeasureKind)

    def place(measure: Measure) -> tuple[bool, int, int, str]:
        works_on = len(_works_on(measure, circumstances))
        return not measure.is_national, -works_on, kinds.index(measure.kind), measure.key

    return [Suggestion(one, tuple(_reasons(one, circumstances))) for one in sorted(fitting, key=place)]


def _works_on(measure: Measure, circumstances: Circumstances) -> list[str]:
    return [criterion for criterion in measure.criteria if circumstances.presses(criterion)]


def _reasons(measure: Measure, circumstances: Circumstances) -> Iterable[Reason]:
    if measure.is_national:
        yield Reason(_BY_THE_STATE, {})
    points = {
        criterion: None if criterion in circumstances.flagged else circumstances.criteria[criterion]
        for criterion in _works_on(measure, circumstances)
    }
    yield Reason(_PRESSING, {"criteria": points})
    if circumstances.stage is not None:
        yield Reason(_STAGE, {"stage": circumstances.stage})


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
        Misgiving.NO_PREVENTION_TRIED: kind in PRESSURE and all(one.kind in PRESSURE for one in tried),
        Misgiving.ONE_STATE_ALONE: kind in _SENDS_FORCES and sphere is Sphere.BILATERAL,
        Misgiving.NO_VIOLENCE_YET: kind is MeasureKind.FORCE and circumstances.stage in _BEFORE_VIOLENCE,
    }
    return tuple(misgiving for misgiving in Misgiving if speaks[misgiving])
