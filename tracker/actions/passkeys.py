"""Passkeys: a device proves who somebody is, with its own check of finger, face or PIN. Nothing can be phished.

Challenges are one-time links that travel to the device instead of into a mail: each is good once, for a few minutes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json, parse_client_data_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from tracker.access import PersonStatus
from tracker.actions import audit, links
from tracker.refusal import N_, Refusal
from tracker.storage import passkeys, people
from tracker.storage.admitting import LinkPurpose, Passkey, Person
from tracker.storage.base import Session

CHALLENGE_LIFETIME = timedelta(minutes=5)
LONGEST_NAME = 60
LONGEST_CREDENTIAL = 1400
MOST_PER_PERSON = 20


class PasskeyRefused(Refusal):
    """One sentence for every reason: unknown, altered, too late, not this site, person not active."""

    def __init__(self) -> None:
        super().__init__(N_("That passkey does not work here. Try again, or sign in with your password."))


class PasskeyUnnamed(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Give the passkey a name of at most 60 characters, such as “office laptop”."))


class TooManyPasskeys(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("You have 20 passkeys: remove one that you no longer use."))


@dataclass(frozen=True)
class Site:
    """Where passkeys are made and used: a device refuses to use them anywhere else."""

    origin: str
    name: str

    @property
    def host(self) -> str:
        return urlsplit(self.origin).hostname or ""


def registration_options(session: Session, person: Person, *, site: Site, now: datetime) -> str:
    """JSON for the browser."""
    known = passkeys.of_person(session, person.id)
    if len(known) >= MOST_PER_PERSON:
        raise TooManyPasskeys
    purpose = LinkPurpose.NEW_PASSKEY
    token = links.make(session, purpose, person_id=person.id, lifetime=CHALLENGE_LIFETIME, now=now)
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=f"person {person.id}".encode(),
        user_name=person.email,
        user_display_name=person.name,
        challenge=token.encode(),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(passkey.credential_id)) for passkey in known
        ],
    )
    return options_to_json(options)


def register(
    session: Session, person: Person, answer: dict[str, Any], name: str, *, site: Site, now: datetime
) -> Passkey:
    """Keeps what the device made, if it made it for this person, this site and the challenge it was given."""
    name = tidy_name(name)
    token = _challenge_of(answer)
    if _used(session, LinkPurpose.NEW_PASSKEY, token, now) != person.id:
        raise PasskeyRefused
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=token.encode(),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except Exception:  # it parses bytes from a stranger, and may stumble over them in any way
        raise PasskeyRefused from None
    credential_id = bytes_to_base64url(made.credential_id)
    if len(credential_id) > LONGEST_CREDENTIAL or passkeys.by_credential(session, credential_id):
        raise PasskeyRefused
    passkey = Passkey(
        person_id=person.id,
        credential_id=credential_id,
        public_key=bytes_to_base64url(made.credential_public_key),
        sign_count=made.sign_count,
        name=name,
        added_at=now,
    )
    session.add(passkey)
    session.flush()
    audit.record(session, "passkey added", f"person {person.id}", by=person.id, now=now, after={"name": name})
    return passkey


def sign_in_options(session: Session, *, site: Site, now: datetime) -> str:
    """JSON for the browser. It names no account: the device knows whose passkeys it holds."""
    purpose = LinkPurpose.PASSKEY_SIGN_IN
    token = links.make(session, purpose, person_id=None, lifetime=CHALLENGE_LIFETIME, now=now)
    options = webauthn.generate_authentication_options(
        rp_id=site.host, challenge=token.encode(), user_verification=UserVerificationRequirement.REQUIRED
    )
    return options_to_json(options)


def person_signing_in(session: Session, answer: dict[str, Any], *, site: Site, now: datetime) -> Person:
    """Whose passkey signed the challenge: locked, so that nobody is deactivated while they come in."""
    token = _challenge_of(answer)
    _used(session, LinkPurpose.PASSKEY_SIGN_IN, token, now)
    people.queue_up(session)
    passkey = _passkey_of(session, answer)
    person = people.locked(session, passkey.person_id) if passkey else None
    if passkey is None or person is None or person.status is not PersonStatus.ACTIVE:
        raise PasskeyRefused
    try:
        proved = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=token.encode(),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(passkey.public_key),
            # A copied device is noticed: its counter falls behind (devices that do not count always say 0).
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except Exception:  # it parses bytes from a stranger, and may stumble over them in any way
        raise PasskeyRefused from None
    passkey.sign_count = proved.new_sign_count
    passkey.last_used_at = now
    session.flush()
    return person


def rename(session: Session, passkey: Passkey, name: str, *, now: datetime) -> None:
    before, after = {"name": passkey.name}, {"name": tidy_name(name)}
    if before == after:
        return
    passkey.name = after["name"]
    subject = f"person {passkey.person_id}"
    audit.record(session, "passkey renamed", subject, by=passkey.person_id, now=now, before=before, after=after)


def remove(session: Session, passkey: Passkey, *, by: int, now: datetime, reason: str | None = None) -> None:
    """Also by an administrator, where a device was lost or somebody else's was added."""
    subject, before = f"person {passkey.person_id}", {"name": passkey.name}
    session.delete(passkey)
    session.flush()
    audit.record(session, "passkey removed", subject, by=by, now=now, before=before, reason=reason)


def tidy_name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise PasskeyUnnamed
    return name


def _challenge_of(answer: dict[str, Any]) -> str:
    """The challenge that the device says it signed; the signature over it is checked later."""
    try:
        written = answer["response"]["clientDataJSON"]
        return parse_client_data_json(base64url_to_bytes(written)).challenge.decode("ascii")
    except Exception:  # whatever a stranger sent, there is no challenge in it
        raise PasskeyRefused from None


def _passkey_of(session: Session, answer: dict[str, Any]) -> Passkey | None:
    credential_id = answer.get("id")
    if not isinstance(credential_id, str) or not credential_id.isascii() or "\0" in credential_id:
        return None  # what a database cannot look for is not there
    return passkeys.by_credential(session, credential_id)


def _used(session: Session, purpose: LinkPurpose, token: str, now: datetime) -> int | None:
    try:
        return links.use(session, purpose, token, now=now).person_id
    except links.LinkRefused:
        raise PasskeyRefused from None
