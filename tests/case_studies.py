"""Case studies as somebody wrote them."""

from datetime import datetime, timedelta
from typing import Any

from tests.situations import somebody
from tracker.access import Principal, Role
from tracker.actions import case_studies
from tracker.case_study import Case, Part
from tracker.handling import Mark
from tracker.storage.base import Session
from tracker.storage.responding import CaseStudy

TEXTS = {Part.SEEN: "Courts were emptied.", Part.LEARNT: "Talk before the vote."}


def a_case(now: datetime, **differing: Any) -> Case:
    """Of a year ago, in Mali."""
    began = now.date() - timedelta(days=365)
    usual: dict[str, Any] = {"title": "An election without violence", "began_on": began, "iso3": "MLI", "texts": TEXTS}
    return Case(**(usual | differing))


def written(
    session: Session, *, by: Principal | None = None, handling: Mark = Mark.GREEN, now: datetime, **differing: Any
) -> CaseStudy:
    """By a reviewer; by the same once more it is the same."""
    by = by or somebody(session, Role.REVIEWER, now=now)
    return case_studies.write(session, a_case(now, **differing), handling=handling, by=by, now=now)
