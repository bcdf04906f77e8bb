"""The days to come of one country, and those that were called off."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.occasion import FURTHEST_AHEAD
from tracker.storage.conclusions import Occasion
from tracker.storage.occasions import Occurrence, nearest


@dataclass(frozen=True)
class Listing:
    # Of each the next day, the nearest first.
    coming: Sequence[Occurrence]
    called_off: Sequence[Occurrence]

    @classmethod
    def of(cls, found: Iterable[Occasion], today: date) -> "Listing":
        told = nearest(found, today, today + FURTHEST_AHEAD)
        return cls([one for one in told if not one.removed], [one for one in told if one.removed])
