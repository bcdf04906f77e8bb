"""What must be true of a country for its people to be safe from the four crimes, and who said so?

A criterion is one thing that the three ministerial meetings on the Responsibility to Protect asked to be
watched. Each cites the meeting and the section that it comes from, so that nobody has to trust our reading.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType


class Dimension(StrEnum):
    """The three questions that a country's risk is made of."""

    PRESSURE = "pressure"
    SIGNS = "signs"
    PROTECTION = "protection"


class Meeting(StrEnum):
    """A ministerial meeting whose published summary the catalogue cites."""

    FIRST = "2008"
    SECOND = "2009"
    FIFTH = "2012"

    @property
    def full_title(self) -> str:
        return _RECORDS[self].full_title

    @property
    def held_on(self) -> date:
        return _RECORDS[self].held_on

    @property
    def sections(self) -> tuple[str, ...]:
        """The section headings of the summary, as printed; a citation names one of them."""
        return _RECORDS[self].sections


@dataclass(frozen=True)
class Citation:
    """One section of one meeting's summary."""

    meeting: Meeting
    section: str


@dataclass(frozen=True)
class Criterion:
    """One thing to be watched; its weight counts against the other criteria of the same dimension."""

    key: str
    dimension: Dimension
    name: str
    meaning: str
    weight: float
    # The leading criterion stands first everywhere and feeds the breakdown rule.
    leading: bool
    citations: tuple[Citation, ...]


@dataclass(frozen=True)
class _Record:
    full_title: str
    held_on: date
    sections: tuple[str, ...]


_RECORDS = MappingProxyType(
    {
        Meeting.FIRST: _Record(
            full_title="Uniting to Support R2P: Preserving the Spirit of the 2005 Agreement",
            # The summary itself is undated; the day is the one that the Global Centre's archive gives.
            held_on=date(2008, 9, 25),
            sections=(
                "Vision",
                "Scope",
                "Tactics",
                "Application",
                "Tools/Measures",
                "On the use of force",
                "Judicial measures to fulfill R2P",
                "Avoid double standards",
                "Speak out against misuse",
                "Shared strategy and coordination",
                "Challenges at the UN",
            ),
        ),
        Meeting.SECOND: _Record(
            full_title="The Responsibility to Protect – the next five years: agreeing on the road map",
            held_on=date(2009, 9, 25),
            sections=(
                "1. The importance of sustained political leadership and advocacy",
                "2. The norm of R2P should be consolidated through practice",
                "3. R2P needs to be “mainstreamed” inside regional institutions",
                "4. The priority for Security Council reform is to press the P5 to agree to withhold"
                " their veto in situations of mass atrocity",
                "5. Support and monitor national efforts at good governance and upholding the rule of law",
                "6. Prioritize capacity building at the sub-regional, regional and UN level",
                "7. Enhance interaction and collaboration among countries on early warning and response",
                "8. Research is required to provide greater clarity on the specific interventions and"
                " strategies that prevent and halt mass atrocities and to provide answers on what is"
                " best practice",
            ),
        ),
        Meeting.FIFTH: _Record(
            full_title="The Responsibility to Protect: Deepening our Commitment to Mass Atrocity Prevention",
            held_on=date(2012, 9, 28),
            sections=(
                "Overview",
                "Improving Preventive Capacities",
                "R2P Focal Points",
                "When Prevention Fails",
                "Ending impunity",
                "Conclusion",
            ),
        ),
    }
)
