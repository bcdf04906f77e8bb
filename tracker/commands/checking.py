"""What can be known before anything is installed or made: addresses, ports, folders. Needs nothing installed."""

import errno
import ipaddress
import os
import socket
import tempfile
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

from tracker.commands.failure import CannotGoOn


def environment_for(arguments: Namespace, environment: Mapping[str, str], root: Path) -> dict[str, str]:
    """The environment with what was asked for on the command line, which goes before it."""
    named = getattr(arguments, "data", None) or environment.get("TRACKER_DATA") or root / "data"
    chosen = {**environment, "TRACKER_DATA": str(Path(named).expanduser().resolve())}
    if hasattr(arguments, "port"):
        chosen.setdefault("TRACKER_URL", f"http://{_name_of(arguments.host)}:{arguments.port}")
    return chosen


def _name_of(host: str) -> str:
    """What to type into a browser. A passkey belongs to a name, never to a number: hence localhost."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.is_loopback or address.is_unspecified:
        return "localhost"
    return f"[{host}]" if address.version == 6 else host


def refuse_what_cannot_serve(host: str, port: int) -> None:
    """Listens there for a moment, as the web server will."""
    for one in listen(host, port):
        one.close()


def listen(host: str, port: int) -> list[socket.socket]:
    """On all addresses that the name has, such as both of localhost."""
    listening: list[socket.socket] = []
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _, address in dict.fromkeys(found):
            listening.append(socket.socket(family, kind, protocol))
            if os.name == "posix":  # elsewhere this option lets two servers share a port
                listening[-1].setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:  # the other kind of address has a socket of its own
                listening[-1].setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            listening[-1].bind(address)
            listening[-1].listen()
    except (OSError, UnicodeError) as problem:
        for one in listening:
            one.close()
        if isinstance(problem, UnicodeError):  # no name of a machine can be so
            raise _not_here(host) from problem
        raise _cannot_listen(host, port, problem) from problem
    return listening


def _cannot_listen(host: str, port: int, problem: OSError) -> CannotGoOn:
    if problem.errno == errno.EADDRINUSE:
        return CannotGoOn(f"Port {port} is in use: end what listens there, or choose another with --port.")
    if problem.errno == errno.EACCES:
        return CannotGoOn(f"Port {port} may not be opened by this account: choose one above 1023 with --port.")
    if isinstance(problem, socket.gaierror) or problem.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
        return _not_here(host)
    return CannotGoOn(f"Nothing can listen on {host}, port {port}: {problem.strerror or problem}.")


def _not_here(host: str) -> CannotGoOn:
    return CannotGoOn(f"{host} is not an address of this machine: choose another with --host.")


def refuse_what_cannot_be_written(folder: Path) -> None:
    """Tries it where the folder is there; else looks at the nearest folder above, and makes nothing."""
    try:
        if folder.is_dir():
            tempfile.TemporaryFile(dir=folder).close()
            return
        above = next(parent for parent in (folder, *folder.parents) if parent.exists())
        if not above.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        if not os.access(above, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as problem:
        raise cannot_write(folder, problem) from problem


def make_private(folder: Path) -> None:
    """A new data folder is its owner's alone; one that is there keeps the rights that somebody gave it."""
    try:
        folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    except OSError as problem:
        raise cannot_write(folder, problem) from problem


def cannot_write(folder: Path, problem: OSError) -> CannotGoOn:
    return CannotGoOn(
        f"The data folder {folder} cannot be written to ({problem.strerror}): choose another with --data."
    )
