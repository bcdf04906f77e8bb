"""The doctor says what is well and what is wrong, and changes nothing."""

from argparse import Namespace
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, text

from tests import factories
from tests.concluding import recorded
from tracker.actions import audit
from tracker.actions.sealing import Seal
from tracker.commands import doctor, rebuild
from tracker.settings import Settings
from tracker.storage.base import Database
from tracker.storage.conclusions import ScoreNow
from tracker.storage.running import JobRun


@pytest.fixture
def installed(settings: Settings, database: Database) -> Settings:
    address = database.engine.url.render_as_string(hide_password=False)
    return replace(settings, database_url=address)


def wrong(settings: Settings, now: datetime) -> list[str]:
    return [finding.sentence for finding in doctor.examine(settings, now=now) if finding.well is False]


def test_a_sound_installation_has_nothing_wrong(installed: Settings, now: datetime) -> None:
    findings = list(doctor.examine(installed, now=now))

    assert [finding for finding in findings if finding.well is False] == []
    assert sum(finding.well is True for finding in findings) >= 6


def test_a_folder_that_others_can_read_is_found(installed: Settings, now: datetime) -> None:
    installed.data_folder.chmod(0o755)

    assert any("can be read by others" in sentence for sentence in wrong(installed, now))


def test_a_missing_trigger_is_found(installed: Settings, database: Database, now: datetime) -> None:
    with database.writing() as session:
        if session.get_bind().dialect.name == "sqlite":
            session.execute(text("DROP TRIGGER audit_entries_forbid_update"))
        else:
            session.execute(text("DROP TRIGGER audit_entries_forbid_change ON audit_entries"))

    assert any("trigger audit_entries_forbid" in sentence for sentence in wrong(installed, now))


def test_a_score_that_is_not_what_the_evidence_says_is_found_and_rebuild_mends_it(
    installed: Settings, database: Database, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    with database.writing() as session:
        recorded(session, "independence_of_courts", 4.0, on=date(2026, 3, 15), at=now)
        recorded(session, "independence_of_courts", 0.0, on=date(2026, 3, 15), at=now, iso3="NER")
    assert [sentence for sentence in wrong(installed, now) if "scores" in sentence] == []
    with database.writing() as session:
        rows = {row.iso3: row for row in session.scalars(select(ScoreNow))}
        rows["MLI"].record = rows["NER"].record

    assert any("The scores of MLI are not what its evidence says" in sentence for sentence in wrong(installed, now))
    assert rebuild.run(Namespace(), installed) == 0
    assert "2 countries are made again" in capsys.readouterr().out
    assert [sentence for sentence in wrong(installed, now) if "scores" in sentence] == []


def test_a_day_on_which_nothing_would_go_stale_is_found(installed: Settings, database: Database, now: datetime) -> None:
    with database.writing() as session:
        recorded(session, "independence_of_courts", 4.0, on=date(2026, 3, 15), at=now)
        session.scalars(select(ScoreNow)).one().changes_on = None

    assert any("The scores of MLI are not what its evidence says" in sentence for sentence in wrong(installed, now))


def test_a_changed_audit_log_is_found_with_its_first_bad_entry(
    installed: Settings, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        for number in range(3):
            audit.record(session, "noted", f"country {number}", by=None, now=now)
        if session.get_bind().dialect.name == "sqlite":
            session.execute(text("DROP TRIGGER audit_entries_forbid_update"))
        else:
            session.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER USER"))
        session.execute(text("UPDATE audit_entries SET subject = 'country MLI' WHERE number = 3"))

    assert any("entry 3 is the first" in sentence for sentence in wrong(installed, now))


def test_a_database_without_the_newest_schema_is_found(installed: Settings, database: Database, now: datetime) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '001'"))

    assert any("at migration 001" in one and "run migrate" in one for one in wrong(installed, now))


def test_a_database_newer_than_the_code_is_not_told_to_migrate(
    installed: Settings, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '999'"))

    (sentence,) = wrong(installed, now)

    assert "Update the tracker, or restore a backup" in sentence
    assert "migrate" not in sentence


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_database_put_back_beside_another_secret_is_found(
    installed: Settings, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        someone = factories.person(session, created_at=now)
        someone.totp_secret = Seal(installed.secret).close("JBSWY3DPEHPK3PXP", now=now)

    assert wrong(installed, now) == []
    (sentence,) = wrong(replace(installed, secret="another secret than the one that it was sealed with"), now)
    assert "1 of 1 secrets of one-time codes" in sentence


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_database_that_does_not_answer_is_found(installed: Settings, now: datetime) -> None:
    away = replace(installed, database_url="postgresql+psycopg://nobody@127.0.0.1:1/nowhere")

    assert any("does not answer" in sentence for sentence in wrong(away, now))


def test_an_empty_folder_is_told_to_run_first_and_stays_empty(settings: Settings, now: datetime) -> None:
    assert any("no database yet" in sentence for sentence in wrong(settings, now))
    assert list(settings.data_folder.iterdir()) == []


def test_the_exit_status_says_whether_something_is_wrong(
    installed: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert doctor.run(Namespace(), installed) == 0
    assert "Nothing is wrong." in capsys.readouterr().out

    installed.data_folder.chmod(0o755)
    assert doctor.run(Namespace(), installed) == 1


@pytest.mark.parametrize(("seconds", "silent"), [(300, False), (301, True)])
def test_a_worker_silent_for_more_than_five_minutes_is_found(
    installed: Settings, database: Database, now: datetime, seconds: int, silent: bool
) -> None:
    with database.writing() as session:
        session.add(JobRun(job="heartbeat", started_at=now - timedelta(seconds=seconds), finished_at=now))

    assert any("No mail leaves" in sentence for sentence in wrong(installed, now)) == silent
