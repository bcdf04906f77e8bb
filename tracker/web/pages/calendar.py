"""What is coming, in all countries that the reader may know of?"""

from flask import Blueprint, Response, render_template, request

from tracker.access import Principal, Right
from tracker.web.calendar_page import Asked, CalendarPage, calendar_as_csv, calendar_page
from tracker.web.clock import now
from tracker.web.database import reading
from tracker.web.frame import frame
from tracker.web.moments import moment
from tracker.web.session import principal
from tracker.web.situation_words import occasion_words

pages = Blueprint("calendar", __name__)


@pages.get("/calendar", endpoint="calendar")
def coming() -> str:
    return render_template(
        "calendar/year.html",
        page=_page(),
        kinds=occasion_words(),
        may_enter=_reader().may(Right.WORK_ON_SITUATIONS),
        every_group=frame().groups,
        moment=moment(),
        today=now().date(),
    )


@pages.get("/calendar.csv")
def calendar_csv() -> Response:
    headers = {"Content-Disposition": 'attachment; filename="calendar.csv"'}
    return Response(calendar_as_csv(_page()), mimetype="text/csv", headers=headers)


def _page() -> CalendarPage:
    return calendar_page(reading(), Asked.read(request.args), _reader(), moment())


def _reader() -> Principal:
    reader = principal()
    assert reader is not None, "the guard lets nobody in here who is not signed in"
    return reader
