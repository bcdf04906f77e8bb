"""How do regions compare, and where does a regional desk begin?"""

from flask import Blueprint, Response, render_template, request, url_for

from tracker.country import GroupKind
from tracker.response_time import Step
from tracker.web.clock import now
from tracker.web.csv_file import csv_file
from tracker.web.dashboard import words as dashboard_words
from tracker.web.database import reading
from tracker.web.frame import frame
from tracker.web.moments import of_today
from tracker.web.regions.desk import MOST, desk_of, ways_from
from tracker.web.regions.listing import Asked, Regions, regions, regions_as_csv
from tracker.web.response_times import words
from tracker.web.session import asker, reader
from tracker.web.windows import USUAL, window_words

pages = Blueprint("regions", __name__)


@pages.get("/regions", endpoint="regions")
def compared() -> str:
    page = _page()
    longest = words.longest_of([row.spent for row in page.rows])
    return render_template(
        "regions/list.html",
        page=page,
        asked=page.asked,
        pictures=[words.ranges(row.spent, longest)[Step.DECIDED] for row in page.rows],
        axis=words.axis(longest),
        kinds=list(reversed(GroupKind)),
        decided=Step.DECIDED,
        window=window_words()[USUAL],
    )


@pages.get("/regions.csv")
def regions_csv() -> Response:
    return csv_file(regions_as_csv(_page(), of_today()), "regions", of_today())


@pages.get("/regions/<group_key>")
def desk(group_key: str) -> str:
    page = desk_of(reading(), group_key, reader(), frame(), of_today())
    longest = words.longest_of([page.spent])
    return render_template(
        "regions/desk.html",
        page=page,
        board=page.board,
        rows=dashboard_words.ranking_rows(page.shown),
        map=dashboard_words.world_map(page.board),
        map_title=dashboard_words.map_title(page.board),
        key=dashboard_words.map_key(),
        arguments=page.board.asked.as_arguments(),
        address=url_for("regions.desk", group_key=group_key),
        ways=ways_from(group_key, asker()),
        pictures=words.ranges(page.spent, longest),
        axis=words.axis(longest),
        moment=of_today(),
        today=now().date(),
        most=MOST,
        window=window_words()[USUAL],
    )


def _page() -> Regions:
    return regions(reading(), Asked.read(request.args), asker(), of_today())
