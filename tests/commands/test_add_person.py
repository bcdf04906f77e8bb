"""Adding people and verifying the log without the pages."""

import io
import re
from argparse import Namespace

import pytest
from sqlalchemy import select, text

from tests.web.browsing import mails, path_in
from tracker.access import PersonStatus, Role
from tracker.actions.passwords import PasswordRefused, matches
from tracker.actions.people.access import UnknownPlace, access_of
from tracker.actions.people.joining import AddressTaken
from tracker.commands import add_person, audit
from tracker.commands.failure import CannotGoOn
from tracker.commands.register import CLEARANCES, ROLES, understand
from tracker.handling import Mark
from tracker.person import Access
from tracker.settings import Settings
from tracker.storage.admitting import Person
from tracker.storage.base import Database

PASSWORD = "a good and long password"
USUAL = ("--email", "Ana@example.org", "--name", "Ana", "--role", "administrator", "--role", "reader")


@pytest.fixture
def settings(settings: Settings, database: Database) -> Settings:
    url = database.engine.url.render_as_string(hide_password=False)
    return Settings(**{**vars(settings), "database_url": url})


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    typed = io.StringIO(f"{PASSWORD}\n")
    monkeypatch.setattr("sys.stdin", typed)
    return typed


def arguments(*words: str) -> Namespace:
    return understand(["add-person", *words])[1]


def everybody(database: Database) -> list[Person]:
    with database.reading() as session:
        return list(session.scalars(select(Person).order_by(Person.id)))


def test_a_person_is_added_with_the_password_from_standard_input(
    settings: Settings, database: Database, stdin: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add_person.run(arguments(*USUAL, "--password-stdin"), settings) == 0
    [ana] = everybody(database)
    assert (ana.email, ana.name, ana.status) == ("ana@example.org", "Ana", PersonStatus.ACTIVE)
    assert matches(ana.password_hash, PASSWORD)
    assert access_of(ana) == Access(
        frozenset({Role.ADMINISTRATOR, Role.READER}), True, frozenset(), frozenset(), Mark.GREEN
    )
    assert capsys.readouterr().out == "Ana can sign in as ana@example.org.\n"


def test_a_person_is_invited_by_mail_and_the_link_is_printed(
    settings: Settings, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add_person.run(arguments(*USUAL, "--invite"), settings) == 0
    assert [person.status for person in everybody(database)] == [PersonStatus.INVITED]
    [mail] = mails(database)
    assert mail.recipient == "ana@example.org"
    assert f"http://localhost:8000{path_in(mail)}\n" in capsys.readouterr().out
    assert re.fullmatch(r"/invitation/[\w-]{43}", path_in(mail))


def test_countries_groups_and_clearance_are_given(settings: Settings, database: Database, stdin: io.StringIO) -> None:
    narrowed = ("--country", "MLI", "--country", "NER", "--group", "african_union", "--clearance", "amber+strict")
    add_person.run(arguments(*USUAL, *narrowed, "--password-stdin"), settings)
    named = frozenset({"MLI", "NER"}), frozenset({"african_union"})
    roles = frozenset({Role.ADMINISTRATOR, Role.READER})
    assert access_of(everybody(database)[0]) == Access(roles, False, *named, Mark.AMBER_STRICT)


@pytest.mark.parametrize("chosen", [(), ("--invite", "--password-stdin")])
def test_one_of_password_and_invitation_is_chosen(settings: Settings, chosen: tuple[str, ...]) -> None:
    with pytest.raises(CannotGoOn):
        add_person.run(arguments(*USUAL, *chosen), settings)


def test_what_is_refused_leaves_nobody_behind(
    settings: Settings, database: Database, stdin: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UnknownPlace):
        add_person.run(arguments(*USUAL, "--country", "ZZZ", "--invite"), settings)
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    with pytest.raises(PasswordRefused):
        add_person.run(arguments(*USUAL, "--password-stdin"), settings)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(CannotGoOn):
        add_person.run(arguments(*USUAL, "--password-stdin"), settings)
    assert everybody(database) == []
    assert mails(database) == []


def test_an_address_is_added_once(settings: Settings, database: Database) -> None:
    add_person.run(arguments(*USUAL, "--invite"), settings)
    with pytest.raises(AddressTaken):
        add_person.run(arguments(*USUAL, "--invite"), settings)


def test_the_words_of_the_command_are_those_of_the_product() -> None:
    assert set(ROLES) == {role.value for role in Role}
    assert {word.upper().replace("+", "_") for word in CLEARANCES} == {mark.name for mark in Mark}


def verify(settings: Settings) -> int:
    return audit.run(understand(["audit", "verify"])[1], settings)


def test_a_log_that_is_as_it_was_written_is_said_to_be_sound(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    add_person.run(arguments(*USUAL, "--invite"), settings)
    capsys.readouterr()
    assert verify(settings) == 0
    assert re.fullmatch(r"4 entries, and the chain is sound\. Its head: [0-9a-f]{64}\n", capsys.readouterr().out)


def test_an_altered_entry_is_named(settings: Settings, database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    add_person.run(arguments(*USUAL, "--invite"), settings)
    triggers = {
        "sqlite": "DROP TRIGGER audit_entries_forbid_update",
        "postgresql": "DROP TRIGGER audit_entries_forbid_change ON audit_entries",
    }
    with database.writing() as session:
        session.execute(text(triggers[database.engine.dialect.name]))
        session.execute(text("UPDATE audit_entries SET action = 'nothing' WHERE number = 2"))
    assert verify(settings) == 1
    told = capsys.readouterr()
    assert told.err.startswith("Entry 2 is not as it was written")
