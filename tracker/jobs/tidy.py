"""Removes what has served its purpose: personal, sometimes secret, and of no use to anybody any more."""

from datetime import timedelta

from tracker.actions.imports import bring
from tracker.jobs.job import Shift
from tracker.storage import leftovers, outgoing_mails, webhooks

KEEP_SIGN_IN_ATTEMPTS = timedelta(days=1)
KEEP_CHALLENGES = timedelta(days=1)
KEEP_SPENT_LINKS = timedelta(days=30)
KEEP_SIGN_INS = timedelta(days=90)
KEEP_PARKED_FORMS = timedelta(days=30)
KEEP_MAILS = timedelta(days=30)
KEEP_FILES_BROUGHT = timedelta(days=30)


def tidy(shift: Shift) -> str:
    now = shift.clock()
    with shift.database.writing() as session:
        removed = {
            "sign-in attempts": leftovers.remove_sign_in_attempts_before(session, now - KEEP_SIGN_IN_ATTEMPTS),
            "passkey challenges": leftovers.remove_passkey_challenges_expired_before(session, now - KEEP_CHALLENGES),
            "one-time links": leftovers.remove_one_time_links_spent_before(session, now - KEEP_SPENT_LINKS),
            "sign-ins": leftovers.remove_sign_ins_over_before(session, now - KEEP_SIGN_INS),
            "parked forms": leftovers.remove_forms_parked_before(session, now - KEEP_PARKED_FORMS),
            "files brought": bring.forget_files_before(session, now - KEEP_FILES_BROUGHT, now=now),
            "mails": outgoing_mails.remove_settled_before(session, now - KEEP_MAILS),
            "calls of webhooks": webhooks.remove_settled_before(session, now - KEEP_MAILS),
        }
    told = ", ".join(f"{count} {things}" for things, count in removed.items() if count)
    return f"Removed for their age: {told}." if told else ""
