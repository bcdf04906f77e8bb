"""Is it working? For whatever watches over the server: nothing secret, nothing that costs much."""

from flask import Blueprint, Response, jsonify

from tracker.storage import job_runs, outgoing_mails
from tracker.web.clock import now
from tracker.web.database import reading
from tracker.web.worker_health import worker_health

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def health() -> tuple[Response, int]:
    """200 while the database answers and the worker ticks; 503 otherwise."""
    worker = worker_health(job_runs.all_runs(reading()), now())
    answer = {
        "database": "answers",
        "worker": "ticks" if worker.ticks else "silent",
        "seconds_since_tick": worker.seconds_since_tick,
        "mails_waiting": outgoing_mails.how_many_waiting(reading()),
        "mails_given_up": outgoing_mails.how_many_given_up(reading()),
    }
    return jsonify(answer), 200 if worker.ticks else 503
