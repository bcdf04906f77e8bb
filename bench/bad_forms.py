"""Forms as people open them, sent back with something wrong in them, on both engines: none may break the server.

python -m bench.bad_forms [posts per engine, 10000 unless told] [seed]

Every answer must come within two seconds and be no 5xx; evidence may only grow by what a reviewer accepts, so that the
number of observations must be the same at the end: nothing here is ever accepted.
"""

import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from bench.hostile import by_hundred, junk
from tests import factories, postgres
from tests.conftest import usual_settings
from tests.databases import ENGINES, STOCKED, Databases, open_database
from tests.strict_client import parsed
from tracker.access import Role
from tracker.handling import Mark
from tracker.storage import observations
from tracker.storage.base import Database
from tracker.web.app import create_app

NOW = datetime(2026, 3, 16, 12, tzinfo=UTC)
LONGEST_SECONDS = 2.0
PAGES = (
    *("/enter/MLI?period=2026-02", "/enter/MLI?period=2026-03", "/review", "/review/MLI", "/imports/new", "/system"),
    *(f"/countries/MLI/independence_of_courts/2026-01-31{end}" for end in ("", "/correct", "/withdraw")),
)
REFRESH_EVERY = 100


@dataclass
class Seen:
    answers: Counter[int]
    slowest: float = 0.0


def main(number: int, seed: int) -> int:
    return on_both_engines(f"{number} posts", lambda client: send(client, number, random.Random(seed)))


def on_both_engines(what: str, act: Callable[[FlaskClient], Seen]) -> int:
    """1: an answer was a 5xx or too slow, or the record is not what it was."""
    server, wrong = postgres.OnDemand(), 0
    try:
        for engine in ENGINES:
            with tempfile.TemporaryDirectory() as folder:
                databases = Databases(Path(folder), server.address, NOW)
                database = open_database(databases.copy(engine, STOCKED, Path(folder)))
                client = signed_in(database, Path(folder))
                before = kept(database)
                seen = act(client)
                after = kept(database)
                database.dispose()
                databases.close()
            bad = sum(count for status, count in seen.answers.items() if status >= 500)
            hundreds = sorted(by_hundred(seen.answers).items())
            kinds = ", ".join(f"{status // 100}xx {count}" for status, count in hundreds)
            print(f"{engine:<11} {what}: {kinds}; slowest {seen.slowest:.2f} s (limit {LONGEST_SECONDS:g})")
            print(f"{'':<11} 5xx: {bad} (limit 0); observations before {before}, after {after}")
            wrong += bad + (before != after) + (seen.slowest > LONGEST_SECONDS)
    finally:
        server.stop()
    return 1 if wrong else 0


def signed_in(database: Database, folder: Path) -> FlaskClient:
    with database.writing() as session:
        who = factories.person(session, roles=list(Role), clearance=Mark.RED, created_at=NOW)
        key = factories.sign_in(session, who, now=NOW)
        for day in (date(2025, 12, 31), date(2026, 1, 31)):
            factories.observation(
                session, indicator="independence_of_courts", iso3="MLI", on=day, value=2, recorded_at=NOW
            )
    app = create_app(usual_settings(folder), database, clock=lambda: NOW)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie.update(key=key, seen=NOW.timestamp())
    return client


def kept(database: Database) -> int:
    with database.reading() as session:
        return observations.how_many(session)


def send(client: FlaskClient, number: int, chance: random.Random) -> Seen:
    seen, forms = Seen(Counter()), list[Any]()
    for turn in range(number):
        if turn % REFRESH_EVERY == 0:
            forms = opened(client)
        action, fields = chance.choice(forms)
        begun = time.perf_counter()
        answer = client.post(action, data=spoilt(fields, chance))
        answer.close()
        seen.slowest = max(seen.slowest, time.perf_counter() - begun)
        seen.answers[answer.status_code] += 1
        if answer.status_code >= 500:
            print(f"  {answer.status_code} POST {action}", file=sys.stderr)
    return seen


def opened(client: FlaskClient) -> list[tuple[str, dict[str, str]]]:
    """Every form of those pages but the ones that end the session."""
    found = []
    for page in PAGES:
        answer = client.get(page)
        if answer.status_code != 200:
            continue
        for form in parsed(answer).forms:
            action = form.get("action") or page
            if form.method == "POST" and "sign-out" not in action:
                found.append((action, dict(form.form_values())))
    assert len(found) >= 6, f"forms were found: {[action for action, _fields in found]}"
    return found


def spoilt(fields: dict[str, str], chance: random.Random) -> dict[str, str]:
    """A few fields wrong, gone or new; the rest, and the token, as they were opened."""
    sent = dict(fields)
    names = [name for name in sent if name != "csrf_token"] or ["nothing"]
    # what people type into, more often than what the page itself put there
    typed = [name for name in names if name.partition("-")[0] not in ("seen", "handling", "named")] or names
    for _change in range(chance.randrange(1, 6)):
        name = chance.choice(typed if chance.random() < 0.9 else names)
        kind = chance.random()
        if kind < 0.15:
            sent.pop(name, None)
        elif kind < 0.25:
            sent[junk(chance)[:60] or "x"] = junk(chance)
        else:
            sent[name] = junk(chance)
    acts = ("save", "submit", "apply", "unchanged:rule_of_law", "empty:rule_of_law", "mine:1", "theirs:1")
    sent["do"] = chance.choice(acts) if chance.random() < 0.9 else junk(chance)
    return sent


if __name__ == "__main__":
    words = [int(word) for word in sys.argv[1:]]
    sys.exit(main(words[0] if words else 10_000, words[1] if len(words) > 1 else 1))
