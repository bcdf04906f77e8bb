"""Where do countries stand on a measure, and what is recorded about one of them?"""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from tracker.access import Principal, Right
from tracker.actions import countries as acting
from tracker.refusal import NotThere
from tracker.storage.answering import answering
from tracker.storage.watching import Country
from tracker.web.assistance.listing import open_lines
from tracker.web.charts import chart_of
from tracker.web.clock import now
from tracker.web.countries.as_csv import country_as_csv
from tracker.web.countries.course_page import course_page
from tracker.web.countries.listing import Asked, country_list
from tracker.web.countries.measure_page import measure_page
from tracker.web.countries.page import CountryPage, country_page
from tracker.web.countries.sheets import list_as_csv, series_as_csv
from tracker.web.countries.tree import longest_bar
from tracker.web.csv_file import csv_file
from tracker.web.database import reading, transaction
from tracker.web.frame import frame
from tracker.web.moments import moment, of_today
from tracker.web.session import reader
from tracker.web.sharing.others import others_see
from tracker.web.windows import window_arguments, window_asked_for, window_words
from tracker.web.words import marks_up_to

pages = Blueprint("countries", __name__, url_prefix="/countries")


@pages.get("", endpoint="countries")
def all_countries() -> str:
    listed = country_list(reading(), Asked.read(request.args), reader().principal, now().date())
    return render_template("countries/list.html", listed=listed, asked=listed.asked, every_group=frame().groups)


@pages.get("/list.csv")
def countries_csv() -> Response:
    """The list as it is seen, with the same filters and order."""
    listed = country_list(reading(), Asked.read(request.args), reader().principal, now().date())
    return csv_file(list_as_csv(listed), "countries", of_today())


@pages.get("/<iso3>")
def country(iso3: str) -> str:
    page, asking = _page(iso3), reader().principal
    window = window_arguments(page.window)
    place = url_for("countries.country", iso3=iso3)
    return render_template(
        "countries/one.html",
        page=page,
        base=place,
        of_then=f"?{urlencode(moment().as_arguments())}" if not moment().is_now else "",
        same={**window, **moment().as_arguments()},
        window=window,
        windows=window_words(),
        longest=longest_bar(page.tree),
        today=now().date(),
        marks=marks_up_to(asking.clearance),
        may_record=asking.may(Right.RECORD),
        may_watch=asking.may(Right.MANAGE_COUNTRIES),
        may_raise=asking.may(Right.WORK_ON_SITUATIONS),
        may_ask=asking.may(Right.ASK_FOR_HELP),
        **_answering(iso3, asking),
    )


@pages.get("/<iso3>.csv")
def country_csv(iso3: str) -> Response:
    """Everything that the page shows, with the same window and day."""
    return csv_file(country_as_csv(_page(iso3)), iso3, moment())


@pages.get("/<iso3>/course")
def course(iso3: str) -> str:
    window, place = window_asked_for(request.args), _country(iso3)
    node = request.args.get("criterion", "")
    return render_template(
        "countries/course.html",
        page=course_page(reading(), place, node, reader().principal, moment(), window, frame()),
        country=place,
        moment=moment(),
        window=window_arguments(window),
        same={**window_arguments(window), **moment().as_arguments()},
        windows=window_words(),
        today=now().date(),
    )


@pages.get("/<iso3>/<key>")
def measure(iso3: str, key: str) -> str:
    page = measure_page(reading(), _country(iso3), key, reader().principal, moment())
    chart = chart_of(page.measure) if page.measure else None
    base = url_for("countries.measure", iso3=iso3, key=key)
    return render_template("countries/measure.html", page=page, chart=chart, base=base, today=now().date())


@pages.get("/<iso3>/<key>.csv")
def series_csv(iso3: str, key: str) -> Response:
    page = measure_page(reading(), _country(iso3), key, reader().principal, moment())
    return csv_file(series_as_csv(iso3, page.indicator, page.recorded), f"{iso3}-{key}", moment())


@pages.post("/<iso3>/watch")
def watch(iso3: str) -> AnyResponse:
    wanted = request.form.get("watched")
    if wanted not in ("yes", "no"):
        abort(400)
    with transaction() as session:
        acting.watch(session, iso3, wanted == "yes", by=reader().principal.person_id, now=now())
    flash(_("This country is watched now.") if wanted == "yes" else _("This country is no longer watched."))
    return redirect(url_for("countries.country", iso3=iso3))


def _answering(iso3: str, asking: Principal) -> dict[str, Any]:
    """Who answers for it, what it asked for and what others see; of today, for what was so then may not be known."""
    if not moment().is_now:
        return {}
    found = answering(reading(), iso3, asking.clearance)
    calls, others = open_lines(found.calls, now().date()), others_see(found.statements)
    return {"offices": found.offices, "calls": calls, "others": others}


def _page(iso3: str) -> CountryPage:
    window = window_asked_for(request.args)
    return country_page(reading(), _country(iso3), reader().principal, moment(), window, frame())


def _country(iso3: str) -> Country:
    found = frame().countries.get(iso3)
    if found is None:
        raise NotThere(_("There is no such country."))
    return found
