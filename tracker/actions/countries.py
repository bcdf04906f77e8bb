"""Choosing which countries are watched."""

from datetime import datetime

from tracker.actions import audit
from tracker.actions.concluding import judge_one
from tracker.actions.situations.keeping import hold_country
from tracker.refusal import NotThere
from tracker.storage.base import Session


def watch(session: Session, iso3: str, watched: bool, *, by: int, now: datetime) -> None:
    """Watching what is watched already changes nothing and is not written down again.

    What its evidence says is judged at once; of a country that nobody watches any more, the flags are over.
    """
    country = hold_country(session, iso3)
    if country is None:
        raise NotThere("There is no such country.")
    if country.watched == watched:
        return
    before, country.watched = {"watched": country.watched}, watched
    audit.record(
        session,
        "country watched" if watched else "country no longer watched",
        f"country {iso3}",
        by=by,
        now=now,
        before=before,
        after={"watched": watched},
    )
    session.flush()
    judge_one(session, iso3, now=now)
