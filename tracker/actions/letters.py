"""A mail whose text holds a link that is only known once the link is made, and the head of the audit log."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tracker.actions import outgoing_mails
from tracker.storage import audit_entries
from tracker.storage.base import Session


@dataclass(frozen=True)
class Letter:
    subject: str
    body: str
    # Tells number and head of the audit log, which are known when the letter is posted: %(number)s and %(head)s.
    # Whoever keeps the mail can tell later whether the log was cut off or written anew. Empty: it does not tell.
    last_line: str = ""

    def text(self, number: int, head: str) -> str:
        last = self.last_line % {"number": number, "head": head} if self.last_line else ""
        return f"{self.body}\n\n{last}" if last else self.body


# Given the token of a link, the letter that carries it. The web layer writes it; nobody else sees the token.
Writer = Callable[[str], Letter]


def post(
    session: Session, recipient: str, letter: Letter, *, now: datetime, useless_after: datetime | None = None
) -> None:
    """The head is the one of this transaction: what the letter tells of is best recorded before it is posted."""
    text = letter.text(*audit_entries.head(session))
    outgoing_mails.queue(
        session, recipient=recipient, subject=letter.subject, body=text, now=now, useless_after=useless_after
    )
