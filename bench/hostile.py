"""Random bad input against every route, on both engines: how many answers are 5xx? The limit is none.

python -m bench.hostile [tries per engine, 20000 unless told] [seed] [only addresses that begin so, such as /enter]

Whoever asks has every role, so that no guard keeps the input from where it could do harm.
"""

import random
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from argon2 import PasswordHasher
from flask.testing import FlaskClient

from tests import postgres
from tests.conftest import usual_settings
from tests.databases import ENGINES, STOCKED, Databases, open_database
from tests.web.access_matrix import Asker, address_of, sample_for, tries
from tests.web.test_hostile_input import HARD_FOR_DATABASES, HARD_FOR_PAGES, NOT_TRIED, Fields, look_for_fields
from tracker.access import Role
from tracker.actions import passwords
from tracker.storage.base import Database
from tracker.web.app import create_app

NOW = datetime(2026, 3, 16, 12, tzinfo=UTC)
EVERY_ROLE = Asker("every role", tuple(Role))
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")


def main(number: int, seed: int, only: str) -> int:
    # what is slow on purpose would only slow the tries down
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    server, worst = postgres.OnDemand(), 0
    try:
        for engine in ENGINES:
            with tempfile.TemporaryDirectory() as folder:
                databases = Databases(Path(folder), server.address, NOW)
                database = open_database(databases.copy(engine, STOCKED, Path(folder)))
                begun = time.perf_counter()
                answers = bombard(database, Path(folder), number, random.Random(seed), only)
                seconds = time.perf_counter() - begun
                database.dispose()
                databases.close()
            bad = sum(count for status, count in answers.items() if status >= 500)
            worst += bad
            kinds = ", ".join(f"{status // 100}xx {count}" for status, count in sorted(by_hundred(answers).items()))
            print(f"{engine:<11} {number} tries in {seconds:.0f} s: {kinds}; 5xx: {bad} (limit 0)")
    finally:
        server.stop()
    return 1 if worst else 0


def bombard(database: Database, folder: Path, number: int, chance: random.Random, only: str) -> Counter[int]:
    app = create_app(usual_settings(folder), database, clock=lambda: NOW)
    app.config.update(WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    rules = [rule for rule, _ in tries(app) if rule.endpoint not in NOT_TRIED and rule.rule.startswith(only)]
    answers: Counter[int] = Counter()
    names: list[str] = []
    for turn in range(number):
        if turn % 500 == 0:  # tries end sessions and deactivate people
            sample, client = sample_for(database, EVERY_ROLE, NOW), FlaskClient(app)
            with client.session_transaction() as cookie:
                cookie.update(key=sample.asker.key, seen=NOW.timestamp())
            if not names:
                opened = [(address_of(app, rule, sample), method) for rule, method in tries(app)]
                found = Fields(set)
                look_for_fields(client, [address for address in opened if "/static/" not in address[0]], found)
                names = sorted(set().union(*found.values()))
        url, method = address_of(app, chance.choice(rules), sample), chance.choice(METHODS)
        if chance.random() < 0.2:
            url = mangled(url, chance)
        fields = {name: junk(chance) for name in chance.sample(names, chance.randrange(len(names)))}
        if method == "GET" and "?" not in url:
            answer = client.get(url, query_string=fields)
        else:
            answer = client.open(url, method=method, data=fields)
        answer.close()
        answers[answer.status_code] += 1
        if answer.status_code >= 500:
            print(f"  {answer.status_code} {method} {url!a} {ascii(fields)[:300]}", file=sys.stderr)
    return answers


def junk(chance: random.Random) -> str:
    if chance.random() < 0.5:
        return chance.choice(HARD_FOR_DATABASES + HARD_FOR_PAGES)
    letters = (
        chr(chance.choice((chance.randrange(0x80), chance.randrange(0xD800)))) for _ in range(chance.randrange(30))
    )
    return "".join(letters)


def mangled(url: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(url) + 1)
    return url[:place] + chance.choice(("%00", "%ff", "/", "..", "%2e%2e%2f", "9" * 30, "é", "?a=", "%")) + url[place:]


def by_hundred(answers: Counter[int]) -> Counter[int]:
    hundreds: Counter[int] = Counter()
    for status, count in answers.items():
        hundreds[status // 100 * 100] += count
    return hundreds


if __name__ == "__main__":
    words = [*sys.argv[1:], *("20000", "1", "")[len(sys.argv) - 1 :]]
    sys.exit(main(int(words[0]), int(words[1]), words[2]))
