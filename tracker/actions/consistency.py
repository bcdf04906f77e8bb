"""Writing down why two countries that look alike were not treated alike."""

from datetime import date, datetime

from tracker.access import Principal
from tracker.actions import audit
from tracker.actions.situations.keeping import refuse_mark
from tracker.consistency import refuse_note
from tracker.handling import Mark
from tracker.refusal import N_, NotThere
from tracker.storage import audit_entries, consistency, countries, response_times
from tracker.storage.base import Session
from tracker.storage.responding import ConsistencyNote


class NoSuchPair(NotThere):
    def __init__(self) -> None:
        super().__init__(N_("There is no such pair of countries."))


def explain(
    session: Session,
    iso3: str,
    other_iso3: str,
    year: int,
    words: str,
    *,
    handling: Mark,
    by: Principal,
    now: datetime,
) -> ConsistencyNote:
    """The same once more is one note. What was written stays: who sees it otherwise writes another beside it."""
    refuse_note(words)
    one, other = consistency.in_order(iso3, other_iso3)
    # two that write the same at once come one after the other
    audit_entries.locked_head(session)
    refuse_pair(session, one, other, year, by=by, now=now)
    refuse_mark(handling, by, lowest=lowest_mark(session, one, other, year, by=by, now=now))
    note = ConsistencyNote(
        iso3=one,
        other_iso3=other,
        year=year,
        words=words.strip(),
        handling=int(handling),
        at=now,
        by_id=by.person_id,
    )
    if already := consistency.same_as(session, note):
        return already
    session.add(note)
    session.flush()
    audit.record(session, "consistency note written", f"{year}: {one} and {other}", by=by.person_id, now=now)
    return note


def refuse_pair(session: Session, one: str, other: str, year: int, *, by: Principal, now: datetime) -> None:
    """Both are within the scope, and the year has begun."""
    is_reached = one != other and by.reaches(one) and by.reaches(other)
    if not is_reached or not date.min.year <= year <= now.year:
        raise NoSuchPair
    if len(countries.all_countries(session, {one, other})) != len((one, other)):
        raise NoSuchPair


def lowest_mark(session: Session, one: str, other: str, year: int, *, by: Principal, now: datetime) -> Mark:
    """That of the situations of that year: it is them that the note speaks of."""
    found = response_times.cases(session, {one, other}, by.clearance, now)
    of_year = [case for case in found if case.closed_on is None or case.closed_on >= date(year, 1, 1)]
    return Mark(max((case.handling for case in of_year if case.opened_on.year <= year), default=Mark.CLEAR))
