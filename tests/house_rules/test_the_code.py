"""Lint, formatting and types hold for every file: warnings are errors."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def complaints_of(*words: str) -> str:
    """Empty: there are none."""
    outcome = subprocess.run([sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True)
    return "" if outcome.returncode == 0 else outcome.stdout + outcome.stderr


def test_types_are_right_everywhere() -> None:
    assert complaints_of("mypy") == ""


def test_no_file_has_lint() -> None:
    assert complaints_of("ruff", "check", ".") == ""


def test_every_file_is_formatted_alike() -> None:
    assert complaints_of("ruff", "format", "--check", ".") == ""
