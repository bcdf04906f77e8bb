"""How much of a whole is there? Rows and columns of shares, each with its figure, its age and one of five steps.

It becomes a table and no drawing: two thousand figures are read, sorted and walked through best as what they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

STEPS = 5
"""Besides them stands nothing at all, which looks like none of them."""


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One share, in the reader's words."""

    # 0: nothing, or too little to count; 1 to 5: the fifths of the whole.
    step: int
    figure: str
    # How old it is; nothing, where there is nothing that could be old.
    age: str = ""
    # Where the gap can be read or closed; empty: nowhere.
    url: str = ""


@dataclass(frozen=True, slots=True)
class HeatRow:
    name: str
    url: str
    cells: Sequence[HeatCell]
    # Other names and codes by which a reader may look for the row, parted by bars.
    aliases: str = ""


@dataclass(frozen=True, slots=True)
class HeatColumn:
    name: str
    # Where the table is ordered by this column; empty: it cannot be.
    url: str = ""
    # As aria-sort has it: ascending, descending, or nothing.
    sorted: str = ""


def heat_step(share: float) -> int:
    """0 for nothing, then one step for each fifth that is begun: a whole is 5, and so is more than four fifths."""
    if not 0.0 <= share <= 1.0:
        raise ValueError(f"A share lies between 0 and 1, and {share} does not.")
    # a hair, so that three fifths that were added up are no more than three fifths
    return min(STEPS, int(-(-(share - 1e-9) * STEPS // 1))) if share > 0 else 0
