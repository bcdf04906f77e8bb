"""What am I told, and when? My digests, and everybody's for whoever looks after people."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tracker.access import PersonStatus, Right
from tracker.actions.digests import subscribing
from tracker.actions.people.access import NobodyThere
from tracker.refusal import NotThere, Refusal
from tracker.storage import deliveries, people, subscriptions
from tracker.storage.admitting import Person
from tracker.storage.mailing import Subscription
from tracker.subscription import Interest
from tracker.web.boundary import row_number
from tracker.web.clock import now
from tracker.web.database import reading, transaction
from tracker.web.digests.mail_on_page import mail, page_around, plain_mail
from tracker.web.digests.subscription_page import (
    next_due,
    offer,
    out_of_sight,
    own_rows,
    rows_of_others,
    summary,
    wanted_of,
)
from tracker.web.digests.subscription_preview import previewed
from tracker.web.forms.fields import blame
from tracker.web.forms.subscriptions import PauseForm, SubscriptionForm, UrgentForm
from tracker.web.session import asker, reader

pages = Blueprint("digests", __name__, url_prefix="/digests")
Answer = str | Response | tuple[str, int]
ONE = "/<int:subscription_id>"
USUAL_PAUSE = timedelta(days=14)


@pages.get("", endpoint="digests")
def own_digests() -> str:
    asking, rows = asker(), own_rows(reading(), asker(), now())
    return render_template(
        "digests/list.html",
        rows=rows,
        first=next_due(rows, now()),
        urgent=subscriptions.urgent_wish(reading(), asking.person_id),
        zone=reader().time_zone,
        ended=_just_ended(),
        may_manage=asking.may(Right.MANAGE_PEOPLE),
    )


@pages.get("/everybody")
def everybody() -> str:
    return render_template(
        "digests/everybody.html",
        rows=rows_of_others(reading(), asker(), now()),
        people=[one for one in people.everybody(reading()) if one.status is PersonStatus.ACTIVE],
        ended=_just_ended(),
    )


@pages.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """For oneself; whoever looks after people says in the address for whom."""
    person = _for_whom()
    form = _form(person.id)
    if not form.is_submitted():
        form.offer_zone(person.time_zone)
        form.suggest(_("What is new"), person.time_zone, person.language)
        return _form_page(form, person)
    if not form.validate():
        return _form_page(form, person, status=422)
    try:
        with transaction() as session:
            subscribing.subscribe(session, person.id, form.wanted(), by=asker(), now=now())
    except NotThere:
        raise
    except Refusal as refused:
        blame(form.name_, refused)
        return _form_page(form, person, status=422)
    flash(_("From now on it comes as you chose."))
    return _back_to(person.id)


@pages.route(ONE, methods=["GET", "POST"])
def change(subscription_id: int) -> Answer:
    found = _one(subscription_id)
    person, form = _person(found.person_id), _form(found.person_id)
    form.offer_zone(found.zone)
    if not form.is_submitted():
        form.show(found)
        return _form_page(form, person, found)
    if not form.validate():
        return _form_page(form, person, found, status=422)
    asking = asker()
    kept = out_of_sight(Interest.from_kept(found.interest), asking, is_own=person.id == asking.person_id)
    try:
        with transaction() as session:
            subscribing.change(session, found.id, form.wanted(kept), seen=form.seen_version, by=asking, now=now())
    except subscribing.SubscriptionChanged as conflict:
        # the form keeps what was wanted; saving it again, now knowing the other, is a decision
        found = _one(subscription_id)
        form.seen.data = str(found.version)
        return _form_page(form, person, found, status=409, conflict=conflict)
    except NotThere:
        raise
    except Refusal as refused:
        blame(form.name_, refused)
        return _form_page(form, person, found, status=422)
    flash(_("Saved. The next one comes as you chose."))
    return _back_to(person.id)


@pages.route(f"{ONE}/pause", methods=["GET", "POST"])
def pause(subscription_id: int) -> Answer:
    found = _one(subscription_id)
    form = PauseForm(until=now().date() + USUAL_PAUSE)
    if not form.validate_on_submit():
        return render_template("digests/pause.html", form=form, found=found), 422 if form.is_submitted() else 200
    try:
        with transaction() as session:
            subscribing.pause(session, found.id, form.day, by=asker(), now=now())
    except subscribing.PauseIsOver as refused:
        blame(form.until, refused)
        return render_template("digests/pause.html", form=form, found=found), 422
    flash(_("“%(name)s” is paused.", name=found.name))
    return _back_to(found.person_id)


@pages.post(f"{ONE}/resume")
def resume(subscription_id: int) -> Response:
    found = _one(subscription_id)
    with transaction() as session:
        subscribing.resume(session, found.id, by=asker(), now=now())
    flash(_("“%(name)s” comes again.", name=found.name))
    return _back_to(found.person_id)


@pages.post(f"{ONE}/end")
def end(subscription_id: int) -> Response:
    found = _one(subscription_id)
    with transaction() as session:
        subscribing.end(session, found.id, by=asker(), now=now())
    flash(_("“%(name)s” is ended. What was sent stays readable.", name=found.name))
    return _back_to(found.person_id, ended=found.id)


@pages.post(f"{ONE}/take-up-again")
def take_up_again(subscription_id: int) -> Response:
    with transaction() as session:
        found = subscribing.take_up_again(session, subscription_id, by=asker(), now=now())
        name, person_id = found.name, found.person_id
    flash(_("“%(name)s” comes again.", name=name))
    return _back_to(person_id)


@pages.get(f"{ONE}/preview")
def preview(subscription_id: int) -> Response:
    """Their own alone: it shows what its reader may see. The mail is told when its frame asks for it."""
    found = _own(subscription_id)
    is_first = deliveries.told_until(reading(), found.person_id, found.id) is None
    return page_around(render_template("digests/preview.html", found=found, is_first=is_first))


@pages.get(f"{ONE}/preview/mail")
def preview_mail(subscription_id: int) -> Response:
    made = previewed(_own(subscription_id), now())
    return mail(made.html, made.images, made.subject)


@pages.get(f"{ONE}/preview/text")
def preview_text(subscription_id: int) -> Response:
    return plain_mail(previewed(_own(subscription_id), now()))


@pages.route("/urgent", methods=["GET", "POST"])
def urgent() -> Answer:
    asking, form = asker(), UrgentForm()
    form.offer()
    if not form.is_submitted():
        form.show(subscriptions.urgent_wish(reading(), asking.person_id))
        return render_template("digests/urgent.html", form=form, zone=reader().time_zone)
    if not form.validate():
        return render_template("digests/urgent.html", form=form, zone=reader().time_zone), 422
    with transaction() as session:
        if form.wanted.data == "yes":
            subscribing.want_urgent(session, asking.person_id, form.hours(), by=asking, now=now())
        else:
            subscribing.end_urgent(session, asking.person_id, by=asking, now=now())
    flash(_("You are told at once from now on.") if form.wanted.data == "yes" else _("You get no urgent notices."))
    return redirect(url_for("digests.digests"))


def _for_whom() -> Person:
    """Whoever the address names, for those who look after people; else oneself."""
    asking, number = asker(), row_number(request.args.get("person", ""))
    if number and number != asking.person_id and not asking.may(Right.MANAGE_PEOPLE):
        raise NobodyThere
    return _person(number or asking.person_id)


def _person(person_id: int) -> Person:
    person = people.by_id(reading(), person_id)
    if person is None:
        raise NobodyThere
    return person


def _one(subscription_id: int) -> Subscription:
    """Of one's own; whoever looks after people gets everybody's."""
    found, asking = subscriptions.by_id(reading(), subscription_id), asker()
    is_theirs = found is not None and (found.person_id == asking.person_id or asking.may(Right.MANAGE_PEOPLE))
    if found is None or not is_theirs or found.ended_at is not None:
        raise subscribing.NoSuchSubscription
    return found


def _just_ended() -> Subscription | None:
    """The one that the address names, so that its end can be undone. None: it names none that they could take up."""
    number, asking = row_number(request.args.get("ended", "")), asker()
    found = subscriptions.by_id(reading(), number) if number else None
    is_theirs = found is not None and (found.person_id == asking.person_id or asking.may(Right.MANAGE_PEOPLE))
    return found if is_theirs and found is not None and found.ended_at is not None else None


def _own(subscription_id: int) -> Subscription:
    found = _one(subscription_id)
    if found.person_id != asker().person_id:
        raise subscribing.NoSuchSubscription
    return found


def _form(person_id: int) -> SubscriptionForm:
    form, asking = SubscriptionForm(), asker()
    form.offer(offer(asking, is_own=person_id == asking.person_id))
    return form


def _form_page(
    form: SubscriptionForm,
    person: Person,
    found: Subscription | None = None,
    *,
    status: int = 200,
    conflict: Refusal | None = None,
) -> Answer:
    asking = asker()
    is_own = person.id == asking.person_id
    both = []
    if found is not None and conflict is not None:
        saved, wanted = (summary(one, asking, is_own=is_own) for one in (wanted_of(found), form.wanted()))
        both = [(term, now_saved, typed) for (term, now_saved), (_term, typed) in zip(saved, wanted, strict=True)]
    words = {"form": form, "person": person, "is_own": is_own, "found": found, "both": both}
    return render_template("digests/form.html", **words), status


def _back_to(person_id: int, ended: int | None = None) -> Response:
    """Where one's own are, or everybody's."""
    is_own = person_id == asker().person_id
    return redirect(url_for("digests.digests" if is_own else "digests.everybody", ended=ended))
