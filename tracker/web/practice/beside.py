"""What a situation's page shows of the practice library: what it is like, and what it was told as."""

from typing import Any

from tracker.access import Right
from tracker.storage import case_studies
from tracker.storage.base import Session
from tracker.web.practice.like import like_situation
from tracker.web.situations.page import SituationPage


def practice_beside(session: Session, page: SituationPage) -> dict[str, Any]:
    told = case_studies.of_situation(session, page.situation.id, page.reader.clearance) if page.is_closed else []
    return {
        "alike": like_situation(session, page.situation, page.reader),
        "told_as": told,
        "may_tell": page.is_closed and not told and page.reader.may(Right.REVIEW),
    }
