"""Two servers that start at the same moment on one empty database: one prepares it, the other finds it prepared."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.commands.running import ROOT, environment
from tests.databases import Databases
from tracker.catalogue.reading import read_catalogue
from tracker.storage.base import Database
from tracker.storage.recording import Batch, Observation
from tracker.storage.watching import CatalogueVersion, Country, Indicator


@pytest.fixture
def bare_url(databases: Databases, engine_name: str, tmp_path: Path) -> Iterator[str]:
    url = databases.bare(engine_name, tmp_path)
    yield url
    databases.drop(url)


def migrate_twice_at_once(data: Path, url: str) -> list[tuple[int, str]]:
    words = [sys.executable, str(ROOT / "manage.py"), "--inside", "migrate", "--data", str(data)]
    both = [
        subprocess.Popen(words, env=environment(DATABASE_URL=url), stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    complaints = [each.communicate(timeout=300)[1] for each in both]
    return [(each.returncode, complaint) for each, complaint in zip(both, complaints, strict=True)]


def test_both_succeed_and_the_database_is_filled_once(bare_url: str, tmp_path: Path) -> None:
    assert migrate_twice_at_once(tmp_path / "data", bare_url) == [(0, ""), (0, "")]
    database = Database(bare_url)
    with database.reading() as session:
        kinds = (CatalogueVersion, Batch, Country, Indicator, Observation)
        counted = [session.scalar(select(func.count()).select_from(kind)) for kind in kinds]
    database.dispose()
    assert counted == [1, 1, 250, len(read_catalogue().indicators), 30914]
