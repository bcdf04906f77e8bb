"""What did we tell people? Each its own reader's alone; how all of them fared, for whoever runs the system."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from tracker.actions.digests import settling
from tracker.delivery import letter
from tracker.delivery.letter import Letter
from tracker.digest import DeliveryState
from tracker.storage import deliveries, delivery_log, refused_addresses, subscriptions
from tracker.storage.delivery_log import Line
from tracker.web.clock import now
from tracker.web.csv_file import csv_file
from tracker.web.database import reading, transaction
from tracker.web.digests import delivery_list as delivery_list
from tracker.web.digests.delivery_list import Asked, Row
from tracker.web.digests.mail_on_page import mail, page_around
from tracker.web.moments import of_today
from tracker.web.session import asker

pages = Blueprint("deliveries", __name__, url_prefix="/digests")
TOLD, LOG = "/told/<int:delivery_id>", "/deliveries/<int:delivery_id>"


@pages.get("/told")
def told() -> str:
    asking = asker()
    return render_template(
        "digests/told.html",
        listed=delivery_list.told_to(reading(), asking, Asked.read(request.args)),
        digests=subscriptions.of_person(reading(), asking.person_id),
        states=list(DeliveryState),
    )


@pages.get("/told.csv")
def told_csv() -> Response:
    text = delivery_list.of_own_as_csv(reading(), asker().person_id, Asked.read(request.args))
    return csv_file(text, "my-digests", of_today())


@pages.get(TOLD)
def one(delivery_id: int) -> Response:
    row = _own(delivery_id)
    page = render_template(
        "digests/one.html",
        row=row,
        letter=_letter(row.line),
        clearance=asker().clearance,
        events=delivery_list.log_for_its_reader(delivery_log.events(reading(), delivery_id)),
        said=delivery_list.said,
    )
    return page_around(page)


@pages.get(f"{TOLD}/mail", endpoint="mail")
def as_sent(delivery_id: int) -> Response:
    found = _letter(_own(delivery_id).line)
    if found is None:
        raise settling.NoSuchDelivery
    return mail(found.html, found.images)


@pages.get("/deliveries")
def log() -> str:
    return render_template(
        "digests/log.html",
        listed=delivery_list.told_to_all(reading(), Asked.read(request.args)),
        balance=deliveries.balance(reading(), now=now()),
        suppressed=refused_addresses.suppressed(reading()),
        states=list(DeliveryState),
    )


@pages.get("/deliveries.csv")
def log_csv() -> Response:
    return csv_file(delivery_list.of_all_as_csv(reading(), Asked.read(request.args)), "digests", of_today())


@pages.get(LOG)
def of_one(delivery_id: int) -> str:
    line = delivery_log.one(reading(), delivery_id)
    if line is None:
        raise settling.NoSuchDelivery
    events = delivery_log.events(reading(), delivery_id)
    return render_template("digests/log_of_one.html", row=Row(line, ""), events=events, said=delivery_list.said)


@pages.post(f"{LOG}/requeue")
def requeue(delivery_id: int) -> AnyResponse:
    with transaction() as session:
        settling.requeue(session, delivery_id, by=asker().person_id, now=now())
    flash(_("It is made anew and sent."))
    return redirect(url_for("deliveries.of_one", delivery_id=delivery_id))


@pages.post(f"{LOG}/take-as-sent")
def take_as_sent(delivery_id: int) -> AnyResponse:
    with transaction() as session:
        settling.take_as_sent(session, delivery_id, by=asker().person_id, now=now())
    flash(_("It counts as sent from now on."))
    return redirect(url_for("deliveries.of_one", delivery_id=delivery_id))


@pages.post("/deliveries/mail-again")
def mail_again() -> AnyResponse:
    address = request.form.get("address", "")
    if not address:
        abort(400)
    with transaction() as session:
        settling.mail_again(session, address, by=asker().person_id, now=now())
    flash(_("Digests go to %(address)s again, from the next one on.", address=address))
    return redirect(url_for("deliveries.log"))


def _own(delivery_id: int) -> Row:
    """Nobody else's, whoever asks."""
    line, asking = delivery_log.one(reading(), delivery_id), asker()
    if line is None or line.person_id != asking.person_id:
        raise settling.NoSuchDelivery
    return Row(delivery_list.for_its_reader(line), delivery_list.subject_for(line, asking))


def _letter(line: Line) -> Letter | None:
    """As it was sent. None: it was not made, or they may see less by now."""
    if not delivery_list.may_read(line, asker()):
        return None
    found = deliveries.message(reading(), line.id)
    return letter.read(found) if found is not None else None
