"""What is coming in a country?"""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tracker.access import Right
from tracker.actions import occasions as acting
from tracker.refusal import NotThere, Refusal
from tracker.storage import countries, occasions
from tracker.web.clock import now
from tracker.web.database import reading, transaction
from tracker.web.forms.situations import OccasionForm
from tracker.web.session import asker

pages = Blueprint("occasions", __name__, url_prefix="/countries/<iso3>/occasions")
Answer = str | Response | tuple[str, int]


@pages.get("", endpoint="occasions")
def of_country(iso3: str) -> Answer:
    return _page(iso3, _form())


@pages.post("")
def enter(iso3: str) -> Answer:
    form = _form()
    if not form.validate():
        return _page(iso3, form, 422)
    try:
        with transaction() as session:
            acting.enter(
                session,
                iso3,
                form.occasion_kind,
                form.name_.data or "",
                form.on,
                handling=form.mark,
                by=asker(),
                now=now(),
            )
    except NotThere:
        raise
    except Refusal as refused:
        form.blame(refused)
        return _page(iso3, form, 422)
    flash(_("It is entered."))
    return redirect(url_for("occasions.occasions", iso3=iso3))


@pages.post("/<int:occasion_id>/call-off")
def call_off(iso3: str, occasion_id: int) -> Response:
    with transaction() as session:
        acting.call_off(session, iso3, occasion_id, by=asker(), now=now())
    flash(_("It is called off, and sets nothing off any more."))
    return redirect(url_for("occasions.occasions", iso3=iso3))


def _page(iso3: str, form: OccasionForm, status: int = 200) -> Answer:
    country, reader = countries.country(reading(), iso3), asker()
    if country is None:
        raise NotThere(_("There is no such country."))
    coming = occasions.coming(reading(), [iso3], now().date(), date.max, clearance=reader.clearance)
    may_enter = reader.may(Right.WORK_ON_SITUATIONS)
    words = {"country": country, "form": form, "coming": coming, "may_enter": may_enter}
    return render_template("occasions/list.html", **words), status


def _form() -> OccasionForm:
    form = OccasionForm()
    form.offer(asker().clearance)
    return form
