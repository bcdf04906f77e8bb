"""What can be known before anything is installed or made is said then."""

import socket
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.at_once import at_once
from tests.commands.house import House
from tests.commands.running import free_port
from tracker.commands import checking
from tracker.commands.failure import CannotGoOn

ROOT = Path("/srv/tracker")


@pytest.fixture
def port_in_use() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_data_lies_beside_the_code_unless_somebody_says_otherwise() -> None:
    assert checking.environment_for(Namespace(data=None), {}, ROOT)["TRACKER_DATA"] == "/srv/tracker/data"


def test_the_environment_may_name_the_data_folder() -> None:
    chosen = checking.environment_for(Namespace(data=None), {"TRACKER_DATA": "/var/lib/tracker"}, ROOT)
    assert chosen["TRACKER_DATA"] == "/var/lib/tracker"


def test_the_command_line_goes_before_the_environment() -> None:
    chosen = checking.environment_for(Namespace(data="/mnt/data"), {"TRACKER_DATA": "/var/lib/tracker"}, ROOT)
    assert chosen["TRACKER_DATA"] == "/mnt/data"


def test_a_data_folder_is_named_from_where_the_command_was_given() -> None:
    assert checking.environment_for(Namespace(data="mine"), {}, ROOT)["TRACKER_DATA"] == str(Path.cwd() / "mine")


@pytest.mark.parametrize(
    ("host", "url"),
    [
        # a passkey belongs to a name: on this machine that is localhost
        ("127.0.0.1", "http://localhost:8123"),
        ("::1", "http://localhost:8123"),
        ("localhost", "http://localhost:8123"),
        ("0.0.0.0", "http://localhost:8123"),
        ("192.0.2.7", "http://192.0.2.7:8123"),
        ("2001:db8::7", "http://[2001:db8::7]:8123"),
        ("tracker.example.org", "http://tracker.example.org:8123"),
    ],
)
def test_the_address_that_people_type_follows_from_host_and_port(host: str, url: str) -> None:
    assert checking.environment_for(Namespace(host=host, port=8123), {}, ROOT)["TRACKER_URL"] == url


def test_an_address_that_somebody_set_stays() -> None:
    environment = {"TRACKER_URL": "https://tracker.example.org"}
    chosen = checking.environment_for(Namespace(host="0.0.0.0", port=8123), environment, ROOT)
    assert chosen["TRACKER_URL"] == "https://tracker.example.org"


def test_a_port_in_use_is_refused(port_in_use: int) -> None:
    with pytest.raises(CannotGoOn, match=f"^Port {port_in_use} is in use: "):
        checking.refuse_what_cannot_serve("127.0.0.1", port_in_use)


def test_a_port_that_was_in_use_is_not(port_in_use: int) -> None:
    """Its last connections may still be fading away; the web server minds them no more than this does."""
    port = free_port()
    with socket.create_server(("127.0.0.1", port)) as server:
        client = socket.create_connection(("127.0.0.1", port))
        server.accept()[0].close()
        client.close()
    checking.refuse_what_cannot_serve("127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.7", "2001:db8::7", "a" * 64])
def test_an_address_of_another_machine_is_refused(host: str) -> None:
    with pytest.raises(CannotGoOn, match="is not an address of this machine"):
        checking.refuse_what_cannot_serve(host, 8123)


def test_a_folder_that_can_be_written_is_left_as_it_is(tmp_path: Path) -> None:
    checking.refuse_what_cannot_be_written(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_yet_is_not_made_by_looking(tmp_path: Path) -> None:
    checking.refuse_what_cannot_be_written(tmp_path / "new" / "data")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("below", ["", "data", "far/below"])
def test_a_file_in_the_place_of_a_folder_is_refused(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotGoOn, match=r"cannot be written to \(Not a directory\): choose another with --data\."):
        checking.refuse_what_cannot_be_written(tmp_path / "file" / below)


def test_a_folder_that_is_made_is_its_owners_alone(tmp_path: Path) -> None:
    checking.make_private(tmp_path / "data")
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_is_there_keeps_its_rights(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o750)
    checking.make_private(tmp_path / "data")
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o750


def test_many_starts_at_once_may_all_make_the_folders(tmp_path: Path) -> None:
    folders = [tmp_path / str(number) for number in range(20)]

    def make_all(_: int) -> None:
        for folder in folders:
            checking.make_private(folder)

    assert at_once(8, make_all) == [None] * 8


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotGoOn, match="cannot be written to"):
        checking.make_private(tmp_path / "file" / "data")


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"__pycache__"}


def test_a_port_in_use_is_told_before_anything_is_made(tmp_path: Path, port_in_use: int) -> None:
    house = House(tmp_path)
    before = names_in(tmp_path)
    outcome = house.manage("run", "--port", str(port_in_use))
    assert (outcome.returncode, outcome.stdout) == (1, "")
    assert outcome.stderr == f"Port {port_in_use} is in use: end what listens there, or choose another with --port.\n"
    assert names_in(tmp_path) == before


def test_an_unwritable_folder_is_told_before_anything_is_made(tmp_path: Path) -> None:
    house = House(tmp_path)
    before = names_in(tmp_path)
    outcome = house.manage("run", "--port", "8123", "--data", "manage.py")
    assert (outcome.returncode, outcome.stdout) == (1, "")
    assert outcome.stderr.startswith(f"The data folder {tmp_path / 'manage.py'} cannot be written to ")
    assert outcome.stderr.count("\n") == 1
    assert names_in(tmp_path) == before
