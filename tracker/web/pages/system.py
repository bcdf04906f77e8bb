"""How is the installation doing? For administrators."""

import shutil

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tracker.actions import job_runs
from tracker.actions.desk_rules import let_accept_own
from tracker.storage import catalogue, codings, desk_rules, observations, outgoing_mails
from tracker.web.clock import now
from tracker.web.codings.troubles import condition
from tracker.web.database import reading, transaction
from tracker.web.first_steps import first_steps
from tracker.web.installation import settings
from tracker.web.job_list import job_list
from tracker.web.session import asker

pages = Blueprint("system", __name__, url_prefix="/system")


@pages.get("")
def system() -> str:
    """Of the settings only what is shown: they hold the secret and the relay's password."""
    relay, free_bytes = settings().relay, shutil.disk_usage(settings().data_folder).free
    return render_template(
        "system/one.html",
        condition=condition(reading(), now(), free_bytes),
        first_steps=first_steps(reading(), asker().person_id),
        why_not_yet=outgoing_mails.why_not_yet(reading()),
        given_up=outgoing_mails.given_up(reading()),
        relay=f"{relay.host}:{relay.port}" if relay else None,
        outbox_folder=settings().outbox_folder,
        data_folder=settings().data_folder,
        free_megabytes=free_bytes // 1_000_000,
        catalogue=catalogue.newest_version(reading()),
        observations=observations.how_many(reading()),
        engine=reading().get_bind().dialect.name,
        accepts_own=desk_rules.chosen(reading(), codings.ACCEPTS_OWN),
    )


@pages.post("/own-acceptance")
def own_acceptance() -> Response:
    """Whether a second person is needed: shown on every page that it affects."""
    wanted, asking = request.form.get("holds"), asker()
    if wanted not in ("yes", "no"):
        abort(400)
    with transaction() as session:
        let_accept_own(session, wanted == "yes", by=asking.person_id, now=now())
    if wanted == "yes":
        flash(_("From now on people may accept and decide what is their own. Every page that it affects says so."))
    else:
        flash(_("From now on nobody accepts what they submitted themselves."))
    return redirect(url_for("system.system"))


@pages.get("/jobs")
def jobs() -> str:
    return render_template("system/jobs.html", jobs=job_list(reading(), now()))


@pages.post("/jobs/<job>/run")
def run_job(job: str) -> Response:
    asking = asker()
    with transaction() as session:
        job_runs.want(session, job, by=asking.person_id, now=now())
    flash(_("The worker runs it as soon as it looks: load this page again to see how it went."))
    return redirect(url_for("system.jobs"))
