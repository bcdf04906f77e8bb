"""`manage.py import-occasions`: the same reader and the same acts as on the page, for scripts."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests import factories
from tracker.access import PersonStatus, Role
from tracker.commands import import_occasions
from tracker.commands.failure import CannotGoOn
from tracker.commands.register import understand
from tracker.exchange.occasion_files import LARGEST_BYTES, TooLarge
from tracker.handling import Mark
from tracker.settings import Settings
from tracker.storage.admitting import Person
from tracker.storage.base import Database
from tracker.storage.conclusions import Occasion

# what the databases do with it is tried where it is done
pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
SOON = (datetime.now(UTC) + timedelta(days=30)).date()
EVENT = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:{SOON:%Y%m%d}\nSUMMARY:Summit\n%sEND:VEVENT\nEND:VCALENDAR\n"
WRONG = "2026-02-30,Never,MLI\n"


@pytest.fixture
def house(settings: Settings, database: Database, now: datetime) -> Settings:
    with database.writing() as session:
        factories.person(session, roles=[Role.ANALYST], email="ana@example.org", created_at=now)
    return replace(settings, database_url=database.engine.url.render_as_string(hide_password=False))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "days.csv"
    path.write_text(f"day,name,iso3\n{SOON},Election,MLI\n")
    return path


def run(house: Settings, file: Path, *words: str, by: str = "ana@example.org") -> int:
    _command, arguments = understand(["import-occasions", str(file), "--by", by, *words])
    return import_occasions.run(arguments, house)


def standing(database: Database) -> list[tuple[str, str | None, str]]:
    with database.reading() as session:
        found = session.scalars(select(Occasion).where(Occasion.removed.is_(False)).order_by(Occasion.id))
        return [(one.name, one.iso3 or one.group_key, Mark(one.handling).label) for one in found]


def outcomes(told: str) -> list[str]:
    return [row["outcome"] for row in csv.DictReader(io.StringIO(told))]


def test_a_check_tells_and_enters_nothing_and_then_it_goes_in_once(
    house: Settings, database: Database, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(house, file, "--check") == 0
    told = capsys.readouterr()
    assert outcomes(told.out) == ["new"]
    assert "1 new. Nothing was entered: this was a check." in told.err
    assert standing(database) == []

    for outcome in ("new", "known"):
        assert run(house, file, "--mark", "green") == 0
        assert outcomes(capsys.readouterr().out) == [outcome]
    assert standing(database) == [("Election", "MLI", "TLP:GREEN")]


def test_a_later_calendar_calls_off_what_the_first_had_brought(
    house: Settings, database: Database, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(EVENT % "")
    assert run(house, file, "--group", "african_union") == 0
    assert standing(database) == [("Summit", "african_union", "TLP:CLEAR")]

    file.write_text(EVENT % "STATUS:CANCELLED\n")
    capsys.readouterr()
    assert run(house, file, "--group", "african_union") == 0
    assert outcomes(capsys.readouterr().out) == ["called_off"]
    assert standing(database) == []


def test_one_line_that_is_wrong_keeps_out_all_unless_it_is_left_out(
    house: Settings, database: Database, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(file.read_text() + WRONG)

    assert run(house, file, "--check") == run(house, file) == 1
    assert "1 new, 1 refused. Nothing was entered: mend the file" in capsys.readouterr().err
    assert standing(database) == []
    assert run(house, file, "--leave-out-refused") == 0
    assert standing(database) == [("Election", "MLI", "TLP:CLEAR")]


def test_who_may_not_enter_such_days_cannot_by_the_command(
    house: Settings, database: Database, file: Path, now: datetime
) -> None:
    with database.writing() as session:
        factories.person(session, roles=[Role.READER], email="rosa@example.org", created_at=now)
        gone = factories.person(session, roles=[Role.ANALYST], email="gone@example.org", created_at=now)
        session.get_one(Person, gone.id).status = PersonStatus.DEACTIVATED

    for email in ("rosa@example.org", "gone@example.org", "nobody@example.org"):
        with pytest.raises(CannotGoOn, match="may enter days to come"):
            run(house, file, by=email)
    assert standing(database) == []


def test_what_is_no_such_file_is_told_in_a_sentence(house: Settings, file: Path) -> None:
    with pytest.raises(CannotGoOn, match="cannot be read"):
        run(house, file.with_name("nothing.csv"))
    with pytest.raises(CannotGoOn, match="Choose one of --country, --group and --world"):
        run(house, file, "--world", "--country", "MLI")
    file.write_bytes(b"a" * (LARGEST_BYTES + 1))
    with pytest.raises(TooLarge):
        run(house, file)
