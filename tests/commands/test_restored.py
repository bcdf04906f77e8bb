from datetime import datetime
from pathlib import Path

import pytest

import config
from tests.commands.running import environment
from tracker.actions.outgoing_mails import queue
from tracker.commands import restored
from tracker.commands.register import understand
from tracker.storage import audit_entries, outgoing_mails
from tracker.storage.base import Database


def test_what_waited_in_a_backup_is_not_sent_once_more(
    stocked_folder: Path, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    database = Database(f"sqlite:///{stocked_folder / 'tracker.sqlite3'}")
    with database.writing() as session:
        queue(session, recipient="ana@example.org", subject="Reset", body="Link", now=now)
        before, _ = audit_entries.head(session)
    _, arguments = understand(["restored", "--data", str(stocked_folder)])
    assert restored.run(arguments, config.read(environment(TRACKER_DATA=str(stocked_folder)))) == 0
    told = "Not sent once more: digests 0, letters about accounts 1, calls of webhooks 0."
    assert capsys.readouterr().out.startswith(told)
    with database.reading() as session:
        assert outgoing_mails.how_many_waiting(session) == 0
        assert audit_entries.head(session)[0] == before + 1
