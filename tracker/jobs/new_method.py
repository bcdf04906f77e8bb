"""Brings into force the version of the method that somebody switched on: first its scores, country by country.

Whoever wants to save something waits for one country at most. A worker that is stopped on the way begins again, and
what is there already is not written twice.
"""

from datetime import datetime

from tracker.actions.methods import switching
from tracker.jobs.job import Shift
from tracker.storage import standings, versions
from tracker.storage.base import Session


def is_on_its_way(session: Session, _now: datetime) -> bool:
    return versions.method_on_its_way(session) is not None


def bring_into_force(shift: Shift) -> str:
    with shift.database.reading() as session:
        waiting, found = versions.method_on_its_way(session), standings.countries(session)
    if waiting is None:
        return ""
    worked_out = {}
    for iso3 in found:
        if shift.stopping():
            return ""
        with shift.database.writing() as session:
            worked_out[iso3] = switching.work_out(session, waiting.number, iso3, now=shift.clock())
    with shift.database.writing() as session:
        switching.come_into_force(session, waiting.number, worked_out, now=shift.clock())
    return f"Version {waiting.number} of the method is in force, with scores of {len(found)} countries."
