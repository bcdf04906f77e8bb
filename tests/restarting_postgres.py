"""A PostgreSQL that can be stopped as if its machine had been, and started again on what is left."""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import postgres


class Server:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._account = postgres._account(folder)
        self._programs = postgres._programs(folder, self._account)
        self._process: subprocess.Popen[bytes] | None = None
        options = ["-U", "postgres", "-A", "trust", "-E", "UTF8"]
        postgres._run([self._programs / "initdb", "-D", folder / "data", *options], self._account, folder)

    def start(self) -> None:
        self._process = subprocess.Popen(
            # what was committed is written before that is said; only the disk itself is not waited for
            [self._programs / "postgres", "-D", self.folder / "data", "-k", self.folder, "-c", "listen_addresses=",
             "-c", "fsync=off", "-c", "log_min_messages=panic"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder, **self._account,
        )  # fmt: skip
        postgres._wait_until_ready(self._process, self._programs, self.folder)

    def stop_immediately(self) -> None:
        """As pg_ctl stop -m immediate does: nothing is finished, nothing is written."""
        assert self._process is not None
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(20)


@contextmanager
def restarting_postgres() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=postgres._quick_folder()))
    server = Server(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop_immediately()
        shutil.rmtree(folder, ignore_errors=True)
