"""How .venv is made: hash-locked packages, stamped when done, begun anew when it was not. Needs nothing installed.

Beside the stamp stands, while work is under way, a mark: a .venv with the mark was left half-made by somebody who
was killed, and is thrown away. Two first runs at once wait for each other.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tracker.commands.failure import CannotGoOn

STAMP = "tracker-stamp.json"
RUNTIME = "requirements.txt"
DEVELOPMENT = "requirements-dev.txt"
INSTALLER = "requirements-uv.txt"
# Compiled now, all at once: later starts are quicker, also where Python may not write compiled files itself.
UV_OPTIONS = ("--quiet", "--require-hashes", "--compile-bytecode")
PIP = ("-m", "pip", "--disable-pip-version-check", "--quiet", "install")

Say = Callable[[str], None]


class StepFailed(Exception):
    """A program that was needed ended badly; the text is the last thing that it said."""


def make_ready(root: Path, *, development: bool, say: Say) -> Path:
    """The Python inside .venv, with everything that is needed installed."""
    python = python_in(root / ".venv")
    if _is_ready(root, development):
        return python
    _refuse_incomplete_python()
    with _alone(root, say):
        if not _is_ready(root, development):
            _build_or_leave_nothing(root, development, say)
    return python


def python_in(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _is_ready(root: Path, development: bool) -> bool:
    folder = root / ".venv"
    return not _mark(folder).exists() and _wanted(root, development).items() <= _stamped(folder).items()


def _wanted(root: Path, development: bool) -> dict[str, str]:
    """What the stamp must say."""
    files = (RUNTIME, DEVELOPMENT) if development else (RUNTIME,)
    hashes = {file: hashlib.sha256((root / file).read_bytes()).hexdigest() for file in files}
    return hashes | {"python": _real_python(root / ".venv")}


def _real_python(folder: Path) -> str:
    """When the system's Python moves on to another minor version, the packages of the old one are lost to it."""
    python = python_in(folder)
    return str(python.resolve()) if python.exists() else "missing"


def _stamped(folder: Path) -> dict[str, str]:
    try:
        stamp = json.loads((folder / STAMP).read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _mark(folder: Path) -> Path:
    return folder / "tracker-unfinished"


def _refuse_incomplete_python() -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise CannotGoOn(
            "This Python cannot make virtual environments: install what is missing with "
            f"apt install python{version}-venv (Debian, Ubuntu), or use a Python from python.org."
        )


def _build_or_leave_nothing(root: Path, development: bool, say: Say) -> None:
    """What was there before is left as it was, as far as that can be; a new .venv is whole or gone."""
    folder = root / ".venv"
    is_new = _throw_away_what_is_of_no_use(folder)
    try:
        _build(root, folder, is_new, development, say)
    except (StepFailed, OSError) as failure:
        _undo(folder, is_new)
        raise CannotGoOn(f".venv could not be set up (is the network there?): {failure}") from failure
    except KeyboardInterrupt:
        _undo(folder, is_new)
        raise


def _throw_away_what_is_of_no_use(folder: Path) -> bool:
    """Whether .venv has to be made from nothing. One that somebody made by hand is used as it is."""
    half_made = _mark(folder).exists()
    python = _real_python(folder)
    if half_made or python == "missing" or _stamped(folder).get("python", python) != python:
        shutil.rmtree(folder, ignore_errors=True)
        return True
    return False


def _undo(folder: Path, is_new: bool) -> None:
    if is_new:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        _mark(folder).unlink(missing_ok=True)


def _build(root: Path, folder: Path, is_new: bool, development: bool, say: Say) -> None:
    if is_new:
        length = "a minute" if development else "half a minute"
        say(f"Setting up .venv (first run only, about {length}) ...")
        folder.mkdir()
        _mark(folder).touch()
        # The Python outside of every virtual environment: the one that runs this may just have been thrown away.
        _step(getattr(sys, "_base_executable", sys.executable), "-m", "venv", folder)
    else:
        say("Bringing .venv up to date ...")
        _mark(folder).touch()
    _install(root, python_in(folder), DEVELOPMENT if development else RUNTIME, say)
    stamp = _stamped(folder) | _wanted(root, development)
    (folder / STAMP).write_text(json.dumps(stamp))
    _mark(folder).unlink()


def _install(root: Path, python: Path, requirements: str, say: Say) -> None:
    """With uv, which is quick; with pip where there is no uv."""
    file = root / requirements
    say(f"Installing what {requirements} names ...")
    try:
        _step(python, *PIP, "--require-hashes", "--only-binary=:all:", "-r", root / INSTALLER)
        _step(python, "-m", "uv", "pip", "install", *UV_OPTIONS, "--python", python, "-r", file)
    except StepFailed:
        say("uv cannot do it here; trying pip, which takes longer ...")
        _step(python, *PIP, "--require-hashes", "-r", file)


def _step(*words: str | Path) -> None:
    command = [str(word) for word in words]
    outcome = subprocess.run(command, capture_output=True, text=True, errors="replace", close_fds=False)
    if outcome.returncode != 0:
        said = [line.strip() for line in (outcome.stdout + outcome.stderr).splitlines() if line.strip()]
        raise StepFailed(said[-1] if said else f"{Path(words[0]).name} ended with status {outcome.returncode}")


@contextmanager
def _alone(root: Path, say: Say) -> Iterator[None]:
    """Only one set-up at a time: a lock on manage.py itself, which ends with its holder, even a killed one.

    The programs that it starts inherit the lock: what a killed set-up left running is waited for as well.
    """
    with (root / "manage.py").open("rb") as file:
        os.set_inheritable(file.fileno(), True)
        if not _locked(file.fileno(), wait=False):
            say("Another set-up of .venv is under way; waiting for it ...")
            while not _locked(file.fileno(), wait=True):
                pass
        yield


def _locked(descriptor: int, *, wait: bool) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(descriptor, 1 << 30, os.SEEK_SET)  # far past the end, where nobody reads
            msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True
