"""What is coming, in all countries that the reader may know of?"""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from tracker.access import Right
from tracker.actions import occasions as acting
from tracker.actions.occasion_imports import ProblemsLeft, enter_file, look
from tracker.exchange.occasion_files import lines_of
from tracker.handling import Mark
from tracker.refusal import Refusal
from tracker.storage.conclusions import Occasion
from tracker.storage.occasions import as_draft
from tracker.web.calendar_page import Asked, CalendarPage, calendar_page
from tracker.web.clock import now
from tracker.web.csv_file import csv_file
from tracker.web.database import reading, transaction
from tracker.web.forms.occasion_files import OccasionFileForm
from tracker.web.forms.occasions import COUNTRY, OccasionForm
from tracker.web.frame import frame
from tracker.web.moments import file_name, moment
from tracker.web.occasions.as_csv import calendar_as_csv
from tracker.web.occasions.as_icalendar import calendar_file
from tracker.web.occasions.bringing import Looked
from tracker.web.occasions.one import Shown, found, shown
from tracker.web.occasions.places import places_for
from tracker.web.sending import refused
from tracker.web.session import asker, reader
from tracker.web.situations.act import opened
from tracker.web.situations.words import occasion_words

pages = Blueprint("calendar", __name__)
Answer = str | AnyResponse | tuple[str, int]
ONE = "/calendar/days/<int:occasion_id>"


@pages.get("/calendar", endpoint="calendar")
def coming() -> str:
    return render_template(
        "calendar/year.html",
        page=_page(),
        kinds=occasion_words(),
        may_enter=reader().principal.may(Right.WORK_ON_SITUATIONS),
        every_group=frame().groups,
        moment=moment(),
        today=now().date(),
    )


@pages.get("/calendar.csv", endpoint="calendar_csv")
def as_csv() -> Response:
    return csv_file(calendar_as_csv(_page()), "calendar", moment())


@pages.get("/calendar.ics", endpoint="calendar_ics")
def as_icalendar() -> Response:
    page = _page()
    days = calendar_file(one.one for one in (*page.coming, *page.over))
    named = {"Content-Disposition": f'attachment; filename="{file_name("calendar", "ics", page.moment)}"'}
    return Response(days, mimetype="text/calendar", headers=named)


@pages.route("/calendar/enter", methods=["GET", "POST"])
def enter() -> Answer:
    form, by = opened(OccasionForm, asker()), asker()
    form.offer(by.clearance, places_for(by))
    if request.method == "GET":
        if not form.was_kept and "country" in request.args:
            form.place.data = f"{COUNTRY}{request.args['country']}"
        return render_template("calendar/enter.html", form=form)
    made: list[Occasion] = []
    problem = refused(
        form,
        by,
        lambda session: made.append(
            acting.write_in(
                session, form.draft(), handling=form.mark, is_another=form.is_another.data, by=by, now=now()
            )
        ),
    )
    if problem:
        return render_template("calendar/enter.html", form=form), problem[0]
    flash(_("It is entered."))
    return redirect(url_for("calendar.occasion", occasion_id=made[0].id))


@pages.route("/calendar/import", methods=["GET", "POST"])
def bring() -> Answer:
    by = asker()
    form = OccasionFileForm()
    form.offer(by.clearance, places_for(by))
    if request.method == "GET":
        return _bringing(form)
    if not form.validate():
        return _bringing(form), 422
    try:
        text = form.content()
        lines = lines_of(text, form.usual())
        if form.is_to_be_entered:
            with transaction() as session:
                mark, left_out = form.mark, form.left_out_number
                done = enter_file(session, lines, handling=mark, left_out=left_out, by=by, now=now())
            flash(
                ngettext(
                    "%(num)s day is entered, changed or called off.",
                    "%(num)s days are entered, changed or called off.",
                    Looked(text, done).number,
                )
            )
            return redirect(url_for("calendar.calendar"))
    except ProblemsLeft as because:
        form.blame(because)
    except Refusal as because:
        form.blame(because)
        return _bringing(form), 422
    with_what = look(reading(), lines, handling=form.mark, by=by, today=now().date())
    return _bringing(form, Looked(text, with_what)), 422 if form.file.errors else 200


@pages.get(ONE)
def occasion(occasion_id: int) -> str:
    return render_template("calendar/occasion.html", page=_one(occasion_id))


@pages.route(f"{ONE}/change", methods=["GET", "POST"])
def change(occasion_id: int) -> Answer:
    page, form, by = _one(occasion_id), opened(OccasionForm, asker()), asker()
    if not page.is_within:
        abort(403)
    form.offer(by.clearance, every_months=page.occasion.every_months)
    if request.method == "GET":
        if not form.was_kept:
            form.show(as_draft(page.occasion), Mark(page.occasion.handling), page.occasion.version)
        return _changing(page, form)
    problem = refused(
        form,
        by,
        lambda session: acting.change(
            session, occasion_id, form.draft(), handling=form.mark, seen=form.seen_number, by=by, now=now()
        ),
    )
    if problem:
        status, words = problem
        page = _one(occasion_id)
        if status == 409:
            form.seen.data = str(page.occasion.version)
        return _changing(page, form, words), status
    flash(_("It is changed."))
    return redirect(url_for("calendar.occasion", occasion_id=occasion_id))


@pages.post(f"{ONE}/call-off")
def call_off(occasion_id: int) -> AnyResponse:
    with transaction() as session:
        acting.call_off(session, occasion_id, by=asker(), now=now())
    flash(_("It is called off, and sets nothing off any more. You can bring it back."))
    return redirect(url_for("calendar.occasion", occasion_id=occasion_id))


@pages.post(f"{ONE}/bring-back")
def bring_back(occasion_id: int) -> AnyResponse:
    with transaction() as session:
        acting.bring_back(session, occasion_id, by=asker(), now=now())
    flash(_("It is coming again."))
    return redirect(url_for("calendar.occasion", occasion_id=occasion_id))


def _one(occasion_id: int) -> Shown:
    return shown(reading(), found(reading(), occasion_id, asker()), asker(), now().date())


def _bringing(form: OccasionFileForm, looked: Looked | None = None) -> str:
    return render_template("calendar/import.html", form=form, looked=looked)


def _changing(page: Shown, form: OccasionForm, problem: str = "") -> str:
    words: dict[str, Any] = {"page": page, "form": form, "problem": problem}
    return render_template("calendar/change.html", **words)


def _page() -> CalendarPage:
    return calendar_page(reading(), Asked.read(request.args), reader().principal, moment())
