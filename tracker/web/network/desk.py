"""What a focal point sees first: their country, its situation, what is asked of them, and what they asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.access import Principal, Role
from tracker.assistance import AssistanceState
from tracker.measure import Sphere
from tracker.storage import focal_points, responses, scores
from tracker.storage.base import Session
from tracker.storage.focal_points import SeenFocalPoint
from tracker.storage.models import Country
from tracker.storage.responding import Response
from tracker.web.assistance.listing import Row, rows_of_country
from tracker.web.countries.situation import Attention, attention
from tracker.web.dashboard.ranking import Standing, risk_of
from tracker.web.frame import Frame
from tracker.web.moments import of_today

# Of what was asked for and has ended, so much is shown.
MOST_ENDED = 5


@dataclass(frozen=True)
class Desk:
    country: Country
    # None: nothing that the reader may see was scored.
    risk: Standing | None
    attention: Attention
    # What the State itself is to do, and what is the reader's to see to.
    asked_of_them: Sequence[Response]
    requests: Sequence[Row]
    ended: Sequence[Row]
    focal_points: Sequence[SeenFocalPoint]


def own_country(reader: Principal) -> str:
    """That of a focal point, whose scope is one country; empty: the reader is none."""
    if Role.FOCAL_POINT not in reader.roles or reader.scope is None or len(reader.scope) != 1:
        return ""
    return next(iter(reader.scope))


def desk_of(session: Session, country: Country, reader: Principal, frame: Frame, today: date) -> Desk:
    iso3, clearance = country.iso3, reader.clearance
    requests = rows_of_country(session, iso3, reader, today)
    return Desk(
        country=country,
        risk=_risk(session, iso3, reader, frame),
        attention=attention(session, iso3, reader, of_today(), frame=frame, since=today, points={}),
        asked_of_them=[
            one
            for one in responses.open_in_country(session, iso3, clearance)
            if one.sphere is Sphere.NATIONAL or one.owner_id == reader.person_id
        ],
        requests=[row for row in requests if row.request.state is AssistanceState.OPEN],
        ended=[row for row in requests if row.request.state is not AssistanceState.OPEN][:MOST_ENDED],
        focal_points=focal_points.of_country(session, iso3, clearance),
    )


def _risk(session: Session, iso3: str, reader: Principal, frame: Frame) -> Standing | None:
    if frame.method is None:
        return None
    number, method = frame.method
    found = scores.now(session, number, method.tree, reader.clearance, [iso3])
    return risk_of(method, found[iso3]) if iso3 in found else None
