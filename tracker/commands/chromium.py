"""Where the Chromium is that the tests drive, and how to get one."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from tracker.commands.failure import CannotGoOn

PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ELSEWHERE = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
)
MISSING = (
    "The browser tests need a Chromium, and none was found: apt install chromium, or set CHROMIUM to the path of one "
    '(python3 manage.py test -m "not browser" leaves them out).'
)


def chromium_path(environment: Mapping[str, str]) -> Path | None:
    """None: there is none here."""
    named = environment.get("CHROMIUM")
    if named:
        return Path(named) if Path(named).is_file() else None
    on_the_path = (shutil.which(program, path=environment.get("PATH")) for program in PROGRAMS)
    candidates = [Path(found) for found in (*on_the_path, *ELSEWHERE) if found]
    return next((candidate for candidate in candidates if candidate.is_file()), None)


def find_or_install(environment: Mapping[str, str], say: Callable[[str], None]) -> Path:
    """Debian's, where this is root on Debian; anybody else is told what is missing."""
    found = chromium_path(environment)
    apt = shutil.which("apt-get", path=environment.get("PATH"))
    if found is None and apt and os.name == "posix" and os.geteuid() == 0 and not environment.get("CHROMIUM"):
        say("Installing Debian's chromium for the browser tests (once) ...")
        quiet = {**environment, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
            subprocess.run([apt, "--quiet=2", *words], env=quiet, stdout=subprocess.DEVNULL)
        found = chromium_path(environment)
    if found is None:
        raise CannotGoOn(MISSING)
    return found
