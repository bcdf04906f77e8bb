"""Who gets in where, found out by trying: every route, every method, as everybody.

`python -m tests.web.access_matrix` writes what the policy says to docs/access.md; the tests compare that file with
what really happens.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from tests import factories
from tracker.access import PersonStatus, Role
from tracker.storage.base import Database
from tracker.storage.models import Person

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "access.md"

# The country that the sample addresses speak of, and a region it does not belong to.
COUNTRY, ELSEWHERE = "MLI", "caricom_or_other"
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

Cell = tuple[str, str, str]


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
    with app.test_request_context():
        url = app.url_for(rule.endpoint, **_arguments(rule, target))
    answer = client.open(url, method=method)
    return _read(answer.status_code, answer.headers.get("Location", ""))


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
    """A real thing for each part of an address, so that only the guard can keep somebody out."""
    known: dict[str, Any] = {
        "filename": "look.css",
        "iso3": COUNTRY,
        "key": "independence_of_courts" if rule.endpoint == "countries.series_csv" else "rule_of_law",
        "person_id": person_id,
        "token": secrets.token_urlsafe(32),
    }
    return {name: known.get(name, 1) for name in rule.arguments}
