"""What others hand over: checked, looked at, taken in.

Whatever is wrong with a bundle is said in one sentence, and nothing of it stays. What is right is kept to be looked
at; only when somebody takes it in does anything of it show or count. Observations then go the way of every file: the
partner is their source, published figures are recorded, answers become drafts for a second person. Flags and
assessments are shown as the partner's, and counted nowhere.
"""

import hashlib
import zlib
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from tracker.access import Principal, Right
from tracker.actions import audit
from tracker.actions.bundles.comparing import Look, TheirWord, compared, only, sorted_rows
from tracker.actions.bundles.kept import NoSuchBundle, contents_of, subject_of, visible
from tracker.actions.codings import correcting
from tracker.actions.imports import bring as bringing
from tracker.actions.imports import check
from tracker.bundle import (
    HIGHEST_MARK,
    BundleDirection,
    Contents,
    SharedAssessment,
    SharedFlag,
    SharedObservation,
    StatementKind,
    counts_of,
)
from tracker.exchange.bundle_table import mapping_for, table_of
from tracker.exchange.bundles import Sealed, refuse_broken, unsealed
from tracker.handling import may_see
from tracker.refusal import N_, OutOfTurn, Refusal
from tracker.storage import bundles, catalogue
from tracker.storage.base import Session
from tracker.storage.recording import Import, ImportState
from tracker.storage.revisions import Observed
from tracker.storage.sharing import Bundle, Partner, ReceivedStatement

# So far may the clocks of two organisations be apart.
CLOCKS_APART = timedelta(days=1)
# English, as all that is kept with the evidence itself.
WITHDRAWN_BY = "Withdrawn by %s, whose word it is."


class UnknownPartner(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("It is signed with a key that nobody here knows: compare it with the sender, and enter the partner.")
        )


class MadeHere(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("This bundle was made by this installation itself."))


