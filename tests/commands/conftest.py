"""Data folders as commands find them."""

import shutil
from pathlib import Path

import pytest

from tests.databases import SQLITE, STOCKED, Databases


@pytest.fixture
def stocked_folder(databases: Databases, tmp_path: Path) -> Path:
    """A data folder with a database at this version, in which there are no published values and no people."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    copied = databases.copy(SQLITE, STOCKED, tmp_path).removeprefix("sqlite:///")
    shutil.move(copied, folder / "tracker.sqlite3")
    return folder
