"""How fast do digests leave, against bare smtplib with one fixed message and Django's EmailMultiAlternatives?

    python -m bench.mail [MAILS]

All send the same mail, text, HTML and a picture, to one sink on this machine, in turns. Ours are frozen digests that
wait in the queue of an SQLite file on the disk: each is claimed, marked, handed over and settled, and every commit is
waited for. Bare smtplib sends one fixed message over one connection and writes nothing down. Django puts each message
together, and sends it over one connection for all or, as its documentation begins with, over one for each. Limits: at
least 0.8 times the rate of bare smtplib, and 4 times that of EmailMultiAlternatives as documented. Beside other work
the figures say little: we share the processors with the sink, bare smtplib waits for it. On Linux `chrt -r 1` before
the command gives them to it alone.
"""

import os
import smtplib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert, update

import config
from bench.imports import environment
from tests import factories
from tests.digests import subscribed
from tracker.delivery.message import compose
from tracker.digest import DeliveryKind, DeliveryState
from tracker.jobs.job import Shift
from tracker.jobs.send_mail import send_mail
from tracker.settings import Settings
from tracker.storage.base import Database
from tracker.storage.mailing import Delivery, DeliveryMessage
from tracker.storage.migrating import upgrade
from tracker.storage.running import OutgoingMail

ROOT = Path(__file__).resolve().parents[1]
PEER = ROOT / "bench" / "peers" / "django_mail.py"
MAILS, ROUNDS = 400, 5
LEAST_OF_BARE, LEAST_TIMES_DJANGO = 0.8, 4.0
TEXT = "The score of a country rose by four points since the last digest, which lies beyond its interval.\n" * 40
HTML = f"<table>{'<tr><td>A country</td><td>71</td><td>+4</td><td>69 to 73</td><td>rising</td></tr>' * 160}</table>"
PNG = b"\x89PNG" + os.urandom(20_000)


def main() -> None:
    mails = int(sys.argv[1]) if len(sys.argv) > 1 else MAILS
    with tempfile.TemporaryDirectory() as name, sink() as port:
        folder = Path(name)
        folder.chmod(0o700)
        python = environment(folder / "peers")
        write_parts(folder)
        settings = config.read({"TRACKER_DATA": name, "TRACKER_SMTP": f"smtp://127.0.0.1:{port}", **SENDER})
        database = filled(settings, mails)
        taken: dict[str, list[float]] = {"ours": [], "bare": [], "shared": [], "each": []}
        for _round in range(ROUNDS):
            taken["bare"].append(bare(port, mails))
            taken["ours"].append(ours(settings, database, mails))
            taken["shared"].append(django(python, port, mails, "shared", folder))
            # one connection each takes so long that a tenth of the mails is enough
            taken["each"].append(django(python, port, mails // 10, "each", folder) * 10)
        database.dispose()
    rates = {kind: mails / statistics.median(seconds) for kind, seconds in taken.items()}
    print(
        f"{mails} mails of {len(message(0)):,} bytes, per second: "
        + ", ".join(f"{k} {r:.0f}" for k, r in rates.items())
    )
    of_bare = statistics.median(one / other for one, other in zip(taken["bare"], taken["ours"], strict=True))
    print(f"ours: {of_bare:.2f} times bare smtplib (at least {LEAST_OF_BARE})")
    print(
        f"      {rates['ours'] / rates['each']:.1f} times Django, one connection each (at least {LEAST_TIMES_DJANGO})"
    )
    print(f"      {rates['ours'] / rates['shared']:.1f} times Django, one connection for all")


SENDER = {"TRACKER_MAIL_FROM": "Tracker <tracker@example.org>"}


def message(number: int) -> bytes:
    return compose(
        sender="Tracker <tracker@example.org>",
        recipient=f"reader{number}@example.org",
        subject="What is new",
        body=TEXT,
        html=HTML,
        images={"map": PNG},
        leave_url=f"https://tracker.example.org/leave/digest-{number}-{'f' * 40}",
        message_id=f"bench{number}@tracker.example.org",
        written_at=datetime(2026, 3, 16, 7, tzinfo=UTC),
    ).as_bytes()


def write_parts(folder: Path) -> None:
    (folder / "digest.txt").write_text(TEXT)
    (folder / "digest.html").write_text(HTML)
    (folder / "map.png").write_bytes(PNG)


def filled(settings: Settings, mails: int) -> Database:
    """As many digests as are wanted, made and waiting."""
    upgrade(settings.database_url)
    database, now = Database(settings.database_url), datetime.now(UTC)
    with database.writing() as session:
        found = subscribed(session, now=now, person=factories.person(session, created_at=now))
        for number in range(mails):
            of = {"kind": DeliveryKind.DIGEST, "person_id": found.person_id, "subscription_id": found.id}
            when = dict.fromkeys(
                ("due_at", "planned_at", "next_attempt_at", "made_at", "told_since", "told_until"), now
            )
            rights = {"person_version": 1, "catalogue_version": 0, "handling": 0}
            session.execute(
                insert(Delivery).values(
                    **(of | when | rights),
                    period_key=f"{number}",
                    state=DeliveryState.QUEUED,
                    message_id=f"bench{number}",
                    attempts=1,
                )
            )
            session.add(DeliveryMessage(delivery_id=number + 1, message=message(number)))
            queued = {"queued_at": now, "next_attempt_at": now, "attempts": 0, "subject": "What is new"}
            session.execute(
                insert(OutgoingMail).values(
                    **queued,
                    delivery_id=number + 1,
                    message_id=f"bench{number}",
                    recipient=f"reader{number}@example.org",
                )
            )
    return database


def ours(settings: Settings, database: Database, mails: int) -> float:
    """Seconds until all are settled. They are put back into the queue before."""
    with database.writing() as session:
        again = {"sent_at": None, "transmitting_at": None, "attempts": 0}
        session.execute(update(OutgoingMail).values(**again))
        session.execute(update(Delivery).values(state=DeliveryState.QUEUED, settled_at=None))
    shift = Shift(settings, database, clock=lambda: datetime.now(UTC), stopping=lambda: False)
    begun = time.perf_counter()
    said = send_mail(shift)
    taken = time.perf_counter() - begun
    assert said == f"Mail: {mails} sent.", said
    return taken


def bare(port: int, mails: int) -> float:
    fixed = message(0)
    with smtplib.SMTP("127.0.0.1", port) as server:
        begun = time.perf_counter()
        for number in range(mails):
            server.sendmail("tracker@example.org", [f"reader{number}@example.org"], fixed)
        return time.perf_counter() - begun


def django(python: Path, port: int, mails: int, way: str, folder: Path) -> float:
    command = [str(word) for word in (python, PEER, port, mails, way, folder)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


@contextmanager
def sink() -> Iterator[int]:
    command = [sys.executable, "-m", "bench.mail_sink"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield int(server.stdout.readline())
        server.communicate()


if __name__ == "__main__":
    main()
