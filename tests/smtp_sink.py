"""A mail server for tests: it takes mail over SMTP, keeps it, and refuses whom it is told to refuse."""

import socket
from collections.abc import Awaitable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from typing import Any

from aiosmtpd.controller import Controller

from tracker.settings import Relay


class SmtpSink:
    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        # Whom each message was for, as told to the server: what the headers say may differ.
        self.recipients: list[list[str]] = []
        self.refused: set[str] = set()
        self._controller = _Controller(self)

    @property
    def relay(self) -> Relay:
        return Relay(host="127.0.0.1", port=self._controller.port)

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    async def handle_RCPT(  # noqa: N802 (the server calls it so)
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 5.1.1 No such person here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        message = message_from_bytes(envelope.original_content, policy=SMTP_POLICY)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 OK"


class _Controller(Controller):
    """Listens on a port that it holds from the start: a port found free and named later may be gone by then."""

    def __init__(self, handler: SmtpSink) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        super().__init__(handler, hostname="127.0.0.1", port=self._socket.getsockname()[1])

    def _create_server(self) -> Awaitable[Any]:
        server: Awaitable[Any] = self.loop.create_server(self._factory_invoker, sock=self._socket)
        return server
