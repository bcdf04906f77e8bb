#!/usr/bin/env python3
"""python3 manage.py COMMAND: sets up what is missing, then does it. `python3 manage.py` lists the commands.

This file and what it imports at its top need nothing installed. Everything else runs in .venv, beside this file.
"""

import sys

# Before anything else is read: an older Python stumbles over the rest instead of saying what is wrong.
if sys.version_info < (3, 11):  # noqa: UP036 (it is the older ones that this is for)
    sys.stderr.write("The tracker needs Python 3.11 or newer; this is Python %d.%d.\n" % sys.version_info[:2])  # noqa: UP031
    sys.exit(2)

import os
from argparse import Namespace
from pathlib import Path

from tracker.commands import checking, register, setting_up
from tracker.commands.failure import CannotGoOn
from tracker.commands.register import Command

ROOT = Path(__file__).resolve().parent
# The first word when this file has started itself again, inside .venv, with everything checked and set up.
INSIDE = "--inside"
INTERRUPTED = 130
READ_NO_FURTHER = 141


def main(words: list[str]) -> int:
    inside = words[:1] == [INSIDE]
    command, arguments = register.understand(words[1:] if inside else words)
    environment = checking.environment_for(arguments, os.environ, ROOT)
    if inside:
        return perform(command, arguments, environment)
    if command.serves:
        checking.refuse_what_cannot_serve(arguments.host, arguments.port)
    if command.uses_data:
        checking.refuse_what_cannot_be_written(Path(environment["TRACKER_DATA"]))
    python = setting_up.make_ready(ROOT, development=command.development, say=say)
    return go_inside(python, [str(ROOT / "manage.py"), INSIDE, *words])


def go_inside(python: Path, words: list[str]) -> int:
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execv(python, [str(python), *words])  # noqa: S606 (no shell is wanted)
    import subprocess

    with subprocess.Popen([str(python), *words]) as same_command:
        while True:
            try:
                return same_command.wait()
            except KeyboardInterrupt:
                continue  # it was interrupted as well, and ends in its own way


def perform(command: Command, arguments: Namespace, environment: dict[str, str]) -> int:
    """Inside .venv: reads the settings, the only place that does, and hands them in."""
    import config
    from tracker.commands.main import perform_with

    if not command.uses_data:
        return perform_with(command, arguments, None)
    os.umask(0o077)  # whatever is made is its owner's alone
    try:
        settings = config.read(environment, must_be_there=command.needs_installation)
    except config.ConfigurationRefused as refusal:
        raise CannotGoOn(str(refusal)) from refusal
    checking.make_private(Path(environment["TRACKER_DATA"]))
    return perform_with(command, arguments, settings)


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except CannotGoOn as refusal:
        say(str(refusal))
        sys.exit(1)
    except BrokenPipeError:
        # whoever read what it printed has seen enough; at its end Python would print what is left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(READ_NO_FURTHER)
    except KeyboardInterrupt:
        say("Stopped.")
        sys.exit(INTERRUPTED)
