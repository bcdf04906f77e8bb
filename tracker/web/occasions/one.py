"""One day to come, with all that is known of it, and what its reader may do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.access import Principal, Right
from tracker.actions.occasions import NoSuchOccasion, may_change
from tracker.occasion import FURTHEST_AHEAD, MAY_SET_OFF
from tracker.storage import occasions
from tracker.storage.base import Session
from tracker.storage.conclusions import Occasion
from tracker.storage.occasions import Occurrence, days_left_out, on_days
from tracker.web.occasions.words import place_word

# Of what comes again so many of its days are named.
MOST_DAYS = 6


@dataclass(frozen=True)
class Shown:
    occasion: Occasion
    place: str
    # From today on, the nearest first; empty: it is over.
    days: Sequence[Occurrence]
    # It lies within what the reader works on.
    is_within: bool
    may_work: bool
    today: date

    @property
    def left_out(self) -> Sequence[date]:
        """Those to come are named: what is past has not come."""
        return [one for one in days_left_out(self.occasion.left_out) if one >= self.today]

    @property
    def may_change(self) -> bool:
        return self.may_work and self.is_within

    @property
    def may_set_off(self) -> bool:
        return self.occasion.kind in MAY_SET_OFF


def found(session: Session, occasion_id: int, reader: Principal) -> Occasion:
    one = occasions.seen(session, occasion_id, reader.scope, reader.clearance)
    if one is None:
        raise NoSuchOccasion
    return one


def shown(session: Session, one: Occasion, reader: Principal, today: date) -> Shown:
    return Shown(
        one,
        place_word(one),
        on_days([one], today, today + FURTHEST_AHEAD)[:MOST_DAYS],
        is_within=may_change(session, one, reader),
        may_work=reader.may(Right.WORK_ON_SITUATIONS),
        today=today,
    )
