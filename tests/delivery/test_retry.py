from datetime import UTC, datetime, timedelta

import pytest

from tracker.delivery.retry import GIVE_UP_AFTER, JITTER, LEAST_ATTEMPTS, next_attempt

QUEUED_AT = datetime(2026, 3, 16, 12, 0, tzinfo=UTC)
JUST_BEFORE = timedelta(microseconds=1)


def wait(attempts: int, message_id: str = "1f3a") -> timedelta:
    again = next_attempt(attempts=attempts, message_id=message_id, queued_at=QUEUED_AT, now=QUEUED_AT)
    assert again is not None
    return again - QUEUED_AT


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (5, 60), (20, 60)])
def test_each_failure_waits_longer_than_the_one_before_up_to_an_hour(attempts: int, minutes: int) -> None:
    least = timedelta(minutes=minutes)
    assert least <= wait(attempts) <= least * (1 + JITTER)


def test_mails_that_failed_together_do_not_come_back_together() -> None:
    waits = {wait(1, f"mail {number}") for number in range(100)}
    assert len(waits) == 100
    assert max(waits) - min(waits) > timedelta(minutes=1) * JITTER * 0.8


def test_a_mail_is_given_up_after_a_day() -> None:
    day_over = QUEUED_AT + GIVE_UP_AFTER
    assert next_attempt(attempts=30, message_id="1f3a", queued_at=QUEUED_AT, now=day_over) is None


def test_a_mail_is_not_given_up_before_a_day_is_over() -> None:
    nearly = QUEUED_AT + GIVE_UP_AFTER - JUST_BEFORE
    assert next_attempt(attempts=30, message_id="1f3a", queued_at=QUEUED_AT, now=nearly) is not None


@pytest.mark.parametrize(("attempts", "given_up"), [(LEAST_ATTEMPTS - 1, False), (LEAST_ATTEMPTS, True)])
def test_a_mail_that_waited_for_a_worker_still_gets_its_attempts(attempts: int, given_up: bool) -> None:
    late = QUEUED_AT + timedelta(days=5)
    again = next_attempt(attempts=attempts, message_id="1f3a", queued_at=QUEUED_AT, now=late)
    assert (again is None) == given_up
