"""What people change about themselves."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from tests import factories
from tracker.access import PersonStatus
from tracker.actions import sign_ins
from tracker.actions.letters import Letter
from tracker.actions.links import LinkRefused
from tracker.actions.passwords import PasswordHash
from tracker.actions.people import account
from tracker.actions.people.account import UnknownLanguage, UnknownZone
from tracker.actions.people.joining import AddressTaken
from tracker.person import AddressRefused, NameRefused
from tracker.storage import audit_entries, principals
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.storage.running import OutgoingMail

HOUR = timedelta(hours=1)
A_MOMENT = timedelta(microseconds=1)
NEW_HASH = PasswordHash("$argon2id$ a new one")
NOTE = Letter("Somebody changes your address", "Was it you?")


class Post:
    def __init__(self) -> None:
        self.tokens: list[str] = []

    def write(self, token: str) -> Letter:
        self.tokens.append(token)
        return Letter("A link", f"Open {token}")


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def ana(session: Session, now: datetime) -> Person:
    factories.person(session, name="Ben", email="ben@example.org", created_at=now)
    return factories.person(session, name="Ana", email="ana@example.org", created_at=now)


def is_open(session: Session, key: str, now: datetime) -> bool:
    return principals.signed_in(session, sign_ins.key_hash_of(key), now=now) is not None


def recipients(session: Session) -> list[str]:
    return list(session.scalars(select(OutgoingMail.recipient).order_by(OutgoingMail.id)))


def newest_entry(session: Session) -> tuple[str, object, object]:
    entry = audit_entries.found(session, audit_entries.Search(), limit=1)[0]
    return entry.action, entry.before, entry.after


def test_a_name_can_be_changed(session: Session, ana: Person, now: datetime) -> None:
    account.rename(session, ana.id, " Ana  Lima ", shown="Ana", by=ana.id, now=now)
    assert ana.name == "Ana Lima"
    assert newest_entry(session) == ("person renamed", {"name": "Ana"}, {"name": "Ana Lima"})
    with pytest.raises(NameRefused):
        account.rename(session, ana.id, "", shown="Ana", by=ana.id, now=now)


def test_language_and_zone_are_among_those_there_are(session: Session, ana: Person, now: datetime) -> None:
    account.set_preferences(session, ana.id, language="fr", time_zone="Africa/Bamako", shown=("en", "UTC"), now=now)
    assert (ana.language, ana.time_zone) == ("fr", "Africa/Bamako")
    with pytest.raises(UnknownLanguage):
        account.set_preferences(session, ana.id, language="tlh", time_zone="UTC", shown=("en", "UTC"), now=now)
    with pytest.raises(UnknownZone):
        account.set_preferences(
            session, ana.id, language="en", time_zone="../../etc/passwd", shown=("en", "UTC"), now=now
        )


def test_what_stays_as_it_is_is_not_written_down(session: Session, ana: Person, now: datetime) -> None:
    before = audit_entries.head(session)
    account.rename(session, ana.id, "Ana", shown="Ana", by=ana.id, now=now)
    account.set_preferences(session, ana.id, language="en", time_zone="UTC", shown=("en", "UTC"), now=now)
    assert audit_entries.head(session) == before


def test_a_changed_password_ends_every_session(session: Session, ana: Person, now: datetime) -> None:
    keys = [factories.sign_in(session, ana, now=now) for _ in range(2)]
    of_other = factories.sign_in(session, factories.person(session, created_at=now), now=now)
    account.change_password(session, ana.id, NEW_HASH, now=now)
    assert ana.password_hash == NEW_HASH
    assert not any(is_open(session, key, now) for key in keys)
    assert is_open(session, of_other, now)


def test_a_changed_password_ends_open_reset_links(session: Session, ana: Person, post: Post, now: datetime) -> None:
    account.request_reset(session, ana.email, write=post.write, now=now)
    account.change_password(session, ana.id, NEW_HASH, now=now)
    with pytest.raises(LinkRefused):
        account.reset_password(session, post.tokens[0], NEW_HASH, now=now)


def test_a_reset_is_mailed_to_whoever_is_active(session: Session, ana: Person, post: Post, now: datetime) -> None:
    account.request_reset(session, ana.email, write=post.write, now=now)
    mail = session.scalars(select(OutgoingMail)).one()
    assert (mail.recipient, mail.body) == ("ana@example.org", f"Open {post.tokens[0]}")


@pytest.mark.parametrize("status", [PersonStatus.INVITED, PersonStatus.DEACTIVATED])
def test_a_reset_is_not_mailed_to_others(
    session: Session, ana: Person, post: Post, now: datetime, status: PersonStatus
) -> None:
    factories.person(session, email="kofi@example.org", status=status, created_at=now)
    for email in ("kofi@example.org", "nobody@example.org"):
        account.request_reset(session, email, write=post.write, now=now)
    assert recipients(session) == []


def test_a_reset_works_for_an_hour_and_once(session: Session, ana: Person, post: Post, now: datetime) -> None:
    account.request_reset(session, ana.email, write=post.write, now=now)
    with pytest.raises(LinkRefused):
        account.reset_password(session, post.tokens[0], NEW_HASH, now=now + HOUR)
    assert account.reset_password(session, post.tokens[0], NEW_HASH, now=now + HOUR - A_MOMENT).id == ana.id
    assert ana.password_hash == NEW_HASH
    with pytest.raises(LinkRefused):
        account.reset_password(session, post.tokens[0], NEW_HASH, now=now)


def test_a_reset_ends_every_session(session: Session, ana: Person, post: Post, now: datetime) -> None:
    key = factories.sign_in(session, ana, now=now)
    account.request_reset(session, ana.email, write=post.write, now=now)
    assert is_open(session, key, now)
    account.reset_password(session, post.tokens[0], NEW_HASH, now=now)
    assert not is_open(session, key, now)


def test_a_reset_leaves_one_time_codes_on(session: Session, ana: Person, post: Post, now: datetime) -> None:
    ana.totp_secret = "sealed"
    account.request_reset(session, ana.email, write=post.write, now=now)
    account.reset_password(session, post.tokens[0], NEW_HASH, now=now)
    session.expire_all()
    assert ana.totp_secret == "sealed"


def test_a_reset_link_of_somebody_deactivated_is_dead(session: Session, ana: Person, post: Post, now: datetime) -> None:
    account.request_reset(session, ana.email, write=post.write, now=now)
    ana.status = PersonStatus.DEACTIVATED
    session.flush()
    with pytest.raises(LinkRefused):
        account.reset_password(session, post.tokens[0], NEW_HASH, now=now)


def asked(session: Session, person: Person, email: str, post: Post, now: datetime) -> None:
    account.request_address_change(session, person.id, email, write=post.write, note=NOTE, now=now)


def test_a_new_address_holds_once_it_is_confirmed(session: Session, ana: Person, post: Post, now: datetime) -> None:
    asked(session, ana, "Lima@Example.org", post, now)
    assert ana.email == "ana@example.org"
    assert recipients(session) == ["lima@example.org", "ana@example.org"]
    assert account.confirm_address_change(session, post.tokens[0], now=now + HOUR - A_MOMENT).id == ana.id
    assert ana.email == "lima@example.org"
    assert newest_entry(session) == ("address changed", {"email": "ana@example.org"}, {"email": "lima@example.org"})


def test_an_address_is_confirmed_within_an_hour_and_once(
    session: Session, ana: Person, post: Post, now: datetime
) -> None:
    asked(session, ana, "lima@example.org", post, now)
    with pytest.raises(LinkRefused):
        account.confirm_address_change(session, post.tokens[0], now=now + HOUR)
    account.confirm_address_change(session, post.tokens[0], now=now)
    with pytest.raises(LinkRefused):
        account.confirm_address_change(session, post.tokens[0], now=now)


def test_the_old_address_resets_nothing_after_a_change(
    session: Session, ana: Person, post: Post, now: datetime
) -> None:
    account.request_reset(session, ana.email, write=post.write, now=now)
    asked(session, ana, "lima@example.org", post, now)
    account.confirm_address_change(session, post.tokens[1], now=now)
    with pytest.raises(LinkRefused):
        account.reset_password(session, post.tokens[0], NEW_HASH, now=now)


def test_nobody_learns_whether_an_address_is_taken(session: Session, ana: Person, post: Post, now: datetime) -> None:
    asked(session, ana, "ben@example.org", post, now)
    assert recipients(session) == ["ana@example.org"]
    assert ana.email == "ana@example.org"


def test_an_address_taken_meanwhile_is_not_given_twice(
    session: Session, ana: Person, post: Post, now: datetime
) -> None:
    asked(session, ana, "lima@example.org", post, now)
    factories.person(session, email="lima@example.org", created_at=now)
    with pytest.raises(AddressTaken):
        account.confirm_address_change(session, post.tokens[0], now=now)


def test_an_address_that_is_none_is_refused(session: Session, ana: Person, post: Post, now: datetime) -> None:
    with pytest.raises(AddressRefused):
        asked(session, ana, "lima", post, now)


def test_the_mail_with_a_link_is_not_sent_once_the_link_is_over(
    session: Session, ana: Person, post: Post, now: datetime
) -> None:
    account.request_reset(session, "ana@example.org", write=post.write, now=now)
    account.request_address_change(session, ana.id, "lima@example.org", write=post.write, note=NOTE, now=now)
    queued = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
    assert [mail.useless_after for mail in queued] == [now + HOUR, now + HOUR, None]
