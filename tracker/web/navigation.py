"""The places of the product, as the rail shows them: only those that the reader may enter."""

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext as _

from tracker.access import Principal
from tracker.web.guards import POLICY


@dataclass(frozen=True)
class Place:
    url: str
    label: str
    current: bool
    # None: nothing waits there.
    count: int | None = None


def places(asking: Principal) -> list[list[Place]]:
    groups = [
        [("countries.countries", _("Countries")), ("enter.enter", _("Enter")), ("criteria.criteria", _("Criteria"))],
        [("imports.imports", _("Imports")), ("people.people", _("People")), ("audit.audit", _("Audit log")), ("system.system", _("System"))],
    ]
    shown = [[_place(endpoint, label) for endpoint, label in group if _may_enter(asking, endpoint)] for group in groups]
    return [group for group in shown if group]


def _may_enter(asking: Principal, endpoint: str) -> bool:
    right = POLICY[endpoint].right
    return right is None or asking.may(right)


def _place(endpoint: str, label: str) -> Place:
    here = (request.endpoint or "").partition(".")[0]
    return Place(url=url_for(endpoint), label=label, current=here == endpoint.partition(".")[0])
