"""Is everything working? What is wrong with an installation, as sentences for those who can mend it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.settings import LEAST_FREE_BYTES
from tracker.storage import job_runs, outgoing_mails
from tracker.storage.base import Session
from tracker.storage.running import JobRun
from tracker.web.worker_health import worker_health

# Mail leaves within seconds; whoever waits for a link has given up by then.
LONGEST_WAIT = timedelta(minutes=10)


@dataclass(frozen=True)
class Mails:
    """How many of each kind."""

    waiting: int
    # Those of the waiting that should have left by now, or could not when it was tried.
    stuck: int
    given_up: int


@dataclass(frozen=True)
class Condition:
    runs: Sequence[JobRun]
    mails: Mails
    # The worst first; empty: everything works.
    troubles: Sequence[str]


def condition(session: Session, now: datetime, free_bytes: int) -> Condition:
    """`free_bytes`: on the disk of the data folder."""
    runs = job_runs.all_runs(session)
    mails = Mails(
        waiting=outgoing_mails.how_many_waiting(session),
        stuck=outgoing_mails.how_many_stuck(session, queued_before=now - LONGEST_WAIT),
        given_up=outgoing_mails.how_many_given_up(session),
    )
    silent = not worker_health(runs, now).ticks
    failed = [run.job for run in runs if run.error]
    told = troubles(silent=silent, failed=failed, mails=mails, free_bytes=free_bytes)
    return Condition(runs, mails, told)


def troubles(*, silent: bool, failed: Sequence[str], mails: Mails, free_bytes: int) -> list[str]:
    told = []
    if free_bytes < LEAST_FREE_BYTES:
        free = free_bytes // 1_000_000
        told.append(_("Only %(free)s MB are free on the disk: soon nothing can be saved. Make room.", free=free))
    if silent:
        told.append(
            _(
                "The worker is silent: no mail is sent. Start it again: “python3 manage.py run” starts it together "
                "with the web server, “python3 manage.py worker” alone, as under a service manager."
            )
        )
    told += [_("The job %(job)s failed when it last ran.", job=job) for job in failed]
    if mails.given_up:
        told.append(
            ngettext("%(num)s mail could not be delivered.", "%(num)s mails could not be delivered.", mails.given_up)
        )
    if mails.stuck:
        told.append(
            ngettext(
                "%(num)s mail is late: it waits for more than ten minutes, or could not be sent when it was tried.",
                "%(num)s mails are late: they wait for more than ten minutes, or could not be sent when it was tried.",
                mails.stuck,
            )
        )
    return told
