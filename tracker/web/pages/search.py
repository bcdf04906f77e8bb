"""Where is what somebody looks for?"""

from flask import Blueprint, render_template, request

from tracker.access import Principal
from tracker.search import LONGEST, Search
from tracker.web.database import reading
from tracker.web.frame import frame
from tracker.web.moments import moment
from tracker.web.search_page import search_page
from tracker.web.session import principal

pages = Blueprint("search", __name__, url_prefix="/search")


@pages.get("", endpoint="search")
def search() -> str:
    page = search_page(reading(), Search.read(request.args.get("q", "")), _reader(), moment(), frame())
    return render_template("search/search.html", page=page, moment=moment(), longest=LONGEST)


def _reader() -> Principal:
    reader = principal()
    assert reader is not None, "the guard lets nobody in here who is not signed in"
    return reader
