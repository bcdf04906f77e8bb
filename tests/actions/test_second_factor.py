"""A code works once, near its time, for its person; a recovery code works once."""

from datetime import datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select

from tests import factories
from tests.at_once import at_once
from tracker.actions import second_factor
from tracker.actions.sealing import Seal
from tracker.actions.second_factor import CodeRefused, SetUpTooOld
from tracker.storage import audit_entries, people, recovery_codes
from tracker.storage.admitting import Person, RecoveryCode
from tracker.storage.base import Database, Session

STEP = timedelta(seconds=30)
SEAL = Seal("a secret that only the tests know, long enough")


def with_codes(session: Session, now: datetime, name: str = "Ana") -> tuple[Person, str, list[str]]:
    """Somebody whose one-time codes were switched on an hour ago, the secret in their app, their recovery codes."""
    person = factories.person(session, name=name, created_at=now)
    then = now - timedelta(hours=1)
    proposal = second_factor.propose(person, SEAL, now=then)
    secret = second_factor.proposed_secret(person, proposal, SEAL, now=then)
    codes = second_factor.switch_on(session, person, proposal, code_at(secret, then), seal=SEAL, now=then)
    session.refresh(person)
    return person, secret, codes


def code_at(secret: str, moment: datetime) -> str:
    return pyotp.TOTP(secret).at(moment)


def works(session: Session, person: Person, code: str, now: datetime) -> bool:
    try:
        second_factor.check(session, person, code, seal=SEAL, now=now)
    except CodeRefused:
        return False
    return True


def test_the_code_of_the_moment_works(session: Session, now: datetime) -> None:
    with_codes(session, now, name="Ben")
    person, secret, _ = with_codes(session, now)
    assert works(session, person, code_at(secret, now), now)


def test_a_code_works_once(session: Session, now: datetime) -> None:
    person, secret, _ = with_codes(session, now)
    assert works(session, person, code_at(secret, now), now)
    assert not works(session, person, code_at(secret, now), now)
    assert not works(session, person, code_at(secret, now), now + timedelta(seconds=5))


def test_an_older_code_does_not_work_after_a_newer_one(session: Session, now: datetime) -> None:
    person, secret, _ = with_codes(session, now)
    assert works(session, person, code_at(secret, now), now)
    assert not works(session, person, code_at(secret, now - STEP), now)
    assert works(session, person, code_at(secret, now + STEP), now + STEP)


@pytest.mark.parametrize(("steps", "expected"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_clocks_may_differ_by_one_step(session: Session, now: datetime, steps: int, expected: bool) -> None:
    person, secret, _ = with_codes(session, now)
    assert works(session, person, code_at(secret, now + steps * STEP), now) is expected


def test_the_code_that_switched_it_on_does_not_sign_in(session: Session, now: datetime) -> None:
    person = factories.person(session, created_at=now)
    proposal = second_factor.propose(person, SEAL, now=now)
    code = code_at(second_factor.proposed_secret(person, proposal, SEAL, now=now), now)
    second_factor.switch_on(session, person, proposal, code, seal=SEAL, now=now)
    session.refresh(person)
    assert not works(session, person, code, now)


def test_a_code_sent_many_times_at_once_works_once(database: Database, now: datetime) -> None:
    with database.writing() as session:
        person, secret, _ = with_codes(session, now)

    def attempt(_which: int) -> bool:
        with database.writing() as session:
            found = people.by_id(session, person.id)
            assert found is not None
            return works(session, found, code_at(secret, now), now)

    assert at_once(6, attempt).count(True) == 1


def test_a_code_of_somebody_else_does_not_work(session: Session, now: datetime) -> None:
    person, _, _ = with_codes(session, now)
    _, secret_of_ben, codes_of_ben = with_codes(session, now, name="Ben")
    assert not works(session, person, code_at(secret_of_ben, now), now)
    assert not works(session, person, codes_of_ben[0], now)


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "0000000", "ü" * 6, "--------"])
def test_what_is_no_code_does_not_work(session: Session, now: datetime, code: str) -> None:
    person, _, _ = with_codes(session, now)
    assert not works(session, person, code, now)


def test_a_code_may_be_typed_with_blanks_and_in_arabic_digits(session: Session, now: datetime) -> None:
    person, secret, _ = with_codes(session, now)
    code = code_at(secret, now).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert works(session, person, f" {code[:3]} {code[3:]} ", now)


