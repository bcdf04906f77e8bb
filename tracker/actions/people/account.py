"""What people change about themselves: name, language, zone, password, address."""

from datetime import datetime, timedelta
from zoneinfo import available_timezones

from tracker.access import PersonStatus
from tracker.actions import audit, links, sign_ins
from tracker.actions.letters import Letter, Writer, post
from tracker.actions.passwords import PasswordHash
from tracker.actions.people.access import locked
from tracker.actions.people.joining import AddressTaken
from tracker.country import LANGUAGES
from tracker.person import tidy_address, tidy_name
from tracker.refusal import N_, OutOfTurn, Refusal
from tracker.storage import links as kept_links
from tracker.storage import people
from tracker.storage.admitting import LinkPurpose, Person
from tracker.storage.base import Session

RESET_LIFETIME = timedelta(hours=1)
ADDRESS_CHANGE_LIFETIME = timedelta(hours=1)


class UnknownLanguage(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Choose one of the languages listed."))


class UnknownZone(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Choose one of the time zones listed, such as Africa/Nairobi."))


class NameChangedMeanwhile(OutOfTurn):
    """Somebody else changed it since the form was opened. Carries what it is now, so that whoever asked can choose."""

    def __init__(self, name: str) -> None:
        super().__init__(
            N_("Somebody changed this meanwhile: it is %(name)s now. Nothing was saved. Save again to replace it."),
            name=name,
        )
        self.name = name


class PreferencesChangedMeanwhile(OutOfTurn):
    def __init__(self, language: str, time_zone: str) -> None:
        super().__init__(
            N_(
                "You changed this elsewhere meanwhile: language “%(language)s”, time zone %(time_zone)s. "
                "Nothing was saved. Save again to replace it."
            ),
            language=language,
            time_zone=time_zone,
        )
        self.language = language
        self.time_zone = time_zone


def rename(session: Session, person_id: int, name: str, *, shown: str, by: int | None, now: datetime) -> None:
    """`shown` is the name that the form was opened with: whoever sends it back wants no other."""
    person, wanted = locked(session, person_id), tidy_name(name)
    if wanted in (person.name, shown):
        return
    if person.name != shown:
        raise NameChangedMeanwhile(person.name)
    before, after = {"name": person.name}, {"name": wanted}
    person.name = after["name"]
    session.flush()
    audit.record(session, "person renamed", f"person {person.id}", by=by, now=now, before=before, after=after)


def set_preferences(
    session: Session, person_id: int, *, language: str, time_zone: str, shown: tuple[str, str], now: datetime
) -> None:
    """In which language and by which clock the product answers. `shown` is what the form was opened with."""
    if language not in LANGUAGES:
        raise UnknownLanguage
    if time_zone not in available_timezones():
        raise UnknownZone
    person = locked(session, person_id)
    current, wanted = (person.language, person.time_zone), (language, time_zone)
    if wanted in (current, shown):
        return
    if current != shown:
        raise PreferencesChangedMeanwhile(*current)
    before = {"language": person.language, "time_zone": person.time_zone}
    after = {"language": language, "time_zone": time_zone}
    person.language, person.time_zone = language, time_zone
    session.flush()
    subject = f"person {person.id}"
    audit.record(session, "preferences changed", subject, by=person.id, now=now, before=before, after=after)


def change_password(session: Session, person_id: int, password_hash: PasswordHash, *, now: datetime) -> Person:
    """By somebody who has just shown the old one. Every session ends: the caller starts a new one for this browser."""
    person = locked(session, person_id)
    _set_password(session, person, password_hash, "password changed", now)
    return person


def request_reset(session: Session, email: str, *, write: Writer, now: datetime) -> None:
    """Queues a mail for somebody who is active, and otherwise does nothing. Nobody is told which of the two it was."""
    person = people.by_email(session, email)
    if person is None or person.status is not PersonStatus.ACTIVE:
        return
    token = links.make(session, LinkPurpose.RESET, person_id=person.id, lifetime=RESET_LIFETIME, now=now)
    audit.record(session, "password reset asked for", f"person {person.id}", by=None, now=now)
    post(session, person.email, write(token), now=now, useless_after=now + RESET_LIFETIME)


def reset_password(session: Session, token: str, password_hash: PasswordHash, *, now: datetime) -> Person:
    """The second factor stays on: a stolen mailbox alone does not open an account that has one."""
    people.queue_up(session)
    link = links.use(session, LinkPurpose.RESET, token, now=now)
    person = people.locked(session, link.person_id) if link.person_id else None
    if person is None or person.status is not PersonStatus.ACTIVE:
        raise links.LinkRefused
    _set_password(session, person, password_hash, "password reset", now)
    return person


def request_address_change(
    session: Session, person_id: int, email: str, *, write: Writer, note: Letter, now: datetime
) -> None:
    """A link to the new address, a note to the old one. An address that is taken is told so by nobody but its owner."""
    person = locked(session, person_id)
    address = tidy_address(email)
    if address == person.email:
        return
    purpose, lifetime = LinkPurpose.ADDRESS_CHANGE, ADDRESS_CHANGE_LIFETIME
    token = links.make(session, purpose, person_id=person.id, lifetime=lifetime, now=now, details=address)
    subject, after = f"person {person.id}", {"email": address}
    audit.record(session, "address change asked for", subject, by=person.id, now=now, after=after)
    if people.by_email(session, address) is None:
        post(session, address, write(token), now=now, useless_after=now + lifetime)
    post(session, person.email, note, now=now)


def confirm_address_change(session: Session, token: str, *, now: datetime) -> Person:
    people.queue_up(session)
    link = links.use(session, LinkPurpose.ADDRESS_CHANGE, token, now=now)
    person = people.locked(session, link.person_id) if link.person_id else None
    if person is None or person.status is not PersonStatus.ACTIVE or link.details is None:
        raise links.LinkRefused
    if people.by_email(session, link.details):
        raise AddressTaken(link.details)
    before, after = {"email": person.email}, {"email": link.details}
    person.email = link.details
    session.flush()
    # A reset link that went to the old address must not open the account any more.
    kept_links.end_all_of(session, person.id, now=now)
    subject = f"person {person.id}"
    audit.record(session, "address changed", subject, by=person.id, now=now, before=before, after=after)
    return person


def _set_password(session: Session, person: Person, password_hash: PasswordHash, action: str, now: datetime) -> None:
    person.password_hash = password_hash
    session.flush()
    kept_links.end_all_of(session, person.id, now=now)
    sign_ins.end_all(session, person.id, by=person.id, now=now)
    audit.record(session, action, f"person {person.id}", by=person.id, now=now)
