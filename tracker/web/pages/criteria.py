"""The catalogue, as analysts read it: what is asked, on which scale, and who asked for it."""

from flask import Blueprint, render_template
from flask_babel import gettext as _

from tracker.criterion import Dimension, Meeting
from tracker.refusal import NotThere
from tracker.storage import catalogue
from tracker.web.database import reading

pages = Blueprint("criteria", __name__, url_prefix="/criteria")


@pages.get("")
def criteria() -> str:
    rows = catalogue.criteria_in_force(reading())
    by_dimension = {dimension: [row for row in rows if row.dimension is dimension] for dimension in Dimension}
    return render_template("criteria/list.html", by_dimension=by_dimension, version=catalogue.newest_version(reading()))


@pages.get("/<key>")
def criterion(key: str) -> str:
    row = catalogue.criterion(reading(), key)
    if row is None:
        raise NotThere(_("There is no such criterion."))
    return render_template("criteria/one.html", criterion=row, meetings={meeting.value: meeting for meeting in Meeting})
