"""Every command of manage.py, on one page.

To add one: a line here, and beside this file a module of its name (add-person: add_person.py) with
`run(arguments, settings) -> int`, or `run(arguments) -> int` where the command does not take --data.
This page needs nothing installed: help and wrong words are answered before .venv is made.
"""

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from keyword import iskeyword
from typing import Any

WRONG_USE = 2


@dataclass(frozen=True)
class Option:
    names: tuple[str, ...]
    described: dict[str, Any]


@dataclass(frozen=True)
class Command:
    name: str
    summary: str
    options: tuple[Option, ...] = ()
    # What only those want to know who ask for the help of this command.
    more: str = ""
    # Needs what only the tests and the tools of the trade need.
    development: bool = False
    # Looks at an installation or serves it: refused, and nothing made, where there is none.
    needs_installation: bool = False
    # Words that are not options of ours are handed on, as arguments.rest.
    hands_on: str = ""

    @property
    def module(self) -> str:
        name = self.name.replace("-", "_")
        # no file of Python can be called import
        return f"tracker.commands.{name}_" if iskeyword(name) else f"tracker.commands.{name}"

    @property
    def uses_data(self) -> bool:
        return DATA in self.options

    @property
    def serves(self) -> bool:
        return PORT in self.options


def option(*names: str, **described: Any) -> Option:
    """In the words of argparse.add_argument."""
    return Option(names, described)


def port(typed: str) -> int:
    if not typed.isdecimal() or not 1 <= int(typed) <= 65535:
        raise ArgumentTypeError(f"{typed} is not a port; choose a number from 1 to 65535")
    return int(typed)


def moment(typed: str) -> datetime:
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise ArgumentTypeError(f"{typed} is no moment with its zone; write it like 2026-11-20T07:00Z")
    return found


DATA = option(
    "--data", metavar="FOLDER", help="where database, secret and outbox are (default: TRACKER_DATA, or data/)"
)
HOST = option("--host", default="127.0.0.1", help="address to listen on (default: %(default)s, this machine only)")
PORT = option("--port", type=port, default=8000, help="port to listen on (default: %(default)s)")
WATCHED = option(
    "--until-input-ends",
    action="store_true",
    help="end when standard input does, that is, with the command that started this one",
)
ONCE = option("--once", action="store_true", help="do what is due now, once, and end: with 1 if a job failed")
NOW = option(
    "--now", type=moment, metavar="INSTANT", help="with --once: as if it were that moment, such as 2026-11-20T07:00Z"
)
UPGRADE = option("--upgrade", action="store_true", help="take the newest versions that fit, not the ones locked now")

INTO = option("folder", metavar="FOLDER", help="the folder into which the copy goes, on another disk if you can")
VERIFY = option("what", choices=("verify",), metavar="verify", help="what to do with the log")
ROLES = ("reader", "analyst", "reviewer", "methodologist", "administrator", "focal_point")
CLEARANCES = ("clear", "green", "amber", "amber+strict", "red")
PERSON = (
    option("--email", required=True, help="their address: they sign in with it"),
    option("--name", required=True, help="their name"),
    option("--role", action="append", required=True, choices=ROLES, help="may be given several times"),
    option(
        "--country", action="append", default=[], metavar="ISO3", help="a country they work on (default: every one)"
    ),
    option("--group", action="append", default=[], metavar="KEY", help="a group whose countries they work on"),
    option("--clearance", default="green", choices=CLEARANCES, help="up to which mark they see (default: %(default)s)"),
    option("--invite", action="store_true", help="send an invitation, instead of reading a password"),
    option("--password-stdin", action="store_true", help="read their password from the first line of standard input"),
)
IMPORT = (
    option("file", metavar="FILE", help="the file: a table as CSV, in any encoding, or as XLSX"),
    option("--mapping", metavar="MAPPING.json", help="what its columns mean (default: as last time, or guessed)"),
    option("--print-mapping", action="store_true", help="print that as JSON, to correct it, and end"),
    option("--sheet", metavar="NAME", help="of a workbook (default: the first that is visible)"),
    option("--source", metavar="KEY", help="whose figures they are (default: each indicator's publisher)"),
    option("--by", metavar="EMAIL", help="who imports: their countries, their drafts (default: the installation)"),
    option("--dry-run", action="store_true", help="try every row and record nothing"),
    option("--leave-out-refused", action="store_true", help="record the usable rows, and not the others"),
)
KINDS = ("election", "anniversary", "verdict", "census", "review", "session", "focal_points")
IMPORT_OCCASIONS = (
    option("file", metavar="FILE", help="the file: iCalendar, or CSV with the columns day and name at least"),
    option("--by", metavar="EMAIL", required=True, help="who enters them: their countries, their clearance"),
    option("--country", metavar="ISO3", help="where days are that name no place themselves: in this country"),
    option("--group", metavar="KEY", help="where they are: among the members of this group"),
    option("--world", action="store_true", help="where they are: in the whole world"),
    option(
        "--kind", default="session", choices=KINDS, help="of which kind days are that name none (default: %(default)s)"
    ),
    option("--mark", default="clear", choices=CLEARANCES, help="who may read of new ones (default: %(default)s)"),
    option("--check", action="store_true", help="tell what each line would do, and enter nothing"),
    option("--leave-out-refused", action="store_true", help="enter the lines that are right, and not the others"),
)
SCORE = (
    option("--tree", metavar="FILE.toml", required=True, help="the index; docs/trees/README.md explains such files"),
    option("--values", metavar="FILE.csv", required=True, help="a column id and one for each leaf, or id,leaf,value"),
)

