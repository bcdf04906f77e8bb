"""Data folders as commands find them."""

import shutil
from pathlib import Path

import pytest

from tests.databases import PUBLISHED, SQLITE, STOCKED, Databases


@pytest.fixture
def stocked_folder(databases: Databases, tmp_path: Path) -> Path:
    """A data folder with a database at this version, in which there are no published values and no people."""
    return _folder_with(STOCKED, databases, tmp_path)


@pytest.fixture
def prepared_folder(databases: Databases, tmp_path: Path) -> Path:
    """A data folder as a first run leaves it, with the published values."""
    return _folder_with(PUBLISHED, databases, tmp_path)


def _folder_with(template: str, databases: Databases, tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    copied = databases.copy(SQLITE, template, tmp_path).removeprefix("sqlite:///")
    shutil.move(copied, folder / "tracker.sqlite3")
    return folder
