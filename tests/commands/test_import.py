"""`manage.py import`: the same acts as on the pages, for scripts."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests import factories
from tests.importing import CORRUPTION, COURTS, codings, how_many, observations, standing, table
from tracker.access import PersonStatus, Role
from tracker.commands import import_
from tracker.commands.failure import CannotGoOn
from tracker.commands.register import understand
from tracker.settings import Settings
from tracker.storage import imports
from tracker.storage.base import Database
from tracker.storage.recording import Import, ImportState

RIGHT = [f"{iso3},2024,{CORRUPTION},-0.5,0.2" for iso3 in ("MLI", "NER", "TCD")]
WRONG = f"Atlantis,2024,{CORRUPTION},-0.5,0.2"


# What the databases do with it is tried where it is done.
pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def house(settings: Settings, database: Database) -> Settings:
    return replace(settings, database_url=database.engine.url.render_as_string(hide_password=False))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "figures.csv"
    path.write_bytes(table(*RIGHT, WRONG))
    return path


def run(house: Settings, *words: object) -> int:
    _command, arguments = understand(["import", *map(str, words)])
    return import_.run(arguments, house)


def last_import(database: Database) -> Import:
    with database.reading() as session:
        return imports.newest(session)[0]


def test_a_file_goes_in_whole_and_says_so(
    house: Settings, database: Database, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(table(*RIGHT))
    assert run(house, file) == 0
    told = capsys.readouterr()
    assert "3 rows read: 3 usable, 0 empty, 0 refused. Values: 3 new." in told.err
    assert told.out == ""
    assert len(standing(database)) == 3
    assert last_import(database).state is ImportState.RECORDED


def test_what_is_wrong_comes_as_csv_and_nothing_is_recorded(
    house: Settings, database: Database, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(house, file) == 1
    told = capsys.readouterr()
    rows = list(csv.reader(io.StringIO(told.out)))
    assert [row[:5] for row in rows[1:]] == [["5", "A", "iso3", "Atlantis", "country_unknown"]]
    assert "Nothing was recorded" in told.err
    assert observations(database) == []
    # nothing waits for anybody
    assert last_import(database).state is ImportState.CANCELLED


def test_refused_rows_are_left_out_where_that_is_said(house: Settings, database: Database, file: Path) -> None:
    assert run(house, file, "--leave-out-refused") == 0
    assert len(standing(database)) == 3


@pytest.mark.parametrize(("lines", "status"), [(RIGHT, 0), ([*RIGHT, WRONG], 1)])
def test_a_dry_run_records_nothing(
    house: Settings, database: Database, file: Path, lines: list[str], status: int
) -> None:
    file.write_bytes(table(*lines))
    assert run(house, file, "--dry-run", "--leave-out-refused") == status
    assert observations(database) == []


def test_a_mapping_can_be_printed_corrected_and_used(
    house: Settings, database: Database, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(table("Mali,-0.4", "Niger,-0.3", headings="Country,Corruption seen"))
    assert run(house, file, "--print-mapping") == 0
    printed = json.loads(capsys.readouterr().out)
    assert how_many(database, Import) == [0]

    printed |= {"shape": "wide_indicators", "indicators": {"Corruption seen": CORRUPTION}, "fixed": {"year": "2024"}}
    mapping = tmp_path / "mapping.json"
    mapping.write_text(json.dumps(printed))
    assert run(house, file, "--mapping", mapping) == 0
    assert standing(database)["MLI", date(2024, 12, 31)] == -0.4
    # the next file of the same kind needs no mapping
    file.write_bytes(table("Mali,-0.6", headings="Country,Corruption seen"))
    assert run(house, file) == 0
    assert standing(database)["MLI", date(2024, 12, 31)] == -0.6


def test_whoever_imports_does_so_with_their_own_rights(
    house: Settings, database: Database, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with database.writing() as session:
        now = datetime.now(UTC)
        ana = factories.person(session, roles=[Role.ANALYST], countries=["MLI"], email="a@example.org", created_at=now)
        factories.person(session, roles=[Role.READER], email="r@example.org", created_at=now)
        gone = factories.person(session, roles=[Role.ANALYST], email="g@example.org", created_at=now)
        gone.status = PersonStatus.DEACTIVATED
    file.write_bytes(table(*(f"{iso3},2026-02,{COURTS},2," for iso3 in ("MLI", "NER", "TCD"))))
    assert run(house, file, "--by", "A@example.org", "--leave-out-refused") == 0
    assert [one.author_id for one in codings(database)] == [ana.id]
    for stranger in ("r@example.org", "g@example.org", "nobody@example.org"):
        with pytest.raises(CannotGoOn, match="may record anything here"):
            run(house, file, "--by", stranger)


def test_answers_without_an_author_are_refused(
    house: Settings, database: Database, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(table(*(f"{iso3},2026-02,{COURTS},2," for iso3 in ("MLI", "NER", "TCD"))))
    assert run(house, file) == 1
    assert capsys.readouterr().out.count("no_author") == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--source", "nobody"], "The catalogue names no publisher nobody."),
        (["--mapping", "/no/such/file"], "cannot be read as a mapping"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(house: Settings, file: Path, words: list[str], said: str) -> None:
    with pytest.raises(CannotGoOn, match=said):
        run(house, file, *words)


def test_a_source_that_analysts_named_is_no_publisher(house: Settings, database: Database, file: Path) -> None:
    with database.writing() as session:
        factories.source(session, key="desk_1", name="A clerk at the court")
    for word in ("desk_1", "A clerk at the court"):
        with pytest.raises(CannotGoOn, match="The catalogue names no publisher"):
            run(house, file, "--source", word)


def test_a_file_that_is_not_there_is_said_in_a_sentence(house: Settings, tmp_path: Path) -> None:
    with pytest.raises(CannotGoOn, match="There is no file"):
        run(house, tmp_path / "none.csv")


def test_the_same_file_twice_is_said(
    house: Settings, database: Database, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(table(*RIGHT))
    run(house, file)
    number = last_import(database).id
    assert run(house, file) == 0
    told = capsys.readouterr().err
    assert f"brought before as import {number}, which is recorded" in told
    assert "Values: 3 there." in told
    assert len(observations(database)) == 3
