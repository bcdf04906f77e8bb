"""Who does what by when, and what became of one measure?"""

from flask import Blueprint, Response, render_template, request

from tracker.measure import MeasureKind, Sphere
from tracker.response import ResponseState
from tracker.web.clock import now
from tracker.web.csv_file import csv_file
from tracker.web.database import reading
from tracker.web.frame import frame
from tracker.web.moments import of_today
from tracker.web.paging import PER_PAGE
from tracker.web.responses.ledger import Asked, Ledger, ledger_as_csv, response_ledger
from tracker.web.responses.page import ResponsePage, response_page
from tracker.web.responses.words import act_words, response_state_word
from tracker.web.session import asker
from tracker.web.toolbox.words import kind_word, sphere_word

pages = Blueprint("responses", __name__, url_prefix="/responses")


@pages.get("", endpoint="responses")
def ledger() -> str:
    found = _ledger()
    choices = {
        "states": {state.value: response_state_word(state) for state in ResponseState},
        "kinds": {kind.value: kind_word(kind) for kind in MeasureKind},
        "spheres": {sphere.value: sphere_word(sphere) for sphere in Sphere},
    }
    words = {"ledger": found, "asked": found.asked, "today": now().date(), "every_group": frame().groups}
    return render_template("responses/list.html", **words, **choices)


@pages.get("/list.csv")
def responses_csv() -> Response:
    """The ledger as it is seen, with the same filters and order, all of its pages."""
    return csv_file(ledger_as_csv(_ledger(per_page=None)), "responses", of_today())


@pages.get("/<int:response_id>")
def response(response_id: int) -> str:
    page = found(response_id)
    acts = [(act, act_words(act)) for act in page.acts]
    return render_template("responses/one.html", page=page, acts=acts)


def found(response_id: int) -> ResponsePage:
    """As things stand now."""
    return response_page(reading(), response_id, asker(), now().date())


def _ledger(per_page: int | None = PER_PAGE) -> Ledger:
    return response_ledger(reading(), Asked.read(request.args), asker(), now().date(), per_page)
