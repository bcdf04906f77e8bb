"""Entering what is known about a country, month by month: a grid to type into, saved as it is typed."""

import re
from collections.abc import Mapping
from datetime import date

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from tracker.actions.codings import submitting, writing
from tracker.answer import Trouble, grade_in
from tracker.coding import has_begun, period_of, usual_period
from tracker.refusal import N_, NotThere
from tracker.storage import catalogue, countries
from tracker.storage.base import Session
from tracker.storage.codings import Place
from tracker.storage.recording import Coding
from tracker.storage.watching import Country
from tracker.web import country_choice, parking
from tracker.web.clock import now
from tracker.web.codings import acts as entry_acts
from tracker.web.codings.grid import Grid, entry_grid, grid_url
from tracker.web.codings.grid_row import conflict_of
from tracker.web.codings.offline_sheet import Wanted, offline_sheet
from tracker.web.codings.start import entry_start
from tracker.web.codings.typed import Typed
from tracker.web.database import reading, transaction
from tracker.web.errors import in_words
from tracker.web.forms.cells import FIELDS, Sent, cell_in, cells_in, indicator_in, number_in
from tracker.web.frame import frame
from tracker.web.session import asker
from tracker.web.strict_json import json_object, text_in
from tracker.web.words import trouble_words

pages = Blueprint("enter", __name__, url_prefix="/enter")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Of more countries it is said how many they are.
MOST_DUE = 10
# More countries than that are found sooner by their region or organisation.
MANY = 15
MONTH = re.compile(r"(19|20)[0-9][0-9]-(0[1-9]|1[0-2])")


@pages.get("", endpoint="enter")
def choose() -> str:
    return _start()


@pages.get("/go")
def go() -> AnyResponse | tuple[str, int]:
    """From the choice of a country and a month to its grid."""
    country = _country(request.args.get("iso3", ""))
    try:
        period = _period()
    except NotThere as refused:
        return _start(problem=in_words(refused), chosen=country.iso3), 422
    return redirect(grid_url(country.iso3, period))


@pages.get("/sheet.xlsx")
def sheet() -> Response:
    """Questions to take away, fill in offline and import."""
    wanted = Wanted(request.args.get("iso3", ""), request.args.get("criterion", ""), _period())
    content = offline_sheet(reading(), wanted, asker(), now().date())
    named = {"Content-Disposition": f'attachment; filename="{wanted.file_name}"'}
    return Response(content, mimetype=XLSX, headers=named)


@pages.get("/<iso3>")
def grid(iso3: str) -> str:
    country, period = _country(iso3), _period()
    kept = parking.parked(reading(), asker().person_id, grid_url(iso3, period))
    return _page(_grid(country, period, Typed.restored(_readable(kept)) if kept else None))


@pages.post("/<iso3>")
def save(iso3: str) -> AnyResponse | tuple[str, int]:
    """Saves what was typed, all of it; then does what the button says."""
    country, period = _country(iso3), _period()
    act = entry_acts.Act.read(request.form.get("do", entry_acts.SAVE))
    sent = entry_acts.meant(act, cells_in(request.form), _grid(country, period).sections)
    with transaction() as session:
        done = entry_acts.save_all(session, country, period, sent, by=asker())
        if act.verb == entry_acts.THEIRS:
            entry_acts.give_way(session, country, period, act, done, by=asker())
        parking.unpark(session, asker().person_id, grid_url(iso3, period))
    if not done.is_whole:
        said = {key: in_words(refused) for key, refused in done.refused.items()}
        return _page(_grid(country, period, Typed.of(sent, done.conflicts, said))), 409
    if grade_in(request.form.get("all-grade", "")) is None:
        flash(_("The grade for many is no grade, so it was left out: it is a letter and a digit, as B2."), "error")
    if act.verb == entry_acts.SUBMIT:
        return _submit(country, period)
    flash(ngettext("%(num)s change saved.", "%(num)s changes saved.", done.saved) if done.saved else _("Saved."))
    return redirect(grid_url(iso3, period, anchor=act.of if act.of.isidentifier() else ""))


