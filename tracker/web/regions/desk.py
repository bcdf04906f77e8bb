"""The page of a regional desk: what the dashboard says of its countries, how soon somebody acts there, and the way to
every list of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from flask import url_for
from flask_babel import gettext as _

from tracker.access import Principal, Right
from tracker.moment import Moment
from tracker.response_time import Spent, Step
from tracker.storage.base import Session
from tracker.storage.principals import SignedIn
from tracker.storage.watching import Group
from tracker.web.dashboard.attention import Most
from tracker.web.dashboard.page import Asked, Dashboard, Who, dashboard
from tracker.web.frame import Frame, NoSuchGroup
from tracker.web.response_times.page import all_waits, spent_by_step

MOST = Most(cases=6, news=0)
# Of the ranking so many stand here; the rest on the dashboard.
MOST_RANKED = 10


@dataclass(frozen=True)
class Desk:
    group: Group
    board: Dashboard
    spent: Mapping[Step, Spent]
    # The share of what is asked that is fresh, on the average of its countries. None: it has none here.
    coverage: float | None
    # Those of its countries of which too little is known for a risk.
    without_risk: int

    @property
    def shown(self) -> Dashboard:
        return replace(self.board, rows=self.board.rows[:MOST_RANKED])


def desk_of(session: Session, key: str, who: SignedIn, frame: Frame, moment: Moment) -> Desk:
    """Of countries outside of the reader's scope nothing is told; where they reach none, there is no such desk."""
    reader = who.principal
    group = next((one for one in frame.groups if one.key == key), None)
    if group is None or not any(reader.reaches(iso3) for iso3 in frame.members_of(key)):
        raise NoSuchGroup
    members = frame.members_of(key)
    is_watched = any(frame.countries[iso3].watched for iso3 in members if reader.reaches(iso3))
    asked = Asked(group=key, who=Who.WATCHED if is_watched else Who.ALL)
    # what is new stands on the dashboard
    quiet = replace(who, own=replace(who.own, new_since=None))
    board = dashboard(session, asked, frame, quiet, moment, title=str(_("Risk")), most=MOST)
    here = {row.iso3 for row in board.rows}
    waits = [wait for wait in all_waits(session, reader, moment) if wait.iso3 in here]
    return Desk(
        group=group,
        board=board,
        spent=spent_by_step(waits, moment.day),
        coverage=fmean(row.standing.coverage for row in board.rows) if board.rows else None,
        without_risk=sum(row.standing.score is None for row in board.rows),
    )


def ways_from(key: str, reader: Principal) -> Sequence[tuple[str, str]]:
    """Every list of its countries: address and name."""
    found = [
        (url_for("dashboard.dashboard", group=key), _("Dashboard")),
        (url_for("dashboard.news", group=key), _("News")),
        (url_for("situations.situations", place=key), _("Situations")),
        (url_for("responses.responses", place=key), _("Measures")),
        (url_for("response_times.response_times", group=key, by="country"), _("Response times")),
        (url_for("consistency.consistency", group=key), _("Consistency")),
        (url_for("countries.countries", group=key), _("Countries")),
        (url_for("coverage.coverage", group=key), _("Coverage")),
        (url_for("coverage.due", group=key), _("What is due")),
        (url_for("calendar.calendar", group=key), _("Calendar")),
        (url_for("network.network", group=key), _("Focal points")),
        (url_for("assistance.assistance", group=key), _("Requests for help")),
        (url_for("practice.practice", place=key), _("Practice")),
        (url_for("compare.compare", group=key), _("Compare")),
    ]
    if reader.may(Right.RECORD):
        found.append((url_for("enter.enter", group=key), _("Enter")))
    if reader.may(Right.REVIEW):
        found.append((url_for("review.review", group=key), _("Review")))
    if reader.may(Right.SEE_IMPORTS):
        found.append((url_for("imports.imports", group=key), _("Imports")))
    return [(address, str(name)) for address, name in found]
