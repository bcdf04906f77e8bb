"""A mail ready to be handed over: its bytes, the addresses on its envelope, and its name as a file."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage

from tracker.delivery.failures import RecipientRefused
from tracker.delivery.message import address_on_envelope


@dataclass(frozen=True)
class Parcel:
    sender: str
    recipient: str
    # As a file of the outbox: the same mail has the same.
    file_name: str
    # With the line ends of the wire.
    content: bytes


def parcel_of(message: EmailMessage) -> Parcel:
    return Parcel(
        sender=message["From"].addresses[0].addr_spec,
        recipient=message["To"].addresses[0].addr_spec,
        file_name=file_name(message["Date"].datetime, message["Message-ID"]),
        content=message.as_bytes(),
    )


def parcel_of_frozen(content: bytes, *, sender: str, recipient: str, message_id: str, written_at: datetime) -> Parcel:
    """Of a mail that was composed before, byte for byte as it was then."""
    to = address_on_envelope(recipient)
    if to is None:
        raise RecipientRefused("There is no address that this can be sent to.")
    return Parcel(address_on_envelope(sender) or "", to, file_name(written_at, message_id), content)


def file_name(written_at: datetime, message_id: str) -> str:
    """Sorted by time and never twice the same; only characters that every file system takes."""
    token = "".join(letter for letter in message_id.partition("@")[0] if letter.isalnum())
    return f"{written_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{token[:64]}.eml"
