"""The places of the product, as the rail shows them: only those that the reader may enter."""

from dataclasses import dataclass
from typing import cast

from flask import current_app, g, request, url_for
from flask_babel import gettext as _

from tracker.access import Principal
from tracker.storage.waiting import Waiting, waiting_for
from tracker.web.clock import now
from tracker.web.database import reading
from tracker.web.guards import POLICY
from tracker.web.session import MOST_REMEMBERED, data_numbers

# Pages that are reached from another place, and belong to it.
PART_OF = {
    "briefs": "countries",
    "observations": "countries",
    "occasions": "countries",
    "council_acts": "countries",
    "situation_acts": "situations",
    "response_acts": "responses",
    "deliveries": "digests",
    "feeds": "digests",
    "webhooks": "digests",
    "method_editing": "method",
    "method_switching": "method",
    "network_acts": "network",
}

# After a “g”; search alone has a key that needs none before it.
KEYS = {
    "dashboard.dashboard": "d",
    "situations.situations": "s",
    "digests.digests": "m",
    "enter.enter": "e",
    "review.review": "r",
    "countries.countries": "c",
    "regions.regions": "n",
    "compare.compare": "o",
    "coverage.coverage": "v",
    "calendar.calendar": "k",
    "search.search": "/",
    "own.views": "w",
    "responses.responses": "l",
    "toolbox.toolbox": "x",
    "assistance.assistance": "q",
    "network.network": "f",
    "practice.practice": "b",
    "response_times.response_times": "j",
    "consistency.consistency": "z",
    "criteria.criteria": "t",
    "method.method": "h",
    "imports.imports": "i",
    "sharing.sharing": "u",
    "people.people": "p",
    "audit.audit": "a",
    "system.system": "y",
}


@dataclass(frozen=True)
class Place:
    url: str
    label: str
    current: bool
    # None: nothing waits there.
    count: int | None = None
    # What is counted, for whoever does not see that it is set in the colour of what waits.
    counted: str = ""
    # Empty: none leads there.
    key: str = ""


def places(asking: Principal) -> list[list[Place]]:
    groups = [
        [
            ("dashboard.dashboard", _("Dashboard")),
            ("situations.situations", _("Situations")),
            ("digests.digests", _("Digests")),
            ("enter.enter", _("Enter")),
            ("review.review", _("Review")),
        ],
        [
            ("countries.countries", _("Countries")),
            ("regions.regions", _("Regions")),
            ("compare.compare", _("Compare")),
            ("coverage.coverage", _("Coverage")),
            ("calendar.calendar", _("Calendar")),
            ("search.search", _("Search")),
            ("own.views", _("My views")),
        ],
        [
            ("responses.responses", _("Measures")),
            ("toolbox.toolbox", _("Toolbox")),
            ("assistance.assistance", _("Requests for help")),
            ("network.network", _("Focal points")),
            ("practice.practice", _("Practice")),
            ("response_times.response_times", _("Response times")),
            ("consistency.consistency", _("Consistency")),
        ],
        [
            ("criteria.criteria", _("Criteria")),
            ("method.method", _("Method")),
            ("imports.imports", _("Imports")),
            ("sharing.sharing", _("Sharing")),
            ("people.people", _("People")),
            ("audit.audit", _("Audit log")),
            ("system.system", _("System")),
        ],
    ]
    found = waiting(asking)
    counts = {
        "situations.situations": (found.overdue, _("overdue")),
        "enter.enter": (found.returned, _("came back")),
        "review.review": (found.submitted, _("wait for review")),
        "responses.responses": (found.overdue_measures, _("overdue")),
        "assistance.assistance": (found.calls, _("open")),
    }
    shown = [
        [
            _place(endpoint, label, *counts.get(endpoint, (None, "")))
            for endpoint, label in group
            if _may_enter(asking, endpoint)
        ]
        for group in groups
    ]
    return [group for group in shown if group]


def waiting(asking: Principal) -> Waiting:
    """Asked once per request. Only where it has read already: a page that says that the database is away asks
    nothing."""
    if "reading" not in g:
        return Waiting()
    if "waiting" not in g:
        g.waiting = _remembered(asking)
    return cast(Waiting, g.waiting)


def _remembered(asking: Principal) -> Waiting:
    """Asked again only when something has changed, or another day has come."""
    kept: dict[int, tuple[object, Waiting]] = current_app.extensions.setdefault("waiting", {})
    numbers = data_numbers()
    of = asking, numbers.content, numbers.desk, now().date()
    at, found = kept.get(asking.person_id, (None, Waiting()))
    if at != of:
        found = waiting_for(reading(), asking, now().date())
        if len(kept) >= MOST_REMEMBERED:
            kept.clear()
        kept[asking.person_id] = of, found
    return found


def _may_enter(asking: Principal, endpoint: str) -> bool:
    right = POLICY[endpoint].right
    return right is None or asking.may(right)


def _place(endpoint: str, label: str, count: int | None, counted: str) -> Place:
    here = (request.endpoint or "").partition(".")[0]
    current = PART_OF.get(here, here) == endpoint.partition(".")[0]
    key = KEYS.get(endpoint, "")
    return Place(url=url_for(endpoint), label=label, current=current, count=count, counted=counted, key=key)
