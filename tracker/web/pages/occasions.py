"""What is coming in a country?"""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tracker.access import Right
from tracker.actions import occasions as acting
from tracker.refusal import NotThere
from tracker.storage import countries, occasions
from tracker.web.clock import now
from tracker.web.database import reading
from tracker.web.forms.occasions import OccasionForm
from tracker.web.occasions.listing import Listing
from tracker.web.sending import refused
from tracker.web.session import asker
from tracker.web.situations.act import opened

pages = Blueprint("occasions", __name__, url_prefix="/countries/<iso3>/occasions")
Answer = str | Response | tuple[str, int]


@pages.get("", endpoint="occasions")
def of_country(iso3: str) -> Answer:
    return _page(iso3, _form())


@pages.post("")
def enter(iso3: str) -> Answer:
    form, by = _form(), asker()
    problem = refused(
        form,
        by,
        lambda session: acting.write_in(
            session, form.draft(iso3), handling=form.mark, is_another=form.is_another.data, by=by, now=now()
        ),
    )
    if problem:
        return _page(iso3, form, problem[0])
    flash(_("It is entered."))
    return redirect(url_for("occasions.occasions", iso3=iso3))


def _page(iso3: str, form: OccasionForm, status: int = 200) -> Answer:
    country, reader, today = countries.country(reading(), iso3), asker(), now().date()
    if country is None:
        raise NotThere(_("There is no such country."))
    found = occasions.of_country(reading(), iso3, today, reader.clearance)
    may_enter = reader.may(Right.WORK_ON_SITUATIONS)
    words = {"country": country, "form": form, "page": Listing.of(found, today), "may_enter": may_enter}
    return render_template("occasions/list.html", **words), status


def _form() -> OccasionForm:
    form = opened(OccasionForm, asker())
    form.offer(asker().clearance)
    return form
