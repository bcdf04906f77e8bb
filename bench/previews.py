"""How long does it take to see what a draft would have done over five years, for all countries?

    python -m bench.previews

On a database as a first run leaves it: the bundled governance indicators of some 200 countries. Medians of five.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tests import drafts, factories
from tracker.access import Principal, Role
from tracker.actions.methods.preview import preview_of_method, preview_of_rule
from tracker.actions.stocking import stock
from tracker.handling import Mark
from tracker.storage.base import Database
from tracker.storage.migrating import upgrade

LIMIT_SECONDS, TIMES = 3.0, 5
RULE = "weak_rule_of_law"


def main() -> None:
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'previews.sqlite3'}"
        upgrade(url)
        database = Database(url)
        with database.writing() as session:
            stock(session, now=now)
            who = factories.person(session, roles=[Role.METHODOLOGIST], created_at=now)
            asker = Principal(who.id, who.name, frozenset({Role.METHODOLOGIST}), None, Mark.RED)
            of_method = drafts.a_draft(session, who.id, now=now)
            of_rule = drafts.a_draft(session, who.id, now=now, of_rule=RULE)
        with database.reading() as session:
            taken = {
                "of the method": median(lambda: preview_of_method(session, of_method, asker, today=now.date())),
                "of a rule": median(lambda: preview_of_rule(session, RULE, of_rule, asker, today=now.date())),
            }
        database.dispose()
    for name, seconds in taken.items():
        print(f"a draft {name}: {seconds:.2f} s")
        print(f"  limit {LIMIT_SECONDS:g} s: used to {seconds / LIMIT_SECONDS:.0%}")


def median(act: Callable[[], object]) -> float:
    taken = []
    for _time in range(TIMES):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
