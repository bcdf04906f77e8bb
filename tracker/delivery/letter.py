"""A mail as it was sent, taken apart again: what its reader saw, for a page that shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str
    # Empty: it was plain text alone.
    html: str
    # PNG by name, as the HTML calls it: "cid:map" is "map".
    images: Mapping[str, bytes] = field(hash=False)


def read(message: bytes) -> Letter:
    mail = message_from_bytes(message, policy=SMTP)
    assert isinstance(mail, EmailMessage), "the policy makes no other kind"
    images = {}
    for part in mail.walk():
        if part.get_content_type() == "image/png":
            images[str(part["Content-ID"]).strip("<>")] = part.get_content()
    return Letter(str(mail["Subject"]), _content(mail, "plain"), _content(mail, "html"), images)


def _content(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    written: str = "" if part is None else part.get_content()
    return written.replace("\r\n", "\n")
