"""Hands mail to the relay, or keeps it as a file where there is no relay.

Handing over either works or raises one of delivery/failures.py, which tells what will pass from what will not, and what
has certainly not left from what may have. Of two moments whoever holds the mail is told, and can stop it: before the
first word of the text, and when only its end is missing, without which no relay takes it.
"""

import contextlib
import os
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from tracker.delivery.failures import (
    NobodyCanTell,
    NotHandedOver,
    RecipientRefused,
    RefusedForGood,
    RefusedForNow,
    RelayAway,
    TakenOver,
)
from tracker.delivery.message import host_of
from tracker.delivery.parcel import Parcel
from tracker.settings import Relay, Settings
from tracker.text import one_line

# For each answer of the relay; a mail takes a handful of them.
TIMEOUT_SECONDS = 30
# For the last one: it may look through the whole mail first, and whoever does not wait for it sends it twice.
LAST_TIMEOUT_SECONDS = 120
LONGEST_REASON = 300
# Answers with which a relay means us and not the recipient: wrong order, sign in first, encrypt first.
ABOUT_US = frozenset({503, 530, 535, 538})


class Watch(Protocol):
    """Whoever holds a mail while it is handed over. False: let go of it, it is somebody else's by now."""

    def may_begin(self) -> bool:
        """Asked when the relay waits for the text: from then on it may have left."""

    def may_end(self) -> bool:
        """Asked when all of the text is there but for its end."""


class Unwatched:
    """Nobody else could be sending it."""

    def may_begin(self) -> bool:
        return True

    def may_end(self) -> bool:
        return True


UNWATCHED = Unwatched()


class Mailbox(Protocol):
    def connect(self) -> None:
        """As it will be done for the first mail."""

    def hand_over(self, parcel: Parcel, watch: Watch = UNWATCHED) -> None: ...

    def has(self, parcel: Parcel) -> bool | None:
        """Whether it was handed over before. None: this one cannot be asked."""


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

    def connect(self) -> None:
        pass

    def hand_over(self, parcel: Parcel, watch: Watch = UNWATCHED) -> None:
        """A file is there whole or not at all. The same mail a second time is the same file."""
        if not watch.may_begin():
            raise TakenOver
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._folder.chmod(0o700)
            unfinished = self._written(parcel)
            if not watch.may_end():
                unfinished.unlink()
                raise TakenOver
            unfinished.replace(self._folder / parcel.file_name)
            _fsync_folder(self._folder)
        except OSError as problem:
            raise RefusedForNow(f"The outbox cannot be written: {_words(problem)}") from problem

    def has(self, parcel: Parcel) -> bool | None:
        return (self._folder / parcel.file_name).exists()

    def _written(self, parcel: Parcel) -> Path:
        unfinished = self._folder / f".{parcel.file_name}.part"
        unfinished.touch(mode=0o600)
        with unfinished.open("wb") as file:
            file.write(parcel.content)
            file.flush()
            os.fsync(file.fileno())
        return unfinished


class RelayMailbox:
    """One connection to the relay, opened for the first mail and replaced when it broke."""

    def __init__(self, relay: Relay, *, our_name: str) -> None:
        self._relay = relay
        self._our_name = our_name
        # None: nothing is open.
        self._server: smtplib.SMTP | None = None

    def hand_over(self, parcel: Parcel, watch: Watch = UNWATCHED) -> None:
        try:
            server = self._offered(parcel)
            if not watch.may_begin():
                raise TakenOver
            _send_text(server, parcel.content)
            if not watch.may_end():
                raise TakenOver
            _end_text(server)
        # Whatever went wrong, the conversation cannot go on from here: without its end the relay forgets the text.
        except BaseException:
            self._drop()
            raise

    def has(self, parcel: Parcel) -> bool | None:
        return None

    def connect(self) -> None:
        self._connected()

    def close(self) -> None:
        """Says goodbye; by now nothing depends on the answer."""
        if self._server is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._server.quit()
        self._drop()

    def _offered(self, parcel: Parcel) -> smtplib.SMTP:
        """A connection at which the relay waits for the text."""
        was_open = self._server is not None
        try:
            return _offer(self._connected(), parcel)
        except (smtplib.SMTPServerDisconnected, OSError) as problem:
            self._drop()
            if not was_open:
                raise _not_taken(problem) from problem
        # A relay may hang up between two mails; of this one it has nothing yet.
        try:
            return _offer(self._connected(), parcel)
        except (smtplib.SMTPServerDisconnected, OSError) as problem:
            raise _not_taken(problem) from problem

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            try:
                self._server = _connect(self._relay, self._our_name)
            except (smtplib.SMTPException, OSError) as problem:
                raise RelayAway(f"The relay cannot be used: {_words(problem)}") from problem
        return self._server


