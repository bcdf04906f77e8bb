"""How is the installation doing? For administrators."""

from typing import cast

from flask import Blueprint, current_app, render_template

from tracker.settings import Settings
from tracker.storage import catalogue, job_runs, observations, outgoing_mails
from tracker.web.clock import now
from tracker.web.database import reading
from tracker.web.worker_health import worker_health

pages = Blueprint("system", __name__, url_prefix="/system")


@pages.get("")
def system() -> str:
    runs = job_runs.all_runs(reading())
    return render_template(
        "system/one.html",
        settings=cast(Settings, current_app.extensions["settings"]),
        runs=runs,
        worker=worker_health(runs, now()),
        waiting=outgoing_mails.waiting(reading()),
        given_up=outgoing_mails.given_up(reading()),
        catalogue=catalogue.newest_version(reading()),
        observations=observations.how_many(reading()),
        engine=reading().get_bind().dialect.name,
    )
