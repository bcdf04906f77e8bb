"""What was done is written down in the transaction that does it."""

from datetime import datetime

import pytest

from tests.at_once import at_once
from tracker.actions import audit
from tracker.audit import verify
from tracker.storage import audit_entries
from tracker.storage.audit_entries import Search
from tracker.storage.base import Database, Session

WRITERS = 8
ENTRIES = 25


def test_entries_of_one_transaction_form_a_chain(session: Session, now: datetime) -> None:
    before = audit_entries.head(session)[0]
    for number in range(3):
        audit.record(session, "country watched", f"country {number}", by=None, now=now)

    assert audit_entries.head(session)[0] == before + 3
    assert verify(audit_entries.chained(session)).first_bad is None


def test_eight_writers_at_once_make_one_chain(database: Database, now: datetime) -> None:
    with database.reading() as session:
        before = audit_entries.head(session)[0]

    def write(writer: int) -> None:
        for number in range(ENTRIES):
            with database.writing() as session:
                audit.record(session, "country watched", f"country {writer}-{number}", by=None, now=now)

    answers = at_once(WRITERS, write)

    assert answers == [None] * WRITERS
    with database.reading() as session:
        verdict = verify(audit_entries.chained(session))
    assert verdict.first_bad is None
    assert verdict.entries == before + WRITERS * ENTRIES


def test_a_change_that_is_rolled_back_leaves_no_entry(database: Database, now: datetime) -> None:
    with database.reading() as session:
        before = audit_entries.head(session)

    def fail_half_way() -> None:
        with database.writing() as session:
            audit.record(session, "country watched", "country MLI", by=None, now=now)
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        fail_half_way()

    with database.reading() as session:
        assert audit_entries.head(session) == before


def test_the_log_is_searched_by_words_and_by_action(session: Session, now: datetime) -> None:
    for subject, action in (("country MLI", "country watched"), ("country MLI", "noted"), ("country NER", "noted")):
        audit.record(session, action, subject, by=None, now=now)

    found = audit_entries.found(session, Search(words="mli", action="noted"), limit=10)

    assert [(row.action, row.subject) for row in found] == [("noted", "country MLI")]
    assert audit_entries.how_many(session, Search(words="mli")) == 2


def test_a_percent_sign_in_a_search_means_itself(session: Session, now: datetime) -> None:
    audit.record(session, "noted", "country MLI", by=None, now=now)

    assert audit_entries.how_many(session, Search(words="%")) == 0
