"""What must be read again, such as the secret of one-time codes, is kept encrypted under the installation's secret."""

import base64
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# What is sealed for one use opens for no other.
ONE_TIME_CODES = b"one-time codes"
WEBHOOKS = b"webhooks"
SIGNING = b"signing"


class Unreadable(Exception):
    """Sealed with another secret, altered, or too old."""


class Seal:
    """Whoever has the database but not the secret cannot open what was sealed."""

    def __init__(self, secret: str, use: bytes = ONE_TIME_CODES) -> None:
        # A key of its own for each use: what is sealed here cannot be forged by whatever else the secret signs.
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=use).derive(secret.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def close(self, text: str, *, now: datetime) -> str:
        return self._fernet.encrypt_at_time(text.encode(), int(now.timestamp())).decode()

    def open(self, sealed: str) -> str:
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise Unreadable from None

    def open_fresh(self, sealed: str, lifetime: timedelta, *, now: datetime) -> str:
        """Only if it was sealed within that time."""
        try:
            return self._fernet.decrypt_at_time(
                sealed.encode(), int(lifetime.total_seconds()), int(now.timestamp())
            ).decode()
        except InvalidToken:
            raise Unreadable from None
