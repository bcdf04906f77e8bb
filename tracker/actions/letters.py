"""A mail whose text holds a link that is only known once the link is made."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tracker.actions import outgoing_mails
from tracker.storage.base import Session


@dataclass(frozen=True)
class Letter:
    subject: str
    body: str


# Given the token of a link, the letter that carries it. The web layer writes it; nobody else sees the token.
Writer = Callable[[str], Letter]


def post(session: Session, recipient: str, letter: Letter, *, now: datetime) -> None:
    outgoing_mails.queue(session, recipient=recipient, subject=letter.subject, body=letter.body, now=now)
