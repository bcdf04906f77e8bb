import itertools
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete

from tracker.actions.outgoing_mails import Claim, claim, queue, settle_failed, settle_sent
from tracker.storage import outgoing_mails
from tracker.storage.base import Database, Session
from tracker.storage.running import OutgoingMail

LEASE = timedelta(minutes=10)
MOMENT = timedelta(microseconds=1)
_workers = itertools.count(1)


@pytest.fixture
def database(empty_database: Database) -> Database:
    """Mail needs nothing else to be there."""
    return empty_database


def queued(
    database: Database, now: datetime, *, recipient: str = "ana@example.org", useless_after: datetime | None = None
) -> int:
    with database.writing() as session:
        mail = queue(
            session,
            recipient=recipient,
            subject="What is new",
            body="Nothing.",
            now=now,
            useless_after=useless_after,
        )
    return mail.id


def claimed(database: Database, now: datetime) -> Claim | None:
    with database.writing() as session:
        found = claim(session, owner=f"worker {next(_workers)}", now=now, lease=LEASE)
    return found[0] if found else None


def surely_claimed(database: Database, now: datetime) -> Claim:
    found = claimed(database, now)
    assert found is not None
    return found


def stored(database: Database, mail_id: int) -> OutgoingMail:
    with database.reading() as session:
        mail = session.get(OutgoingMail, mail_id)
    assert mail is not None
    return mail


def fail(database: Database, taken: Claim, now: datetime, *, for_good: bool = False) -> None:
    with database.writing() as session:
        settle_failed(session, taken, error="450 Try later", for_good=for_good, now=now)


# ---- queueing ------------------------------------------------------------------------------------------------


def test_a_queued_mail_is_due_at_once(database: Database, now: datetime) -> None:
    mail_id = queued(database, now)
    assert surely_claimed(database, now).mail_id == mail_id


def test_a_mail_goes_with_the_transaction_that_queued_it(database: Database, now: datetime) -> None:
    def change_and_fail() -> None:
        with database.writing() as session:
            queue(session, recipient="ana@example.org", subject="What is new", body="Nothing.", now=now)
            assert outgoing_mails.how_many_waiting(session) == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_and_fail()
    assert claimed(database, now) is None


def test_no_two_mails_have_the_same_message_id(database: Database, now: datetime) -> None:
    ids = {stored(database, queued(database, now)).message_id for _ in range(50)}
    assert len(ids) == 50


def test_what_no_database_and_no_mail_can_carry_is_blanked_when_queued(database: Database, now: datetime) -> None:
    with database.writing() as session:
        mail = queue(
            session, recipient="ana@example.org", subject="Up\x00\r\nBcc: x" * 5000, body="a\x00b\ud800", now=now
        )
    kept = stored(database, mail.id)
    assert kept.subject.startswith("Up Bcc: xUp")
    assert kept.subject.endswith(" xUp Bcc…")  # cut between two words
    assert 190 <= len(kept.subject) <= 200
    assert kept.body == "a b "


# ---- claiming ------------------------------------------------------------------------------------------------


def test_nothing_is_claimed_where_nothing_waits(database: Database, now: datetime) -> None:
    assert claimed(database, now) is None


def test_the_mail_that_waited_longest_goes_first(database: Database, now: datetime) -> None:
    later = queued(database, now)
    first = queued(database, now - timedelta(minutes=1))
    assert [surely_claimed(database, now).mail_id for _ in range(2)] == [first, later]


def test_a_mail_is_not_claimed_before_it_is_due(database: Database, now: datetime) -> None:
    queued(database, now)
    assert claimed(database, now - MOMENT) is None


def test_a_claimed_mail_is_nobody_elses_until_its_lease_is_over(database: Database, now: datetime) -> None:
    queued(database, now)
    surely_claimed(database, now)
    assert claimed(database, now + LEASE - MOMENT) is None


def test_the_mail_of_a_killed_worker_is_taken_over_after_its_lease(database: Database, now: datetime) -> None:
    queued(database, now)
    lost = surely_claimed(database, now)
    taken_over = surely_claimed(database, now + LEASE)
    assert (taken_over.mail_id, taken_over.message_id) == (lost.mail_id, lost.message_id)
    assert lost.owner != taken_over.owner


