import threading
from datetime import datetime

import pytest
from sqlalchemy import select

from tracker.jobs.ledger import Ledger
from tracker.storage import refused_addresses
from tracker.storage.base import Database, Session
from tracker.storage.mailing import RefusedAddress


def addresses(database: Database) -> set[str]:
    with database.reading() as session:
        return set(session.scalars(select(RefusedAddress.address)))


def ledger_of(database: Database, now: datetime) -> Ledger:
    """Of somebody to whom no mail matters."""
    return Ledger(database, lambda: now, lambda _session, _most: [])


def wait_for_others(ledger: Ledger, number: int) -> None:
    """Until so many have come who must wait."""
    with ledger._arrival:
        assert ledger._arrival.wait_for(lambda: len(ledger._waiting) == number, timeout=60)


def add(session: Session, address: str, now: datetime) -> str:
    refused_addresses.count(session, address, "550", now=now)
    return address


def test_what_is_written_is_committed_and_answered(database: Database, now: datetime) -> None:
    ledger = ledger_of(database, now)
    assert ledger.write(lambda session: add(session, "a@example.org", now)) == "a@example.org"
    assert addresses(database) == {"a@example.org"}


def test_those_who_write_at_once_share_a_transaction_and_each_gets_their_own_answer(
    database: Database, now: datetime
) -> None:
    ledger = ledger_of(database, now)
    sessions: dict[str, int] = {}
    answers: dict[str, str] = {}
    begun = threading.Event()

    def first(session: Session) -> None:
        begun.set()
        wait_for_others(ledger, 3)

    def write(address: str) -> None:
        def act(session: Session) -> str:
            sessions[address] = id(session)
            return add(session, address, now)

        answers[address] = ledger.write(act)

    threads = [threading.Thread(target=ledger.write, args=[first])]
    threads[0].start()
    assert begun.wait(timeout=60)
    threads += [threading.Thread(target=write, args=[f"{letter}@example.org"]) for letter in "abc"]
    for thread in threads[1:]:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert addresses(database) == set(answers) == set(answers.values())
    # the three waited for the first together
    assert len(set(sessions.values())) == 1


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_what_one_cannot_write_keeps_nobody_else_from_writing(database: Database, now: datetime) -> None:
    ledger = ledger_of(database, now)
    begun = threading.Event()
    failed: list[Exception] = []

    def first(session: Session) -> None:
        begun.set()
        wait_for_others(ledger, 2)

    def good() -> None:
        ledger.write(lambda session: add(session, "a@example.org", now))

    def bad() -> None:
        try:
            ledger.write(lambda session: add(session, "b@example.org", now) and 1 // 0)
        except ZeroDivisionError as problem:
            failed.append(problem)

    threads = [threading.Thread(target=ledger.write, args=[first])]
    threads[0].start()
    assert begun.wait(timeout=60)
    threads += [threading.Thread(target=good), threading.Thread(target=bad)]
    for thread in threads[1:]:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert addresses(database) == {"a@example.org"}
    assert len(failed) == 1
