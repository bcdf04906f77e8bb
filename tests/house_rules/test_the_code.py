"""Lint, formatting and types hold for every file: warnings are errors."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def assert_no_complaint(*words: str) -> None:
    outcome = subprocess.run([sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True)
    assert outcome.returncode == 0, f"\n{outcome.stdout}{outcome.stderr}"


def test_types_are_right_everywhere() -> None:
    assert_no_complaint("mypy")


def test_no_file_has_lint() -> None:
    assert_no_complaint("ruff", "check", ".")


def test_every_file_is_formatted_alike() -> None:
    assert_no_complaint("ruff", "format", "--check", ".")
