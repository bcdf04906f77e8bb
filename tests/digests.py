"""Subscriptions and deliveries for tests, and somebody who puts digests into few words."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from sqlalchemy import select

from tests import factories
from tracker.access import Principal
from tracker.actions.digests.subscribing import subscribe
from tracker.actions.digests.telling import Asked, Made
from tracker.digest import DeliveryState
from tracker.handling import Mark
from tracker.jobs.job import Shift
from tracker.jobs.make_digests import make_digests
from tracker.jobs.plan_digests import plan_digests
from tracker.jobs.send_mail import send_mail
from tracker.period import Cadence, Timetable
from tracker.storage import principals
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.storage.mailing import Delivery, Subscription
from tracker.subscription import Interest, Wanted

DAY = timedelta(days=1)
DAILY = Timetable(Cadence.DAILY, time(7), "UTC")


@dataclass
class SmallTeller:
    """Says since when it was asked; whatever else a test wants it to do."""

    asked: list[Asked] = field(default_factory=list)
    # What comes of it: made, nothing new, or an error.
    what: Callable[[Asked], Made | None] | None = None

    def tell(self, _session: Session, asked: Asked, _now: datetime) -> Made | None:
        self.asked.append(asked)
        return self.what(asked) if self.what else made(asked)


def made(
    asked: Asked, *, subject: str = "What is new", handling: Mark = Mark.CLEAR, text: str = "", html: str = ""
) -> Made:
    told = text or f"Since {asked.since:%Y-%m-%d %H:%M}."
    return Made(subject, told, html or f"<p>{told}</p>", {"map": b"\x89PNG"}, handling, asked.until)


def principal(session: Session, person: Person) -> Principal:
    return principals.principal_of(session, person)


def subscribed(
    session: Session,
    *,
    now: datetime,
    person: Person | None = None,
    timetable: Timetable = DAILY,
    name: str = "What is new",
    interest: Interest = Interest(),  # noqa: B008 (it cannot be changed)
) -> Subscription:
    """One reader with one digest, daily at seven, from now on."""
    reader = person or factories.person(session, created_at=now)
    wanted = Wanted(name, timetable, interest)
    return subscribe(session, reader.id, wanted, by=principal(session, reader), now=now)


def all_deliveries(session: Session) -> list[Delivery]:
    query = select(Delivery).order_by(Delivery.due_at, Delivery.id).execution_options(populate_existing=True)
    return list(session.scalars(query))


def states(session: Session) -> list[DeliveryState]:
    return [delivery.state for delivery in all_deliveries(session)]


def work(shift: Shift) -> None:
    """One look of a worker: plan, make, send."""
    plan_digests(shift)
    make_digests(shift)
    send_mail(shift)