def _offer(server: smtplib.SMTP, parcel: Parcel) -> smtplib.SMTP:
    """Says from whom to whom, and that the text is to follow."""
    options = [f"size={len(parcel.content)}"] if server.has_extn("size") else []
    if not parcel.recipient.isascii():
        if not server.has_extn("smtputf8"):
            raise RefusedForGood("The relay does not take addresses beyond ASCII.")
        options += ["SMTPUTF8", "BODY=8BITMIME"]
    code, reason = server.mail(parcel.sender, options)
    if code != 250:
        raise RefusedForNow(f"The relay refused whom it is from: {_answer(code, reason)}")
    code, reason = server.rcpt(parcel.recipient)
    if code not in (250, 251):
        raise _refusal(code, reason, RecipientRefused)
    code, reason = server.docmd("DATA")
    if code != 354:
        raise _refusal(code, reason)
    return server


def _send_text(server: smtplib.SMTP, content: bytes) -> None:
    """All but the final dot. A line that begins with a dot gets another: one alone would end the text."""
    stuffed = (b"." if content.startswith(b".") else b"") + content.replace(b"\r\n.", b"\r\n..")
    try:
        server.send(stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n")
    except (smtplib.SMTPException, OSError) as problem:
        raise _not_taken(problem) from problem


def _end_text(server: smtplib.SMTP) -> None:
    try:
        _patience(server, LAST_TIMEOUT_SECONDS)
        server.send(b".\r\n")
        code, reason = server.getreply()
        _patience(server, TIMEOUT_SECONDS)
    except (smtplib.SMTPException, OSError) as problem:
        raise NobodyCanTell(f"The relay had it and did not say whether it took it: {_words(problem)}") from problem
    if 400 <= code < 600:
        raise _refusal(code, reason)
    if code != 250:
        raise NobodyCanTell(f"The relay had it and said: {_answer(code, reason)}")


def _connect(relay: Relay, our_name: str) -> smtplib.SMTP:
    # Checks the certificate and that it is the relay's: whoever stands between would read one-time links.
    context = ssl.create_default_context() if relay.tls or relay.starttls else None
    server = (
        smtplib.SMTP_SSL(relay.host, relay.port, our_name, timeout=TIMEOUT_SECONDS, context=context)
        if relay.tls
        else smtplib.SMTP(relay.host, relay.port, our_name, timeout=TIMEOUT_SECONDS)
    )
    try:
        # The end of a text is a small packet behind large ones: it must not wait until they are acknowledged.
        _socket_of(server).setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server.ehlo_or_helo_if_needed()
        if relay.starttls:
            server.starttls(context=context)
            server.ehlo_or_helo_if_needed()
        if relay.username is not None:
            server.login(relay.username, relay.password or "")
    except BaseException:
        server.close()
        raise
    return server


def _patience(server: smtplib.SMTP, seconds: int) -> None:
    _socket_of(server).settimeout(seconds)


def _socket_of(server: smtplib.SMTP) -> socket.socket:
    if server.sock is None:
        raise smtplib.SMTPServerDisconnected("the connection is closed")
    return server.sock


def _refusal(code: int, reason: bytes, for_good: type[RefusedForGood] = RefusedForGood) -> NotHandedOver:
    sentence = f"The relay refused it: {_answer(code, reason)}"
    return for_good(sentence) if 500 <= code < 600 and code not in ABOUT_US else RefusedForNow(sentence)


def _not_taken(problem: Exception) -> RefusedForNow:
    return RefusedForNow(f"The relay did not take it: {_words(problem)}")


def _answer(code: int, reason: bytes) -> str:
    return f"{code} {one_line(reason.decode('utf-8', errors='replace'), LONGEST_REASON)}"


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
