from dataclasses import replace

import pytest

from tracker import failure
from tracker.settings import Relay, Settings


@pytest.fixture
def settings(settings: Settings) -> Settings:
    relay = Relay("127.0.0.1", 25, username="tracker", password="open-sesame")
    return replace(settings, relay=relay, database_url="postgresql+psycopg://tracker:p%40ss-word@db/tracker")


@pytest.mark.parametrize(
    "secret",
    [
        "a secret that only the tests know, long enough",
        "open-sesame",
        "b3Blbi1zZXNhbWU=",  # the relay's password, as it goes over the wire
        "p%40ss-word",
        "p@ss-word",
    ],
)
def test_an_error_keeps_the_secrets_of_the_installation(settings: Settings, secret: str) -> None:
    told = failure.in_words(ValueError(f"what is {secret} doing here"), settings)
    assert told == "ValueError: what is *** doing here"


def test_an_error_is_told_without_the_lines_that_show_values(settings: Settings) -> None:
    error = RuntimeError("no such table\n[SQL: SELECT 1]\n[parameters: ('ana@example.org',)]")
    assert failure.in_words(error, settings) == "RuntimeError: no such table"


@pytest.mark.parametrize("error", [KeyError(), TimeoutError("\n")])
def test_an_error_without_words_is_told_by_its_kind(settings: Settings, error: Exception) -> None:
    assert failure.in_words(error, settings) == type(error).__name__


def test_an_error_of_any_length_and_content_fits_into_the_database(settings: Settings) -> None:
    told = failure.in_words(ValueError("\x00\ud800" + "x" * 10_000), settings)
    assert told.startswith("ValueError: xxx")
    assert len(told) == failure.LONGEST


def test_the_way_an_error_took_is_shown_without_what_it_says() -> None:
    def fail() -> None:
        raise ValueError("ana@" + "example.org")

    with pytest.raises(ValueError) as raised:
        fail()
    way = failure.way(raised.value)
    assert "in fail" in way
    assert "ana@example.org" not in way
