"""What has served its purpose and is only a risk by now: removed once it is older than a moment.

Each answers how many rows it removed.
"""

from datetime import datetime

from sqlalchemy import delete, or_

from tracker.storage.admitting import LinkPurpose, OneTimeLink, SignIn, SignInAttempt
from tracker.storage.base import Session
from tracker.storage.recording import ParkedForm


def remove_sign_in_attempts_before(session: Session, moment: datetime) -> int:
    old = delete(SignInAttempt).where(SignInAttempt.at < moment)
    return len(session.scalars(old.returning(SignInAttempt.id)).all())


def remove_one_time_links_spent_before(session: Session, moment: datetime) -> int:
    """Spent is: used or expired, whichever came first."""
    spent = delete(OneTimeLink).where(or_(OneTimeLink.used_at < moment, OneTimeLink.expires_at < moment))
    return len(session.scalars(spent.returning(OneTimeLink.id)).all())


def remove_passkey_challenges_expired_before(session: Session, moment: datetime) -> int:
    """Anybody can ask for one, and nobody is known by it: used or not, it tells nothing afterwards."""
    over = delete(OneTimeLink).where(
        OneTimeLink.purpose == LinkPurpose.PASSKEY_SIGN_IN, OneTimeLink.expires_at < moment
    )
    return len(session.scalars(over.returning(OneTimeLink.id)).all())


def remove_sign_ins_over_before(session: Session, moment: datetime) -> int:
    """Over is: ended or expired, whichever came first."""
    over = delete(SignIn).where(or_(SignIn.ended_at < moment, SignIn.expires_at < moment))
    return len(session.scalars(over.returning(SignIn.id)).all())


def remove_forms_parked_before(session: Session, moment: datetime) -> int:
    old = delete(ParkedForm).where(ParkedForm.parked_at < moment)
    return len(session.scalars(old.returning(ParkedForm.id)).all())
