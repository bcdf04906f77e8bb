"""Behind another web server the same refusals hold."""

import subprocess
import sys
from pathlib import Path

from tests.commands.running import ROOT, environment

SIGN_IN = "from wsgi import app; print(app.test_client().get('/sign-in').status_code)"


def ask(data: Path, **more: str) -> "subprocess.CompletedProcess[str]":
    everything = environment(TRACKER_DATA=str(data), **more)
    return subprocess.run([sys.executable, "-c", SIGN_IN], cwd=ROOT, env=everything, capture_output=True, text=True)


def test_the_application_answers(stocked_folder: Path) -> None:
    assert ask(stocked_folder).stdout == "200\n"


def test_a_database_that_was_never_prepared_is_not_served(tmp_path: Path) -> None:
    outcome = ask(tmp_path)
    assert outcome.returncode == 1
    assert "run python3 manage.py migrate first" in outcome.stderr


def test_in_production_it_does_not_start_without_an_administrator(stocked_folder: Path) -> None:
    secret = "a long secret that nobody can guess, or so we hope"
    outcome = ask(
        stocked_folder, TRACKER_MODE="production", TRACKER_SECRET=secret, TRACKER_URL="https://tracker.example.org"
    )
    assert outcome.returncode == 1
    assert "Nobody administers this installation yet" in outcome.stderr
