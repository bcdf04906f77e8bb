"""What the other tests rely on: fresh databases, a PostgreSQL that never outlives them, no talk with the world."""

import smtplib
import socket
import subprocess
import sys
import time
from email.message import EmailMessage
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, select

from tests import network
from tests.databases import MIGRATED, Databases, one_at_a_time, open_database, undone
from tests.smtp_sink import SmtpSink
from tracker.storage.base import Database, Session
from tracker.storage.watching import Source

ROOT = Path(__file__).resolve().parents[2]
OWNER = """
import time
from tests import postgres
on_demand = postgres.OnDemand()
print(postgres.ask(on_demand.address), flush=True)
time.sleep(60)
"""


def a_source(key: str = "radio") -> Source:
    return Source(
        key=key,
        name="Radio",
        publisher="Radio",
        url="https://radio.example",
        licence="",
        attribution="",
        reliability="B",
        credibility=2,
    )


def number_of_sources(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Source)) or 0


def test_every_fresh_database_is_its_own(
    databases: Databases, engine_name: str, empty_database: Database, tmp_path: Path
) -> None:
    with empty_database.writing() as session:
        session.add(a_source())
    another = open_database(databases.copy(engine_name, MIGRATED, tmp_path))
    with another.reading() as session:
        assert number_of_sources(session) == 0
    another.dispose()


def test_what_an_undone_session_commits_is_gone_afterwards(empty_database: Database) -> None:
    with undone(empty_database) as session:
        session.add(a_source())
        session.commit()
        assert number_of_sources(session) == 1
    with empty_database.reading() as session:
        assert number_of_sources(session) == 0


def test_a_savepoint_in_an_undone_session_gives_up_only_its_own_rows(empty_database: Database) -> None:
    with undone(empty_database) as session:
        session.add(a_source())
        session.flush()
        savepoint = session.begin_nested()
        session.add(a_source("newspaper"))
        session.flush()
        savepoint.rollback()
        assert session.scalars(select(Source.key)).all() == ["radio"]


def test_a_killed_owner_leaves_no_postgresql_and_no_folder() -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with owner:
        assert owner.stdout is not None
        folder = Path(owner.stdout.readline().strip())
        psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
        owner.kill()
    deadline = time.monotonic() + 60
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not folder.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(host=str(folder), user="postgres", dbname="postgres")


def test_only_one_test_process_at_a_time_makes_a_template(tmp_path: Path) -> None:
    waiting = (
        "import pathlib, sys; from tests.databases import one_at_a_time; print('waiting', flush=True)\n"
        "with one_at_a_time(pathlib.Path(sys.argv[1])): print('entered', flush=True)"
    )
    command = [sys.executable, "-c", waiting, str(tmp_path)]
    with one_at_a_time(tmp_path):
        second = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert second.stdout is not None
        assert second.stdout.readline() == "waiting\n"
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(0.3)
    assert second.communicate(timeout=60)[0] == "entered\n"


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "tracker.example"])
def test_another_machine_cannot_be_reached(host: str) -> None:
    with pytest.raises(network.NetworkForbidden):
        socket.create_connection((host, 80), timeout=1)
    assert network.stopped == [host]
    network.stopped.clear()  # else this very test would fail, as every other that does so


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_can_be_reached(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection((host, server.getsockname()[1]), timeout=5).close()


def a_message(*recipients: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "tracker@localhost"
    message["To"] = ", ".join(recipients)
    message["Subject"] = "Été"
    message.set_content("Was es Neues gibt: nichts.\n")
    return message


def test_the_mail_sink_keeps_what_it_is_sent(smtp_sink: SmtpSink) -> None:
    with smtplib.SMTP(smtp_sink.relay.host, smtp_sink.relay.port) as relay:
        relay.send_message(a_message("ana@example.org"))
    assert [message["Subject"] for message in smtp_sink.messages] == ["Été"]
    assert smtp_sink.recipients == [["ana@example.org"]]


def test_the_mail_sink_refuses_whom_it_is_told_to_refuse(smtp_sink: SmtpSink) -> None:
    smtp_sink.refused.add("ben@example.org")
    with smtplib.SMTP(smtp_sink.relay.host, smtp_sink.relay.port) as relay:
        refused = relay.send_message(a_message("ana@example.org", "ben@example.org"))
    assert set(refused) == {"ben@example.org"}
    assert smtp_sink.recipients == [["ana@example.org"]]
