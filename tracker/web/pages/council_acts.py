"""What did councils do about a country?"""

from collections.abc import Sequence
from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tracker.access import Right
from tracker.actions import council_acts as acting
from tracker.occasion import OccasionKind
from tracker.refusal import NotThere
from tracker.storage import council_acts, countries, occasions
from tracker.storage.conclusions import Occasion
from tracker.storage.occasions import on_days
from tracker.web.clock import now
from tracker.web.council_acts.words import acts_told, known_councils
from tracker.web.database import reading, transaction
from tracker.web.forms.council_acts import CouncilActForm
from tracker.web.sending import refused
from tracker.web.session import asker
from tracker.web.situations.act import opened
from tracker.web.words import day

pages = Blueprint("council_acts", __name__, url_prefix="/countries/<iso3>/council-acts")
Answer = str | Response | tuple[str, int]
# What a council did is written down within some months of its session.
SESSIONS_BACK = timedelta(days=366)
COUNCILS = (OccasionKind.SESSION, OccasionKind.REVIEW, OccasionKind.FOCAL_POINTS)


@pages.get("", endpoint="council_acts")
def of_country(iso3: str) -> Answer:
    days = _days(iso3)
    return _page(iso3, _form(days), days)


@pages.post("")
def enter(iso3: str) -> Answer:
    days, by = _days(iso3), asker()
    form = _form(days)
    problem = refused(
        form,
        by,
        lambda session: acting.enter(
            session, iso3, form.draft(), occasion_id=form.occasion_id, handling=form.mark, by=by, now=now()
        ),
    )
    if problem:
        return _page(iso3, form, days, problem[0])
    flash(_("It is entered, and stands in the timeline of what was open on that day."))
    return redirect(url_for("council_acts.council_acts", iso3=iso3))


@pages.post("/<int:act_id>/remove")
def remove(iso3: str, act_id: int) -> Response:
    with transaction() as session:
        acting.remove(session, iso3, act_id, by=asker(), now=now())
    flash(_("It is taken out. Here it stays, crossed out."))
    return redirect(url_for("council_acts.council_acts", iso3=iso3))


def _page(iso3: str, form: CouncilActForm, days: Sequence[Occasion], status: int = 200) -> Answer:
    country, reader = countries.country(reading(), iso3), asker()
    if country is None:
        raise NotThere(_("There is no such country."))
    acts = council_acts.of_country(reading(), iso3, reader.clearance, with_removed=True)
    found = acts_told(acts, {one.id: one.name for one in days})
    may_enter = reader.may(Right.WORK_ON_SITUATIONS)
    words = {"country": country, "form": form, "acts": found, "may_enter": may_enter, "councils": known_councils()}
    return render_template("council_acts/list.html", **words), status


def _days(iso3: str) -> Sequence[Occasion]:
    return occasions.ever(reading(), [iso3], asker().clearance)


def _form(days: Sequence[Occasion]) -> CouncilActForm:
    form = opened(CouncilActForm, asker())
    form.offer(asker().clearance, _sessions(days, now().date()))
    return form


def _sessions(days: Sequence[Occasion], today: date) -> Sequence[tuple[str, str]]:
    """The latest first; of what comes again the latest alone."""
    known = [one for one in days if one.kind in COUNCILS and not one.removed]
    held = on_days(known, today - SESSIONS_BACK, today)
    latest = {one.id: one for one in held}
    newest_first = sorted(latest.values(), key=lambda one: one.day, reverse=True)
    return [(str(one.id), f"{one.name}, {day(one.day)}") for one in newest_first]
