"""Where is what somebody looks for?"""

from flask import Blueprint, render_template, request

from tracker.search import LONGEST, Search
from tracker.web.database import reading
from tracker.web.frame import frame
from tracker.web.moments import moment
from tracker.web.search_page import search_page
from tracker.web.session import reader

pages = Blueprint("search", __name__, url_prefix="/search")


@pages.get("", endpoint="search")
def search() -> str:
    page = search_page(reading(), Search.read(request.args.get("q", "")), reader().principal, moment(), frame())
    return render_template("search/search.html", page=page, moment=moment(), longest=LONGEST)
