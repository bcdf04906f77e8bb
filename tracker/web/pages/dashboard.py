"""Where must I look today?"""

from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from tracker.access import Right
from tracker.storage.own_things import Own
from tracker.web.clock import now
from tracker.web.csv_file import csv_file
from tracker.web.dashboard import words as dashboard_words
from tracker.web.dashboard.attention import Most
from tracker.web.dashboard.page import Asked, Dashboard, dashboard
from tracker.web.database import reading
from tracker.web.frame import frame
from tracker.web.moments import moment
from tracker.web.navigation import waiting
from tracker.web.network.desk import own_country
from tracker.web.session import reader

pages = Blueprint("dashboard", __name__)

MOST = Most(cases=6, news=6)
MOST_ON_A_PAGE = 500


@pages.get("/start")
def start() -> AnyResponse:
    """Where a reader begins: at the view that they chose, a focal point at their country, or at the dashboard."""
    own, iso3 = reader().own.start, own_country(reader().principal)
    if own:
        return redirect(own.address)
    return redirect(url_for("network.desk", iso3=iso3) if iso3 else url_for("dashboard.dashboard"))


@pages.get("/", endpoint="dashboard")
def where_to_look() -> str | AnyResponse:
    begins = _own_beginning(reader().own)
    if begins and not request.query_string:  # whoever asks for something gets that
        return redirect(begins)
    board = _board()
    arguments = {**board.asked.as_arguments(), **moment().as_arguments()}
    return render_template("dashboard/one.html", board=board, arguments=arguments, **_words(board, arguments))


@pages.get("/news")
def news() -> str:
    """All that has happened since the reader last looked."""
    board = _board(Most(cases=0, news=MOST_ON_A_PAGE))
    return render_template("dashboard/news_page.html", board=board, asked=board.asked, most=MOST_ON_A_PAGE)


@pages.get("/dashboard.csv")
def dashboard_csv() -> Response:
    """The ranking as it is seen, with the same filters, order and day."""
    return csv_file(dashboard_words.ranking_csv(_board()), "dashboard", moment())


def _board(most: Most = MOST) -> Dashboard:
    asked = Asked.read(request.args, frame())
    title = dashboard_words.node_title(frame(), asked.node)
    return dashboard(reading(), asked, frame(), reader(), moment(), title=title, most=most)


def _words(board: Dashboard, arguments: dict[str, str]) -> dict[str, Any]:
    address = f"/?{urlencode(arguments)}" if arguments else "/"
    return {
        "asked": board.asked,
        "moment": moment(),
        "today": now().date(),
        "frame": frame(),
        "levels": dashboard_words.level_choices(),
        "map": dashboard_words.world_map(board),
        "map_title": dashboard_words.map_title(board),
        "key": dashboard_words.map_key(),
        "rows": dashboard_words.ranking_rows(board),
        "address": address,
        "view_name": dashboard_words.view_name(board, frame()),
        "own_view": next((view for view in reader().own.views if view.address == address), None),
        "most": MOST,
        # so that having seen it all can be undone
        "undo_since": request.args.get("seen_since", ""),
        "may_record": reader().principal.may(Right.RECORD),
        # of today alone: a past day had others
        "calls": waiting(reader().principal).calls if moment().is_now else 0,
    }


def _own_beginning(own: Own) -> str:
    """The reader's own filters; empty: they begin elsewhere, or as everybody does."""
    begins = own.start.address if own.start else ""
    return begins if urlsplit(begins).path == url_for("dashboard.dashboard") and urlsplit(begins).query else ""