@pages.post("/<iso3>/cell")
def cell(iso3: str) -> tuple[Response, int]:
    """One cell, as the script saves it while somebody types."""
    country, sent = _country(iso3), json_object()
    period = _month(text_in(sent, "period", longest=7))
    indicator_id = indicator_in(text_in(sent, "indicator", longest=5))
    one = cell_in({name: text_in(sent, name, longest=20_000) for name in FIELDS})
    with transaction() as session:
        try:
            place = Place(country.iso3, indicator_id, period)
            saved = writing.save(session, place, one.answer, seen=one.seen, by=asker(), now=now())
        except writing.CellChanged as changed:
            return jsonify(_both(changed)), 409
        found = _troubles(session, saved)
    said = [trouble_words(trouble) for trouble in found if not trouble.can_wait]
    return jsonify(seen=saved.cell_version, troubles=said, lacks_source=len(said) < len(found)), 200


@pages.post("/<iso3>/take-back")
def take_back(iso3: str) -> AnyResponse:
    _country(iso3)
    period, chosen = _period(), [number_in(text) for text in request.form.getlist("coding")]
    with transaction() as session:
        taken = writing.take_back(session, chosen, by=asker(), now=now())
    flash(ngettext("%(num)s answer is a draft again.", "%(num)s answers are drafts again.", taken))
    return redirect(grid_url(iso3, period))


def _troubles(session: Session, draft: Coding) -> list[Trouble]:
    """Of them, what can wait is told beside the cell while somebody still types."""
    if not writing.answer_of(draft).is_given:
        return []
    cell, today = draft.cell, now().date()
    found = submitting.troubles_of(session, [draft], cell.iso3, cell.period, by=asker(), today=today)
    return list(found[cell.indicator_id])


def _submit(country: Country, period: date) -> AnyResponse | tuple[str, int]:
    """What is in order is on its way already when the page says what is not."""
    with transaction() as session:
        outcome = submitting.submit(session, country.iso3, period, by=asker(), now=now())
    if outcome.submitted:
        flash(
            ngettext(
                "%(num)s answer is submitted: a second person will look at it.",
                "%(num)s answers are submitted: a second person will look at them.",
                outcome.submitted,
            )
        )
    if outcome.troubles:
        return _page(_grid(country, period), needs=len(outcome.troubles)), 422
    if not outcome.submitted:
        flash(_("There is nothing to submit: no cell has an answer that is a draft."), "error")
    return redirect(grid_url(country.iso3, period))


def _grid(country: Country, period: date, typed: Typed | None = None) -> Grid:
    return entry_grid(reading(), country, period, asker(), now().date(), typed=typed)


def _page(shown: Grid, needs: int = 0) -> str:
    told = shown.told(everything=needs > 0)
    return render_template("enter/grid.html", grid=shown, needs=needs, told=told, today=now().date())


def _both(changed: writing.CellChanged) -> dict[str, object]:
    """Everything that the cell holds besides what was just typed, for the script to show side by side."""
    own_id = next((one.id for one in changed.found if one.author_id == asker().person_id), None)
    shown = [conflict_of(one, is_own=one.id == own_id) for one in changed.found]
    return {
        "fresh": changed.cell_version,
        "found": [{"who": one.who, "value": one.written, "source": one.source, "note": one.note} for one in shown],
    }


def _readable(kept: Mapping[str, str]) -> dict[int, Sent]:
    """A form that was put aside by an older version of the product may have had other fields."""
    try:
        return cells_in(kept)
    except HTTPException:
        return {}


def _start(problem: str = "", chosen: str = "") -> str:
    today, wanted = now().date(), country_choice.Wanted.read(request.args)
    words = {
        "start": entry_start(reading(), country_choice.within(asker(), wanted.group), today),
        "criteria": catalogue.criteria_in_force(reading()),
        "wanted": wanted,
        "every_group": frame().groups,
        "problem": problem,
        "chosen": chosen,
    }
    return render_template("enter/choose.html", today=today, most=MOST_DUE, many=MANY, **words)


def _country(iso3: str) -> Country:
    country = countries.country(reading(), iso3)
    if country is None:
        raise NotThere(N_("There is no such country."))
    return country


def _period() -> date:
    asked = request.args.get("period", "")
    return _month(asked) if asked else usual_period(now().date())


def _month(text: str) -> date:
    if not MONTH.fullmatch(text):
        raise NotThere(N_("There is no such month."))
    period = period_of(date(int(text[:4]), int(text[5:]), 1))
    if not has_begun(period, now().date()):
        raise NotThere(N_("That month has not begun: nothing can be known about it yet."))
    return period
