"""Mail servers with a will of their own: encrypted, guarded, or in a bad mood."""

import datetime
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Mood:
    """What a relay answers to the recipient and to the text."""

    def __init__(
        self, *, to_sender: str = "", to_recipient: str = "", to_text: str = "", hangs_up: bool = False
    ) -> None:
        self.to_sender = to_sender or "250 OK"
        self.to_recipient = to_recipient or "250 OK"
        self.to_text = to_text or "250 OK"
        # After each mail, without a word.
        self.hangs_up = hangs_up
        self.taken: list[bytes] = []
        self.connections = 0

    async def handle_EHLO(self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: Any) -> Any:  # noqa: N802
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        envelope.mail_from = address
        return self.to_sender

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.to_text.startswith("250"):
            self.taken.append(envelope.original_content)
        if self.hangs_up:
            server.loop.call_soon(server.transport.close)
        return self.to_text


class _Relay(Controller):
    """Holds its port from the start: one found free and named later may be gone by then."""

    def __init__(self, mood: Mood, **options: Any) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        super().__init__(mood, hostname="127.0.0.1", port=self.listening.getsockname()[1], **options)

    def _create_server(self) -> Awaitable[Any]:
        server: Awaitable[Any] = self.loop.create_server(
            self._factory_invoker, sock=self.listening, ssl=self.ssl_context
        )
        return server


@contextmanager
def relay(mood: Mood, **options: Any) -> Iterator[int]:
    """The port on which it listens."""
    controller = _Relay(mood, **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def port_where_nobody_answers() -> Iterator[int]:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def only(username: bytes, password: bytes) -> Any:
    """Lets in whoever knows these."""

    def judge(_server: Any, _session: Any, _envelope: Any, _mechanism: str, told: Any) -> AuthResult:
        assert isinstance(told, LoginPassword)
        known = (told.login, told.password) == (username, password)
        return AuthResult(success=known, handled=False)  # not handled: the server says so to the client

    return judge


def certificate(folder: Path, *, host: str = "127.0.0.1") -> Path:
    """A self-signed certificate with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a relay")])
    today = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{host}.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return file


def server_context(file: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
