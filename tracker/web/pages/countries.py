"""Where do countries stand on a measure, and what is recorded about one of them?"""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from tracker.access import Principal, Right
from tracker.actions import countries as acting
from tracker.country import GroupKind
from tracker.refusal import NotThere
from tracker.storage import catalogue, observations, situations
from tracker.storage import countries as stored
from tracker.web.charts import chart_of
from tracker.web.clock import now
from tracker.web.country_list import Asked, country_list
from tracker.web.country_page import evidence_for
from tracker.web.country_scores import country_scores
from tracker.web.country_sheets import list_as_csv, series_as_csv
from tracker.web.database import reading, transaction
from tracker.web.session import principal

pages = Blueprint("countries", __name__, url_prefix="/countries")


@pages.get("", endpoint="countries")
def all_countries() -> str:
    listed = country_list(reading(), Asked.read(request.args), _reader(), now().date())
    return render_template("countries/list.html", listed=listed, asked=listed.asked)


@pages.get("/list.csv")
def countries_csv() -> Response:
    """The list as it is seen, with the same filters and order."""
    listed = country_list(reading(), Asked.read(request.args), _reader(), now().date())
    return _csv(list_as_csv(listed), "countries.csv")


@pages.get("/<iso3>")
def country(iso3: str) -> str:
    row = stored.country(reading(), iso3)
    if row is None:
        raise NotThere(_("There is no such country."))
    groups = stored.groups_of(reading(), iso3)
    evidence = evidence_for(reading(), iso3, _reader(), now().date())
    return render_template(
        "countries/one.html",
        country=row,
        evidence=evidence,
        scores=country_scores(reading(), iso3, _reader(), [one.criterion for one in evidence.sections]),
        charts={measure.indicator.key: chart_of(measure) for measure in evidence.measures},
        may_record=_reader().may(Right.RECORD),
        may_watch=_reader().may(Right.MANAGE_COUNTRIES),
        may_raise=_reader().may(Right.WORK_ON_SITUATIONS),
        situations=[one for one in situations.of_country(reading(), iso3, _reader().clearance) if not one.closed_at],
        divisions=[group for group in groups if group.kind is not GroupKind.ORGANISATION],
        organisations=[group for group in groups if group.kind is GroupKind.ORGANISATION],
    )


@pages.get("/<iso3>/<key>.csv")
def series_csv(iso3: str, key: str) -> Response:
    indicator = catalogue.indicator(reading(), key)
    if indicator is None or stored.country(reading(), iso3) is None:
        raise NotThere(_("There is no such series."))
    standing = observations.of_country(reading(), iso3, _reader().clearance, on=now().date())
    seen = [row for row in standing if row.indicator_id == indicator.id]
    unknowns = observations.unknowns(reading(), iso3, _reader().clearance, on=now().date(), indicator_id=indicator.id)
    return _csv(series_as_csv(iso3, indicator, seen, unknowns), f"{iso3}-{indicator.key}.csv")


@pages.post("/<iso3>/watch")
def watch(iso3: str) -> AnyResponse:
    wanted = request.form.get("watched")
    if wanted not in ("yes", "no"):
        abort(400)
    with transaction() as session:
        acting.watch(session, iso3, wanted == "yes", by=_reader().person_id, now=now())
    flash(_("This country is watched now.") if wanted == "yes" else _("This country is no longer watched."))
    return redirect(url_for("countries.country", iso3=iso3))


def _reader() -> Principal:
    reader = principal()
    assert reader is not None, "the guard lets nobody in here who is not signed in"
    return reader


def _csv(text: str, name: str) -> Response:
    return Response(text, mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'})
