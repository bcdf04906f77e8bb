"""The catalogue, as analysts read it: what is asked, on which scale, and who asked for it."""

from flask import Blueprint, render_template
from flask_babel import gettext as _

from tracker.criterion import Dimension
from tracker.refusal import NotThere
from tracker.storage import catalogue
from tracker.web.database import reading

pages = Blueprint("criteria", __name__, url_prefix="/criteria")


@pages.get("")
def criteria() -> str:
    rows, version = catalogue.criteria_in_force(reading()), catalogue.newest_version(reading())
    return render_template(
        "criteria/list.html",
        by_dimension={dimension: [row for row in rows if row.dimension is dimension] for dimension in Dimension},
        version=version,
        terms=[(term["name"], term["meaning"]) for term in version.content["terms"]] if version else [],
    )


@pages.get("/<key>")
def criterion(key: str) -> str:
    row = catalogue.criterion(reading(), key)
    if row is None:
        raise NotThere(_("There is no such criterion."))
    return render_template("criteria/one.html", criterion=row)
