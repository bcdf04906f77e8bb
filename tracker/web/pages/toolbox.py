"""What can be done about a situation, and when is it sensible?"""

from flask import Blueprint, Response, render_template, request

from tracker.assessment import Stage
from tracker.measure import MeasureKind, Sphere
from tracker.web.csv_file import csv_file
from tracker.web.database import reading
from tracker.web.frame import frame
from tracker.web.moments import of_today
from tracker.web.session import reader
from tracker.web.situations.words import stage_word
from tracker.web.toolbox.library import Asked, as_csv, library
from tracker.web.toolbox.measure_page import measure_page
from tracker.web.toolbox.words import kind_word, sphere_word

pages = Blueprint("toolbox", __name__)


@pages.get("/toolbox")
def toolbox() -> str:
    return render_template(
        "toolbox/list.html",
        library=library(Asked.read(request.args)),
        kinds={kind: kind_word(kind) for kind in MeasureKind},
        stages={stage: stage_word(stage) for stage in Stage},
        spheres={sphere: sphere_word(sphere) for sphere in Sphere},
        criteria={criterion.key: criterion.name for criterion in frame().criteria},
    )


@pages.get("/toolbox.csv")
def toolbox_csv() -> Response:
    return csv_file(as_csv(library(Asked.read(request.args))), "toolbox", of_today())


@pages.get("/toolbox/<measure_key>")
def measure(measure_key: str) -> str:
    page = measure_page(reading(), measure_key, reader().principal, frame())
    return render_template("toolbox/one.html", page=page)
