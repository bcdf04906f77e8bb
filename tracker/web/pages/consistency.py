"""Are countries that cannot be told apart treated alike?"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tracker.access import Right
from tracker.actions import consistency as acting
from tracker.consistency import Unlike
from tracker.handling import Mark
from tracker.storage.consistency import in_order
from tracker.web.clock import now
from tracker.web.consistency.material import material_of, moment_of
from tracker.web.consistency.page import Asked, ConsistencyPage, consistency_page, pairs_as_csv
from tracker.web.consistency.pair import pair_page
from tracker.web.consistency.statement import statement_of
from tracker.web.country_choice import Wanted
from tracker.web.csv_file import csv_file
from tracker.web.database import reading
from tracker.web.forms.consistency import ConsistencyForm
from tracker.web.frame import frame
from tracker.web.sending import refused
from tracker.web.session import asker
from tracker.web.situations.act import opened

pages = Blueprint("consistency", __name__, url_prefix="/consistency")
Answer = str | Response | tuple[str, int]
PAIR = "/<int:year>/<iso3>/<other_iso3>"


@pages.get("", endpoint="consistency")
def pairs() -> str:
    page = _page(Asked.read(request.args))
    return render_template(
        "consistency/list.html", page=page, asked=page.asked, kinds=list(Unlike), every_group=frame().groups
    )


@pages.get("/pairs.csv")
def consistency_csv() -> Response:
    page = _page(Asked.read(request.args))
    return csv_file(pairs_as_csv(page), f"consistency-{page.asked.year}", page.material.moment)


@pages.get("/<int:year>")
def statement(year: int) -> str:
    moment_of(year)
    page = _page(Asked(Wanted.read(request.args), year))
    group = next((one for one in frame().groups if one.key == page.asked.places.group), None)
    words = {"said": statement_of(page), "page": page, "asked": page.asked, "group": group}
    return render_template("consistency/statement.html", mark=asker().clearance.label, **words)


@pages.get(PAIR)
def pair(year: int, iso3: str, other_iso3: str) -> Answer:
    return _pair(year, *_both(year, iso3, other_iso3))


@pages.post(PAIR)
def note(year: int, iso3: str, other_iso3: str) -> Answer:
    both, by = _both(year, iso3, other_iso3), asker()
    form = _form(acting.lowest_mark(reading(), *both, year, by=by, now=now()))
    words = form.words.data or ""
    problem = refused(
        form, by, lambda session: acting.explain(session, *both, year, words, handling=form.mark, by=by, now=now())
    )
    if problem:
        return _pair(year, *both, form, problem)
    flash(_("It is written down, and stands in the statement of the year."))
    return redirect(url_for("consistency.pair", year=year, iso3=iso3, other_iso3=other_iso3))


def _pair(
    year: int, one: str, other: str, form: ConsistencyForm | None = None, problem: tuple[int, str] = (200, "")
) -> Answer:
    material, may_explain = material_of(reading(), year, [one, other], asker()), asker().may(Right.WORK_ON_SITUATIONS)
    if may_explain and form is None:
        form = _form(material.highest_mark)
    found = pair_page(reading(), material, one, other, asker())
    words = {"page": found, "form": form, "may_explain": may_explain, "problem": problem[1]}
    return render_template("consistency/pair.html", year=year, **words), problem[0]


def _both(year: int, iso3: str, other_iso3: str) -> tuple[str, str]:
    """In order, and both there for whoever asks."""
    one, other = in_order(iso3, other_iso3)
    acting.refuse_pair(reading(), one, other, year, by=asker(), now=now())
    return one, other


def _form(lowest: Mark) -> ConsistencyForm:
    form = opened(ConsistencyForm, asker())
    form.offer(lowest, asker().clearance)
    return form


def _page(asked: Asked) -> ConsistencyPage:
    return consistency_page(reading(), asked, asker())
