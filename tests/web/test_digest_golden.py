"""Whole digests, word for word: a week with something of everything, one without news, and an urgent notice.

`GOLDEN=write python3 manage.py test tests/web/test_digest_golden.py` writes them anew: read every line that differs.
"""

import os
import re
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask

from tests.web.conftest import BOTH_ENGINES
from tests.web.digests import DAY, WEEK, a_week, reader_of
from tracker.actions.digests.telling import Made
from tracker.digest import DeliveryKind
from tracker.storage.base import Database

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "digest"


def as_golden(made: Made) -> dict[str, str]:
    """Pictures by their names and alternatives; without looks and without the head of the log, new each time."""
    plain = re.sub(r' style="[^"]*"|<style>.*?</style>', "", made.html)
    parts = {"txt": f"Subject: {made.subject}\n\n{made.text}", "html": plain}
    head = re.compile(r"Audit log at entry \d+:\s+[0-9a-f]{64}")
    assert all(head.search(part) for part in parts.values())
    return {ending: head.sub("Audit log at entry 42: (its head)", part) for ending, part in parts.items()}


def compare(name: str, made: Made | None) -> None:
    assert made is not None
    for ending, told in as_golden(made).items():
        file = GOLDEN / f"{name}.{ending}"
        if os.environ.get("GOLDEN") == "write":
            file.write_text(told, encoding="utf-8")
        assert told == file.read_text(encoding="utf-8"), f"{file.name} reads differently now"


@BOTH_ENGINES
def test_a_week_reads_like_this_and_the_quiet_week_after_it_like_that(
    app: Flask, database: Database, now: datetime
) -> None:
    reader = reader_of(app, database, since=now - WEEK)
    with database.writing() as session:
        a_week(session, reader.person_id, now)

    compare("a_week", reader.told(now))
    assert reader.made[0] is not None
    assert sorted(reader.made[0].images) == ["course-1", "course-2", "course-3", "map"]
    compare("nothing_new", reader.told(now + timedelta(hours=1)))


@BOTH_ENGINES
def test_an_urgent_notice_reads_like_this(app: Flask, database: Database, now: datetime) -> None:
    reader = reader_of(app, database, since=now - WEEK)
    with database.writing() as session:
        a_week(session, reader.person_id, now)

    compare("urgent", reader.told(now + 4 * DAY, kind=DeliveryKind.URGENT))
    assert reader.made[0] is not None
    assert reader.made[0].images == {}
