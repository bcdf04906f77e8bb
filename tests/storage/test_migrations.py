"""Migrations go up, down and up again on real rows, and end in exactly the schema that the models describe."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, MetaData, insert, inspect, select, text

from tests.databases import SQLITE, Databases, open_database
from tests.storage.sample_rows import SAMPLE
from tracker.storage import migrating
from tracker.storage.admitting import Person
from tracker.storage.base import Base, Database
from tracker.storage.recording import Observation

TABLES = Person.metadata.sorted_tables
REVISIONS = [script.revision for script in reversed(list(ScriptDirectory(str(migrating.MIGRATIONS)).walk_revisions()))]
Picture = dict[str, Any]


def picture(connection: Connection) -> Picture:
    """Everything that a schema consists of, as the database itself tells it."""
    inspector = inspect(connection)
    return {
        table: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"]) for column in inspector.get_columns(table)
            },
            "primary key": inspector.get_pk_constraint(table),
            "foreign keys": _by_name(inspector.get_foreign_keys(table)),
            "uniques": _by_name(inspector.get_unique_constraints(table)),
            "checks": {check["name"]: check["sqltext"] for check in inspector.get_check_constraints(table)},
            "indexes": _by_name(inspector.get_indexes(table)),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def triggers(connection: Connection) -> set[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    return set(connection.scalars(text(query)))


def rows(connection: Connection) -> dict[str, list[Any]]:
    return {table.name: [tuple(row) for row in connection.execute(select(table))] for table in TABLES}


def _by_name(found: Any) -> dict[str, Any]:
    return {str(entry["name"]): entry | {"dialect_options": str_of(entry)} for entry in found}


def str_of(entry: Any) -> dict[str, str]:
    """What an engine adds of its own, such as the rows that an index is about, as text that can be compared."""
    return {name: str(value) for name, value in entry.get("dialect_options", {}).items()}


@pytest.fixture
def filled(empty_database: Database) -> Database:
    with empty_database.writing() as session:
        for table in TABLES:
            session.execute(table.insert().values(SAMPLE[table.name]))
    return empty_database


def address(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def test_migrations_are_numbered_without_a_gap() -> None:
    numbers = sorted(path.name[:3] for path in (migrating.MIGRATIONS / "versions").glob("*.py"))

    assert numbers == [f"{number:03}" for number in range(1, len(numbers) + 1)] == REVISIONS


def test_the_head_file_names_the_newest_migration() -> None:
    assert migrating.newest_revision() == REVISIONS[-1]


@pytest.fixture
def pictured(databases: Databases, engine_name: str, tmp_path: Path) -> Callable[[MetaData], Picture]:
    """What a database looks like that was made straight from a description."""

    def made_from(description: MetaData) -> Picture:
        url = databases.bare(engine_name, tmp_path)
        database = open_database(url)
        with database.engine.begin() as connection:
            description.create_all(connection)
            seen = picture(connection)
        database.dispose()
        databases.drop(url)
        return seen

    return made_from


def test_a_migrated_database_is_what_the_models_describe(
    empty_database: Database, pictured: Callable[[MetaData], Picture]
) -> None:
    described = pictured(Base.metadata)
    assert len(described) == len(TABLES)

    with empty_database.engine.begin() as connection:
        assert picture(connection) == described


def test_a_changed_check_is_noticed(pictured: Callable[[MetaData], Picture]) -> None:
    changed = MetaData()
    for table in TABLES:
        table.to_metadata(changed)
    weight = next(rule for rule in changed.tables["criteria"].constraints if rule.name == "criteria_weight_positive")
    assert isinstance(weight, CheckConstraint)
    weight.sqltext = text("weight > 1")

    assert pictured(changed) != pictured(Base.metadata)


@pytest.mark.parametrize("revision", REVISIONS)
def test_each_migration_goes_down_and_up_again(filled: Database, revision: str) -> None:
    with filled.engine.begin() as connection:
        before, armed = picture(connection), triggers(connection)
    filled.dispose()
    assert armed

    migrating.downgrade(address(filled), _before(revision))
    migrating.upgrade(address(filled))

    with filled.engine.begin() as connection:
        assert picture(connection) == before
        assert triggers(connection) == armed


@pytest.mark.parametrize("revision", REVISIONS[1:])
def test_rows_that_the_step_before_knew_survive_it_and_the_way_back(filled: Database, revision: str) -> None:
    with filled.engine.begin() as connection:
        before = rows(connection)
    filled.dispose()

    migrating.downgrade(address(filled), _before(revision))
    with filled.engine.begin() as connection:
        known = set(inspect(connection).get_table_names())
        counts = {name: connection.scalar(text(f"SELECT count(*) FROM {name}")) for name in known & before.keys()}
    assert len(counts) > 20
    assert counts == {name: len(before[name]) for name in counts}
    filled.dispose()
    migrating.upgrade(address(filled))

    with filled.engine.begin() as connection:
        after = rows(connection)
    returned = {name: found for name, found in after.items() if name in known and name not in ("batches",)}
    assert returned == {name: before[name] for name in returned}


def test_evidence_that_an_older_schema_cannot_say_keeps_it_from_going_down(filled: Database) -> None:
    with filled.writing() as session:
        changed = {"revision": 2, "withdrawn": True, "reason": "invented"}
        session.execute(insert(Observation).values(SAMPLE["observations"] | changed))
    filled.dispose()

    with pytest.raises(RuntimeError, match="1 rows of observations cannot be kept"):
        migrating.downgrade(address(filled), "001")

    assert migrating.revision_of(address(filled)) == REVISIONS[-1]


def test_an_upgrade_of_an_up_to_date_database_touches_no_row(filled: Database) -> None:
    with filled.engine.begin() as connection:
        before = rows(connection)
    assert all(before.values())

    migrating.upgrade(address(filled))

    with filled.engine.begin() as connection:
        assert rows(connection) == before


def test_a_database_from_a_newer_version_is_refused_in_one_sentence(empty_database: Database) -> None:
    with empty_database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '999'"))

    with pytest.raises(migrating.DatabaseNewerThanCode, match="migration 999"):
        migrating.upgrade(address(empty_database))


REBUILD = """
import sqlalchemy as sa
from alembic import op

