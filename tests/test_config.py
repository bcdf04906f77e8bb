"""Settings are read whole, or the start is refused in one sentence."""

from pathlib import Path

import pytest

import config
from tests.at_once import at_once
from tracker.settings import Mode, Relay

LONG_ENOUGH = "s" * 32


def local(tmp_path: Path, **differing: str) -> dict[str, str]:
    return {"TRACKER_DATA": str(tmp_path), **differing}


def production(**differing: str) -> dict[str, str]:
    usual = {
        "TRACKER_MODE": "production",
        "TRACKER_SECRET": LONG_ENOUGH,
        "TRACKER_URL": "https://tracker.example.org",
        "DATABASE_URL": "postgres://tracker@db/tracker",
    }
    return {name: value for name, value in (usual | differing).items() if value}


def test_a_local_installation_needs_no_setting_at_all(tmp_path: Path) -> None:
    settings = config.read(local(tmp_path))

    assert settings.mode is Mode.LOCAL
    assert settings.database_url == f"sqlite:///{tmp_path / 'tracker.sqlite3'}"
    assert settings.relay is None


def test_a_local_secret_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    first = config.read(local(tmp_path)).secret
    second = config.read(local(tmp_path)).secret

    assert first == second
    assert len(first) >= config.SHORTEST_SECRET
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0


def test_of_many_first_starts_at_once_all_read_the_same_secret(tmp_path: Path) -> None:
    read = at_once(8, lambda _: config.read(local(tmp_path / "data")).secret)

    assert len(set(read)) == 1
    assert isinstance(read[0], str)
    assert [file.name for file in (tmp_path / "data").iterdir()] == ["secret.key"]


def test_a_production_installation_is_read_from_the_environment() -> None:
    settings = config.read(production())

    assert settings.is_production
    assert settings.database_url == "postgresql+psycopg://tracker@db/tracker"


@pytest.mark.parametrize(
    ("differing", "reason"),
    [
        ({"TRACKER_SECRET": ""}, "TRACKER_SECRET is not set"),
        ({"TRACKER_SECRET": "s" * 31}, "shorter than 32"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
        ({"TRACKER_URL": "http://tracker.example.org"}, "https"),
        ({"TRACKER_URL": "https://tracker.example.org/path"}, "no path"),
        ({"TRACKER_URL": "tracker.example.org"}, "must look like"),
        ({"TRACKER_MODE": "productoin"}, "TRACKER_MODE"),
        ({"DATABASE_URL": "mysql://db/tracker"}, "not supported"),
        ({"TRACKER_PROXIES": "one"}, "whole number"),
        ({"TRACKER_SMTP": "mail.example.org:25"}, "must look like"),
        ({"TRACKER_SMTP": "smtp://me:pass@mail.example.org"}, "in the clear"),
        ({"TRACKER_SMTP": "smtp://mail.example.org:99999"}, "names a port"),
        ({"TRACKER_SMTP": "smtps://mail.example.org"}, "TRACKER_MAIL_FROM is not set"),
        ({"TRACKER_MAIL_FROM": "the tracker"}, "must hold an e-mail address"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_setting_that_cannot_be_right_is_refused(differing: dict[str, str], reason: str) -> None:
    assert config.read(production()), "without the difference it is accepted"

    with pytest.raises(config.ConfigurationRefused, match=reason):
        config.read(production(**differing))


@pytest.mark.parametrize(
    "differing",
    [
        {"TRACKER_SMTP": "nonsense"},
        {"TRACKER_MAIL_FROM": "the tracker"},
        {"TRACKER_PROXIES": "one"},
        {"DATABASE_URL": "mysql://db/tracker"},
    ],
)
def test_a_refused_setting_leaves_neither_folder_nor_secret(tmp_path: Path, differing: dict[str, str]) -> None:
    with pytest.raises(config.ConfigurationRefused):
        config.read(local(tmp_path / "data", **differing))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("differing", [{}, {"DATABASE_URL": "sqlite:////nowhere/at/all.sqlite3"}])
def test_an_installation_that_must_be_there_is_not_begun(tmp_path: Path, differing: dict[str, str]) -> None:
    with pytest.raises(config.ConfigurationRefused, match="There is no database"):
        config.read(local(tmp_path / "data", **differing), must_be_there=True)
    assert list(tmp_path.iterdir()) == []


def test_a_database_on_a_server_may_be_there_without_a_file(tmp_path: Path) -> None:
    named = local(tmp_path, DATABASE_URL="postgresql://db/tracker")
    assert config.read(named, must_be_there=True).database_file is None


@pytest.mark.parametrize(("address", "accepted"), [("http://localhost:8000", True), ("http://192.0.2.7:8000", False)])
def test_only_loopback_may_be_reached_without_tls(tmp_path: Path, address: str, accepted: bool) -> None:
    if accepted:
        assert config.read(local(tmp_path, TRACKER_URL=address)).public_url == address
    else:
        with pytest.raises(config.ConfigurationRefused, match="https"):
            config.read(local(tmp_path, TRACKER_URL=address))


@pytest.mark.parametrize(
    ("address", "relay"),
    [
        ("smtp://localhost", Relay("localhost", 25)),
        ("smtp://me:p%40ss@mail.example.org?starttls=yes", Relay("mail.example.org", 587, "me", "p@ss", starttls=True)),
        ("smtps://me:pass@mail.example.org", Relay("mail.example.org", 465, "me", "pass", tls=True)),
    ],
)
def test_a_relay_is_named_by_its_address(tmp_path: Path, address: str, relay: Relay) -> None:
    environment = local(tmp_path, TRACKER_SMTP=address, TRACKER_MAIL_FROM="Tracker <tracker@example.org>")

    assert config.read(environment).relay == relay


def test_a_data_folder_that_is_a_file_is_refused_by_name(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("")

    with pytest.raises(config.ConfigurationRefused, match="cannot be used"):
        config.read({"TRACKER_DATA": str(taken / "data")})


def test_a_damaged_secret_is_not_replaced_behind_ones_back(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("short")

    with pytest.raises(config.ConfigurationRefused, match="damaged"):
        config.read(local(tmp_path))
    assert (tmp_path / "secret.key").read_text() == "short"


def test_an_empty_folder_name_is_the_usual_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    assert config.read(production(TRACKER_DATA="") | {"TRACKER_DATA": ""}).data_folder == config.ROOT / "data"


@pytest.mark.parametrize(("written", "expected"), [("", False), ("no", False), ("yes", True)])
def test_webhooks_stay_outside_unless_somebody_says_otherwise(written: str, expected: bool) -> None:
    settings = config.read(production(TRACKER_WEBHOOKS_INSIDE=written))

    assert (settings.reach.inside, settings.reach.this_machine) == (expected, False)


def test_a_word_that_is_neither_yes_nor_no_is_refused() -> None:
    with pytest.raises(config.ConfigurationRefused, match="TRACKER_WEBHOOKS_INSIDE is 'maybe'"):
        config.read(production(TRACKER_WEBHOOKS_INSIDE="maybe"))
