"""Behind another web server the same refusals hold."""

import os
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from config import ConfigurationRefused
from tests.commands.running import ROOT, environment
from tracker.commands.failure import CannotGoOn

SIGN_IN = "from wsgi import app; print(app.test_client().get('/sign-in').status_code)"


@pytest.fixture
def starting(monkeypatch: pytest.MonkeyPatch) -> Callable[..., object]:
    """As a server would load it, in this process: refusals come before anything is served."""

    def start(data: Path, **more: str) -> object:
        monkeypatch.setattr(os, "environ", environment(TRACKER_DATA=str(data), **more))
        return runpy.run_path(str(ROOT / "wsgi.py"))

    return start


def test_the_application_answers(stocked_folder: Path) -> None:
    everything = environment(TRACKER_DATA=str(stocked_folder))
    words = [sys.executable, "-c", SIGN_IN]
    assert subprocess.run(words, cwd=ROOT, env=everything, capture_output=True, text=True).stdout == "200\n"


def test_a_database_that_was_never_prepared_is_not_served(starting: Callable[..., object], tmp_path: Path) -> None:
    with pytest.raises(ConfigurationRefused, match="There is no database"):
        starting(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_in_production_it_does_not_start_without_an_administrator(
    starting: Callable[..., object], stocked_folder: Path
) -> None:
    production = {"TRACKER_MODE": "production", "TRACKER_URL": "https://tracker.example.org"}
    with pytest.raises(CannotGoOn, match="Nobody administers this installation yet"):
        starting(stocked_folder, TRACKER_SECRET="a long secret that nobody can guess, or so we hope", **production)
