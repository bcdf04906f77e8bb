"""A relay that keeps what it took, hangs up after every few mails, and can go away and come back."""

import socket
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from typing import BinaryIO

MAILS_FOR_ONE_CONNECTION = 2


class Relay:
    def __init__(self) -> None:
        # By Message-ID, the fingerprint of each text that was taken under it.
        self.taken: dict[str, list[str]] = defaultdict(list)
        self._lock = threading.Lock()
        self._listening: socket.socket | None = None
        self._open: set[socket.socket] = set()
        # Nobody else gets its port while it is away.
        self._held = socket.socket()
        self._held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._held.bind(("127.0.0.1", 0))
        self.port = self._held.getsockname()[1]

    def come(self) -> None:
        """On the same port as before."""
        self._listening = socket.create_server(("127.0.0.1", self.port), backlog=64)
        threading.Thread(target=self._accept, args=[self._listening], daemon=True).start()

    def go_away(self) -> None:
        """In the middle of whatever was being said."""
        if self._listening is not None:
            with suppress(OSError):
                self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()
        with self._lock:
            conversations = list(self._open)
        for one in conversations:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def doubled(self) -> list[str]:
        return [message_id for message_id, texts in self.taken.items() if len(texts) > 1]

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                conversation, _ = listening.accept()
                threading.Thread(target=self._converse, args=[conversation], daemon=True).start()

    def _converse(self, conversation: socket.socket) -> None:
        with self._lock:
            self._open.add(conversation)
        with conversation, conversation.makefile("rb") as heard, suppress(OSError):
            conversation.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            conversation.sendall(b"220 a relay\r\n")
            for _ in range(MAILS_FOR_ONE_CONNECTION):
                if not self._take_one(conversation, heard):
                    break
        with self._lock:
            self._open.discard(conversation)

    def _take_one(self, conversation: socket.socket, heard: BinaryIO) -> bool:
        """False: the conversation is over."""
        while line := heard.readline():
            word = line[:4].upper().strip()
            if word == b"QUIT":
                return False
            if word != b"DATA":
                conversation.sendall(b"250 OK\r\n")
                continue
            conversation.sendall(b"354 go ahead\r\n")
            text = b""
            while (line := heard.readline()) != b".\r\n":
                if not line:
                    return False
                text += line
            self._keep(text)
            conversation.sendall(b"250 taken\r\n")
            return True
        return False

    def _keep(self, text: bytes) -> None:
        start = text.index(b"Message-ID: <") + len(b"Message-ID: <")
        message_id = text[start : text.index(b">", start)].decode()
        with self._lock:
            self.taken[message_id.partition("@")[0]].append(sha256(text).hexdigest())


@contextmanager
def relay() -> Iterator[Relay]:
    made = Relay()
    made.come()
    try:
        yield made
    finally:
        made.go_away()
        made._held.close()
