"""Web servers for benches, each a process of its own, and those who ask them: one by one, or eight at once by wrk."""

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
MISSING_WRK = "This bench needs wrk, which asks a server by many connections at once: apt install wrk."
CONNECTIONS = 8
LONGEST_WAIT_SECONDS = 60
BROWSER = {"Accept-Encoding": "gzip"}
_RATE = re.compile(r"^Requests/sec:\s+([\d.]+)$", re.MULTILINE)
_LATENCY = re.compile(r"^\s+(50|99)%\s+([\d.]+)(us|ms|s)$", re.MULTILINE)
_WRONG = re.compile(r"^\s+(Non-2xx or 3xx responses|Socket errors):.*$", re.MULTILINE)
_MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True)
class Load:
    """What wrk saw of one page."""

    a_second: float
    # In milliseconds.
    median: float
    slowest_of_hundred: float


class Asker:
    """Asks by one connection that stays open, as a browser does."""

    def __init__(self, port: int, headers: Mapping[str, str] = BROWSER) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=LONGEST_WAIT_SECONDS)
        self._headers = dict(headers)

    def get(self, path: str, method: str = "GET") -> tuple[float, bytes]:
        """Milliseconds until the whole answer is there, and the answer as it was sent."""
        begun = time.perf_counter()
        self._connection.request(method, path, headers=self._headers)
        answer = self._connection.getresponse()
        body = answer.read()
        taken = (time.perf_counter() - begun) * 1000
        assert answer.status == 200, f"{path}: {answer.status}"
        return taken, body

    def cookie(self, path: str) -> str:
        """What that page gives a browser to keep."""
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        answer.read()
        given = [value.partition(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie"]
        return "; ".join(given)


def need_wrk() -> None:
    if shutil.which("wrk") is None:
        sys.exit(MISSING_WRK)


def load(port: int, path: str, seconds: int, headers: Mapping[str, str] = BROWSER) -> Load:
    """By eight connections, each asking again as soon as it is answered; the first answer of all is not counted."""
    Asker(port, headers).get(path)
    told = [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
    amount = ["-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", f"{LONGEST_WAIT_SECONDS}s", "--latency"]
    ran = subprocess.run(
        ["wrk", *amount, *told, f"http://127.0.0.1:{port}{path}"], check=True, capture_output=True, text=True
    )
    wrong, rate = _WRONG.search(ran.stdout), _RATE.search(ran.stdout)
    assert wrong is None, wrong
    assert rate is not None, ran.stdout
    latency = {share: float(figure) * _MILLISECONDS[unit] for share, figure, unit in _LATENCY.findall(ran.stdout)}
    return Load(float(rate[1]), latency["50"], latency["99"])


@contextmanager
def serving(command: Sequence[str | Path], port: int, environment: Mapping[str, str] | None = None) -> Iterator[int]:
    """The port, once somebody listens there; nobody does afterwards."""
    with TemporaryFile("w+") as said:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said)
        try:
            wait_for(server, port, said)
            yield port
        finally:
            server.terminate()
            server.wait()


def wait_for(server: "subprocess.Popen[bytes]", port: int, said: IO[str]) -> None:
    until = time.monotonic() + LONGEST_WAIT_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            said.seek(0)
            sys.exit(f"A server has ended: {said.read()}")
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    sys.exit(f"A server does not listen on port {port} after {LONGEST_WAIT_SECONDS} s.")


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


def environment_with(folder: Path, packages: Sequence[str]) -> Path:
    """The Python of a new environment in which these packages are."""
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, folder], check=True)
    python = folder / "bin" / "python"
    subprocess.run([*uv, "pip", "install", "--quiet", "--python", python, *packages], check=True)
    return python
