"""What a reader keeps here for themselves: their countries, their views, and how far they have read."""

from datetime import UTC, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tracker.actions import reading as acting
from tracker.country import in_order
from tracker.refusal import NotThere, Refusal
from tracker.web.clock import now
from tracker.web.database import transaction
from tracker.web.frame import frame
from tracker.web.next_page import can_be_kept
from tracker.web.session import asker, reader
from tracker.web.words import reader_language

pages = Blueprint("own", __name__, url_prefix="/own")
Answer = str | Response | tuple[str, int]


@pages.get("", endpoint="own")
def own_countries() -> Answer:
    return _countries()


@pages.post("/countries")
def countries() -> Answer:
    """All of them at once, as the page showed them."""
    wanted, shown = set(request.form.getlist("own")), set(request.form.getlist("shown"))
    if not all(asker().reaches(iso3) for iso3 in wanted | shown):
        raise NotThere(_("There is no such country."))
    with transaction() as session:
        acting.choose_own(session, asker().person_id, wanted, among=shown)
    flash(_("These are your countries now."))
    return redirect(url_for("dashboard.dashboard", who="mine"))


@pages.post("/countries/<iso3>")
def country(iso3: str) -> Answer:
    wanted = request.form.get("own")
    if wanted not in ("yes", "no"):
        abort(400)
    with transaction() as session:
        acting.call_own(session, asker().person_id, iso3, wanted == "yes")
    flash(_("It is one of your countries now.") if wanted == "yes" else _("It is none of your countries any more."))
    return redirect(url_for("countries.country", iso3=iso3))


@pages.route("/views", methods=["GET", "POST"])
def views() -> Answer:
    if request.method == "GET":
        return _views()
    name, address = request.form.get("name", ""), request.form.get("address", "")
    try:
        if not can_be_kept(address):
            raise acting.NotOurs
        with transaction() as session:
            acting.save_view(session, asker().person_id, name, address, is_start="start" in request.form)
    except Refusal as refused:
        return _views(_(refused.sentence, **refused.values)), 422
    flash(_("The view is saved. You find it on the page “My views”."))
    return redirect(address)


@pages.post("/views/<int:view_id>/start")
def start(view_id: int) -> Answer:
    with transaction() as session:
        acting.start_with(session, asker().person_id, view_id)
    flash(_("You begin with this view from now on."))
    return redirect(url_for("own.views"))


@pages.post("/views/no-start")
def no_start() -> Answer:
    with transaction() as session:
        acting.start_with(session, asker().person_id, None)
    flash(_("You begin at the dashboard again."))
    return redirect(url_for("own.views"))


@pages.post("/views/<int:view_id>/remove")
def remove(view_id: int) -> Answer:
    with transaction() as session:
        name, address = acting.remove_view(session, asker().person_id, view_id)
    flash(_("“%(name)s” is removed. To have it back, save it again.", name=name))
    return redirect(url_for("own.views", address=address, name=name))


@pages.post("/seen")
def seen() -> Answer:
    """Sent by a page when it is left: up to then everything stood on it."""
    with transaction() as session:
        acting.have_seen(session, asker().person_id, _instant("until"), now=now())
    return "", 204


@pages.post("/nothing-new")
def nothing_new() -> Answer:
    with transaction() as session:
        since = acting.nothing_is_new(session, asker().person_id, _instant("until"), now=now())
    flash(_("You have seen it all. Only what was written down in the last two minutes, and what comes, is new."))
    return redirect(url_for("dashboard.dashboard", seen_since=since.isoformat() if since else None))


@pages.post("/new-again")
def new_again() -> Answer:
    with transaction() as session:
        acting.new_again_since(session, asker().person_id, _instant("since"), now=now())
    return redirect(url_for("dashboard.dashboard"))


def _instant(name: str) -> datetime:
    try:
        found = datetime.fromisoformat(request.form.get(name, ""))
    except ValueError:
        abort(400)
    if found.tzinfo is None:
        abort(400)
    return found.astimezone(UTC)


def _countries() -> str:
    asking = asker()
    reached = [one for one in frame().countries.values() if asking.reaches(one.iso3)]
    return render_template("own/countries.html", countries=in_order(reached, reader_language()), own=reader().own)


def _views(trouble: str = "") -> str:
    typed = request.form if request.method == "POST" else request.args
    address = typed.get("address", "")
    return render_template(
        "own/views.html",
        own=reader().own,
        address=address if can_be_kept(address) else "",
        name=typed.get("name", "")[: acting.LONGEST_NAME],
        trouble=trouble,
        longest=acting.LONGEST_NAME,
    )
