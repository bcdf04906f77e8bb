"""Bad files, brought through the page as people bring them, on both engines: none may break the server or write a row.

python -m bench.bad_uploads [files per engine, 1000 unless told]

Each is refused with a 4xx and a sentence, or kept to have its columns named; then that page must open as well. Every
answer must come within two seconds and be no 5xx, and the record must be the same at the end.
"""

import io
import sys
import time
from collections import Counter

from flask.testing import FlaskClient

from bench.bad_forms import Seen, on_both_engines
from tests.exchange.bad_files import bad_files
from tests.strict_client import parsed


def main(number: int) -> int:
    return on_both_engines(f"{number} files", lambda client: bring_all(client, number))


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