class PartnerRevoked(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(N_("The key of %(name)s was revoked: nothing more is taken from it."), name=name)


class SeenBefore(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("This very bundle was brought before, so nothing was done."))


class FromTheFuture(Refusal):
    def __init__(self, made_at: datetime) -> None:
        super().__init__(
            N_("It says that it was made on %(day)s, which is still to come: one of the two clocks is wrong."),
            day=made_at.date().isoformat(),
        )


class MarkTooHigh(Refusal):
    def __init__(self, label: str) -> None:
        super().__init__(
            N_("Something in it bears %(mark)s, which you may not see: somebody with that clearance must bring it."),
            mark=label,
        )


class MarkShouldNotTravel(Refusal):
    def __init__(self, label: str) -> None:
        super().__init__(
            N_("Something in it bears %(mark)s, which never leaves an organisation: tell the sender."), mark=label
        )


class NothingForHere(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("It says nothing about any country and indicator that you work on."))


class NeedsAnAnalyst(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("It has observations, which are recorded by analysts only: have somebody take it in who is one as well.")
        )


class BundleMovedOn(OutOfTurn):
    def __init__(self) -> None:
        super().__init__(N_("Somebody has taken this bundle further since you opened the page. Nothing was changed."))


def bring(session: Session, file: bytes, *, by: Principal, now: datetime) -> Bundle:
    """Kept, to be looked at: nothing of it shows or counts yet."""
    sealed = unsealed(file)
    partner = _partner_of(session, sealed)
    # before anything of it is read
    refuse_broken(sealed)
    if bundles.by_fingerprint(session, sealed.fingerprint) is not None:
        raise SeenBefore
    contents = sealed.contents()
    if contents.made_at > now + CLOCKS_APART:
        raise FromTheFuture(contents.made_at)
    _refuse_marks(contents, by)
    taken, refused = sorted_rows(session, contents, by=by, now=now)
    if not taken:
        raise NothingForHere
    made = Bundle(
        direction=BundleDirection.RECEIVED,
        partner_id=partner.id,
        recipient=contents.recipient,
        fingerprint=sealed.fingerprint,
        content=zlib.compress(file),
        handling=contents.highest,
        summary={
            "countries": sorted({row.country for row in taken}),
            "made_at": contents.made_at.isoformat(),
            "counts": counts_of(taken),
            "refused": len(refused),
        },
        at=now,
        by_id=by.person_id,
    )
    session.add(made)
    session.flush()
    after = {"partner": partner.id, "fingerprint": made.fingerprint, "counts": made.summary["counts"]}
    audit.record(session, "bundle brought", subject_of(made), by=by.person_id, now=now, after=after)
    return made


def look(session: Session, row: Bundle, *, by: Principal, now: datetime) -> Look:
    """What would be entered now, for whoever asks now; never of more countries than whoever brought it works on."""
    contents, reached = contents_of(session, row.id), set(row.summary["countries"])
    taken, refused = sorted_rows(session, contents, by=by, now=now)
    taken = [one for one in taken if one.country in reached]
    partner = session.get_one(Partner, row.partner_id).name
    newest = bundles.newest_entered(session, partner, besides=row.id)
    newer = newest if newest is not None and newest > contents.made_at else None
    return compared(session, only(contents, taken), refused, partner, by, newer)


def enter(session: Session, bundle_id: int, *, replace: bool, by: Principal, now: datetime) -> Bundle:
    """`replace`: published figures that differ from ours go in, too, as a further revision."""
    row = _waiting(session, bundle_id, by)
    partner = bundles.partner(session, row.partner_id or 0)
    assert partner is not None, "a constraint gives what was received a partner"
    if partner.revoked_at is not None:
        raise PartnerRevoked(partner.name)
    found = look(session, row, by=by, now=now)
    _refuse_marks(found.contents, by)
    observations = [*found.new, *(found.different if replace else ())]
    if (observations or found.withdrawn) and not by.may(Right.RECORD):
        raise NeedsAnAnalyst
    _propose_withdrawals(session, found.withdrawn, partner, by=by, now=now)
    if observations:
        row.import_id = _import(session, row, partner, observations, by=by, now=now).id
    session.add_all(_statements(row, found.contents))
    row.entered_at = now
    after = {
        "observations": len(observations),
        "withdrawn": len(found.withdrawn),
        "statements": len(found.contents.flags + found.contents.assessments),
    }
    audit.record(session, "bundle entered", subject_of(row), by=by.person_id, now=now, after=after)
    return row


def leave(session: Session, bundle_id: int, *, by: Principal, now: datetime) -> None:
    """What was only looked at is forgotten, as if it had never come."""
    row = _waiting(session, bundle_id, by)
    bundles.forget(session, row.id)
    audit.record(session, "bundle left", subject_of(row), by=by.person_id, now=now)


def _waiting(session: Session, bundle_id: int, by: Principal) -> Bundle:
    visible(session, bundle_id, by)
    row = bundles.locked_bundle(session, bundle_id)
    if row is None or row.direction is not BundleDirection.RECEIVED:
        raise NoSuchBundle
    if row.entered_at is not None:
        raise BundleMovedOn
    return row


def _partner_of(session: Session, sealed: Sealed) -> Partner:
    found = bundles.partner_by_key(session, sealed.public_key)
    if found is None:
        raise MadeHere if bundles.is_our_key(session, sealed.public_key) else UnknownPartner
    if found.revoked_at is not None:
        raise PartnerRevoked(found.name)
    return found


def _refuse_marks(contents: Contents, by: Principal) -> None:
    if contents.highest > HIGHEST_MARK:
        raise MarkShouldNotTravel(contents.highest.label)
    if not may_see(by.clearance, contents.highest):
        raise MarkTooHigh(contents.highest.label)


def _import(
    session: Session,
    row: Bundle,
    partner: Partner,
    observations: Sequence[SharedObservation],
    *,
    by: Principal,
    now: datetime,
) -> Import:
    """Handed to the worker, as if somebody had brought the table and chosen its columns."""
    table = table_of(observations)
    file = bringing.PackedFile(
        name=bringing.tidy_file_name(f"{partner.name} {row.fingerprint[:12]}.csv"),
        size=len(table),
        fingerprint=hashlib.sha256(table).hexdigest(),
        content=zlib.compress(table),
    )
    brought = bringing.bring(session, file, sheet=None, header=None, by=by.person_id, now=now)
    return check.choose_columns(
        session,
        brought.id,
        mapping_for(partner.name),
        sheet=None,
        header=None,
        source_id=None,
        knowingly=True,
        seen=None,
        by=by.person_id,
        now=now,
        state=ImportState.RECORDING,
    )


def _propose_withdrawals(
    session: Session, found: Sequence[TheirWord], partner: Partner, *, by: Principal, now: datetime
) -> None:
    """What the partner takes back is taken back here once a second person agrees; what is proposed already, is."""
    indicators = catalogue.indicator_ids(session)
    for one in sorted(found, key=lambda one: (one.row.country, indicators[one.row.indicator], one.day)):
        observed = Observed(one.row.country, indicators[one.row.indicator], one.day)
        with suppress(correcting.WaitsAlready):
            reason = WITHDRAWN_BY % partner.name
            correcting.withdraw(session, observed, reason, based_on=one.revision, by=by, now=now)


def _statements(row: Bundle, contents: Contents) -> list[ReceivedStatement]:
    plain = contents.as_plain()
    flags = zip(contents.flags, plain["flags"], strict=True)
    assessments = zip(contents.assessments, plain["assessments"], strict=True)
    return [
        *(_statement(row, StatementKind.FLAG, one, content) for one, content in flags),
        *(_statement(row, StatementKind.ASSESSMENT, one, content) for one, content in assessments),
    ]


def _statement(
    row: Bundle, kind: StatementKind, one: SharedFlag | SharedAssessment, content: dict[str, Any]
) -> ReceivedStatement:
    return ReceivedStatement(
        bundle_id=row.id, iso3=one.country, kind=kind, day=one.day, handling=one.mark, content=content
    )
