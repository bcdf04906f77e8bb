"""Where a digest is told to a program as well, such as a chat. Its reader's alone to decide."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tracker.actions.digests import webhooks as acting
from tracker.actions.digests.subscribing import NoSuchSubscription
from tracker.actions.sealing import WEBHOOKS, Seal
from tracker.storage import subscriptions
from tracker.storage import webhooks as kept
from tracker.storage.mailing import Subscription
from tracker.web.clock import now
from tracker.web.database import reading, transaction
from tracker.web.digests.delivery_list import said
from tracker.web.forms.feeds import WebhookForm
from tracker.web.forms.fields import blame
from tracker.web.installation import settings
from tracker.web.session import asker
from tracker.webhook import AddressUnfit

pages = Blueprint("webhooks", __name__, url_prefix="/digests/<int:subscription_id>/webhook")
Answer = str | Response | tuple[str, int]
MOST_CALLS = 10


@pages.route("", methods=["GET", "POST"], endpoint="webhook")
def set_up(subscription_id: int) -> Answer:
    found, form = _own(subscription_id), WebhookForm()
    if not form.validate_on_submit():
        return _page(found, form), 422 if form.is_submitted() else 200
    seal = Seal(settings().secret, WEBHOOKS)
    try:
        with transaction() as session:
            secret = acting.set_up(
                *(session, found.id, form.address.data or "", seal),
                reach=settings().reach,
                by=asker(),
                now=now(),
            )
    except AddressUnfit as refused:
        blame(form.address, refused)
        return _page(found, form), 422
    return render_template("webhooks/made.html", found=found, secret=secret)


@pages.post("/try")
def try_out(subscription_id: int) -> Response:
    sentence = _("The early-warning indicator tracker can be heard here.")
    with transaction() as session:
        acting.try_out(session, subscription_id, sentence, by=asker(), now=now())
    flash(_("It is called within seconds: load this page again to see what came of it."))
    return redirect(url_for("webhooks.webhook", subscription_id=subscription_id))


@pages.post("/remove")
def remove(subscription_id: int) -> Response:
    with transaction() as session:
        acting.remove(session, subscription_id, by=asker(), now=now())
    flash(_("It is not called any more."))
    return redirect(url_for("webhooks.webhook", subscription_id=subscription_id))


def _own(subscription_id: int) -> Subscription:
    found = subscriptions.by_id(reading(), subscription_id)
    if found is None or found.person_id != asker().person_id or found.ended_at is not None:
        raise NoSuchSubscription
    return found


def _page(found: Subscription, form: WebhookForm) -> str:
    return render_template(
        "webhooks/one.html",
        found=found,
        form=form,
        webhook=kept.of_subscription(reading(), found.id),
        calls=kept.last_calls(reading(), found.id, most=MOST_CALLS),
        said=said,
    )
