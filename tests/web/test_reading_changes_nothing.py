"""Opening pages, whichever and however often, changes no row."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.web.access_matrix import CAST, address_of, sample_for, tries
from tests.web.conftest import SignInAs
from tracker.access import Role
from tracker.storage.base import Database
from tracker.storage.models import Person


def rows(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    with database.reading() as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table))), key=str)
            for table in Person.metadata.sorted_tables
        }


@pytest.mark.parametrize("roles", [(), tuple(Role)], ids=["anonymous", "every role"])
def test_no_page_changes_a_row_when_it_is_opened(
    app: Flask, database: Database, sign_in_as: SignInAs, now: datetime, roles: tuple[Role, ...]
) -> None:
    client = sign_in_as(*roles) if roles else app.test_client()
    sample = sample_for(database, CAST[-1], now)
    before = rows(database)
    opened = [rule for rule, method in tries(app) if method == "GET" and rule.endpoint != "health.health"]
    assert len(opened) > 10

    for rule in opened:
        answer = client.get(address_of(app, rule, sample))
        answer.close()
        assert answer.status_code < 500

    assert rows(database) == before
