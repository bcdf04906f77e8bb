"""Who gets in where, found out by trying: every route, every method, as everybody.

docs/access.md holds what was found, so that a change of any cell is seen in review; the tests compare the two.
`python -m tests.web.access_matrix` writes the file anew.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from tests import factories
from tracker.access import PersonStatus, Role
from tracker.actions.stocking import stock
from tracker.settings import Mode, Settings
from tracker.storage.base import Database
from tracker.storage.migrating import upgrade
from tracker.storage.models import Person
from tracker.web.app import create_app

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "access.md"

# The country that the sample addresses speak of.
COUNTRY = "MLI"
NEVER_TRIED = {"HEAD", "OPTIONS"}

IN, SIGN_IN, NO, NOT_THERE = "in", "sign in", "no", "not there"


@dataclass(frozen=True)
class Asker:
    """Somebody of the cast."""

    name: str
    # None: not signed in.
    roles: tuple[Role, ...] | None
    countries: tuple[str, ...] | None = None
    status: PersonStatus = PersonStatus.ACTIVE


CAST = (
    Asker("anonymous", None),
    Asker("reader", (Role.READER,)),
    Asker("analyst", (Role.ANALYST,)),
    Asker("reviewer", (Role.REVIEWER,)),
    Asker("methodologist", (Role.METHODOLOGIST,)),
    Asker("administrator", (Role.ADMINISTRATOR,)),
    Asker("focal point of Mali", (Role.READER,), countries=("MLI",)),
    Asker("analyst of another region", (Role.ANALYST,), countries=("PRY", "URY")),
    Asker("deactivated", (Role.ADMINISTRATOR,), status=PersonStatus.DEACTIVATED),
)

HEADING = """# Who gets in where

Found out by asking for every route, by every method, as everybody of the cast. A test asks again and compares.
Written by `python -m tests.web.access_matrix`; read every changed cell before you commit it.

- **in**: the guard lets the request through (what the page then answers is its own affair)
- **sign in**: sent to the sign-in page
- **no**: 403, the roles do not allow it
- **not there**: 404, as if it did not exist: it lies outside the asker's countries
"""


def tries(app: Flask) -> Iterator[tuple[Rule, str]]:
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))
    for rule in rules:
        for method in sorted((rule.methods or set()) - NEVER_TRIED):
            yield rule, method


def outcome(app: Flask, database: Database, rule: Rule, method: str, asker: Asker, now: datetime) -> str:
    """One request by one asker, as a fresh person with a fresh sign-in, so that no try changes another."""
    target = _somebody(database, Asker("target", (Role.READER,)), now)[0]
    client = app.test_client()
    if asker.roles is not None:
        _, key = _somebody(database, asker, now)
        with client.session_transaction() as cookie:
            cookie.update(key=key, seen=now.timestamp())
    answer = client.open(address_of(app, rule, person_id=target), method=method)
    return _read(answer.status_code, answer.headers.get("Location", ""))


def address_of(app: Flask, rule: Rule, *, person_id: int) -> str:
    """A real thing for each part of the address, so that only the guard can keep somebody out."""
    with app.test_request_context():
        return app.url_for(rule.endpoint, **_arguments(rule, person_id))


def _read(status: int, location: str) -> str:
    if status in (302, 303) and location.startswith("/sign-in"):
        return SIGN_IN
    return {403: NO, 404: NOT_THERE}.get(status, IN)


def _somebody(database: Database, asker: Asker, now: datetime) -> tuple[int, str]:
    with database.writing() as session:
        person: Person = factories.person(
            session,
            roles=asker.roles or (),
            countries=asker.countries,
            status=asker.status,
            created_at=now,
        )
        return person.id, factories.sign_in(session, person, now=now)


def _arguments(rule: Rule, person_id: int) -> dict[str, Any]:
    known: dict[str, Any] = {
        "filename": "look.css",
        "iso3": COUNTRY,
        "key": "independence_of_courts" if rule.endpoint == "countries.series_csv" else "rule_of_law",
        "person_id": person_id,
        "token": secrets.token_urlsafe(32),
    }
    return {name: known.get(name, 1) for name in rule.arguments}


def row_of(app: Flask, database: Database, rule: Rule, method: str, now: datetime) -> str:
    """A line of the document."""
    cells = [outcome(app, database, rule, method, asker, now) for asker in CAST]
    return f"| `{method} {rule.rule}` | {' | '.join(cells)} |"


def written_rows() -> dict[str, str]:
    """The lines of the document, by what they are about."""
    lines = [line for line in DOCUMENT.read_text().splitlines() if line.startswith("| `")]
    return {line.split("|")[1].strip(" `"): line for line in lines}


def write(app: Flask, database: Database, now: datetime) -> None:
    names = " | ".join(asker.name for asker in CAST)
    lines = [f"| | {names} |", "|---" * (len(CAST) + 1) + "|"]
    lines += [row_of(app, database, rule, method, now) for rule, method in tries(app)]
    DOCUMENT.write_text(HEADING + "\n" + "\n".join(lines) + "\n")


def main() -> None:
    now = datetime(2026, 3, 16, 12, tzinfo=UTC)
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/matrix.sqlite3"
        upgrade(url)
        database = Database(url)
        with database.writing() as session:
            stock(session, now=now, with_published=False)
        settings = Settings(Mode.LOCAL, Path(folder), url, "s" * 40, "http://localhost:8000", None, "t@localhost")
        app = create_app(settings, database, clock=lambda: now)
        app.config["WTF_CSRF_ENABLED"] = False
        write(app, database, now)
        database.dispose()


if __name__ == "__main__":
    main()
