"""A mail server for benches, in a process of its own: it takes every mail and keeps none. Prints its port."""

import sys
from typing import Any

from tests.smtp_sink import SmtpSink


class Taking(SmtpSink):
    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802
        return "250 OK"


if __name__ == "__main__":
    sink = Taking()
    sink.start()
    print(sink.relay.port, flush=True)
    sys.stdin.read()
    sink.stop()
