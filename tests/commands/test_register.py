"""The page of commands: help lists them all, and a wrong word is answered with what there is."""

import importlib.util
from pathlib import Path

import pytest

from tests.commands.house import House
from tracker.commands import register
from tracker.commands.register import COMMANDS, KINDS, Command
from tracker.occasion import OccasionKind


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"], ["help"]])
def test_help_lists_every_command_with_what_it_does(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ending:
        register.understand(words)
    lines = [line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines()]
    assert [command for command in COMMANDS if [command.name, command.summary] not in lines] == []
    assert ending.value.code == 0


def test_an_unknown_command_is_answered_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ending:
        register.understand(["rnu"])
    complaint = capsys.readouterr().err
    assert complaint.startswith("There is no command rnu. There are these:\n")
    assert [command for command in COMMANDS if f"  {command.name} " not in complaint] == []
    assert ending.value.code == 2


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_has_its_module(command: Command) -> None:
    assert importlib.util.find_spec(command.module) is not None


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_help_of_a_command_shows_its_options(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ending:
        register.understand([command.name, "--help"])
    shown = capsys.readouterr().out
    assert command.summary.split()[0] in shown
    assert [option.names for option in command.options if option.names[-1] not in shown] == []
    assert ending.value.code == 0


def test_the_kinds_of_days_are_those_of_the_product() -> None:
    assert [kind.value for kind in OccasionKind] == list(KINDS)


def test_no_two_commands_share_a_name() -> None:
    names = [command.name for command in COMMANDS]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("typed", ["0", "65536", "-1", "http", "8000.5", ""])
def test_a_port_is_a_number_from_1_to_65535(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ending:
        register.understand(["run", f"--port={typed}"])
    assert "is not a port" in capsys.readouterr().err
    assert ending.value.code == 2


@pytest.mark.parametrize(("typed", "port"), [("1", 1), ("65535", 65535)])
def test_the_first_and_the_last_port_are_ports(typed: str, port: int) -> None:
    _, arguments = register.understand(["run", "--port", typed])
    assert arguments.port == port


def test_whoever_says_nothing_is_served_on_this_machine_alone() -> None:
    _, arguments = register.understand(["run"])
    assert (arguments.host, arguments.port, arguments.data) == ("127.0.0.1", 8000, None)


def test_the_words_after_test_are_handed_to_pytest() -> None:
    _, arguments = register.understand(["test", "-x", "tests/test_country.py", "-k", "name or code"])
    assert arguments.rest == ["-x", "tests/test_country.py", "-k", "name or code"]


def test_help_and_wrong_words_need_no_set_up(tmp_path: Path) -> None:
    house = House(tmp_path)
    assert house.manage().returncode == 0
    assert house.manage("--help").returncode == 0
    assert house.manage("run", "--help").returncode == 0
    assert house.manage("rnu").returncode == 2
    assert house.manage("run", "--prot", "1").returncode == 2
    assert not house.environment_folder.exists()
