"""Which passwords are refused, and that kept ones cannot be read."""

import threading
import time
from typing import Literal

import pytest
from argon2 import PasswordHasher, extract_parameters

from tests.factories import PASSWORD, PASSWORD_HASH
from tracker.actions import passwords
from tracker.actions.passwords import PasswordRefused, chosen, hash_password, is_outdated, matches, refusals


@pytest.fixture(autouse=True)
def quick_passwords() -> None:
    """Here they take their time: these tests are about the real thing."""


def refused(password: str, *, email: str = "ana.lima@example.org", name: str = "Ana Lima") -> list[str]:
    return refusals(password, email=email, name=name)


@pytest.mark.parametrize("password", ["correct horse battery", "Xk9#vT2$pQw7", "пароль для работы", "ab cd ef gh 12"])
def test_a_good_password_is_not_refused(password: str) -> None:
    assert refused(password) == []


def test_a_password_has_at_least_12_characters() -> None:
    assert refused("kz7mwq2xbt9") == ["Use at least 12 characters."]
    assert refused("kz7mwq2xbt9f") == []


def test_a_password_has_at_most_200_characters() -> None:
    longest = "kz7mwq2xbt" * 20
    assert refused(longest) == []
    assert refused(longest + "k") == ["Use at most 200 characters."]


def test_a_password_has_at_least_5_different_characters() -> None:
    assert refused("k7m2k7m2k7m2") == ["Use at least 5 different characters."]
    assert refused("k7m2xk7m2xk7") == []


@pytest.mark.parametrize("password", ["ana.lima for ever", "with LIMA inside it", "xx-Ana.Lima-2026"])
def test_a_password_does_not_tell_whose_it_is(password: str) -> None:
    assert "Do not use your name or address." in refused(password)


def test_a_short_name_may_stand_in_a_password() -> None:
    assert refused("banana bread oven", name="Ana") == []


@pytest.mark.parametrize(
    "password",
    [
        "abcdefghijklm",
        "zyxwvutsrqpon",
        "123456789012",
        "qwertyuiopasdf",
        "Qwertzuiopasdf",
        "0987654321098",
        "passwordpassword",
        "Password12345!",
        "welcome!2026!",
    ],
)
def test_a_row_of_keys_or_a_common_word_is_no_password(password: str) -> None:
    assert refused(password) == ["Do not use a row of keys, the alphabet, counting or a common password."]


def test_every_reason_is_told_at_once() -> None:
    with pytest.raises(PasswordRefused) as refusal:
        chosen("aaaa", email="ana@example.org", name="Ana")
    assert refusal.value.reasons == ["Use at least 12 characters.", "Use at least 5 different characters."]


def test_only_the_right_password_matches() -> None:
    kept = hash_password("correct horse battery")
    assert matches(kept, "correct horse battery")
    assert not matches(kept, "Correct horse battery")


def test_the_same_password_is_kept_differently_each_time() -> None:
    first, second = hash_password("correct horse battery"), hash_password("correct horse battery")
    assert first != second
    assert first.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_password_typed_on_another_system_is_the_same_password() -> None:
    composed, decomposed = "café au lait", "cafe\u0301 au lait"
    assert composed != decomposed
    assert matches(hash_password(composed), decomposed)


def test_an_account_that_does_not_exist_takes_no_password() -> None:
    assert not matches(None, "nobody's password")
    assert not matches(None, PASSWORD)


def test_a_damaged_hash_takes_no_password() -> None:
    assert not matches("not a hash", PASSWORD)


def test_a_missing_account_costs_the_same_work_as_one_that_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    """One verification each, with the same parameters: the clock of a busy machine would prove less."""
    kept, verified = hash_password(PASSWORD), list[str]()

    class Watched(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 (the library's name)
            verified.append(str(hash))
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "_hasher", Watched())

    assert not matches(None, "wrong password")
    assert not matches(kept, "wrong password")

    missing, existing = map(extract_parameters, verified)
    assert missing == existing


def test_a_hash_made_with_other_parameters_is_outdated() -> None:
    assert is_outdated(PASSWORD_HASH)
    assert not is_outdated(hash_password(PASSWORD))


def test_at_most_two_passwords_are_hashed_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    at_work, most, counting, two = 0, 0, threading.Lock(), threading.Event()

    class Watched(PasswordHasher):
        def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
            nonlocal at_work, most
            with counting:
                at_work += 1
                most = max(most, at_work)
                if most == 2:
                    two.set()
            assert two.wait(60)
            time.sleep(0.02)  # for a third, if it may come in
            with counting:
                at_work -= 1
            return "hash"

    monkeypatch.setattr(passwords, "_hasher", Watched())
    threads = [threading.Thread(target=hash_password, args=("correct horse",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2
