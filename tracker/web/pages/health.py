"""Is it working? For whatever watches over the server: nothing secret, nothing that costs much."""

from flask import Blueprint, Response, jsonify

from tracker.digest import DeliveryState
from tracker.storage import deliveries, job_runs, outgoing_mails
from tracker.storage.deliveries import Balance
from tracker.web.clock import now
from tracker.web.database import reading
from tracker.web.worker_health import worker_health

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def health() -> tuple[Response, int]:
    """200 while the database answers, the worker ticks and no digest is lost; 503 otherwise."""
    worker = worker_health(job_runs.all_runs(reading()), now())
    digests = deliveries.balance(reading(), now=now())
    answer = {
        "database": "answers",
        "worker": "ticks" if worker.ticks else "silent",
        "seconds_since_tick": worker.seconds_since_tick,
        "mails_waiting": outgoing_mails.how_many_waiting(reading()),
        "mails_given_up": outgoing_mails.how_many_given_up(reading()),
        "digests": _told(digests),
    }
    return jsonify(answer), 200 if worker.ticks and digests.holds else 503


def _told(digests: Balance) -> dict[str, int | bool]:
    """Due is what was sent, skipped, is dead or on its way, or else one was lost."""
    return {
        "due": digests.due,
        "sent": digests.by_state[DeliveryState.SENT],
        "skipped": digests.by_state[DeliveryState.SKIPPED],
        "dead": digests.by_state[DeliveryState.DEAD],
        "pending": digests.pending,
        "late": digests.late,
        "all_accounted_for": digests.holds,
    }
