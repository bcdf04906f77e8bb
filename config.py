"""Every setting, read once from the environment. Refuses to start half-configured."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import replace
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from tracker.settings import Mode, Relay, Settings, UncertainMail

ROOT = Path(__file__).resolve().parent
SHORTEST_SECRET = 32


class ConfigurationRefused(Exception):
    """A setting is missing or cannot be right; the sentence says which and what to do."""


def read(environment: Mapping[str, str], *, must_be_there: bool = False) -> Settings:
    """The secret comes last: it may have to be made, and whoever is refused leaves nothing behind.

    `must_be_there`: for what looks at an installation or serves it, and never begins one.
    """
    mode = _mode(environment)
    data_folder = Path(environment.get("TRACKER_DATA") or ROOT / "data").expanduser().resolve()
    public_url = environment.get("TRACKER_URL", "http://localhost:8000").rstrip("/")
    _refuse_a_bad_address(public_url, mode)
    settings = Settings(
        mode=mode,
        data_folder=data_folder,
        database_url=_database_url(environment, data_folder),
        secret="",
        public_url=public_url,
        relay=_relay(environment.get("TRACKER_SMTP", "")),
        mail_from=_sender(environment),
        trusted_proxies=_whole_number(environment, "TRACKER_PROXIES", 0),
        uncertain_mail=_uncertain_mail(environment),
        webhooks_inside=_yes_or_no(environment, "TRACKER_WEBHOOKS_INSIDE"),
    )
    if must_be_there:
        _refuse_a_missing_database(settings)
    return replace(settings, secret=_secret(environment, data_folder, mode))


def _mode(environment: Mapping[str, str]) -> Mode:
    named = environment.get("TRACKER_MODE", Mode.LOCAL)
    try:
        mode = Mode(named)
    except ValueError:
        raise ConfigurationRefused(f"TRACKER_MODE is {named!r}; it must be one of: {', '.join(Mode)}.") from None
    if mode is Mode.PRODUCTION and environment.get("FLASK_DEBUG", "") not in ("", "0"):
        raise ConfigurationRefused("FLASK_DEBUG is set: unset it, the debugger would run anybody's code.")
    return mode


def _refuse_a_bad_address(public_url: str, mode: Mode) -> None:
    parts = urlsplit(public_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        raise ConfigurationRefused(
            f"TRACKER_URL is {public_url!r}; it must look like https://tracker.example.org (no path)."
        )
    if parts.scheme != "https" and (mode is Mode.PRODUCTION or not _is_loopback(parts.hostname)):
        raise ConfigurationRefused(
            f"TRACKER_URL is {public_url!r}; passwords travel over it, so it must start with https:// "
            "in production and wherever other machines reach it."
        )


def _database_url(environment: Mapping[str, str], data_folder: Path) -> str:
    named = environment.get("DATABASE_URL", "")
    if not named:
        return f"sqlite:///{data_folder / 'tracker.sqlite3'}"
    # Hosting services hand out these two spellings; SQLAlchemy wants the driver named.
    for prefix in ("postgres://", "postgresql://"):
        if named.startswith(prefix):
            return "postgresql+psycopg://" + named.removeprefix(prefix)
    if named.startswith(("postgresql+psycopg://", "sqlite:///")):
        return named
    raise ConfigurationRefused(
        "DATABASE_URL must start with postgresql:// or sqlite:/// (other databases are not supported)."
    )


def _refuse_a_missing_database(settings: Settings) -> None:
    file = settings.database_file
    if file is not None and not file.exists():
        raise ConfigurationRefused(
            f"There is no database {file}: run python3 manage.py migrate first, or name another folder with --data."
        )


def _secret(environment: Mapping[str, str], data_folder: Path, mode: Mode) -> str:
    named = environment.get("TRACKER_SECRET", "")
    if named and len(named) < SHORTEST_SECRET:
        raise ConfigurationRefused(f"TRACKER_SECRET is shorter than {SHORTEST_SECRET} characters.")
    if named:
        return named
    if mode is Mode.PRODUCTION:
        raise ConfigurationRefused("TRACKER_SECRET is not set: set it to at least 32 random characters and keep it.")
    return _secret_file(data_folder / "secret.key")


def _secret_file(path: Path) -> str:
    """A local installation keeps its secret beside its database, readable by its owner alone."""
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _make_secret_file(path)
        secret = path.read_text().strip()
    except OSError as problem:
        raise ConfigurationRefused(
            f"The data folder {path.parent} cannot be used: {problem.strerror}. Name another with --data."
        ) from problem
    if len(secret) < SHORTEST_SECRET:
        raise ConfigurationRefused(
            f"{path} is damaged (too short): restore it from a backup, or delete it to make a new one; "
            "everybody then signs in again and sets up one-time codes anew."
        )
    return secret


def _make_secret_file(path: Path) -> None:
    """Whole or not at all, and of two that start at once both read the same afterwards."""
    new = path.with_name(f"secret.{secrets.token_hex(8)}.new")
    new.touch(mode=0o600)
    new.write_text(secrets.token_urlsafe(48))
    try:
        os.link(new, path)
    except FileExistsError:
        pass  # the other was quicker
    except OSError:
        new.replace(path)  # a file system that knows no links
    finally:
        new.unlink(missing_ok=True)


def _relay(address: str) -> Relay | None:
    """smtp://user:password@host:587?starttls=yes, or smtps://host:465; empty means no relay."""
    if not address:
        return None
    parts = urlsplit(address)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ConfigurationRefused(
            "TRACKER_SMTP must look like smtp://user:password@host:587?starttls=yes or smtps://host:465."
        )
    tls = parts.scheme == "smtps"
    starttls = parse_qs(parts.query).get("starttls", ["no"])[-1] == "yes"
    if parts.username and not (tls or starttls or _is_loopback(parts.hostname)):
        raise ConfigurationRefused(
            "TRACKER_SMTP would send its password in the clear: use smtps:// or add ?starttls=yes."
        )
    return Relay(
        host=parts.hostname,
        port=_port(parts) or (465 if tls else 587 if starttls else 25),
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        starttls=starttls,
        tls=tls,
    )


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        raise ConfigurationRefused("TRACKER_SMTP names a port that is no number from 1 to 65535.") from None


