"""Choosing which countries are watched."""

from datetime import datetime

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.at_once import at_once
from tracker.access import Role
from tracker.actions.countries import watch
from tracker.refusal import NotThere
from tracker.storage import countries
from tracker.storage.admitting import Person
from tracker.storage.base import Database, Session
from tracker.storage.running import AuditEntry


def administrator(session: Session, now: datetime) -> Person:
    return factories.person(session, roles=[Role.ADMINISTRATOR], created_at=now)


def entries(session: Session) -> int:
    named = select(func.count(AuditEntry.number)).where(AuditEntry.action == "country no longer watched")
    return session.scalar(named) or 0


def test_of_many_who_choose_the_same_at_once_one_is_written_down(database: Database, now: datetime) -> None:
    with database.writing() as session:
        by = administrator(session, now).id

    def choose(_: int) -> None:
        with database.writing() as session:
            watch(session, "MLI", watched=False, by=by, now=now)

    assert at_once(6, choose) == [None] * 6
    with database.reading() as session:
        mali = countries.country(session, "MLI")
        assert mali is not None
        assert not mali.watched
        assert entries(session) == 1


def test_a_country_that_does_not_exist_cannot_be_watched(session: Session, now: datetime) -> None:
    with pytest.raises(NotThere):
        watch(session, "QQQ", watched=True, by=administrator(session, now).id, now=now)
