"""Opening pages, whichever and however often, changes no row."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.web.access_matrix import CAST, address_of, sample_for, tries
from tests.web.conftest import BOTH_ENGINES, SignInAs
from tracker.access import PersonStatus, Role
from tracker.actions import links
from tracker.storage.admitting import LinkPurpose, Person
from tracker.storage.base import Database


def rows(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    with database.reading() as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table))), key=str)
            for table in Person.metadata.sorted_tables
        }


def working_tokens(database: Database, now: datetime) -> dict[str, str]:
    """By page: a link that opens it, so that the form behind it is looked at and not the refusal."""
    purposes = {
        "joining.first_administrator": LinkPurpose.FIRST_ADMINISTRATOR,
        "joining.accept": LinkPurpose.INVITATION,
        "reset.choose": LinkPurpose.RESET,
        "account.confirm_address": LinkPurpose.ADDRESS_CHANGE,
    }
    with database.writing() as session:
        invited = factories.person(session, status=PersonStatus.INVITED, password_hash=None, created_at=now)
        active = factories.person(session, created_at=now)
        owners = {LinkPurpose.FIRST_ADMINISTRATOR: None, LinkPurpose.INVITATION: invited.id}
        return {
            endpoint: links.make(
                session,
                purpose,
                person_id=owners.get(purpose, active.id),
                lifetime=timedelta(hours=1),
                now=now,
                details="new@example.org",
            )
            for endpoint, purpose in purposes.items()
        }


@BOTH_ENGINES
@pytest.mark.parametrize("roles", [(), tuple(Role)], ids=["anonymous", "every role"])
def test_no_page_changes_a_row_when_it_is_opened(
    app: Flask, database: Database, sign_in_as: SignInAs, now: datetime, roles: tuple[Role, ...]
) -> None:
    client = sign_in_as(*roles) if roles else app.test_client()
    sample, tokens = sample_for(database, CAST[-1], now), working_tokens(database, now)
    before = rows(database)
    opened = [rule for rule, method in tries(app) if method == "GET" and rule.endpoint != "health.health"]
    assert len(opened) > 10

    for rule in opened:
        token = tokens.get(rule.endpoint)
        answer = client.get(rule.rule.replace("<token>", token) if token else address_of(app, rule, sample))
        answer.close()
        assert answer.status_code == 200 if "token" in rule.arguments else answer.status_code < 500

    assert rows(database) == before
