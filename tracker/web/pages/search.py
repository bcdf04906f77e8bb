"""Where is what somebody looks for?"""

from flask import Blueprint, render_template, request

from tracker.search import LONGEST, Search
from tracker.web.country_choice import Wanted, within
from tracker.web.database import reading
from tracker.web.frame import frame
from tracker.web.moments import moment
from tracker.web.search_page import search_page
from tracker.web.session import reader

pages = Blueprint("search", __name__, url_prefix="/search")


@pages.get("", endpoint="search")
def search() -> str:
    wanted = Wanted.read(request.args)
    looking = within(reader().principal, wanted.group)
    page = search_page(reading(), Search.read(request.args.get("q", "")), looking, moment(), frame())
    words = {"page": page, "moment": moment(), "longest": LONGEST, "wanted": wanted, "every_group": frame().groups}
    return render_template("search/search.html", **words)
