"""Focal points in the directory, and what States ask for, by somebody who may write it down."""

from datetime import date, datetime
from typing import Any

from tests.situations import somebody
from tracker.access import Principal, Role
from tracker.actions.assistance import ask
from tracker.actions.focal_points import appoint
from tracker.assistance import Wish
from tracker.focal_point import Appointment
from tracker.handling import Mark
from tracker.measure import MeasureKind
from tracker.storage.base import Session
from tracker.storage.responding import AssistanceRequest, FocalPoint

LINK = "https://example.org/named"


def appointed(
    session: Session,
    *,
    iso3: str | None = "MLI",
    group: str | None = None,
    handling: Mark = Mark.GREEN,
    by: Principal | None = None,
    now: datetime,
    **differing: Any,
) -> FocalPoint:
    usual = {"office": "Ministry of Foreign Affairs", "name": "The director", "contact": "+223 00", "link": LINK}
    appointment = Appointment(**({"since": date(2026, 1, 15)} | usual | differing))
    who = by or somebody(session, Role.REVIEWER, now=now)
    return appoint(session, iso3, group, appointment, handling=handling, by=who, now=now)


def asked(
    session: Session,
    *,
    iso3: str = "MLI",
    handling: Mark = Mark.GREEN,
    by: Principal | None = None,
    now: datetime,
    **differing: Any,
) -> AssistanceRequest:
    usual = {"kind": MeasureKind.SECURITY_SECTOR, "title": "Trainers for the police", "words": "Ten, for the north."}
    wish = Wish(**({"on_behalf_of": "Ministry of the Interior"} | usual | differing))
    who = by or somebody(session, Role.ANALYST, now=now)
    return ask(session, iso3, wish, handling=handling, by=who, now=now)
