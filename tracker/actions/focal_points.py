"""Writing down who is a focal point, who left office, and letting one in.

The audit log says where and when; which office it is, who holds it and how to reach them stand in the directory alone.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from tracker.access import Principal, Role
from tracker.actions import audit
from tracker.actions.codings import submitting, writing
from tracker.actions.digests.subscribing import subscribe
from tracker.actions.letters import Writer
from tracker.actions.people import joining
from tracker.actions.situations.keeping import hold_country, refuse_mark
from tracker.answer import Answer
from tracker.coding import period_of
from tracker.country import GroupKind
from tracker.focal_point import Appointment, AppointmentUnfit, EndedAlready, refuse_end, refuse_unfit
from tracker.handling import Mark, may_see
from tracker.person import Access
from tracker.refusal import N_, NotThere, OutOfTurn
from tracker.storage import audit_entries, catalogue, codings, countries, focal_points
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.storage.codings import Place
from tracker.storage.responding import FocalPoint
from tracker.subscription import Wanted

# The question of the catalogue that an appointment answers.
INDICATOR = "focal_point"
YES, NO = "1", "0"


class NoSuchFocalPoint(NotThere):
    def __init__(self) -> None:
        super().__init__(N_("There is no such focal point."))


class FocalPointChanged(OutOfTurn):
    def __init__(self) -> None:
        super().__init__(
            N_("This focal point was changed since you opened the form. Look at how it stands now, and send it again.")
        )


class HasAnAccount(OutOfTurn):
    def __init__(self) -> None:
        super().__init__(N_("This focal point has been invited already."))


class OfNoCountry(OutOfTurn):
    def __init__(self) -> None:
        super().__init__(
            N_("An account of this kind is for one country: invite somebody of an organisation as a reader.")
        )


class HandedIn(StrEnum):
    """What became of the answer to the catalogue's question."""

    SUBMITTED = "submitted"
    # Something speaks against it, which the grid says.
    DRAFT = "draft"
    # Its author has written something there already, which stays as it is.
    NOTHING = "nothing"
    # The record says so for this month already.
    RECORDED = "recorded"


def appoint(
    session: Session,
    iso3: str | None,
    group_key: str | None,
    appointment: Appointment,
    *,
    handling: Mark,
    by: Principal,
    now: datetime,
) -> FocalPoint:
    """Of a country or of an organisation. The same once more, with the same mark, changes nothing."""
    refuse_unfit(appointment, now.date())
    refuse_mark(handling, by)
    _hold_place(session, iso3, group_key, by)
    made = FocalPoint(iso3=iso3, group_key=group_key, until=None, person_id=None)
    made.entered_by, made.entered_at = by.person_id, now
    _take_over(made, appointment, handling)
    for one in focal_points.alike(session, iso3, group_key, appointment.office, appointment.since):
        # another contact is no second sending of the form, and a higher mark must not tell that the name is right
        if _said_of(one) == _said_of(made):
            return one
    session.add(made)
    session.flush()
    audit.record(session, "focal point appointed", subject_of(made), by=by.person_id, now=now, after=_recorded(made))
    return made


def change(
    session: Session,
    focal_point_id: int,
    appointment: Appointment,
    *,
    until: date | None,
    handling: Mark,
    seen: int,
    by: Principal,
    now: datetime,
) -> None:
    """`seen` is the version that the form was made with. `until`: of one who left office; None: in office after all."""
    found = held(session, focal_point_id, by=by)
    if found.version != seen:
        raise FocalPointChanged
    refuse_unfit(appointment, now.date())
    refuse_mark(handling, by)
    if until is not None:
        refuse_end(appointment.since, None, until, now.date())
    before = _recorded(found)
    _take_over(found, appointment, handling)
    found.until = until
    if session.is_modified(found):
        session.flush()
        subject, after = subject_of(found), _recorded(found)
        audit.record(session, "focal point changed", subject, by=by.person_id, now=now, before=before, after=after)


def end(session: Session, focal_point_id: int, last: date, *, by: Principal, now: datetime) -> None:
    """They left office; `last` is the last day on which they held it. The same once more changes nothing."""
    found = held(session, focal_point_id, by=by)
    if found.until == last:
        return
    refuse_end(found.since, found.until, last, now.date())
    before = _recorded(found)
    found.until = last
    session.flush()
    subject, after = subject_of(found), _recorded(found)
    audit.record(session, "focal point left office", subject, by=by.person_id, now=now, before=before, after=after)


