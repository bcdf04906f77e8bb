"""What a situation's page shows of the practice library: what it is like, and what it was told as."""

from typing import Any

from tracker.access import Right
from tracker.storage.base import Session
from tracker.web.practice.like import like_situation
from tracker.web.responses.proposing import circumstances_of
from tracker.web.situations.page import SituationPage


def practice_beside(session: Session, page: SituationPage) -> dict[str, Any]:
    alike = like_situation(session, page.situation, page.reader, circumstances_of(page).flagged)
    may_tell = page.is_closed and not alike.told_as and page.reader.may(Right.REVIEW)
    return {"alike": alike, "may_tell": may_tell}
