"""A worker of the product that does digests alone, with leases of a second, and may come to an early end."""

import logging
import signal
import sys
import time
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path
from typing import Any

from tests.digests import made
from tests.faults.nursery import Wanted
from tests.faults.points import Trap, set_up
from tracker.actions.digests import planning
from tracker.actions.digests.telling import Asked, Made
from tracker.delivery import retry
from tracker.jobs import clock, make_digests, plan_digests, send_mail
from tracker.jobs.job import Shift
from tracker.settings import Mode, Relay, Settings, UncertainMail
from tracker.storage import deliveries
from tracker.storage.base import DATABASE_AWAY, Database, Session

# Of the seconds that a lease takes to be over, few are spent on looking whether it is.
PAUSE_SECONDS = 0.2
# Few at once, so that every step is gone through several times.
PLANNED_AT_ONCE = 2


class PassingTeller:
    def __init__(self, trap: Trap) -> None:
        self._trap = trap

    def tell(self, _session: Session, asked: Asked, _now: datetime) -> Made:
        told = made(asked, text=f"Since {asked.since.isoformat()}.\n" * 40)
        self._trap.pass_by("told")
        return told


def work_until_all_is_done(wanted: Wanted) -> None:
    logging.disable(logging.CRITICAL)
    trap = Trap(wanted.point, wanted.occurrence, signal.SIGSTOP if wanted.is_stopped else signal.SIGKILL)
    _hurry(wanted)
    set_up(trap)
    database = Database(wanted.url)
    watch = clock.DatabaseClock(database)
    shift = Shift(_settings(wanted), database, watch, stopping=lambda: False, teller=PassingTeller(trap))
    end = time.monotonic() + wanted.seconds
    while time.monotonic() < end:
        try:
            watch.set()
            for job in (plan_digests.plan_digests, make_digests.make_digests, send_mail.send_mail):
                job(shift)
            if not wanted.stays and _all_is_done(database):
                return
        except DATABASE_AWAY:
            time.sleep(0.1)
        time.sleep(PAUSE_SECONDS)
    sys.exit("there is still something to be done")


def _hurry(wanted: Wanted) -> None:
    lease = timedelta(seconds=wanted.lease_seconds)
    make_digests.LEASE = send_mail.LEASE = lease
    send_mail.MOST_CONNECTIONS = wanted.connections
    for owner, name, quick in (
        (send_mail, "PAUSES_BEFORE_SETTLING_AGAIN", (0.1, 0.1, 0.1)),
        (retry, "WAITS", (timedelta(seconds=0.1),)),
        (planning, "plan_due", partial(planning.plan_due, most=PLANNED_AT_ONCE)),
        (planning, "MOST_AT_ONCE", PLANNED_AT_ONCE),
        (clock, "datetime", _clock_ahead_by(timedelta(seconds=wanted.ahead_seconds))),
    ):
        setattr(owner, name, quick)


def _clock_ahead_by(ahead: timedelta) -> Any:
    class Clock:
        @staticmethod
        def now(zone: tzinfo) -> datetime:
            return datetime.now(zone) + ahead

    return Clock


def _settings(wanted: Wanted) -> Settings:
    return Settings(
        mode=Mode.LOCAL,
        data_folder=Path(wanted.folder),
        database_url=wanted.url,
        secret="a secret that only the tests know, long enough",
        public_url="http://localhost:8000",
        relay=Relay("127.0.0.1", wanted.port) if wanted.port else None,
        mail_from="tracker@localhost",
        uncertain_mail=UncertainMail.HOLD if wanted.holds_what_is_in_doubt else UncertainMail.RESEND,
    )


def _all_is_done(database: Database) -> bool:
    with database.reading() as session:
        now = datetime.now(UTC)
        return not plan_digests.anything_due(session, now) and not deliveries.balance(session, now=now).pending
