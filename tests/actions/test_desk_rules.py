"""A desk of one may accept without a second person, once an administrator says so."""

from datetime import datetime, timedelta

from sqlalchemy import select

from tests import factories
from tests.at_once import at_once
from tracker.access import Role
from tracker.actions.desk_rules import let_accept_own
from tracker.storage import codings, desk_rules
from tracker.storage.admitting import Person
from tracker.storage.base import Database, Session
from tracker.storage.running import AuditEntry


def administrator(session: Session, now: datetime) -> Person:
    return factories.person(session, roles=[Role.ADMINISTRATOR], name="Kofi", created_at=now)


def written(session: Session) -> list[tuple[object, object]]:
    query = select(AuditEntry).where(AuditEntry.action == "desk rule changed").order_by(AuditEntry.number)
    return [(entry.before, entry.after) for entry in session.scalars(query)]


def test_at_first_nobody_accepts_what_they_submitted(session: Session) -> None:
    assert not codings.accepts_own(session)
    assert desk_rules.chosen(session, codings.ACCEPTS_OWN) is None


def test_an_administrator_allows_it_and_takes_it_back(session: Session, now: datetime) -> None:
    by, later = administrator(session, now).id, now + timedelta(days=1)

    let_accept_own(session, True, by=by, now=now)
    assert codings.accepts_own(session)
    assert desk_rules.chosen(session, codings.ACCEPTS_OWN) == desk_rules.Chosen(True, "Kofi", now)
    let_accept_own(session, False, by=by, now=later)

    assert not codings.accepts_own(session)
    assert desk_rules.chosen(session, codings.ACCEPTS_OWN) == desk_rules.Chosen(False, "Kofi", later)
    assert written(session) == [({"holds": False}, {"holds": True}), ({"holds": True}, {"holds": False})]


def test_of_several_who_choose_the_same_at_once_one_is_written_down(database: Database, now: datetime) -> None:
    with database.writing() as session:
        by = administrator(session, now).id

    def choose(_: int) -> None:
        with database.writing() as session:
            let_accept_own(session, True, by=by, now=now)

    assert at_once(4, choose) == [None] * 4
    with database.reading() as session:
        assert written(session) == [({"holds": False}, {"holds": True})]
