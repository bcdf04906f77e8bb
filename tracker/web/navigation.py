"""The places of the product, as the rail shows them: only those that the reader may enter."""

from dataclasses import dataclass

from flask import g, request, url_for
from flask_babel import gettext as _

from tracker.access import Principal, Right
from tracker.storage import codings, situations
from tracker.web.clock import now
from tracker.web.database import reading
from tracker.web.guards import POLICY

# Pages that are reached from another place, and belong to it.
PART_OF = {
    "observations": "countries",
    "occasions": "countries",
    "situation_acts": "situations",
    "method_editing": "method",
    "method_switching": "method",
}


@dataclass(frozen=True)
class Place:
    url: str
    label: str
    current: bool
    # None: nothing waits there.
    count: int | None = None


def places(asking: Principal) -> list[list[Place]]:
    groups = [
        [
            ("situations.situations", _("Situations")),
            ("countries.countries", _("Countries")),
            ("enter.enter", _("Enter")),
            ("review.review", _("Review")),
        ],
        [
            ("criteria.criteria", _("Criteria")),
            ("method.method", _("Method")),
            ("imports.imports", _("Imports")),
            ("people.people", _("People")),
            ("audit.audit", _("Audit log")),
            ("system.system", _("System")),
        ],
    ]
    waiting = _waiting(asking)
    shown = [
        [_place(endpoint, label, waiting.get(endpoint)) for endpoint, label in group if _may_enter(asking, endpoint)]
        for group in groups
    ]
    return [group for group in shown if group]


def _waiting(asking: Principal) -> dict[str, int]:
    """By place. Only where this request has read already: a page that says that the database is away asks nothing."""
    if "reading" not in g:
        return {}
    waiting = {}
    if asking.may(Right.WORK_ON_SITUATIONS):
        overdue = situations.how_many_overdue(reading(), asking.scope, asking.clearance, now().date())
        waiting["situations.situations"] = overdue
    if asking.may(Right.RECORD):
        waiting["enter.enter"] = codings.how_many_returned(reading(), asking.person_id)
    if asking.may(Right.REVIEW):
        waiting["review.review"] = codings.how_many_submitted(reading(), asking.scope, asking.clearance)
    return waiting


def _may_enter(asking: Principal, endpoint: str) -> bool:
    right = POLICY[endpoint].right
    return right is None or asking.may(right)


def _place(endpoint: str, label: str, count: int | None) -> Place:
    here = (request.endpoint or "").partition(".")[0]
    current = PART_OF.get(here, here) == endpoint.partition(".")[0]
    return Place(url=url_for(endpoint), label=label, current=current, count=count)
