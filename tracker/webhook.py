"""Where a digest is told to a program, such as a chat, and how that program knows that it was we who called.

The signature is that of the Standard Webhooks specification, so that there are libraries to check it.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from tracker.refusal import N_, Refusal

LONGEST_ADDRESS = 500
PREFIX_OF_SECRETS = "whsec_"
SECRET_BYTES = 32
# What a name server may hand out for an IPv4 address (RFC 6052): behind it may lie whatever that address is.
_TRANSLATED = IPv6Network("64:ff9b::/96")
_PRIVATE = tuple(ip_network(one) for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"))
# Where clouds keep their secrets for the machines in them, in whichever network that lies; and what was private once.
_NEVER = tuple(
    ip_network(one)
    for one in (
        *("169.254.0.0/16", "168.63.129.16", "192.0.0.0/24"),
        *("fd00:ec2::/32", "fd20:ce::/32", "fd00:c1::/32", "fec0::/10"),
    )
)

Address = IPv4Address | IPv6Address


class AddressUnfit(Refusal):
    pass


@dataclass(frozen=True)
class Reach:
    """How far this installation may call."""

    # Only in local mode: this very machine, also without encryption.
    this_machine: bool = False
    # Private networks, because the administrator said so.
    inside: bool = False

    def allows(self, address: Address) -> bool:
        """A machine of the world, unless more is allowed: the worker must be no way into the network it runs in."""
        address = _meant_by(address)
        if address.is_loopback:
            return self.this_machine
        if any(address in network for network in _NEVER):
            return False
        if any(address in network for network in _PRIVATE):
            return self.inside
        return address.is_global and not (address.is_multicast or address.is_reserved)


def tidy_address(typed: str, reach: Reach) -> str:
    """What can be told without asking for the machine behind the name; that is asked when it is called."""
    typed = typed.strip()
    if len(typed) > LONGEST_ADDRESS:
        raise AddressUnfit(N_("An address has at most %(most)s characters."), most=LONGEST_ADDRESS)
    try:
        parts = urlsplit(typed)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise AddressUnfit(N_("Enter an address such as https://chat.example.org/hooks/abc.")) from None
    if parts.scheme not in ("http", "https") or not host or not typed.isascii() or not typed.isprintable():
        raise AddressUnfit(N_("Enter an address such as https://chat.example.org/hooks/abc."))
    if " " in typed or "\\" in typed or parts.username is not None or parts.password is not None:
        raise AddressUnfit(N_("Enter the address without blanks, and without a name or password before the host."))
    if parts.scheme == "http" and not (reach.this_machine and _is_this_machine(host)):
        raise AddressUnfit(N_("The address must begin with https://, so that nobody can read along."))
    number = _number(host)
    if (number is not None and not reach.allows(number)) or (_is_this_machine(host) and not reach.this_machine):
        raise AddressUnfit(N_("That is a machine inside our own network. Only machines of the Internet are called."))
    return typed.partition("#")[0]


def _is_this_machine(host: str) -> bool:
    number = _number(host)
    return host == "localhost" or host.endswith(".localhost") or (number is not None and number.is_loopback)


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """As the header webhook-signature says it."""
    key = base64.b64decode(secret.removeprefix(PREFIX_OF_SECRETS))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return f"v1,{base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}"


def _meant_by(address: Address) -> Address:
    """The IPv4 address that is packed into an IPv6 one, by whichever of the ways there are."""
    if isinstance(address, IPv4Address):
        return address
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    packed = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
    return packed or address


def _number(host: str) -> Address | None:
    """None: it is a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None
