import threading
import time
from datetime import timedelta

from tracker.jobs.scheduler import ticking

EVERY = timedelta(milliseconds=50)


def test_it_ticks_at_once() -> None:
    first = threading.Event()
    with ticking(timedelta(hours=1), first.set):
        assert first.wait(timeout=60)


def test_it_goes_on() -> None:
    third = threading.Event()
    ticks: list[int] = []

    def tick() -> None:
        ticks.append(1)
        if len(ticks) == 3:
            third.set()

    with ticking(EVERY, tick):
        assert third.wait(timeout=60)


def test_a_tick_that_fails_is_followed_by_the_next() -> None:
    second = threading.Event()
    ticks: list[int] = []

    def tick() -> None:
        ticks.append(1)
        if len(ticks) == 2:
            second.set()
        raise ValueError

    with ticking(EVERY, tick):
        assert second.wait(timeout=60)


def test_a_tick_that_takes_long_is_not_joined_by_another() -> None:
    at_once: list[int] = []
    most: list[int] = []
    enough = threading.Event()

    def tick() -> None:
        at_once.append(1)
        most.append(len(at_once))
        time.sleep(3 * EVERY.total_seconds())
        at_once.pop()
        if len(most) == 3:
            enough.set()

    with ticking(EVERY, tick):
        assert enough.wait(timeout=60)
    assert set(most) == {1}


def test_at_the_end_no_tick_is_left_half_done() -> None:
    begun, done = threading.Event(), threading.Event()

    def tick() -> None:
        begun.set()
        time.sleep(0.2)
        done.set()

    with ticking(timedelta(hours=1), tick):
        assert begun.wait(timeout=60)
    assert done.is_set()
