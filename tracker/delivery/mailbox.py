"""Hands mail to the relay, or keeps it as a file where there is no relay.

Handing over either works or raises one of delivery/failures.py, which tells what will pass from what will not.
"""

import contextlib
import os
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from tracker.delivery.failures import NotHandedOver, RefusedForGood, RefusedForNow, RelayAway
from tracker.delivery.message import host_of
from tracker.settings import Relay, Settings
from tracker.text import one_line

# For each answer of the relay; a mail takes a handful of them.
TIMEOUT_SECONDS = 30
LONGEST_REASON = 300
# Answers with which a relay means us and not the recipient: wrong order, sign in first, encrypt first.
ABOUT_US = frozenset({503, 530, 535, 538})


class Mailbox(Protocol):
    def hand_over(self, message: EmailMessage) -> None: ...


@contextmanager
def open_mailbox(settings: Settings) -> Iterator[Mailbox]:
    """What the settings say: the relay, over one connection for all mails handed over, or the outbox."""
    if settings.relay is None:
        yield Outbox(settings.outbox_folder)
        return
    relay = RelayMailbox(settings.relay, our_name=host_of(settings.public_url))
    try:
        yield relay
    finally:
        relay.close()


class Outbox:
    """A folder of .eml files, for its owner alone: they hold one-time links."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def hand_over(self, message: EmailMessage) -> None:
        """A file is there whole or not at all. The same mail a second time is the same file."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._folder.chmod(0o700)
            self._keep(file_name(message), message.as_bytes())
        except OSError as problem:
            raise RefusedForNow(f"The outbox cannot be written: {_words(problem)}") from problem

    def _keep(self, name: str, content: bytes) -> None:
        unfinished = self._folder / f".{name}.part"
        unfinished.touch(mode=0o600)
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self._folder / name)
        _fsync_folder(self._folder)


class RelayMailbox:
    """One connection to the relay, opened for the first mail and replaced when it broke."""

    def __init__(self, relay: Relay, *, our_name: str) -> None:
        self._relay = relay
        self._our_name = our_name
        # None: nothing is open.
        self._server: smtplib.SMTP | None = None

    def hand_over(self, message: EmailMessage) -> None:
        server = self._connected()
        try:
            server.send_message(
                message,
                from_addr=message["From"].addresses[0].addr_spec,
                to_addrs=[message["To"].addresses[0].addr_spec],
            )
        except smtplib.SMTPNotSupportedError as problem:
            raise RefusedForGood("The relay does not take addresses beyond ASCII.") from problem
        except smtplib.SMTPRecipientsRefused as problem:
            self._drop()
            code, reason = next(iter(problem.recipients.values()))
            raise _refusal(code, reason) from problem
        except smtplib.SMTPDataError as problem:
            self._drop()
            raise _refusal(problem.smtp_code, problem.smtp_error) from problem
        except (smtplib.SMTPException, OSError) as problem:
            self._drop()
            raise RefusedForNow(f"The relay did not take it: {_words(problem)}") from problem

    def close(self) -> None:
        """Says goodbye; by now nothing depends on the answer."""
        if self._server is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._server.quit()
        self._drop()

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    def _connected(self) -> smtplib.SMTP:
        # A relay may hang up between two mails: better found out before the next than during it.
        if self._server is not None and not _answers(self._server):
            self._drop()
        if self._server is None:
            try:
                self._server = _connect(self._relay, self._our_name)
            except (smtplib.SMTPException, OSError) as problem:
                raise RelayAway(f"The relay cannot be used: {_words(problem)}") from problem
        return self._server


def file_name(message: EmailMessage) -> str:
    """Sorted by time and never twice the same; only characters that every file system takes."""
    written_at = message["Date"].datetime
    token = "".join(letter for letter in message["Message-ID"].partition("@")[0] if letter.isalnum())
    return f"{written_at:%Y%m%dT%H%M%SZ}-{token[:64]}.eml"


def _connect(relay: Relay, our_name: str) -> smtplib.SMTP:
    # Checks the certificate and that it is the relay's: whoever stands between would read one-time links.
    context = ssl.create_default_context()
    server = (
        smtplib.SMTP_SSL(relay.host, relay.port, our_name, timeout=TIMEOUT_SECONDS, context=context)
        if relay.tls
        else smtplib.SMTP(relay.host, relay.port, our_name, timeout=TIMEOUT_SECONDS)
    )
    try:
        if relay.starttls:
            server.starttls(context=context)
        if relay.username is not None:
            server.login(relay.username, relay.password or "")
    except BaseException:
        server.close()
        raise
    return server


def _answers(server: smtplib.SMTP) -> bool:
    try:
        return server.noop()[0] == 250
    except (smtplib.SMTPException, OSError):
        return False


def _refusal(code: int, reason: bytes | str) -> NotHandedOver:
    told = reason.decode("utf-8", errors="replace") if isinstance(reason, bytes) else reason
    sentence = f"The relay refused it: {code} {one_line(told, LONGEST_REASON)}"
    return RefusedForGood(sentence) if 500 <= code < 600 and code not in ABOUT_US else RefusedForNow(sentence)


def _words(problem: Exception) -> str:
    return one_line(f"{type(problem).__name__}: {problem}", LONGEST_REASON)


def _fsync_folder(folder: Path) -> None:
    """The new name is on the disk as well. Windows cannot be asked for that."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
