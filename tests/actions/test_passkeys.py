"""A passkey opens the account of its person, on this site, once per challenge, and nothing else does."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests import factories
from tests.authenticator import Authenticator
from tracker.access import PersonStatus
from tracker.actions import passkeys
from tracker.actions.passkeys import PasskeyRefused, PasskeyUnnamed, Site, TooManyPasskeys
from tracker.storage import audit_entries
from tracker.storage import passkeys as kept
from tracker.storage.admitting import Passkey, Person
from tracker.storage.base import Session

SITE = Site("http://localhost:8000", "Early-warning indicator tracker")


@pytest.fixture
def ana(session: Session, now: datetime) -> Person:
    return factories.person(session, name="Ana", created_at=now)


def registered(session: Session, person: Person, device: Authenticator, now: datetime) -> Passkey:
    options = passkeys.registration_options(session, person, site=SITE, now=now)
    return passkeys.register(session, person, device.make(options), "office laptop", site=SITE, now=now)


def signed_in(session: Session, device: Authenticator, now: datetime) -> Person:
    answer = device.sign(passkeys.sign_in_options(session, site=SITE, now=now))
    return passkeys.person_signing_in(session, answer, site=SITE, now=now)


def test_a_passkey_signs_its_person_in(session: Session, ana: Person, now: datetime) -> None:
    registered(session, factories.person(session, name="Ben", created_at=now), Authenticator(), now)
    device = Authenticator()
    registered(session, ana, device, now)
    assert signed_in(session, device, now).id == ana.id
    assert signed_in(session, device, now).id == ana.id


def test_what_was_signed_once_does_not_sign_in_again(session: Session, ana: Person, now: datetime) -> None:
    device = Authenticator(counts=False)
    registered(session, ana, device, now)
    answer = device.sign(passkeys.sign_in_options(session, site=SITE, now=now))
    passkeys.person_signing_in(session, answer, site=SITE, now=now)
    with pytest.raises(PasskeyRefused):
        passkeys.person_signing_in(session, answer, site=SITE, now=now)


def test_two_people_may_be_signing_in_at_the_same_time(session: Session, ana: Person, now: datetime) -> None:
    first, second = Authenticator(), Authenticator()
    registered(session, ana, first, now)
    registered(session, factories.person(session, created_at=now), second, now)
    options = [passkeys.sign_in_options(session, site=SITE, now=now) for _ in range(2)]
    for device, asked in zip((first, second), options, strict=True):
        passkeys.person_signing_in(session, device.sign(asked), site=SITE, now=now)


def test_a_challenge_is_good_for_five_minutes(session: Session, ana: Person, now: datetime) -> None:
    device = Authenticator()
    registered(session, ana, device, now)
    options = passkeys.sign_in_options(session, site=SITE, now=now)
    with pytest.raises(PasskeyRefused):
        passkeys.person_signing_in(session, device.sign(options), site=SITE, now=now + timedelta(minutes=5))


@pytest.mark.parametrize(
    "elsewhere",
    [
        Authenticator(origin="http://localhost:9000"),
        Authenticator(origin="https://evil.example"),
        Authenticator(host="evil.example"),
    ],
    ids=["another port", "another origin", "another host"],
)
def test_a_device_that_was_asked_by_another_site_is_refused(
    session: Session, ana: Person, now: datetime, elsewhere: Authenticator
) -> None:
    device = Authenticator()
    registered(session, ana, device, now)
    device.origin, device.host = elsewhere.origin, elsewhere.host
    with pytest.raises(PasskeyRefused):
        signed_in(session, device, now)
    with pytest.raises(PasskeyRefused):
        registered(session, ana, elsewhere, now)


def test_a_device_that_did_not_check_who_holds_it_is_refused(session: Session, ana: Person, now: datetime) -> None:
    device = Authenticator()
    registered(session, ana, device, now)
    device.verifies_user = False
    with pytest.raises(PasskeyRefused):
        signed_in(session, device, now)
    with pytest.raises(PasskeyRefused):
        registered(session, ana, Authenticator(verifies_user=False), now)


def test_another_key_does_not_sign_for_a_passkey(session: Session, ana: Person, now: datetime) -> None:
    device, forger = Authenticator(), Authenticator()
    registered(session, ana, device, now)
    forger.credential_id = device.credential_id
    with pytest.raises(PasskeyRefused):
        signed_in(session, forger, now)


def test_a_copied_device_is_noticed_by_its_counter(session: Session, ana: Person, now: datetime) -> None:
    device = Authenticator()
    registered(session, ana, device, now)
    for _ in range(3):
        signed_in(session, device, now)
    device.sign_count = 1
    with pytest.raises(PasskeyRefused):
        signed_in(session, device, now)


def test_a_device_that_does_not_count_signs_in_again_and_again(session: Session, ana: Person, now: datetime) -> None:
    device = Authenticator(counts=False)
    registered(session, ana, device, now)
    assert [signed_in(session, device, now).id for _ in range(3)] == [ana.id] * 3


def test_an_unknown_passkey_is_refused(session: Session, ana: Person, now: datetime) -> None:
    registered(session, ana, Authenticator(), now)
    with pytest.raises(PasskeyRefused):
        signed_in(session, Authenticator(), now)


def test_a_removed_passkey_is_refused(session: Session, ana: Person, now: datetime) -> None:
    device = Authenticator()
    passkeys.remove(session, registered(session, ana, device, now), by=ana.id, now=now)
    with pytest.raises(PasskeyRefused):
        signed_in(session, device, now)


def test_a_deactivated_person_does_not_sign_in_with_a_passkey(session: Session, ana: Person, now: datetime) -> None:
    device = Authenticator()
    registered(session, ana, device, now)
    ana.status = PersonStatus.DEACTIVATED
    session.flush()
    with pytest.raises(PasskeyRefused):
        signed_in(session, device, now)


def test_a_passkey_made_for_one_person_is_not_kept_for_another(session: Session, ana: Person, now: datetime) -> None:
    ben = factories.person(session, name="Ben", created_at=now)
    options = passkeys.registration_options(session, ben, site=SITE, now=now)
    with pytest.raises(PasskeyRefused):
        passkeys.register(session, ana, Authenticator().make(options), "laptop", site=SITE, now=now)


def test_a_passkey_belongs_to_one_person(session: Session, ana: Person, now: datetime) -> None:
    device = Authenticator()
    registered(session, ana, device, now)
    with pytest.raises(PasskeyRefused):
        registered(session, factories.person(session, created_at=now), device, now)


def test_a_challenge_for_signing_in_does_not_make_a_passkey(session: Session, ana: Person, now: datetime) -> None:
    options = passkeys.sign_in_options(session, site=SITE, now=now)
    with pytest.raises(PasskeyRefused):
        passkeys.register(session, ana, Authenticator().make(options), "laptop", site=SITE, now=now)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"id": 7},
        {"id": "x", "response": "x"},
        {"id": "x", "rawId": "x", "type": "public-key", "response": {"clientDataJSON": "e30"}},
        {"id": "x", "rawId": "x", "type": "public-key", "response": {"clientDataJSON": "not base64 \u0000"}},
        {"id": "x", "rawId": "x", "response": {"clientDataJSON": None, "authenticatorData": [], "signature": {}}},
    ],
)
def test_nonsense_is_refused(session: Session, ana: Person, now: datetime, answer: dict[str, Any]) -> None:
    with pytest.raises(PasskeyRefused):
        passkeys.person_signing_in(session, answer, site=SITE, now=now)
    with pytest.raises(PasskeyRefused):
        passkeys.register(session, ana, answer, "laptop", site=SITE, now=now)


@pytest.mark.parametrize("credential_id", ["", "\ud800", "\0", "unknown", 7, None, ["x"]])
def test_an_answer_that_names_no_known_credential_is_refused(
    session: Session, ana: Person, now: datetime, credential_id: object
) -> None:
    device = Authenticator()
    registered(session, ana, device, now)
    answer = device.sign(passkeys.sign_in_options(session, site=SITE, now=now)) | {"id": credential_id}
    with pytest.raises(PasskeyRefused):
        passkeys.person_signing_in(session, answer, site=SITE, now=now)


@pytest.mark.parametrize("part", ["authenticatorData", "signature", "clientDataJSON"])
@pytest.mark.parametrize("nonsense", ["", "AAAA", "!!", 7, None])
def test_an_answer_with_one_damaged_part_is_refused(
    session: Session, ana: Person, now: datetime, part: str, nonsense: object
) -> None:
    device = Authenticator()
    registered(session, ana, device, now)
    answer = device.sign(passkeys.sign_in_options(session, site=SITE, now=now))
    answer["response"][part] = nonsense
    with pytest.raises(PasskeyRefused):
        passkeys.person_signing_in(session, answer, site=SITE, now=now)


def test_known_devices_are_not_asked_to_make_a_second_passkey(session: Session, ana: Person, now: datetime) -> None:
    passkey = registered(session, ana, Authenticator(), now)
    assert passkey.credential_id in passkeys.registration_options(session, ana, site=SITE, now=now)


def test_a_person_has_at_most_twenty_passkeys(session: Session, ana: Person, now: datetime) -> None:
    for _ in range(20):
        registered(session, ana, Authenticator(), now)
    with pytest.raises(TooManyPasskeys):
        registered(session, ana, Authenticator(), now)


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\x00b"])
def test_a_passkey_has_a_name(session: Session, ana: Person, now: datetime, name: str) -> None:
    passkey = registered(session, ana, Authenticator(), now)
    with pytest.raises(PasskeyUnnamed):
        passkeys.rename(session, passkey, name, now=now)
    assert passkey.name == "office laptop"


def test_passkeys_are_listed_oldest_first_and_only_ones_own(session: Session, ana: Person, now: datetime) -> None:
    ben = factories.person(session, name="Ben", created_at=now)
    of_ben = registered(session, ben, Authenticator(), now)
    newer = registered(session, ana, Authenticator(), now)
    older = registered(session, ana, Authenticator(), now - timedelta(days=1))
    assert [passkey.id for passkey in kept.of_person(session, ana.id)] == [older.id, newer.id]
    assert kept.one_of(session, ana.id, of_ben.id) is None


def test_what_is_done_with_passkeys_is_written_down(session: Session, ana: Person, now: datetime) -> None:
    passkey = registered(session, ana, Authenticator(), now)
    passkeys.rename(session, passkey, "old laptop", now=now)
    passkeys.remove(session, passkey, by=ana.id, now=now)
    entries = audit_entries.found(session, audit_entries.Search(), limit=3)
    assert [entry.action for entry in entries] == ["passkey removed", "passkey renamed", "passkey added"]
    assert {entry.by_id for entry in entries} == {ana.id}
