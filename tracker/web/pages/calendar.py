"""What is coming, in all countries that the reader may know of?"""

from flask import Blueprint, Response, render_template, request

from tracker.access import Right
from tracker.web.calendar_page import Asked, CalendarPage, calendar_as_csv, calendar_page
from tracker.web.clock import now
from tracker.web.csv_file import csv_file
from tracker.web.database import reading
from tracker.web.frame import frame
from tracker.web.moments import moment
from tracker.web.session import reader
from tracker.web.situations.words import occasion_words

pages = Blueprint("calendar", __name__)


@pages.get("/calendar", endpoint="calendar")
def coming() -> str:
    return render_template(
        "calendar/year.html",
        page=_page(),
        kinds=occasion_words(),
        may_enter=reader().principal.may(Right.WORK_ON_SITUATIONS),
        every_group=frame().groups,
        moment=moment(),
        today=now().date(),
    )


@pages.get("/calendar.csv")
def calendar_csv() -> Response:
    return csv_file(calendar_as_csv(_page()), "calendar", moment())


def _page() -> CalendarPage:
    return calendar_page(reading(), Asked.read(request.args), reader().principal, moment())