revision = "{number}"
down_revision = "{before}"


def upgrade() -> None:
    with op.batch_alter_table("{table}", recreate="{recreate}") as table:
        table.add_column(sa.Column("motto", sa.Text()))


def downgrade() -> None:
    with op.batch_alter_table("{table}", recreate="{recreate}") as table:
        table.drop_column("motto")
"""


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine_name: str) -> str:
    """A further migration that rebuilds the table people, which other tables refer to."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrating.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    recreate = "always" if engine_name == SQLITE else "never"
    words = REBUILD.format(number="998", before=REVISIONS[-1], table="people", recreate=recreate)
    (folder / "versions" / "998_motto.py").write_text(words)
    monkeypatch.setattr(migrating, "MIGRATIONS", folder)
    return "998"


def test_rebuilding_a_table_leaves_the_rows_that_refer_to_it(filled: Database, planted: str) -> None:
    with filled.engine.begin() as connection:
        children = connection.scalar(text("SELECT count(*) FROM person_roles"))
    filled.dispose()
    assert children == 1

    migrating.upgrade(address(filled), planted)

    with filled.engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM people WHERE motto IS NULL")) == 1
        assert connection.scalar(text("SELECT count(*) FROM person_roles")) == children


BREAK = """
from alembic import op

revision = "998"
down_revision = "{before}"


def upgrade() -> None:
    op.execute("DELETE FROM people")


def downgrade() -> None:
    pass
"""


@pytest.mark.parametrize("engine_name", [SQLITE], indirect=True)
def test_a_migration_that_leaves_rows_without_their_parent_is_rolled_back(filled: Database, planted: str) -> None:
    (migrating.MIGRATIONS / "versions" / "998_motto.py").write_text(BREAK.format(before=REVISIONS[-1]))

    with pytest.raises(Exception, match="refer to nothing"):
        migrating.upgrade(address(filled), planted)

    with filled.engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM people")) == 1
    assert migrating.revision_of(address(filled)) == REVISIONS[-1]


def test_asking_for_the_revision_of_a_file_that_is_not_there_does_not_make_it(tmp_path: Path) -> None:
    assert migrating.revision_of(f"sqlite:///{tmp_path / 'none.sqlite3'}") is None
    assert list(tmp_path.iterdir()) == []


def _before(revision: str) -> str:
    position = REVISIONS.index(revision)
    return REVISIONS[position - 1] if position else "base"
