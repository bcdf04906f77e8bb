"""Whom a webhook may call, and how the called knows by whom."""

import base64
from ipaddress import ip_address

import pytest

from tracker.webhook import AddressUnfit, Reach, signature, tidy_address

WORLD, HERE, INSIDE = Reach(), Reach(this_machine=True), Reach(inside=True)


@pytest.mark.parametrize("number", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"])
def test_a_machine_of_the_world_may_be_called(number: str) -> None:
    assert WORLD.allows(ip_address(number))


@pytest.mark.parametrize(
    "number",
    [
        *("10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "127.0.0.1", "169.254.169.254", "0.0.0.0"),
        *("255.255.255.255", "224.0.0.1", "::1", "::", "fe80::1", "fd00::1", "ff02::1", "fec0::1", "240.0.0.1"),
        # of the world by its look, and of the cloud that the worker runs in
        "168.63.129.16",
        # the same, packed into the other kind of address
        *("::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "::ffff:169.254.169.254"),
        *("::7f00:1", "64:ff9b:1::a00:1", "::ffff:0:10.0.0.1"),
    ],
)
def test_a_machine_inside_may_not(number: str) -> None:
    assert not WORLD.allows(ip_address(number))


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        *((inside, True) for inside in ("10.0.0.1", "192.168.1.1", "fd00::1", "::ffff:10.0.0.1", "8.8.8.8")),
        *((never, False) for never in ("127.0.0.1", "::1", "169.254.169.254", "fe80::1", "0.0.0.0", "224.0.0.1")),
        # secrets of clouds, in a private network
        *((never, False) for never in ("fd00:ec2::254", "fd20:ce::254", "100.100.100.200", "192.0.0.192", "fec0::1")),
    ],
)
def test_an_administrator_can_open_private_networks_and_nothing_else(number: str, expected: bool) -> None:
    assert INSIDE.allows(ip_address(number)) is expected


@pytest.mark.parametrize(("number", "expected"), [("127.0.0.1", True), ("::1", True), ("10.0.0.1", False)])
def test_in_local_mode_this_machine_may_be_called(number: str, expected: bool) -> None:
    assert HERE.allows(ip_address(number)) is expected


def test_an_address_is_kept_as_it_was_typed_without_its_place_on_the_page() -> None:
    assert tidy_address(" https://chat.example.org:8443/hooks/a?b=c#d ", WORLD) == (
        "https://chat.example.org:8443/hooks/a?b=c"
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "such as https"),
        ("chat.example.org", "such as https"),
        ("ftp://chat.example.org/", "such as https"),
        ("https://", "such as https"),
        ("https://chat.example.org:99999/", "such as https"),
        ("https://[::1", "such as https"),
        ("https://chät.example.org/", "such as https"),
        ("https://chat.example.org/a b", "without blanks"),
        ("https://ana:secret@chat.example.org/", "without a name or password"),
        ("http://chat.example.org/", "must begin with https"),
        ("http://localhost:9000/", "must begin with https"),
        ("https://localhost/", "inside our own network"),
        ("https://10.0.0.1/", "inside our own network"),
        ("https://[::ffff:127.0.0.1]/", "inside our own network"),
        ("https://chat.example.org/" + "a" * 476, "at most 500 characters"),
    ],
)
def test_an_address_that_cannot_be_called_is_refused(typed: str, said: str) -> None:
    with pytest.raises(AddressUnfit, match=said):
        tidy_address(typed, WORLD)


def test_the_longest_address_is_taken() -> None:
    longest = "https://chat.example.org/" + "a" * 475

    assert tidy_address(longest, WORLD) == longest


@pytest.mark.parametrize("typed", ["http://localhost:9000/a", "http://127.0.0.1/", "https://chat.localhost/"])
def test_in_local_mode_this_machine_may_be_named(typed: str) -> None:
    assert tidy_address(typed, HERE) == typed


def test_in_local_mode_another_machine_is_not_called_in_the_clear() -> None:
    with pytest.raises(AddressUnfit, match="must begin with https"):
        tidy_address("http://chat.example.org/", HERE)


def test_the_signature_is_that_of_the_standard() -> None:
    """Worked out apart, by the words of the specification."""
    secret = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()

    assert (
        signature(secret, "msg_1", 1614265330, b'{"test": 2432232314}')
        == "v1,aTF4+pE6A/FmvKM0YSVBBUfRhLIlBiaBUR+EjGls6Mc="
    )
