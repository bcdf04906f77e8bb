from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from tracker.storage.base import Session
from tracker.storage.running import OutgoingMail


def a_mail(now: datetime, **changed: Any) -> OutgoingMail:
    usual = {
        "message_id": "1f3a",
        "recipient": "ana@example.org",
        "subject": "What is new",
        "body": "Nothing.",
        "queued_at": now,
        "attempts": 0,
        "next_attempt_at": now,
    }
    return OutgoingMail(**(usual | changed))


def test_a_message_id_is_given_once(session: Session, now: datetime) -> None:
    session.add_all([a_mail(now), a_mail(now)])
    with pytest.raises(IntegrityError, match="message_id"):
        session.flush()


@pytest.mark.parametrize(
    ("settled", "body"), [({}, None), ({"sent_at": True}, "Nothing."), ({"given_up_at": True}, "Nothing.")]
)
def test_a_mail_has_its_text_until_it_is_settled_and_not_longer(
    session: Session, now: datetime, settled: dict[str, bool], body: str | None
) -> None:
    session.add(a_mail(now, body=body, **dict.fromkeys(settled, now)))
    with pytest.raises(IntegrityError, match="outgoing_mails_body_kept_until_settled"):
        session.flush()


def test_a_mail_is_not_both_sent_and_given_up(session: Session, now: datetime) -> None:
    session.add(a_mail(now, body=None, sent_at=now, given_up_at=now))
    with pytest.raises(IntegrityError, match="outgoing_mails_settled_one_way"):
        session.flush()
