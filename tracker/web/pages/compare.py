"""How do two to five countries differ?"""

from flask import Blueprint, Response, render_template, request

from tracker.web.clock import now
from tracker.web.compare_page import Asked, Comparison, compared_as_csv, comparison
from tracker.web.csv_file import csv_file
from tracker.web.database import reading
from tracker.web.frame import frame
from tracker.web.moments import moment
from tracker.web.score_charts import score_picture
from tracker.web.session import reader
from tracker.web.windows import window_words

pages = Blueprint("compare", __name__)


@pages.get("/compare", endpoint="compare")
def side_by_side() -> str:
    page = _page()
    picture = None
    if page.choice.is_enough and page.lines:
        picture = score_picture(
            page.lines, identifier="compared", title=page.title, first=page.first, until=page.moment.day
        )
    return render_template(
        "compare/one.html",
        page=page,
        picture=picture,
        windows=window_words(),
        every_group=frame().groups,
        moment=page.moment,
        today=now().date(),
        arguments={**page.asked.as_arguments(), **page.moment.as_arguments()},
    )


@pages.get("/compare.csv")
def compare_csv() -> Response:
    return csv_file(compared_as_csv(_page()), "compare", moment())


def _page() -> Comparison:
    return comparison(reading(), Asked.read(request.args), reader().principal, moment(), frame())