def test_two_workers_claim_different_mails(database: Database, now: datetime) -> None:
    rounds = 10
    waiting = {queued(database, now) for _ in range(2 * rounds)}
    barrier = threading.Barrier(2)

    def work(taken: list[int]) -> Callable[[], None]:
        def claim_each_round() -> None:
            for _ in range(rounds):
                barrier.wait(timeout=60)
                taken.append(surely_claimed(database, now).mail_id)

        return claim_each_round

    first: list[int] = []
    second: list[int] = []
    threads = [threading.Thread(target=work(taken)) for taken in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert (len(first), len(second)) == (rounds, rounds)
    assert {*first, *second} == waiting


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_a_worker_steps_over_the_mail_that_another_is_just_claiming(database: Database, now: datetime) -> None:
    first, second = queued(database, now), queued(database, now)
    with database.writing() as one, database.writing() as other:
        taken = claim(one, owner="one", now=now, lease=LEASE)
        stepped_over = claim(other, owner="other", now=now, lease=LEASE)
    assert [one.mail_id for one in (*taken, *stepped_over)] == [first, second]


# ---- settling ------------------------------------------------------------------------------------------------


def test_a_sent_mail_is_remembered_without_its_text(database: Database, now: datetime) -> None:
    mail_id = queued(database, now)
    taken = surely_claimed(database, now)
    with database.writing() as session:
        settle_sent(session, taken, now=now)
    mail = stored(database, mail_id)
    assert (mail.sent_at, mail.body, mail.leased_until, mail.last_error) == (now, None, None, None)


def test_a_sent_mail_is_never_claimed_again(database: Database, now: datetime) -> None:
    queued(database, now)
    taken = surely_claimed(database, now)
    with database.writing() as session:
        settle_sent(session, taken, now=now)
    assert claimed(database, now + timedelta(days=365)) is None


def test_a_mail_that_failed_waits_and_keeps_its_text_and_the_reason(database: Database, now: datetime) -> None:
    mail_id = queued(database, now)
    fail(database, surely_claimed(database, now), now)
    mail = stored(database, mail_id)
    assert (mail.body, mail.last_error, mail.leased_until) == ("Nothing.", "450 Try later", None)
    assert claimed(database, mail.next_attempt_at - MOMENT) is None
    assert surely_claimed(database, mail.next_attempt_at).mail_id == mail_id


def test_a_mail_refused_for_good_is_given_up_at_once_and_its_text_forgotten(database: Database, now: datetime) -> None:
    mail_id = queued(database, now)
    fail(database, surely_claimed(database, now), now, for_good=True)
    mail = stored(database, mail_id)
    assert (mail.given_up_at, mail.body, mail.last_error) == (now, None, "450 Try later")
    assert claimed(database, now + timedelta(days=365)) is None


def test_a_mail_that_fails_all_day_is_given_up_when_the_day_is_over(database: Database, now: datetime) -> None:
    mail_id = queued(database, now)
    attempted_at = []
    while (mail := stored(database, mail_id)).given_up_at is None:
        attempted_at.append(mail.next_attempt_at)
        fail(database, surely_claimed(database, mail.next_attempt_at), mail.next_attempt_at)
        assert len(attempted_at) < 100
    assert attempted_at[-2] - now < timedelta(hours=24) <= mail.given_up_at - now < timedelta(hours=25, minutes=12)
    assert mail.body is None


def test_a_mail_is_given_up_when_the_next_attempt_would_come_too_late(database: Database, now: datetime) -> None:
    hour = now + timedelta(hours=1)
    mail_id, attempts = queued(database, now, useless_after=hour), 0
    while (mail := stored(database, mail_id)).given_up_at is None:
        assert mail.next_attempt_at < hour
        fail(database, surely_claimed(database, mail.next_attempt_at), mail.next_attempt_at)
        attempts += 1
    assert (attempts, mail.last_error, mail.body) == (4, "450 Try later", None)
    assert mail.given_up_at < hour


def test_a_mail_that_is_useless_by_now_is_not_sent_and_does_not_hold_up_the_next(
    database: Database, now: datetime
) -> None:
    hour = now + timedelta(hours=1)
    in_time, late = queued(database, now, useless_after=hour + MOMENT), queued(database, now, useless_after=hour)
    last = queued(database, now)
    assert [surely_claimed(database, hour).mail_id for _ in range(2)] == [in_time, last]
    given_up = stored(database, late)
    assert (given_up.given_up_at, given_up.body) == (hour, None)
    assert given_up.last_error == "Not sent: the link in it works no more."


def test_a_worker_that_lost_its_lease_does_not_free_the_mail_of_the_one_that_took_it_over(
    database: Database, now: datetime
) -> None:
    queued(database, now)
    lost = surely_claimed(database, now)
    surely_claimed(database, now + LEASE)
    fail(database, lost, now + LEASE)
    assert claimed(database, now + LEASE + LEASE - MOMENT) is None


def test_a_mail_that_left_counts_as_sent_even_after_the_lease_was_lost(database: Database, now: datetime) -> None:
    mail_id = queued(database, now)
    lost = surely_claimed(database, now)
    fail(database, surely_claimed(database, now + LEASE), now + LEASE, for_good=True)
    with database.writing() as session:
        settle_sent(session, lost, now=now + LEASE)
    mail = stored(database, mail_id)
    assert (mail.sent_at, mail.given_up_at) == (now + LEASE, None)


def test_a_mail_that_was_removed_meanwhile_is_settled_without_a_word(database: Database, now: datetime) -> None:
    queued(database, now)
    taken = surely_claimed(database, now)
    remove_all(database)
    with database.writing() as session:
        settle_sent(session, taken, now=now)
        settle_failed(session, taken, error="450 Try later", for_good=False, now=now)
    with database.reading() as session:
        assert outgoing_mails.how_many_waiting(session) == 0


def test_mails_that_were_given_up_are_listed_the_latest_first(database: Database, now: datetime) -> None:
    for _ in range(3):
        queued(database, now)
    first, second = surely_claimed(database, now), surely_claimed(database, now)
    fail(database, first, now, for_good=True)
    fail(database, second, now + MOMENT, for_good=True)
    assert [mail.id for mail in in_reading(database, outgoing_mails.given_up)] == [second.mail_id, first.mail_id]


def in_reading(database: Database, question: Callable[[Session], list[OutgoingMail]]) -> list[OutgoingMail]:
    with database.reading() as session:
        return question(session)


def remove_all(database: Database) -> None:
    with database.writing() as session:
        session.execute(delete(OutgoingMail))
