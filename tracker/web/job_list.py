"""What does the worker do, and how did it go? Each job with its last run and the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.storage import job_runs
from tracker.storage.base import Session
from tracker.storage.running import JobRun
from tracker.web.words import figure
from tracker.web.worker_health import worker_health


@dataclass(frozen=True)
class Row:
    job: str
    # What it is there for; empty: a worker of another version runs it.
    words: str
    # None: it never ran here.
    run: JobRun | None
    # When it runs next, in words.
    next: str

    @property
    def is_running(self) -> bool:
        return self.run is not None and self.run.finished_at is None

    @property
    def took(self) -> str:
        """Empty: it has not finished."""
        if self.run is None or self.run.finished_at is None:
            return ""
        return duration(self.run.finished_at - self.run.started_at)


@dataclass(frozen=True)
class Jobs:
    rows: Sequence[Row]
    # Whether a worker is there to run any of it.
    ticks: bool


def job_words() -> dict[str, str]:
    """In the order in which they are done."""
    return {
        "heartbeat": _("Shows every minute that the worker is alive"),
        "plan_digests": _("Finds the digests and urgent notices that have fallen due"),
        "make_digests": _("Puts them into words, for each reader as of that moment"),
        "send_mail": _("Hands mail to the mail server"),
        "call_webhooks": _("Tells digests to webhooks"),
        "imports": _("Checks and records the files that people bring"),
        "new_method": _("Brings another version of the method into force"),
        "let_time_pass": _("Lets evidence grow stale and days come nearer, once a day"),
        "tidy": _("Removes what has served its purpose"),
    }


def job_list(session: Session, now: datetime) -> Jobs:
    runs = {run.job: run for run in job_runs.all_runs(session)}
    known = job_words()
    names = [*known, *sorted(runs.keys() - known.keys())]
    rows = [Row(name, known.get(name, ""), runs.get(name), _next(runs.get(name), now)) for name in names]
    return Jobs(rows, worker_health(list(runs.values()), now).ticks)


def duration(took: timedelta) -> str:
    seconds = max(0.0, took.total_seconds())
    if seconds < 1:
        return str(_("less than a second"))
    if seconds < 90:
        return str(ngettext("%(num)s second", "%(num)s seconds", round(seconds)))
    return str(_("%(minutes)s minutes", minutes=figure(seconds / 60, 0 if seconds >= 600 else 1)))


def _next(run: JobRun | None, now: datetime) -> str:
    if run is not None and run.wanted_at is not None:
        return str(_("at once"))
    if run is None or run.due_again_at is None or run.due_again_at <= now:
        return str(_("when there is something to do"))
    return str(_("in %(duration)s at the earliest", duration=duration(run.due_again_at - now)))
