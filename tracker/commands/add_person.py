"""Adds a person, or invites one, without the pages: for scripts, and for the first administrator of a server."""

import sys
from argparse import Namespace
from datetime import UTC, datetime

from tracker.access import Role
from tracker.actions.letters import Letter
from tracker.actions.passwords import PasswordHash, chosen
from tracker.actions.people import joining
from tracker.commands.failure import CannotGoOn
from tracker.commands.preparing import refuse_schema_of_another_version
from tracker.handling import Mark
from tracker.person import Access, tidy_address, tidy_name
from tracker.settings import Settings
from tracker.storage.base import Database, Session
from tracker.web import messages
from tracker.web.app import create_app
from tracker.web.installation import address_of


def run(arguments: Namespace, settings: Settings) -> int:
    if arguments.invite == arguments.password_stdin:
        raise CannotGoOn("Choose one of --invite and --password-stdin.")
    refuse_schema_of_another_version(settings)
    email, name = tidy_address(arguments.email), tidy_name(arguments.name)
    # Hashed before the transaction begins: it is slow, and others want to write.
    password_hash = None if arguments.invite else chosen(_password(), email=email, name=name)
    database = Database(settings.database_url)
    try:
        with database.writing() as session:
            if password_hash is None:
                print(_invite(session, arguments, settings, database))
            else:
                print(_add(session, arguments, password_hash))
    finally:
        database.dispose()
    return 0


def _add(session: Session, arguments: Namespace, password_hash: PasswordHash) -> str:
    person = joining.add_person(
        session,
        email=arguments.email,
        name=arguments.name,
        access=_access(arguments),
        password_hash=password_hash,
        by=None,
        now=datetime.now(UTC),
    )
    return f"{person.name} can sign in as {person.email}."


def _invite(session: Session, arguments: Namespace, settings: Settings, database: Database) -> str:
    """The link is also printed: whoever runs this can hand it over where mail does not arrive."""
    links: list[str] = []

    def write(token: str) -> Letter:
        links.append(address_of("joining.accept", token=token))
        return messages.invitation(name=tidy_name(arguments.name), invited_by=None, language="en")(token)

    # Addresses and texts of the pages are made where pages are made.
    with create_app(settings, database).test_request_context():
        person = joining.invite(
            session,
            email=arguments.email,
            name=arguments.name,
            access=_access(arguments),
            write=write,
            by=None,
            now=datetime.now(UTC),
        )
    return f"An invitation to {person.email} is queued. Its link, good for seven days:\n{links[0]}"


def _access(arguments: Namespace) -> Access:
    return Access(
        roles=frozenset(Role(role) for role in arguments.role),
        sees_all=not (arguments.country or arguments.group),
        countries=frozenset(arguments.country),
        groups=frozenset(arguments.group),
        clearance=Mark[arguments.clearance.upper().replace("+", "_")],
    )


def _password() -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise CannotGoOn("No password came on standard input: send it as one line, or use --invite.")
    return password
