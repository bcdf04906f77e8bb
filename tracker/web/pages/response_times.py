"""How long does it take from a warning to an answer?"""

from flask import Blueprint, Response, render_template, request

from tracker.response_time import Step
from tracker.web.clock import now
from tracker.web.csv_file import csv_file
from tracker.web.database import reading
from tracker.web.frame import frame
from tracker.web.moments import moment
from tracker.web.response_times import words
from tracker.web.response_times.page import Asked, By, ResponseTimes, times_as_csv, times_of
from tracker.web.session import asker
from tracker.web.windows import window_words

pages = Blueprint("response_times", __name__)


@pages.get("/response-times", endpoint="response_times")
def how_long() -> str:
    page = _page()
    longest = words.longest_of([page.whole, *(row.spent for row in page.rows)])
    return render_template(
        "response_times/list.html",
        page=page,
        asked=page.asked,
        steps=list(Step),
        longest=longest,
        pictures=[words.ranges(row, longest) for row in page.rows],
        axis=words.axis(longest),
        whole=words.ranges(page.whole, longest),
        rows_by=list(By),
        windows=window_words(),
        every_group=frame().groups,
        moment=page.moment,
        today=now().date(),
    )


@pages.get("/response-times.csv")
def response_times_csv() -> Response:
    """The rows as they are seen."""
    return csv_file(times_as_csv(_page()), "response-times", moment())


def _page() -> ResponseTimes:
    return times_of(reading(), Asked.read(request.args), asker(), moment())
