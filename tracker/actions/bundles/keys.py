"""What bundles are signed with, and whose signatures are known here."""

from datetime import datetime

from tracker.access import Principal
from tracker.actions import audit
from tracker.actions.sealing import Seal, Unreadable
from tracker.bundle import LONGEST_NAME
from tracker.exchange.bundles import fingerprint_of, is_public_key, new_key
from tracker.refusal import N_, NotThere, Refusal
from tracker.storage import bundles
from tracker.storage.base import Session
from tracker.storage.sharing import Partner, SigningKey
from tracker.text import straight_line


class NoKeyYet(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("There is no key yet to sign with: make one on the page “Sharing”."))


class KeyUnreadable(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("The key was sealed with another secret of the installation: make a new one, and hand it over.")
        )


class NoPublicKey(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("This is no public key: it has 64 characters, each a digit or a letter from a to f."))


class OwnKey(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("This is a key of this installation: enter the partner's."))


class KeyKnown(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(N_("This key stands in the list already, as that of %(name)s."), name=name)


class NoName(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Say whose key it is."))


class NameOfAPublisher(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("A publisher of the catalogue has this name: choose one that tells the two apart, as sources do.")
        )


class NoSuchPartner(NotThere):
    def __init__(self) -> None:
        super().__init__(N_("There is no such partner."))


def make_key(session: Session, seal: Seal, *, by: Principal, now: datetime) -> SigningKey:
    """From now on bundles are signed with it; a former one stays known as ours."""
    pair = new_key()
    sealed = seal.close(pair.private, now=now)
    made = SigningKey(public_key=pair.public, sealed=sealed, made_at=now, made_by=by.person_id)
    session.add(made)
    session.flush()
    after = {"fingerprint": fingerprint_of(pair.public)}
    audit.record(session, "signing key made", f"signing key {made.id}", by=by.person_id, now=now, after=after)
    return made


def public_key(session: Session) -> str:
    kept = bundles.signing_key(session)
    if kept is None:
        raise NoKeyYet
    return kept.public_key


def private_key(session: Session, seal: Seal) -> str:
    kept = bundles.signing_key(session)
    if kept is None:
        raise NoKeyYet
    try:
        return seal.open(kept.sealed)
    except Unreadable:
        raise KeyUnreadable from None


def add_partner(session: Session, name: str, public_key: str, *, by: Principal, now: datetime) -> Partner:
    """Whoever adds one has compared the fingerprint over another way than the key came: nobody else can."""
    name, key = straight_line(name, LONGEST_NAME), "".join(public_key.split()).lower()
    if not name:
        raise NoName
    if not is_public_key(key):
        raise NoPublicKey
    if bundles.is_our_key(session, key):
        raise OwnKey
    known = bundles.partner_by_key(session, key)
    if known is not None:
        raise KeyKnown(known.name)
    if bundles.is_publisher(session, name):
        raise NameOfAPublisher
    made = Partner(name=name, public_key=key, added_at=now, added_by=by.person_id)
    session.add(made)
    session.flush()
    after = {"name": name, "fingerprint": fingerprint_of(key)}
    audit.record(session, "partner added", _subject(made), by=by.person_id, now=now, after=after)
    return made


def revoke_partner(session: Session, partner_id: int, *, by: Principal, now: datetime) -> Partner:
    """For ever: nothing more is taken from this key. What came before stays. The same once more changes nothing."""
    found = bundles.partner(session, partner_id)
    if found is None:
        raise NoSuchPartner
    if found.revoked_at is None:
        found.revoked_at = now
        audit.record(session, "partner revoked", _subject(found), by=by.person_id, now=now)
    return found


def _subject(partner: Partner) -> str:
    return f"partner {partner.id}"