def _sender(environment: Mapping[str, str]) -> str:
    named = environment.get("TRACKER_MAIL_FROM", "")
    if not named:
        if environment.get("TRACKER_SMTP"):
            raise ConfigurationRefused(
                "TRACKER_MAIL_FROM is not set: with TRACKER_SMTP it must say from whom mail comes, "
                "as in “Early-warning tracker <tracker@example.org>”."
            )
        return "Early-warning tracker <tracker@localhost>"
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", parseaddr(named)[1]):
        raise ConfigurationRefused(f"TRACKER_MAIL_FROM is {named!r}; it must hold an e-mail address.")
    return named


def _uncertain_mail(environment: Mapping[str, str]) -> UncertainMail:
    named = environment.get("TRACKER_UNCERTAIN_MAIL") or UncertainMail.RESEND
    try:
        return UncertainMail(named)
    except ValueError:
        choices = " or ".join(UncertainMail)
        raise ConfigurationRefused(f"TRACKER_UNCERTAIN_MAIL is {named!r}; it must be {choices}.") from None


def _yes_or_no(environment: Mapping[str, str], name: str) -> bool:
    written = environment.get(name, "")
    if written not in ("", "yes", "no"):
        raise ConfigurationRefused(f"{name} is {written!r}; it must be yes or no.")
    return written == "yes"


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1") or host.endswith(".localhost")


def _whole_number(environment: Mapping[str, str], name: str, default: int) -> int:
    written = environment.get(name, str(default))
    if not written.isdecimal():
        raise ConfigurationRefused(f"{name} is {written!r}; it must be a whole number.")
    return int(written)
