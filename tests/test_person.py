"""What counts as an address and as a name."""

import pytest

from tracker.person import AddressRefused, NameRefused, tidy_address, tidy_name


@pytest.mark.parametrize("typed", ["Ana@Example.org", "  ana@example.org\n", "ANA@EXAMPLE.ORG", "ａna@example.org"])
def test_capitals_and_blanks_do_not_make_another_address(typed: str) -> None:
    assert tidy_address(typed) == "ana@example.org"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ana",
        "ana@",
        "@example.org",
        "ana example@example.org",
        "ana@example.org, ben@example.org",
        "ana@example.org\nBcc: ben@example.org",
        "ana@exam\x00ple.org",
        "\u0430na@example.org",  # the first letter is Cyrillic: it only looks like ana
        "ana..b@example.org",
        "a" * 65 + "@example.org",
        "ana@" + "a" * 250 + ".org",
    ],
)
def test_what_mail_cannot_be_sent_to_is_no_address(typed: str) -> None:
    with pytest.raises(AddressRefused):
        tidy_address(typed)


def test_an_address_may_be_254_characters_long_and_no_longer() -> None:
    domain = ".".join(["a" * 60] * 3)
    address = "b" * 60 + "@" + domain + "."
    fits = address + "c" * (254 - len(address))
    assert len(fits) == 254
    assert tidy_address(fits) == fits
    with pytest.raises(AddressRefused):
        tidy_address(fits + "c")


def test_a_name_is_one_line() -> None:
    assert tidy_name("  Ana \n  María  ") == "Ana María"


@pytest.mark.parametrize("typed", ["", "   ", "123", "a" * 121, "Ana\x00", "Ana\u202egnp.exe", "Ana\ud800"])
def test_what_cannot_stand_in_a_list_is_no_name(typed: str) -> None:
    with pytest.raises(NameRefused):
        tidy_name(typed)


@pytest.mark.parametrize("typed", ["Li", "O’Neill", "عمر", "a" * 120])
def test_names_of_the_world_are_names(typed: str) -> None:
    assert tidy_name(typed) == typed
