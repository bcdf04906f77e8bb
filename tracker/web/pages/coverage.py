"""Where are we blind, and what is due from whom?"""

from flask import Blueprint, Response, render_template, request

from tracker.access import Right
from tracker.web.charts import heat_steps
from tracker.web.clock import now
from tracker.web.coverage.due_list import Asked as AskedDue
from tracker.web.coverage.due_list import DueList, due_as_csv, due_list
from tracker.web.coverage.heat import heat_columns, heat_rows
from tracker.web.coverage.page import Asked, CoveragePage, coverage_as_csv, coverage_page
from tracker.web.csv_file import csv_file
from tracker.web.database import reading
from tracker.web.frame import frame
from tracker.web.moments import moment, of_today
from tracker.web.session import reader

pages = Blueprint("coverage", __name__)


@pages.get("/coverage", endpoint="coverage")
def heat_map() -> str:
    page, may_record = _page(), reader().principal.may(Right.RECORD)
    return render_template(
        "coverage/map.html",
        page=page,
        columns=heat_columns(page) if page else [],
        rows=heat_rows(page, may_record=may_record) if page else [],
        steps=heat_steps(),
        may_record=may_record,
        every_group=frame().groups,
        moment=moment(),
        today=now().date(),
    )


@pages.get("/coverage.csv")
def coverage_csv() -> Response:
    return csv_file(coverage_as_csv(_page()), "coverage", moment())


@pages.get("/coverage/due")
def due() -> str:
    return render_template("coverage/due.html", listed=_due(), every_group=frame().groups, today=now().date())


@pages.get("/coverage/due.csv")
def due_csv() -> Response:
    return csv_file(due_as_csv(_due()), "due", of_today())


def _page() -> CoveragePage | None:
    return coverage_page(reading(), Asked.read(request.args), reader().principal, moment())


def _due() -> DueList:
    return due_list(reading(), AskedDue.read(request.args), reader().principal, now().date())
