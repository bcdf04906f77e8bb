"""What is known about how well such scores and rules warn: facts that were measured elsewhere, each with its source.

They are no part of the configuration: nothing here changes when weights do.
"""

from typing import NamedTuple

from tracker.refusal import N_


class Fact(NamedTuple):
    sentence: str
    source: str


_PROJECT = N_("The Early Warning Project's published yearly rankings, beside the onsets that it lists.")
_TRIED = N_(
    "Tried when this method was designed, on published series and on the onsets of mass killing that the Early Warning"
    " Project lists. Nothing was fitted to them, and this installation does not repeat it."
)

FACTS: tuple[Fact, ...] = (
    Fact(
        N_(
            "The best that is publicly known ranks some 165 countries each year by their risk of a new mass killing:"
            " of a country where one began and one where none did, it puts the first higher about 83 times of 100"
            " (statisticians call this the AUC)."
        ),
        _PROJECT,
    ),
    Fact(
        N_(
            "Of the 39 onsets from 1994 to 2024, 69 % came in one of its thirty highest places. A place among these"
            " thirty was followed by an onset in the next year in 2.9 % of cases."
        ),
        _PROJECT,
    ),
    Fact(
        N_(
            "Half of the 27 countries that it caught had been among the thirty for eight years or more. A ranking by"
            " structure says where, and hardly when."
        ),
        _PROJECT,
    ),
    Fact(
        N_(
            "The rule of law alone (an index of V-Dem) puts the country where it began higher about 72 times of 100;"
            " measures of violence by the State (V-Dem, Political Terror Scale) 81 to 84 times; a count of nine lines"
            " drawn by hand 83 times. How much things changed within a year does so 42 to 50 times: no better than a"
            " coin."
        ),
        _TRIED,
    ),
    Fact(
        N_(
            "A tree with weights such as these did so about 80 times of 100, and six of ten onsets within two years"
            " came in one of its thirty highest places (lists of 1993 to 2004)."
        ),
        _TRIED,
    ),
)

CLAIMS: tuple[str, ...] = (
    N_(
        "A flag is never a prediction. It says that something stands beyond a line that was drawn beforehand, and that"
        " a person should look."
    ),
    N_(
        "A score is no probability. Twice the points are not twice the danger, and of most countries with a high score"
        " nothing of the kind will happen."
    ),
    N_(
        "It leads with the rule of law because that is what can be worked on before anybody is harmed, not because it"
        " tells most about where harm is near."
    ),
    N_(
        "It has not been measured how well this installation's own flags have warned: for that it would need a list of"
        " what happened afterwards."
    ),
    N_(
        "What nobody has observed it does not know. Silence widens the interval and raises a flag: it is never taken"
        " for good news."
    ),
)
