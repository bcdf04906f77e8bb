"""Bad files, brought through the page as people bring them, on both engines: none may break the server or write a row.

python -m bench.bad_uploads [files per engine, 1000 unless told]

Each is refused with a 4xx and a sentence, or kept to have its columns named; then that page must open as well. Every
answer must come within two seconds and be no 5xx, and the record must be the same at the end.
"""

import io
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from flask.testing import FlaskClient

from bench.bad_forms import LONGEST_SECONDS, NOW, Seen, kept, signed_in
from bench.hostile import by_hundred
from tests import postgres
from tests.databases import ENGINES, STOCKED, Databases, open_database
from tests.exchange.bad_files import bad_files
from tests.strict_client import parsed


def main(number: int) -> int:
    server, wrong = postgres.OnDemand(), 0
    try:
        for engine in ENGINES:
            with tempfile.TemporaryDirectory() as folder:
                databases = Databases(Path(folder), server.address, NOW)
                database = open_database(databases.copy(engine, STOCKED, Path(folder)))
                client = signed_in(database, Path(folder))
                before = kept(database)
                seen = bring_all(client, number)
                after = kept(database)
                database.dispose()
                databases.close()
            bad = sum(count for status, count in seen.answers.items() if status >= 500)
            kinds = ", ".join(
                f"{status // 100}xx {count}" for status, count in sorted(by_hundred(seen.answers).items())
            )
            print(f"{engine:<11} {number} files: {kinds}; slowest {seen.slowest:.2f} s (limit {LONGEST_SECONDS:g})")
            print(f"{'':<11} 5xx: {bad} (limit 0); observations before {before}, after {after}")
            wrong += bad + (before != after)
    finally:
        server.stop()
    return 1 if wrong else 0


def bring_all(client: FlaskClient, number: int) -> Seen:
    seen = Seen(Counter())
    token = str(parsed(client.get("/imports/new")).xpath("//input[@name='csrf_token']/@value")[0])
    for name, content in list(bad_files(number))[:number]:
        begun = time.perf_counter()
        sent = {"csrf_token": token, "file": (io.BytesIO(content), name)}
        answer = client.post("/imports/new", data=sent, content_type="multipart/form-data")
        if answer.status_code == 302:  # kept: the page on which its columns are named must open
            answer = client.get(answer.headers["Location"], follow_redirects=True)
        seen.slowest = max(seen.slowest, time.perf_counter() - begun)
        seen.answers[answer.status_code] += 1
        if answer.status_code >= 500:
            print(f"  {answer.status_code} {name!a}", file=sys.stderr)
    return seen


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
