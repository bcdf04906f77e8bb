"""What an installation decides for itself. Read once, in config.py, and handed in from there."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tracker.webhook import Reach

# On the disk of the data folder; with less, the next file that is brought may fill it.
LEAST_FREE_BYTES = 500 * 1024 * 1024


class Mode(StrEnum):
    LOCAL = "local"
    PRODUCTION = "production"


class UncertainMail(StrEnum):
    """What becomes of a mail of which nobody can tell whether the relay took it."""

    # Sent again, under the same Message-ID: rather twice than never.
    RESEND = "resend"
    # Kept until somebody has found out: rather late than twice.
    HOLD = "hold"


@dataclass(frozen=True)
class Relay:
    """The SMTP server that mail is handed to."""

    host: str
    port: int
    username: str | None = None
    password: str | None = None
    starttls: bool = False
    tls: bool = False


@dataclass(frozen=True)
class Settings:
    mode: Mode
    data_folder: Path
    database_url: str
    # Signs cookies and seals one-time-code secrets: whoever knows it can sign in as anybody.
    secret: str
    # The address that people type; links in mails start with it and no other host is answered.
    public_url: str
    # None: mail is written to data/outbox/ as .eml files, and the pages say so.
    relay: Relay | None
    mail_from: str
    # How many reverse proxies stand in front and may speak for the reader's address.
    trusted_proxies: int = 0
    uncertain_mail: UncertainMail = UncertainMail.RESEND
    # Whether webhooks may call machines of private networks.
    webhooks_inside: bool = False

    @property
    def outbox_folder(self) -> Path:
        return self.data_folder / "outbox"

    @property
    def database_file(self) -> Path | None:
        """None: the database is no file but a server's."""
        path = self.database_url.partition("?")[0].removeprefix("sqlite:///")
        return Path(path) if self.database_url.startswith("sqlite:") else None

    @property
    def reach(self) -> Reach:
        """Whom a webhook may call."""
        return Reach(this_machine=not self.is_production, inside=self.webhooks_inside)

    @property
    def is_production(self) -> bool:
        return self.mode is Mode.PRODUCTION
