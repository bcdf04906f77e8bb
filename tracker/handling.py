"""Who may see what: the Traffic Light Protocol 2.0 and the attribution rule.

A mark says how far a text may travel. A person has a clearance and sees what is marked at or below it. Attribution
is a second, independent question: the Chatham House Rule lets a statement travel while nobody may be told who made it.
"""

from enum import IntEnum


class Mark(IntEnum):
    """Ordered: a higher mark may be seen by fewer."""

    CLEAR = 0
    GREEN = 1
    AMBER = 2
    AMBER_STRICT = 3
    RED = 4

    @property
    def label(self) -> str:
        return "TLP:" + self.name.replace("_", "+")


def may_see(clearance: Mark, mark: Mark) -> bool:
    return mark <= clearance
