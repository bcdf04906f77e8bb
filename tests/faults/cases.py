"""One fault, from the digests that are due to the accounts afterwards."""

import os
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select

from tests import factories
from tests.digests import DAY, subscribed
from tests.faults.nursery import Nursery, Wanted
from tests.faults.points import IN_DOUBT
from tests.faults.relay import Relay
from tests.restarting_postgres import Server
from tracker.digest import DeliveryState
from tracker.period import Cadence, Timetable
from tracker.storage import deliveries
from tracker.storage.base import Database
from tracker.storage.mailing import Delivery

READERS = 12


@dataclass
class Outcome:
    """What there was afterwards."""

    kills: int
    states: Counter[DeliveryState]
    message_ids: list[str]
    taken: dict[str, list[str]]
    holds: bool
    # Of each worker that was to end well, if it did not.
    wrong_ends: list[int] = field(default_factory=list)

    def lost(self) -> list[str]:
        """Sent by the accounts, and nobody has it."""
        return [one for one in self.message_ids if one not in self.taken]

    def doubled(self) -> list[str]:
        return [one for one, texts in self.taken.items() if len(texts) > 1]

    def changed(self) -> list[str]:
        """Came twice, and not as the same mail."""
        return [one for one, texts in self.taken.items() if len(set(texts)) > 1]


def digests_due(database: Database, readers: int = READERS) -> None:
    """So many, each of a reader of their own, since an hour ago."""
    now = datetime.now(UTC)
    at = (now - timedelta(hours=1)).time().replace(microsecond=0)
    with database.writing() as session:
        for _ in range(readers):
            reader = factories.person(session, created_at=now - DAY)
            found = subscribed(session, now=now - DAY, person=reader, timetable=Timetable(Cadence.DAILY, at, "UTC"))
            assert found.next_due_at is not None
            assert found.next_due_at <= now


def outcome(
    database: Database, taken: Mapping[str, list[str]], ends: Sequence[int], wrong_ends: Sequence[int]
) -> Outcome:
    with database.reading() as session:
        rows = list(session.execute(select(Delivery.state, Delivery.message_id).order_by(Delivery.id)))
        holds = deliveries.balance(session, now=datetime.now(UTC)).holds
    return Outcome(
        kills=sum(end == -signal.SIGKILL for end in ends),
        states=Counter(state for state, _ in rows),
        message_ids=[message_id for _, message_id in rows],
        taken={message_id: list(texts) for message_id, texts in taken.items()},
        holds=holds,
        wrong_ends=[end for end in wrong_ends if end != 0],
    )


def in_outbox(folder: Path) -> dict[str, list[str]]:
    """As if a relay had taken what lies there. Made at two moments, one mail would be two files."""
    taken: dict[str, list[str]] = defaultdict(list)
    for file in folder.glob("*.eml"):
        name = file.name.partition("-")[2].removesuffix(".eml")
        taken[name.replace("digest", "digest-", 1)].append(sha256(file.read_bytes()).hexdigest())
    return taken


def killed(nursery: Nursery, database: Database, wanted: Wanted, relay: Relay | None = None) -> Outcome:
    """Two workers that are to be killed at the same point, and two that find what they left. None: no relay."""
    doomed = [nursery.begin(wanted) for _ in range(2)]
    ends = [nursery.end_of(pid) for pid in doomed]
    others = [nursery.end_of(pid) for pid in [nursery.begin(without_trap(wanted)) for _ in range(2)]]
    taken = relay.taken if relay else in_outbox(Path(wanted.folder) / "outbox")
    # whoever never comes to the point ends well
    return outcome(database, taken, ends, [*(end for end in ends if end != -signal.SIGKILL), *others])


def stopped(nursery: Nursery, database: Database, wanted: Wanted, relay: Relay) -> Outcome:
    """A worker that stops somewhere for longer than its lease, while another does the work, and then goes on."""
    paused = nursery.begin(wanted)
    until(lambda: is_stopped(paused))
    other = nursery.begin(without_trap(wanted))
    end = nursery.end_of(other)
    os.kill(paused, signal.SIGCONT)
    return outcome(database, relay.taken, [-signal.SIGKILL], [end, nursery.end_of(paused)])


def restarted(nursery: Nursery, server: Server, database: Database, wanted: Wanted, relay: Relay) -> Outcome:
    """A worker that is at some point when the database stops as if its machine had, and goes on at once."""
    database.dispose()
    cut_off = nursery.begin(wanted)
    until(lambda: is_stopped(cut_off))
    server.stop_immediately()
    os.kill(cut_off, signal.SIGCONT)
    server.start()
    ends = [nursery.end_of(pid) for pid in (cut_off, nursery.begin(without_trap(wanted)))]
    return outcome(database, relay.taken, [-signal.SIGKILL], ends)


def without_trap(wanted: Wanted) -> Wanted:
    return Wanted(**(vars(wanted) | {"point": "", "is_stopped": False, "ahead_seconds": 0.0}))


def is_stopped(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def until(true: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.01)


def what_is_wrong(found: Outcome, expected: int, point: str = "") -> list[str]:
    """Sentences; none: all is as it must be."""
    wrong = []
    if not found.kills:
        wrong.append("nothing was killed")
    if found.wrong_ends:
        wrong.append(f"workers that were to end well ended with {found.wrong_ends}")
    if found.states != {DeliveryState.SENT: expected}:
        wrong.append(f"of {expected} deliveries there are {dict(found.states)}")
    if found.lost():
        wrong.append(f"lost: {len(found.lost())}")
    if found.doubled() and point not in IN_DOUBT:
        wrong.append(f"doubled: {len(found.doubled())}, though no mail was in doubt")
    if len(found.doubled()) > found.kills:
        wrong.append(f"doubled: {len(found.doubled())}, by {found.kills} kills")
    if found.changed():
        wrong.append(f"came twice, and not as the same mail: {len(found.changed())}")
    if not found.holds:
        wrong.append("the accounts do not hold")
    return wrong
