"""Lint, formatting and types hold for every file: warnings are errors. And arguments come in one order."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

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


def out_of_order(source: str) -> Iterator[str]:
    """Functions for others in which the session does not come first, or a moment can be handed in without its name."""
    for one in ast.parse(source).body:
        if isinstance(one, ast.FunctionDef) and not one.name.startswith("_"):
            names = [argument.arg for argument in one.args.args]
            if "now" in names or "session" in names[1:]:
                yield one.name


@pytest.mark.parametrize("layer", ["actions", "storage"])
def test_the_session_comes_first_and_the_moment_by_its_name(layer: str) -> None:
    files = sorted((ROOT / "tracker" / layer).rglob("*.py"))
    found = {file.name: list(out_of_order(file.read_text(encoding="utf-8"))) for file in files}
    assert len(files) > 20
    assert {name: functions for name, functions in found.items() if functions} == {}


def test_arguments_out_of_order_are_found() -> None:
    assert list(out_of_order("def end(session, now): ...")) == ["end"]
    assert list(out_of_order("def end(person_id, session): ...")) == ["end"]
    assert list(out_of_order("def end(session, *, now): ...\ndef _end(session, now): ...")) == []
