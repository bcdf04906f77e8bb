"""What a focal point sees first: their country, its situation, what is asked of them, and what they asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.access import Principal, Role
from tracker.measure import Sphere
from tracker.storage import occasions, responses, scores, situations
from tracker.storage.answering import Office, answering
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation
from tracker.storage.occasions import Occurrence
from tracker.storage.responding import Response
from tracker.storage.watching import Country
from tracker.web.assistance.listing import OpenLine, Row, ended_rows, open_lines
from tracker.web.dashboard.ranking import Standing, risk_of
from tracker.web.frame import Frame

# Of what was asked for and has ended, and of the days to come within a year.
MOST_SHOWN = 5
AHEAD = timedelta(days=365)


@dataclass(frozen=True)
class Desk:
    country: Country
    # None: nothing that the reader may see was scored.
    risk: Standing | None
    # Those that are open.
    situations: Sequence[Situation]
    # The nearest first.
    coming: Sequence[Occurrence]
    # What the State itself is to do, and what is the reader's to see to.
    asked_of_them: Sequence[Response]
    calls: Sequence[OpenLine]
    ended: Sequence[Row]
    offices: Sequence[Office]


def own_country(reader: Principal) -> str:
    """That of a focal point, whose scope is one country; empty: the reader is none."""
    if Role.FOCAL_POINT not in reader.roles or reader.scope is None or len(reader.scope) != 1:
        return ""
    return next(iter(reader.scope))


def desk_of(session: Session, country: Country, reader: Principal, frame: Frame, now: datetime) -> Desk:
    iso3, clearance, today = country.iso3, reader.clearance, now.date()
    found = answering(session, iso3, clearance)
    return Desk(
        country=country,
        risk=_risk(session, iso3, reader, frame),
        situations=situations.open_at(session, {iso3}, clearance, now),
        coming=occasions.coming(session, {iso3}, today, today + AHEAD, clearance=clearance)[:MOST_SHOWN],
        asked_of_them=[
            one
            for one in responses.open_in_country(session, iso3, clearance)
            if one.sphere is Sphere.NATIONAL or one.owner_id == reader.person_id
        ],
        calls=open_lines(found.calls, today),
        ended=ended_rows(session, iso3, reader, today, most=MOST_SHOWN),
        offices=found.offices,
    )


def _risk(session: Session, iso3: str, reader: Principal, frame: Frame) -> Standing | None:
    if frame.method is None:
        return None
    number, method = frame.method
    found = scores.now(session, number, method.tree, reader.clearance, [iso3])
    return risk_of(method, found[iso3]) if iso3 in found else None
