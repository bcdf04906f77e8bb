from datetime import datetime, timedelta
from itertools import count

import pytest

from tests import factories
from tracker.jobs.job import Shift
from tracker.jobs.tidy import tidy
from tracker.storage.admitting import LinkPurpose, OneTimeLink, SignIn, SignInAttempt
from tracker.storage.base import Database
from tracker.storage.recording import ParkedForm
from tracker.storage.running import OutgoingMail

MOMENT = timedelta(microseconds=1)
AGES_AGO = timedelta(days=10_000)
numbers = count(1)


@pytest.fixture
def person_id(database: Database, now: datetime) -> int:
    with database.writing() as session:
        return factories.person(session, created_at=now - AGES_AGO).id


def an_attempt(at: datetime) -> SignInAttempt:
    return SignInAttempt(account_hash="a" * 64, at=at)


def a_link(
    person_id: int | None,
    *,
    expires_at: datetime,
    used_at: datetime | None = None,
    purpose: LinkPurpose = LinkPurpose.RESET,
) -> OneTimeLink:
    return OneTimeLink(
        purpose=purpose,
        token_hash=str(next(numbers)),
        person_id=person_id,
        made_at=expires_at - AGES_AGO,
        expires_at=expires_at,
        used_at=used_at,
    )


def a_sign_in(person_id: int, *, expires_at: datetime, ended_at: datetime | None = None) -> SignIn:
    return SignIn(
        key_hash=str(next(numbers)),
        person_id=person_id,
        started_at=expires_at - AGES_AGO,
        expires_at=expires_at,
        ended_at=ended_at,
        address="192.0.2.1",
        browser="",
    )


def a_mail(
    queued_at: datetime, *, sent_at: datetime | None = None, given_up_at: datetime | None = None
) -> OutgoingMail:
    return OutgoingMail(
        message_id=str(next(numbers)),
        recipient="ana@example.org",
        subject="What is new",
        body=None if sent_at or given_up_at else "Nothing.",
        queued_at=queued_at,
        attempts=1,
        next_attempt_at=queued_at,
        sent_at=sent_at,
        given_up_at=given_up_at,
    )


def survives(shift: Shift, row: SignInAttempt | OneTimeLink | SignIn | OutgoingMail | ParkedForm) -> bool:
    with shift.database.writing() as session:
        session.add(row)
    tidy(shift)
    with shift.database.reading() as session:
        return session.get(type(row), row.id) is not None


def both_sides_of(days: int) -> pytest.MarkDecorator:
    """Whatever is exactly that old stays; a moment older, and it goes."""
    limit = timedelta(days=days)
    return pytest.mark.parametrize(("age", "stays"), [(limit, True), (limit + MOMENT, False)])


@both_sides_of(days=1)
def test_a_sign_in_attempt_is_kept_for_a_day(shift: Shift, now: datetime, age: timedelta, stays: bool) -> None:
    assert survives(shift, an_attempt(now - age)) is stays


@both_sides_of(days=30)
def test_a_link_is_kept_for_thirty_days_after_it_expired(
    shift: Shift, person_id: int, now: datetime, age: timedelta, stays: bool
) -> None:
    assert survives(shift, a_link(person_id, expires_at=now - age)) is stays


@both_sides_of(days=30)
def test_a_link_is_kept_for_thirty_days_after_it_was_used(
    shift: Shift, person_id: int, now: datetime, age: timedelta, stays: bool
) -> None:
    assert survives(shift, a_link(person_id, expires_at=now, used_at=now - age)) is stays


@both_sides_of(days=1)
def test_the_challenge_of_a_passkey_is_kept_for_a_day_after_it_expired(
    shift: Shift, now: datetime, age: timedelta, stays: bool
) -> None:
    challenge = a_link(None, expires_at=now - age, purpose=LinkPurpose.PASSKEY_SIGN_IN)
    assert survives(shift, challenge) is stays


@both_sides_of(days=90)
def test_a_sign_in_is_kept_for_ninety_days_after_it_expired(
    shift: Shift, person_id: int, now: datetime, age: timedelta, stays: bool
) -> None:
    assert survives(shift, a_sign_in(person_id, expires_at=now - age)) is stays


@both_sides_of(days=90)
def test_a_sign_in_is_kept_for_ninety_days_after_it_ended(
    shift: Shift, person_id: int, now: datetime, age: timedelta, stays: bool
) -> None:
    assert survives(shift, a_sign_in(person_id, expires_at=now, ended_at=now - age)) is stays


@both_sides_of(days=30)
def test_what_was_typed_after_a_sessions_end_is_kept_for_thirty_days(
    shift: Shift, person_id: int, now: datetime, age: timedelta, stays: bool
) -> None:
    form = ParkedForm(person_id=person_id, address="/enter/MLI?period=2026-02", sealed="sealed", parked_at=now - age)
    assert survives(shift, form) is stays


@both_sides_of(days=30)
def test_a_mail_is_kept_for_thirty_days_after_it_was_sent(
    shift: Shift, now: datetime, age: timedelta, stays: bool
) -> None:
    assert survives(shift, a_mail(now - AGES_AGO, sent_at=now - age)) is stays


@both_sides_of(days=30)
def test_a_mail_is_kept_for_thirty_days_after_it_was_given_up(
    shift: Shift, now: datetime, age: timedelta, stays: bool
) -> None:
    assert survives(shift, a_mail(now - AGES_AGO, given_up_at=now - age)) is stays


def test_a_mail_that_still_waits_is_kept_however_old_it_is(shift: Shift, now: datetime) -> None:
    assert survives(shift, a_mail(now - AGES_AGO))


def test_a_link_and_a_sign_in_that_still_work_are_kept_however_old_they_are(
    shift: Shift, person_id: int, now: datetime
) -> None:
    assert survives(shift, a_link(person_id, expires_at=now + MOMENT))
    assert survives(shift, a_sign_in(person_id, expires_at=now + MOMENT))


def test_it_tells_what_it_removed(shift: Shift, person_id: int, now: datetime) -> None:
    old = now - AGES_AGO
    with shift.database.writing() as session:
        session.add_all([an_attempt(old), an_attempt(old), an_attempt(now), a_link(person_id, expires_at=old)])
        session.add_all([a_sign_in(person_id, expires_at=old), a_mail(old, sent_at=old)])
    assert tidy(shift) == "Removed for their age: 2 sign-in attempts, 1 one-time links, 1 sign-ins, 1 mails."


def test_it_says_nothing_where_nothing_is_old(shift: Shift, now: datetime) -> None:
    with shift.database.writing() as session:
        session.add(an_attempt(now))
    assert tidy(shift) == ""
