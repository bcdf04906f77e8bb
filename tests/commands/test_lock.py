"""Locking writes every file anew, or says why not and leaves them."""

from argparse import Namespace
from pathlib import Path

import pytest

from tracker.commands import lock
from tracker.commands.failure import CannotGoOn

AS_IT_WAS = "# as it was\n"
LOCKED = ("requirements-uv.txt", "requirements.txt", "requirements-dev.txt")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """With requirements that name nothing, so that nothing has to be fetched."""
    monkeypatch.setattr(lock, "ROOT", tmp_path)
    monkeypatch.setenv("UV_OFFLINE", "1")
    for file in ("requirements-uv.in", "requirements.in"):
        (tmp_path / file).write_text("")
    (tmp_path / "requirements-dev.in").write_text("-r requirements.in\n")
    for file in LOCKED:
        (tmp_path / file).write_text(AS_IT_WAS)
    return tmp_path


@pytest.mark.parametrize("upgrade", [False, True])
def test_every_file_is_locked_and_names_the_command_that_did_it(folder: Path, upgrade: bool) -> None:
    assert lock.run(Namespace(upgrade=upgrade)) == 0
    for file in LOCKED:
        assert "#    python3 manage.py lock\n" in (folder / file).read_text()


def test_what_cannot_be_locked_stays_as_it_was(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "requirements.in").write_text("this is no requirement\n")
    with pytest.raises(CannotGoOn, match=r"^requirements\.in could not be locked; requirements\.txt is as it was\.$"):
        lock.run(Namespace(upgrade=False))
    assert (folder / "requirements.txt").read_text() == AS_IT_WAS
    assert capfd.readouterr().err != ""  # why, in the words of the program that tried
