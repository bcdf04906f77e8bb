"""Small copies of the house, in which set-up can be tried for real: one tiny package, no network, no database."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NEEDS_NOTHING_INSTALLED = ("__init__", "checking", "failure", "register", "setting_up")
# Stands in for what needs everything installed.
STUB_OF_MAIN = """
import sys, tiny
def perform_with(command, arguments, settings):
    print(f"{command.name} with tiny {tiny.VERSION} in {sys.prefix}")
    return 0
"""
STUB_OF_CONFIG = """
class ConfigurationRefused(Exception): ...
def read(environment, **_): return environment["TRACKER_DATA"]
"""
# Stands in for `python -m venv`, which takes seconds: copies an environment in which nothing is installed but pip.
# It pauses in the middle as long as somebody holds it up.
STAND_IN = """import pathlib, shutil, sys, time
shutil.copy("{blank}/pyvenv.cfg", sys.argv[-1])
while pathlib.Path("{held_up}").exists():
    time.sleep(0.02)
shutil.copytree("{blank}", sys.argv[-1], symlinks=True, dirs_exist_ok=True)
"""


class House:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._before = ""
        if not (folder / "manage.py").exists():
            self._build()

    @property
    def environment_folder(self) -> Path:
        return self.folder / ".venv"

    @property
    def held_up(self) -> Path:
        """While this is there, no environment is finished."""
        return self.folder / "held-up"

    def require(self, version: str) -> None:
        """Locks that version of the tiny package, for production and for the tests."""
        self.require_line(_locked(_wheel(self.folder, "tiny", version)))

    def offer_uv(self, *, tampered_with: bool = False) -> None:
        """A uv that can do nothing; `tampered_with`: not the file whose hash was locked."""
        wheel = _wheel(self.folder, "uv", "0.1")
        (self.folder / "requirements-uv.txt").write_text(f"{_locked(wheel)}\n")
        if tampered_with:
            with zipfile.ZipFile(wheel, "a") as archive:
                archive.writestr("uv/more.py", "")

    def require_line(self, line: str) -> None:
        for file in ("requirements.txt", "requirements-dev.txt"):
            (self.folder / file).write_text(f"{line}\n")

    def hasten(self, blank: Path) -> None:
        """Environments are copied from that one from now on, instead of being made."""
        program, stand_in = self.folder / "copies_environments.py", self.folder / "python-that-copies"
        program.write_text(STAND_IN.format(blank=blank, held_up=self.held_up))
        # Through the shell: the first line of a script cannot name a Python whose path has a space in it.
        stand_in.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{program}" "$@"\n')
        stand_in.chmod(0o700)
        self._before = f"sys._base_executable = {str(stand_in)!r}"

    def start(self, *words: str, before: str = "") -> "subprocess.Popen[str]":
        """manage.py with these words; `before` is Python to be run first, in the same process."""
        before = before or self._before
        program = f"import runpy, sys; {before}\nrunpy.run_path('manage.py', run_name='__main__')"
        command = [sys.executable, "-c", f"import sys; sys.path.insert(0, '.'); {program}", *words]
        return subprocess.Popen(
            command if before else [sys.executable, "manage.py", *words],
            cwd=self.folder,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def manage(self, *words: str, before: str = "") -> "subprocess.CompletedProcess[str]":
        process = self.start(*words, before=before)
        said, complained = process.communicate(timeout=300)
        return subprocess.CompletedProcess(words, process.returncode, said, complained)

    def _build(self) -> None:
        commands = self.folder / "tracker" / "commands"
        commands.mkdir(parents=True)
        (self.folder / "tracker" / "__init__.py").touch()
        shutil.copy(ROOT / "manage.py", self.folder)
        for module in NEEDS_NOTHING_INSTALLED:
            shutil.copy(ROOT / "tracker" / "commands" / f"{module}.py", commands)
        (commands / "main.py").write_text(STUB_OF_MAIN)
        (self.folder / "config.py").write_text(STUB_OF_CONFIG)
        self.require("1.0")
        (self.folder / "requirements-uv.txt").write_text(f"uv==0.1 --hash=sha256:{'0' * 64}\n")

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_", "TRACKER_"))}
        return kept | {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "UV_OFFLINE": "1"}


def _locked(wheel: Path) -> str:
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return f"{wheel.name.partition('-')[0]} @ {wheel.as_uri()} --hash=sha256:{digest}"


def _wheel(folder: Path, name: str, version: str) -> Path:
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    described = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(f"{name}/__init__.py", f"VERSION = '{version}'\n")
        archive.writestr(f"{described}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        archive.writestr(f"{described}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{described}/RECORD", "")
    return wheel
