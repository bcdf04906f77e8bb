"""Tests talk to this machine only. Whatever reaches for another is stopped, and its test fails.

An audit hook sees every connection that Python makes, also those of libraries, and cannot be taken out again.
"""

import ipaddress
import socket
import sys
from typing import Any

# Connections that were stopped; a test may take out those that it provoked.
stopped: list[str] = []


class NetworkForbidden(Exception):
    """A test reached for another machine."""


def forbid() -> None:
    sys.addaudithook(_watch)


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        # Unix sockets have a path for an address, the others a tuple that starts with the host.
        if isinstance(address, tuple):
            _judge(str(address[0]))
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
        name = host.decode() if isinstance(host, bytes) else host
        # A number needs nobody to look it up.
        if name and _address(name) is None:
            _judge(name)


def _judge(host: str | None) -> None:
    if not _is_here(host):
        stopped.append(str(host))
        raise NetworkForbidden(f"a test tried to reach {host}")


def _is_here(host: str | None) -> bool:
    # the machine's own name: smtplib introduces itself with it
    if not host or host in ("localhost", socket.gethostname()) or host.endswith(".localhost"):
        return True
    address = _address(host)
    return address is not None and (address.is_loopback or address.is_unspecified)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """None: that is a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
