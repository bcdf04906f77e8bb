"""Locks every package, with the hashes of its files, from what requirements*.in name."""

import os
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

from tracker.commands.failure import CannotGoOn

ROOT = Path(__file__).resolve().parents[2]
# For every system and every Python from 3.11 on, and without a word on where the packages were fetched from.
HOW = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--custom-compile-command=python3 manage.py lock",
    "--quiet",
)


def run(arguments: Namespace) -> int:
    upgrade = ["--upgrade"] if arguments.upgrade else []
    _compile("requirements-uv.in", "requirements-uv.txt", *upgrade)
    _compile("requirements.in", "requirements.txt", *upgrade)
    # What runs in the tests is what runs in production.
    _compile("requirements-dev.in", "requirements-dev.txt", "--constraint", "requirements.txt", *upgrade)
    return 0


def _compile(named: str, locked: str, *more: str) -> None:
    # Run from the folder itself, so that the file names no path of this machine.
    words = [sys.executable, "-m", "uv", "pip", "compile", *HOW, *more, named, "--output-file", locked]
    if subprocess.run(words, cwd=ROOT, env={**os.environ, "UV_PYTHON": sys.executable}).returncode != 0:
        raise CannotGoOn(f"{named} could not be locked; {locked} is as it was.")