def test_without_one_time_codes_none_works(session: Session, now: datetime) -> None:
    person = factories.person(session, created_at=now)
    assert not works(session, person, "123456", now)


def test_under_another_installation_secret_no_code_works(session: Session, now: datetime) -> None:
    person, secret, _ = with_codes(session, now)
    with pytest.raises(CodeRefused):
        second_factor.check(session, person, code_at(secret, now), seal=Seal("another secret, just as long"), now=now)


def test_the_database_knows_neither_secret_nor_recovery_codes(session: Session, now: datetime) -> None:
    person, secret, codes = with_codes(session, now)
    kept = repr([vars(person), *(vars(row) for row in session.scalars(select(RecoveryCode)))])
    written_down = repr([vars(row) for row in audit_entries.found(session, audit_entries.Search(), limit=20)])
    assert person.totp_secret is not None
    for told in (secret, *codes, *(code.replace("-", "") for code in codes)):
        assert told not in kept
        assert told not in written_down


def test_one_time_codes_are_switched_on_by_a_right_code_only(session: Session, now: datetime) -> None:
    person = factories.person(session, created_at=now)
    proposal = second_factor.propose(person, SEAL, now=now)
    right = code_at(second_factor.proposed_secret(person, proposal, SEAL, now=now), now)
    wrong = f"{(int(right) + 1) % 10**6:06}"
    with pytest.raises(CodeRefused):
        second_factor.switch_on(session, person, proposal, wrong, seal=SEAL, now=now)
    assert not second_factor.is_on(person)


def test_a_proposal_for_somebody_else_is_refused(session: Session, now: datetime) -> None:
    ana, ben = (factories.person(session, name=name, created_at=now) for name in ("Ana", "Ben"))
    with pytest.raises(SetUpTooOld):
        second_factor.proposed_secret(ana, second_factor.propose(ben, SEAL, now=now), SEAL, now=now)


def test_a_proposal_works_for_twenty_minutes(session: Session, now: datetime) -> None:
    ana = factories.person(session, created_at=now)
    proposal = second_factor.propose(ana, SEAL, now=now)
    second_factor.proposed_secret(ana, proposal, SEAL, now=now + timedelta(minutes=20))
    with pytest.raises(SetUpTooOld):
        second_factor.proposed_secret(ana, proposal, SEAL, now=now + timedelta(minutes=20, seconds=1))


def test_an_altered_proposal_is_refused(session: Session, now: datetime) -> None:
    ana = factories.person(session, created_at=now)
    proposal = second_factor.propose(ana, SEAL, now=now)
    with pytest.raises(SetUpTooOld):
        second_factor.proposed_secret(ana, proposal[:-4] + "AAA=", SEAL, now=now)


def test_there_are_ten_recovery_codes_and_each_works_once(session: Session, now: datetime) -> None:
    person, _, codes = with_codes(session, now)
    assert len(set(codes)) == 10
    assert [works(session, person, code, now) for code in codes] == [True] * 10
    assert [works(session, person, code, now) for code in codes] == [False] * 10


def test_a_recovery_code_sent_many_times_at_once_works_once(database: Database, now: datetime) -> None:
    with database.writing() as session:
        person, _, codes = with_codes(session, now)

    def attempt(_which: int) -> bool:
        with database.writing() as session:
            return works(session, person, codes[0], now)

    assert at_once(6, attempt).count(True) == 1


def test_a_recovery_code_may_be_typed_from_paper(session: Session, now: datetime) -> None:
    person, _, codes = with_codes(session, now)
    assert works(session, person, " " + codes[0].upper().replace("-", " "), now)


def test_new_recovery_codes_end_the_old_ones(session: Session, now: datetime) -> None:
    person, _, old = with_codes(session, now)
    new = second_factor.renew_recovery_codes(session, person, now=now)
    assert not works(session, person, old[0], now)
    assert works(session, person, new[0], now)
    assert recovery_codes.how_many_left(session, person.id) == 9


def test_switched_off_neither_code_nor_recovery_code_works(session: Session, now: datetime) -> None:
    other, _, codes_of_other = with_codes(session, now, name="Ben")
    person, secret, codes = with_codes(session, now)
    second_factor.switch_off(session, person, by=person.id, now=now)
    assert not second_factor.is_on(person)
    assert not works(session, person, code_at(secret, now), now)
    assert not works(session, person, codes[0], now)
    assert works(session, other, codes_of_other[0], now)