COMMANDS = (
    Command("run", "Set up what is missing, then run web server and worker until Ctrl-C.", (DATA, HOST, PORT)),
    Command("serve", "Run the web server alone.", (DATA, HOST, PORT, WATCHED), needs_installation=True),
    Command(
        "worker",
        "Run the worker alone: it sends mail and does what is due.",
        (DATA, WATCHED, ONCE, NOW),
        needs_installation=True,
    ),
    Command("migrate", "Bring the database to this version: tables, catalogue, countries, bundled values.", (DATA,)),
    Command("demo", "Fill a new database with an invented archipelago, to look around in.", (DATA,)),
    Command("add-person", "Add a person with a password, or invite one.", (DATA, *PERSON), needs_installation=True),
    Command(
        "import",
        "Import a table, all of it or nothing.",
        (DATA, *IMPORT),
        more="What is wrong goes to standard output as CSV. Ends with 0 when it is done, with 1 when nothing was"
        " recorded or rows were refused in a dry run, with 2 when it was called wrongly.",
        needs_installation=True,
    ),
    Command(
        "import-occasions",
        "Enter days to come out of a calendar or a table, all of them or nothing.",
        (DATA, *IMPORT_OCCASIONS),
        more="What became of each line goes to standard output as CSV. Ends with 0 when it is done, with 1 when nothing"
        " was entered or a check found lines to refuse, with 2 when it was called wrongly.",
        needs_installation=True,
    ),
    Command("audit", "Verify the audit log: is it as it was written?", (DATA, VERIFY), needs_installation=True),
    Command(
        "doctor", "Look at the installation and say what is well and what is not.", (DATA,), needs_installation=True
    ),
    Command(
        "backup",
        "Copy the database while it is used, and look the copy through.",
        (DATA, INTO),
        needs_installation=True,
    ),
    Command(
        "restored",
        "After a backup was put back: what waited in it is not sent once more.",
        (DATA,),
        needs_installation=True,
    ),
    Command("rebuild", "Make standings and scores again, from the evidence alone.", (DATA,), needs_installation=True),
    Command("score", "Compute an index that a file describes, from a file of values; the result is CSV.", SCORE),
    Command(
        "test",
        "Run everything that proves the product: lint, types, import rules, tests on both databases, browser.",
        development=True,
        hands_on="pytest",
    ),
    Command(
        "bench",
        "Measure how fast, how large or how robust it is; without the name of a bench, list them.",
        development=True,
        hands_on="NAME and its",
    ),
    Command("lock", "Lock what the requirements*.in files name, with hashes.", (UPGRADE,), development=True),
)


def understand(words: Sequence[str]) -> tuple[Command, Namespace]:
    """What is to be done. Ends the program where help was asked for or the words cannot be understood."""
    if not words or words[0] in ("-h", "--help", "help"):
        print(overview())
        sys.exit(0)
    command = next((command for command in COMMANDS if command.name == words[0]), None)
    if command is None:
        print(f"There is no command {words[0]}. There are these:\n\n{_list()}", file=sys.stderr)
        sys.exit(WRONG_USE)
    return command, _arguments(command, list(words[1:]))


def overview() -> str:
    return (
        f"python3 manage.py COMMAND [options]\n\n{_list()}\n\n"
        "python3 manage.py COMMAND --help shows the options of a command."
    )


def _list() -> str:
    width = max(len(command.name) for command in COMMANDS)
    return "\n".join(f"  {command.name:<{width}}  {command.summary}" for command in COMMANDS)


def _arguments(command: Command, words: list[str]) -> Namespace:
    usage = f"python3 manage.py {command.name}"
    parser = ArgumentParser(
        prog=usage,
        description=f"{command.summary} {command.more}",
        usage=f"{usage} [{command.hands_on} arguments]" if command.hands_on else None,
        allow_abbrev=False,
    )
    for each in command.options:
        parser.add_argument(*each.names, **each.described)
    if command.hands_on and not {"-h", "--help"} & set(words):
        return Namespace(rest=words)
    return parser.parse_args(words)
