"""Somebody with a browser: what they hold, what they are mailed, what they can still open."""

from datetime import datetime
from typing import Any, cast

from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.strict_client import StrictClient, parsed
from tracker.storage.admitting import Person, SignIn
from tracker.storage.base import Database
from tracker.storage.running import OutgoingMail


def somebody(database: Database, now: datetime, **differing: Any) -> Person:
    with database.writing() as session:
        return factories.person(session, created_at=now, **differing)


def browser_of(app: Flask, database: Database, person: Person, now: datetime) -> StrictClient:
    """Signed in already."""
    with database.writing() as session:
        key = factories.sign_in(session, person, now=now)
    client = cast(StrictClient, app.test_client())
    with client.session_transaction() as cookie:
        cookie.update(key=key, seen=now.timestamp())
    return client


def forget_everything(client: StrictClient) -> None:
    """As if it were another browser; what the server keeps stays as it is."""
    with client.session_transaction() as cookie:
        cookie.clear()


def key_in(client: StrictClient) -> str | None:
    with client.session_transaction() as cookie:
        return cast(str | None, cookie.get("key"))


def is_signed_in(client: StrictClient) -> bool:
    return client.get("/account").status_code == 200


def as_it_is(database: Database, person: Person) -> Person:
    with database.reading() as session:
        return session.get_one(Person, person.id)


def mails(database: Database) -> list[OutgoingMail]:
    """The oldest first."""
    with database.reading() as session:
        return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def path_in(mail: OutgoingMail) -> str:
    """Of the link that the mail carries."""
    assert mail.body is not None
    links = [line for line in mail.body.splitlines() if line.startswith("http://localhost:8000/")]
    assert len(links) == 1, mail.body
    return links[0].removeprefix("http://localhost:8000")


def sessions_of(database: Database, person: Person) -> int:
    with database.reading() as session:
        query = select(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
        return len(session.scalars(query).all())


def token_on(client: StrictClient, page: str) -> str:
    """The one that forms and scripts of a page must send."""
    fields = parsed(client.get(page)).xpath("//input[@name='csrf_token']/@value")
    assert fields, f"no form on {page}"
    return str(fields[0])
