"""What this month's answer about a country's focal point is, before anybody hands in one more."""

from dataclasses import dataclass
from datetime import date

from tracker.access import Principal
from tracker.actions.focal_points import INDICATOR
from tracker.coding import CodingState, period_of
from tracker.storage import catalogue, codings, focal_points
from tracker.storage.base import Session


@dataclass(frozen=True)
class ThisMonth:
    period: date
    # Of the reader's own answer that is on its way. None: they have none.
    own: CodingState | None
    # "Yes" stands for this month, as far as the reader may see.
    is_recorded: bool


def this_month(session: Session, iso3: str, reader: Principal, today: date) -> ThisMonth:
    period, indicator = period_of(today), catalogue.indicator_ids(session)[INDICATOR]
    own = next(
        (
            one.state
            for one in codings.own_live(session, reader.person_id, iso3, period)
            if one.cell.indicator_id == indicator
        ),
        None,
    )
    said = focal_points.said_in_month(session, iso3, indicator, period, reader.clearance)
    return ThisMonth(period, own, is_recorded=said is True)