def hand_in(
    session: Session,
    iso3: str,
    *,
    is_there: bool,
    link: str,
    reason: str,
    handling: Mark,
    by: Principal,
    now: datetime,
) -> HandedIn:
    """Answers the question for this month, with the link as its source; reviewed as any other answer.

    Before anything else is locked: cells come first.
    """
    if not by.reaches(iso3):
        raise NotThere(N_("There is no such country."))
    host = urlsplit(link).hostname or ""
    if not host:
        raise AppointmentUnfit("link", N_("Give the link where it was made known: it is the source of the answer."))
    place = Place(iso3, catalogue.indicator_ids(session)[INDICATOR], period_of(now.date()))
    cell = codings.locked_cell(session, place)
    if any(one.author_id == by.person_id for one in codings.live_in_cell(session, cell.id)):
        return HandedIn.NOTHING
    if focal_points.said_in_month(session, iso3, place.indicator_id, place.period, by.clearance) is is_there:
        return HandedIn.RECORDED
    answer = Answer(
        typed=YES if is_there else NO,
        source=host,
        evidence_url=link,
        handling=handling,
        reason=reason,
    )
    writing.save(session, place, answer, seen=cell.version, by=by, now=now)
    sent = submitting.submit(session, iso3, place.period, [place.indicator_id], by=by, now=now)
    return HandedIn.SUBMITTED if sent.submitted else HandedIn.DRAFT


def invite(
    session: Session,
    focal_point_id: int,
    *,
    email: str,
    name: str,
    clearance: Mark,
    digest: Wanted,
    write: Writer,
    by: Principal,
    now: datetime,
) -> Person:
    """An account that sees nothing of another country, with a digest of its own, which they may change or leave."""
    shown = focal_points.seen(session, focal_point_id, by.scope, by.clearance)
    if shown is None or shown.who is None:
        raise NoSuchFocalPoint
    if shown.iso3 is None:
        raise OfNoCountry
    access = Access(frozenset({Role.FOCAL_POINT}), False, frozenset({shown.iso3}), frozenset(), clearance)
    invited = joining.invite(session, email=email, name=name, access=access, write=write, by=by.person_id, now=now)
    subscribe(session, invited.id, digest, by=by, now=now)
    found = held(session, focal_point_id, by=by)
    if found.until is not None:
        raise EndedAlready
    if found.person_id is not None:
        raise HasAnAccount
    found.person_id = invited.id
    session.flush()
    after = {"person": invited.id}
    audit.record(session, "focal point invited", subject_of(found), by=by.person_id, now=now, after=after)
    return invited


def held(session: Session, focal_point_id: int, *, by: Principal) -> FocalPoint:
    """Nobody else's to change until the transaction ends. Whoever may not see who it is cannot change it unseen."""
    audit_entries.locked_head(session)
    found = focal_points.locked(session, focal_point_id)
    if found is None or not _reaches(session, found.iso3, found.group_key, by):
        raise NoSuchFocalPoint
    if not may_see(by.clearance, Mark(found.handling)):
        raise NoSuchFocalPoint
    return found


def subject_of(found: FocalPoint) -> str:
    """What the audit log calls it: of where, never who."""
    return f"focal point {found.id}: {found.iso3 or found.group_key}"


def _hold_place(session: Session, iso3: str | None, group_key: str | None, by: Principal) -> None:
    if (iso3 is None) == (group_key is None):
        raise AppointmentUnfit("place", N_("Choose the country or the organisation."))
    if not _reaches(session, iso3, group_key, by) or (iso3 and hold_country(session, iso3) is None):
        raise NotThere(N_("There is no such country or organisation."))
    audit_entries.locked_head(session)


def _reaches(session: Session, iso3: str | None, group_key: str | None, by: Principal) -> bool:
    if iso3 is not None:
        return by.reaches(iso3)
    group = next((one for one in countries.all_groups(session) if one.key == group_key), None)
    is_one = group is not None and group.kind is GroupKind.ORGANISATION
    return group is not None and is_one and (by.scope is None or any(by.reaches(one.iso3) for one in group.members))


def _take_over(row: FocalPoint, appointment: Appointment, handling: Mark) -> None:
    row.office, row.name, row.contact = appointment.office, appointment.name, appointment.contact
    row.since, row.link, row.handling = appointment.since, appointment.link or None, handling


def _said_of(row: FocalPoint) -> tuple[Any, ...]:
    return row.office, row.name, row.contact, row.since, row.link, row.handling


def _recorded(row: FocalPoint) -> dict[str, Any]:
    """As the audit log keeps it, which knows no scope: days and mark, never of which office, or who."""
    return {
        "since": row.since.isoformat(),
        "until": row.until.isoformat() if row.until else None,
        "handling": Mark(row.handling).label,
    }
