"""Sessions can be ended; guessing has to wait."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.at_once import at_once
from tracker.actions import sign_ins
from tracker.actions.sign_ins import CODE_LIMITS, MustWait, forgive_attempts, reserve_attempt
from tracker.storage import audit_entries, principals
from tracker.storage import sign_ins as kept
from tracker.storage.admitting import Person, SignIn, SignInAttempt
from tracker.storage.base import Database, Session

SECOND = timedelta(seconds=1)
ACCOUNT = "ana@example.org"


@pytest.fixture
def ana(session: Session, now: datetime) -> Person:
    return factories.person(session, name="Ana", created_at=now)


def started(session: Session, person: Person, now: datetime) -> str:
    return sign_ins.start(session, person, address="192.0.2.7", browser="Firefox", now=now)


def is_open(session: Session, key: str, now: datetime) -> bool:
    return principals.signed_in(session, sign_ins.key_hash_of(key), now=now) is not None


def spend(session: Session, times: int, now: datetime, account: str = ACCOUNT) -> None:
    for _ in range(times):
        reserve_attempt(session, account, now=now)


def test_six_attempts_within_a_minute_are_free_and_the_seventh_waits(session: Session, now: datetime) -> None:
    spend(session, 6, now)
    with pytest.raises(MustWait) as waiting:
        reserve_attempt(session, ACCOUNT, now=now + 20 * SECOND)
    assert waiting.value.seconds == 40


def test_after_a_minute_there_is_another_attempt(session: Session, now: datetime) -> None:
    spend(session, 6, now)
    with pytest.raises(MustWait):
        reserve_attempt(session, ACCOUNT, now=now + 59 * SECOND)
    reserve_attempt(session, ACCOUNT, now=now + 60 * SECOND)


def test_an_attempt_that_has_to_wait_does_not_lengthen_the_wait(session: Session, now: datetime) -> None:
    spend(session, 6, now)
    for second in range(1, 30):
        with pytest.raises(MustWait):
            reserve_attempt(session, ACCOUNT, now=now + second * SECOND)
    reserve_attempt(session, ACCOUNT, now=now + 60 * SECOND)


def test_one_account_that_waits_does_not_make_others_wait(session: Session, now: datetime) -> None:
    spend(session, 6, now)
    spend(session, 6, now, account="ben@example.org")


def test_success_forgives_the_attempts_on_that_account_only(session: Session, now: datetime) -> None:
    spend(session, 5, now)
    spend(session, 6, now, account="ben@example.org")
    forgive_attempts(session, ACCOUNT)
    spend(session, 6, now)
    with pytest.raises(MustWait):
        reserve_attempt(session, "ben@example.org", now=now)


def test_codes_are_limited_by_the_hour_too(session: Session, now: datetime) -> None:
    for attempt in range(20):
        reserve_attempt(session, ACCOUNT, now=now + attempt * 60 * SECOND, limits=CODE_LIMITS)
    with pytest.raises(MustWait) as waiting:
        reserve_attempt(session, ACCOUNT, now=now + timedelta(minutes=30), limits=CODE_LIMITS)
    assert waiting.value.seconds == 30 * 60


def test_attempts_at_once_do_not_exceed_the_limit(database: Database, now: datetime) -> None:
    def attempt(_which: int) -> bool:
        with database.writing() as session:
            reserve_attempt(session, ACCOUNT, now=now)
        return True

    answers = at_once(12, attempt)
    assert answers.count(True) == 6
    assert sum(isinstance(answer, MustWait) for answer in answers) == 6


def test_attempts_are_kept_without_the_address(session: Session, now: datetime) -> None:
    spend(session, 1, now)
    assert ACCOUNT not in repr(vars(session.scalars(select(SignInAttempt)).one()))


def test_a_key_opens_the_session_of_its_person(session: Session, ana: Person, now: datetime) -> None:
    factories.sign_in(session, factories.person(session, created_at=now), now=now)
    key = started(session, ana, now)
    found = principals.signed_in(session, sign_ins.key_hash_of(key), now=now)
    assert found is not None
    assert found.principal.person_id == ana.id


def test_the_database_does_not_know_the_key(session: Session, ana: Person, now: datetime) -> None:
    key = started(session, ana, now)
    assert len(key) >= 43
    assert key not in repr(vars(session.scalars(select(SignIn)).one()))
    assert key not in repr([vars(entry) for entry in audit_entries.found(session, audit_entries.Search(), limit=9)])


def test_every_session_has_a_key_of_its_own(session: Session, ana: Person, now: datetime) -> None:
    assert started(session, ana, now) != started(session, ana, now)


def test_a_session_ends_after_twelve_hours(session: Session, ana: Person, now: datetime) -> None:
    key = started(session, ana, now)
    assert is_open(session, key, now + timedelta(hours=12) - SECOND)
    assert not is_open(session, key, now + timedelta(hours=12))


def test_an_ended_session_is_over_at_once_and_others_are_not(session: Session, ana: Person, now: datetime) -> None:
    ended, other = started(session, ana, now), started(session, ana, now)
    one = session.scalars(select(SignIn).where(SignIn.key_hash == sign_ins.key_hash_of(ended))).one()
    sign_ins.end(session, one, by=ana.id, now=now)
    assert not is_open(session, ended, now)
    assert is_open(session, other, now)


def test_ending_a_session_twice_is_written_down_once(session: Session, ana: Person, now: datetime) -> None:
    started(session, ana, now)
    one = session.scalars(select(SignIn)).one()
    for _ in range(2):
        sign_ins.end(session, one, by=ana.id, now=now)
    assert audit_entries.how_many(session, audit_entries.Search(action="signed out")) == 1


def test_all_sessions_but_one_can_be_ended(session: Session, ana: Person, now: datetime) -> None:
    ben = factories.person(session, name="Ben", created_at=now)
    of_ben = started(session, ben, now)
    others, this = [started(session, ana, now) for _ in range(2)], started(session, ana, now)
    this_one = session.scalars(select(SignIn).where(SignIn.key_hash == sign_ins.key_hash_of(this))).one()
    assert sign_ins.end_all(session, ana.id, by=ana.id, now=now, except_id=this_one.id) == 2
    assert [is_open(session, key, now) for key in (*others, this, of_ben)] == [False, False, True, True]


def test_sessions_are_listed_newest_first_without_those_that_are_over(
    session: Session, ana: Person, now: datetime
) -> None:
    started(session, factories.person(session, created_at=now), now)
    started(session, ana, now - timedelta(hours=13))
    for hours in (3, 1, 2):
        started(session, ana, now - timedelta(hours=hours))
    listed = kept.open_of(session, ana.id, now=now)
    assert [(now - one.started_at) // timedelta(hours=1) for one in listed] == [1, 2, 3]


def test_the_last_sign_in_of_each_person_is_known(session: Session, ana: Person, now: datetime) -> None:
    ben = factories.person(session, name="Ben", created_at=now)
    for hours in (5, 2):
        started(session, ana, now - timedelta(hours=hours))
    assert kept.last_started(session) == {ana.id: now - timedelta(hours=2)}
    assert ben.id not in kept.last_started(session)


def test_an_overlong_browser_name_is_cut(session: Session, ana: Person, now: datetime) -> None:
    sign_ins.start(session, ana, address="a" * 500, browser="b" * 500, now=now)
    longest = session.execute(select(func.length(SignIn.address), func.length(SignIn.browser))).one()
    assert tuple(longest) == (60, 200)
