"""A mail as it goes over the wire: whatever is put in, it is well-formed and says only what it should.

Titles and names come from people, perhaps from hostile ones. They are made harmless here and never refused: a mail
that cannot be written would stop the queue behind it.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from types import MappingProxyType
from urllib.parse import urlsplit

from tracker.delivery.failures import RecipientRefused
from tracker.text import one_line, plain_text

LONGEST_SUBJECT = 200
LONGEST_NAME = 100
# RFC 5322: no line of a mail is longer, its end not counted.
LONGEST_LINE = 998
LONGEST_ADDRESS = 900
NO_IMAGES: Mapping[str, bytes] = MappingProxyType({})

_LOCAL_PART = re.compile(r"[^\s@<>()\[\]\\,;:\"]{1,64}")
_DOMAIN = re.compile(r"(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")


def compose(
    *,
    sender: str,
    recipient: str,
    subject: str,
    body: str,
    message_id: str,
    written_at: datetime,
    html: str = "",
    images: Mapping[str, bytes] = NO_IMAGES,
    leave_url: str = "",
) -> EmailMessage:
    """A mail from a sender ("Name <address>") to one address.

    The same arguments give the same bytes, so that a second sending is recognised as the same mail. `images`: PNG by
    name, shown where the HTML says "cid:name". `leave_url`: where a mail program can end such mails by one click.
    """
    to = _address(recipient)
    if to is None:
        told = f"“{one_line(recipient, LONGEST_NAME)}” is not an address that mail can be sent to."
        raise RecipientRefused(told)
    # Only a recipient with letters beyond ASCII needs a relay that knows them (RFC 6531).
    policy = SMTP if to.username.isascii() else SMTPUTF8
    message = EmailMessage(policy=policy.clone(refold_source="none"))
    message["From"] = _sender(sender)
    message["To"] = to
    _add_subject(message, _header_text(subject, LONGEST_SUBJECT))
    message["Date"] = written_at
    message["Message-ID"] = f"<{message_id}>"
    # Asks absence assistants and list robots not to answer (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    if leave_url:
        # As it is: folded by the library, a long address is encoded, and mail programs do not know it any more.
        message.set_raw("List-Unsubscribe", f"<{one_line(leave_url, LONGEST_ADDRESS)}>")
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    text = plain_text(body)
    message.set_content(text, cte="7bit" if _is_plain(text) and not html else "quoted-printable")
    if html:
        _add_html(message, plain_text(html), images, message_id)
    return message


def _add_subject(message: EmailMessage, subject: str) -> None:
    if subject.isascii():
        message["Subject"] = subject
    else:
        # Encoded as a whole: the policy encodes words alone, and where it folds before one it adds a blank.
        message.set_raw("Subject", Header(subject, "utf-8", header_name="Subject").encode(linesep="\r\n"))


def _add_html(message: EmailMessage, html: str, images: Mapping[str, bytes], message_id: str) -> None:
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    # Not drawn, so that the bytes are always the same; "=_" stands in nothing that is encoded.
    token = "".join(letter for letter in message_id if letter.isalnum())[:40]
    message.set_boundary(f"=_alternative_{token}")
    part = message.get_payload(1)
    assert isinstance(part, EmailMessage)
    for name, png in images.items():
        part.add_related(png, "image", "png", cid=f"<{name}>", filename=f"{name}.png", disposition="inline")
    if images:
        part.set_boundary(f"=_related_{token}")


def address_on_envelope(written: str) -> str | None:
    """Of "Name <address>" or an address alone. None: it is none that mail can be sent to."""
    _, _, alone = written.strip().rpartition("<")
    known = _address(alone.removesuffix(">"))
    return known.addr_spec if known else None


def host_of(public_url: str) -> str:
    """What the product calls itself to other mail servers: the host of its address, if that can be a name."""
    host = _ascii_domain(urlsplit(public_url).hostname or "")
    return host or "localhost"


def _sender(written: str) -> Address:
    name, _, address = written.strip().rpartition("<")
    known = _address(address.removesuffix(">"))
    if known is None or not known.username.isascii():
        raise ValueError(f"mail cannot be sent from {one_line(written, LONGEST_NAME)!r}: it is not an address")
    return Address(_header_text(name.strip().strip('"'), LONGEST_NAME), known.username, known.domain)


def _header_text(text: str, longest: int) -> str:
    # Python decodes an "encoded word" that it is given and writes out what was hidden in it, line breaks included.
    return one_line(text, longest).replace("=?", "= ?")


def _address(written: str) -> Address | None:
    local_part, _, domain = written.strip().rpartition("@")
    host = _ascii_domain(domain)
    if host is None or not _LOCAL_PART.fullmatch(local_part) or one_line(local_part, 64) != local_part:
        return None
    if local_part.startswith(".") or local_part.endswith(".") or ".." in local_part:
        return None
    return Address("", local_part, host)


def _ascii_domain(domain: str) -> str | None:
    """None: this cannot be the name of a host."""
    try:
        encoded = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    return encoded if _DOMAIN.fullmatch(encoded) else None


def _is_plain(text: str) -> bool:
    """Then a person who opens the file in an editor finds links in one piece."""
    return text.isascii() and all(len(line) <= LONGEST_LINE for line in text.split("\n"))
